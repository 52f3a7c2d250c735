//! A piece of the view as each model makes it, for the list of models: made off the window's thread while the list is open.

use super::{sizes::target_of, state::EnhanceState};
use crate::{
    backend::Rect as Piece,
    infer::Target,
    session::{
        JobId, Worker,
        open::Photo,
        tries::{Tried, Tries as Maker, Try},
        view::{Image, ModelChoice},
    },
    tensor::{Size, resample::Filter},
    ui::{Shell, uploads::Uploads},
};
use eframe::egui::{Color32, ColorImage, Context, Painter, Pos2, Rect, Stroke, TextureId, TextureOptions, pos2, vec2};
use std::sync::Arc;

/// What pieces are of: where one of it changes, all are made anew.
#[derive(Clone)]
struct Subject {
    photo: Arc<Photo>,
    target: Target,
    piece: Piece,
    /// Which device, and which of the models that were trained here.
    made_by: (u64, u64),
}

impl Subject {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &other.photo)
            && (self.target, self.piece, self.made_by) == (other.target, other.piece, other.made_by)
    }
}

pub(super) struct Tries {
    worker: Worker<Maker>,
    subject: Option<Subject>,
    job: Option<JobId>,
    asked: Vec<ModelChoice>,
    made: Vec<(ModelChoice, Result<Arc<Image>, String>)>,
    textures: Uploads<usize>,
}

impl Tries {
    pub(super) fn new(shell: &Shell) -> Self {
        let shared = shell.shared.clone();
        Self::with_worker(Worker::start("tries", shell.waker.clone(), move || Maker::new(shared.clone())))
    }

    fn with_worker(worker: Worker<Maker>) -> Self {
        let textures = Uploads::default();
        Self { worker, subject: None, job: None, asked: Vec::new(), made: Vec::new(), textures }
    }

    /// Tells the worker to end.
    pub(super) fn stop(&mut self) {
        self.worker.stop();
    }

    pub(super) fn poll(&mut self, shell: &mut Shell) {
        for Tried { job, look, made } in
            super::super::events(&self.worker, super::super::EVENTS_PER_FRAME, &shell.waker)
        {
            if let (true, Some(look)) = (self.job == Some(job), look) {
                self.made.push((look, made.map_err(|failure| failure.to_string())));
            }
        }
    }

    /// Asks for the middle of the view, a piece of the result of that size, made in each of these ways. Called in every frame
    /// that shows them; the worker is asked only where something of it is new.
    pub(super) fn want(&mut self, state: &EnhanceState, size: Size, looks: &[ModelChoice], shell: &mut Shell) {
        let (Some(photo), Some(of), Some(seen)) = (&state.photo, state.size(), state.visible) else { return };
        let middle = |from: usize, length: usize, side: usize, piece: usize| {
            (from + length / 2).saturating_sub(piece / 2).min(side - piece.min(side))
        };
        let piece = Piece {
            y: middle(seen.y, seen.h, of.height, size.height),
            x: middle(seen.x, seen.w, of.width, size.width),
            h: size.height.min(of.height),
            w: size.width.min(of.width),
        };
        let made_by = state.made_by();
        let subject = Subject { photo: photo.clone(), target: target_of(&state.choice, photo), piece, made_by };
        if self.subject.as_ref().is_none_or(|old| !old.same(&subject)) {
            (self.subject, self.job) = (Some(subject.clone()), None);
            (self.asked, self.made) = (Vec::new(), Vec::new());
        }
        if looks.iter().all(|look| self.asked.contains(look)) {
            return;
        }
        let lacking = looks.iter().filter(|look| !self.made.iter().any(|(of, _)| of == *look)).cloned().collect();
        let job = JobId::next();
        let Subject { photo, target, piece, .. } = subject;
        match self.worker.send(Try { job, photo, target, piece, looks: lacking }) {
            Ok(()) => (self.job, self.asked) = (Some(job), looks.to_vec()),
            Err(failure) => shell.failed(&failure),
        }
    }

    /// A piece, as far as it is there.
    fn get(&mut self, ctx: &Context, look: &ModelChoice) -> Option<(TextureId, f32)> {
        let at = self.made.iter().position(|(of, _)| of == look)?;
        let image = self.made[at].1.as_ref().ok()?.clone();
        let size = Size::new(image.width, image.height);
        let make = || ColorImage::from_rgba_premultiplied([size.width, size.height], &image.rgba);
        let texture = self.textures.get(ctx, at, &image, TextureOptions::LINEAR, size, make)?;
        Some((texture.id(), image.width as f32 / image.height as f32))
    }

    /// Why there is no piece, if that is known.
    pub(super) fn problem(&self, look: &ModelChoice) -> Option<&str> {
        self.made.iter().find(|(of, _)| of == look)?.1.as_ref().err().map(String::as_str)
    }

    /// Draws all of a piece, as soon as it is there.
    pub(super) fn paint_whole(&mut self, painter: &Painter, place: Rect, look: &ModelChoice) {
        painter.rect_filled(place, 2.0, painter.ctx().global_style().visuals.extreme_bg_color);
        let Some((texture, aspect)) = self.get(painter.ctx(), look) else { return };
        let size = vec2(place.width().min(place.height() * aspect), place.height().min(place.width() / aspect));
        let all = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        painter.image(texture, Rect::from_center_size(place.center(), size), all, Color32::WHITE);
    }

    /// Draws a piece before and after: bicubic at the left of a line, the model at its right, as soon as it is there.
    pub(super) fn paint(&mut self, painter: &Painter, place: Rect, look: &ModelChoice) {
        painter.rect_filled(place, 2.0, painter.ctx().global_style().visuals.extreme_bg_color);
        let before = self.get(painter.ctx(), &ModelChoice::Baseline(Filter::Bicubic));
        let after = self.get(painter.ctx(), look);
        for (of, from, to) in [(before, 0.0, if after.is_some() { 0.5 } else { 1.0 }), (after, 0.5, 1.0)] {
            let Some((texture, _)) = of else { continue };
            let at = |part: f32| place.left() + place.width() * part;
            let part = Rect::from_min_max(pos2(at(from), place.top()), pos2(at(to), place.bottom()));
            let uv = Rect::from_min_max(pos2(from, 0.0), pos2(to, 1.0));
            painter.image(texture, part, uv, Color32::WHITE);
        }
        if after.is_some() {
            painter.vline(place.center().x, place.y_range(), Stroke::new(1.0, Color32::WHITE));
        }
    }
}
