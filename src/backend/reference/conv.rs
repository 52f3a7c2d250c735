//! Convolution in plain loops; formulas in [`nn::layers::conv`](crate::nn::layers::conv). Forward adds up in f32, in the
//! adder layer's order; backward in f64, for the reason given there.

use super::{Back, window::visit};
use crate::tensor::Tensor;

/// `b + Σ X·W`: x `[n,h,w,cin]`, weight `[cout,cin,k,k]`, bias `[cout]` or none, result `[n,h,w,cout]`.
pub(super) fn forward(x: &Tensor, weight: &[f32], bias: Option<&[f32]>, cout: usize, k: usize) -> Tensor {
    let cin = x.shape.c;
    let mut y = Tensor::zeros(x.shape.with_channels(cout));
    visit(x.shape, k, |p, tap, source| {
        let Some(s) = source else { return };
        for o in 0..cout {
            for c in 0..cin {
                y.data[p * cout + o] += x.data[s + c] * weight[(o * cin + c) * k * k + tap];
            }
        }
    });
    if let Some(bias) = bias {
        for pixel in y.data.chunks_exact_mut(cout) {
            for (value, b) in pixel.iter_mut().zip(bias) {
                *value += b;
            }
        }
    }
    y
}

/// Gradients of the input, the weight and, if there is one, the bias, for `grad` `[n,h,w,cout]`.
pub(super) fn backward(x: &Tensor, weight: &[f32], bias: bool, k: usize, grad: &Tensor) -> Back {
    let (cin, cout) = (x.shape.c, grad.shape.c);
    let mut of_x = vec![0.0_f64; x.data.len()];
    let mut of_weight = vec![0.0_f64; weight.len()];
    visit(x.shape, k, |p, tap, source| {
        let Some(s) = source else { return };
        for o in 0..cout {
            let g = f64::from(grad.data[p * cout + o]);
            for c in 0..cin {
                let at = (o * cin + c) * k * k + tap;
                of_weight[at] += f64::from(x.data[s + c]) * g;
                of_x[s + c] += f64::from(weight[at]) * g;
            }
        }
    });
    let mut params = vec![of_weight];
    if bias {
        let of = |o: usize| grad.data.iter().skip(o).step_by(cout).map(|&g| f64::from(g)).sum();
        params.push((0..cout).map(of).collect());
    }
    Back::new(x.shape, of_x, params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn two_pixels_by_hand() {
        let x = Tensor::from_vec(Shape::new(1, 1, 2, 1), vec![3.0, 5.0]);
        let weight = [9.0, 9.0, 9.0, 1.0, 10.0, 100.0, 9.0, 9.0, 9.0];
        // Left: 10·3 + 100·5; right: 1·3 + 10·5. The window is not flipped.
        assert_eq!(forward(&x, &weight, Some(&[0.5]), 1, 3).data, [530.5, 53.5]);
        let grad = Tensor::from_vec(Shape::new(1, 1, 2, 1), vec![1.0, -1.0]);
        let back = backward(&x, &weight, true, 3, &grad);
        assert_eq!(back.inputs[0].data, [10.0 - 1.0, 100.0 - 10.0]);
        assert_eq!(back.params[0], [0.0, 0.0, 0.0, -3.0, -2.0, 5.0, 0.0, 0.0, 0.0]);
        assert_eq!(back.params[1], [0.0]);
    }
}
