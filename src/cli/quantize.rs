//! `addersr quantize`: gives a model an 8-bit form, which the CPU computes several times faster.

use super::{
    Context,
    device::{self, Device},
    text,
};
use crate::{
    error::Error,
    image_io::Guard,
    session::models,
    train::{
        Settings, StepReport,
        calibrate::{Trial, calibrate},
        dataset::Dataset,
        degrade::Degradation,
        evaluate::Score,
        finetune::finetune,
        run::Budget,
    },
};
use serde::Serialize;
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Gives a model an 8-bit form.
#[derive(clap::Args)]
#[command(after_help = "\
The file that is written holds the same weights and, in its metadata, the codes in which adder layers read their inputs.
The CPU computes it in 8 bits, other devices in 32; --precision chooses.

Example:
  addersr quantize mine.safetensors --data photos --out mine.int8.safetensors
  addersr quantize mine.safetensors --data photos --finetune 5 --out mine.int8.safetensors")]
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
    /// Train the model on in 8 bits for so long, and keep the better of both
    #[arg(long, value_name = "MINUTES", value_parser = minutes, conflicts_with = "finetune_steps")]
    finetune: Option<f64>,
    /// The same for a number of steps
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    finetune_steps: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "NAME", default_value = "cpu", help = device::HELP)]
    device: Device,
}

/// Smallest side of a picture that is used, in pixels of the network's input; training needs whole patches.
const LEAST: usize = 16;

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text::number(text)?;
    if minutes > 0.0 && minutes <= 10_000.0 { Ok(minutes) } else { Err("more than 0 and at most 10000".to_owned()) }
}

#[derive(Serialize)]
struct Report {
    out: String,
    /// On held-out pictures.
    float: Score,
    /// The same in 8 bits.
    int8: Score,
    clip: f64,
    trials: Vec<Trial>,
    /// In 8 bits after fine-tuning, whether or not it was kept.
    finetuned: Option<Score>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let guard = Guard::new([Path::new(&args.model)]);
    let out = guard.claim(&args.out, args.overwrite)?;
    let named = models::load(&args.model)?;
    let backend = args.device.backend(context.threads)?;
    if !backend.supports_int8() {
        return Err(Error::Usage(format!("{} does not compute in 8 bits: leave out --device", backend.name())));
    }
    let scale = named.model.plan.spec.scale;
    let budget = args.finetune_steps.map(Budget::Steps).or(args.finetune.map(|m| Budget::Seconds(m * 60.0)));
    let least = if budget.is_some() { Settings::default().patch } else { LEAST };
    let degradation = Degradation::Bicubic;
    let data = Dataset::load(&args.data, &args.val, scale, least, degradation)?;
    data.files().for_each(|file| guard.protect(file));
    let mut tell = |t: Trial| text::tell!("cutting off {} at each end: {:.3} dB", t.clip, t.score.psnr);
    let mut found = calibrate(backend.as_ref(), &named.model, &data, &mut tell)?;
    let mut finetuned = None;
    if let Some(budget) = budget {
        let mut bar = |step: &StepReport, share: f64| {
            if step.step.is_multiple_of(50) {
                text::tell!("step {}, {:.0} % done: error {:.5}", step.step, 100.0 * share, step.loss);
            }
            if context.cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let tuned = finetune(backend.as_ref(), &found.model, &data, degradation, budget, &mut bar)?;
        if context.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let tuned = calibrate(backend.as_ref(), &tuned, &data, &mut tell)?;
        finetuned = Some(tuned.best.score);
        if tuned.best.score.psnr > found.best.score.psnr {
            found = tuned;
        } else {
            text::tell!("fine-tuning gained nothing: the model keeps the weights it had");
        }
    }
    let failed = |source| Error::Weights { file: args.out.clone(), source };
    out.write_bytes(&found.model.to_bytes().map_err(failed)?)?;
    let report = Report {
        out: text::lossy(&args.out),
        float: found.float,
        int8: found.best.score,
        clip: found.best.clip,
        trials: found.trials,
        finetuned,
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
