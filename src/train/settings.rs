//! Everything that decides a training run besides its pictures and its model.

use super::{degrade::Degradation, schedule::Schedule};
use crate::backend::AdderGradient;
use serde::{Deserialize, Serialize};

pub use crate::backend::Optimiser;

/// Highest learning rate of a run that starts from fresh weights.
pub const FRESH_RATE: f32 = 3e-3;

/// Highest learning rate of a run that starts from trained weights. On six pages of text, 200 steps gain 0.24 dB at 2e-4 and, rehearsing,
/// 3.6 dB at this rate; on photographs that the model knows already, 100 steps end at the same score with either.
pub const TUNING_RATE: f32 = 1e-3;

/// Share of rehearsed patches in a run that starts from trained weights: what the README's table was measured with.
pub const TUNING_REHEARSAL: f32 = 0.25;

/// Knobs of a run. The defaults are the recipe that the table in [`crate::train`] arrived at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Seed of everything random.
    pub seed: u64,
    /// Patches per step.
    pub batch: usize,
    /// Side of a patch in small pixels.
    pub patch: usize,
    /// Rule.
    pub optimiser: Optimiser,
    /// Highest learning rate.
    pub rate: f32,
    /// Rate of adder weights relative to the others'.
    pub adder_rate: f32,
    /// Warm-up and decay.
    pub schedule: Schedule,
    /// Whether adder gradients are scaled by the paper's adaptive rate (AdderNet §3.3) before the rule sees them.
    pub adaptive: bool,
    /// Gradient of the adder layers.
    pub gradient: AdderGradient,
    /// Share of the old value in the running mean of the weights, once it has warmed up.
    pub ema: f32,
    /// How small pictures are made.
    pub degradation: Degradation,
    /// Share of a step's patches that come from the pictures that ship: see [`rehearsal`](super::rehearsal).
    pub rehearsal: f32,
    /// Weight of [local contrast](super::contrast) beside the mean absolute difference.
    pub contrast: f32,
    /// Weight of the distance to the teacher's output, where there is a teacher.
    pub distill_output: f32,
    /// Weight of the distance to the teacher's block outputs.
    pub distill_features: f32,
    /// Start value of the batch norms' scale: small, so that the network starts near its shortcuts.
    pub norm_start: f32,
    /// Standard deviation of the adder weights' start values.
    pub adder_start: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            batch: 16,
            patch: 32,
            optimiser: Optimiser::Adam,
            rate: FRESH_RATE,
            adder_rate: 50.0,
            schedule: Schedule::default(),
            adaptive: false,
            gradient: AdderGradient::FullPrecision,
            ema: 0.998,
            degradation: Degradation::Bicubic,
            rehearsal: 0.0,
            contrast: 0.0,
            distill_output: 0.0,
            distill_features: 0.0,
            norm_start: 0.003,
            adder_start: 0.5,
        }
    }
}

impl Settings {
    /// Patches of a step that are rehearsed; at least one is always of the run's own pictures.
    pub(super) fn rehearsed(&self) -> usize {
        let share = f64::from(self.rehearsal.clamp(0.0, 1.0));
        ((self.batch as f64 * share).round() as usize).min(self.batch.saturating_sub(1))
    }
}
