//! Bicubic enlargement; formulas in [`nn::layers::bicubic`](crate::nn::layers::bicubic). Both axes at once, 5×5 products
//! of weights in f64, rounded once.

use crate::{
    nn::layers::bicubic::{TAPS, phases, reflect},
    tensor::{Shape, Tensor},
};

/// `[n,h,w,c]` to `[n,h·s,w·s,c]`.
pub(super) fn forward(x: &Tensor, s: usize) -> Tensor {
    let shape = Shape { h: x.shape.h * s, w: x.shape.w * s, ..x.shape };
    let mut y = vec![0.0_f64; shape.len()];
    visit(x.shape, s, |small, large, weight| y[large] += weight * f64::from(x.data[small]));
    Tensor::from_vec(shape, y.into_iter().map(|v| v as f32).collect())
}

/// Gradient of the input, of shape `shape`: the transpose of [`forward`].
pub(in crate::backend) fn backward(shape: Shape, s: usize, grad: &Tensor) -> Tensor {
    let mut of_x = vec![0.0_f64; shape.len()];
    visit(shape, s, |small, large, weight| of_x[small] += weight * f64::from(grad.data[large]));
    Tensor::from_vec(shape, of_x.into_iter().map(|v| v as f32).collect())
}

/// Calls `visit(place in the small picture, place in the large one, weight)` for every value of the large picture and
/// each of the 25 that it mixes, by rows, then columns.
fn visit(small: Shape, s: usize, mut visit: impl FnMut(usize, usize, f64)) {
    let phases = phases(s);
    let source = |at: usize, tap: usize, n: usize| reflect((at / s + tap) as isize - (TAPS / 2) as isize, n);
    for n in 0..small.n {
        for y in 0..small.h * s {
            for x in 0..small.w * s {
                for ty in 0..TAPS {
                    for tx in 0..TAPS {
                        let weight = phases[y % s][ty] * phases[x % s][tx];
                        let from = (n * small.h + source(y, ty, small.h)) * small.w + source(x, tx, small.w);
                        let to = (n * small.h * s + y) * small.w * s + x;
                        for c in 0..small.c {
                            visit(from * small.c + c, to * small.c + c, weight);
                        }
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
    fn flat_stays_flat_and_one_is_the_identity() {
        let flat = Tensor::from_vec(Shape::new(1, 1, 3, 2), [0.25, 0.75].repeat(3));
        assert_eq!(forward(&flat, 3).data, [0.25, 0.75].repeat(27));
        let any = Tensor::from_vec(Shape::new(2, 1, 3, 1), vec![0.1, 0.9, 0.3, 0.4, 0.0, 0.7]);
        assert_eq!(forward(&any, 1), any);
    }

    #[test]
    fn backward_is_the_transpose() {
        // ⟨B·x, g⟩ = ⟨x, Bᵀ·g⟩ for values that no symmetry explains.
        let values = |shape: Shape, seed: usize| {
            Tensor::from_vec(shape, (0..shape.len()).map(|i| ((i * seed) % 17) as f32 - 8.0).collect())
        };
        let dot = |a: &Tensor, b: &Tensor| -> f64 {
            a.data.iter().zip(&b.data).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
        };
        for (h, w, s) in [(1, 1, 2), (1, 4, 3), (5, 3, 4)] {
            let x = values(Shape::new(2, h, w, 2), 7);
            let y = forward(&x, s);
            let g = values(y.shape, 11);
            let (there, back) = (dot(&y, &g), dot(&x, &backward(x.shape, s, &g)));
            assert!((there - back).abs() < 1e-3, "{there} and {back}");
        }
    }
}
