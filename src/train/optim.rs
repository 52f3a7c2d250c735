//! Optimisers: Adam, and the AdderNet paper's SGD.
//!
//! Adder layers may use the paper's adaptive rate (§3.3): their whole gradient is scaled to a root mean square of η
//! before the rule sees it. With SGD that is what makes training possible at all, because batch norm leaves the layers
//! with gradients of very different size; Adam undoes most of it, since it divides by a running size of its own. The
//! running statistics of batch norm move here too: they are no gradients, but they are part of what a step changes.

use super::settings::Settings;
use crate::{
    backend::{BETA1, BETA2, EPS, Gradients, MOMENTUM, Optimiser, Update},
    nn::{
        ParamKind, Params, Plan,
        layers::{
            adder::{ETA, adaptive_rate},
            batch_norm::BN_MOMENTUM,
        },
    },
};

pub use crate::backend::State;

/// What a step of this rate does to parameters, with the running mean keeping `keep` of itself.
pub fn update(settings: &Settings, rate: f32, keep: f32) -> Update {
    let Settings { optimiser, adaptive, adder_rate, .. } = *settings;
    Update { optimiser, rate, adder_rate: rate * adder_rate, adaptive, keep, contrast: settings.contrast }
}

impl State {
    /// Changes the parameters by one step of the given rate.
    pub fn step(&mut self, plan: &Plan, params: &mut Params, gradients: &Gradients, settings: &Settings, rate: f32) {
        self.steps += 1;
        let (fix1, fix2) = Self::corrections(self.steps);
        for (i, spec) in plan.params.iter().enumerate() {
            let (values, gradient) = (&mut params.values[i], &gradients.values[i]);
            if !spec.kind.learnt() {
                for (v, g) in values.iter_mut().zip(gradient) {
                    *v = (1.0 - BN_MOMENTUM) * *v + BN_MOMENTUM * g;
                }
                continue;
            }
            let adder = spec.kind == ParamKind::AdderWeight;
            let scale = if adder && settings.adaptive { adaptive_rate(gradient, ETA) } else { 1.0 };
            let rate = if adder { rate * settings.adder_rate } else { rate };
            let (first, second) = (&mut self.first.values[i], &mut self.second.values[i]);
            for (((v, g), m), s) in values.iter_mut().zip(gradient).zip(first).zip(second) {
                let g = g * scale;
                match settings.optimiser {
                    Optimiser::Adam => {
                        *m = BETA1 * *m + (1.0 - BETA1) * g;
                        *s = BETA2 * *s + (1.0 - BETA2) * g * g;
                        *v -= rate * (*m / fix1) / ((*s / fix2).sqrt() + EPS);
                    }
                    Optimiser::Sgd => {
                        *m = MOMENTUM * *m + g;
                        *v -= rate * *m;
                    }
                }
            }
        }
    }
}
