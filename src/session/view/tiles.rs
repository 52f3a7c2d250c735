//! Making tiles of a scene: from filters, networks, other pictures; with the strength of the effect, and differences.

use super::{
    Image, Layer, Wanted,
    scene::{Scene, Source},
};
use crate::{
    backend::{Rect, Route},
    error::Error,
    infer::{Enlarger, InferError, Job, mix},
    session::{
        Shared,
        tile_cache::{CachedTiles, Key, TileCache},
    },
    tensor::{
        Pixels, PixelsError, Size,
        resample::{Filter, Resampler},
    },
};
use std::sync::Arc;

/// A picture at the size of the result, of which any part can be had.
pub(in crate::session) struct Resized<'a> {
    pixels: &'a Pixels,
    by: Resampler,
}

impl<'a> Resized<'a> {
    pub(in crate::session) fn new(filter: Filter, pixels: &'a Pixels, to: Size) -> Self {
        Self { pixels, by: Resampler::new(filter, pixels.size(), to) }
    }

    pub(in crate::session) fn part(&self, r: Rect) -> Result<Pixels, PixelsError> {
        let mut out = Pixels::black(r.w, r.h, self.pixels.channels, self.pixels.depth())?;
        let needed = Route::needed(&self.by, r);
        let Rect { y, x, h, w } = needed;
        let part = |src| self.by.tile(&src, needed.corner(), r.rows(), r.columns());
        out.write_colour(0, 0, &part(self.pixels.read_colour(y, x, h, w)));
        if let Some(alpha) = self.pixels.read_alpha(y, x, h, w) {
            out.write_alpha(0, 0, &part(alpha));
        }
        Ok(out)
    }
}

/// What makes a side's tiles.
enum Maker<'a> {
    Resized(Box<Resized<'a>>),
    Network { work: Box<Work<'a>>, faithful: Option<Box<Work<'a>>> },
}

/// A network's tiles. It is loaded when the first of them is wanted, because opening a device may take seconds, in which
/// the quick tiles are seen.
struct Work<'a> {
    job: &'a Job,
    cached: Option<Arc<CachedTiles>>,
    enlarger: Option<Enlarger<'a>>,
    /// Tiles that it computed: not those that were there from before.
    computed: usize,
}

impl<'a> Work<'a> {
    fn new(job: &'a Job) -> Box<Self> {
        Box::new(Self { job, cached: None, enlarger: None, computed: 0 })
    }

    fn is_done(&self, index: usize) -> bool {
        self.cached.as_ref().is_some_and(|cached| cached.is_done(index))
    }

    /// A tile's samples; `ahead`: which one will be asked for next.
    fn part(
        &mut self,
        (scene, shared, cache): (&'a Scene, &Shared, &TileCache),
        index: usize,
        ahead: Option<usize>,
    ) -> Result<Pixels, Error> {
        let error = |e: InferError| Error::infer(&scene.photo.name, e);
        let cached = match &mut self.cached {
            Some(cached) => cached,
            None => {
                let generation = shared.device()?.generation;
                let (photo, model) = (scene.photo.clone(), self.job.model.clone());
                let ensemble = self.job.ensemble;
                let key = Key { photo, model, grid: scene.grid, ensemble, generation };
                self.cached.insert(cache.get(key).map_err(error)?)
            }
        };
        if let Some(part) = cached.get(index).map_err(|e| error(e.into()))? {
            return Ok(part);
        }
        let work = match &mut self.enlarger {
            Some(work) => work,
            None => {
                let device = shared.device()?;
                let new = Enlarger::new(&scene.photo.pixels, self.job, device.backend.as_ref());
                self.enlarger.insert(new.map_err(error)?)
            }
        };
        let next = ahead.filter(|&next| next != index && !cached.is_done(next));
        let rect = |index| scene.grid.rect(index);
        let part = work.part(rect(index), next.map(rect)).map_err(error)?;
        cached.put(index, &part);
        self.computed += 1;
        Ok(part)
    }
}

pub(super) struct Tiles<'a> {
    scene: &'a Scene,
    shared: &'a Shared,
    cache: &'a TileCache,
    bicubic: Resized<'a>,
    /// Bicubic to the size that a level shows: provisional tiles need no more.
    coarse: Option<(u32, Resized<'a>)>,
    makers: Vec<Maker<'a>>,
}

impl<'a> Tiles<'a> {
    pub(super) fn new(scene: &'a Scene, shared: &'a Shared, cache: &'a TileCache) -> Result<Self, Error> {
        let to = scene.grid.size;
        let maker = |source: &'a Source| match source {
            Source::Baseline(filter) => Maker::Resized(Box::new(Resized::new(*filter, &scene.filled, to))),
            Source::Picture(pixels) => Maker::Resized(Box::new(Resized::new(Filter::Bicubic, pixels, to))),
            Source::Network { job, faithful } => {
                Maker::Network { work: Work::new(job), faithful: faithful.as_ref().map(Work::new) }
            }
        };
        let makers = scene.sides.iter().map(maker).collect();
        let bicubic = Resized::new(Filter::Bicubic, &scene.even, to);
        Ok(Self { scene, shared, cache, bicubic, coarse: None, makers })
    }

    /// Whether a layer's tile at this strength needs no network.
    pub(super) fn is_done(&self, layer: Layer, index: usize, strength: f32) -> bool {
        let done = |side: usize| match &self.makers[side] {
            Maker::Resized(_) => true,
            Maker::Network { work, faithful } => {
                let mixed = faithful.as_ref().filter(|_| strength < 1.0);
                let alone = mixed.is_some() && strength <= 0.0;
                (alone || work.is_done(index)) && mixed.is_none_or(|work| work.is_done(index))
            }
        };
        layer.side().map_or(done(0) && done(1), done)
    }

    /// Tiles that networks have computed so far.
    pub(super) fn computed(&self) -> usize {
        let of = |maker: &Maker<'_>| match maker {
            Maker::Resized(_) => 0,
            Maker::Network { work, faithful } => work.computed + faithful.as_ref().map_or(0, |work| work.computed),
        };
        self.makers.iter().map(of).sum()
    }

    /// A side's tile, or what is shown until its network has computed it.
    pub(super) fn quick(&mut self, layer: Layer, index: usize, wanted: &Wanted) -> Result<Image, Error> {
        let rect = self.scene.grid.rect(index);
        if let Some(Maker::Resized(by)) = layer.side().map(|side| &self.makers[side]) {
            return Ok(Image::shrunk(&by.part(rect).map_err(|e| self.error(e.into()))?, wanted.level));
        }
        let level = wanted.level;
        let small = |n: usize| n.div_ceil(1 << level);
        if self.coarse.as_ref().is_none_or(|(of, _)| *of != level) {
            let Size { width, height } = self.scene.grid.size;
            let to = Size::new(small(width), small(height));
            self.coarse = Some((level, Resized::new(Filter::Bicubic, &self.scene.filled, to)));
        }
        let by = self.coarse.as_ref().map_or(&self.bicubic, |(_, by)| by);
        let rect = Rect { y: rect.y >> level, x: rect.x >> level, h: small(rect.h), w: small(rect.w) };
        let part = by.part(rect).map_err(|e| self.error(e.into()))?;
        Ok(Image::shrunk(&part, 0))
    }

    /// A tile for good. `ahead`: what will be asked for next.
    pub(super) fn slow(
        &mut self,
        layer: Layer,
        index: usize,
        wanted: &Wanted,
        ahead: Option<(Layer, usize)>,
    ) -> Result<Image, Error> {
        let next = |side: usize| ahead.and_then(|(l, i)| (l.side().is_none_or(|s| s == side)).then_some(i));
        match layer.side() {
            Some(side) => {
                let part = self.part(side, index, wanted.strength, next(side))?;
                Ok(Image::shrunk(&part, wanted.level))
            }
            None => {
                let a = self.part(0, index, wanted.strength, next(0))?;
                let b = self.part(1, index, wanted.strength, next(1))?;
                Ok(wanted.difference.image(&a, &b, wanted.level))
            }
        }
    }

    /// A side's samples in a tile.
    pub(super) fn part(
        &mut self,
        side: usize,
        index: usize,
        strength: f32,
        ahead: Option<usize>,
    ) -> Result<Pixels, Error> {
        let rect = self.scene.grid.rect(index);
        let from = (self.scene, self.shared, self.cache);
        let error = |e: PixelsError| Error::infer(&self.scene.photo.name, e.into());
        match &mut self.makers[side] {
            Maker::Resized(by) => by.part(rect).map_err(error),
            Maker::Network { faithful: Some(faithful), .. } if strength <= 0.0 => faithful.part(from, index, ahead),
            Maker::Network { work, faithful } => {
                let mut part = work.part(from, index, ahead)?;
                if strength < 1.0 {
                    let base = match faithful {
                        Some(faithful) => faithful.part(from, index, ahead)?,
                        None => self.bicubic.part(rect).map_err(error)?,
                    };
                    mix(&mut part, &base, strength);
                }
                Ok(part)
            }
        }
    }

    fn error(&self, error: InferError) -> Error {
        Error::infer(&self.scene.photo.name, error)
    }
}
