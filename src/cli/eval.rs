//! `addersr eval`: how much better than bicubic a model is, on a folder of pictures, measured as the literature does
//! (SPEC 4).

use super::{
    Context,
    bar::Bar,
    device::{self, Device},
    pictures, precision, text,
};
use crate::{
    error::Error,
    image_io,
    infer::{self, CancelToken, Job, Target, bundled::Kind, tiles::TileSize},
    metrics::{self, Quality},
    session::models,
    tensor::{Pixels, resample},
    train::{
        TrainError,
        degrade::{Degradation, shrink_for_judging},
    },
};
use serde::Serialize;
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// Measures a model.
#[derive(clap::Args)]
#[command(after_help = "\
Every picture is cropped to a multiple of the scale, made smaller as the published benchmarks were, enlarged again, and
compared with itself on luma, without a border as wide as the scale.

Example:
  addersr eval --data Set5 --scale 2 --model mine.safetensors --json")]
pub(super) struct Args {
    /// Folder of pictures
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many times smaller they are made, and larger again
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    scale: u8,
    /// A name from `addersr models`, or a .safetensors file [default: the one that ships for the scale]
    #[arg(long, value_name = "NAME|FILE")]
    model: Option<String>,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    device: Device,
    /// How small pictures are made; jpeg and camera draw the same for a file of the same name every time
    #[arg(long, default_value = "bicubic", value_parser = ["bicubic", "jpeg", "camera"])]
    degradation: String,
    /// Judge the mean over eight flips and rotations
    #[arg(long)]
    ensemble: bool,
    #[arg(long, value_enum, default_value_t, help = precision::HELP)]
    precision: precision::Wish,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    scale: usize,
    mean: Scores,
    images: Vec<Image>,
}

#[derive(Serialize)]
struct Image {
    file: String,
    #[serde(flatten)]
    scores: Scores,
}

/// `None` where there is no number: PSNR of identical pictures, SSIM of tiny ones.
#[derive(Clone, Copy, Serialize)]
struct Scores {
    psnr: Option<f64>,
    ssim: Option<f64>,
    bicubic_psnr: Option<f64>,
    bicubic_ssim: Option<f64>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let scale = usize::from(args.scale);
    let named = match &args.model {
        Some(name) => models::load(name)?,
        None => models::for_factor(scale as f64, Kind::Clean)?,
    };
    if named.model.plan.spec.scale != scale {
        text::tell!("note: {} is a ×{} model", named.name, named.model.plan.spec.scale);
    }
    let backend = args.device.backend(context.threads)?;
    let named = args.precision.apply(named, backend.as_ref())?;
    let job = Job {
        model: Arc::clone(&named.model),
        target: Target::Factor(scale as f64),
        tile: TileSize::Automatic,
        ensemble: args.ensemble,
        strength: None,
    };
    let degradation = args.degradation.parse().map_err(Error::Usage)?;
    let files = pictures::in_folder(&args.data)?;
    let measure = |file: &Path| -> Result<Scores, Error> {
        let (ours, bicubic) = measure(file, scale, degradation, &job, backend.as_ref(), &context.cancel)?;
        Ok(Scores {
            psnr: ours.psnr.db(),
            ssim: ours.ssim,
            bicubic_psnr: bicubic.psnr.db(),
            bicubic_ssim: bicubic.ssim,
        })
    };
    let mut images = Vec::new();
    let mut failed = false;
    for path in &files {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match measure(path) {
            Ok(scores) => images.push(Image { file, scores }),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => {
                text::tell!("error: {error}");
                failed = true;
            }
        }
    }
    let report = Report { scale, mean: mean(&images), images };
    if args.json {
        text::print_json(&report)?
    } else {
        text::print(&for_people(&report, &named.name))?
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// The model's and bicubic's closeness to the picture in `file`.
fn measure(
    file: &Path,
    scale: usize,
    degradation: Degradation,
    job: &Job,
    backend: &dyn crate::backend::Backend,
    cancel: &CancelToken,
) -> Result<(Quality, Quality), Error> {
    let original = image_io::decode(file)?.pixels.to_eight();
    let pixels = |source| Error::infer(file, infer::InferError::Pixels(source));
    let small = shrink_for_judging(&original, scale, degradation, file).map_err(|error| match error {
        TrainError::Pixels(source) => pixels(source),
        other => other.into(),
    })?;
    let size = small.size().times(scale);
    let original = original.crop(0, 0, size.height, size.width).map_err(pixels)?;
    let mut bar = Bar::of_file(file);
    let ours = infer::upscale(&small, job, backend, &mut bar, cancel).map_err(|e| Error::infer(file, e))?;
    let bicubic =
        Pixels::from_tensors(&resample::resize(&small.colour(), size), None, small.depth()).map_err(pixels)?;
    let compare = |result| {
        metrics::compare(&original, result, scale).map_err(|source| Error::Metrics { file: file.to_owned(), source })
    };
    Ok((compare(&ours)?, compare(&bicubic)?))
}

/// The mean of every column over the pictures that have a number there.
fn mean(images: &[Image]) -> Scores {
    let of = |column: fn(&Scores) -> Option<f64>| {
        let values: Vec<f64> = images.iter().filter_map(|i| column(&i.scores)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    Scores {
        psnr: of(|s| s.psnr),
        ssim: of(|s| s.ssim),
        bicubic_psnr: of(|s| s.bicubic_psnr),
        bicubic_ssim: of(|s| s.bicubic_ssim),
    }
}

fn for_people(report: &Report, model: &str) -> String {
    let mut out = String::new();
    let width = report.images.iter().map(|i| i.file.chars().count()).max().unwrap_or(0).max(8);
    let mut row = |name: &str, cells: [String; 5]| {
        let [a, b, c, d, e] = cells;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<width$}  {a:>9} {b:>7}   {c:>9} {d:>7}   {e:>6}");
    };
    row(&format!("×{}", report.scale), ["PSNR", "SSIM", "bicubic", "SSIM", "gain"].map(str::to_owned));
    for image in &report.images {
        row(&image.file, cells(&image.scores));
    }
    if report.images.is_empty() {
        row("mean", ["-"; 5].map(str::to_owned));
    } else {
        row("mean", cells(&report.mean));
    }
    let _ = writeln!(out, "model {model}; PSNR in dB on luma");
    out
}

fn cells(s: &Scores) -> [String; 5] {
    let number = |v: Option<f64>, digits: usize, none: &str| v.map_or(none.to_owned(), |v| format!("{v:.digits$}"));
    let gain = s.psnr.zip(s.bicubic_psnr).map_or(String::new(), |(a, b)| format!("{:+.2}", a - b));
    [
        number(s.psnr, 2, "identical"),
        number(s.ssim, 4, "-"),
        number(s.bicubic_psnr, 2, "identical"),
        number(s.bicubic_ssim, 4, "-"),
        gain,
    ]
}
