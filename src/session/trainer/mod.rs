//! Fine-tuning for a window: judges the pictures first, then trains on a device of its own, so that Enhance stays quick.
//!
//! | file | what |
//! |---|---|
//! | `set` | which pictures there are and whether they are worth training on |
//! | `crops` | the pieces of held-out pictures that show how a run gets on |
//! | `speed` | how fast a run would be |
//! | `watch` | listens to a run, and to the window while it runs |
//!
//! A run is [`crate::train::run`]; what is added here is who is told and who may stop it. It computes on threads of its own,
//! one fewer than there are cores ([`crate::train::own_threads`]), so that Enhance and the window stay quick meanwhile.

mod crops;
mod set;
mod speed;
mod watch;

pub use crops::{Crop, Now};
pub use set::{Found, Pieces, Verdict};

use super::{
    Failure, JobId, Shared, Work, WorkerContext,
    models::{self, ModelRef},
};
use crate::{
    backend::cpu::Cpu,
    error::Error,
    image_io::{Guard, Target},
    nn::Model,
    train::{
        Settings, Trainer as Run,
        calibrate::calibrate,
        checkpoint::{Checkpoint, Counters},
        dataset::Dataset,
        degrade::Degradation,
        evaluate::Score,
        health::Layer,
        look::Look,
        own_threads::on_own_threads,
        run::{Budget, Judge, Plan, run},
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the trainer is asked.
pub enum Command {
    /// Search these files and folders and judge every picture.
    Judge {
        /// Its id.
        job: JobId,
        /// Files and folders.
        paths: Vec<PathBuf>,
        /// Enlargement.
        scale: usize,
        /// How small pictures are made, for the pairs that are shown.
        degradation: Degradation,
    },
    /// Measure how fast this run would be. Anything else that is asked cancels it.
    Measure(Box<Start>),
    /// Train.
    Start(Box<Start>),
    /// Go on with the run that is saved in this file (`.checkpoint`), where it stopped.
    Reopen {
        /// Its id.
        job: JobId,
        /// The file.
        file: PathBuf,
    },
    /// Wait between two steps.
    Pause,
    /// Go on.
    Resume,
    /// End after this step, with a last judgement.
    Stop,
    /// Write the best model of the last run to a file.
    Export {
        /// Its id.
        job: JobId,
        /// Where to.
        file: PathBuf,
    },
}

/// A run. Kept in its checkpoint too, so that a window can go on with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Its id.
    #[serde(skip, default = "JobId::next")]
    pub job: JobId,
    /// Where it starts from; its scale is the run's.
    pub init: ModelRef,
    /// Pictures to train on.
    pub train: Vec<PathBuf>,
    /// Pictures to judge by; none if there is only one picture in all.
    pub held_out: Vec<PathBuf>,
    /// Recipe.
    pub settings: Settings,
    /// How long, in seconds of training.
    pub seconds: f64,
    /// Judgements over the run.
    pub judgements: u32,
    /// Where the best model is kept; the run's checkpoint lies beside it.
    pub output: PathBuf,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its time was over.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// The held-out pictures had been getting worse for long.
    Falling,
}

/// What the trainer tells. Every job ends with one of `Judged`, `Measured`, `Finished`, `Exported`, `Failed`.
pub enum Event {
    /// A picture was looked at.
    Found(JobId, Box<Found>),
    /// All were.
    Judged(JobId),
    /// Steps per second that a run would do; `None` if that cannot be found out.
    Measured(JobId, Option<f64>),
    /// An earlier run goes on.
    Reopened(JobId, Box<Start>),
    /// Training begins: scores of bicubic and of the start, and the crops that will be shown.
    Started(JobId, Score, Score, Vec<Crop>),
    /// Steps were done.
    Stepped(JobId, Stepped),
    /// Values were not finite, and the run went back to this step at half the rate.
    Restarted(JobId, u64),
    /// It waits, or goes on.
    Paused(JobId, bool),
    /// The held-out pictures were judged.
    Scored(JobId, Scored),
    /// The run is over: the best score with its step, why, and where the model is.
    Finished(JobId, Option<(u64, Score)>, Ended, PathBuf),
    /// The model was written.
    Exported(JobId, PathBuf),
    /// A job ended without its result.
    Failed(JobId, Failure),
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepped {
    /// Steps done.
    pub step: u64,
    /// Mean loss since the last time.
    pub loss: f32,
    /// Learning rate.
    pub rate: f32,
    /// Seconds of training.
    pub seconds: f64,
    /// Share of the run that is behind.
    pub share: f64,
}

/// A judgement.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Step.
    pub step: u64,
    /// Score.
    pub score: Score,
    /// Whether it is the best so far.
    pub best: bool,
    /// The crops as they come out now, in the order of `Started`.
    pub crops: Vec<Now>,
    /// The adder layers.
    pub health: Vec<Layer>,
}

/// Judges and trains, one after the other.
pub struct Trainer {
    shared: Shared,
    /// What pictures looked like at a scale: a set that grows is not read again.
    looks: HashMap<(PathBuf, usize), Look>,
    /// The best of the last run, and its file.
    best: Option<Arc<Model>>,
    file: PathBuf,
    /// The pictures of that run.
    read: Guard,
}

impl Trainer {
    /// A trainer that offers its models to all workers.
    pub fn new(shared: Shared) -> Self {
        Self { shared, looks: HashMap::new(), best: None, file: PathBuf::new(), read: Guard::default() }
    }

    /// Trains from the start, or from where a run was saved.
    fn train(&mut self, start: &Start, saved: Option<Checkpoint>, context: &WorkerContext<Self>) -> Result<(), Error> {
        let backend = self.shared.choice().open()?;
        let parent = self.shared.models.get(&start.init)?;
        // The codes of an 8-bit form are the parent's: new weights want new ones.
        let parent = parent.without_codes();
        let (plan, settings) = (&parent.plan, &start.settings);
        let data = Dataset::load(&start.train, &start.held_out, plan.scale(), settings.patch, settings.degradation)?
            .rehearsing(settings)?;
        let goes_on = saved.is_some();
        let (mut trainer, mut counters) = match saved {
            Some(c) => (Run::resume(backend.as_ref(), &c.plan(), c.progress, c.settings, None), c.counters),
            None => {
                let params = Some(parent.params.clone());
                (Run::new(backend.as_ref(), plan, params, settings.clone(), None), Counters::default())
            }
        };
        let card = [
            ("data", format!("{} own pictures", data.train.len())),
            ("trained_on", backend.name()),
            ("parent", start.init.name()),
        ];
        if let Some(folder) = start.output.parent() {
            let failed = |source| Error::Write { file: folder.to_owned(), source };
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        // A run that goes on replaces what it has written before.
        let guard = Guard::new(data.files());
        let claim = |file: &Path| guard.claim(file, goes_on);
        let note = serde_json::to_string(start).map_err(|e| Error::Usage(e.to_string()))?;
        let run_plan = Plan {
            budget: Budget::Seconds(start.seconds),
            judge: Judge::Times(start.judgements.max(1)),
            checkpoint: claim(&start.output.with_extension(CHECKPOINT))?,
            output: claim(&start.output)?,
            card: card.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            note,
        };
        // The best of a run that goes on is on the disk; if it is gone, the next judgement is the best.
        let best = counters.best.and_then(|_| Some(models::from_file(&start.output).ok()?.model));
        counters.best = counters.best.filter(|_| best.is_some());
        let mut watch = watch::Watch::new(start.job, context, &self.shared, backend.as_ref(), &data, &parent, best);
        let best = run(backend.as_ref(), &mut trainer, &data, &run_plan, counters, &mut watch);
        let ended = watch.ended();
        (self.best, self.file) = (watch.best(), start.output.clone());
        self.read = Guard::new(data.files());
        let best = best?;
        // A window that closes waits for nothing.
        if !context.stopping() {
            self.quantize(&data, &run_plan.output)?;
        }
        context.emit(Event::Finished(start.job, best, ended, start.output.clone()));
        Ok(())
    }

    /// How fast a run would be. That it cannot be found out is told when it begins.
    fn measure(&self, start: &Start, context: &WorkerContext<Self>) -> Result<Option<f64>, Error> {
        let backend = self.shared.choice().open()?;
        let parent = self.shared.models.get(&start.init)?.without_codes();
        speed::measure(start, &parent, backend.as_ref(), context)
    }

    /// Gives the model of a run its 8-bit form, which CPUs compute three times as fast, if held-out pictures say that it costs
    /// next to nothing.
    fn quantize(&mut self, data: &Dataset, output: &Target) -> Result<(), Error> {
        let Some(model) = self.best.as_ref().filter(|model| !data.held_out.is_empty() && !model.plan.is_eight_bit())
        else {
            return Ok(());
        };
        if model.plan.adder_inputs().is_empty() {
            return Ok(());
        }
        // Graphics devices compute in floats: only the CPU can say what codes cost.
        let coded = calibrate(&Cpu::new(), model, data, &mut |_| ())?;
        if coded.best.score.psnr < coded.float.psnr - CODES_COST {
            return Ok(());
        }
        let bytes = coded.model.to_bytes();
        let bytes = bytes.map_err(|source| Error::Weights { file: output.path().to_owned(), source })?;
        output.write_bytes(&bytes)?;
        let model = Arc::new(coded.model);
        self.shared.models.set_trained(model.clone());
        self.best = Some(model);
        Ok(())
    }

    /// What a checkpoint says of its run, which then goes on.
    fn reopen(&mut self, job: JobId, file: &Path, context: &WorkerContext<Self>) -> Result<(), Error> {
        let saved = Checkpoint::load(file)?;
        let start: Start = serde_json::from_str(&saved.note).map_err(|_| {
            let text = "is no run of this window; `addersr train --resume` continues one of the command line";
            Error::Usage(format!("{} {text}", file.display()))
        })?;
        // The folder may have been moved since.
        let start = Start { job, output: file.with_extension("safetensors"), ..start };
        context.emit(Event::Reopened(job, Box::new(start.clone())));
        self.train(&start, Some(saved), context)
    }

    /// A job of training on threads of its own, so that the window's engine keeps a core.
    fn aside(
        &mut self,
        job: JobId,
        context: &WorkerContext<Self>,
        work: impl FnOnce(&mut Self) -> Result<(), Error> + Send,
    ) {
        context.set_current_job(Some(job));
        let end = on_own_threads(|| work(self)).map_err(Error::from).and_then(|end| end);
        context.set_current_job(None);
        if let Err(error) = end {
            context.emit(Event::Failed(job, error.into()));
        }
    }
}

/// What an 8-bit form may cost on held-out pictures, in dB.
const CODES_COST: f64 = 0.1;

/// The ending of a run's file.
pub const CHECKPOINT: &str = "checkpoint";

/// Writes a model where somebody chose to, agreeing to replace what is there; never a picture that it was trained on.
fn export(model: Option<&Model>, file: &Path, read: &Guard) -> Result<(), Error> {
    let model = model.ok_or_else(|| Error::NoWeights("the model trained here".to_owned()))?;
    let bytes = model.to_bytes().map_err(|source| Error::Weights { file: file.to_owned(), source })?;
    Ok(read.claim(file, true)?.write_bytes(&bytes)?)
}

/// The event that ends an export.
fn exported(job: JobId, model: Option<&Model>, file: PathBuf, read: &Guard) -> Event {
    match export(model, &file, read) {
        Ok(()) => Event::Exported(job, file),
        Err(error) => Event::Failed(job, error.into()),
    }
}

impl Work for Trainer {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, context: &WorkerContext<Self>) {
        match command {
            Command::Judge { job, paths, scale, degradation } => {
                context.set_current_job(Some(job));
                let end = set::judge(job, &paths, scale, degradation, &mut self.looks, context);
                context.set_current_job(None);
                context.emit(end.map_or_else(|failure| Event::Failed(job, failure), |()| Event::Judged(job)));
            }
            Command::Measure(start) => self.aside(start.job, context, |trainer| {
                context.emit(match trainer.measure(&start, context) {
                    Ok(Some(speed)) => Event::Measured(start.job, Some(speed)),
                    Ok(None) => Event::Failed(start.job, Failure::Cancelled),
                    Err(error) => {
                        tracing::info!("how fast a training would be is not known: {error}");
                        Event::Measured(start.job, None)
                    }
                });
                Ok(())
            }),
            Command::Start(mut start) => {
                if start.init == ModelRef::Trained && self.best.is_some() {
                    // A name that still means the same when the run is reopened.
                    start.init = ModelRef::File(self.file.clone());
                }
                self.aside(start.job, context, |trainer| trainer.train(&start, None, context));
            }
            Command::Reopen { job, file } => self.aside(job, context, |trainer| trainer.reopen(job, &file, context)),
            Command::Export { job, file } => context.emit(exported(job, self.best.as_deref(), file, &self.read)),
            // Nothing runs that they could mean.
            Command::Pause | Command::Resume | Command::Stop => {}
        }
    }

    fn failed(job: JobId, failure: Failure) -> Event {
        Event::Failed(job, failure)
    }
}
