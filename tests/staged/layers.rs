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
}

/// Without a photo.
pub(crate) fn empty(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let mut shell = shell();
    let tab = Box::new(Layers::new(&mut shell));
    stage(builder, look, tab, shell)
}

/// The first layer that has a power activation.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let mut shell = shell();
    shell.photo = Some(photo("a quiet street.png", 160, 120));
    let ready = Arc::new(AtomicBool::new(false));
    let tab = Box::new(Watched { tab: Layers::new(&mut shell), ready: ready.clone() });
    let mut window = stage(builder, look, tab, shell);
    let began = Instant::now();
    while !ready.load(Ordering::SeqCst) {
        assert!(began.elapsed() < Duration::from_secs(120), "the layers do not come");
        window.step();
        std::thread::sleep(Duration::from_millis(10));
    }
    window.run_steps(8);
    window
}
