//! Training: every node's value is kept on the way forward, then gradients are added up in reverse order.

use super::{
    Back, batch_norm,
    operation::{Mode, backward},
    params_of, values,
};
use crate::{
    backend::{AdderGradient, Gradients, Graph},
    nn::{Op, Params, Plan},
    tensor::{Shape, Tensor},
};

pub(super) struct ReferenceGraph {
    plan: Plan,
    batch: Shape,
    rule: AdderGradient,
    /// One per node, of the last forward.
    values: Vec<Tensor>,
}

impl ReferenceGraph {
    pub(super) fn new(plan: &Plan, batch: Shape, rule: AdderGradient) -> Self {
        Self { plan: plan.clone(), batch, rule, values: Vec::new() }
    }
}

impl Graph for ReferenceGraph {
    fn forward(&mut self, params: &Params, input: &Tensor) {
        assert_eq!(input.shape, self.batch, "the graph was prepared for another shape");
        self.values = values(&self.plan, params, input, Mode::Train);
    }

    fn value(&self, node: usize) -> Option<Tensor> {
        Some(self.values[node].clone())
    }

    fn backward(&mut self, params: &Params, seeds: Vec<(usize, Tensor)>) -> Gradients {
        let mut gradients = Params::zeros(&self.plan).values;
        let mut of_nodes: Vec<Option<Tensor>> = vec![None; self.plan.nodes.len()];
        for (node, seed) in seeds {
            assert_eq!(seed.shape, self.values[node].shape, "gradient of `{}`", self.plan.nodes[node].name);
            accumulate(&mut of_nodes[node], seed);
        }
        for (i, node) in self.plan.nodes.iter().enumerate().rev() {
            let x: Vec<&Tensor> = node.inputs.iter().map(|&i| &self.values[i]).collect();
            if let Some(grad) = of_nodes[i].take() {
                let Back { inputs, params: of_params } =
                    backward(node.op, &x, &params_of(node, params), &grad, self.rule);
                for (&input, gradient) in node.inputs.iter().zip(inputs) {
                    accumulate(&mut of_nodes[input], gradient);
                }
                for (&param, gradient) in node.params.iter().zip(of_params) {
                    gradients[param] = gradient;
                }
            } else if let Op::BatchNorm { .. } = node.op {
                // The loss does not depend on it, but the batch went through it: its statistics are due all the same.
                let batch = batch_norm::Statistics::of(x[0]);
                gradients[node.params[3]] = batch.unbiased(x[0].shape.pixels());
                gradients[node.params[2]] = batch.mean;
            }
        }
        Gradients { values: gradients }
    }
}

fn accumulate(sum: &mut Option<Tensor>, gradient: Tensor) {
    match sum {
        Some(sum) => sum.data.iter_mut().zip(&gradient.data).for_each(|(s, g)| *s += g),
        None => *sum = Some(gradient),
    }
}
