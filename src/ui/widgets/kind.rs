//! What a picture is like, where the model that ships for it is to be chosen: the same words wherever it is asked.

use crate::{infer::bundled::Kind, ui::text::text};
use eframe::egui::{RichText, Ui};

/// What a kind is called, and what it means.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Clean => (text!("kind-clean"), text!("kind-clean-tip")),
        Kind::Camera => (text!("kind-camera"), text!("kind-camera-tip")),
        Kind::Photo => (text!("kind-photo"), text!("kind-photo-tip")),
    }
}

/// The choice, under its question; `why_not` disables it.
pub(in crate::ui) fn show(ui: &mut Ui, question: &str, kind: &mut Kind, why_not: Option<&str>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(question).weak());
        ui.add_enabled_ui(why_not.is_none(), |ui| {
            for value in [Kind::Clean, Kind::Camera, Kind::Photo] {
                let (name, tip) = words(value);
                let label = ui.selectable_label(*kind == value, name).on_hover_text(tip);
                if label.on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
                    *kind = value;
                }
            }
        });
    });
}
