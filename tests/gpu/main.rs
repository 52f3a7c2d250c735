//! The GPU engine against the plain loops and the goldens: the bodies of `tests/operations` and `tests/goldens`, and what
//! only a device has.
//!
//! Without an adapter every test is reported as ignored; with `ADDERSR_REQUIRE_GPU=1` each fails instead.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod faults;
#[path = "../operations/gradients.rs"]
mod gradients;
mod halves;
#[path = "../goldens/layers.rs"]
mod layers;
mod learner;
#[path = "../goldens/networks.rs"]
mod networks;
mod pixel_pipeline;
#[path = "../operations/pointwise.rs"]
mod pointwise;
#[path = "../operations/tiles.rs"]
mod tiles;
#[path = "../training/pictures.rs"]
mod training_pictures;
#[path = "../operations/windows.rs"]
mod windows;
mod wrong_layer;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let required = std::env::var_os("ADDERSR_REQUIRE_GPU").is_some_and(|v| v == "1");
    let missing = common::gpu::adapter().is_none();
    common::gpu::choose();
    let modules = [
        ("operations::windows", windows::TESTS),
        ("operations::pointwise", pointwise::TESTS),
        ("operations::gradients", gradients::TESTS),
        ("operations::tiles", tiles::TESTS),
        ("goldens::layers", layers::TESTS),
        ("goldens::networks", networks::TESTS),
        ("faults", faults::TESTS),
        ("learner", learner::TESTS),
        ("pictures", pixel_pipeline::TESTS),
        ("wrong_layer", wrong_layer::TESTS),
    ];
    let trial = |module: &str, name: &str, body: fn()| {
        let run = move || if missing { Err(Failed::from("there is no graphics adapter")) } else { run(body) };
        let trial = Trial::test(format!("{module}::{name}"), run).with_ignored_flag(missing && !required);
        if missing { trial.with_kind("no graphics adapter") } else { trial }
    };
    let half = |&(name, body): &(&str, fn())| {
        let trial = trial("halves", name, body);
        // Where there is an adapter without them, even a required one: it is no less a GPU.
        if missing || common::gpu::halves() {
            trial
        } else {
            trial.with_kind("no 16-bit floats").with_ignored_flag(true)
        }
    };
    let halves = halves::TESTS.iter().map(half);
    let trials = modules.iter().flat_map(|(module, tests)| tests.iter().map(|&(name, body)| trial(module, name, body)));
    libtest_mimic::run(&arguments, trials.chain(halves).collect()).exit_code()
}

fn run(body: fn()) -> Result<(), Failed> {
    body();
    // The CPU takes over where the device fails, with the same results: that must not count as success.
    match common::gpu::engine().faults() {
        0 => Ok(()),
        faults => Err(Failed::from(format!("the device failed {faults} times, and the CPU did its work"))),
    }
}
