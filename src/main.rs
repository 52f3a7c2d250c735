//! Starts the window (no arguments, or picture paths) or a subcommand.

use addersr::{cli, ui};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        cli::Outcome::Done(code) => code,
        cli::Outcome::Window(paths) => match ui::run(paths) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        },
    }
}
