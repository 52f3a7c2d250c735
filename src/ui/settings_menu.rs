//! What is set for the whole window: how large it is drawn, and its language.

use super::{
    Settings,
    icons::{self, Icon},
    text::{Language, text},
    theme,
};
use eframe::egui::{self, Context, Popup, PopupCloseBehavior, Ui};

/// The button, and what opens below it. Whether another language was chosen.
pub(super) fn show(ui: &mut Ui, settings: &mut Settings) -> bool {
    let before = settings.language;
    let button = icons::button(ui, Icon::Settings, text!("settings"), true);
    let menu = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    menu.show(|ui| {
        theme::section(ui, text!("interface-size"));
        size(ui);
        theme::section(ui, text!("language"));
        ui.selectable_value(&mut settings.language, None, text!("language-system"));
        for language in Language::ALL {
            ui.selectable_value(&mut settings.language, Some(language), language.name());
        }
    });
    settings.language != before
}

/// Smaller, as it is, larger.
fn size(ui: &mut Ui) {
    ui.horizontal(|ui| {
        if ui.button("−").on_hover_text(text!("interface-smaller")).clicked() {
            egui::gui_zoom::zoom_out(ui.ctx());
        }
        ui.label(format!("{:.0} %", 100.0 * ui.ctx().zoom_factor()));
        if ui.button("+").on_hover_text(text!("interface-larger")).clicked() {
            egui::gui_zoom::zoom_in(ui.ctx());
        }
    });
}

/// Draws the window as large as it was; nonsense is drawn as large as the system says.
pub(super) fn resize(context: &Context, factor: f32) {
    context.set_zoom_factor(if (0.2..=5.0).contains(&factor) { factor } else { 1.0 });
}
