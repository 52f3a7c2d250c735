//! `addersr upscale`: photos in, larger photos out. One that fails does not stop the others.

use super::{Context, bar::Bar, enlarge::Enlarge, outputs::Outputs, precision, profile, region::Region, text};
use crate::{
    backend::Backend,
    error::Error,
    image_io::{self, EncodeOptions, Metadata, Picture},
    infer::{self, InferError, Job, tiles::TileSize},
    nn::Precision,
    session::{
        Task,
        batch::{Chooser, Making},
        models::{Catalogue, ModelRef},
        source::Source,
    },
    tensor::Pixels,
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// Enlarges photos.
#[derive(clap::Args)]
#[command(after_help = "\
The network enlarges by its own whole factor, repeatedly if need be; bicubic then brings the result to the exact size.
16 bits stay 16 bits, grey stays grey, transparency, colour profile, EXIF and DPI are kept. Nothing that exists is
replaced without --overwrite.

Examples:
  addersr upscale photo.jpg                            photo_x2.png beside it
  addersr upscale photo.jpg -o big.webp --width 3840   an exact size, another format
  addersr upscale *.jpg -o large/ --scale 4            into a folder
  addersr upscale photo.jpg --model x2,x2-best         photo_x2_x2.png and photo_x2_x2-best.png
  addersr upscale photo.jpg --crop 400,300,800x600     a part of it
  addersr upscale photo.jpg --print 30cm@300           for a print of 30 cm at 300 dpi
  addersr upscale *.jpg --template '{name}_{w}x{h}' --format jpg --quality 92")]
pub(super) struct Args {
    /// Photos to enlarge
    #[arg(value_name = "PHOTO", required = true)]
    photos: Vec<PathBuf>,
    /// File to write (one photo) or folder to write into [default: beside each photo]
    #[arg(long, short, value_name = "OUT")]
    out: Option<PathBuf>,
    #[command(flatten)]
    enlarge: Enlarge,
    /// Enlarge this part only, in pixels of the photo as it is seen upright; exact sizes are then the part's
    #[arg(long, value_name = "X,Y,WIDTHxHEIGHT")]
    crop: Option<Region>,
    /// Side of the tiles, in pixels of the photo; changes memory and speed, not the result [default: by memory]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=65536))]
    tile: Option<u32>,
    /// Compute the network's first N operations on the CPU and the rest on the graphics device: the smallest N that makes a
    /// wrong picture right tells which operation is wrong
    #[arg(long, value_name = "N", help_heading = "For checking")]
    cpu_until: Option<usize>,
    /// Compute adder layers with 16-bit differences, on a graphics device that has them: faster on some, less exact
    #[arg(long)]
    half: bool,
    /// Print where the time went, layer by layer, to standard error
    #[arg(long, help_heading = "For checking")]
    profile: bool,
    /// Replace files that exist (never a photo that is read)
    #[arg(long)]
    overwrite: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The `--json` document.
#[derive(Serialize)]
struct Report {
    done: usize,
    failed: usize,
    images: Vec<Entry>,
}

/// What became of one photo.
#[derive(Serialize)]
struct Entry {
    file: String,
    #[serde(flatten)]
    done: Option<Done>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct Done {
    out: String,
    width: usize,
    height: usize,
    model: String,
    /// What the photo was found to be like, where that chose the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// f32 or int8.
    precision: Precision,
    /// How often the network was applied.
    passes: usize,
    /// Computing, without reading and writing.
    seconds: f64,
    /// The share of the photo that a damaged file still holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovered: Option<f64>,
    notes: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    // What can be refused at once is: a model that is no model, a template that is no template.
    let settings = args.enlarge.settings(None)?;
    let catalogue = Catalogue::default();
    let given: Vec<&ModelRef> = settings.iter().filter_map(|settings| settings.model.as_ref()).collect();
    let models = given.iter().map(|model| catalogue.get(model)).collect::<Result<Vec<_>, _>>()?;
    let template = settings[0].parsed().map_err(|e| Error::Usage(e.to_string()))?;
    let outputs = Outputs::new(&args.enlarge, template, &args.photos, args.out.as_deref(), args.overwrite)?;
    let device = &args.enlarge.device;
    let backend = match (args.cpu_until, args.half) {
        (None, false) => device.backend(context.threads)?,
        (until, half) => device.graphics(context.threads, until.unwrap_or(0), half)?,
    };
    for (name, model) in given.iter().zip(&models) {
        infer::at_precision(model, settings[0].precision, backend.as_ref())
            .map_err(|e| precision::refused(&name.name(), &e))?;
    }
    let results = args.photos.len() * settings.len();
    let mut choosers: Vec<Chooser> =
        settings.into_iter().map(|settings| Chooser::new(settings, catalogue.clone())).collect();
    let work = Work { args, context, backend };
    tracing::info!("computing on {}", work.backend.name());

    // The network is what is waited for: the next photo is read and the last result written meanwhile. Without --model there
    // is one way to choose.
    let each = choosers.len();
    let photo = |at: usize| &args.photos[at / each];
    let read = |at| (at < results).then(|| read(photo(at)));
    let mut tally = Tally { json: args.json, report: Report { done: 0, failed: 0, images: Vec::new() }, code: 0 };
    let (mut reading, mut writing) = (read(0), None);
    for at in 0..results {
        let picture = reading.take().map(Task::wait);
        reading = read(at + 1);
        let Some(picture) = picture else { break };
        let made = work.enlarge(photo(at), at / each + 1, picture, &mut choosers[at % each], &outputs);
        if let Some(before) = writing.take() {
            tally.add(photo(at - 1), Task::wait(before))?;
        }
        match made {
            Ok(made) => writing = Some(made.write()),
            Err(error) => {
                let interrupted = matches!(error, Error::Interrupted);
                tally.add(photo(at), Err(error))?;
                if interrupted {
                    break;
                }
            }
        }
    }
    if let Some(last) = writing {
        tally.add(photo(results - 1), last.wait())?;
    }
    let Tally { report, code, .. } = tally;
    if args.json {
        text::print_json(&report)?;
    } else if report.failed > 0 && results > 1 {
        let what = if each > 1 { "results made" } else { "photos enlarged" };
        text::tell!("{} of {results} {what}", report.done);
    }
    // Several photos: whichever failed, the command failed; only an interruption is told apart.
    Ok(ExitCode::from(if results > 1 && report.failed > 0 && code != 130 { 1 } else { code }))
}

/// What has become of the photos so far, told as it comes.
struct Tally {
    json: bool,
    report: Report,
    code: u8,
}

impl Tally {
    fn add(&mut self, photo: &Path, result: Result<Done, Error>) -> Result<(), Error> {
        let file = text::lossy(photo);
        match result {
            Ok(done) => {
                for note in &done.notes {
                    text::tell!("note: {file}: {note}");
                }
                if !self.json {
                    let speed = (done.width * done.height) as f64 / 1e6 / done.seconds.max(1e-9);
                    let Done { out, width, height, seconds, .. } = &done;
                    let out = text::name(Path::new(out));
                    text::print(&format!("{out}: {width}×{height} pixels in {seconds:.1} s, {speed:.2} MP/s\n"))?;
                }
                self.report.done += 1;
                self.report.images.push(Entry { file, done: Some(done), error: None });
            }
            Err(error) => {
                text::tell!("error: {error}");
                self.report.failed += 1;
                self.code = error.exit_code();
                self.report.images.push(Entry { file, done: None, error: Some(error.to_string()) });
            }
        }
        Ok(())
    }
}

/// A photo that is read meanwhile.
type Reading = Task<Result<Picture, image_io::Error>>;

fn read(photo: &Path) -> Reading {
    let photo = photo.to_owned();
    Task::quiet(move || image_io::decode(&photo))
}

/// A result that is not on the disk yet.
struct Made {
    out: image_io::Target,
    options: EncodeOptions,
    pixels: Pixels,
    meta: Metadata,
    done: Done,
}

impl Made {
    fn write(self) -> Task<Result<Done, Error>> {
        Task::quiet(move || {
            let Self { out, options, pixels, meta, mut done } = self;
            done.notes.extend(image_io::encode_into(&out, &pixels, &meta, &options)?);
            Ok(done)
        })
    }
}

/// What is the same for every photo.
struct Work<'a> {
    args: &'a Args,
    context: &'a Context,
    backend: Box<dyn Backend>,
}

impl Work<'_> {
    fn enlarge(
        &self,
        photo: &Path,
        number: usize,
        picture: Result<Picture, image_io::Error>,
        chooser: &mut Chooser,
        outputs: &Outputs,
    ) -> Result<Made, Error> {
        if self.context.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let failed = |e: InferError| Error::infer(photo, e);
        let picture = picture?;
        if let Some(kind) = picture.incomplete().filter(|_| chooser.settings.strict) {
            return Err(image_io::Error::new(photo, kind).into());
        }
        let mut found = None;
        let making =
            chooser.making(photo, picture.pixels.size(), self.args.crop.map(|Region(crop)| crop), |factor| {
                let source = Source::of(&picture);
                let kind = source.kind(factor);
                found = Some((source, kind));
                Ok(kind)
            })?;
        let Picture { pixels, meta, mut notes, format, missing, .. } = picture;
        let meta = chooser.metadata(meta, making.part);
        let (out, options) = outputs.claim(&chooser.settings, &making.fields(photo, number), &pixels, format)?;
        notes.extend(making.note());
        let (made, part) = (making.size(), making.part);
        let Making { name, job, way, .. } = making;

        let tile = self.args.tile.map_or(TileSize::Automatic, |n| TileSize::Side(n as usize));
        let job = Job { tile, ..job }
            .at_precision(chooser.settings.precision, self.backend.as_ref())
            .map_err(|e| precision::refused(&name, &e))?;
        if let Some((source, kind)) = found.filter(|_| way.passes > 0 && !self.args.json) {
            let other = "--kind clean, best, camera or photo chooses another";
            text::tell!("{}: source: {source}, so the {kind} model; {other}", text::lossy(photo));
        }
        tracing::info!("{}: {made} with {name}: {way}", photo.display());
        if way.is_long() && !self.args.json {
            text::tell!("{}: {way}", text::lossy(photo));
        }
        let mut bar = Bar::of_file(photo);
        let start = Instant::now();
        let result = infer::upscale_part(&pixels, &job, part, self.backend.as_ref(), &mut bar, &self.context.cancel);
        drop(bar);
        let (result, times) = result.map_err(failed)?;
        let seconds = start.elapsed().as_secs_f64();
        if self.args.profile {
            profile::table(&job.model.plan, &times, seconds).lines().for_each(text::line);
        }
        let done = Done {
            out: text::lossy(out.path()),
            width: made.width,
            height: made.height,
            model: name,
            source: found.map(|(source, _)| source.to_string()),
            precision: infer::precision_of(&job.model, self.backend.as_ref()),
            passes: way.passes,
            seconds,
            notes,
            recovered: missing.map(|share| 1.0 - share),
        };
        Ok(Made { out, options, pixels: result, meta, done })
    }
}
