//! `addersr batch`: whole folders, with the same worker as the window's Batch tab.
//!
//! The journal lies in the output folder, one per shard, so that `--resume` finds it with the same command line.

use super::{
    Context,
    device::{self, Device},
    outputs::{FormatArg, Size},
    precision, text,
};
use crate::{
    error::Error,
    image_io::{self, Format, Guard, Target},
    infer::{Bundled, bundled::KindChoice},
    session::{
        Failure, JobId, Shared, Worker,
        batch::{self, Batch, BatchState, Command, Counts, Event, OnExists, Row, RowId, Settings, Shard},
        models::ModelRef,
    },
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

/// Enlarges folders.
#[derive(clap::Args)]
#[command(after_help = "\
Pictures in folders and their sub-folders are enlarged into --out, where the tree is kept (several folders each keep
their name). A picture that fails does not stop the others. A journal in --out notes what is done: after a crash or a
kill, the same command with --resume goes on, and every result appears exactly once and whole.

Examples:
  addersr batch photos --out large --dry-run            what would be made
  addersr batch photos --out large --report report.csv
  addersr batch photos --out large --resume             goes on after an interruption
  addersr batch photos --out /shared/large --shard 3/8  the third of eight parts, for many machines")]
pub(super) struct Args {
    /// Folders, or single pictures
    #[arg(value_name = "DIR", required = true)]
    inputs: Vec<PathBuf>,
    /// Folder for the results; it is made if need be
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    size: Size,
    /// A name from `addersr models`, or a .safetensors file [default: the one that ships for each picture's scale]
    #[arg(long, value_name = "NAME|FILE")]
    model: Option<String>,
    /// What the photos are like, where no --model is given: auto, clean, best, camera or photo; as in `upscale`
    #[arg(long, value_name = "KIND", default_value = "auto", conflicts_with = "model")]
    kind: KindChoice,
    /// How much of the network's result, in percent; 0 is the camera model's for photo models, bicubic's for others
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    strength: u8,
    /// Enlarge eight flips and rotations and take their mean: a little better, eight times the time
    #[arg(long)]
    ensemble: bool,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    device: Device,
    #[arg(long, value_enum, default_value_t, help = precision::HELP)]
    precision: precision::Wish,
    /// Format to write [default: png]
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    /// JPEG quality
    #[arg(long, value_name = "Q", default_value_t = 95, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Names of the results, from {name}, {scale}, {model}, {w}, {h}, {n}
    #[arg(long, value_name = "TEMPLATE", default_value = image_io::DEFAULT_TEMPLATE)]
    template: String,
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
    /// Where a result's name is taken: skip the picture, number the name, or replace the file (never a picture that is read)
    #[arg(long, value_enum, default_value = "skip")]
    on_exists: OnExistsArg,
    /// Do only part I of N, the same pictures on every machine
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Continue what the journal in --out says is not done; without a journal, begin
    #[arg(long)]
    resume: bool,
    /// Write what became of every picture to FILE, as JSON if it ends in .json, else as CSV
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Replace --report if it exists and is a report; results go by --on-exists
    #[arg(long)]
    overwrite: bool,
    /// Print what would be made, and make nothing
    #[arg(long)]
    dry_run: bool,
}

/// `--on-exists`.
#[derive(Clone, Copy, clap::ValueEnum)]
enum OnExistsArg {
    Skip,
    Number,
    Replace,
}

impl Args {
    fn settings(&self) -> Settings {
        Settings {
            out: Some(self.out.clone()),
            target: self.size.target(),
            model: self.model.as_deref().map(model),
            kind: self.kind,
            strength: f32::from(self.strength) / 100.0,
            ensemble: self.ensemble,
            precision: self.precision.into(),
            format: self.format.and_then(FormatArg::format).unwrap_or(Format::Png),
            same_format: self.format.is_some_and(|asked| asked.format().is_none()),
            background: self.background,
            quality: self.quality,
            strip: self.strip_metadata,
            srgb: self.srgb,
            template: self.template.clone(),
            strict: self.strict,
            on_exists: match self.on_exists {
                OnExistsArg::Skip => OnExists::Skip,
                OnExistsArg::Number => OnExists::Number,
                OnExistsArg::Replace => OnExists::Replace,
            },
            shard: self.shard,
        }
    }

    fn journal(&self) -> PathBuf {
        let part = self.shard.map(|s| format!("-{}-of-{}", s.index, s.of)).unwrap_or_default();
        self.out.join(format!(".addersr-batch{part}.jsonl"))
    }
}

/// A name that ships, else a file, else a name whose error says what there is.
fn model(name: &str) -> ModelRef {
    let file = Path::new(name);
    if Bundled::named(name).is_none() && file.exists() {
        ModelRef::File(file.into())
    } else {
        ModelRef::Bundled(name.into())
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let settings = args.settings();
    settings.parsed().map_err(|e| Error::Usage(e.to_string()))?;
    for input in &args.inputs {
        let real = |p: &Path| std::fs::canonicalize(p).ok();
        if !input.exists() {
            let missing = std::io::Error::other("there is no such file or folder");
            return Err(Error::Read { file: input.clone(), source: missing });
        }
        if real(input).is_some_and(|i| real(&args.out) == Some(i)) {
            let out = args.out.display();
            return Err(Error::Usage(format!(
                "{out} is read and written: results would be enlarged again; name another --out"
            )));
        }
    }
    let shared = Shared::new(args.device.choice(context.threads));
    if let Some(model) = &settings.model {
        shared.models.get(model)?;
    }
    let device = shared.device()?;
    tracing::info!("computing on {}", device.backend.name());
    if !args.dry_run && batch::is_busy(&args.out, args.shard) {
        let busy = std::io::Error::other("another addersr batch is at work in this folder; wait for it or stop it");
        return Err(Error::Read { file: args.out.clone(), source: busy });
    }
    let journal = args.journal();
    let resume = args.resume && journal.exists();
    if journal.exists() && !args.dry_run {
        check_journal(args, &settings, &journal)?;
    }
    let report = args.report.as_deref().map(|file| claim_report(args, file, resume)).transpose()?;
    let batch = Worker::start("batch", Arc::new(|| {}), move || Batch::new(shared.clone()));
    let mut watch = Watch { rows: BTreeMap::new(), told: Instant::now() };
    let give = |command| batch.send(command).map_err(|failure| Error::Usage(failure.to_string()));
    if resume && !args.dry_run {
        give(Command::Reopen(journal.clone()))?;
    } else {
        give(Command::Set(Box::new(settings)))?;
        give(Command::Add(args.inputs.clone()))?;
    }
    if args.dry_run {
        watch.until_planned(&batch, context)?;
        text::print(&watch.plan())?;
        return watch.finish(args, report.as_ref(), End::Finished);
    }
    give(Command::Start { job: JobId::next(), journal })?;
    let end = watch.until_finished(&batch, context)?;
    watch.finish(args, report.as_ref(), end)
}

/// The file for the report, found out before any work. `--resume` replaces the report of the interrupted run, `--overwrite`
/// that of any; nothing that is no report is ever replaced.
fn claim_report(args: &Args, file: &Path, resume: bool) -> Result<Target, Error> {
    if Format::from_path(file).is_some() {
        return Err(Error::Usage(format!(
            "{}: a report is a table, not a picture; end its name with .csv or .json",
            file.display()
        )));
    }
    let told = args.overwrite || resume;
    if told && file.is_file() && !batch::is_report(file) {
        return Err(image_io::Error::new(file, image_io::ErrorKind::NotOurs { what: "a batch's report" }).into());
    }
    let model = args.model.as_deref().map(Path::new);
    let guard = Guard::new(args.inputs.iter().map(PathBuf::as_path).chain(model));
    guard.protect(&args.journal());
    Ok(guard.claim(file, told)?)
}

/// An unfinished batch in the same place is gone on with, if it is the same, or refused.
fn check_journal(args: &Args, settings: &Settings, journal: &Path) -> Result<(), Error> {
    let name = journal.display();
    if !args.resume {
        return Err(Error::Usage(format!(
            "an unfinished batch is noted in {name}; continue it with --resume, or remove that file to begin anew"
        )));
    }
    // One that is damaged or in use says so when it is opened.
    match batch::unfinished(journal) {
        Some(found) if found.settings != *settings || found.added != [args.inputs.clone()] => {
            Err(Error::Usage(format!(
                "the unfinished batch in {name} was begun with other folders or options; give the same, or remove that file"
            )))
        }
        _ => Ok(()),
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Finished,
    Stopped,
    /// By something that concerns all pictures, which was told.
    Failed,
}

/// What the worker told.
struct Watch {
    rows: BTreeMap<RowId, Row>,
    told: Instant,
}

/// How often a line says how far it is, where standard error is a file.
const EVERY: Duration = Duration::from_secs(30);

impl Watch {
    fn until_planned(&mut self, worker: &Worker<Batch>, context: &Context) -> Result<(), Error> {
        while !context.cancel.is_cancelled() {
            match worker.wait(Duration::from_millis(200)) {
                Some(Event::Rows(rows)) => self.rows.extend(rows.into_iter().map(|row| (row.id, row))),
                Some(Event::Planned(true)) => return Ok(()),
                Some(Event::Refused(reason)) => return Err(Error::Usage(reason)),
                _ => {}
            }
        }
        Err(Error::Interrupted)
    }

    fn until_finished(&mut self, worker: &Worker<Batch>, context: &Context) -> Result<End, Error> {
        let mut asked = false;
        loop {
            if context.cancel.is_cancelled() && !asked {
                asked = true;
                worker.send(Command::Stop).map_err(|failure| Error::Usage(failure.to_string()))?;
            }
            match worker.wait(Duration::from_millis(50)) {
                Some(Event::Rows(rows)) => {
                    for row in rows {
                        self.row(row)?;
                    }
                }
                Some(Event::Progress(progress)) if self.told.elapsed() > EVERY => {
                    self.told = Instant::now();
                    let left = progress.left.map(|s| format!(", {} left", duration(s))).unwrap_or_default();
                    let speed = progress.speed / 1e6;
                    let counts = Counts::of(self.rows.values());
                    text::tell!("{} of {} done, {speed:.2} MP/s{left}", counts.done, counts.done + counts.to_do);
                }
                Some(Event::Finished { stopped, .. }) => return Ok(if stopped { End::Stopped } else { End::Finished }),
                Some(Event::Failed(_, Failure::Cancelled)) => return Ok(End::Stopped),
                Some(Event::Failed(_, Failure::Failed(reason)) | Event::Refused(reason)) => {
                    text::tell!("error: {reason}");
                    return Ok(End::Failed);
                }
                _ => {}
            }
        }
    }

    /// Notes a row, and prints it if it has come to an end.
    fn row(&mut self, row: Row) -> Result<(), Error> {
        let before = self.rows.get(&row.id).map(|row| row.state.clone());
        if before.as_ref() != Some(&row.state) {
            let file = text::name(&row.source);
            match &row.state {
                BatchState::Done if before.is_some() => {
                    row.notes.iter().for_each(|note| text::tell!("note: {file}: {note}"));
                    if let Some(plan) = &row.plan {
                        let (w, h) = plan.size;
                        let seconds = row.seconds.unwrap_or_default();
                        text::print(&format!("{}: {w}×{h} pixels in {seconds:.1} s\n", text::name(&plan.out)))?;
                    }
                }
                BatchState::Failed(reason) | BatchState::Refused(reason) => text::tell!("error: {file}: {reason}"),
                BatchState::Skipped(reason) => text::tell!("skipped: {file}: {reason}"),
                _ => {}
            }
        }
        self.rows.insert(row.id, row);
        Ok(())
    }

    fn plan(&self) -> String {
        let mut table = String::new();
        for row in self.rows.values() {
            let file = text::name(&row.source);
            let line = match (&row.plan, row.state.reason()) {
                (_, Some(reason)) => format!("{file}: {}: {reason}", row.state.word()),
                (Some(plan), None) => {
                    let ((w, h), out) = (plan.size, text::name(&plan.out));
                    let from = row.input.map(|(w, h)| format!("{w}×{h}")).unwrap_or_default();
                    let time = plan.estimate.map(|s| format!(", about {}", duration(s))).unwrap_or_default();
                    let way = if plan.way.is_long() { format!(" ({})", plan.way) } else { String::new() };
                    let source = row.source_words().map(|words| format!(" for {words}")).unwrap_or_default();
                    format!("{file}: {from} to {w}×{h}, {}{source}{way}{time}: {out}", plan.model.name())
                }
                (None, None) => file,
            };
            table.push_str(&text::one_line(&line));
            table.push('\n');
        }
        let seconds: f64 = self
            .rows
            .values()
            .filter_map(|row| row.plan.as_ref()?.estimate.filter(|_| row.state == BatchState::Ready))
            .sum();
        let counts = Counts::of(self.rows.values());
        table + &format!("{} of {} pictures would be made, in about {}\n", counts.to_do, counts.all, duration(seconds))
    }

    /// Report, last line and exit code.
    fn finish(&self, args: &Args, report: Option<&Target>, end: End) -> Result<ExitCode, Error> {
        let rows: Vec<Row> = self.rows.values().cloned().collect();
        if let Some(report) = report {
            batch::write_report(&rows, report)?;
        }
        let counts = Counts::of(&rows);
        if !args.dry_run && end != End::Failed {
            let rest = if counts.to_do > 0 { format!(", {} left for --resume", counts.to_do) } else { String::new() };
            let Counts { all, done, skipped, failed, .. } = counts;
            text::tell!("{done} of {all} done, {skipped} skipped, {failed} failed{rest}");
        }
        match end {
            End::Failed => Ok(ExitCode::FAILURE),
            End::Stopped => Err(Error::Interrupted),
            End::Finished if rows.is_empty() && args.shard.is_none() => {
                Err(Error::Usage("no picture is in there; name another folder".to_owned()))
            }
            End::Finished => Ok(ExitCode::from(u8::from(counts.failed > 0))),
        }
    }
}

/// `2 h 05 min`, `3 min 20 s`, `1.5 s`.
fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}
