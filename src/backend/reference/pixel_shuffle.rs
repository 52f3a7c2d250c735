//! Pixel shuffle; formula in [`nn::layers::pixel_shuffle`](crate::nn::layers::pixel_shuffle).

use crate::{
    nn::layers::pixel_shuffle::source_channel,
    tensor::{Shape, Tensor},
};

/// `[n,h,w,c·s²]` to `[n,h·s,w·s,c]`.
pub(super) fn forward(x: &Tensor, s: usize) -> Tensor {
    let mut y = Tensor::zeros(enlarged(x.shape, s));
    permute(x.shape, s, |small, large| y.data[large] = x.data[small]);
    y
}

/// Gradient of the input, of shape `shape`.
pub(super) fn backward(shape: Shape, s: usize, grad: &Tensor) -> Tensor {
    let mut of_x = Tensor::zeros(shape);
    permute(shape, s, |small, large| of_x.data[small] = grad.data[large]);
    of_x
}

fn enlarged(small: Shape, s: usize) -> Shape {
    Shape::new(small.n, small.h * s, small.w * s, small.c / (s * s))
}

/// Calls `visit(place in the small picture, place in the large one)` for every value.
fn permute(small: Shape, s: usize, mut visit: impl FnMut(usize, usize)) {
    let large = enlarged(small, s);
    for n in 0..large.n {
        for y in 0..large.h {
            for x in 0..large.w {
                for c in 0..large.c {
                    let pixel = (n * small.h + y / s) * small.w + x / s;
                    let to = ((n * large.h + y) * large.w + x) * large.c + c;
                    visit(pixel * small.c + source_channel(c, y % s, x % s, s), to);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_become_a_cell() {
        // Two output channels: 0–3 are the cell of the first, 4–7 of the second.
        let x = Tensor::from_vec(Shape::new(1, 1, 2, 8), (0..16).map(|v| v as f32).collect());
        let y = forward(&x, 2);
        assert_eq!(y.shape, Shape::new(1, 2, 4, 2));
        assert_eq!(y.pixel(0, 0, 1), [1.0, 5.0]);
        assert_eq!(y.pixel(0, 1, 0), [2.0, 6.0]);
        assert_eq!(y.pixel(0, 1, 3), [11.0, 15.0]);
        assert_eq!(backward(x.shape, 2, &y), x, "the same permutation, back");
    }
}
