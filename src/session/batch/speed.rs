//! How long a batch will take: benchmarked on a small square before the start, known from the pictures that are done after it.

use super::{queue::Batch, row::BatchState};
use crate::{
    error::Error,
    infer::{self, Enlarger, Silent},
    session::{WorkerContext, models::ModelRef},
    tensor::{Pixels, Samples},
};
use std::time::Instant;

/// Seconds that a trial of the speed lasts.
const TRIAL_SECS: f64 = 0.1;

impl Batch {
    /// Measures the speed of a model that rows need and nobody has measured; whether there was one.
    pub(super) fn benchmark_next(&mut self, desk: &WorkerContext<Self>) -> bool {
        if self.run.is_some() {
            return false;
        }
        let choice = self.shared.choice();
        if self.measured_on.replace(choice.clone()).is_some_and(|before| before != choice) {
            self.planner.forget_speeds();
        }
        let Some(model) = self.planner.unmeasured(self.rows.values()) else { return false };
        let speed = self.benchmark(&model).unwrap_or_else(|error| {
            tracing::warn!("no time can be estimated: {error}");
            0.0
        });
        self.planner.set_benchmark(&model, speed);
        self.estimate(desk);
        true
    }

    /// Estimates anew what is not made yet.
    pub(super) fn estimate(&mut self, desk: &WorkerContext<Self>) {
        let mut changed = Vec::new();
        for row in self.rows.values_mut().filter(|row| row.state == BatchState::Ready) {
            if let Some(plan) = &mut row.plan {
                plan.estimate = self.planner.estimate(&plan.model, plan.cost);
                changed.push(row.id);
            }
        }
        self.tell_rows(&changed, desk);
    }

    /// Pixels of cost per second, on a picture small enough not to be waited for. The best of a few tries, without the
    /// loading of the network: what else the machine was doing for a moment says nothing about an hour's work. It is a
    /// guess all the same, until pictures of the batch itself are done.
    fn benchmark(&self, model: &ModelRef) -> Result<f64, Error> {
        let job = self.planner.job(model, 1.0)?;
        let job = infer::Job { target: infer::Target::Factor(job.model.plan.spec.scale as f64), strength: None, ..job };
        let device = self.shared.device()?;
        let failed = |e: infer::InferError| Error::infer("a small square", e);
        let model =
            infer::at_precision(&job.model, self.settings.precision, device.backend.as_ref()).map_err(failed)?;
        let job = infer::Job { model, ..job };
        let mut speed = 0.0;
        for side in [16, 96] {
            // Of many colours: one alone would need no network.
            let samples = (0..side * side * 3).map(|i| (i * 31 % 256) as u8).collect();
            let picture = Pixels::new(side, side, 3, Samples::U8(samples)).map_err(|e| failed(e.into()))?;
            let mut work = Enlarger::new(&picture, &job, device.backend.as_ref()).map_err(failed)?;
            let (mut seconds, mut all) = (f64::INFINITY, 0.0);
            while all < TRIAL_SECS {
                let (began, cancel) = (Instant::now(), infer::CancelToken::new());
                let mut canvas = work.canvas().map_err(failed)?;
                work.go_on(&mut canvas, &mut 0, &mut Silent, &cancel).map_err(failed)?;
                let took = began.elapsed().as_secs_f64();
                (seconds, all) = (seconds.min(took), all + took.max(1e-6));
            }
            let size = picture.size().times(job.model.plan.spec.scale);
            speed = job.effort(picture.size(), size) as f64 / seconds.max(1e-9);
            // A slow device: the larger square would take seconds.
            if seconds > 0.02 {
                break;
            }
        }
        Ok(speed)
    }
}
