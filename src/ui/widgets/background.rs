//! The colour behind what is transparent, for formats without transparency or for whoever wants none.

use crate::ui::text::text;
use eframe::egui::{self, Ui};

/// A switch and, where it is on, the colour.
pub(in crate::ui) fn show(ui: &mut Ui, background: &mut Option<[u8; 3]>) {
    ui.horizontal(|ui| {
        let mut fill = background.is_some();
        ui.checkbox(&mut fill, text!("background-fill")).on_hover_text(text!("background-fill-tip"));
        if !fill {
            *background = None;
            return;
        }
        let colour = background.get_or_insert([255; 3]);
        let button = ui.color_edit_button_srgb(colour).on_hover_text(text!("background-colour"));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColorWell, true, text!("background-colour")));
    });
}
