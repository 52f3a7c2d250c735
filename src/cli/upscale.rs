//! `addersr upscale`: photos in, larger photos out. One that fails does not stop the others.

use super::{
    Context,
    bar::Bar,
    device::{self, Device},
    models as cli_models,
    outputs::{FormatArg, Outputs, Size, Wishes},
    precision, profile,
    region::Region,
    text,
};
use crate::{
    backend::Backend,
    error::Error,
    image_io::{self, Dpi, Fields, Picture},
    infer::{
        self, InferError, Job, Strength, Target,
        bundled::{Kind, KindChoice},
        cropped,
        tiles::TileSize,
    },
    nn::Precision,
    session::{
        models::{self, Catalogue, Named},
        source::Source,
    },
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
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
    size: Size,
    /// Enlarge this part only, in pixels of the photo as it is seen upright; exact sizes are then the part's
    #[arg(long, value_name = "X,Y,WIDTHxHEIGHT")]
    crop: Option<Region>,
    #[arg(long, value_name = "NAME|FILE[,…]", help = cli_models::HELP)]
    model: Option<String>,
    /// What the photos are like, where no --model is given: auto (each is looked at, and what was found is told), clean
    /// (sharp, scaled down without loss), best (the same, better and slower), camera (blurred, noisy, or compressed) or photo (the same, enlarged more
    /// sharply; always by ×4 and then brought to the size)
    #[arg(long, value_name = "KIND", default_value = "auto", conflicts_with = "model")]
    kind: KindChoice,
    /// How much of the network's result, in percent; 0 is the camera model's for photo models, bicubic's for others
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    strength: u8,
    /// Enlarge eight flips and rotations and take their mean: a little better, eight times the time
    #[arg(long)]
    ensemble: bool,
    /// Side of the tiles, in pixels of the photo; changes memory and speed, not the result [default: by memory]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=65536))]
    tile: Option<u32>,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    device: Device,
    #[arg(long, value_enum, default_value_t, help = precision::HELP)]
    precision: precision::Wish,
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
    /// Format to write [default: as OUT or the template is named, else png]
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    /// JPEG quality
    #[arg(long, value_name = "Q", default_value_t = 95, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Names of the results, from {name}, {scale}, {model}, {w}, {h}, {n} [default: {name}_x{scale}]
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Replace files that exist (never a photo that is read)
    #[arg(long)]
    overwrite: bool,
    /// Colour behind what is transparent, like white or #ffeedd; without it results stay transparent, and JPEG is refused
    #[arg(long, value_name = "COLOUR", value_parser = text::colour)]
    background: Option<[u8; 3]>,
    /// Leave out EXIF, XMP, IPTC, texts and DPI; colours keep their meaning
    #[arg(long)]
    strip_metadata: bool,
    /// Convert colours to sRGB and leave the profile out
    #[arg(long)]
    srgb: bool,
    /// Refuse damaged files instead of enlarging what they still hold
    #[arg(long)]
    strict: bool,
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
    let names = cli_models::named(args.model.as_deref());
    let given = names.iter().map(|name| models::load(name)).collect::<Result<Vec<_>, _>>()?;
    let outputs = Outputs::new(Wishes {
        photos: &args.photos,
        models: &names,
        out: args.out.as_deref(),
        template: args.template.as_deref(),
        format: args.format,
        overwrite: args.overwrite,
        quality: args.quality,
        strip: args.strip_metadata,
        srgb: args.srgb,
        background: args.background,
    })?;
    let backend = match (args.cpu_until, args.half) {
        (None, false) => args.device.backend(context.threads)?,
        (until, half) => args.device.graphics(context.threads, until.unwrap_or(0), half)?,
    };
    let given = given.into_iter().map(|named| args.precision.apply(named, backend.as_ref()));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    let mut work = Work { args, context, backend, last: None, catalogue: Catalogue::default() };
    tracing::info!("computing on {}", work.backend.name());

    let mut report = Report { done: 0, failed: 0, images: Vec::new() };
    let mut code = 0;
    // Without --model each photo is enlarged once, by the model that it gets.
    let chosen: Vec<Option<&Named>> = if given.is_empty() { vec![None] } else { given.iter().map(Some).collect() };
    let all = args.photos.iter().enumerate().flat_map(|at| chosen.iter().map(move |model| (at, *model)));
    let results = args.photos.len() * chosen.len();
    for ((index, photo), model) in all {
        let result = work.enlarge(photo, index + 1, model, &outputs);
        let file = text::lossy(photo);
        match result {
            Ok(done) => {
                for note in &done.notes {
                    text::tell!("note: {file}: {note}");
                }
                if !args.json {
                    let speed = (done.width * done.height) as f64 / 1e6 / done.seconds.max(1e-9);
                    let Done { out, width, height, seconds, .. } = &done;
                    let out = text::name(Path::new(out));
                    text::print(&format!("{out}: {width}×{height} pixels in {seconds:.1} s, {speed:.2} MP/s\n"))?;
                }
                report.done += 1;
                report.images.push(Entry { file, done: Some(done), error: None });
            }
            Err(error) => {
                text::tell!("error: {error}");
                report.failed += 1;
                report.images.push(Entry { file, done: None, error: Some(error.to_string()) });
                code = error.exit_code();
                if matches!(error, Error::Interrupted) {
                    break;
                }
            }
        }
    }
    if args.json {
        text::print_json(&report)?;
    } else if report.failed > 0 && results > 1 {
        let what = if chosen.len() > 1 { "results made" } else { "photos enlarged" };
        text::tell!("{} of {results} {what}", report.done);
    }
    // Several photos: whichever failed, the command failed; only an interruption is told apart.
    Ok(ExitCode::from(if results > 1 && report.failed > 0 && code != 130 { 1 } else { code }))
}

/// What is kept from photo to photo.
struct Work<'a> {
    args: &'a Args,
    context: &'a Context,
    backend: Box<dyn Backend>,
    /// The bundled model chosen for the last photo, with the factor and kind it was chosen for.
    last: Option<(f64, Kind, Named)>,
    /// Models that stand for no strength at all.
    catalogue: Catalogue,
}

impl Work<'_> {
    fn enlarge(
        &mut self,
        photo: &Path,
        number: usize,
        given: Option<&Named>,
        outputs: &Outputs<'_>,
    ) -> Result<Done, Error> {
        if self.context.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let wanted = self.args.size.target();
        let failed = |e: InferError| Error::infer(photo, e);
        let picture = image_io::decode(photo)?;
        if let Some(kind) = picture.incomplete().filter(|_| self.args.strict) {
            return Err(image_io::Error::new(photo, kind).into());
        }
        let from = (picture.pixels.width, picture.pixels.height);
        let crop = self.args.crop.map(|Region(crop)| cropped(wanted, from, crop)).transpose().map_err(failed)?;
        let target = crop.map_or(wanted, |crop| crop.whole);
        let size = target.size(from.0, from.1).map_err(failed)?;
        let part = crop.map(|crop| crop.part);
        let (width, height) = part.map_or(size, |part| (part.w, part.h));
        let factor = infer::factor(from, size);
        let (named, source) = match given {
            Some(named) => (named.clone(), None),
            None => self.model(&picture, factor)?,
        };
        let Picture { pixels, mut meta, mut notes, format, missing, .. } = picture;
        if part.is_some() {
            meta = meta.of_part();
        }
        if let Some(dpi) = self.args.size.dpi() {
            meta.dpi = Dpi::new(dpi, dpi);
        }
        let scale = match wanted {
            Target::Factor(f) => f,
            _ => factor,
        };
        let out = outputs.claim(
            &Fields { source: photo, scale, model: &named.name, width, height, number },
            &pixels,
            format,
        )?;

        let tile = self.args.tile.map_or(TileSize::Automatic, |n| TileSize::Side(n as usize));
        let strength = self.strength(&named, factor)?;
        let job = Job { model: Arc::clone(&named.model), target, tile, ensemble: self.args.ensemble, strength };
        let way = job.way(from, size);
        if let Some((source, kind)) = source.filter(|_| way.passes > 0 && !self.args.json) {
            let other = "--kind clean, best, camera or photo chooses another";
            text::tell!("{}: source: {source}, so the {kind} model; {other}", text::lossy(photo));
        }
        if way.passes == 0 {
            notes.push("the result is not larger than the photo, so bicubic made it and not the network".to_owned());
        }
        tracing::info!("{}: {width}×{height} with {}: {way}", photo.display(), named.name);
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
            profile::table(&named.model.plan, &times, seconds).lines().for_each(text::line);
        }
        // The original is not needed while the encoder needs memory.
        drop(pixels);

        let options = outputs.options(format);
        notes.extend(image_io::encode_into(&out, &result, &meta, &options)?);
        let precision = infer::precision_of(&named.model, self.backend.as_ref());
        Ok(Done {
            out: text::lossy(out.path()),
            width,
            height,
            model: named.name,
            source: source.map(|(source, _)| source.to_string()),
            precision,
            passes: way.passes,
            seconds,
            notes,
            recovered: missing.map(|share| 1.0 - share),
        })
    }

    /// `--strength` of a model in an enlargement by `factor`.
    fn strength(&self, named: &Named, factor: f64) -> Result<Option<Strength>, Error> {
        if self.args.strength == 100 {
            return Ok(None);
        }
        let apply = |model| {
            let named = Named { name: "camera".to_owned(), model };
            Ok::<_, Error>(self.args.precision.apply(named, self.backend.as_ref())?.model)
        };
        let faithful = self.catalogue.faithful(&named.model, factor)?.map(apply).transpose()?;
        Ok(Some(Strength { share: f32::from(self.args.strength) / 100.0, faithful }))
    }

    /// The model for an enlargement of a picture by `factor`; with what the picture was found to be like, if that chose it.
    fn model(&mut self, picture: &Picture, factor: f64) -> Result<(Named, Option<(Source, Kind)>), Error> {
        let (kind, found) = match self.args.kind.said() {
            Some(kind) => (kind, None),
            None => {
                let source = Source::of(picture);
                let kind = source.kind(factor);
                (kind, Some((source, kind)))
            }
        };
        let known = self.last.as_ref().filter(|(for_factor, of, _)| (*for_factor, *of) == (factor, kind));
        if let Some((_, _, named)) = known {
            return Ok((named.clone(), found));
        }
        let named = self.args.precision.apply(models::for_factor(factor, kind)?, self.backend.as_ref())?;
        Ok((self.last.insert((factor, kind, named)).2.clone(), found))
    }
}
