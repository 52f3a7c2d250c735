//! Any operation, forward and backward: the one place where the reference takes [`Op`] apart.

use super::{Back, adder, batch_norm, bicubic, conv, pixel_shuffle, pointwise, power};
use crate::{backend::AdderGradient, nn::Op, tensor::Tensor};

/// Whose mean and variance batch norm uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The running ones.
    Evaluate,
    /// The batch's own.
    Train,
}

/// The value of `op`. `x` are the values it reads (for [`Op::Input`] the picture itself), `params` its parameters.
pub(super) fn forward(op: Op, x: &[&Tensor], params: &[&[f32]], mode: Mode) -> Tensor {
    match op {
        Op::Input { .. } => x[0].clone(),
        Op::Shift { by } => pointwise::shift(x[0], by),
        Op::Conv { cout, k, .. } => conv::forward(x[0], params[0], params.get(1).copied(), cout, k),
        Op::Adder { cout, k, .. } => adder::forward(x[0], params[0], cout, k),
        Op::BatchNorm { .. } => match mode {
            Mode::Evaluate => batch_norm::forward(x[0], params[0], params[1], params[2], params[3]),
            Mode::Train => {
                let batch = batch_norm::Statistics::of(x[0]);
                batch_norm::forward(x[0], params[0], params[1], &batch.mean, &batch.variance)
            }
        },
        Op::Add { scale } => pointwise::add(x[0], x[1], scale),
        Op::Relu => pointwise::rectify(x[0]),
        Op::Power { .. } => power::forward(x[0], params[0]),
        Op::PixelShuffle { scale } => pixel_shuffle::forward(x[0], scale),
        Op::Bicubic { scale } => bicubic::forward(x[0], scale),
    }
}

/// The gradients that `op` in training mode makes of `grad`, the gradient of its value.
pub(super) fn backward(op: Op, x: &[&Tensor], params: &[&[f32]], grad: &Tensor, rule: AdderGradient) -> Back {
    match op {
        Op::Input { .. } => Back::of_inputs(Vec::new()),
        Op::Shift { .. } => Back::of_inputs(vec![grad.clone()]),
        Op::Conv { k, bias, .. } => conv::backward(x[0], params[0], bias, k, grad),
        Op::Adder { k, .. } => adder::backward(x[0], params[0], k, grad, rule),
        Op::BatchNorm { .. } => batch_norm::backward(x[0], params[0], grad),
        Op::Add { scale } => Back::of_inputs(vec![grad.clone(), pointwise::multiply(grad, scale)]),
        Op::Relu => Back::of_inputs(vec![pointwise::rectify_backward(x[0], grad)]),
        Op::Power { .. } => power::backward(x[0], params[0], grad),
        Op::PixelShuffle { scale } => Back::of_inputs(vec![pixel_shuffle::backward(x[0].shape, scale, grad)]),
        Op::Bicubic { scale } => Back::of_inputs(vec![bicubic::backward(x[0].shape, scale, grad)]),
    }
}
