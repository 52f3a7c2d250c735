//! Inside the network.

use super::Tab;
use crate::ui::{Shell, theme};
use eframe::egui;

/// The tab.
pub struct Layers {}

impl Layers {
    /// Starts its worker.
    pub fn new(_shell: &mut Shell) -> Self {
        Self {}
    }
}

impl Tab for Layers {
    fn poll(&mut self, _shell: &mut Shell) {}

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        theme::empty(ui, super::TabKind::Layers.icon(), "Open a photo", "Drop one here, or open the sample.", |ui| {
            if ui.button("Open the sample").clicked() {
                shell.open(crate::session::open::Origin::Sample);
            }
        });
    }
}
