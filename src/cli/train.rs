//! `addersr train`: fits a model to pictures.

use super::{
    Context,
    device::{self, Device},
    text,
    train_files::{Files, LOG_HEAD},
    train_recipe::Recipe,
};
use crate::{
    error::Error,
    image_io::{self, Target},
    infer::CancelToken,
    nn::{Arch, Model, ModelSpec, PowerKind},
    session::models,
    train::{
        StepReport, TUNING_REHEARSAL, Teacher, Trainer,
        checkpoint::{Checkpoint, Counters},
        dataset::Dataset,
        degrade::Degradation,
        evaluate::Score,
        init::carry_over,
        run::{Budget, Judge, Judgement, Next, Observer, Plan, run as train},
    },
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

/// Trains a model.
#[derive(clap::Args)]
#[command(after_help = "\
The best model so far is written to --out, the run itself beside it (.checkpoint), and a log (.csv). Ctrl-C stops within a
step and leaves all three; the same command with --resume goes on.

Examples:
  addersr train --data photos --scale 2 --minutes 60 --out mine.safetensors
  addersr train --data photos --init x2 --minutes 10 --out tuned.safetensors      fine-tune")]
pub(super) struct Args {
    /// Folders of pictures to train on, searched below
    #[arg(long, value_name = "DIR", required_unless_present = "pairs", num_args = 1..)]
    data: Vec<PathBuf>,
    /// Folders of pairs instead: small pictures in DIR/lr, large ones of the same names in DIR/hr
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["data", "degradation"])]
    pairs: Vec<PathBuf>,
    /// Folders of pictures (with --pairs: of pairs) to judge by, instead of holding out some of the others
    #[arg(long, value_name = "DIR", num_args = 1..)]
    val: Vec<PathBuf>,
    /// Architecture or registered name (`addersr models`) [default: that of --init, else aedsr]; apsr begins as the aedsr that
    /// --init names
    #[arg(long)]
    model: Option<String>,
    /// Channels of the body [default: the registered model's]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    channels: Option<u16>,
    /// Blocks (aedsr, apsr) or units (avdsr) [default: the registered model's]
    #[arg(long, visible_alias = "units", value_parser = clap::value_parser!(u16).range(1..=256))]
    blocks: Option<u16>,
    /// Enlargement [default: that of --init, else 2]; another than --init's keeps all of it but the tail
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=8))]
    scale: Option<u8>,
    /// How long to train, resumptions included
    #[arg(long, conflicts_with = "steps", default_value_t = 60.0, value_parser = text::number::<f64>)]
    minutes: f64,
    /// How many steps to train instead
    #[arg(long)]
    steps: Option<u64>,
    /// The model to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Start from this model (a name or a file) instead of random values
    #[arg(long, value_name = "NAME|FILE")]
    init: Option<String>,
    /// Go on from the run saved beside --out
    #[arg(long)]
    resume: bool,
    /// Replace --out if it exists, with the checkpoint and the log of the run that made it
    #[arg(long)]
    overwrite: bool,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    device: Device,
    #[command(flatten)]
    recipe: Recipe,
}

impl Args {
    fn spec(&self, init: Option<&Model>) -> Result<ModelSpec, Error> {
        let scale = self.scale.map(usize::from);
        if let Some(model) = init {
            let spec = model.plan.spec;
            let channels = self.channels.map_or(spec.channels, usize::from);
            if !channels.is_multiple_of(spec.channels) {
                let there = spec.channels;
                let message = format!("--init has {there} channels; --channels {channels} must be a multiple of that");
                return Err(Error::Usage(message));
            }
            let arch = self.model.as_deref().map(registered).transpose()?.map_or(spec.arch, |named| named.arch);
            if arch != spec.arch && (spec.arch, arch) != (Arch::Aedsr, Arch::Apsr) {
                let message =
                    format!("--init is of {}, which cannot become {arch}; only aedsr can become apsr", spec.arch);
                return Err(Error::Usage(message));
            }
            return Ok(ModelSpec { arch, scale: scale.unwrap_or(spec.scale), channels, ..spec });
        }
        let named = registered(self.model.as_deref().unwrap_or("aedsr"))?;
        let spec = ModelSpec {
            scale: scale.unwrap_or(2),
            channels: self.channels.map_or(named.channels, usize::from),
            depth: self.blocks.map_or(named.depth, usize::from),
            power: match self.recipe.power.as_str() {
                "none" => PowerKind::None,
                "channel" => PowerKind::Channel,
                _ => PowerKind::Layer,
            },
            self_shortcut: !self.recipe.no_shortcut,
            residual_scale: self.recipe.residual_scale,
            ..named
        };
        Ok(if self.recipe.twin { spec.convolutional_twin() } else { spec })
    }
}

fn registered(name: &str) -> Result<ModelSpec, Error> {
    ModelSpec::named(name)
        .ok_or_else(|| Error::Usage(format!("no model is registered as `{name}`; see `addersr models`")))
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let backend = args.device.backend(context.threads)?;
    let models = [&args.init, &args.recipe.teacher];
    let files = Files::claim(&args.out, &models, args.overwrite, args.resume)?;
    let (spec, settings, progress, counters, start) = if args.resume {
        let saved = Checkpoint::load(files.checkpoint.path())?;
        if (saved.settings.degradation == Degradation::Given) == args.pairs.is_empty() {
            let message = "the saved run is of another kind: --pairs continues one on pairs, --data with any other";
            return Err(Error::Usage(message.to_owned()));
        }
        (saved.spec, saved.settings, Some(saved.progress), saved.counters, None)
    } else {
        let init = args.init.as_deref().map(models::load).transpose()?;
        let spec = args.spec(init.as_ref().map(|n| n.model.as_ref()))?;
        // Another enlargement or width is another network that begins with this one's weights, not this one taught more.
        let same = init.as_ref().is_some_and(|n| n.model.plan.spec == spec);
        let rehearsal = if same && args.pairs.is_empty() { TUNING_REHEARSAL } else { 0.0 };
        let mut settings = args.recipe.settings(args.init.is_some(), rehearsal);
        if !args.pairs.is_empty() {
            settings.degradation = Degradation::Given;
        }
        let start = init.map(|n| carry_over(&n.model, &spec.plan(), &settings));
        (spec, settings, None, Counters::default(), start)
    };
    let folders = if args.pairs.is_empty() { &args.data } else { &args.pairs };
    let data =
        Dataset::load(folders, &args.val, spec.scale, settings.patch, settings.degradation)?.rehearsing(&settings)?;
    files.protect(&data)?;
    tell(&data);
    let plan = spec.plan();
    let teacher = args.recipe.teacher.as_deref().map(models::load).transpose()?;
    let teacher = teacher.map(|t| Teacher::new(backend.as_ref(), &t.model));
    let mut trainer = match progress {
        Some(progress) => Trainer::resume(backend.as_ref(), &plan, progress, settings, teacher),
        None => Trainer::new(backend.as_ref(), &plan, start, settings, teacher),
    };
    let mut card = BTreeMap::from([("data".to_owned(), names(folders)), ("trained_on".to_owned(), backend.name())]);
    if let Some(init) = &args.init {
        card.insert("parent".to_owned(), init.clone());
    }
    let run_plan = Plan {
        budget: args.steps.map_or(Budget::Seconds(args.minutes * 60.0), Budget::Steps),
        judge: Judge::Steps(args.recipe.judge_every),
        output: files.output,
        checkpoint: files.checkpoint,
        card,
        note: String::new(),
    };
    text::tell!(
        "training {} channels × {} on {} pictures of {}, {} parameters, {}",
        spec.channels,
        spec.depth,
        data.train.len(),
        folders.iter().map(|d| d.display().to_string()).collect::<Vec<_>>().join(", "),
        plan.parameters(),
        backend.name()
    );
    let mut watcher = Watcher::new(&files.log, args.resume, !data.held_out.is_empty(), context.cancel.clone())?;
    let best = train(backend.as_ref(), &mut trainer, &data, &run_plan, counters, &mut watcher)?;
    watcher.bar.finish_and_clear();
    if let Some((step, score)) = best {
        let out = text::name(&args.out);
        if data.held_out.is_empty() {
            text::print(&format!(
                "{out}: from step {step}; no picture was held out, so nothing says how good it is\n"
            ))?;
            return if context.cancel.is_cancelled() { Err(Error::Interrupted) } else { Ok(ExitCode::SUCCESS) };
        }
        text::print(&format!(
            "{out}: {:.2} dB, SSIM {:.4} on held-out pictures, from step {step}\n",
            score.psnr, score.ssim
        ))?;
        if score.psnr <= watcher.start.psnr {
            text::print(&format!("that is no better than the start ({:.2} dB)\n", watcher.start.psnr))?;
        }
    }
    if context.cancel.is_cancelled() {
        return Err(Error::Interrupted);
    }
    Ok(ExitCode::SUCCESS)
}

fn names(folders: &[PathBuf]) -> String {
    let name =
        |f: &PathBuf| f.file_name().map_or_else(|| f.display().to_string(), |n| n.to_string_lossy().into_owned());
    folders.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn tell(data: &Dataset) {
    for (file, reason) in &data.skipped {
        tracing::info!("left out {}: {reason}", file.display());
    }
    if !data.skipped.is_empty() {
        text::tell!("note: {} pictures were left out (--verbose says which and why)", data.skipped.len());
    }
    let held: Vec<String> = data.held_out.iter().map(|p| p.path.display().to_string()).collect();
    text::tell!(
        "held out: {}",
        if held.is_empty() { "nothing; no score can be given".to_owned() } else { held.join(", ") }
    );
}

/// Prints and logs what happens, and passes Ctrl-C on.
struct Watcher {
    bar: ProgressBar,
    log: std::fs::File,
    file: PathBuf,
    cancel: CancelToken,
    /// Whether there are pictures to judge by.
    judges: bool,
    start: Score,
    smooth: f32,
    since: (Instant, u64),
}

impl Watcher {
    fn new(log: &Target, append: bool, judges: bool, cancel: CancelToken) -> Result<Self, Error> {
        let file = log.path().to_owned();
        let mut log = log.open_log(append)?;
        let empty = log.metadata().is_ok_and(|about| about.len() == 0);
        if empty {
            writeln!(log, "{LOG_HEAD}").map_err(|e| image_io::Error::from_writing(&file, e))?;
        }
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(1000) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left") {
            bar.set_style(style);
        }
        Ok(Self {
            bar,
            log,
            file,
            cancel,
            judges,
            start: Score::default(),
            smooth: f32::NAN,
            since: (Instant::now(), 0),
        })
    }

    fn log(&mut self, line: &str) {
        if let Err(error) = writeln!(self.log, "{line}") {
            tracing::warn!("{} cannot be written: {error}", self.file.display());
        }
    }
}

impl Observer for Watcher {
    fn started(&mut self, bicubic: Score, start: Score) {
        self.start = start;
        if !self.judges {
            return;
        }
        text::tell!("bicubic {:.2} dB, start {:.2} dB on held-out pictures", bicubic.psnr, start.psnr);
    }

    fn stepped(&mut self, report: &StepReport, seconds: f64, share: f64) -> Next {
        if report.restarted {
            text::tell!("note: values were not finite; back to step {} at half the rate", report.step);
        }
        self.smooth = if self.smooth.is_nan() { report.loss } else { 0.98 * self.smooth + 0.02 * report.loss };
        if report.step.is_multiple_of(50) {
            let speed = (report.step.saturating_sub(self.since.1)) as f64 / self.since.0.elapsed().as_secs_f64();
            self.since = (Instant::now(), report.step);
            self.log(&format!("{},{seconds:.1},{},{},,", report.step, report.rate, self.smooth));
            self.bar.set_message(format!("step {}, loss {:.5}, {speed:.1} steps/s", report.step, self.smooth));
        }
        self.bar.set_position((share * 1000.0) as u64);
        if self.cancel.is_cancelled() { Next::Stop } else { Next::Step }
    }

    fn judged(&mut self, judgement: &Judgement<'_>, seconds: f64) -> ControlFlow<()> {
        let Judgement { step, score, best, .. } = *judgement;
        let scores = if self.judges { format!("{:.4},{:.5}", score.psnr, score.ssim) } else { ",".to_owned() };
        self.log(&format!("{step},{seconds:.1},,{},{scores}", self.smooth));
        let held = if self.judges { format!("  held-out {:.3} dB", score.psnr) } else { String::new() };
        let mark = if best { " (best, saved)" } else { "" };
        self.bar.suspend(|| {
            text::tell!("{seconds:>7.0} s  step {step:>6}  loss {:.5}{held}{mark}", self.smooth);
        });
        ControlFlow::Continue(())
    }
}
