//! What a picture is like, where the model that ships for it is to be chosen: the same words wherever it is asked.

use crate::{infer::bundled::KindChoice, ui::text::text};
use eframe::egui::{RichText, Ui};

/// What a kind is called, and what it means.
fn words(kind: KindChoice) -> (&'static str, &'static str) {
    match kind {
        KindChoice::Auto => (text!("kind-auto"), text!("kind-auto-tip")),
        KindChoice::Clean => (text!("kind-clean"), text!("kind-clean-tip")),
        KindChoice::Camera => (text!("kind-camera"), text!("kind-camera-tip")),
        KindChoice::Photo => (text!("kind-photo"), text!("kind-photo-tip")),
    }
}

/// The choice, under its question; `why_not` disables it.
pub(in crate::ui) fn show(ui: &mut Ui, question: &str, kind: &mut KindChoice, why_not: Option<&str>) {
    // On a line of its own: beside four choices the narrowest panel has no room for it.
    ui.label(RichText::new(question).weak());
    ui.add_enabled_ui(why_not.is_none(), |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for value in KindChoice::ALL {
                let (name, tip) = words(value);
                let label = ui.selectable_label(*kind == value, name).on_hover_text(tip);
                if label.on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
                    *kind = value;
                }
            }
        });
    });
}
