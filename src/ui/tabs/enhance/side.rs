//! The controls at the right.

use super::{
    choice::Mode,
    export::{Export, Picks},
    looks,
    picks::Pick,
    size,
    state::EnhanceState,
    tries::Tries,
};
use crate::{
    session::view::{Colours, Measure, ModelChoice},
    ui::{
        Shell,
        icons::{self, Icon},
        text::text,
        theme, widgets,
    },
};
use eframe::egui::{self, RichText, Ui};
use std::path::PathBuf;

pub(super) fn show(
    ui: &mut Ui,
    state: &mut EnhanceState,
    tries: &mut Tries,
    picks: &mut Picks,
    export: &mut Export,
    shell: &mut Shell,
) {
    let frame = egui::Frame::NONE.inner_margin(theme::margin());
    egui::Panel::bottom("enhance export").frame(frame).show(ui, |ui| export.buttons(ui, state, shell));
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        egui::Frame::NONE.inner_margin(theme::margin()).show(ui, |ui| {
            match widgets::history::heading(ui, text!("compare"), &state.history) {
                Some(true) => state.undo(),
                Some(false) => state.redo(),
                None => {}
            }
            looks::show(ui, state, (tries, picks, export), shell);
            size::show(ui, state);
            strength(ui, state);
            view(ui, state);
            reference(ui, state, picks, shell);
        });
    });
}

fn ask(picks: &mut Picks, what: Pick, shell: &Shell) {
    picks.ask(what, what.question(PathBuf::new()), &shell.waker);
}

fn strength(ui: &mut Ui, state: &mut EnhanceState) {
    theme::section(ui, text!("strength"));
    let networks = state.choice.all_looks().iter().any(ModelChoice::is_network);
    let mut percent = state.choice.strength * 100.0;
    ui.spacing_mut().slider_width = (ui.available_width() - 64.0).max(80.0);
    let slider = egui::Slider::new(&mut percent, 0.0..=100.0).suffix(" %").fixed_decimals(0);
    let response = ui.add_enabled(networks, slider).on_hover_text(text!("strength-tip"));
    response.widget_info(|| egui::WidgetInfo::slider(networks, f64::from(percent), text!("strength")));
    state.choice.strength = percent / 100.0;
    let ensemble = egui::Checkbox::new(&mut state.choice.ensemble, text!("ensemble"));
    ui.add_enabled(networks, ensemble).on_hover_text(text!("ensemble-tip"));
}

fn view(ui: &mut Ui, state: &mut EnhanceState) {
    theme::section(ui, text!("view"));
    // In lines that every language has room for, rather than one that breaks where it happens to be full.
    for line in [&[Mode::Split, Mode::Flip, Mode::Four][..], &[Mode::Beside, Mode::Difference]] {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for &mode in line {
                let (name, hint) = mode.words();
                if ui.selectable_label(state.choice.mode == mode, name).on_hover_text(hint).clicked() {
                    state.choice.mode = mode;
                }
            }
        });
    }
    ui.horizontal(|ui| {
        if ui.selectable_label(state.camera.fits, text!("zoom-fit")).on_hover_text(text!("zoom-fit-tip")).clicked() {
            state.camera.fits = true;
        }
        let one = !state.camera.fits && state.camera.zoom == 1.0;
        if ui.selectable_label(one, "1:1").on_hover_text(text!("zoom-one-tip")).clicked() {
            state.camera.zoom_at(1.0 / state.camera.zoom, 0.0, 0.0);
        }
        if ui.button("−").on_hover_text(text!("zoom-out")).clicked() {
            state.camera.step(false);
        }
        if ui.button("+").on_hover_text(text!("zoom-in")).clicked() {
            state.camera.step(true);
        }
        let zoom = state.camera.zoom * 100.0;
        ui.label(if zoom < 10.0 { format!("{zoom:.1} %") } else { format!("{zoom:.0} %") });
    });
    ui.checkbox(&mut state.loupe, text!("loupe")).on_hover_text(text!("loupe-tip"));
    if state.choice.mode == Mode::Difference {
        difference(ui, state);
    }
}

fn difference(ui: &mut Ui, state: &mut EnhanceState) {
    theme::section(ui, text!("difference"));
    let d = &mut state.choice.difference;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (measure, name, hint) in [
            (Measure::Signed, text!("difference-signed"), text!("difference-signed-tip")),
            (Measure::Absolute, text!("difference-absolute"), text!("difference-absolute-tip")),
            (Measure::Squared, text!("difference-squared"), text!("difference-squared-tip")),
        ] {
            ui.selectable_value(&mut d.measure, measure, name).on_hover_text(hint);
        }
    });
    ui.horizontal(|ui| {
        ui.selectable_value(&mut d.colours, Colours::Channels, text!("difference-channels"))
            .on_hover_text(text!("difference-channels-tip"));
        ui.selectable_value(&mut d.colours, Colours::Map, text!("difference-map"))
            .on_hover_text(text!("difference-map-tip"));
    });
    ui.spacing_mut().slider_width = (ui.available_width() - 64.0).max(80.0);
    let slider = egui::Slider::new(&mut d.gain, 1.0..=64.0).logarithmic(true).prefix("× ").fixed_decimals(0);
    ui.add(slider).on_hover_text(text!("difference-gain-tip"));
}

fn reference(ui: &mut Ui, state: &mut EnhanceState, picks: &mut Picks, shell: &Shell) {
    theme::section(ui, text!("reference"));
    let Some(file) = state.choice.reference.clone() else {
        let button = ui.button(text!("reference-choose")).on_hover_text(text!("reference-tip"));
        if button.clicked() {
            ask(picks, Pick::Reference, shell);
        }
        return;
    };
    ui.horizontal(|ui| {
        if icons::button(ui, Icon::Close, text!("reference-remove"), true).clicked() {
            state.choice.reference = None;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ui.add(egui::Label::new(&name).truncate()).on_hover_text(file.display().to_string());
    });
    let Some(scores) = &state.scores else {
        ui.label(RichText::new(text!("reference-waiting")).small().weak());
        return;
    };
    if let Some(problem) = &scores.problem {
        ui.colored_label(theme::warning(ui), problem);
        return;
    }
    egui::Grid::new("scores").num_columns(3).spacing([16.0, 4.0]).show(ui, |ui| {
        for head in ["", text!("scores-view"), text!("scores-whole")] {
            ui.label(RichText::new(head).small().weak());
        }
        ui.end_row();
        for (side, letter) in ["A", "B"].into_iter().enumerate() {
            ui.label(letter);
            for quality in [scores.view[side], scores.whole[side]] {
                let text = quality.map_or("…".to_owned(), |q| match q.ssim {
                    Some(ssim) => format!("{}\n{ssim:.4}", q.psnr),
                    None => q.psnr.to_string(),
                });
                ui.label(RichText::new(text).monospace());
            }
            ui.end_row();
        }
    });
}
