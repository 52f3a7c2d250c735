//! `addersr metrics`: how true a result is to what was given, and where the original is known, how close to that.

use super::text;
use crate::{
    error::Error,
    image_io,
    metrics::{self, Honesty, Quality},
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Measures an enlargement, whoever made it.
#[derive(clap::Args)]
#[command(after_help = "\
faithful: PSNR of the result, shrunk again, to the picture that it was made of: what was invented or moved lowers it.
colour: by how many of 255 steps its colours are off on average, seen from afar.
With the original also PSNR and SSIM on luma, without a border as wide as the scale.

Example:
  addersr metrics photo_x4.png photo.jpg")]
pub(super) struct Args {
    /// The enlarged picture
    #[arg(value_name = "RESULT")]
    result: PathBuf,
    /// The picture that it was made of
    #[arg(value_name = "GIVEN")]
    given: PathBuf,
    /// The original, where it is known
    #[arg(value_name = "TRUTH")]
    truth: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    /// dB; `null` if identical.
    faithful: Option<f64>,
    colour: f64,
    #[serde(flatten)]
    truth: Option<Truth>,
}

#[derive(Serialize)]
struct Truth {
    /// dB; `null` if identical.
    psnr: Option<f64>,
    ssim: Option<f64>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Error> {
    let read = |file: &Path| Ok::<_, Error>(image_io::decode(file)?.pixels);
    let failed = |source| Error::Metrics { file: args.result.clone(), source };
    let (result, given) = (read(&args.result)?, read(&args.given)?);
    let Honesty { faithful, colour } = metrics::honesty(&result, &given).map_err(failed)?;
    let quality = match &args.truth {
        Some(truth) => {
            let scale = (result.width as f64 / given.width as f64).round() as usize;
            Some(metrics::compare(&read(truth)?, &result, scale).map_err(failed)?)
        }
        None => None,
    };
    if args.json {
        let truth = quality.map(|Quality { psnr, ssim }| Truth { psnr: psnr.db(), ssim });
        text::print_json(&Report { faithful: faithful.db(), colour, truth })?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = format!("faithful  {faithful}\ncolour    ±{colour:.2} of 255\n");
    if let Some(Quality { psnr, ssim }) = quality {
        lines += &format!("PSNR      {psnr}\n");
        if let Some(ssim) = ssim {
            lines += &format!("SSIM      {ssim:.4}\n");
        }
    }
    text::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}
