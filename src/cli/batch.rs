//! `addersr batch`: whole folders, with the same worker as the window's Batch tab.
//!
//! The journal lies in the output folder, one per shard, so that `--resume` finds it with the same command line.

use super::{
    Context,
    batch_watch::{End, Watch},
    enlarge::Enlarge,
    text,
};
use crate::{
    error::Error,
    image_io::{self, Format, Guard, Target},
    session::{
        JobId, Shared, Worker,
        batch::{self, Batch, Command, OnExists, Settings, Shard},
        models::ModelRef,
    },
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
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
  addersr batch photos --out large --model x2,x2-best   a result of each model, with its name
  addersr batch photos --out /shared/large --shard 3/8  the third of eight parts, for many machines")]
pub(super) struct Args {
    /// Folders, or single pictures
    #[arg(value_name = "DIR", required = true)]
    inputs: Vec<PathBuf>,
    /// Folder for the results; it is made if need be
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    enlarge: Enlarge,
    /// Where a result's name is taken: skip the picture, number the name, or replace the file (never a picture that is read)
    #[arg(long, value_enum, default_value = "skip")]
    on_exists: OnExistsArg,
    /// Do only part I of N, the same pictures on every machine
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
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
    pub(super) dry_run: bool,
}

/// `--on-exists`.
#[derive(Clone, Copy, clap::ValueEnum)]
enum OnExistsArg {
    Skip,
    Number,
    Replace,
}

impl Args {
    /// What is made by each of `--model`, or the one thing that is made without.
    fn settings(&self) -> Result<Vec<Settings>, Error> {
        let on_exists = match self.on_exists {
            OnExistsArg::Skip => OnExists::Skip,
            OnExistsArg::Number => OnExists::Number,
            OnExistsArg::Replace => OnExists::Replace,
        };
        let all = self.enlarge.settings(Some(self.out.clone()))?;
        Ok(all.into_iter().map(|settings| Settings { on_exists, shard: self.shard, ..settings }).collect())
    }

    /// The journal of the shard, and of the model where there are several.
    fn journal(&self, model: Option<&ModelRef>) -> PathBuf {
        let part = self.shard.map(|s| format!("-{}-of-{}", s.index, s.of)).unwrap_or_default();
        let model = model.map(|model| format!("-{}", model.name())).unwrap_or_default();
        self.out.join(format!(".addersr-batch{part}{model}.jsonl"))
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let all = args.settings()?;
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
    let shared = Shared::new(args.enlarge.device.choice(context.threads));
    for model in all.iter().filter_map(|settings| settings.model.as_ref()) {
        shared.models.get(model)?;
    }
    let device = shared.device()?;
    tracing::info!("computing on {}", device.backend.name());
    if !args.dry_run && batch::is_busy(&args.out, args.shard) {
        let busy = std::io::Error::other("another addersr batch is at work in this folder; wait for it or stop it");
        return Err(Error::Read { file: args.out.clone(), source: busy });
    }
    let journals: Vec<PathBuf> =
        all.iter().map(|settings| args.journal(settings.model.as_ref().filter(|_| all.len() > 1))).collect();
    for (settings, journal) in all.iter().zip(&journals) {
        if journal.exists() && !args.dry_run {
            check_journal(args, settings, journal)?;
        }
    }
    let resume = args.resume && journals.iter().any(|journal| journal.exists());
    let report = args.report.as_deref().map(|file| claim_report(args, file, &journals, resume)).transpose()?;
    let mut watch = Watch::new();
    let mut end = End::Finished;
    for (settings, journal) in all.into_iter().zip(journals) {
        watch.next_model();
        end = run_one(args, context, (settings, journal), &shared, &mut watch)?;
        if end != End::Finished {
            break;
        }
    }
    if args.dry_run {
        text::print(&watch.plan())?;
    }
    watch.finish(args, report.as_ref(), end)
}

/// The batch of one model, with its journal.
fn run_one(
    args: &Args,
    context: &Context,
    (settings, journal): (Settings, PathBuf),
    shared: &Shared,
    watch: &mut Watch,
) -> Result<End, Error> {
    let shared = shared.clone();
    let batch = Worker::start("batch", Arc::new(|| {}), move || Batch::new(shared.clone()));
    let give = |command| batch.send(command).map_err(|failure| Error::Usage(failure.to_string()));
    if args.resume && journal.exists() && !args.dry_run {
        give(Command::Reopen(journal.clone()))?;
    } else {
        give(Command::Set(Box::new(settings)))?;
        give(Command::Add(args.inputs.clone()))?;
    }
    if args.dry_run {
        watch.until_planned(&batch, context)?;
        return Ok(End::Finished);
    }
    give(Command::Start { job: JobId::next(), journal })?;
    watch.until_finished(&batch, context)
}

/// The file for the report, found out before any work. `--resume` replaces the report of the interrupted run, `--overwrite`
/// that of any; nothing that is no report is ever replaced.
fn claim_report(args: &Args, file: &Path, journals: &[PathBuf], resume: bool) -> Result<Target, Error> {
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
    let models = args.enlarge.models();
    let guard = Guard::new(args.inputs.iter().map(PathBuf::as_path).chain(models.into_iter().map(Path::new)));
    journals.iter().for_each(|journal| guard.protect(journal));
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

/// `2 h 05 min`, `3 min 20 s`, `1.5 s`.
pub(super) fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}
