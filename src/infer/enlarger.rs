//! Enlarging one picture: [`upscale`] from start to end, [`Enlarger`] tile by tile.

use super::{
    CancelToken, InferError, Job, Progress,
    direct::Direct,
    ensemble::{Mean, Turn, Turned},
    memory, mix,
    stage::{self, Original, Resized, Stage},
    tiles,
    tone::Tone,
};
use crate::{
    backend::{Backend, LayerTime, Rect},
    nn::Model,
    tensor::{
        Pixels,
        alpha::fill_transparent,
        resample::{Filter, Resampler},
    },
};
use std::{borrow::Cow, sync::Arc};

/// The enlarged picture: channels and bits per sample as in `pixels`.
///
/// Grey stays grey. Alpha is enlarged by bicubic; colour under transparent pixels is filled from its surroundings
/// first, so that it does not bleed into visible ones. The result is bit for bit the same for every tile size.
///
/// Resident at the peak: the samples of source and result, and the floats of one tile ([`tiles::BUDGET`]).
///
/// # Errors
/// If the target is impossible or larger than memory, or the work was cancelled.
pub fn upscale(
    pixels: &Pixels,
    job: &Job,
    backend: &dyn Backend,
    progress: &mut dyn Progress,
    cancel: &CancelToken,
) -> Result<Pixels, InferError> {
    Ok(upscale_timed(pixels, job, backend, progress, cancel)?.0)
}

/// [`upscale`], and where the time of the last network went, if the backend knows.
///
/// # Errors
/// The same.
pub fn upscale_timed(
    pixels: &Pixels,
    job: &Job,
    backend: &dyn Backend,
    progress: &mut dyn Progress,
    cancel: &CancelToken,
) -> Result<(Pixels, Vec<LayerTime>), InferError> {
    upscale_part(pixels, job, None, backend, progress, cancel)
}

/// The same of a part of the result, or all of it: bit for bit what would be cut out of the whole.
///
/// # Errors
/// The same, and if the part does not lie in the result.
pub fn upscale_part(
    pixels: &Pixels,
    job: &Job,
    part: Option<Rect>,
    backend: &dyn Backend,
    progress: &mut dyn Progress,
    cancel: &CancelToken,
) -> Result<(Pixels, Vec<LayerTime>), InferError> {
    let mut work = Enlarger::of_part(pixels, job, part, backend)?;
    let mut canvas = work.canvas()?;
    work.go_on(&mut canvas, &mut 0, progress, cancel)?;
    Ok((canvas, work.colour.times()))
}

/// One picture's enlargement with the network loaded, of which any part can be computed at any time.
pub struct Enlarger<'a> {
    pixels: &'a Pixels,
    colour: Box<dyn Stage + 'a>,
    direct: Option<Direct<'a>>,
    alpha: Option<Resampler>,
    /// Whether the picture has no colour, however it is stored.
    grey: bool,
    /// What brings greys back that the network shifts.
    tone: Option<Tone>,
    /// The result that this one is mixed with, and the share of this one.
    rest: Option<(f32, Rest<'a>)>,
    /// What of the result is rendered.
    part: Rect,
    /// Rows and columns of the tiles of the result.
    tile: (usize, usize),
    passes: usize,
}

/// The more faithful result that a [`Strength`](super::Strength) mixes in.
enum Rest<'a> {
    Network(Box<Enlarger<'a>>),
    Bicubic(Box<(Cow<'a, Pixels>, Resampler)>),
}

impl Rest<'_> {
    fn begin(&mut self, rect: Rect) {
        if let Self::Network(network) = self {
            network.begin(rect);
        }
    }

    /// Computes a rectangle of it into `part`, which has no alpha.
    fn draw(&mut self, rect: Rect, part: &mut Pixels) -> Result<(), InferError> {
        match self {
            Self::Network(network) => network.draw_colour(rect, part, (0, 0))?,
            Self::Bicubic(filter) => {
                let (original, by) = filter.as_ref();
                let (rows, columns) = (rect.y..rect.y + rect.h, rect.x..rect.x + rect.w);
                let (ys, xs) = (by.rows.inputs(rows.clone()), by.columns.inputs(columns.clone()));
                let source = original.read_colour(ys.start, xs.start, ys.len(), xs.len());
                part.write_colour(0, 0, &by.tile(&source, (ys.start, xs.start), rows, columns));
            }
        }
        Ok(())
    }
}

impl<'a> Enlarger<'a> {
    /// Loads the job's network and prepares the chain.
    ///
    /// A picture without colour that is stored as RGB is enlarged as the grey picture that it is: a network for colours
    /// would give its edges coloured fringes. One that is all one colour stays so.
    ///
    /// # Errors
    /// If the target is impossible, or memory does not hold the result.
    pub fn new(pixels: &'a Pixels, job: &'a Job, backend: &dyn Backend) -> Result<Self, InferError> {
        Self::of_part(pixels, job, None, backend)
    }

    /// The same where a part of the result, or all of it, is all that is wanted: canvas and tiles are its own.
    ///
    /// # Errors
    /// The same, and if the part does not lie in the result.
    pub fn of_part(
        pixels: &'a Pixels,
        job: &'a Job,
        part: Option<Rect>,
        backend: &dyn Backend,
    ) -> Result<Self, InferError> {
        let (width, height) = job.target.size(pixels.width, pixels.height)?;
        let part = part.unwrap_or(Rect::whole(height, width));
        let Rect { y, x, h, w } = part;
        if h == 0 || w == 0 || y.saturating_add(h) > height || x.saturating_add(w) > width {
            return Err(InferError::Region { x, y, w, h, width, height });
        }
        let faithful = job.faithful();
        let share = job.strength.as_ref().map_or(1.0, |strength| strength.share);
        if let Some(faithful) = faithful.filter(|_| share <= 0.0) {
            return Self::of(pixels, job, faithful, part, backend);
        }
        let mut work = Self::of(pixels, job, &job.model, part, backend)?;
        if share < 1.0 {
            let rest = match faithful {
                Some(faithful) => Rest::Network(Box::new(Self::of(pixels, job, faithful, part, backend)?)),
                None => {
                    let filled = fill_transparent(pixels);
                    let original = filled.neutral().map_or(filled, Cow::Owned);
                    let by = Resampler::new(Filter::Bicubic, (pixels.height, pixels.width), work.size());
                    Rest::Bicubic(Box::new((original, by)))
                }
            };
            work.rest = Some((share, rest));
        }
        Ok(work)
    }

    /// By one of the job's models.
    fn of(
        pixels: &'a Pixels,
        job: &'a Job,
        model: &'a Model,
        part: Rect,
        backend: &dyn Backend,
    ) -> Result<Self, InferError> {
        let (w, h) = job.target.size(pixels.width, pixels.height)?;
        let bytes = part.w as u128 * part.h as u128 * (pixels.channels * pixels.depth().bits() / 8) as u128;
        let passes = Job::way_of(model, (pixels.width, pixels.height), (w, h)).passes;
        // The result, once more where an encoder wants it in another order, and the floats of a tile. Asked for together and
        // at the start: where an allocation fails in the middle, the program ends without a word.
        let tile = if passes > 0 { job.tile.bytes(&model.plan, (part.w, part.h)) } else { 0 };
        let bytes = 2 * bytes + tile;
        if !memory::holds(bytes) {
            return Err(InferError::TooLarge { width: part.w, height: part.h, bytes });
        }
        let filled = fill_transparent(pixels);
        let original = Arc::new(filled.neutral().map_or(filled, Cow::Owned));
        // What is all one colour stays so; a network would shade its edges.
        let passes = if original.is_flat() { 0 } else { passes };
        let grey = original.is_grey();
        let tone = if grey && passes > 0 { Tone::measure(model, passes, backend) } else { None };
        let short = passes > 0 && !job.ensemble;
        let direct = short.then(|| Direct::new(original.clone(), model, passes, (h, w), backend)).flatten();
        // Size of what the last network reads, in whose pixels a tile is measured.
        let mut read = (h, w);
        let mut enlarged = |mut chain: Box<dyn Stage + 'a>| {
            for _ in 0..passes {
                read = stage::network_input_size(chain.size(), model);
                chain = stage::enlarged(chain, model, backend);
            }
            chain
        };
        let mut chain: Box<dyn Stage + 'a> = if job.ensemble && passes > 0 {
            // The picture as it is comes last, so that `read` is measured as it stands.
            let views = Turn::all().collect::<Vec<_>>().into_iter().rev().map(|turn| -> Box<dyn Stage + 'a> {
                let view = Turned { inner: Box::new(Original(original.clone())), turn };
                Box::new(Turned { inner: enlarged(Box::new(view)), turn: turn.inverse() })
            });
            Box::new(Mean(views.collect()))
        } else {
            enlarged(Box::new(Original(original)))
        };
        if chain.size() != (h, w) {
            chain = Box::new(Resized::new(chain, (h, w)));
        }
        let side = job.tile.side(&model.plan);
        let tile = ((side * h).div_ceil(read.0), (side * w).div_ceil(read.1));
        let alpha = pixels.has_alpha().then(|| Resampler::new(Filter::Bicubic, (pixels.height, pixels.width), (h, w)));
        Ok(Self { pixels, colour: chain, direct, alpha, grey, tone, rest: None, part, tile, passes })
    }

    /// Rows and columns of the whole result.
    pub fn size(&self) -> (usize, usize) {
        self.colour.size()
    }

    /// How often the network is applied; 0 if bicubic alone reaches the size.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// The result before anything is rendered: black, with the source's channels and depth.
    ///
    /// # Errors
    /// If it has more samples than can be counted.
    pub fn canvas(&self) -> Result<Pixels, InferError> {
        let Rect { w, h, .. } = self.part;
        Ok(Pixels::black(w, h, self.pixels.channels, self.pixels.depth())?)
    }

    /// The tiles of what is wanted of the result, row by row.
    pub fn tiles(&self) -> impl Iterator<Item = Rect> + use<> {
        tiles::cut(self.part, self.tile.0, self.tile.1)
    }

    /// Renders the tiles from number `next` on, counting it up, so that work that was stopped can be gone on with, on this
    /// or another `Enlarger` of the same job.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn go_on(
        &mut self,
        canvas: &mut Pixels,
        next: &mut usize,
        progress: &mut dyn Progress,
        cancel: &CancelToken,
    ) -> Result<(), InferError> {
        let tiles: Vec<Rect> = self.tiles().collect();
        let area = |tiles: &[Rect]| tiles.iter().map(|tile| (tile.h * tile.w) as u64).sum::<u64>();
        let (mut done, total) = (area(&tiles[..*next]), canvas.area() as u64);
        progress.advance(done, total);
        // Two tiles ahead: one computes while the next is uploaded and the last is written.
        let mut ahead = tiles[*next..].iter();
        for _ in 0..2 {
            ahead.next().into_iter().for_each(|&tile| self.begin(tile));
        }
        while let Some(&tile) = tiles.get(*next) {
            if cancel.is_cancelled() {
                return Err(InferError::Cancelled);
            }
            self.draw(tile, canvas, (tile.y - self.part.y, tile.x - self.part.x))?;
            ahead.next().into_iter().for_each(|&tile| self.begin(tile));
            *next += 1;
            done += (tile.h * tile.w) as u64;
            progress.advance(done, total);
        }
        Ok(())
    }

    /// Tells that a rectangle will be rendered soon, in this order: a device may begin with it. Optional.
    pub fn begin(&mut self, rect: Rect) {
        if let Some(direct) = &mut self.direct {
            direct.begin(rect);
        }
        if let Some((_, rest)) = &mut self.rest {
            rest.begin(rect);
        }
    }

    /// Computes a rectangle of the result as a picture of its own: the samples that [`go_on`](Self::go_on) writes.
    ///
    /// # Errors
    /// If the rectangle is empty, or there is no memory for it.
    ///
    /// # Panics
    /// If it does not lie in the result.
    pub fn part(&mut self, rect: Rect) -> Result<Pixels, InferError> {
        let mut part = Pixels::black(rect.w, rect.h, self.pixels.channels, self.pixels.depth())?;
        self.draw(rect, &mut part, (0, 0))?;
        Ok(part)
    }

    /// Computes a rectangle of the result into `canvas` with its corner at `at`, (row, column).
    fn draw(&mut self, rect: Rect, canvas: &mut Pixels, at: (usize, usize)) -> Result<(), InferError> {
        if self.rest.is_some() {
            let blank = || Pixels::black(rect.w, rect.h, canvas.colour_channels(), canvas.depth());
            let (mut own, mut other) = (blank()?, blank()?);
            self.draw_colour(rect, &mut own, (0, 0))?;
            if let Some((share, rest)) = &mut self.rest {
                rest.draw(rect, &mut other)?;
                mix(&mut own, &other, *share);
            }
            canvas.paste_colour(at.0, at.1, &own);
        } else {
            self.draw_colour(rect, canvas, at)?;
        }
        if let Some(by) = &self.alpha {
            let (rows, columns) = (rect.y..rect.y + rect.h, rect.x..rect.x + rect.w);
            let (ys, xs) = (by.rows.inputs(rows.clone()), by.columns.inputs(columns.clone()));
            if let Some(source) = self.pixels.read_alpha(ys.start, xs.start, ys.len(), xs.len()) {
                canvas.write_alpha(at.0, at.1, &by.tile(&source, (ys.start, xs.start), rows, columns));
            }
        }
        Ok(())
    }

    /// The network's colour alone, unmixed.
    fn draw_colour(&mut self, rect: Rect, canvas: &mut Pixels, (y, x): (usize, usize)) -> Result<(), InferError> {
        let colour = self.direct.as_mut().and_then(|direct| direct.finish(rect));
        if !self.grey {
            match colour {
                Some(colour) => canvas.paste_colour(y, x, &colour),
                None => canvas.write_colour(y, x, &self.colour.read(rect)),
            }
            return Ok(());
        }
        let mut grey = match colour {
            Some(grey) => grey,
            None => {
                let mut grey = Pixels::black(rect.w, rect.h, 1, canvas.depth())?;
                grey.write_colour(0, 0, &self.colour.read(rect));
                grey
            }
        };
        if let Some(tone) = &self.tone {
            tone.apply(&mut grey);
        }
        // One channel fills all three of an RGB picture.
        canvas.write_colour(y, x, &grey.colour());
        Ok(())
    }
}
