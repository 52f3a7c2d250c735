//! The backward pass: groups in reverse, gradients of a node's value in `grads` until the node is done.

use super::{
    super::{features::Features, layer::block, pack::Packed, parallel, resample::unshuffle_row},
    BAND, CpuGraph,
    window::{channel_sums, transpose},
};
use crate::{
    backend::{AdderGradient, Gradients, reference},
    nn::{Op, Params},
};

impl CpuGraph {
    pub(super) fn backward_group(&mut self, g: usize, params: &Params, gradients: &mut Gradients) {
        let group = self.groups[g].clone();
        let last = group[group.len() - 1];
        if !self.requires_grad[last] {
            return;
        }
        let Some(grad) = self.grads[last].take() else { return };
        let node = self.plan.nodes[last].clone();
        let input = node.inputs[0];
        match node.op {
            Op::Conv { cin, cout, k, bias } => {
                let sums = self.weight_gradient(&grad, &self.values[input], k, None);
                gradients.values[node.params[0]] = transpose(&sums, cin, cout, k);
                if bias {
                    gradients.values[node.params[1]] = channel_sums(&grad).iter().map(|&s| s as f32).collect();
                }
                let weight = &params.values[node.params[0]];
                self.input_gradient(
                    &grad,
                    input,
                    cin,
                    |isa| Packed::backward(weight, cin, cout, k, block(isa, cin)),
                    None,
                );
            }
            Op::Adder { cin, cout, k } => {
                let weight = &params.values[node.params[0]];
                let sign = self.gradient == AdderGradient::Sign;
                let sums = self.weight_gradient(&grad, self.read_by_adders(input), k, sign.then_some(weight));
                let slot = &mut gradients.values[node.params[0]];
                *slot = transpose(&sums, cin, cout, k);
                if !sign {
                    let totals = channel_sums(&grad);
                    for ((dw, w), g) in slot.chunks_mut(cin * k * k).zip(weight.chunks(cin * k * k)).zip(totals) {
                        dw.iter_mut().zip(w).for_each(|(d, w)| *d -= w * g as f32);
                    }
                }
                let pack = |isa| Packed::backward(weight, cin, cout, k, block(isa, cin));
                self.input_gradient(&grad, input, cin, pack, Some(sign));
            }
            Op::PixelShuffle { scale } => self.unshuffle(&grad, input, scale),
            Op::Bicubic { scale } => {
                let shape = self.values[input].to_tensor().shape;
                let small = reference::bicubic::backward(shape, scale, &grad.to_tensor());
                let mut target = self.target(input);
                target.add(&small);
                self.grads[input] = Some(target);
            }
            Op::Input { .. } => {}
            Op::Shift { .. } | Op::BatchNorm { .. } | Op::Add { .. } | Op::Relu | Op::Power { .. } => {
                self.backward_chain(&group, &grad, params, gradients);
            }
        }
        self.pool.push(grad);
    }

    /// The gradient of a node's value, zeros if nothing has reached it yet.
    pub(super) fn target(&mut self, node: usize) -> Features {
        if let Some(grad) = self.grads[node].take() {
            return grad;
        }
        let mut features = self.fresh(node);
        for n in 0..features.n {
            for y in 0..features.h {
                features.row_mut(n, y).fill(0.0);
            }
        }
        features
    }

    fn unshuffle(&mut self, grad: &Features, input: usize, scale: usize) {
        let mut target = self.target(input);
        let (w, c, pad) = (target.w, target.c, target.pad);
        parallel(target.bands(BAND), |mut band| {
            let mut scratch = vec![0.0; w * c];
            for i in 0..band.rows {
                let y = band.y + i;
                let rows: Vec<&[f32]> = (0..scale).map(|s| grad.row(band.n, y * scale + s)).collect();
                unshuffle_row(&rows, c, scale, &mut scratch);
                band.row(i, w, c, pad).iter_mut().zip(&scratch).for_each(|(t, s)| *t += s);
            }
        });
        self.grads[input] = Some(target);
    }
}
