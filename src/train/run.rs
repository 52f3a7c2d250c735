//! A whole run: steps until the budget is spent, judged and saved on the way.
//!
//! What happens is told to an [`Observer`]; the command line prints it, a window draws it. Stopping is cooperative: the
//! observer answers each step with whether to go on, and whatever the answer, a checkpoint and the best model so far are
//! on disk afterwards; also while it pauses.

use super::{
    checkpoint::{Checkpoint, Counters},
    dataset::Dataset,
    error::TrainError,
    evaluate::{Score, bicubic, evaluate},
    trainer::{StepReport, Trainer},
};
use crate::{
    backend::{Backend, Gradients},
    image_io::Target,
    nn::{Model, Params},
};
use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// When a run is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// After so many steps.
    Steps(u64),
    /// After so many seconds of training, over all its resumptions.
    Seconds(f64),
}

impl Budget {
    /// The share of it that so many steps and seconds are; above 1 when it is spent.
    pub fn share(self, steps: u64, seconds: f64) -> f64 {
        match self {
            Self::Steps(all) => steps as f64 / all.max(1) as f64,
            Self::Seconds(all) => seconds / all.max(1e-9),
        }
    }
}

/// How often a run is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judge {
    /// Every so many steps.
    Steps(u64),
    /// So many times over the whole run, whatever the machine's speed.
    Times(u32),
}

/// Where a run writes and how often it judges.
#[derive(Debug)]
pub struct Plan {
    /// End.
    pub budget: Budget,
    /// When to judge; the end always is.
    pub judge: Judge,
    /// The best model so far.
    pub output: Target,
    /// The run itself.
    pub checkpoint: Target,
    /// What else goes into the model's card.
    pub card: BTreeMap<String, String>,
    /// Goes into the checkpoint as it is: what is needed to go on with the run where a command line does not say it.
    pub note: String,
}

/// What an observer wants after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next one.
    Step,
    /// Saves the run and waits.
    Pause,
    /// Ends the run with a last judgement.
    Stop,
}

/// What an observer may want to know at a judgement.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// Step.
    pub step: u64,
    /// Score of the running mean of the weights, with batch norm statistics of its own.
    pub score: Score,
    /// Whether it is the best so far and was saved.
    pub best: bool,
    /// These weights as a model, with a card of its own.
    pub model: &'a Model,
    /// Gradients of the last step, once there is one.
    pub gradients: Option<&'a Gradients>,
}

/// Is told what happens.
pub trait Observer {
    /// Held-out pictures were judged with bicubic, and with the start weights.
    fn started(&mut self, bicubic: Score, start: Score);
    /// A step is done; `share` of the run is behind. Time spent in here is not counted as training.
    fn stepped(&mut self, report: &StepReport, seconds: f64, share: f64) -> Next;
    /// The run was saved and waits until this returns; the answer says whether to go on. Only for observers that pause.
    fn paused(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// The held-out pictures were judged. The answer says whether to go on.
    fn judged(&mut self, judgement: &Judgement<'_>, seconds: f64) -> ControlFlow<()>;
}

/// Time between checkpoints.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// Trains until the budget is spent or the observer stops it. Returns the best score and its step.
///
/// # Errors
/// If a step, a judgement or a file fails. What was saved before is then still there.
pub fn run(
    backend: &dyn Backend,
    trainer: &mut Trainer,
    data: &Dataset,
    plan: &Plan,
    mut counters: Counters,
    observer: &mut dyn Observer,
) -> Result<Option<(u64, Score)>, TrainError> {
    if trainer.steps() == 0 {
        (counters.best, counters.start) = (None, None);
    }
    let plain = bicubic(data.scale, &data.held_out)?;
    let start = match counters.start {
        Some(start) => start,
        None => {
            let as_it_is = trainer.progress().mean.clone();
            let start = evaluate(backend, trainer.plan(), &as_it_is, &data.held_out)?;
            if start.psnr < plain.psnr {
                // A finished model has batch norm statistics of its own weights. A fresh or grown one has not, which makes it
                // worse than bicubic; it is judged by what new statistics make of it.
                let params = trainer.result(data)?;
                let refreshed = evaluate(backend, trainer.plan(), &params, &data.held_out)?;
                if refreshed.psnr > start.psnr { refreshed } else { start }
            } else {
                start
            }
        }
    };
    counters.start = Some(start);
    observer.started(plain, start);
    let (mut began, before) = (Instant::now(), counters.seconds);
    let mut saved = Instant::now();
    let mut stopped = false;
    let mut judged = 0;
    loop {
        counters.seconds = before + began.elapsed().as_secs_f64();
        let step = trainer.steps();
        let share = plan.budget.share(step, counters.seconds);
        let mut done = share >= 1.0 || stopped;
        let due = match plan.judge {
            Judge::Steps(steps) => step.is_multiple_of(steps.max(1)),
            Judge::Times(times) => share * f64::from(times) >= f64::from(judged + 1),
        };
        if step > 0 && due || done {
            judged = match plan.judge {
                Judge::Steps(_) => judged + 1,
                Judge::Times(times) => (share * f64::from(times)) as u32,
            };
            let params = trainer.result(data)?;
            let score = evaluate(backend, trainer.plan(), &params, &data.held_out)?;
            let judged_by = (!data.held_out.is_empty()).then_some(score);
            let model = model(trainer, params, plan, counters.seconds, judged_by);
            // Without held-out pictures the last state is the best there is.
            let best = counters.best.is_none_or(|(_, best)| score.psnr > best.psnr) || data.held_out.is_empty();
            if best {
                counters.best = Some((step, score));
                let failed = |source| TrainError::Checkpoint { path: plan.output.path().to_owned(), source };
                plan.output.write_bytes(&model.to_bytes().map_err(failed)?)?;
            }
            let judgement = Judgement { step, score, best, model: &model, gradients: trainer.gradients() };
            done |= observer.judged(&judgement, counters.seconds).is_break();
        }
        if done || saved.elapsed() >= SAVE_EVERY {
            save_checkpoint(trainer, plan, &counters)?;
            saved = Instant::now();
        }
        if done {
            return Ok(counters.best);
        }
        let report = trainer.step(data, share)?;
        let told = Instant::now();
        stopped = match observer.stepped(&report, counters.seconds, share) {
            Next::Step => false,
            Next::Stop => true,
            Next::Pause => {
                save_checkpoint(trainer, plan, &counters)?;
                saved = Instant::now();
                observer.paused().is_break()
            }
        };
        began += told.elapsed();
    }
}

fn save_checkpoint(trainer: &mut Trainer, plan: &Plan, counters: &Counters) -> Result<(), TrainError> {
    let (spec, settings) = (trainer.plan().spec, trainer.settings().clone());
    let progress = trainer.save_point().clone();
    let (counters, note) = (counters.clone(), plan.note.clone());
    Checkpoint { spec, settings, progress, counters, note }.save(&plan.checkpoint)
}

fn model(trainer: &Trainer, params: Params, plan: &Plan, seconds: f64, score: Option<Score>) -> Model {
    let mut card = plan.card.clone();
    card.insert("steps".into(), trainer.steps().to_string());
    card.insert("training_seconds".into(), format!("{seconds:.0}"));
    if let Some(score) = score {
        card.insert("held_out_psnr".into(), format!("{:.3}", score.psnr));
        card.insert("held_out_ssim".into(), format!("{:.4}", score.ssim));
    }
    if let Ok(recipe) = serde_json::to_string(trainer.settings()) {
        card.insert("recipe".into(), recipe);
    }
    Model { plan: trainer.plan().clone(), params, card }
}
