//! The mean over eight ways to look at a picture: its four rotations and their mirror images (Timofte et al. 2016, "seven
//! ways to improve example-based single image super resolution"; EDSR's "+" models). A network that learnt from flipped
//! and rotated patches errs a little differently each time, and the mean errs less; it costs eight times the time.

use crate::{
    backend::Rect,
    tensor::{Shape, Size, Tensor},
};

/// So many ways there are: what takes so many times as long.
pub const ENSEMBLE: usize = 8;

/// One of the eight: what is read at (y, x) is the picture at (y, x), transposed if `transpose`, then mirrored. The
/// default leaves it as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// The size of a picture of `size` after turning.
    pub(super) fn size(self, size: Size) -> Size {
        if self.transpose { size.transposed() } else { size }
    }

    /// Where in a picture of `size` a rectangle of the turned one comes from.
    pub(super) fn source(self, r: Rect, Size { width: w, height: h }: Size) -> Rect {
        let r = if self.transpose { Rect { y: r.x, x: r.y, h: r.w, w: r.h } } else { r };
        let y = if self.flip_y { h - r.y - r.h } else { r.y };
        let x = if self.flip_x { w - r.x - r.w } else { r.x };
        Rect { y, x, ..r }
    }

    /// Turns values.
    pub(super) fn apply(self, from: &Tensor) -> Tensor {
        let (h, w) = (from.shape.h, from.shape.w);
        let Size { width, height } = self.size(from.shape.size());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_differ_and_each_has_an_inverse() {
        let plain = Tensor::from_vec(Shape::new(1, 2, 3, 3), (0..18).map(|v| v as f32).collect());
        let part = Rect { y: 1, x: 1, h: 1, w: 2 };
        let mut seen: Vec<Tensor> = Vec::new();
        for turn in Turn::all() {
            let (view, back) = (turn.apply(&plain), turn.inverse());
            assert!(!seen.contains(&view), "{turn:?}");
            assert_eq!(view.shape.size(), turn.size(Size::new(3, 2)));
            assert_eq!(back.apply(&view), plain, "{turn:?}");
            // A part is the part of the whole.
            let Rect { y, x, h, w } = back.source(part, turn.size(Size::new(3, 2)));
            assert_eq!(back.apply(&view.crop(y, x, h, w)), plain.crop(1, 1, 1, 2), "{turn:?}");
            seen.push(view);
        }
        assert_eq!(seen[0], plain);
    }
}
