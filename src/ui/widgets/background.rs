//! The colour behind what is transparent, for formats without transparency or for whoever wants none.

use eframe::egui::{self, Ui};

/// A switch and, where it is on, the colour.
pub(in crate::ui) fn show(ui: &mut Ui, background: &mut Option<[u8; 3]>) {
    ui.horizontal(|ui| {
        let mut fill = background.is_some();
        ui.checkbox(&mut fill, "Fill what is transparent")
            .on_hover_text("JPEG has no transparency and needs a background");
        if !fill {
            *background = None;
            return;
        }
        let colour = background.get_or_insert([255; 3]);
        let button = ui.color_edit_button_srgb(colour).on_hover_text("Colour of the background");
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColorWell, true, "Background colour"));
    });
}
