//! Shift, addition and ReLU; formulas in [`nn::layers::pointwise`](crate::nn::layers::pointwise).

use crate::{
    nn::layers::pointwise::{relu, relu_slope},
    tensor::Tensor,
};

/// `X + by`.
pub(super) fn shift(x: &Tensor, by: f32) -> Tensor {
    map(x, |v| v + by)
}

/// `X + scale·Z`.
pub(super) fn add(x: &Tensor, z: &Tensor, scale: f32) -> Tensor {
    assert_eq!(x.shape, z.shape, "addition of two inputs");
    zip(x, z, |x, z| x + scale * z)
}

/// `max(X, 0)`.
pub(super) fn rectify(x: &Tensor) -> Tensor {
    map(x, relu)
}

/// Gradient of [`rectify`]'s input.
pub(super) fn rectify_backward(x: &Tensor, grad: &Tensor) -> Tensor {
    zip(x, grad, |x, g| relu_slope(x) * g)
}

/// `factor·X`.
pub(super) fn multiply(x: &Tensor, factor: f32) -> Tensor {
    map(x, |v| v * factor)
}

fn map(x: &Tensor, f: impl Fn(f32) -> f32) -> Tensor {
    Tensor::from_vec(x.shape, x.data.iter().map(|&v| f(v)).collect())
}

fn zip(x: &Tensor, z: &Tensor, f: impl Fn(f32, f32) -> f32) -> Tensor {
    Tensor::from_vec(x.shape, x.data.iter().zip(&z.data).map(|(&x, &z)| f(x, z)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn each_by_hand() {
        let of = |values: [f32; 3]| Tensor::from_vec(Shape::new(1, 1, 3, 1), values.to_vec());
        let x = of([-1.0, 0.0, 2.0]);
        assert_eq!(shift(&x, 0.5), of([-0.5, 0.5, 2.5]));
        assert_eq!(add(&x, &of([10.0, 20.0, 30.0]), 0.5), of([4.0, 10.0, 17.0]));
        assert_eq!(rectify(&x), of([0.0, 0.0, 2.0]));
        assert_eq!(rectify_backward(&x, &of([7.0, 8.0, 9.0])), of([0.0, 0.0, 9.0]));
        assert_eq!(multiply(&x, -2.0), of([2.0, 0.0, -4.0]));
    }
}
