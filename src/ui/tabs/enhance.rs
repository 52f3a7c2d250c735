//! Before and after.

use super::Tab;
use crate::ui::{Shell, theme};
use eframe::egui;

/// The tab.
pub struct Enhance {}

impl Enhance {
    /// Starts its worker.
    pub fn new(_shell: &mut Shell) -> Self {
        Self {}
    }
}

impl Tab for Enhance {
    fn poll(&mut self, _shell: &mut Shell) {}

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        theme::empty(ui, super::TabKind::Enhance.icon(), "Open a photo", "Drop one here, or open the sample.", |ui| {
            if ui.button("Open the sample").clicked() {
                shell.open(crate::session::open::Origin::Sample);
            }
        });
    }
}
