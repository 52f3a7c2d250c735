//! Power activation in plain loops; formulas in [`nn::layers::power`](crate::nn::layers::power).

use super::Back;
use crate::{
    nn::layers::power::{alpha_slope, input_slope, power},
    tensor::Tensor,
};

/// `sign(X)·|X|^α` with one α for all channels or one for each.
pub(super) fn forward(x: &Tensor, alpha: &[f32]) -> Tensor {
    let mut y = x.clone();
    for (i, value) in y.data.iter_mut().enumerate() {
        *value = power(*value, alpha[index(i, x, alpha)]);
    }
    y
}

/// Gradients of the input and of α.
pub(super) fn backward(x: &Tensor, alpha: &[f32], grad: &Tensor) -> Back {
    let mut of_x = vec![0.0; x.data.len()];
    let mut of_alpha = vec![0.0; alpha.len()];
    for (i, (&value, &g)) in x.data.iter().zip(&grad.data).enumerate() {
        let at = index(i, x, alpha);
        of_x[i] = f64::from(g * input_slope(value, alpha[at]));
        of_alpha[at] += f64::from(g) * f64::from(alpha_slope(value, alpha[at]));
    }
    Back::new(x.shape, of_x, vec![of_alpha])
}

/// Which α value `i` uses.
fn index(i: usize, x: &Tensor, alpha: &[f32]) -> usize {
    if alpha.len() == 1 { 0 } else { i % x.shape.c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn every_channel_has_its_own_exponent() {
        let x = Tensor::from_vec(Shape::new(1, 1, 2, 2), vec![-4.0, -4.0, 9.0, 9.0]);
        assert_eq!(forward(&x, &[2.0]).data, [-16.0, -16.0, 81.0, 81.0]);
        assert_eq!(forward(&x, &[2.0, 0.5]).data, [-16.0, -2.0, 81.0, 3.0]);
        let back = backward(&x, &[2.0, 1.0], &Tensor::from_vec(x.shape, vec![1.0, 0.0, 0.0, 10.0]));
        assert_eq!(back.inputs[0].data, [8.0, 0.0, 0.0, 10.0]);
        assert_eq!(back.params[0], [-16.0 * 4.0_f32.ln(), (90.0 * 9.0_f64.ln()) as f32]);
    }
}
