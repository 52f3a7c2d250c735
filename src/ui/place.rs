//! Where the window lies and how large it is, kept for the next start. eframe can keep that too, together with all of egui's
//! memory in a file of its own; here it is a line of the settings.

use eframe::egui::{ViewportBuilder, ViewportInfo};
use serde::{Deserialize, Serialize};

/// A window's place, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Width and height of what is inside.
    size: [f32; 2],
    /// The upper left corner on the screen, where the system tells it.
    at: Option<[f32; 2]>,
    /// Whether it fills the screen.
    maximized: bool,
}

impl Default for WindowPlace {
    fn default() -> Self {
        Self { size: [1280.0, 800.0], at: None, maximized: false }
    }
}

impl WindowPlace {
    /// Where it is now; `before` where it was, which a maximised window goes back to.
    pub(super) fn now(info: &ViewportInfo, before: Self) -> Self {
        if info.minimized == Some(true) || info.fullscreen == Some(true) {
            return before;
        }
        if info.maximized == Some(true) {
            return Self { maximized: true, ..before };
        }
        let Some(inner) = info.inner_rect else { return before };
        let corner = info.outer_rect.map(|outer| [outer.min.x.round(), outer.min.y.round()]);
        // On another screen, which may be gone tomorrow, the system finds a place.
        let seen = |at: &[f32; 2]| {
            let screen = info.monitor_size.unwrap_or_default();
            at[0] >= 0.0 && at[1] >= 0.0 && at[0] + 200.0 <= screen.x && at[1] + 200.0 <= screen.y
        };
        let size = [inner.width().round(), inner.height().round()];
        Self { size, at: corner.filter(seen), maximized: false }
    }

    /// A window that begins there.
    pub(super) fn applied(self, viewport: ViewportBuilder) -> ViewportBuilder {
        let sensible = |v: f32| if v.is_finite() { v.clamp(200.0, 16_384.0) } else { 800.0 };
        let viewport = viewport.with_inner_size(self.size.map(sensible)).with_maximized(self.maximized);
        match self.at.filter(|at| at.iter().all(|v| (0.0..16_384.0).contains(v))) {
            Some(at) => viewport.with_position(at),
            None => viewport,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{Pos2, Rect, Vec2};

    fn info(at: (f32, f32), size: (f32, f32)) -> ViewportInfo {
        let rect = Rect::from_min_size(Pos2::new(at.0, at.1), Vec2::new(size.0, size.1));
        let monitor_size = Some(Vec2::new(1920.0, 1080.0));
        ViewportInfo { inner_rect: Some(rect), outer_rect: Some(rect), monitor_size, ..ViewportInfo::default() }
    }

    #[test]
    fn the_next_start_begins_where_the_window_was() {
        let first = WindowPlace::now(&info((40.0, 60.4), (1000.0, 700.0)), WindowPlace::default());
        assert_eq!(first, WindowPlace { size: [1000.0, 700.0], at: Some([40.0, 60.0]), maximized: false });
        let viewport = first.applied(ViewportBuilder::default());
        assert_eq!(
            (viewport.inner_size, viewport.position),
            (Some(Vec2::new(1000.0, 700.0)), Some(Pos2::new(40.0, 60.0)))
        );
        let large = ViewportInfo { maximized: Some(true), ..info((0.0, 0.0), (1920.0, 1080.0)) };
        assert_eq!(WindowPlace::now(&large, first), WindowPlace { maximized: true, ..first }, "and goes back to it");
        let away = WindowPlace::now(&info((2500.0, 60.0), (1000.0, 700.0)), first);
        assert_eq!(away.at, None, "that screen may be gone");
        let small = ViewportInfo { minimized: Some(true), ..info((-32000.0, 0.0), (0.0, 0.0)) };
        assert_eq!(WindowPlace::now(&small, first), first);
    }

    #[test]
    fn nonsense_in_the_file_makes_no_nonsense_of_the_window() {
        let odd = WindowPlace { size: [f32::NAN, 1e9], at: Some([f32::INFINITY, 0.0]), maximized: false };
        let viewport = odd.applied(ViewportBuilder::default());
        assert_eq!((viewport.inner_size, viewport.position), (Some(Vec2::new(800.0, 16_384.0)), None));
    }
}
