//! Training whose values stay where the graph computes: what an optimiser is told and remembers, as plain data that both
//! [`train`](crate::train) and a backend can see, and the trait of backends that do the whole step themselves.
//!
//! The host's way (a [`Graph`](super::Graph)'s gradients, then `train::optim`) exists for every backend, and is what a
//! [`Learner`] is compared with. A device offers a learner because its bus is slow: with one, a step uploads a batch and
//! downloads a loss, and parameters come back only to be judged, saved or kept as a state to go back to.

use crate::{
    nn::{Params, Plan},
    tensor::Tensor,
};

/// Share of the old mean of gradients that Adam keeps in a step.
pub const BETA1: f32 = 0.9;
/// Share of the old mean of squared gradients that Adam keeps.
pub const BETA2: f32 = 0.99;
/// What Adam adds to a gradient's size before it divides by it.
pub const EPS: f32 = 1e-8;
/// Share of the old velocity that SGD keeps.
pub const MOMENTUM: f32 = 0.9;

/// Rule that turns gradients into steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Adam with β = 0.9 and 0.99.
    Adam,
    /// SGD with momentum 0.9: the AdderNet paper's.
    Sgd,
}

/// What an optimiser remembers between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Mean of gradients (Adam) or velocity (SGD).
    pub first: Params,
    /// Mean of squared gradients (Adam only).
    pub second: Params,
    /// Steps taken, for Adam's correction of its start.
    pub steps: u64,
}

impl State {
    /// Nothing remembered.
    pub fn new(plan: &Plan) -> Self {
        Self { first: Params::zeros(plan), second: Params::zeros(plan), steps: 0 }
    }

    /// Factors by which Adam's means are too small in the `steps`th step, `1 − βᵗ`.
    pub fn corrections(steps: u64) -> (f32, f32) {
        let steps = i32::try_from(steps).unwrap_or(i32::MAX);
        (1.0 - BETA1.powi(steps), 1.0 - BETA2.powi(steps))
    }
}

/// All values that training steps change.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// Current parameters, running statistics of batch norm among them.
    pub params: Params,
    /// Their running mean over the steps.
    pub mean: Params,
    /// The optimiser's memory.
    pub optimiser: State,
}

/// How one step changes them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// Rule.
    pub optimiser: Optimiser,
    /// Rate of everything but adder weights.
    pub rate: f32,
    /// Rate of adder weights.
    pub adder_rate: f32,
    /// Whether each adder weight's gradient is first scaled to a root mean square of η (AdderNet §3.3).
    pub adaptive: bool,
    /// Share of the old value in the running mean of the parameters.
    pub keep: f32,
    /// Weight of local contrast beside the mean absolute error, see `train::contrast`.
    pub contrast: f32,
}

/// What is known of a step that a learner did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepped {
    /// Mean absolute difference of output and target.
    pub loss: f32,
    /// Whether loss and all parameters are finite. If not, nothing that the learner holds is of use.
    pub finite: bool,
}

/// The device that held the values is gone, and they with it. Its graph has said so; whether it offers a learner again
/// (on a device opened anew) or none (the CPU goes on), the caller has to go back to values that it kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// A graph that does whole steps.
pub trait Learner {
    /// Takes these values over.
    ///
    /// # Errors
    /// If the device failed.
    fn put(&mut self, values: &Learnt) -> Result<(), Gone>;

    /// One step on a batch `[n, h, w, channels in]` towards `target`, `[n, h·s, w·s, channels out]`: forward, mean
    /// absolute error and local contrast, backward, optimiser, running statistics of batch norm, running mean of the parameters.
    ///
    /// # Errors
    /// If the device failed, or nothing was put.
    fn step(&mut self, input: &Tensor, target: &Tensor, update: &Update) -> Result<Stepped, Gone>;

    /// A copy of the values as they are now.
    ///
    /// # Errors
    /// If the device failed, or nothing was put.
    fn fetch(&mut self) -> Result<Learnt, Gone>;
}
