//! Adder layer in plain loops; formulas and reasons in [`nn::layers::adder`](crate::nn::layers::adder).
//!
//! Forward adds up in f32, one tap after the other: what a user's machine computes, without any cleverness. Backward adds
//! up in f64: its sums run over all pixels of a batch, fast kernels split them as they like, and the judge should be the
//! exact one.

use super::{Back, window::visit};
use crate::{
    backend::AdderGradient,
    nn::{
        layers::adder::{input_slope, sign, weight_slope},
        quantize::{QuantParams, QuantizedWeights},
    },
    tensor::Tensor,
};

/// `−Σ|X − W|`: x `[n,h,w,cin]`, weight `[cout,cin,k,k]`, result `[n,h,w,cout]`.
pub(super) fn forward(x: &Tensor, weight: &[f32], cout: usize, k: usize) -> Tensor {
    let cin = x.shape.c;
    let mut y = Tensor::zeros(x.shape.with_channels(cout));
    visit(x.shape, k, |p, tap, source| {
        for o in 0..cout {
            for c in 0..cin {
                let value = source.map_or(0.0, |s| x.data[s + c]);
                y.data[p * cout + o] -= (value - weight[(o * cin + c) * k * k + tap]).abs();
            }
        }
    });
    y
}

/// The same in 8-bit codes: `−(s·Σ|q − u| + excess)`, with the integer sum exact and two roundings behind it.
pub(super) fn forward_coded(x: &Tensor, weight: &[f32], cout: usize, k: usize, codes: QuantParams) -> Tensor {
    let cin = x.shape.c;
    let coded = QuantizedWeights::new(weight, cout, codes);
    let x_codes: Vec<u8> = x.data.iter().map(|&v| codes.code(v)).collect();
    let mut sums = vec![0_u32; x.shape.pixels() * cout];
    visit(x.shape, k, |p, tap, source| {
        for o in 0..cout {
            for c in 0..cin {
                let code = source.map_or(codes.zero_point(), |s| x_codes[s + c]);
                sums[p * cout + o] += u32::from(code.abs_diff(coded.codes[(o * cin + c) * k * k + tap]));
            }
        }
    });
    let value = |(i, &sum): (usize, &u32)| sum as f32 * -codes.scale() + -coded.excess[i % cout];
    Tensor::from_vec(x.shape.with_channels(cout), sums.iter().enumerate().map(value).collect())
}

/// Gradients of the input and the weight for `grad` `[n,h,w,cout]`.
pub(super) fn backward(x: &Tensor, weight: &[f32], k: usize, grad: &Tensor, rule: AdderGradient) -> Back {
    let (cin, cout) = (x.shape.c, grad.shape.c);
    let mut of_x = vec![0.0_f64; x.data.len()];
    let mut of_weight = vec![0.0_f64; weight.len()];
    visit(x.shape, k, |p, tap, source| {
        for o in 0..cout {
            let g = f64::from(grad.data[p * cout + o]);
            for c in 0..cin {
                let (value, at) = (source.map_or(0.0, |s| x.data[s + c]), (o * cin + c) * k * k + tap);
                let (to_weight, to_x) = match rule {
                    AdderGradient::FullPrecision => (weight_slope(value, weight[at]), input_slope(value, weight[at])),
                    AdderGradient::Sign => (sign(value - weight[at]), sign(weight[at] - value)),
                };
                of_weight[at] += f64::from(to_weight) * g;
                if let Some(s) = source {
                    of_x[s + c] += f64::from(to_x) * g;
                }
            }
        }
    });
    Back::new(x.shape, of_x, vec![of_weight])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn one_pixel_by_hand() {
        // Two channels, 3×3: the centre taps meet (5, −1), the other eight meet zeros.
        let x = Tensor::from_vec(Shape::new(1, 1, 1, 2), vec![5.0, -1.0]);
        let mut weight = [0.5_f32; 18];
        (weight[4], weight[9 + 4]) = (2.0, -1.5);
        assert_eq!(forward(&x, &weight, 1, 3).data, [-(16.0 * 0.5 + 3.0 + 0.5)]);

        let grad = Tensor::from_vec(Shape::new(1, 1, 1, 1), vec![2.0]);
        let back = backward(&x, &weight, 3, &grad, AdderGradient::FullPrecision);
        assert_eq!(back.inputs[0].data, [-2.0, -1.0], "(2 − 5 clipped to −1)·2, (−1.5 + 1)·2");
        let mut expected = [-1.0; 18];
        (expected[4], expected[9 + 4]) = (6.0, 1.0);
        assert_eq!(back.params[0], expected);

        let back = backward(&x, &weight, 3, &grad, AdderGradient::Sign);
        assert_eq!(back.inputs[0].data, [-2.0, -2.0]);
        let mut expected = [-2.0; 18];
        (expected[4], expected[9 + 4]) = (2.0, 2.0);
        assert_eq!(back.params[0], expected);
    }
}
