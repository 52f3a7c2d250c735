//! How large the result is: times as large, in pixels, on paper; and which part of the photo.

use super::{crop, state::EnhanceState};
use crate::{
    infer::{self, Print, Target},
    tensor::Size,
    ui::{text::text, theme},
};
use eframe::egui::{self, RichText, Ui};

/// Centimetres of an inch.
const INCH: f64 = 2.54;
/// What prints have where nothing else is said.
const DPI: f64 = 300.0;

pub(super) fn show(ui: &mut Ui, state: &mut EnhanceState) {
    theme::section(ui, text!("size"));
    let Some(photo) = state.photo.clone() else { return };
    // What the number means is what is exported: all of the photo, or a part.
    let from = state.choice.crop.map_or(photo.pixels.size(), |crop| crop.size());
    let possible = state.exported_size();
    let now = possible.unwrap_or(from);
    by(ui, state, from, now);
    if state.choice.print.is_some() {
        paper(ui, state);
    }
    ui.horizontal(|ui| {
        for factor in [2.0, 3.0, 4.0] {
            let chosen = state.choice.target == Target::Factor(factor);
            let label = ui.selectable_label(chosen, format!("×{factor}"));
            if label.on_hover_text(text!("size-factor-tip", factor = factor)).clicked() {
                state.choice.resize(Target::Factor(factor));
            }
        }
        presets(ui, state);
    });
    crop::buttons(ui, state);
    if possible.is_none() {
        ui.label(RichText::new(text!("size-impossible")).small().color(theme::warning(ui)));
        return;
    }
    let mp = megapixels(now);
    // What an exact size means for this photo: the last one may have been smaller.
    let factor = match state.choice.target {
        Target::Factor(_) => String::new(),
        _ => format!(" · ×{:.2}", infer::factor(from, now)),
    };
    // On a line of its own: the numbers of a large result leave no room for anything else.
    let text = format!("{now:#} · {mp}{factor}");
    ui.label(RichText::new(text).small().weak()).on_hover_text(text!("size-tip"));
    if now.width < from.width && now.height < from.height {
        let text = text!("size-smaller", w = from.width, h = from.height);
        ui.label(RichText::new(text).small().color(theme::warning(ui)));
    }
}

/// With as many digits as say something.
fn megapixels(size: Size) -> String {
    let mp = size.area() as f64 / 1e6;
    if mp < 0.1 { format!("{mp:.3} MP") } else { format!("{mp:.1} MP") }
}

/// What the size is given by, and its number.
fn by(ui: &mut Ui, state: &mut EnhanceState, from: Size, now: Size) {
    let print = state.choice.print.unwrap_or(Print { inches: now.longest() as f64 / DPI, dpi: DPI });
    let kinds = [
        (text!("size-factor"), Target::Factor(now.width as f64 / from.width as f64)),
        (text!("size-width"), Target::Width(now.width)),
        (text!("size-height"), Target::Height(now.height)),
        (text!("size-long-edge"), Target::LongEdge(now.longest())),
    ];
    let same = |target: &Target| std::mem::discriminant(target) == std::mem::discriminant(&state.choice.target);
    let kind = match state.choice.print {
        Some(_) => text!("size-print"),
        None => kinds.iter().find(|(_, target)| same(target)).map_or(text!("size-factor"), |(name, _)| name),
    };
    ui.horizontal(|ui| {
        let combo = egui::ComboBox::from_id_salt("size kind").width(96.0).selected_text(kind).show_ui(ui, |ui| {
            for (name, target) in kinds {
                if ui.selectable_label(name == kind, name).clicked() && name != kind {
                    state.choice.resize(target);
                }
            }
            let on_paper = ui.selectable_label(kind == text!("size-print"), text!("size-print"));
            if on_paper.on_hover_text(text!("size-print-tip")).clicked() {
                state.choice.print(print);
            }
        });
        combo.response.on_hover_text(text!("size-by-tip"));
        if state.choice.print.is_some() {
            return;
        }
        let field = match &mut state.choice.target {
            Target::Factor(f) => egui::DragValue::new(f).range(0.1..=16.0).speed(0.02).max_decimals(3).prefix("× "),
            Target::Width(n) | Target::Height(n) | Target::LongEdge(n) => {
                egui::DragValue::new(n).range(1..=60_000).speed(8).suffix(" px")
            }
        };
        let field =
            ui.add_sized([ui.available_width(), ui.spacing().interact_size.y], field.update_while_editing(false));
        field.on_hover_text(text!("drag-or-type"));
    });
}

/// The longer side on paper and its resolution.
fn paper(ui: &mut Ui, state: &mut EnhanceState) {
    let Some(mut print) = state.choice.print else { return };
    ui.horizontal(|ui| {
        let units = [text!("unit-cm"), text!("unit-inch")];
        let (unit, per_inch) = if state.choice.inches { (units[1], 1.0) } else { (units[0], INCH) };
        let mut side = print.inches * per_inch;
        let field =
            egui::DragValue::new(&mut side).range(1.0..=500.0).speed(0.1).max_decimals(1).suffix(format!(" {unit}"));
        if ui.add(field.update_while_editing(false)).on_hover_text(text!("size-print-tip")).changed() {
            print.inches = side / per_inch;
        }
        let dpi = egui::DragValue::new(&mut print.dpi)
            .range(36.0..=2400.0)
            .speed(1.0)
            .max_decimals(0)
            .suffix(text!("dpi-suffix"));
        ui.add(dpi.update_while_editing(false)).on_hover_text(text!("size-dpi-tip"));
        for (inches, name) in [(false, units[0]), (true, units[1])] {
            ui.selectable_value(&mut state.choice.inches, inches, name).on_hover_text(text!("size-unit-tip"));
        }
    });
    if state.choice.print != Some(print) {
        state.choice.print(print);
    }
}

/// Sizes that have a name.
fn presets(ui: &mut Ui, state: &mut EnhanceState) {
    let combo = egui::ComboBox::from_id_salt("size presets").width(88.0).selected_text(text!("size-presets"));
    let shown = combo.show_ui(ui, |ui| {
        for (name, pixels) in [(text!("preset-hd"), 1920), (text!("preset-4k"), 3840), (text!("preset-8k"), 7680)] {
            let target = Target::LongEdge(pixels);
            let chosen = state.choice.print.is_none() && state.choice.target == target;
            if ui.selectable_label(chosen, name).clicked() {
                state.choice.resize(target);
            }
        }
        for (name, millimetres) in [("A5", 210.0), ("A4", 297.0), ("A3", 420.0), ("A2", 594.0)] {
            let print = Print::centimetres(millimetres / 10.0, DPI);
            let chosen = state.choice.print == Some(print);
            if ui.selectable_label(chosen, text!("preset-paper", name = name, dpi = DPI)).clicked() {
                state.choice.print(print);
            }
        }
    });
    shown.response.on_hover_text(text!("size-presets-tip"));
}
