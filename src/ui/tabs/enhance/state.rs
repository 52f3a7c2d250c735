//! The tab's state, without a window: what is chosen, what has arrived, what is to be asked for.

use super::{
    all::All,
    camera::Camera,
    choice::{Choice, Mode},
    crop::Tool,
    sizes::target_of,
    stage::Stage,
    work::{TilesInView, Work},
};
use crate::infer::bundled::KindChoice;
use crate::ui::{
    BatchLook,
    text::{self, text},
    widgets::{history::History, kind},
};
use crate::{
    backend::Rect,
    session::{
        JobId,
        models::ModelRef,
        open::Photo,
        tile_cache::Grid,
        view::{Event, Layer, ModelChoice, Scores, Show, Tile, Wanted},
    },
};
use std::{collections::HashMap, sync::Arc};

/// Bytes of tiles that are kept when they are out of sight.
const CACHE_BYTES: usize = 256 << 20;

/// Seconds between two questions for tiles: panning asks for others in every frame.
const MIN_INTERVAL: f64 = 0.05;

/// A tile with when it was last in view.
pub(super) struct Held {
    pub(super) tile: Tile,
    seen: u64,
}

/// What was asked last: it is asked again only if something of it changes.
#[derive(Clone, PartialEq)]
struct TileRequest {
    job: JobId,
    version: u64,
    level: u32,
    visible: Rect,
    layers: Vec<Layer>,
}

#[derive(Default)]
pub(super) struct EnhanceState {
    pub(super) choice: Choice,
    /// The choice that was last acted on.
    pub(super) acted: Choice,
    pub(super) history: History<Choice>,
    pub(super) camera: Camera,
    /// Where the line between A and B stands, from 0 (left) to 1.
    pub(super) split: f32,
    /// The side whose key is held: it is shown alone.
    pub(super) held: Option<usize>,
    pub(super) loupe: bool,
    pub(super) photo: Option<Arc<Photo>>,
    /// Grows with the choice of a device.
    device: u64,
    /// Which of the models that were trained here is shown, where one is.
    training: u64,
    pub(super) stage: Stage,
    /// When tiles were asked for last, in seconds.
    asked_at: f64,
    /// Something is to be asked for in a later frame.
    pub(super) late: bool,

    pub(super) tiles: HashMap<(Layer, usize), Held>,
    version: u64,
    asked: Option<TileRequest>,
    frame: u64,
    work: Work,
    pub(super) scores: Option<Scores>,
    /// How far B's colours are off on average, in steps of 255, once it is finished.
    pub(super) colour: Option<f64>,
    pub(super) visible: Option<Rect>,
    /// What draws the crop.
    pub(super) crop: Tool,
    /// The dialog with all models, if it is open.
    pub(super) all: Option<All>,
}

impl EnhanceState {
    pub(super) fn new(choice: Choice) -> Self {
        let history = History::new(choice.clone());
        Self { split: 0.5, history, choice, ..Self::default() }
    }

    /// The scene to show, if another photo, choice or device asks for one, or a better model of the training that is
    /// shown. `training` says which is the latest of those.
    pub(super) fn scene(&mut self, photo: &Arc<Photo>, device: u64, training: u64) -> Option<Show> {
        let same_photo = self.photo.as_ref().is_some_and(|p| Arc::ptr_eq(p, photo));
        if !same_photo {
            // Another photo has other parts.
            self.choice.crop = None;
            self.history.revise(|choice| choice.crop = None);
        }
        let target = target_of(&self.choice, photo);
        let same_size = target == target_of(&self.acted, photo);
        let (new, old) = (&self.choice, &self.acted);
        let (shown, before) = (new.all_looks(), old.all_looks());
        let shows_trained = shown.contains(&ModelChoice::Model(ModelRef::Trained));
        let better = shows_trained && self.training != training;
        if same_photo
            && self.device == device
            && !better
            && (before.starts_with(&shown) && same_size && new.reference == old.reference)
            && new.ensemble == old.ensemble
            && self.stage.job().is_some()
        {
            return None;
        }
        if self.stage.is_unseen() {
            return None;
        }
        let alike = same_photo && self.device == device && same_size;
        let kept = |side: usize| {
            let network = new.look(side).is_network();
            alike && new.look(side) == old.look(side) && (new.ensemble == old.ensemble || !network)
        };
        let keep = [0, 1, 2, 3].map(kept);
        if !same_photo {
            self.camera = Camera::default();
        } else if let (Some(facts), Ok(size)) = (self.stage.facts(), target.size(photo.pixels.size())) {
            self.camera.resized(facts.grid.size, size);
        }
        let looks_kept = keep[0] && keep[1];
        self.tiles.retain(|(layer, _), _| layer.side().map_or(looks_kept, |side| keep[side]));
        (self.photo, self.device, self.training) = (Some(photo.clone()), device, training);
        (self.scores, self.colour, self.asked, self.work) = Default::default();
        if same_photo {
            // Strength and the like act with the scene, and so does a better model: until its tiles come the last ones stay.
            self.version += u64::from(better || new_version(&self.choice, &self.acted));
        }
        self.acted = self.choice.clone();
        let job = JobId::next();
        self.stage.ask(job, looks_kept);
        let choice = &self.choice;
        Some(Show {
            job,
            photo: photo.clone(),
            looks: shown,
            target,
            ensemble: choice.ensemble,
            reference: choice.reference.clone(),
        })
    }

    /// Whether something may be seen through a layer: where it comes from says, because its tiles come one by one.
    pub(super) fn may_be_transparent(&self, layer: Layer) -> bool {
        let file = layer.side().is_some_and(|side| matches!(self.acted.look(side), ModelChoice::File(_)));
        file || layer.side().is_some() && self.photo.as_ref().is_some_and(|photo| photo.pixels.has_alpha())
    }

    /// Whether the photo stands for a layer's tiles until they come: not for another picture, nor for a difference.
    pub(super) fn shows_photo(&self, layer: Layer) -> bool {
        layer.side().is_some_and(|side| !matches!(self.acted.look(side), ModelChoice::File(_)))
    }

    /// The side that is shown alone, if one is.
    pub(super) fn alone(&self) -> Option<usize> {
        self.held.or((self.choice.mode == Mode::Flip).then_some(1))
    }

    /// Which layers are drawn now.
    pub(super) fn layers(&self) -> Vec<Layer> {
        if let Some(side) = self.held {
            return vec![Layer::SIDES[side]];
        }
        match self.choice.mode {
            Mode::Difference => vec![Layer::Difference],
            // A is what one flips to: it is there before the key is pressed.
            Mode::Flip => vec![Layer::B, Layer::A],
            Mode::Split | Mode::Beside => vec![Layer::A, Layer::B],
            Mode::Four => Layer::SIDES.to_vec(),
        }
    }

    /// What to ask for a pane of that size, in pixels of the screen, if that has changed; not too often. `now`: seconds.
    pub(super) fn wanted(&mut self, pane: (f64, f64), now: f64) -> Option<Wanted> {
        self.frame += 1;
        if new_version(&self.choice, &self.acted) {
            self.version += 1;
            self.colour = None;
            self.acted.strength = self.choice.strength;
            self.acted.difference = self.choice.difference;
        }
        let (size, job) = (self.size()?, self.stage.job()?);
        self.camera.settle(pane, size);
        let visible = self.camera.visible(pane, size);
        self.visible = Some(visible);
        let (level, layers) = (self.camera.level(), self.layers());
        let grid = Grid { size };
        let touched = grid.touched(visible);
        for layer in &layers {
            for &index in &touched {
                if let Some(held) = self.tiles.get_mut(&(*layer, index)) {
                    held.seen = self.frame;
                }
            }
        }
        let asked = TileRequest { job, version: self.version, level, visible, layers };
        self.late = self.asked.as_ref() != Some(&asked);
        if !self.late || (self.asked.is_some() && now < self.asked_at + MIN_INTERVAL) {
            return None;
        }
        (self.late, self.asked_at) = (false, now);
        let lacks = |key: &(Layer, usize)| self.tiles.get(key).is_none_or(|held| !self.serves(&held.tile, level));
        let all = touched.iter().flat_map(|&index| asked.layers.iter().map(move |&layer| (layer, index)));
        let tiles = all.filter(lacks).collect();
        self.asked = Some(asked);
        self.forget();
        let (strength, difference) = (self.choice.strength, self.choice.difference);
        Some(Wanted { job, version: self.version, strength, difference, level, visible, tiles })
    }

    fn serves(&self, tile: &Tile, level: u32) -> bool {
        !tile.provisional && tile.version == self.version && tile.level == level
    }

    /// Drops tiles that were out of sight longest, down to the budget.
    fn forget(&mut self) {
        let bytes = |held: &Held| held.tile.image.rgba.len();
        let mut total: usize = self.tiles.values().map(bytes).sum();
        if total <= CACHE_BYTES {
            return;
        }
        let mut old: Vec<_> =
            self.tiles.iter().filter(|(_, h)| h.seen < self.frame).map(|(&k, h)| (h.seen, k)).collect();
        old.sort_by_key(|(seen, _)| *seen);
        for (_, key) in old {
            if total <= CACHE_BYTES {
                break;
            }
            total -= self.tiles.remove(&key).map_or(0, |held| bytes(&held));
        }
    }

    /// Takes what the worker tells. Answers to earlier questions are dropped.
    pub(super) fn apply(&mut self, event: Event) {
        let current = self.stage.job();
        match event {
            Event::Facts(job, facts) if Some(job) == current => self.stage.show(job, facts),
            Event::Tile(job, tile) if Some(job) == current => {
                let key = (tile.layer, tile.index);
                self.work.add(&tile);
                let real = self.tiles.get(&key).is_some_and(|held| !held.tile.provisional);
                if !(tile.provisional && real) {
                    self.tiles.insert(key, Held { tile, seen: self.frame });
                }
            }
            Event::Colour(job, version, colour) if Some(job) == current && version == self.version => {
                self.colour = Some(colour);
            }
            Event::Scores(job, version, scores) if Some(job) == current && version == self.version => {
                self.scores = Some(scores);
            }
            Event::Failed(job, failure) if Some(job) == current => self.stage.fail(job, failure.to_string()),
            _ => {}
        }
    }

    /// Tiles of the networks' sides in view.
    pub(super) fn progress(&self) -> TilesInView {
        let (Some(asked), Some(size)) = (&self.asked, self.size()) else { return TilesInView::default() };
        let touched = Grid { size }.touched(asked.visible);
        let slow = |layer: &&Layer| layer.side().is_none_or(|side| self.choice.look(side).is_network());
        let all =
            || asked.layers.iter().filter(slow).flat_map(|&layer| touched.iter().map(move |&index| (layer, index)));
        let done = all().filter(|key| self.tiles.get(key).is_some_and(|h| self.serves(&h.tile, asked.level)));
        TilesInView { done: done.count(), all: all().count() }
    }

    /// Megapixels per second of the networks in this scene.
    pub(super) fn speed(&self) -> Option<f64> {
        self.work.speed()
    }

    /// Seconds until all in view is computed.
    pub(super) fn left(&self) -> Option<f64> {
        let TilesInView { done, all } = self.progress();
        let tile = (crate::session::tile_cache::SIDE as f64).powi(2) / 1e6;
        (done < all).then_some((all - done) as f64 * tile / self.speed()?)
    }

    /// Seconds that B's whole takes, as far as the speed is known. Without a network it takes next to none.
    pub(super) fn export_seconds(&self) -> Option<f64> {
        if !self.choice.looks[1].is_network() {
            return Some(0.0);
        }
        Some(self.exported_size()?.area() as f64 / 1e6 / self.work.speed_of(1)?)
    }

    /// The model that makes B, if one does and it is known.
    pub(super) fn model_in_use(&self) -> Option<ModelRef> {
        match (&self.choice.looks[1], self.stage.facts()) {
            (ModelChoice::Model(model), _) => Some(model.clone()),
            (ModelChoice::Auto(_), Some(facts)) => Some(ModelRef::Bundled(facts.names[1].clone())),
            _ => None,
        }
    }

    /// How B is made, for Batch.
    pub(super) fn batch_look(&self) -> BatchLook {
        let Choice { target, print, strength, ensemble, .. } = self.choice;
        let dpi = print.map(|print| print.dpi);
        let (kind, model) = match &self.choice.looks[1] {
            ModelChoice::Model(model) => (KindChoice::Auto, Some(model.clone())),
            ModelChoice::Auto(kind) => (*kind, None),
            ModelChoice::Baseline(_) | ModelChoice::File(_) => (KindChoice::Auto, None),
        };
        BatchLook { kind, target, dpi, strength, ensemble, model }
    }

    /// One step of undo per drag: called with whether the pointer is up.
    pub(super) fn settle(&mut self, pointer_is_up: bool) {
        self.history.settle(&self.choice, pointer_is_up);
    }

    pub(super) fn undo(&mut self) {
        if let Some(choice) = self.history.undo(&self.choice) {
            self.choice = choice;
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(choice) = self.history.redo(&self.choice) {
            self.choice = choice;
        }
    }

    /// What stands on a side, as people read it.
    pub(super) fn shown_name(&self, side: usize) -> String {
        match (self.fact(side), self.choice.look(side)) {
            (Some(name), ModelChoice::Auto(KindChoice::Auto)) => text!("look-auto-is", model = kind::name_of(name)),
            (_, look) => text::look_name(look),
        }
    }

    /// What changes where results change although the choice does not: the device, and the model that was trained here.
    pub(super) fn made_by(&self) -> (u64, u64) {
        (self.device, self.training)
    }

    /// What stands on a side, for names of files.
    pub(super) fn name(&self, side: usize) -> String {
        match (self.fact(side), self.choice.look(side)) {
            (Some(name), ModelChoice::Auto(_)) => name.to_owned(),
            (_, look) => look.name(),
        }
    }

    /// What the worker says that a side is made by; it may not have seen that side yet.
    fn fact(&self, side: usize) -> Option<&str> {
        self.stage.facts()?.names.get(side).map(String::as_str)
    }

    /// The part of the photo in view, in the photo's pixels.
    pub(super) fn view(&self) -> Option<Rect> {
        let (r, size) = (self.visible?, self.size()?);
        let of = &self.photo.as_ref()?.pixels;
        let span = |from: usize, length: usize, side: usize, small: usize| {
            let start = (from * small / side).min(small - 1);
            (start, ((from + length) * small).div_ceil(side).clamp(start + 1, small) - start)
        };
        let ((y, rows), (x, columns)) = (span(r.y, r.h, size.height, of.height), span(r.x, r.w, size.width, of.width));
        Some(Rect { y, x, h: rows, w: columns })
    }
}

/// Whether tiles look different now, without another scene.
fn new_version(new: &Choice, old: &Choice) -> bool {
    new.strength != old.strength || new.difference != old.difference
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
