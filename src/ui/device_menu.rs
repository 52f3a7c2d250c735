//! What computes: automatic, the processor, or one of the graphics devices, which are looked for when somebody asks.

use super::{
    Shell,
    icons::{self, Icon},
    text::text,
};
use crate::{backend::gpu, session::Task};
use eframe::egui;

/// The menu behind the bar's button.
#[derive(Default)]
pub(super) struct DeviceMenu {
    /// Asking every driver may take seconds.
    search: Option<Task<Vec<String>>>,
    found: Option<Vec<String>>,
}

impl DeviceMenu {
    /// The button, and the menu while it is open.
    pub(super) fn show(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        if let Some(found) = self.search.as_ref().and_then(Task::poll) {
            (self.search, self.found) = (None, found.ok());
        }
        let name = shell.shared.device_name().unwrap_or_else(|| shell.settings.device.clone());
        let button = icons::button(ui, Icon::Device, text!("device"), true).on_hover_text(name);
        egui::Popup::menu(&button).show(|ui| self.entries(ui, shell));
    }

    fn entries(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        for (choice, what) in [("auto", text!("automatic")), ("cpu", text!("device-cpu"))] {
            entry(ui, shell, choice, what);
        }
        match &self.found {
            Some(devices) => devices.iter().for_each(|device| entry(ui, shell, device, device)),
            None => {
                let search = ui.add_enabled(self.search.is_none(), egui::Button::new(text!("device-search")));
                if search.clicked() {
                    let work = || gpu::list().into_iter().map(|device| device.name).collect();
                    self.search = Some(Task::start(&shell.waker, work));
                }
            }
        }
    }
}

fn entry(ui: &mut egui::Ui, shell: &mut Shell, device: &str, shown: &str) {
    if ui.selectable_label(shell.settings.device == device, shown).clicked() {
        shell.settings.device = device.to_owned();
        shell.shared.choose(device.parse().unwrap_or_default());
    }
}
