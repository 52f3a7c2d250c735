//! Which part of the result is seen, and how large. Lengths are the screen's own pixels, so that 1:1 means one pixel of
//! the result per pixel of the screen whatever the scale factor of the desktop.

use crate::backend::Rect;
use crate::tensor::Size;

/// Largest enlargement of a pixel on the screen.
const CLOSEST: f64 = 128.0;

/// Where one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Camera {
    /// Column of the result in the middle of the pane.
    pub(super) x: f64,
    /// Row.
    pub(super) y: f64,
    /// Pixels of the screen per pixel of the result.
    pub(super) zoom: f64,
    /// Whether it follows the pane's size to show all.
    pub(super) fits: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, zoom: 1.0, fits: true }
    }
}

impl Camera {
    /// Makes sense of a pane of `pane` pixels, (width, height), and a result of `size`: fits if it should, and keeps the
    /// result from leaving the pane.
    pub(super) fn settle(&mut self, pane: (f64, f64), size: Size) {
        let (w, h) = (size.width as f64, size.height as f64);
        let all = (pane.0 / w).min(pane.1 / h).max(1e-4);
        if self.fits {
            // A small picture fits enlarged, but not beyond what it is to look at.
            (self.x, self.y, self.zoom) = (w / 2.0, h / 2.0, all.min(4.0));
        }
        self.zoom = self.zoom.clamp(all.min(1.0) / 2.0, CLOSEST);
        let hold = |at: f64, side: f64, room: f64| {
            let half = room / self.zoom / 2.0;
            if side <= 2.0 * half { side / 2.0 } else { at.clamp(half, side - half) }
        };
        (self.x, self.y) = (hold(self.x, w, pane.0), hold(self.y, h, pane.1));
    }

    /// Zooms so that the place at (`dx`, `dy`) from the pane's middle stays where it is.
    pub(super) fn zoom_at(&mut self, factor: f64, dx: f64, dy: f64) {
        let before = self.zoom;
        self.zoom = (self.zoom * factor).clamp(1e-4, CLOSEST);
        self.x += dx / before - dx / self.zoom;
        self.y += dy / before - dy / self.zoom;
        self.fits = false;
    }

    /// The next power of two, up or down.
    pub(super) fn step(&mut self, up: bool) {
        let power = self.zoom.log2();
        let next = if up { (power + 1e-6).floor() + 1.0 } else { (power - 1e-6).ceil() - 1.0 };
        self.zoom = next.exp2().clamp(1e-4, CLOSEST);
        self.fits = false;
    }

    /// Moves by so many pixels of the screen.
    pub(super) fn pan(&mut self, dx: f64, dy: f64) {
        self.x -= dx / self.zoom;
        self.y -= dy / self.zoom;
        self.fits = false;
    }

    /// Goes to the same place of a result of another size.
    pub(super) fn resized(&mut self, from: Size, to: Size) {
        let by = to.width as f64 / from.width as f64;
        self.x *= by;
        self.y *= to.height as f64 / from.height as f64;
        self.zoom /= by;
    }

    /// By how many powers of two tiles may be shrunk and still have a pixel for every pixel of the screen.
    pub(super) fn level(&self) -> u32 {
        (1.0 / self.zoom).log2().floor().clamp(0.0, 5.0) as u32
    }

    /// The part of the result in the pane; at least one pixel.
    pub(super) fn visible(&self, pane: (f64, f64), size: Size) -> Rect {
        let span = |at: f64, room: f64, side: usize| {
            let half = room / self.zoom / 2.0;
            let from = (at - half).floor().clamp(0.0, side as f64 - 1.0) as usize;
            let to = (at + half).ceil().clamp(1.0, side as f64) as usize;
            (from, to.max(from + 1) - from)
        };
        let ((x, w), (y, h)) = (span(self.x, pane.0, size.width), span(self.y, pane.1, size.height));
        Rect { y, x, h, w }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitting_shows_all_and_zooming_keeps_the_place_under_the_pointer() {
        let (pane, size) = ((800.0, 600.0), Size::new(1600, 1000));
        let mut c = Camera::default();
        c.settle(pane, size);
        assert_eq!((c.zoom, c.level()), (0.5, 1));
        assert_eq!(c.visible(pane, size), Rect::whole(size));
        let under = |c: &Camera| (c.x + 100.0 / c.zoom, c.y - 50.0 / c.zoom);
        let before = under(&c);
        c.zoom_at(4.0, 100.0, -50.0);
        let after = under(&c);
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
        assert!(!c.fits && c.zoom == 2.0 && c.level() == 0);
        c.pan(1e6, 0.0);
        c.settle(pane, size);
        assert_eq!(c.visible(pane, size).x, 0, "the result does not leave the pane");
    }

    #[test]
    fn steps_go_through_powers_of_two() {
        let mut c = Camera { zoom: 0.7, ..Camera::default() };
        c.step(true);
        assert_eq!(c.zoom, 1.0);
        c.step(true);
        assert_eq!(c.zoom, 2.0);
        c.step(false);
        c.step(false);
        assert_eq!(c.zoom, 0.5);
    }
}
