//! The mean over eight ways to look at a picture: its four rotations and their mirror images (Timofte et al. 2016, "seven
//! ways to improve example-based single image super resolution"; EDSR's "+" models). A network that learnt from flipped
//! and rotated patches errs a little differently each time, and the mean errs less; it costs eight times the time.

use super::stage::Stage;
use crate::{
    backend::Rect,
    tensor::{Shape, Tensor},
};

/// So many ways there are: what takes so many times as long.
pub const ENSEMBLE: usize = 8;

/// One of the eight: what is read at (y, x) is the picture at (y, x), transposed if `transpose`, then mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    transpose: bool,
    flip_y: bool,
    flip_x: bool,
}

impl Turn {
    /// All eight, the picture as it is first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..ENSEMBLE).map(|i| Self { transpose: i & 4 != 0, flip_y: i & 2 != 0, flip_x: i & 1 != 0 })
    }

    /// The one that undoes this one.
    pub(super) fn inverse(self) -> Self {
        let (flip_y, flip_x) = if self.transpose { (self.flip_x, self.flip_y) } else { (self.flip_y, self.flip_x) };
        Self { flip_y, flip_x, ..self }
    }

    /// Rows and columns after turning a picture of `size`.
    fn size(self, (h, w): (usize, usize)) -> (usize, usize) {
        if self.transpose { (w, h) } else { (h, w) }
    }

    /// Where in a picture of `size` a rectangle of the turned one comes from.
    fn source(self, r: Rect, (h, w): (usize, usize)) -> Rect {
        let r = if self.transpose { Rect { y: r.x, x: r.y, h: r.w, w: r.h } } else { r };
        let y = if self.flip_y { h - r.y - r.h } else { r.y };
        let x = if self.flip_x { w - r.x - r.w } else { r.x };
        Rect { y, x, ..r }
    }

    /// Turns values.
    fn apply(self, from: &Tensor) -> Tensor {
        let (h, w) = (from.shape.h, from.shape.w);
        let (height, width) = self.size((h, w));
        let mut data = Vec::with_capacity(from.data.len());
        for y in 0..height {
            for x in 0..width {
                let (a, b) = if self.transpose { (x, y) } else { (y, x) };
                let (a, b) = (if self.flip_y { h - 1 - a } else { a }, if self.flip_x { w - 1 - b } else { b });
                data.extend_from_slice(from.pixel(0, a, b));
            }
        }
        Tensor::from_vec(Shape::new(1, height, width, from.shape.c), data)
    }
}

/// The stage before it, turned.
pub(super) struct Turned<'a> {
    pub(super) inner: Box<dyn Stage + 'a>,
    pub(super) turn: Turn,
}

impl Stage for Turned<'_> {
    fn size(&self) -> (usize, usize) {
        self.turn.size(self.inner.size())
    }

    fn read(&mut self, rect: Rect) -> Tensor {
        let source = self.turn.source(rect, self.inner.size());
        self.turn.apply(&self.inner.read(source))
    }
}

/// The mean of several stages of one size.
pub(super) struct Mean<'a>(pub(super) Vec<Box<dyn Stage + 'a>>);

impl Stage for Mean<'_> {
    fn size(&self) -> (usize, usize) {
        self.0.first().map_or((0, 0), |stage| stage.size())
    }

    fn read(&mut self, rect: Rect) -> Tensor {
        let share = 1.0 / self.0.len() as f32;
        let mut views = self.0.iter_mut().map(|stage| stage.read(rect));
        let Some(mut sum) = views.next() else { return Tensor::zeros(Shape::new(1, rect.h, rect.w, 3)) };
        for view in views {
            sum.data.iter_mut().zip(&view.data).for_each(|(sum, v)| *sum += v);
        }
        sum.data.iter_mut().for_each(|v| *v *= share);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{infer::stage::Original, tensor::Pixels, tensor::Samples};
    use std::{borrow::Cow, sync::Arc};

    fn picture() -> Pixels {
        Pixels { width: 3, height: 2, channels: 3, samples: Samples::U8((0..18).collect()) }
    }

    #[test]
    fn the_eight_differ_and_each_has_an_inverse() {
        let picture = picture();
        let whole = Rect::whole(2, 3);
        let plain = Original(Arc::new(Cow::Borrowed(&picture))).read(whole);
        let mut seen: Vec<Tensor> = Vec::new();
        for turn in Turn::all() {
            let mut turned = Turned { inner: Box::new(Original(Arc::new(Cow::Borrowed(&picture)))), turn };
            let (h, w) = turned.size();
            let view = turned.read(Rect::whole(h, w));
            assert!(!seen.contains(&view), "{turn:?}");
            seen.push(view);
            let mut back = Turned { inner: Box::new(turned), turn: turn.inverse() };
            assert_eq!(back.size(), (2, 3));
            assert_eq!(back.read(whole), plain, "{turn:?}");
            // A part is the part of the whole.
            let part = Rect { y: 1, x: 1, h: 1, w: 2 };
            assert_eq!(back.read(part), plain.crop(1, 1, 1, 2), "{turn:?}");
        }
    }
}
