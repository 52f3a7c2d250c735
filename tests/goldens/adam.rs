//! The optimiser of the golden training steps: Adam (Kingma & Ba, 2015) with the adder layers' gradients scaled first.
//!
//! Written out here, as in the reference script, so that the network's gradients are judged by something that shares
//! nothing with the trainer.

use crate::common::compare::assert_close;
use addersr::{
    backend::Gradients,
    nn::{
        ParamKind, Params, Plan,
        layers::{
            adder::{ETA, adaptive_rate},
            batch_norm::BN_MOMENTUM,
        },
    },
};

const RATE: f64 = 1e-3;
const BETA: (f64, f64) = (0.9, 0.99);
const EPSILON: f64 = 1e-8;

/// Moments of all parameters, in f64.
pub(super) struct Adam {
    moments: Vec<Vec<(f64, f64)>>,
    steps: i32,
}

impl Adam {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { moments: plan.params.iter().map(|p| vec![(0.0, 0.0); p.numel()]).collect(), steps: 0 }
    }

    /// Changes the parameters; running statistics move by batch norm's momentum.
    pub(super) fn step(&mut self, plan: &Plan, params: &mut Params, gradients: &Gradients) {
        self.steps += 1;
        let (b1, b2) = BETA;
        let (unbias1, unbias2) = (1.0 - b1.powi(self.steps), 1.0 - b2.powi(self.steps));
        for (i, spec) in plan.params.iter().enumerate() {
            let factor = match spec.kind {
                ParamKind::AdderWeight => f64::from(adaptive_rate(&gradients.values[i], ETA)),
                _ => 1.0,
            };
            for ((value, grad), (m, v)) in
                params.values[i].iter_mut().zip(&gradients.values[i]).zip(&mut self.moments[i])
            {
                if !spec.kind.learnt() {
                    *value = (1.0 - BN_MOMENTUM) * *value + BN_MOMENTUM * grad;
                    continue;
                }
                let g = f64::from(*grad) * factor;
                (*m, *v) = (b1 * *m + (1.0 - b1) * g, b2 * *v + (1.0 - b2) * g * g);
                let change = RATE * (*m / unbias1) / ((*v / unbias2).sqrt() + EPSILON);
                *value = (f64::from(*value) - change) as f32;
            }
        }
    }
}

#[test]
fn first_step_is_the_rate_whatever_the_gradient() {
    let mut plan = crate::common::empty_plan();
    let input = plan.push("x", addersr::nn::Op::Input { channels: 1 }, &[], "");
    plan.push("y", addersr::nn::Op::Power { alphas: 2 }, &[input], "y");
    let mut params = Params { values: vec![vec![1.0, 1.0]] };
    let gradients = Gradients { values: vec![vec![1e-4, -1e4]] };
    Adam::new(&plan).step(&plan, &mut params, &gradients);
    // 1e-4 beside ε = 1e-8, and one rounding.
    assert_close("after one step", &params.values[0], &[0.999, 1.001], 2e-7);
}
