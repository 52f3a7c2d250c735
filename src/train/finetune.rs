//! Training a model on in the 8 bits in which it will run.
//!
//! A plan that carries codes is trained with rounded inputs and weights on the CPU (see `backend::cpu::graph`; other devices
//! train it in f32), at the rate of every training that starts from trained weights.
//!
//! What it is worth depends on how much 8 bits lose. The models that ship lose 0.001 dB at most, so there is nothing to gain.
//! That it works shows with codes 16 times as coarse, some 16 levels, where `x2`, an `aedsr` then, loses 0.7 dB (150 steps on general100, Set5; a
//! change of the calibration that was not kept, so that no command repeats it):
//!
//! | | in coarse codes | in f32 |
//! |---|---|---|
//! | `x2` | 36.49 | 37.22 |
//! | fine-tuned in these codes | **37.05** | 37.10 |

use super::{
    Settings, StepReport, TUNING_RATE, Trainer, dataset::Dataset, degrade::Degradation, error::TrainError, run::Budget,
};
use crate::{backend::Backend, nn::Model};
use std::{ops::ControlFlow, time::Instant};

/// Trains a model that carries its 8-bit form until the budget is spent or `tell`, which hears of every step and the share of
/// the budget behind it, breaks. Its codes stay; calibrate again.
///
/// # Errors
/// As [`Trainer::step`].
pub fn finetune(
    backend: &dyn Backend,
    model: &Model,
    data: &Dataset,
    degradation: Degradation,
    budget: Budget,
    tell: &mut dyn FnMut(&StepReport, f64) -> ControlFlow<()>,
) -> Result<Model, TrainError> {
    let settings = Settings { rate: TUNING_RATE, degradation, ..Settings::default() };
    let mut trainer = Trainer::new(backend, &model.plan, Some(model.params.clone()), settings, None);
    let began = Instant::now();
    loop {
        let share = budget.share(trainer.steps(), began.elapsed().as_secs_f64());
        if share >= 1.0 {
            break;
        }
        let report = trainer.step(data, share)?;
        if tell(&report, share).is_break() {
            break;
        }
    }
    let mut card = model.card.clone();
    card.insert("int8_finetuned_steps".to_owned(), trainer.steps().to_string());
    Ok(Model { plan: model.plan.clone(), params: trainer.result(data)?, card })
}
