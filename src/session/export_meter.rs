//! How far an export is, and whether it is to end.

use super::{Event, Exporter, Progress};
use crate::{
    infer::{self, CancelToken},
    session::{JobId, WorkerContext},
};
use std::{ops::ControlFlow, time::Instant};

/// Between two tiles: whether to end. The only command that comes while an export is at work is to stop it.
pub(super) fn asked_to_stop(context: &WorkerContext<Exporter>) -> bool {
    context.stopping() || context.waiting()
}

/// Counts what is done and tells it.
pub(super) struct Meter<'a> {
    job: JobId,
    progress: Progress,
    /// Pixels that were computed, not found, and the seconds that took.
    computed: (u64, f64),
    context: &'a WorkerContext<Exporter>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(job: JobId, total: u64, context: &'a WorkerContext<Exporter>) -> Self {
        Self { job, progress: Progress { total, ..Progress::default() }, computed: (0, 0.0), context }
    }

    /// Does work that tells how far it is and can be stopped.
    pub(super) fn listen<T>(&mut self, work: impl FnOnce(&mut dyn infer::Progress, &CancelToken) -> T) -> T {
        let (context, began, before) = (self.context, Instant::now(), self.computed.1);
        let mut last = None;
        let mut progress = |done: u64, _| {
            self.computed.1 = before + began.elapsed().as_secs_f64();
            // What was there at the start was found.
            self.computed.0 += done - last.unwrap_or(done);
            self.add(done - last.unwrap_or(0));
            last = Some(done);
            if asked_to_stop(context) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        work(&mut progress, context.stop())
    }

    fn add(&mut self, pixels: u64) {
        let (computed, seconds) = self.computed;
        self.progress.done += pixels;
        self.progress.speed = (computed > 0 && seconds > 0.0).then(|| computed as f64 / seconds);
        self.context.emit_progress(Event::Progress(self.job, self.progress));
    }
}
