//! A person's first quarter of an hour with the program, in a real window: open a photo, compare, look inside, enlarge five
//! pictures, fine-tune, export.
//!
//! The window runs under Xvfb. Controls are found by their accessible names on the accessibility bus, which also tells
//! where they are; the pointer then really goes there and clicks (xdotool). Fixed coordinates would break with every change
//! of the layout, and a hook in the program would test another program. It also proves that a screen reader finds what a
//! person sees.
//!
//! Without the tools (Xvfb, xdotool, ImageMagick's `import`, dbus-daemon, at-spi2-core) the test is reported as ignored, with
//! what is missing; with `ADDERSR_REQUIRE_WINDOW=1` it fails instead. Screenshots go to `$OUT`, or to
//! `target/tmp/end_to_end`. Nothing waits for a fixed time: every step polls for what it needs, with a generous limit.

#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod story;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

#[cfg(target_os = "linux")]
use desktop::missing;
#[cfg(target_os = "linux")]
use story::tell;

/// Other systems have windows, but no Xvfb.
#[cfg(not(target_os = "linux"))]
fn missing() -> Vec<&'static str> {
    vec!["Linux"]
}

#[cfg(not(target_os = "linux"))]
fn tell() {}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let required = std::env::var_os("ADDERSR_REQUIRE_WINDOW").is_some_and(|v| v == "1");
    let missing = missing().join(", ");
    let lacks = !missing.is_empty();
    let reason = format!("missing: {missing}");
    let failure = reason.clone();
    let run = move || {
        if lacks {
            return Err(Failed::from(failure));
        }
        tell();
        Ok(())
    };
    let trial = Trial::test("a_photo_is_opened_compared_looked_into_batched_learnt_from_and_exported", run);
    let trial = trial.with_ignored_flag(lacks && !required);
    let trial = if lacks { trial.with_kind(reason) } else { trial };
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}
