//! `addersr quantize`: gives a model an 8-bit form, which the CPU computes several times faster.

use super::{
    Context,
    device::{self, Device},
    text,
};
use crate::{
    error::Error,
    session::models,
    train::{
        calibrate::{Trial, calibrate},
        checkpoint::write_bytes,
        dataset::Dataset,
        degrade::Degradation,
        evaluate::Score,
    },
};
use serde::Serialize;
use std::{path::PathBuf, process::ExitCode};

/// Gives a model an 8-bit form.
#[derive(clap::Args)]
#[command(after_help = "\
The file that is written holds the same weights and, in its metadata, the codes in which adder layers read their inputs.
The CPU computes it in 8 bits, other devices in 32; --precision chooses.

Example:
  addersr quantize mine.safetensors --data photos --out mine.int8.safetensors")]
pub(super) struct Args {
    /// A name from `addersr models`, or a .safetensors file
    #[arg(value_name = "NAME|FILE")]
    model: String,
    /// Folders of pictures like those it was trained on, searched below
    #[arg(long, value_name = "DIR", required = true, num_args = 1..)]
    data: Vec<PathBuf>,
    /// Folders of pictures to judge by, instead of holding out some of the others
    #[arg(long, value_name = "DIR", num_args = 1..)]
    val: Vec<PathBuf>,
    /// The model to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace --out if it exists
    #[arg(long)]
    overwrite: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "NAME", default_value = "cpu", help = device::HELP)]
    device: Device,
}

/// Smallest side of a picture that is used, in pixels of the network's input.
const LEAST: usize = 16;

#[derive(Serialize)]
struct Report {
    out: String,
    /// On held-out pictures.
    float: Score,
    /// The same in 8 bits.
    int8: Score,
    clip: f64,
    trials: Vec<Trial>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    if args.out.exists() && !args.overwrite {
        return Err(Error::Exists(args.out.clone()));
    }
    let named = models::load(&args.model)?;
    let backend = args.device.backend(context.threads)?;
    if !backend.reads_codes() {
        return Err(Error::Usage(format!("{} does not compute in 8 bits: leave out --device", backend.name())));
    }
    let scale = named.model.plan.spec.scale;
    let data = Dataset::load(&args.data, &args.val, scale, LEAST, Degradation::Bicubic)?;
    let mut tell = |t: Trial| eprintln!("cutting off {} at each end: {:.3} dB", t.clip, t.score.psnr);
    let found = calibrate(backend.as_ref(), &named.model, &data, &mut tell)?;
    let failed = |source| Error::Weights { file: args.out.clone(), source };
    write_bytes(&args.out, &found.model.to_bytes().map_err(failed)?)?;
    let report = Report {
        out: text::lossy(&args.out),
        float: found.float,
        int8: found.best.score,
        clip: found.best.clip,
        trials: found.trials,
    };
    if args.json {
        text::print_json(&report)?;
    } else {
        text::print(&format!(
            "{}: {:.3} dB in 8 bits, {:.3} dB in f32, on held-out pictures\n",
            report.out, report.int8.psnr, report.float.psnr
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
