//! What a picture is like, where the model that ships for it is to be chosen: the same words wherever it is asked.

use crate::infer::bundled::Kind;
use eframe::egui::{RichText, Ui};

/// Kinds with their names and what they mean.
const KINDS: [(Kind, &str, &str); 3] = [
    (Kind::Clean, "Clean", "Sharp, without noise or compression: scans, drawings, pictures that were scaled down"),
    (
        Kind::Camera,
        "Camera",
        "As cameras and phones give them, enlarged faithfully: a little blurred, noisy, compressed (JPEG)",
    ),
    (Kind::Photo, "Photo", "The same, enlarged more sharply; Strength goes from the camera model's result to this one"),
];

/// What a slider for strength does.
pub(in crate::ui) const STRENGTH: &str = "How much of the network's effect is seen: 0 % is bicubic, or for a photo model the \
                                          camera model's result";

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
