//! Starts the command line. (The window comes with `ui`.)

use std::process::ExitCode;

fn main() -> ExitCode {
    addersr::cli::run(std::env::args_os())
}
