//! How far an export is, and whether it is to end.

use super::{Event, Exporter, Progress};
use crate::{
    infer::{self, CancelToken},
    session::{JobId, WorkerContext},
};
use std::time::Instant;

/// Between two tiles: whether to end. The only command that comes while an export is at work is to stop it.
pub(super) fn asked_to_stop(context: &WorkerContext<Exporter>) -> bool {
    context.stopping() || context.waiting()
}

/// Counts what is done and tells it.
pub(super) struct Meter<'a> {
    job: JobId,
    progress: Progress,
    /// Pixels that were computed, not found, and the seconds that took.
    pub(super) computed: (u64, f64),
    pub(super) context: &'a WorkerContext<Exporter>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(job: JobId, total: u64, context: &'a WorkerContext<Exporter>) -> Self {
        Self { job, progress: Progress { total, ..Progress::default() }, computed: (0, 0.0), context }
    }

    /// Does work that tells how far it is and can be stopped.
    pub(super) fn listen<T>(&mut self, work: impl FnOnce(&mut dyn infer::Progress, &CancelToken) -> T) -> T {
        let (stop, began, mut before) = (CancelToken::new(), Instant::now(), 0);
        let mut progress = |done, _| {
            self.computed.1 = began.elapsed().as_secs_f64();
            self.computed.0 += done - before;
            self.add(done - before);
            before = done;
            if asked_to_stop(self.context) {
                stop.cancel();
            }
        };
        work(&mut progress, &stop)
    }

    pub(super) fn add(&mut self, pixels: u64) {
        let (computed, seconds) = self.computed;
        self.progress.done += pixels;
        self.progress.speed = (computed > 0 && seconds > 0.0).then(|| computed as f64 / seconds);
        self.context.emit_progress(Event::Progress(self.job, self.progress));
    }
}
