//! Layers with a photo. Its worker works: what it shows depends on nothing but the photo and the model.

use super::{Stage, Window, photo, shell, stage};
use addersr::ui::{
    settings::Theme,
    tabs::{Tab, layers::Layers},
};
use eframe::egui::Ui;
use egui_kittest::HarnessBuilder;
use std::{
    sync::{Arc, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

/// The window, and whether all is there.
pub(crate) struct Staged {
    /// The window.
    pub(crate) window: Window,
    ready: Arc<AtomicBool>,
}

/// Layers that says when all is there.
struct Watched {
    tab: Layers,
    ready: Arc<AtomicBool>,
}

impl Tab for Watched {
    fn poll(&mut self, shell: &mut addersr::ui::Shell) {
        self.tab.poll(shell);
        let state = self.tab.state();
        let ready = state.look.is_some() && state.strip.is_some() && !state.is_waiting();
        self.ready.store(ready, Ordering::SeqCst);
    }

    fn ui(&mut self, ui: &mut Ui, shell: &mut addersr::ui::Shell) {
        self.tab.ui(ui, shell);
    }

    fn stop(&mut self) {
        self.tab.stop();
    }
}

/// Without a photo.
pub(crate) fn empty(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let mut shell = shell();
    let tab = Box::new(Layers::new(&mut shell));
    stage(builder, look, tab, shell)
}

/// With a photo of that size, of which a part is looked at; nothing has come.
pub(crate) fn begin(
    builder: HarnessBuilder<Stage>,
    look: Theme,
    (width, height): (usize, usize),
    part: usize,
) -> Staged {
    let mut shell = shell();
    shell.photo = Some(photo("a quiet street.png", width, height));
    let ready = Arc::new(AtomicBool::new(false));
    let mut tab = Layers::new(&mut shell);
    tab.look_at(part);
    let tab = Box::new(Watched { tab, ready: ready.clone() });
    Staged { window: stage(builder, look, tab, shell), ready }
}

/// Draws until all is there.
pub(crate) fn finish(staged: &mut Staged, mut drawn: impl FnMut(&Window)) {
    let began = Instant::now();
    while !staged.ready.load(Ordering::SeqCst) {
        assert!(began.elapsed() < Duration::from_secs(120), "the layers do not come");
        staged.window.step();
        drawn(&staged.window);
        std::thread::sleep(Duration::from_millis(10));
    }
    // Uploads take a few frames.
    for _ in 0..12 {
        staged.window.step();
        drawn(&staged.window);
    }
}

/// The first layer that has a power activation.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let mut staged = begin(builder, look, (160, 120), 128);
    finish(&mut staged, |_| ());
    staged.window
}
