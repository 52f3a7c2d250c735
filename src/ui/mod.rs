//! The window: a photo in front of people, and what the program can do with it.
//!
//! | file | what |
//! |---|---|
//! | `app` | the frame around the tabs: bar, drops, keys, notices |
//! | `shell` | what all tabs share: the open photo, device, models, settings, notices |
//! | `background` | what disks may take long to do, off the window's thread |
//! | `tabs` | the registry; one file or folder per tab |
//! | `text` | all that is said, in catalogues of languages |
//! | `theme` | every colour, size and distance |
//! | `icons` | small pictures drawn from lines |
//! | `uploads` | how many bytes of pictures a frame takes to the graphics device |
//! | `widgets` | controls that several tabs share |
//! | `settings` | what is remembered between runs |
//! | `device_menu` | what computes |
//! | `settings_menu` | the language, and how large the window is drawn |
//! | `full_screen` | the picture without anything around it |
//! | `jobs`, `notification` | how far work is that takes long, for the title; that it has ended, for the desktop |
//! | `place` | where the window lies, for the next start |
//! | `report` | what belongs into a report of a fault |
//!
//! A tab says what it wants and does not do it: commands go to a worker of [`crate::session`], events come back and are
//! applied to a state that knows no egui types, so that the state can be tested without a window.
//!
//! No frame waits for anything, and none works for more than 4 ms beyond drawing. Tests do not measure time, so what a frame
//! may do is counted instead: a bounded number of events ([`tabs::EVENTS_PER_FRAME`]) and of bytes uploaded
//! ([`PER_FRAME`]); decoding, resampling and statistics are the workers' job. `cargo bench --bench window` tells what the
//! largest of both costs on a machine.

mod app;
mod background;
mod device_menu;
mod full_screen;
pub mod icons;
mod jobs;
mod notification;
mod place;
mod report;
pub mod settings;
mod settings_menu;
mod shell;
pub mod tabs;
pub mod text;
pub mod theme;
mod uploads;
mod widgets;

pub use app::App;
pub use jobs::{Job, Jobs};
pub use place::WindowPlace;
pub use settings::Settings;
pub use shell::{BatchLook, Notice, Shell};
pub use uploads::PER_FRAME;

use std::path::PathBuf;
use text::text;

/// Opens the window and returns when it is closed.
///
/// # Errors
/// If there is no screen or no way to draw on it: a sentence with what to do.
pub fn run(paths: Vec<PathBuf>) -> Result<(), String> {
    let viewport = eframe::egui::ViewportBuilder::default()
        .with_title("AdderSR")
        .with_app_id("addersr")
        .with_min_inner_size([900.0, 600.0])
        .with_drag_and_drop(true)
        .with_icon(icons::window());
    let settings = Settings::load();
    let viewport = settings.window.applied(viewport);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native("addersr", options, Box::new(|context| Ok(Box::new(App::new(context, settings, paths)))))
        .map_err(|error| text!("no-window", error = error.to_string()))
}
