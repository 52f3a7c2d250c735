//! Enhance without a photo: how to open one, where to drop one, and those that were open lately.

use super::shelf::{self, Shelf};
use crate::{
    session::open::Origin,
    ui::{
        Shell,
        text::text,
        theme::{self, UNIT},
        widgets::names,
    },
};
use eframe::egui::{
    self, Align, Align2, Color32, CornerRadius, Layout, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke,
    StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};
use std::path::Path;

/// The invitation.
const INVITATION: Vec2 = Vec2::new(640.0, 232.0);
/// A recent photo: its picture, and its name below.
const PICTURE: Vec2 = Vec2::new(144.0, 96.0);
const NAME: f32 = 20.0;

/// Draws all, and opens what is chosen.
pub(super) fn show(ui: &mut Ui, shelf: &mut Shelf, shell: &mut Shell) {
    let room = ui.available_size();
    let recent = shell.settings.recent.len();
    let step = PICTURE + vec2(UNIT, NAME + UNIT);
    let columns = (((room.x - 4.0 * UNIT) / step.x) as usize).clamp(1, recent.max(1));
    let below = if recent > 0 { 5.0 * UNIT + 20.0 + step.y * recent.div_ceil(columns) as f32 } else { 0.0 };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_space(((room.y - INVITATION.y - below) / 2.0).max(2.0 * UNIT));
        ui.vertical_centered(|ui| {
            invitation(ui, shell);
            if recent > 0 {
                ui.add_space(2.0 * UNIT);
                shown_lately(ui, shelf, shell, columns);
            }
        });
    });
}

/// The button, what else can be done, and a frame to drop into.
fn invitation(ui: &mut Ui, shell: &mut Shell) {
    let size = vec2(INVITATION.x.min(ui.available_width() - 4.0 * UNIT), INVITATION.y);
    let (frame, _) = ui.allocate_exact_size(size, Sense::hover());
    dashed(ui, frame);
    let inside = UiBuilder::new().max_rect(frame.shrink(3.0 * UNIT)).layout(Layout::top_down(Align::Center));
    let mut ui = ui.new_child(inside);
    ui.add_space(UNIT);
    let word = RichText::new(text!("start-open")).size(18.0).strong().color(Color32::WHITE);
    let button = egui::Button::new(word).fill(theme::accent_fill()).min_size(vec2(232.0, 52.0));
    if ui.add(button).on_hover_text(text!("open-ask-tip")).clicked() {
        shell.ask_to_open();
    }
    ui.add_space(UNIT);
    ui.label(text!("start-drop"));
    ui.label(RichText::new(text!("start-hint")).weak());
    ui.add_space(UNIT);
    if ui.button(text!("open-sample")).on_hover_text(text!("open-sample-tip")).clicked() {
        shell.open(Origin::Sample);
    }
}

/// The border of a place to drop files into.
fn dashed(ui: &Ui, frame: Rect) {
    let stroke = Stroke::new(1.5, ui.visuals().weak_text_color().gamma_multiply(0.6));
    let frame = frame.shrink(1.0);
    let corners = [frame.left_top(), frame.right_top(), frame.right_bottom(), frame.left_bottom(), frame.left_top()];
    ui.painter().extend(Shape::dashed_line(&corners, stroke, UNIT, UNIT));
}

/// The photos that were open lately, in rows.
fn shown_lately(ui: &mut Ui, shelf: &mut Shelf, shell: &mut Shell, columns: usize) {
    let width = (PICTURE.x + UNIT) * columns as f32 - UNIT;
    let files = shell.settings.recent.clone();
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.horizontal(|ui| {
            ui.label(RichText::new(text!("recent")).strong());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let clear = egui::Button::new(RichText::new(text!("recent-clear")).small()).frame(false);
                if ui.add(clear).on_hover_text(text!("recent-clear-tip")).clicked() {
                    shell.settings.recent.clear();
                }
            });
        });
        for row in files.chunks(columns) {
            ui.horizontal(|ui| {
                for file in row {
                    if photo(ui, shelf, file) {
                        shell.open(Origin::File(file.clone()));
                    }
                }
            });
        }
    });
}

/// One photo; whether it was chosen. What cannot be read is grey and says why; choosing it tries once more.
fn photo(ui: &mut Ui, shelf: &mut Shelf, file: &Path) -> bool {
    let name = shelf::name(file);
    let (cell, response) = ui.allocate_exact_size(PICTURE + vec2(0.0, NAME), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let picture = Rect::from_min_size(cell.min, PICTURE);
    let corner = CornerRadius::same(6);
    let painter = ui.painter().clone();
    painter.rect_filled(picture, corner, ui.visuals().extreme_bg_color);
    let small = shelf.get(ui.ctx(), file);
    let reason = shelf::paint(ui, &painter, picture.shrink(4.0), small);
    if response.hovered() || response.has_focus() {
        painter.rect_stroke(picture, corner, Stroke::new(2.0, theme::accent(ui)), StrokeKind::Inside);
    }
    let ink = if reason.is_some() { ui.visuals().weak_text_color() } else { ui.visuals().text_color() };
    let shown = names::cut(ui, &name, TextStyle::Small, PICTURE.x);
    let font = TextStyle::Small.resolve(ui.style());
    painter.text(cell.center_bottom(), Align2::CENTER_BOTTOM, shown, font, ink);
    response.on_hover_text(reason.unwrap_or_else(|| file.display().to_string())).clicked()
}
