//! A whole result into a file or onto the clipboard, on a thread of its own so that the view stays live.
//!
//! Tiles that the view has computed are not computed again; the others are, and the view gets them.

use super::{
    Failure, JobId, Shared, Work, WorkerContext,
    maker::Maker,
    open::Photo,
    tile_cache::{CachedTiles, Grid, Key, TileCache},
    view::{Image, ModelChoice, Resized},
};
use crate::{
    backend::Rect,
    error::Error,
    image_io::{self, EncodeOptions, Guard},
    infer::{
        self, Enlarger, InferError, Job, Strength, Target, mix,
        tiles::{TileSize, Walk},
    },
    nn::Model,
    tensor::{
        Depth, Pixels, Size,
        alpha::fill_transparent,
        resample::{Filter, resize_pixels},
    },
};
use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Instant};

#[path = "export_meter.rs"]
mod meter;
use meter::{Meter, asked_to_stop};

/// Which result.
#[derive(Clone)]
pub struct Subject {
    /// Of this photo.
    pub photo: Arc<Photo>,
    /// Made like this.
    pub look: ModelChoice,
    /// Of this size.
    pub target: Target,
    /// This part of the result, or all of it.
    pub part: Option<Rect>,
    /// The resolution that a file states; `None`: the photo's.
    pub dpi: Option<f64>,
    /// How much of a network's effect.
    pub strength: f32,
    /// Whether a network gives the mean over eight flips and rotations.
    pub ensemble: bool,
}

impl Subject {
    /// Its columns and rows.
    ///
    /// # Errors
    /// If the photo cannot have that size.
    pub fn size(&self) -> Result<Size, InferError> {
        let whole = self.target.size(self.photo.pixels.size())?;
        Ok(self.part.map_or(whole, |part| part.size()))
    }
}

/// Where it goes.
#[derive(Clone)]
pub enum Destination {
    /// Into a file.
    File {
        /// Where.
        path: PathBuf,
        /// How.
        options: EncodeOptions,
        /// Bits per sample. More than the photo has are computed anew.
        depth: Depth,
    },
    /// Onto the clipboard: a part of it, or all.
    Clipboard(Option<Rect>),
}

/// What the exporter is asked.
pub enum Command {
    /// A result to a place.
    Export {
        /// Its id.
        job: JobId,
        /// What.
        result: Subject,
        /// Where to.
        to: Destination,
    },
    /// Ends the export at work.
    Stop,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Pixels done.
    pub done: u64,
    /// Of all; those of a photo model at less than full strength are counted twice, as they are computed.
    pub total: u64,
    /// Pixels per second of those that were computed now, once there are some.
    pub speed: Option<f64>,
}

impl Progress {
    /// From 0 to 1.
    pub fn share(&self) -> f32 {
        (self.done as f64 / self.total.max(1) as f64) as f32
    }

    /// Seconds until the end.
    pub fn left(&self) -> Option<f64> {
        Some((self.total - self.done) as f64 / self.speed?)
    }
}

/// A result that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The file.
    pub path: PathBuf,
    /// Columns and rows.
    pub size: Size,
    /// What it took.
    pub seconds: f64,
    /// What people should know about the file.
    pub notes: Vec<String>,
}

/// What it tells.
pub enum Event {
    /// How far it is. May be dropped.
    Progress(JobId, Progress),
    /// The file is there already and may not be replaced: ask.
    Exists(JobId, PathBuf),
    /// The file is written.
    Saved(JobId, Saved),
    /// A picture of that size is on the clipboard.
    Copied(JobId, Size),
    /// It was not done.
    Failed(JobId, Failure),
}

/// The worker.
pub struct Exporter {
    shared: Shared,
    cache: TileCache,
    /// What is on the clipboard is served by this on systems whose clipboard holds nothing by itself.
    clipboard: Option<arboard::Clipboard>,
}

impl Exporter {
    /// With the cache of the view.
    pub fn new(shared: Shared, cache: TileCache) -> Self {
        Self { shared, cache, clipboard: None }
    }

    fn export(
        &mut self,
        job: JobId,
        result: &Subject,
        to: Destination,
        context: &WorkerContext<Self>,
    ) -> Result<Event, Error> {
        let began = Instant::now();
        match to {
            Destination::File { path, options, depth } => {
                let of = &result.photo.pixels;
                let size = result.size().map_err(|e| Error::infer(&result.photo.name, e))?;
                let compared = match &result.look {
                    ModelChoice::File(file) => Some(file),
                    _ => None,
                };
                let guard = Guard::new(result.photo.path.iter().chain(compared));
                match guard.check(&path, options.overwrite) {
                    Err(error) if matches!(error.kind, image_io::ErrorKind::Exists) => {
                        return Ok(Event::Exists(job, path));
                    }
                    other => other?,
                }
                image_io::check_encodable(options.format, size, options.channels_of(of), depth)
                    .map_err(|reason| image_io::Error::new(&path, reason))?;
                let target = guard.claim(&path, options.overwrite)?;
                let pixels = match result.part {
                    Some(part) => self.part(job, result, part, depth, context)?,
                    None => self.pixels(job, result, depth, context)?,
                };
                if asked_to_stop(context) {
                    // During the last tile, or while the strength was mixed in: nothing is written yet.
                    return Err(Error::Interrupted);
                }
                let pixels = if depth == Depth::Eight { Arc::new(pixels.to_eight()) } else { pixels };
                let meta = result.photo.meta.clone().of_result(result.part.is_some(), result.dpi);
                let notes = image_io::encode_into(&target, &pixels, &meta, &options)?;
                let seconds = began.elapsed().as_secs_f64();
                Ok(Event::Saved(job, Saved { path, size, seconds, notes }))
            }
            Destination::Clipboard(part) => {
                let pixels = self.pixels(job, result, result.photo.pixels.depth(), context)?;
                let r = part.unwrap_or(Rect::whole(pixels.size()));
                let failed = |e: crate::tensor::PixelsError| Error::infer(&result.photo.name, e.into());
                let pixels = pixels.crop(r.y, r.x, r.h, r.w).map_err(failed)?.without_opaque_alpha();
                let image = Image::shrunk(&pixels, 0);
                self.copy(&image)?;
                Ok(Event::Copied(job, r.size()))
            }
        }
    }

    fn copy(&mut self, image: &Image) -> Result<(), Error> {
        let failed = |e: arboard::Error| Error::Clipboard(e.to_string());
        let clipboard = match &mut self.clipboard {
            Some(clipboard) => clipboard,
            None => self.clipboard.insert(arboard::Clipboard::new().map_err(failed)?),
        };
        let data = arboard::ImageData { width: image.width, height: image.height, bytes: (&image.rgba[..]).into() };
        clipboard.set_image(data).map_err(failed)
    }

    /// A part of the result: bit for bit what would be cut out of the whole.
    fn part(
        &self,
        job: JobId,
        result: &Subject,
        part: Rect,
        depth: Depth,
        context: &WorkerContext<Self>,
    ) -> Result<Arc<Pixels>, Error> {
        let failed = |e: InferError| Error::infer(&result.photo.name, e);
        let of = &result.photo.pixels;
        let to = result.target.size(of.size()).map_err(failed)?;
        let source = source(of, depth);
        let (model, faithful) = match result.look.maker(&self.shared.models, &result.photo, to)? {
            Maker::Filter(filter) => return resized_part(filter, &source, to, part).map_err(failed),
            Maker::Picture(other) => return resized_part(Filter::Bicubic, &other, to, part).map_err(failed),
            Maker::Network { model, faithful, .. } => (model, faithful),
        };
        let strength = (result.strength < 1.0).then_some(Strength { share: result.strength, faithful });
        let Subject { target, ensemble, .. } = *result;
        let network = Job { model, target, tile: TileSize::Automatic, ensemble, strength };
        let mut meter = Meter::new(job, (part.h * part.w) as u64, context);
        let device = self.shared.device()?;
        meter.listen(|progress, stop| {
            infer::upscale_part(&source, &network, Some(part), device.backend.as_ref(), progress, stop)
                .map(|(pixels, _)| Arc::new(pixels))
                .map_err(failed)
        })
    }

    /// The whole result.
    fn pixels(
        &self,
        job: JobId,
        result: &Subject,
        depth: Depth,
        context: &WorkerContext<Self>,
    ) -> Result<Arc<Pixels>, Error> {
        let failed = |e: InferError| Error::infer(&result.photo.name, e);
        let of = &result.photo.pixels;
        let size = result.target.size(of.size()).map_err(failed)?;
        let source = source(of, depth);
        let resized = |filter, of: &Pixels| resize_pixels(filter, of, size).map_err(|e| failed(e.into()));
        let (model, faithful) = match result.look.maker(&self.shared.models, &result.photo, size)? {
            Maker::Filter(filter) => return resized(filter, &source).map(Arc::new),
            Maker::Picture(other) => return resized(Filter::Bicubic, &other).map(Arc::new),
            Maker::Network { model, faithful, .. } => (model, faithful),
        };
        let passes = if faithful.is_some() && result.strength > 0.0 && result.strength < 1.0 { 2 } else { 1 };
        let mut meter = Meter::new(job, passes * size.area() as u64, context);
        let mut made = |model: Arc<Model>| {
            let Subject { target, ensemble, .. } = *result;
            let network = Job { model, target, tile: TileSize::Automatic, ensemble, strength: None };
            self.whole(&mut meter, &result.photo, &source, &network, Grid { size })
        };
        if result.strength >= 1.0 {
            return made(model);
        }
        let rest = match faithful {
            Some(faithful) if result.strength <= 0.0 => return made(faithful),
            Some(faithful) => made(faithful)?,
            None => {
                let filled = fill_transparent(&source);
                let even = filled.evened().map_or(filled, Cow::Owned);
                Arc::new(resized(Filter::Bicubic, &even)?)
            }
        };
        let mut whole = Arc::unwrap_or_clone(made(model)?);
        mix(&mut whole, &rest, result.strength);
        Ok(Arc::new(whole))
    }

    /// All of what a network makes of a photo, or of its `source` of another depth.
    fn whole(
        &self,
        meter: &mut Meter<'_>,
        photo: &Arc<Photo>,
        source: &Pixels,
        network: &Job,
        grid: Grid,
    ) -> Result<Arc<Pixels>, Error> {
        let failed = |e: InferError| Error::infer(&photo.name, e);
        let device = self.shared.device()?;
        if source.depth() == photo.pixels.depth() {
            let (model, ensemble) = (network.model.clone(), network.ensemble);
            let key = Key { photo: photo.clone(), model, grid, ensemble, generation: device.generation };
            let cached = self.cache.get(key).map_err(failed)?;
            let work = Enlarger::new(&photo.pixels, network, device.backend.as_ref()).map_err(failed)?;
            return fill(meter, &cached, grid, work).map_err(failed);
        }
        meter.listen(|progress, stop| {
            let whole = infer::upscale(source, network, device.backend.as_ref(), progress, stop);
            Ok(Arc::new(whole.map_err(failed)?))
        })
    }
}

/// The photo's pixels, in 16 bits if so many are wanted.
fn source(of: &Arc<Pixels>, depth: Depth) -> Arc<Pixels> {
    let deeper = depth == Depth::Sixteen && of.depth() == Depth::Eight;
    if deeper { Arc::new(of.to_sixteen()) } else { of.clone() }
}

/// A part of a picture resampled to that size: without the whole.
fn resized_part(filter: Filter, of: &Pixels, to: Size, part: Rect) -> Result<Arc<Pixels>, InferError> {
    Ok(Arc::new(Resized::new(filter, &fill_transparent(of), to).part(part)?))
}

/// Computes the tiles that are not cached yet.
fn fill(
    meter: &mut Meter<'_>,
    cached: &CachedTiles,
    grid: Grid,
    mut work: Enlarger<'_>,
) -> Result<Arc<Pixels>, InferError> {
    let (there, left): (Vec<usize>, Vec<usize>) = (0..grid.count()).partition(|&index| cached.is_done(index));
    let rects = |of: &[usize]| of.iter().map(|&index| grid.rect(index)).collect::<Vec<_>>();
    let mut walk = Walk::new(rects(&left), rects(&there));
    meter.listen(|progress, stop| {
        let mut indices = left.iter();
        while let (Some((rect, ahead)), Some(&index)) = (walk.next(progress, stop)?, indices.next()) {
            // The view may have been here meanwhile.
            if !cached.is_done(index) {
                cached.put(index, &work.part(rect, ahead)?);
            }
        }
        cached.whole().ok_or(InferError::Cancelled)
    })
}

impl Work for Exporter {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, context: &WorkerContext<Self>) {
        let Command::Export { job, result, to } = command else { return };
        context.set_current_job(Some(job));
        let event = self.export(job, &result, to, context).unwrap_or_else(|e| Event::Failed(job, e.into()));
        context.set_current_job(None);
        context.emit(event);
    }

    fn failed(job: JobId, failure: Failure) -> Event {
        Event::Failed(job, failure)
    }
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
