//! The film strip: the pictures of the photo's folder in a row, the open one marked. A click opens one.

use super::shelf::{self, Shelf};
use crate::{
    session::open::Origin,
    ui::{
        Shell,
        theme::{self, UNIT},
        widgets::keys,
    },
};
use eframe::egui::{
    self, CornerRadius, Key, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};
use std::path::{Path, PathBuf};

/// A picture's place.
const CELL: Vec2 = Vec2::new(88.0, 60.0);

/// Shows or hides it, by its key.
pub(super) fn keys(ui: &Ui, shell: &mut Shell) {
    if keys::are_free(ui.ctx()) && ui.input(|i| keys::is_pressed(i, Key::T)) {
        shell.settings.film_strip ^= true;
    }
}

/// Draws it, unless it is hidden or there is nothing beside the photo.
pub(super) fn show(ui: &mut Ui, shelf: &mut Shelf, shell: &mut Shell) {
    if !shell.settings.film_strip || shelf.files.len() < 2 {
        return;
    }
    let frame = egui::Frame::side_top_panel(ui.style()).inner_margin(egui::Margin::symmetric(8, 4));
    egui::Panel::bottom("enhance strip").frame(frame).show(ui, |ui| row(ui, shelf, shell));
}

fn row(ui: &mut Ui, shelf: &mut Shelf, shell: &mut Shell) {
    // A wheel that only turns up and down scrolls it too.
    ui.style_mut().always_scroll_the_only_direction = true;
    let files = std::mem::take(&mut shelf.files);
    let step = CELL.x + UNIT / 2.0;
    let open = shell.photo.as_ref().and_then(|photo| files.iter().position(|file| Some(file) == photo.path.as_ref()));
    let mut area = ScrollArea::horizontal().auto_shrink([false, true]).id_salt("film strip");
    if let Some(at) = open.filter(|at| follows(ui, &files, *at)) {
        area = area.horizontal_scroll_offset((step * at as f32 + CELL.x / 2.0 - ui.available_width() / 2.0).max(0.0));
    }
    let mut chosen = None;
    area.show_viewport(ui, |ui, seen| {
        let whole = Vec2::new(step * files.len() as f32 - UNIT / 2.0, CELL.y);
        let (place, _) = ui.allocate_exact_size(whole, Sense::hover());
        let first = ((seen.min.x / step).floor().max(0.0)) as usize;
        let end = ((seen.max.x / step).ceil().max(0.0) as usize).min(files.len());
        for (at, file) in files.iter().enumerate().take(end).skip(first) {
            let cell = Rect::from_min_size(pos2(place.left() + step * at as f32, place.top()), CELL);
            if picture(ui, shelf, file, cell, open == Some(at)) {
                chosen = Some(file.clone());
            }
        }
    });
    shelf.files = files;
    if let Some(file) = chosen {
        shell.open(Origin::File(file));
    }
}

/// Whether the open photo is another one than in the last frame, or the list is: then it is scrolled into the middle.
fn follows(ui: &Ui, files: &[PathBuf], open: usize) -> bool {
    let id = ui.scope_id().with("open");
    let now = (files[open].clone(), files.len());
    ui.data_mut(|data| {
        data.get_temp::<(PathBuf, usize)>(id) != Some(now.clone()) && {
            data.insert_temp(id, now);
            true
        }
    })
}

/// One picture; whether it was chosen.
fn picture(ui: &mut Ui, shelf: &mut Shelf, file: &Path, cell: Rect, open: bool) -> bool {
    let name = shelf::name(file);
    let response = ui.interact(cell, ui.scope_id().with(file), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, &name));
    let corner = CornerRadius::same(4);
    let painter = ui.painter().clone();
    painter.rect_filled(cell, corner, ui.visuals().extreme_bg_color);
    let small = shelf.get(ui.ctx(), file);
    let reason = shelf::paint(ui, &painter, cell.shrink(3.0), small);
    let stroke = if open {
        Stroke::new(2.5, theme::accent(ui))
    } else if response.hovered() || response.has_focus() {
        Stroke::new(1.5, ui.visuals().widgets.hovered.fg_stroke.color)
    } else {
        Stroke::NONE
    };
    painter.rect_stroke(cell, corner, stroke, StrokeKind::Inside);
    let tip = reason.map_or(name.clone(), |reason| format!("{name}\n{reason}"));
    response.on_hover_text(tip).clicked() && !open
}
