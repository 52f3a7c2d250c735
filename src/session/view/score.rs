//! How close both sides come to a reference, in view and as a whole.

use super::{View, Wanted, WorkerContext, scene::Scene, tiles::Tiles};
use crate::{
    backend::Rect,
    error::Error,
    metrics::{self, Quality},
    session::tile_cache::paste,
    tensor::Pixels,
};

/// The most pixels that are compared at once: beyond, the comparison would hold the view up.
const MAX_SCORED_PIXELS: usize = 24_000_000;

/// How close A and B come to the reference.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scores {
    /// In view, without a border.
    pub view: [Option<Quality>; 2],
    /// Of the whole picture, once all of it is computed, without a border as wide as the scale.
    pub whole: [Option<Quality>; 2],
    /// Why there are none.
    pub problem: Option<String>,
}

/// `None` if a command came before it was done.
pub(super) fn score(
    scene: &Scene,
    tiles: &mut Tiles<'_>,
    wanted: &Wanted,
    context: &WorkerContext<View>,
) -> Result<Option<Scores>, Error> {
    let Some(reference) = &scene.reference else { return Ok(None) };
    let (given, size) = (reference.size(), scene.grid.size);
    let mut scores = Scores::default();
    if given != size {
        let problem = format!("the reference has {given} pixels and the result {size}; choose the size that fits");
        scores.problem = Some(problem);
        return Ok(Some(scores));
    }
    let factor = (size.width as f64 / scene.photo.pixels.width as f64).round() as usize;
    for (rect, border, into) in [(wanted.visible, 0, &mut scores.view), (Rect::whole(size), factor, &mut scores.whole)]
    {
        for (side, into) in into.iter_mut().enumerate() {
            if context.waiting() || context.stopping() {
                return Ok(None);
            }
            if rect.h * rect.w > MAX_SCORED_PIXELS || !(0..2).all(|s| done(scene, tiles, s, rect, wanted.strength)) {
                continue;
            }
            let part = region(scene, tiles, side, rect, wanted.strength)?;
            let truth = reference.crop(rect.y, rect.x, rect.h, rect.w);
            *into = truth.ok().and_then(|truth| metrics::compare(&truth, &part, border).ok());
        }
    }
    Ok(Some(scores))
}

/// How far B's colours are off the photo's on average, in steps of 255; `None` unless a network made it and all of it is
/// computed.
pub(super) fn colour(scene: &Scene, tiles: &mut Tiles<'_>, wanted: &Wanted) -> Result<Option<f64>, Error> {
    let whole = Rect::whole(scene.grid.size);
    if !is_colour_due(scene, tiles, wanted) {
        return Ok(None);
    }
    let result = region(scene, tiles, 1, whole, wanted.strength)?;
    // A result that is smaller than the photo is bicubic's.
    Ok(metrics::honesty(&result, &scene.photo.pixels).ok().map(|honesty| honesty.colour))
}

/// Whether there is something to tell by [`colour`].
pub(super) fn is_colour_due(scene: &Scene, tiles: &Tiles<'_>, wanted: &Wanted) -> bool {
    let whole = Rect::whole(scene.grid.size);
    let network = matches!(scene.sides[1], super::scene::Source::Network { .. });
    network && whole.h * whole.w <= MAX_SCORED_PIXELS && done(scene, tiles, 1, whole, wanted.strength)
}

/// Whether no network has to run for that part of a side.
fn done(scene: &Scene, tiles: &Tiles<'_>, side: usize, rect: Rect, strength: f32) -> bool {
    let layer = super::Layer::SIDES[side];
    scene.grid.touched(rect).into_iter().all(|index| tiles.is_done(layer, index, strength))
}

/// A part of a side, put together from tiles.
fn region(scene: &Scene, tiles: &mut Tiles<'_>, side: usize, rect: Rect, strength: f32) -> Result<Pixels, Error> {
    let failed = |e: crate::tensor::PixelsError| Error::infer(&scene.photo.name, e.into());
    let mut out: Option<Pixels> = None;
    for index in scene.grid.touched(rect) {
        let of = scene.grid.rect(index);
        let part = tiles.part(side, index, strength, None)?;
        let (top, left) = (of.y.max(rect.y), of.x.max(rect.x));
        let (bottom, right) = ((of.y + of.h).min(rect.y + rect.h), (of.x + of.w).min(rect.x + rect.w));
        let cut = part.crop(top - of.y, left - of.x, bottom - top, right - left).map_err(failed)?;
        let out = match &mut out {
            Some(out) => out,
            None => out.insert(Pixels::black(rect.w, rect.h, cut.channels, cut.depth()).map_err(failed)?),
        };
        paste(out, top - rect.y, left - rect.x, &cut);
    }
    out.ok_or(crate::tensor::PixelsError::Empty { width: rect.w, height: rect.h }).map_err(failed)
}
