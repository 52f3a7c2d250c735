//! What the tab knows: what is to be seen, what came back. No egui types, so that it can be tested without a window.

use crate::{
    backend::Rect,
    nn::{Op, Plan},
    session::{
        Failure, JobId,
        layers::{Event, LayerView, Request, Strip, paint::Paint, statistics::Statistics},
        models::ModelRef,
        open::Photo,
    },
    tensor::Point,
};
use std::{path::PathBuf, sync::Arc};

/// Order of the channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As the network has them.
    #[default]
    Index,
    /// Largest mean first.
    Mean,
    /// Largest mean square first.
    Energy,
    /// Most zeros first.
    Zeros,
}

/// What a person should be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A file was written.
    Written(PathBuf),
    /// A file was not written.
    NotWritten(Failure),
}

/// Sides of a region that can be chosen, in the photo's pixels.
pub(super) const SIDES: [usize; 4] = [64, 128, 192, 256];

/// The state.
pub struct LayersState {
    /// The network.
    pub model: ModelRef,
    /// The network beside it.
    pub second: Option<ModelRef>,
    /// The chosen layer's name.
    pub node: Option<String>,
    /// The chosen channel.
    pub channel: usize,
    /// The chosen output, in the map.
    pub pixel: Option<Point>,
    /// Colours.
    pub paint: Paint,
    /// Order of the channels.
    pub sort: Sort,
    /// Longest side of the region.
    pub side: usize,
    /// The newest answer.
    pub look: Option<Arc<LayerView>>,
    /// The network at a glance.
    pub strip: Option<Arc<Strip>>,
    /// Why there is no answer.
    pub failure: Option<String>,
    photo: Option<Arc<Photo>>,
    view: Option<Rect>,
    /// Of the region.
    middle: Point,
    sent: Option<Request>,
    job: Option<JobId>,
    writing: Option<JobId>,
}

impl LayersState {
    /// Nothing is seen yet.
    pub fn new(model: ModelRef) -> Self {
        Self {
            model,
            second: None,
            node: None,
            channel: 0,
            pixel: None,
            paint: Paint::default(),
            sort: Sort::default(),
            side: SIDES[1],
            look: None,
            strip: None,
            failure: None,
            photo: None,
            view: None,
            middle: Point::default(),
            sent: None,
            job: None,
            writing: None,
        }
    }

    /// Goes along with the photo that is open and the part of it that Enhance shows.
    pub fn follow(&mut self, photo: Option<&Arc<Photo>>, view: Option<Rect>) {
        let same = match (&self.photo, photo) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.photo = photo.cloned();
            (self.look, self.strip, self.view, self.failure, self.pixel) = (None, None, None, None, None);
            if let Some(photo) = photo {
                self.middle = Point::new(photo.pixels.width / 2, photo.pixels.height / 2);
            }
        }
        if let Some(view) = view.filter(|v| self.view != Some(*v)) {
            self.middle = Point::new(view.x + view.w / 2, view.y + view.h / 2);
            self.view = Some(view);
        }
    }

    /// Looks at another part.
    pub fn go_to(&mut self, middle: Point) {
        self.middle = middle;
    }

    /// The part of the photo that is looked at.
    pub fn region(&self) -> Option<Rect> {
        let pixels = &self.photo.as_ref()?.pixels;
        let (w, h) = (self.side.min(pixels.width), self.side.min(pixels.height));
        let start = |middle: usize, len: usize, of: usize| middle.saturating_sub(len / 2).min(of - len);
        Some(Rect { y: start(self.middle.y, h, pixels.height), x: start(self.middle.x, w, pixels.width), h, w })
    }

    /// Chooses a layer; an output is chosen anew in it.
    pub fn choose(&mut self, node: &str) {
        if self.node.as_deref() != Some(node) {
            self.node = Some(node.to_owned());
            self.pixel = None;
        }
    }

    /// The layer that comes after (or before) the chosen one.
    pub fn step(&mut self, forward: bool) {
        let Some(look) = &self.look else { return };
        let plan = &look.map.source.model.plan;
        let Some(at) = self.node.as_ref().and_then(|n| plan.find(n)) else { return };
        let next = if forward { (at + 1).min(plan.nodes.len() - 1) } else { at.saturating_sub(1) };
        let name = plan.nodes[next].name.clone();
        self.choose(&name);
    }

    fn request(&self) -> Option<Request> {
        Some(Request {
            photo: self.photo.clone()?,
            region: self.region()?,
            model: self.model.clone(),
            second: self.second.clone(),
            node: self.node.clone(),
            channel: self.channel,
            pixel: self.pixel,
            paint: self.paint,
        })
    }

    /// Whether something else is to be seen than what was asked for.
    pub fn has_changed(&self) -> bool {
        self.request().is_some_and(|request| self.sent.as_ref() != Some(&request))
    }

    /// What to ask the worker, if it was not asked already.
    pub fn want(&mut self) -> Option<(JobId, Request)> {
        let request = self.request().filter(|request| self.sent.as_ref() != Some(request))?;
        let job = JobId::next();
        (self.sent, self.job) = (Some(request.clone()), Some(job));
        Some((job, request))
    }

    /// Notes that a file is being written.
    pub fn writes(&mut self, job: JobId) {
        self.writing = Some(job);
    }

    /// Whether an answer is due.
    pub fn is_waiting(&self) -> bool {
        self.job.is_some()
    }

    /// Takes what the worker tells.
    pub fn apply(&mut self, event: Event) -> Option<Outcome> {
        match event {
            Event::Looked(job, look) if self.job == Some(job) => {
                (self.job, self.failure) = (None, None);
                // What the worker chose in place of what there is not: asking again for it would change nothing.
                let source = &look.map.source;
                self.node = Some(source.model.plan.nodes[source.node].name.clone());
                self.channel = look.detail.channel;
                if let Some(sent) = &mut self.sent {
                    (sent.node, sent.channel) = (self.node.clone(), self.channel);
                }
                if self.strip.as_ref().is_some_and(|s| !Arc::ptr_eq(&s.model, &source.model)) {
                    self.strip = None;
                }
                self.look = Some(look);
            }
            Event::Failed(job, Failure::Failed(reason)) if self.job == Some(job) => {
                (self.job, self.failure) = (None, Some(reason));
            }
            Event::Exported(job, file) if self.writing == Some(job) => {
                self.writing = None;
                return Some(Outcome::Written(file));
            }
            Event::Failed(job, failure) if self.writing == Some(job) => {
                self.writing = None;
                return Some(Outcome::NotWritten(failure));
            }
            Event::Strip(strip) => {
                let shown = self.look.as_ref().map(|l| &l.map.source.model);
                if shown.is_some_and(|model| Arc::ptr_eq(model, &strip.model)) {
                    self.strip = Some(strip);
                }
            }
            // The list of layers stands without small pictures; the look itself failed for the same reason or will.
            Event::NoStrip(_) | Event::Looked(..) | Event::Exported(..) | Event::Failed(..) => {}
        }
        None
    }

    /// The channels in the chosen order.
    pub fn order(&self) -> Vec<usize> {
        let Some(look) = &self.look else { return Vec::new() };
        order(&look.map.statistics, self.sort)
    }
}

fn order(statistics: &[Statistics], sort: Sort) -> Vec<usize> {
    let key = |k: usize| match sort {
        Sort::Index => 0.0,
        Sort::Mean => statistics[k].mean,
        Sort::Energy => statistics[k].energy(),
        Sort::Zeros => statistics[k].zeros,
    };
    let mut channels: Vec<usize> = (0..statistics.len()).collect();
    channels.sort_by(|&a, &b| key(b).total_cmp(&key(a)));
    channels
}

/// The input of a sum that skips layers, if `node` is one: drawn as an arc beside the list.
pub(super) fn skip(plan: &Plan, node: usize) -> Option<usize> {
    let of = &plan.nodes[node];
    match of.op {
        Op::Add { .. } => of.inputs.iter().copied().min(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::open::{Origin, open};

    fn state() -> (LayersState, Arc<Photo>) {
        (LayersState::new(ModelRef::Bundled("x2".to_owned())), Arc::new(open(Origin::Sample).unwrap()))
    }

    #[test]
    fn the_middle_is_looked_at_first_and_then_what_enhance_shows() {
        let (mut state, photo) = state();
        assert!(state.want().is_none(), "nothing is open");
        state.follow(Some(&photo), None);
        let (_, request) = state.want().unwrap();
        let (w, h) = (photo.pixels.width, photo.pixels.height);
        assert_eq!((request.region.w, request.region.x), (128, w / 2 - 64));
        assert!(state.want().is_none(), "asked once");
        state.follow(Some(&photo), Some(Rect { y: 0, x: 0, h: 10, w: 10 }));
        assert_eq!(state.region(), Some(Rect { y: 0, x: 0, h: 128, w: 128 }));
        state.go_to(Point::new(w, h));
        state.follow(Some(&photo), Some(Rect { y: 0, x: 0, h: 10, w: 10 }));
        assert_eq!(state.region().map(|r| (r.x + r.w, r.y + r.h)), Some((w, h)), "the same view does not pull it back");
    }

    #[test]
    fn answers_to_old_questions_are_ignored_and_failures_are_shown() {
        let (mut state, photo) = state();
        state.follow(Some(&photo), None);
        let (old, _) = state.want().unwrap();
        state.choose("head");
        let (new, _) = state.want().unwrap();
        assert_eq!(state.apply(Event::Failed(old, Failure::Failed("old".into()))), None);
        assert_eq!(state.failure, None);
        state.apply(Event::Failed(new, Failure::Failed("new".into())));
        assert_eq!(state.failure.as_deref(), Some("new"));
        let job = JobId::next();
        state.writes(job);
        assert_eq!(state.apply(Event::Exported(job, "a.npy".into())), Some(Outcome::Written("a.npy".into())));
    }

    #[test]
    fn channels_are_sorted_and_equal_ones_keep_their_order() {
        let of = |mean: f64, zeros: f64| Statistics { min: 0.0, max: 1.0, mean, std: 0.0, zeros };
        let statistics = [of(1.0, 0.5), of(-3.0, 0.0), of(2.0, 0.5)];
        assert_eq!(order(&statistics, Sort::Index), [0, 1, 2]);
        assert_eq!(order(&statistics, Sort::Mean), [2, 0, 1]);
        assert_eq!(order(&statistics, Sort::Energy), [1, 2, 0]);
        assert_eq!(order(&statistics, Sort::Zeros), [0, 2, 1]);
    }
}
