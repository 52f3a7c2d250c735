//! The pictures with their verdicts, and pairs as the network sees them.

use super::{Action, state::TrainState};
use crate::{
    session::trainer::{Found, Verdict},
    tensor::{Pixels, Samples},
    ui::{text::text, theme, widgets::names},
};
use eframe::egui::{self, ColorImage, RichText, TextStyle, TextureHandle, TextureOptions, Ui};
use std::{collections::HashMap, path::PathBuf, sync::Arc};

/// Height of a row.
const ROW: f32 = 28.0;

/// Textures of the pairs that are shown, by the address of their pixels, which the texture's entry keeps alive.
#[derive(Default)]
pub(super) struct Pairs(HashMap<PathBuf, [(Arc<Pixels>, TextureHandle); 2]>);

/// A texture of an 8-bit RGB picture, shown without smoothing: every pixel is what the network sees.
pub(super) fn texture(ctx: &egui::Context, name: &str, pixels: &Pixels) -> TextureHandle {
    let size = [pixels.width, pixels.height];
    let image = match &pixels.samples {
        Samples::U8(rgb) if pixels.channels == 3 => ColorImage::from_rgb(size, rgb),
        _ => ColorImage::filled(size, egui::Color32::GRAY),
    };
    ctx.load_texture(name, image, TextureOptions::NEAREST)
}

pub(super) fn show(ui: &mut Ui, state: &TrainState, pairs: &mut Pairs, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.heading(text!("pictures"));
        if state.judging.is_some() {
            ui.spinner();
        }
    });
    ui.label(RichText::new(summary(state)).weak());
    ui.add_space(theme::UNIT);
    pieces(ui, state, pairs);
    table(ui, state, actions);
}

/// The set in one line: how many, how much, what is left out.
fn summary(state: &TrainState) -> String {
    let sizes = state.found.iter().filter_map(|f| f.look.as_ref().ok());
    let pixels: usize = sizes.map(|look| look.size.area()).sum();
    let count = |verdict| state.found.iter().filter(|f| state.verdict(f) == verdict).count();
    let megapixels = format!("{:.1}", pixels as f64 / 1e6);
    let mut parts = vec![text!("set-pictures", n = state.found.len(), megapixels = megapixels)];
    for verdict in [Verdict::TooSmall, Verdict::Duplicate, Verdict::Unreadable, Verdict::Soft, Verdict::Compressed] {
        let n = count(verdict);
        if n > 0 {
            parts.push(counted(verdict, n));
        }
    }
    parts.join(", ")
}

/// So many pictures of one verdict.
fn counted(verdict: Verdict, n: usize) -> String {
    match verdict {
        Verdict::Good => text!("set-good", n = n),
        Verdict::TooSmall => text!("set-too-small", n = n),
        Verdict::Duplicate => text!("set-duplicate", n = n),
        Verdict::Unreadable => text!("set-unreadable", n = n),
        Verdict::Soft => text!("set-soft", n = n),
        Verdict::Compressed => text!("set-compressed", n = n),
    }
}

fn pieces(ui: &mut Ui, state: &TrainState, pairs: &mut Pairs) {
    let shown: Vec<&Found> = state.found.iter().filter(|f| f.pieces.is_some()).collect();
    if shown.is_empty() {
        return;
    }
    ui.label(RichText::new(text!("pairs")).strong());
    egui::ScrollArea::horizontal().id_salt("pairs").show(ui, |ui| {
        ui.horizontal(|ui| {
            for found in shown {
                let Some(pieces) = &found.pieces else { continue };
                let [(small, left), (_, right)] = textures(ui.ctx(), pairs, found, pieces);
                let side = egui::vec2(128.0, 128.0);
                ui.vertical(|ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 2.0;
                        for (texture, what) in [(left, text!("pair-small")), (right, text!("pair-large"))] {
                            let image = egui::Image::new((texture.id(), side));
                            ui.add(image.alt_text(what)).on_hover_text(format!("{what}, {}", found.path.display()));
                        }
                    });
                    let name = found.path.file_name().unwrap_or_default().to_string_lossy();
                    let text = RichText::new(format!("{name} · {} px", small.width)).small().weak();
                    ui.set_max_width(2.0 * side.x);
                    ui.add(egui::Label::new(text).truncate());
                });
            }
        });
    });
    ui.add_space(theme::UNIT);
}

fn textures<'a>(
    ctx: &egui::Context,
    pairs: &'a mut Pairs,
    found: &Found,
    pieces: &crate::session::trainer::Pieces,
) -> &'a [(Arc<Pixels>, TextureHandle); 2] {
    let make = || [&pieces.small, &pieces.large].map(|p| (p.clone(), texture(ctx, "pair", p)));
    let entry = pairs.0.entry(found.path.clone()).or_insert_with(make);
    if !Arc::ptr_eq(&entry[0].0, &pieces.small) {
        *entry = make();
    }
    entry
}

/// A verdict in words: short, with what it means, and whether it is bad.
fn words(found: &Found, state: &TrainState) -> (&'static str, String, bool) {
    let (word, why) = match state.verdict(found) {
        Verdict::Good => return (text!("verdict-good"), text!("verdict-good-tip").to_owned(), false),
        Verdict::Soft => (text!("verdict-soft"), text!("verdict-soft-tip").to_owned()),
        Verdict::Compressed => (text!("verdict-compressed"), text!("verdict-compressed-tip").to_owned()),
        Verdict::TooSmall => (text!("verdict-too-small"), text!("verdict-too-small-tip", side = state.least())),
        Verdict::Duplicate => (text!("verdict-duplicate"), text!("verdict-duplicate-tip").to_owned()),
        Verdict::Unreadable => (text!("verdict-unreadable"), found.look.clone().err().unwrap_or_default()),
    };
    (word, why, true)
}

fn table(ui: &mut Ui, state: &TrainState, actions: &mut Vec<Action>) {
    ui.label(RichText::new(text!("table-what")).weak());
    let height = (ui.available_height() - theme::UNIT).max(6.0 * ROW);
    let area = egui::ScrollArea::vertical().id_salt("pictures").auto_shrink([false, true]).max_height(height);
    area.show_rows(ui, ROW, state.found.len(), |ui, rows| {
        for found in &state.found[rows] {
            ui.horizontal(|ui| row(ui, state, found, actions));
        }
    });
}

fn row(ui: &mut Ui, state: &TrainState, found: &Found, actions: &mut Vec<Action>) {
    let name = found.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (word, why, bad) = words(found, state);
    let used = state.verdict(found).is_used();
    let mut out = state.held_out.contains(&found.path);
    let tick = ui.add_enabled(used && !state.is_running(), egui::Checkbox::without_text(&mut out));
    tick.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::CheckBox, true, out, text!("hold-out", name = name.as_str()))
    });
    if tick.on_hover_text(text!("hold-out-tip")).changed() {
        actions.push(Action::HoldOut(found.path.clone(), out));
    }
    let cell = |ui: &mut Ui, width: f32, text: RichText| {
        ui.allocate_ui_with_layout(egui::vec2(width, ROW), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(width);
            ui.add(egui::Label::new(text).truncate());
        })
        .response
    };
    let width = (ui.available_width() - 328.0).clamp(120.0, 480.0);
    let shown = names::cut(ui, &name, TextStyle::Body, width - theme::UNIT);
    cell(ui, width, RichText::new(shown)).on_hover_text(found.path.display().to_string());
    let size = found.look.as_ref().map_or(String::new(), |look| format!("{:#}", look.size));
    cell(ui, 112.0, RichText::new(size).weak());
    let colour = if bad { theme::warning(ui) } else { theme::good(ui) };
    cell(ui, 96.0, RichText::new(word).color(colour)).on_hover_text(why);
    if out && used {
        cell(ui, 64.0, RichText::new(text!("held-out")).color(theme::accent(ui)));
    }
}
