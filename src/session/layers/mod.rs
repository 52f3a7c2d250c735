//! Looking into a network: what a layer makes of a part of a photo, and how.
//!
//! | file | what |
//! |---|---|
//! | `look` | one request and everything that answers it |
//! | `source` | the values that a look needs, from one run of the network |
//! | `statistics`, `paint` | numbers about channels; values as colours |
//! | `detail`, `flat`, `spectrum` | one channel in depth: power activation, answers to flat patches, frequencies |
//! | `explain` | the arithmetic of one output |
//! | `strip` | every layer at a glance |
//! | `export` | layers in files |
//!
//! A [`Request`] says completely what is to be seen, so the newest one wins: older ones that still wait are cancelled. What
//! two requests have in common (values, colours, a channel) is kept from one to the next.

pub mod detail;
pub mod explain;
pub mod export;
pub mod flat;
mod look;
pub mod paint;
pub mod source;
mod spectrum;
pub mod statistics;
mod strip;

pub use look::{LayerView, Map, Request};
pub use spectrum::Spectrum;
pub use strip::{Strip, THUMB};

use super::{Failure, JobId, Shared, Work, WorkerContext};
use crate::{backend::Rect, error::Error, image_io::Guard, nn::Model, session::open::Photo};
use std::{collections::VecDeque, path::PathBuf, sync::Arc};

/// What the worker is asked.
pub enum Command {
    /// To look.
    Look {
        /// Its id.
        job: JobId,
        /// At what.
        request: Request,
    },
    /// To write a layer that was looked at.
    Export {
        /// Its id.
        job: JobId,
        /// Its values.
        map: Arc<Map>,
        /// For [`Kind::Channel`](export::Kind::Channel).
        channel: usize,
        /// What.
        kind: export::Kind,
        /// Where.
        file: PathBuf,
        /// Whether a file that exists is replaced.
        overwrite: bool,
    },
}

/// What it tells.
pub enum Event {
    /// A look ended.
    Looked(JobId, Arc<LayerView>),
    /// A layer was written.
    Exported(JobId, PathBuf),
    /// A job ended without its result.
    Failed(JobId, Failure),
    /// Every layer at a glance, after the look that needed it.
    Strip(Arc<Strip>),
    /// There is no strip.
    NoStrip(Failure),
}

/// The worker.
pub struct Layers {
    shared: Shared,
    cached: look::Cached,
    waiting: VecDeque<Command>,
    /// Photo, model and region that the strip is due for, and was last made for.
    due: Option<Glance>,
    done: Option<Glance>,
}

#[derive(Clone)]
struct Glance(Arc<Photo>, Arc<Model>, Rect);

impl PartialEq for Glance {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) && Arc::ptr_eq(&self.1, &other.1) && self.2 == other.2
    }
}

impl Layers {
    /// Nothing is computed yet.
    pub fn new(shared: Shared) -> Self {
        Self { shared, cached: look::Cached::default(), waiting: VecDeque::new(), due: None, done: None }
    }

    fn look(&mut self, job: JobId, request: Request, context: &WorkerContext<Self>) {
        context.set_current_job(Some(job));
        let result = self.cached.look(&self.shared, request, context.stop());
        context.set_current_job(None);
        match result {
            Ok(look) => {
                let glance = Glance(look.request.photo.clone(), look.map.source.model.clone(), look.request.region);
                self.due = (self.done.as_ref() != Some(&glance)).then_some(glance);
                context.emit(Event::Looked(job, Arc::new(look)));
            }
            Err(error) => context.emit(Event::Failed(job, error.into())),
        }
    }

    /// Makes the strip, unless a command comes in between.
    fn glance(&mut self, glance: Glance, context: &WorkerContext<Self>) {
        let strip = || -> Result<Option<Strip>, Error> {
            let device = self.shared.device()?;
            let give_up = || context.waiting() || context.stopping();
            let Glance(photo, model, region) = &glance;
            strip::strip(&photo.pixels, model, *region, device.backend.as_ref(), context.stop(), give_up)
                .map_err(|e| Error::infer(&photo.name, e))
        };
        match strip() {
            // A command came: it may ask for another region, else the strip is still due.
            Ok(None) => self.due = Some(glance),
            Ok(Some(strip)) => {
                self.done = Some(glance);
                context.emit(Event::Strip(Arc::new(strip)));
            }
            Err(error) => {
                self.done = Some(glance);
                context.emit(Event::NoStrip(error.into()));
            }
        }
    }
}

impl Work for Layers {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, context: &WorkerContext<Self>) {
        self.waiting.push_back(command);
        self.waiting.extend(std::iter::from_fn(|| context.next()));
        let looks = |c: &Command| matches!(c, Command::Look { .. });
        let newest = self.waiting.iter().rposition(looks);
        for (i, command) in std::mem::take(&mut self.waiting).into_iter().enumerate() {
            match command {
                Command::Look { job, .. } if Some(i) != newest => {
                    context.emit(Event::Failed(job, Failure::Cancelled));
                }
                Command::Look { job, request } => self.look(job, request, context),
                Command::Export { job, map, channel, kind, file, overwrite } => {
                    context.set_current_job(Some(job));
                    let name = &map.source.model.plan.nodes[map.source.node].name;
                    // What was looked at last is what the layer is of.
                    let photo = self.due.as_ref().or(self.done.as_ref()).and_then(|glance| glance.0.path.as_ref());
                    let written = Guard::new(photo).claim(&file, overwrite).map_err(Error::from);
                    let written = written.and_then(|to| export::write_one(&to, kind, name, &map.source.shown, channel));
                    context.set_current_job(None);
                    context.emit(match written {
                        Ok(()) => Event::Exported(job, file),
                        Err(error) => Event::Failed(job, error.into()),
                    });
                }
            }
        }
    }

    fn go_on(&mut self, context: &WorkerContext<Self>) -> bool {
        let Some(glance) = self.due.take() else { return false };
        self.glance(glance, context);
        self.due.is_some()
    }

    fn failed(job: JobId, failure: Failure) -> Event {
        Event::Failed(job, failure)
    }
}

#[cfg(test)]
mod tests;
