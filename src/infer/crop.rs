//! A part of a picture, enlarged as a part of the whole: bit for bit what would be cut out of the whole's result.

use super::{InferError, Target};
use crate::{backend::Rect, tensor::Size};

/// Where the result of a part lies in the result of the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cropped {
    /// The size of the whole's result.
    pub whole: Target,
    /// The part of it.
    pub part: Rect,
}

/// What `target` means for a part of a picture of size `from`: exact sides are those of the part.
///
/// # Errors
/// If the part does not lie in the picture, or the target is impossible.
pub fn cropped(target: Target, from: Size, crop: Rect) -> Result<Cropped, InferError> {
    let Rect { y, x, h, w } = crop;
    let inside =
        |start: usize, length: usize, of: usize| length > 0 && start.checked_add(length).is_some_and(|end| end <= of);
    let Size { width, height } = from;
    if !(inside(x, w, width) && inside(y, h, height)) {
        return Err(InferError::Region { x, y, w, h, width, height });
    }
    let size = target.size(crop.size())?;
    let factor = match target {
        Target::Factor(factor) => factor,
        Target::Width(_) => size.width as f64 / w as f64,
        Target::Height(_) => size.height as f64 / h as f64,
        Target::LongEdge(_) => size.longest() as f64 / w.max(h) as f64,
    };
    let whole = Target::Factor(factor);
    let of = whole.size(from)?;
    // A part's corner goes to the nearest pixel, as its sides do; together they may not leave the whole.
    let corner = |at: usize, side: usize, of: usize| ((at as f64 * factor).round() as usize).min(of - side);
    let (x, y) = (corner(x, size.width, of.width), corner(y, size.height, of.height));
    let part = Rect { y, x, h: size.height, w: size.width };
    Ok(Cropped { whole, part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sides_are_the_parts_own_and_whole_factors_are_exact() {
        let crop = Rect { y: 10, x: 20, h: 30, w: 40 };
        let from = Size::new(100, 80);
        let at = |target| cropped(target, from, crop).unwrap();
        let twice = at(Target::Factor(2.0));
        assert_eq!(twice, Cropped { whole: Target::Factor(2.0), part: Rect { y: 20, x: 40, h: 60, w: 80 } });
        assert_eq!(at(Target::Width(80)), twice);
        assert_eq!(at(Target::Height(60)), twice);
        assert_eq!(at(Target::LongEdge(80)), twice);
        let whole = cropped(Target::Factor(1.37), from, Rect::whole(from)).unwrap();
        assert_eq!(whole.part, Rect::whole(Size::new(137, 110)));
    }

    #[test]
    fn what_lies_outside_is_refused() {
        for (y, x, h, w) in [(0, 0, 81, 1), (0, 99, 1, 2), (0, 0, 0, 5), (usize::MAX, 0, 2, 2)] {
            let error = cropped(Target::Factor(2.0), Size::new(100, 80), Rect { y, x, h, w }).unwrap_err();
            assert!(error.to_string().contains("100×80 pixels"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_part_lies_in_the_whole(factor in 0.05f64..9.0, w in 1usize..300, h in 1usize..300, x in 0.0..1.0f64, y in 0.0..1.0f64) {
            let cut = |at: f64, of: usize| {
                let start = (at * of as f64) as usize;
                (start, (of - start).div_ceil(2))
            };
            let ((x, cw), (y, ch)) = (cut(x, w), cut(y, h));
            let from = Size::new(w, h);
            let of = cropped(Target::Factor(factor), from, Rect { y, x, h: ch, w: cw }).unwrap();
            let size = of.whole.size(from).unwrap();
            prop_assert!(of.part.x + of.part.w <= size.width && of.part.y + of.part.h <= size.height);
        }
    }
}
