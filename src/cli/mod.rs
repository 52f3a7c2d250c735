//! The command line: one file per subcommand, and what they share.
//!
//! Results go to standard output (a table, or with `--json` one JSON document), everything else to standard error.
//! Exit codes: 0 done, 1 something failed, 2 the command line makes no sense, 130 interrupted.
//!
//! To add a subcommand: a file with its `Args` and a `run`, and one line in `Command` and in `dispatch`.

mod bar;
mod batch;
mod batch_watch;
mod device;
mod devices;
mod enlarge;
mod eval;
mod info;
mod interrupt;
mod layers;
mod logging;
mod metrics;
mod models;
mod outputs;
mod pictures;
mod precision;
mod profile;
mod quantize;
mod region;
mod text;
mod train;
mod train_files;
mod train_recipe;
mod upscale;

use crate::session::message;
use crate::{error::Error, image_io, infer::CancelToken};
use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ContextValue},
};
use std::{
    ffi::OsString,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Enlarges photographs with adder neural networks.
#[derive(Parser)]
#[command(name = "addersr", version, max_term_width = 110, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    global: Global,
}

const EXAMPLES: &str = "Examples:
  addersr                                      opens the window
  addersr photo.jpg                            opens the window with a photo
  addersr upscale photo.jpg                    writes photo_x2.png beside it
  addersr upscale *.jpg -o large --scale 4     several photos into a folder
  addersr eval --data Set5 --scale 2           PSNR and SSIM, beside bicubic
  addersr layers photo.jpg --layer list        what there is to look at inside the network

Exit codes: 0 done, 1 something failed, 2 the command line makes no sense, 130 interrupted.";

/// Options that every subcommand takes.
#[derive(clap::Args)]
struct Global {
    /// Tell what happens on standard error (twice: in detail)
    #[arg(long, short, global = true, action = clap::ArgAction::Count, help_heading = "Everywhere")]
    verbose: u8,
    /// Threads to compute with [default: one per core]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Everywhere")]
    threads: Option<u16>,
}

#[derive(Subcommand)]
enum Command {
    /// Enlarge photos
    Upscale(upscale::Args),
    /// Enlarge whole folders: a plan, a journal, shards for many machines
    Batch(batch::Args),
    /// Measure a model on a folder of pictures: PSNR and SSIM beside bicubic
    Eval(eval::Args),
    /// Measure one enlargement: how faithful, how true in colour
    Metrics(metrics::Args),
    /// Train a model on pictures, or fine-tune one
    Train(train::Args),
    /// Give a model an 8-bit form, which CPUs compute several times faster
    Quantize(quantize::Args),
    /// Show a model: layers, parameters, additions, multiplications, energy
    Info(info::Args),
    /// Save what the layers of a network see in a photo
    Layers(layers::Args),
    /// List the models that ship with the program and those it can train
    Models(models::Args),
    /// List what can compute: the CPU engine and graphics devices
    Devices(devices::Args),
}

/// What a subcommand may need beyond its own arguments.
struct Context {
    /// Raised by Ctrl-C.
    cancel: CancelToken,
    /// `--threads`.
    threads: Option<u16>,
}

/// What the arguments came to.
pub enum Outcome {
    /// A subcommand, or a mistake, that is over and done.
    Done(ExitCode),
    /// The window is wanted, with these pictures in it.
    Window(Vec<PathBuf>),
}

/// Runs the program with these arguments, the first being its own name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let args: Vec<OsString> = args.into_iter().collect();
    interrupt::outlive_file_limits();
    // Paths without a subcommand are what a file manager starts a program with.
    let rest = args.get(1..).unwrap_or_default();
    let is_picture = |first: &OsString| Cli::command().find_subcommand(first).is_none() && Path::new(first).exists();
    if rest.first().is_some_and(is_picture) {
        logging::start(0);
        return Outcome::Window(rest.iter().map(PathBuf::from).collect());
    }
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return unknown_subcommand(&error, &args).unwrap_or_else(|| Outcome::Done(refuse(&error))),
    };
    logging::start(cli.global.verbose);
    match cli.command {
        Some(command) => Outcome::Done(subcommand(&command, &cli.global)),
        None => {
            if let Some(threads) = cli.global.threads {
                device::set_threads(Some(threads));
            }
            Outcome::Window(Vec::new())
        }
    }
}

fn subcommand(command: &Command, global: &Global) -> ExitCode {
    let context = Context { cancel: interrupt::token(), threads: global.threads };
    // A panic is told as one sentence below; where it was stands in the log.
    std::panic::set_hook(Box::new(|panic| tracing::info!("{panic}")));
    let done = catch_unwind(AssertUnwindSafe(|| dispatch(command, &context)));
    match done.unwrap_or_else(|panic| Err(Error::Fault(message(panic.as_ref())))) {
        Ok(code) => code,
        Err(error) => {
            text::tell!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(command: &Command, context: &Context) -> Result<ExitCode, Error> {
    match command {
        Command::Upscale(args) => upscale::run(args, context),
        Command::Batch(args) => batch::run(args, context),
        Command::Eval(args) => eval::run(args, context),
        Command::Metrics(args) => metrics::run(args),
        Command::Train(args) => train::run(args, context),
        Command::Quantize(args) => quantize::run(args, context),
        Command::Info(args) => info::run(args),
        Command::Layers(args) => layers::run(args, context),
        Command::Models(args) => models::run(args),
        Command::Devices(args) => devices::run(args),
    }
}

/// A picture behind options, or a file that is not there, in place of a subcommand. `None` if it is something else.
fn unknown_subcommand(error: &clap::Error, args: &[OsString]) -> Option<Outcome> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let at = args.iter().position(|arg| arg.to_string_lossy() == word.as_str())?;
    let file = Path::new(&args[at]);
    if file.exists() {
        let cli = Cli::try_parse_from(&args[..at]).ok()?;
        logging::start(cli.global.verbose);
        cli.global.threads.inspect(|&threads| device::set_threads(Some(threads)));
        return Some(Outcome::Window(args[at..].iter().map(PathBuf::from).collect()));
    }
    // A word without a dot and without a folder was meant as a subcommand.
    if !word.contains(['.', '/', '\\']) {
        return None;
    }
    let missing = Error::Image(image_io::Error::new(file, image_io::ErrorKind::Missing));
    text::tell!("error: {missing}");
    Some(Outcome::Done(ExitCode::from(missing.exit_code())))
}

/// What clap has to say; help and version are "errors" too.
fn refuse(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
