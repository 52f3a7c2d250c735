//! What a picture is like, where the model that ships for it is to be chosen: the same words wherever it is asked.

use crate::infer::bundled::Kind;
use eframe::egui::{RichText, Ui};

/// Kinds with their names and what they mean.
const KINDS: [(Kind, &str, &str); 2] = [
    (Kind::Clean, "Clean", "Sharp, without noise or compression: scans, drawings, pictures that were scaled down"),
    (Kind::Camera, "Camera photo", "As cameras and phones give them: a little blurred, noisy, compressed (JPEG)"),
];

/// The choice, under its question; `why_not` disables it.
pub(in crate::ui) fn show(ui: &mut Ui, question: &str, kind: &mut Kind, why_not: Option<&str>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(question).weak());
        ui.add_enabled_ui(why_not.is_none(), |ui| {
            for (value, name, tip) in KINDS {
                let label = ui.selectable_label(*kind == value, name).on_hover_text(tip);
                if label.on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
                    *kind = value;
                }
            }
        });
    });
}
