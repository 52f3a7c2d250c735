//! Pictures of every tab, empty and at work, light and dark, at the smallest size of the window: whoever moves a control sees it
//! here first.
//!
//! Drawn in software where there is software Vulkan, so that machines agree. `threshold` forgives what versions of a driver do
//! to the edges of letters; no pixel may differ by more. Without a graphics adapter the tests are reported as ignored; with
//! `ADDERSR_REQUIRE_GPU=1` they fail instead. `UPDATE_SNAPSHOTS=1 cargo test --test snapshots` takes new ones, to be looked
//! at before they are committed.

#[path = "../staged/mod.rs"]
#[expect(dead_code, reason = "what other tests need of it")]
mod staged;

use addersr::ui::{App, settings::Theme};
use egui_kittest::{Harness, SnapshotOptions};
use libtest_mimic::{Arguments, Failed, Trial};
use staged::{Window, batch, colours, enhance, layers, settings, train};
use std::process::ExitCode;

/// How a picture is made.
type Make = fn(Theme) -> Window;

/// Every view; the empty Enhance is shown with the bar around it, as `window`.
const VIEWS: [(&str, Make); 8] = [
    ("enhance", |theme| enhance::filled(builder(), theme)),
    ("layers_empty", |theme| layers::empty(builder(), theme)),
    ("layers", |theme| layers::filled(builder(), theme)),
    ("batch_empty", |theme| batch::empty(builder(), theme)),
    ("batch", |theme| batch::filled(builder(), theme)),
    ("train_empty", |theme| train::empty(builder(), theme)),
    ("train_set", |theme| train::judged(builder(), theme).0),
    ("train", |theme| train::filled(builder(), theme)),
];

/// Smallest size of the window, without the bar.
const SMALL: [f32; 2] = [900.0, 559.0];

const THEMES: [(Theme, &str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];

fn builder<State>() -> egui_kittest::HarnessBuilder<State> {
    Harness::builder().with_size(SMALL).with_pixels_per_point(1.0).with_render_cursor(false).wgpu()
}

fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(1.0)
}

fn view(make: Make, theme: Theme, name: &str) {
    let mut window = make(theme);
    window.remove_cursor();
    window.run_steps(2);
    window.snapshot_options(name, &options());
}

/// The whole window with nothing open.
fn window(theme: Theme, name: &str) {
    let build = builder().with_size([900.0, 600.0]).with_theme(colours(theme));
    let mut window =
        build.build_eframe(move |context| App::with_settings(&context.egui_ctx, settings(theme), Vec::new()));
    window.run_steps(4);
    window.snapshot_options(name, &options());
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // One at a time: a software device takes all cores for each.
    arguments.test_threads = Some(1);
    let required = std::env::var_os("ADDERSR_REQUIRE_GPU").is_some_and(|v| v == "1");
    let missing = addersr::backend::gpu::list().is_empty();
    let trial = |name: String, body: Box<dyn FnOnce(&str) + Send>| {
        let file = name.clone();
        let run = move || {
            if missing {
                return Err(Failed::from("there is no graphics adapter"));
            }
            // On a thread of its own, because results are counted by thread; what a panic said is printed already.
            let drawn = std::thread::spawn(move || body(&file)).join();
            drawn.map_err(|_| Failed::from("see above; pictures of what differs are beside the snapshot"))
        };
        let trial = Trial::test(name, run).with_ignored_flag(missing && !required);
        if missing { trial.with_kind("no graphics adapter") } else { trial }
    };
    let mut trials = Vec::new();
    for (theme, word) in THEMES {
        trials.push(trial(format!("window_{word}"), Box::new(move |name| window(theme, name))));
        for (name, make) in VIEWS {
            trials.push(trial(format!("{name}_{word}"), Box::new(move |name| view(make, theme, name))));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
