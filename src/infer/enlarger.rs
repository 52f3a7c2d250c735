//! Enlarging one picture: [`upscale`] from start to end, [`Enlarger`] tile by tile.

use super::{
    CancelToken, InferError, Job, Progress,
    colour::{Colour, prepared},
    memory, mix,
    tiles::{self, Walk},
};
use crate::{
    backend::{Backend, LayerTime, Rect, Route},
    nn::Model,
    tensor::{
        Pixels, Point, Size, Tensor,
        resample::{Filter, Resampler},
    },
};
use std::borrow::Cow;

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
    colour: Colour<'a>,
    alpha: Option<Resampler>,
    /// The result that this one is mixed with, and the share of this one.
    rest: Option<(f32, Rest<'a>)>,
    /// What of the result is rendered.
    part: Rect,
    /// Of the tiles of the result.
    tile: Size,
}

/// The more faithful result that a [`Strength`](super::Strength) mixes in.
enum Rest<'a> {
    Network(Box<Colour<'a>>),
    Bicubic(Box<(Cow<'a, Pixels>, Resampler)>),
}

impl Rest<'_> {
    /// Computes a rectangle of it into `part`, which has no alpha.
    fn draw(&mut self, rect: Rect, ahead: &[Rect], part: &mut Pixels) -> Result<(), InferError> {
        match self {
            Self::Network(network) => network.draw(rect, ahead, part, Point::default())?,
            Self::Bicubic(filter) => {
                let (original, by) = filter.as_ref();
                let read = |Rect { y, x, h, w }| original.read_colour(y, x, h, w);
                part.write_colour(0, 0, &resampled(by, rect, read));
            }
        }
        Ok(())
    }
}

/// A rectangle behind a resampler, from what `read` gives before it.
fn resampled(by: &Resampler, rect: Rect, read: impl FnOnce(Rect) -> Tensor) -> Tensor {
    let needed = Route::needed(by, rect);
    by.tile(&read(needed), needed.corner(), rect.rows(), rect.columns())
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
        let size = job.target.size(pixels.size())?;
        let part = part.unwrap_or(Rect::whole(size));
        let (Rect { y, x, h, w }, Size { width, height }) = (part, size);
        if h == 0 || w == 0 || y.saturating_add(h) > height || x.saturating_add(w) > width {
            return Err(InferError::Region { x, y, w, h, width, height });
        }
        // The result, once more where an encoder wants it in another order, and the floats of a tile. Asked for together and
        // at the start: where an allocation fails in the middle, the program ends without a word.
        let loads = |model: &Model| {
            let passes = Job::way_of(model, pixels.size(), size).passes;
            let tile =
                if passes > 0 { job.tile.bytes(&model.plan, backend.sweeps(&model.plan), part.size()) } else { 0 };
            let bytes = 2 * w as u128 * h as u128 * (pixels.channels * pixels.depth().bits() / 8) as u128 + tile;
            if !memory::holds(bytes) {
                return Err(InferError::TooLarge { width: w, height: h, bytes });
            }
            Ok(Colour::new(pixels, model, passes, size, job.ensemble, backend))
        };
        let bicubic = || Resampler::new(Filter::Bicubic, pixels.size(), size);
        let share = job.strength.as_ref().map_or(1.0, |strength| strength.share);
        let (model, rest) = match (share, job.faithful()) {
            (..=0.0, Some(faithful)) => (faithful, None),
            (1.0.., _) => (job.model.as_ref(), None),
            (_, Some(faithful)) => (job.model.as_ref(), Some(Rest::Network(Box::new(loads(faithful)?)))),
            (_, None) => (job.model.as_ref(), Some(Rest::Bicubic(Box::new((prepared(pixels), bicubic()))))),
        };
        let colour = loads(model)?;
        // A tile is measured in pixels of what the last pass reads.
        let (side, read) = (job.tile.side(&model.plan, backend.sweeps(&model.plan)), colour.route().last_input());
        let tile = Size::new((side * width).div_ceil(read.width), (side * height).div_ceil(read.height));
        let alpha = pixels.has_alpha().then(bicubic);
        Ok(Self { pixels, colour, alpha, rest: rest.map(|rest| (share, rest)), part, tile })
    }

    /// Columns and rows of the whole result.
    pub fn size(&self) -> Size {
        self.colour.route().size()
    }

    /// How often the network is applied; 0 if bicubic alone reaches the size.
    pub fn passes(&self) -> usize {
        self.colour.route().passes()
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
        tiles::cut(self.part, self.tile)
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
        let (there, left) = tiles.split_at(*next);
        let mut walk = Walk::new(left.iter().copied(), there.iter().copied());
        while let Some((tile, ahead)) = walk.next(progress, cancel)? {
            self.draw(tile, ahead.as_slice(), canvas, Point::new(tile.x - self.part.x, tile.y - self.part.y))?;
            *next += 1;
        }
        Ok(())
    }

    /// Computes a rectangle of the result as a picture of its own: the samples that [`go_on`](Self::go_on) writes. `ahead`:
    /// what will be asked for next, with which a device begins meanwhile.
    ///
    /// # Errors
    /// If the rectangle is empty, or there is no memory for it.
    ///
    /// # Panics
    /// If it does not lie in the result.
    pub fn part(&mut self, rect: Rect, ahead: Option<Rect>) -> Result<Pixels, InferError> {
        let mut part = Pixels::black(rect.w, rect.h, self.pixels.channels, self.pixels.depth())?;
        self.draw(rect, ahead.as_slice(), &mut part, Point::default())?;
        Ok(part)
    }

    /// Computes a rectangle of the result into `canvas` with its corner at `at`.
    fn draw(&mut self, rect: Rect, ahead: &[Rect], canvas: &mut Pixels, at: Point) -> Result<(), InferError> {
        if let Some((share, rest)) = &mut self.rest {
            let blank = || Pixels::black(rect.w, rect.h, canvas.colour_channels(), canvas.depth());
            let (mut own, mut other) = (blank()?, blank()?);
            self.colour.draw(rect, ahead, &mut own, Point::default())?;
            rest.draw(rect, ahead, &mut other)?;
            mix(&mut own, &other, *share);
            canvas.paste_colour(at.y, at.x, &own);
        } else {
            self.colour.draw(rect, ahead, canvas, at)?;
        }
        if let Some(by) = &self.alpha {
            let Rect { y, x, h, w } = Route::needed(by, rect);
            if let Some(source) = self.pixels.read_alpha(y, x, h, w) {
                canvas.write_alpha(at.y, at.x, &resampled(by, rect, |_| source));
            }
        }
        Ok(())
    }
}
