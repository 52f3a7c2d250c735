//! A whole result into a file or onto the clipboard, on a thread of its own so that the view stays live.
//!
//! Tiles that the view has computed are not computed again; the others are, and the view gets them.

use super::{
    Failure, JobId, Shared, Work, WorkerContext,
    open::Photo,
    tile_cache::{CachedTiles, Grid, Key, TileCache},
    view::{Image, ModelChoice},
};
use crate::{
    backend::Rect,
    error::Error,
    image_io::{self, EncodeOptions, Guard},
    infer::{self, CancelToken, Enlarger, InferError, Job, Target, mix, tiles::TileSize},
    nn::Model,
    tensor::{
        Depth, Pixels,
        resample::{Filter, resize_pixels},
    },
};
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Which result.
#[derive(Clone)]
pub struct Subject {
    /// Of this photo.
    pub photo: Arc<Photo>,
    /// Made like this.
    pub look: ModelChoice,
    /// Of this size.
    pub target: Target,
    /// How much of a network's effect.
    pub strength: f32,
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

/// What it tells.
pub enum Event {
    /// Pixels done, of all.
    Progress(JobId, u64, u64),
    /// The file is there already and may not be replaced: ask.
    Exists(JobId, PathBuf),
    /// A sentence that says what was done.
    Done(JobId, String),
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
                let (w, h) =
                    result.target.size(of.width, of.height).map_err(|e| Error::infer(&result.photo.name, e))?;
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
                image_io::check_encodable(options.format, w, h, options.channels_of(of), depth)
                    .map_err(|reason| image_io::Error::new(&path, reason))?;
                let target = guard.claim(&path, options.overwrite)?;
                let pixels = self.pixels(job, result, depth, context)?;
                if asked_to_stop(context) {
                    // During the last tile, or while the strength was mixed in: nothing is written yet.
                    return Err(Error::Interrupted);
                }
                let pixels = if depth == Depth::Eight { Arc::new(pixels.to_eight()) } else { pixels };
                let notes = image_io::encode_into(&target, &pixels, &result.photo.meta, &options)?;
                let seconds = began.elapsed().as_secs_f64();
                let mut text = format!("{}: {w} × {h} pixels in {seconds:.1} s", path.display());
                notes.iter().for_each(|note| text += &format!("; {note}"));
                Ok(Event::Done(job, text))
            }
            Destination::Clipboard(part) => {
                let pixels = self.pixels(job, result, result.photo.pixels.depth(), context)?;
                let r = part.unwrap_or(Rect::whole(pixels.height, pixels.width));
                let failed = |e: crate::tensor::PixelsError| Error::infer(&result.photo.name, e.into());
                let pixels = pixels.crop(r.y, r.x, r.h, r.w).map_err(failed)?.without_opaque_alpha();
                let image = Image::shrunk(&pixels, 0);
                self.copy(&image)?;
                Ok(Event::Done(job, format!("{} × {} pixels are on the clipboard", r.w, r.h)))
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
        let (w, h) = result.target.size(of.width, of.height).map_err(failed)?;
        let deeper = depth == Depth::Sixteen && of.depth() == Depth::Eight;
        let source = if deeper { Arc::new(of.to_sixteen()) } else { of.clone() };
        let model = match &result.look {
            ModelChoice::Baseline(filter) => {
                return resize_pixels(*filter, &source, h, w).map(Arc::new).map_err(|e| failed(e.into()));
            }
            ModelChoice::File(file) => {
                let picture = image_io::decode(file)?.pixels;
                return resize_pixels(Filter::Bicubic, &picture, h, w).map(Arc::new).map_err(|e| failed(e.into()));
            }
            ModelChoice::Auto(kind) => self.shared.models.for_size((of.width, of.height), (w, h), *kind)?,
            ModelChoice::Model(model) => model.clone(),
        };
        let model = self.shared.models.get(&model)?;
        let faithful = self.shared.models.faithful(&model, w.max(h) as f64 / of.width.max(of.height) as f64)?;
        let made = |model: Arc<Model>| {
            let network =
                Job { model, target: result.target, tile: TileSize::Automatic, ensemble: false, strength: None };
            self.whole(job, &result.photo, &source, &network, Grid { height: h, width: w }, context)
        };
        if result.strength >= 1.0 {
            return made(model);
        }
        let rest = match faithful {
            Some(faithful) if result.strength <= 0.0 => return made(faithful),
            Some(faithful) => made(faithful)?,
            None => Arc::new(resize_pixels(Filter::Bicubic, &source, h, w).map_err(|e| failed(e.into()))?),
        };
        let mut whole = Arc::unwrap_or_clone(made(model)?);
        mix(&mut whole, &rest, result.strength);
        Ok(Arc::new(whole))
    }

    /// All of what a network makes of a photo, or of its `source` of another depth.
    fn whole(
        &self,
        job: JobId,
        photo: &Arc<Photo>,
        source: &Pixels,
        network: &Job,
        grid: Grid,
        context: &WorkerContext<Self>,
    ) -> Result<Arc<Pixels>, Error> {
        let failed = |e: InferError| Error::infer(&photo.name, e);
        let device = self.shared.device()?;
        if source.depth() == photo.pixels.depth() {
            let key = Key { photo: photo.clone(), model: network.model.clone(), grid, generation: device.generation };
            let cached = self.cache.get(key).map_err(failed)?;
            let work = Enlarger::new(&photo.pixels, network, device.backend.as_ref()).map_err(failed)?;
            return fill(job, &cached, grid, work, context).map_err(failed);
        }
        let stop = CancelToken::new();
        let mut progress = |done, total| {
            context.emit_progress(Event::Progress(job, done, total));
            if asked_to_stop(context) {
                stop.cancel();
            }
        };
        let whole = infer::upscale(source, network, device.backend.as_ref(), &mut progress, &stop);
        Ok(Arc::new(whole.map_err(failed)?))
    }
}

/// Between two tiles: whether to end. The only command that comes while an export is at work is to stop it.
fn asked_to_stop(context: &WorkerContext<Exporter>) -> bool {
    context.stopping() || context.waiting()
}

/// Computes the tiles that are not cached yet.
fn fill(
    job: JobId,
    cached: &CachedTiles,
    grid: Grid,
    mut work: Enlarger<'_>,
    context: &WorkerContext<Exporter>,
) -> Result<Arc<Pixels>, InferError> {
    let total = (grid.width * grid.height) as u64;
    let mut done = 0;
    let all: Vec<usize> = (0..grid.count()).collect();
    let mut begun = None;
    for &index in &all {
        let rect = grid.rect(index);
        if asked_to_stop(context) {
            return Err(InferError::Cancelled);
        }
        if !cached.is_done(index) {
            if begun != Some(index) {
                work.begin(rect);
            }
            begun = all[index + 1..].iter().copied().find(|&next| !cached.is_done(next));
            if let Some(next) = begun {
                work.begin(grid.rect(next));
            }
            cached.put(index, &work.part(rect)?);
        }
        done += (rect.h * rect.w) as u64;
        context.emit_progress(Event::Progress(job, done, total));
    }
    cached.whole().ok_or(InferError::Cancelled)
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
mod tests {
    use super::*;
    use crate::infer::bundled::Kind;
    use crate::{
        backend::Choice,
        image_io::Format,
        nn::{Arch, Model, ModelSpec, Params},
        session::{Worker, open},
    };
    use std::time::Duration;

    fn ended(worker: &Worker<Exporter>) -> Event {
        loop {
            match worker.wait(Duration::from_secs(120)).expect("an event") {
                Event::Progress(..) => {}
                other => return other,
            }
        }
    }

    #[test]
    fn a_file_is_the_result_to_the_bit_and_is_not_replaced_unasked() {
        let shared = Shared::new(Choice::Cpu);
        let clone = shared.clone();
        let worker =
            Worker::start("export", Arc::new(|| {}), move || Exporter::new(clone.clone(), TileCache::default()));
        let mut photo = open::open(open::Origin::Sample).unwrap();
        photo.pixels = Arc::new(photo.pixels.crop(0, 0, 40, 300).unwrap());
        let photo = Arc::new(photo);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ä #1.png");
        let result = Subject {
            photo: photo.clone(),
            look: ModelChoice::Auto(Kind::Clean),
            target: Target::Factor(2.0),
            strength: 1.0,
        };
        let export = |depth, overwrite| {
            let options = EncodeOptions { overwrite, ..EncodeOptions::new(Format::Png) };
            let to = Destination::File { path: path.clone(), options, depth };
            worker.send(Command::Export { job: JobId::next(), result: result.clone(), to }).unwrap();
            ended(&worker)
        };
        assert!(matches!(export(Depth::Eight, false), Event::Done(_, text) if text.contains("600 × 80")));
        let model = shared.models.get(&shared.models.for_factor(2.0, Kind::Clean).unwrap()).unwrap();
        let job =
            Job { model, target: Target::Factor(2.0), tile: TileSize::Automatic, ensemble: false, strength: None };
        let backend = shared.device().unwrap().backend;
        let cancel = infer::CancelToken::new();
        let whole = infer::upscale(&photo.pixels, &job, backend.as_ref(), &mut infer::Silent, &cancel).unwrap();
        assert_eq!(image_io::decode(&path).unwrap().pixels, whole);
        assert!(matches!(export(Depth::Eight, false), Event::Exists(..)));
        assert!(matches!(export(Depth::Sixteen, true), Event::Done(..)));
        let deep = image_io::decode(&path).unwrap().pixels;
        assert_eq!(deep.depth(), Depth::Sixteen);
        assert_ne!(deep.to_eight().to_sixteen(), deep, "sixteen bits are computed, not stretched");
    }

    #[test]
    fn an_export_of_any_depth_ends_within_a_tile_when_it_is_stopped_and_writes_nothing() {
        let shared = Shared::new(Choice::Cpu);
        let clone = shared.clone();
        let worker =
            Worker::start("export", Arc::new(|| {}), move || Exporter::new(clone.clone(), TileCache::default()));
        let mut photo = open::open(open::Origin::Sample).unwrap();
        // Many tiles: the whole would take much longer than the first of them.
        let wide = resize_pixels(Filter::Nearest, &photo.pixels, 1400, 1400).unwrap();
        photo.pixels = Arc::new(wide);
        let (photo, folder) = (Arc::new(photo), tempfile::tempdir().unwrap());
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let small = Model { params: Params::zeros(&plan), plan, card: Default::default() };
        let weights = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(weights.path(), small.to_bytes().unwrap()).unwrap();
        let model = shared.models.add(weights.path()).unwrap();
        for depth in [Depth::Eight, Depth::Sixteen] {
            let path = folder.path().join("out.png");
            let look = ModelChoice::Model(model.clone());
            let result = Subject { photo: photo.clone(), look, target: Target::Factor(2.0), strength: 1.0 };
            let to = Destination::File { path, options: EncodeOptions::new(Format::Png), depth };
            let job = JobId::next();
            worker.send(Command::Export { job, result, to }).unwrap();
            let total = 2800 * 2800;
            let mut most = 0;
            loop {
                match worker.wait(Duration::from_secs(120)).expect("an event") {
                    Event::Progress(_, done, all) => {
                        assert_eq!(all, total);
                        if most == 0 {
                            worker.send(Command::Stop).unwrap();
                        }
                        most = most.max(done).max(1);
                    }
                    Event::Failed(of, failure) => {
                        assert_eq!((of, failure), (job, Failure::Cancelled));
                        break;
                    }
                    _ => panic!("{depth:?} went on to the end"),
                }
            }
            assert!(most < total / 2, "{depth:?} stopped after {most} of {total} pixels");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no file, half-written or whole");
        }
    }
}
