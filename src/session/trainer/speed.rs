//! How fast a run would be on this machine: some of its steps, of which nothing is kept.

use super::{Run, Start, Trainer, WorkerContext};
use crate::{backend::Backend, error::Error, nn::Model, train::dataset::Dataset};
use std::time::{Duration, Instant};

/// How long is looked, at least.
const LOOK: Duration = Duration::from_secs(1);

/// Steps per second of the run that `start` describes, from `parent`; `None` if something else was asked meanwhile.
pub(super) fn measure(
    start: &Start,
    parent: &Model,
    backend: &dyn Backend,
    context: &WorkerContext<Trainer>,
) -> Result<Option<f64>, Error> {
    let settings = &start.settings;
    // A step takes as long whichever picture its patches are of.
    let one = &start.train[..start.train.len().min(1)];
    let data =
        Dataset::load(one, &[], parent.plan.scale(), settings.patch, settings.degradation)?.rehearsing(settings)?;
    let mut run = Run::new(backend, &parent.plan, Some(parent.params.clone()), settings.clone(), None);
    // The first one makes room and compiles what is compiled.
    run.step(&data, 0.0)?;
    let (began, mut steps) = (Instant::now(), 0);
    while began.elapsed() < LOOK {
        if context.waiting() || context.stopping() {
            return Ok(None);
        }
        run.step(&data, 0.0)?;
        steps += 1;
    }
    Ok(Some(f64::from(steps) / began.elapsed().as_secs_f64()))
}
