//! The window of adder layers and convolutions: which input pixel each tap of each output pixel reads.

use crate::tensor::Shape;

/// Calls `visit(output pixel, tap, start of the input pixel's channels)` for every tap of every pixel of every picture:
/// pictures, rows and columns in order, and within one pixel the taps by dy, then dx (`tap = dy·k + dx`). Pixels are
/// counted through the whole batch. The input pixel is `None` where the tap falls outside the picture, into the zeros.
pub(super) fn visit(shape: Shape, k: usize, mut visit: impl FnMut(usize, usize, Option<usize>)) {
    let inside = |at: usize, d: usize, n: usize| (at + d).checked_sub(k / 2).filter(|&q| q < n);
    for n in 0..shape.n {
        for y in 0..shape.h {
            for x in 0..shape.w {
                for dy in 0..k {
                    for dx in 0..k {
                        let source = inside(y, dy, shape.h)
                            .zip(inside(x, dx, shape.w))
                            .map(|(sy, sx)| ((n * shape.h + sy) * shape.w + sx) * shape.c);
                        visit((n * shape.h + y) * shape.w + x, dy * k + dx, source);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_of_a_corner() {
        let mut corner = Vec::new();
        visit(Shape::new(1, 2, 2, 10), 3, |p, tap, source| {
            if p == 0 {
                corner.push((tap, source));
            }
        });
        let inside: Vec<_> = corner.iter().filter_map(|&(tap, s)| Some((tap, s?))).collect();
        assert_eq!(corner.len(), 9);
        assert_eq!(inside, [(4, 0), (5, 10), (7, 20), (8, 30)]);
    }
}
