//! Listens to a run and tells the window; listens to the window and tells the run.

use super::{
    Command, Crop, Ended, Event, Failure, JobId, Scored, Shared, Stepped, Trainer, WorkerContext,
    crops::{self, CropPos},
    exported,
};
use crate::{
    backend::Backend,
    image_io::Guard,
    nn::Model,
    train::{
        StepReport,
        dataset::Dataset,
        evaluate::Score,
        health,
        patience::Patience,
        run::{Judgement, Next, Observer},
    },
};
use std::{
    ops::ControlFlow,
    sync::Arc,
    time::{Duration, Instant},
};

/// Time between two reports of steps.
const TELL_EVERY: Duration = Duration::from_millis(100);

pub(super) struct Watch<'a> {
    job: JobId,
    context: &'a WorkerContext<Trainer>,
    shared: &'a Shared,
    backend: &'a dyn Backend,
    places: Vec<CropPos<'a>>,
    crops: Vec<Crop>,
    patience: Patience,
    best: Option<Arc<Model>>,
    ended: Ended,
    told: Instant,
    losses: (f64, u32),
    read: Guard,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        job: JobId,
        context: &'a WorkerContext<Trainer>,
        shared: &'a Shared,
        backend: &'a dyn Backend,
        data: &'a Dataset,
        start: &Model,
        best: Option<Arc<Model>>,
    ) -> Self {
        if let Some(best) = &best {
            shared.models.set_trained(best.clone());
        }
        let places = crops::places(data);
        let crops = crops::begin(backend, start, &places);
        Self {
            job,
            context,
            shared,
            backend,
            places,
            crops,
            patience: Patience::default(),
            best,
            ended: Ended::Done,
            told: Instant::now(),
            losses: (0.0, 0),
            read: Guard::new(data.files()),
        }
    }

    pub(super) fn ended(&self) -> Ended {
        self.ended
    }

    pub(super) fn best(self) -> Option<Arc<Model>> {
        self.best
    }

    /// Does what the window asks; `paused`: until it asks to go on.
    fn obey(&mut self, paused: bool) -> Next {
        loop {
            if self.context.stopping() {
                self.ended = Ended::Stopped;
                // Saved at once: a window that closes waits for no judgement.
                return if paused { Next::Stop } else { Next::Pause };
            }
            match self.context.next() {
                Some(Command::Pause) if !paused => return Next::Pause,
                Some(Command::Resume) if paused => return Next::Step,
                Some(Command::Pause | Command::Resume) => {}
                Some(Command::Stop) => {
                    self.ended = Ended::Stopped;
                    return Next::Stop;
                }
                Some(Command::Export { job, file }) => {
                    self.context.emit(exported(job, self.best.as_deref(), file, &self.read))
                }
                Some(Command::Judge { job, .. } | Command::Reopen { job, .. }) => self.busy(job),
                Some(Command::Start(start)) => self.busy(start.job),
                // What runs tells how fast it is.
                Some(Command::Measure(start)) => self.context.emit(Event::Failed(start.job, Failure::Cancelled)),
                None if paused => std::thread::sleep(Duration::from_millis(20)),
                None => return Next::Step,
            }
        }
    }

    fn busy(&self, job: JobId) {
        let reason = "a training is running; stop it first, or wait until it is done".to_owned();
        self.context.emit(Event::Failed(job, Failure::Failed(reason)));
    }
}

impl Observer for Watch<'_> {
    fn started(&mut self, bicubic: Score, start: Score) {
        self.context.emit(Event::Started(self.job, bicubic, start, self.crops.clone()));
    }

    fn stepped(&mut self, report: &StepReport, seconds: f64, share: f64) -> Next {
        if report.restarted {
            self.context.emit(Event::Restarted(self.job, report.step));
        } else {
            self.losses = (self.losses.0 + f64::from(report.loss), self.losses.1 + 1);
        }
        if self.told.elapsed() >= TELL_EVERY && self.losses.1 > 0 {
            let loss = (self.losses.0 / f64::from(self.losses.1)) as f32;
            let stepped = Stepped { step: report.step, loss, rate: report.rate, seconds, share };
            self.context.emit_progress(Event::Stepped(self.job, stepped));
            (self.told, self.losses) = (Instant::now(), (0.0, 0));
        }
        self.obey(false)
    }

    fn paused(&mut self) -> ControlFlow<()> {
        self.context.emit(Event::Paused(self.job, true));
        let next = self.obey(true);
        self.context.emit(Event::Paused(self.job, false));
        if next == Next::Stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn judged(&mut self, judgement: &Judgement<'_>, _seconds: f64) -> ControlFlow<()> {
        let Judgement { step, score, best, model, gradients } = *judgement;
        if best {
            let model = Arc::new(model.clone());
            self.shared.models.set_trained(model.clone());
            self.best = Some(model);
        }
        let crops = crops::render(self.backend, model, &self.places);
        let health = health::layers(model, gradients);
        self.context.emit(Event::Scored(self.job, Scored { step, score, best, crops, health }));
        if !self.places.is_empty() && self.ended == Ended::Done && self.patience.is_over(score.psnr) {
            self.ended = Ended::Falling;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}
