//! Batch norm in plain loops; formulas in [`nn::layers::batch_norm`](crate::nn::layers::batch_norm).
//!
//! Statistics add up in f64: an adder layer's outputs lie hundreds away from zero and close together, so the variance is
//! what remains after nearly everything cancelled.

use super::Back;
use crate::{
    nn::layers::batch_norm::{inverse_std, unbias},
    tensor::Tensor,
};

/// Mean and biased variance of every channel over a batch.
pub(super) struct Statistics {
    pub(super) mean: Vec<f32>,
    pub(super) variance: Vec<f32>,
}

impl Statistics {
    /// Of `x` `[n,h,w,c]`.
    pub(super) fn of(x: &Tensor) -> Self {
        let (c, m) = (x.shape.c, x.shape.pixels() as f64);
        let channel = |k: usize| x.data.iter().skip(k).step_by(c).map(|&v| f64::from(v));
        let mean: Vec<f64> = (0..c).map(|k| channel(k).sum::<f64>() / m).collect();
        let variance = (0..c).map(|k| (channel(k).map(|v| (v - mean[k]).powi(2)).sum::<f64>() / m) as f32).collect();
        Self { mean: mean.into_iter().map(|v| v as f32).collect(), variance }
    }

    /// The unbiased variances of `m` values per channel, which the running statistics collect.
    pub(super) fn unbiased(&self, m: usize) -> Vec<f32> {
        self.variance.iter().map(|&v| (f64::from(v) * unbias(m)) as f32).collect()
    }
}

/// `(X − mean)/√(variance + ε)·weight + bias` with the statistics given.
pub(super) fn forward(x: &Tensor, weight: &[f32], bias: &[f32], mean: &[f32], variance: &[f32]) -> Tensor {
    let mut y = x.clone();
    for pixel in y.data.chunks_exact_mut(x.shape.c) {
        for (k, value) in pixel.iter_mut().enumerate() {
            *value = (*value - mean[k]) * inverse_std(variance[k]) * weight[k] + bias[k];
        }
    }
    y
}

/// Gradients in training mode of the input, weight and bias, and in the places of the running statistics the batch's
/// mean and unbiased variance.
pub(super) fn backward(x: &Tensor, weight: &[f32], grad: &Tensor) -> Back {
    let (c, m) = (x.shape.c, x.shape.pixels());
    let statistics = Statistics::of(x);
    let mut of_x = vec![0.0; x.data.len()];
    let (mut of_weight, mut of_bias) = (vec![0.0; c], vec![0.0; c]);
    for k in 0..c {
        let (mean, inverse) = (f64::from(statistics.mean[k]), f64::from(inverse_std(statistics.variance[k])));
        let normalised = |i: usize| (f64::from(x.data[i]) - mean) * inverse;
        let values = || (k..x.data.len()).step_by(c);
        of_bias[k] = values().map(|i| f64::from(grad.data[i])).sum();
        of_weight[k] = values().map(|i| f64::from(grad.data[i]) * normalised(i)).sum();
        for i in values() {
            let centred = f64::from(grad.data[i]) - (of_bias[k] + normalised(i) * of_weight[k]) / m as f64;
            of_x[i] = f64::from(weight[k]) * inverse * centred;
        }
    }
    let mut back = Back::new(x.shape, of_x, vec![of_weight, of_bias]);
    back.params.push(statistics.mean.clone());
    back.params.push(statistics.unbiased(m));
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn statistics_of_values_far_from_zero() {
        let x = Tensor::from_vec(Shape::new(2, 1, 2, 1), vec![-1000.0, -1001.0, -1002.0, -1003.0]);
        let statistics = Statistics::of(&x);
        assert_eq!((statistics.mean[0], statistics.variance[0]), (-1001.5, 1.25));
        assert_eq!(statistics.unbiased(4), [(1.25_f64 * 4.0 / 3.0) as f32]);
        assert_eq!(statistics.unbiased(1), [1.25], "one value: nothing to correct by");
    }

    #[test]
    fn gradient_is_free_of_the_constant_and_of_the_input_itself() {
        let x = Tensor::from_vec(Shape::new(1, 2, 2, 1), vec![1.0, 2.0, 4.0, 9.0]);
        let grad = Tensor::from_vec(x.shape, vec![0.5, -2.0, 1.0, 3.0]);
        let of_x = &backward(&x, &[2.0], &grad).inputs[0].data;
        let along = |v: &dyn Fn(usize) -> f32| (0..4).map(|i| of_x[i] * v(i)).sum::<f32>();
        assert!(along(&|_| 1.0).abs() < 1e-5);
        assert!(along(&|i| x.data[i]).abs() < 1e-4, "up to ε = 1e-5 beside a variance of 9.5");
        assert!(of_x.iter().any(|v| v.abs() > 0.1));
    }
}
