//! The list: one line per picture. Only lines in sight are drawn, and only their thumbnails are made.

use super::Action;
use crate::{
    infer,
    session::batch::{BatchState, Progress, Row, RowId, Thumbnail},
    tensor::Size,
    ui::{
        icons::{self, Icon},
        text::{duration, model_name, source_name, text, way_name},
        theme,
        widgets::{kind, names},
    },
};
use eframe::egui::{self, Color32, ColorImage, RichText, TextStyle, TextureHandle, TextureOptions, Ui, Vec2};
use std::{collections::BTreeMap, path::PathBuf};

/// Height of a line.
const LINE: f32 = 48.0;
/// Below this width there is no room for the size and the time.
const NARROW: f32 = 720.0;
/// Side of a thumbnail.
const THUMB: f32 = 40.0;

/// Thumbnails that are there or were asked for.
#[derive(Default)]
pub(super) struct Pictures {
    textures: BTreeMap<RowId, Option<TextureHandle>>,
    pub(super) wanted: Vec<(RowId, PathBuf)>,
}

impl Pictures {
    pub(super) fn put(&mut self, ctx: &egui::Context, id: RowId, thumbnail: Thumbnail) {
        if let Some((w, h, rgb)) = thumbnail {
            let image = ColorImage::from_rgb([w, h], &rgb);
            let texture = ctx.load_texture(format!("thumbnail {id}"), image, TextureOptions::LINEAR);
            self.textures.insert(id, Some(texture));
        }
    }

    fn show(&mut self, ui: &mut Ui, row: &Row) {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(THUMB), egui::Sense::hover());
        let texture = self.textures.entry(row.id).or_insert_with(|| {
            self.wanted.push((row.id, row.source.clone()));
            None
        });
        match texture {
            Some(texture) => {
                let size = texture.size_vec2();
                let fitted = egui::Rect::from_center_size(rect.center(), size * (THUMB / size.max_elem()));
                let all = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::Pos2::new(1.0, 1.0));
                ui.painter().image(texture.id(), fitted, all, Color32::WHITE);
            }
            None => {
                ui.painter().rect_filled(rect, 4.0, ui.visuals().faint_bg_color);
            }
        }
    }
}

pub(super) fn show(
    ui: &mut Ui,
    rows: &BTreeMap<RowId, Row>,
    progress: &Progress,
    pictures: &mut Pictures,
    actions: &mut Vec<Action>,
) {
    let columns = Columns::of(ui.available_width());
    header(ui, &columns);
    let ids: Vec<RowId> = rows.keys().copied().collect();
    egui::ScrollArea::vertical().auto_shrink(false).show_rows(ui, LINE, ids.len(), |ui, range| {
        for id in &ids[range] {
            if let Some(row) = rows.get(id) {
                line(ui, row, progress, &columns, pictures, actions);
            }
        }
    });
}

/// Widths of the columns.
struct Columns {
    name: f32,
    input: f32,
    size: f32,
    time: f32,
    out: f32,
    status: f32,
}

impl Columns {
    fn of(width: f32) -> Self {
        let room = |fixed: f32, gaps: f32| (width - THUMB - fixed - 28.0 - gaps * theme::UNIT).max(240.0);
        // As wide as the largest sizes.
        let (size, time) = (108.0, 80.0);
        if width < NARROW {
            // The result's tooltip has what is left out.
            let rest = room(size, 7.0);
            return Self { name: rest * 0.3, input: 0.0, size, time: 0.0, out: rest * 0.3, status: rest * 0.4 };
        }
        let rest = room(2.0 * size + time, 9.0);
        Self { name: rest * 0.3, input: size, size, time, out: rest * 0.36, status: rest * 0.34 }
    }
}

/// A column without width is left out.
fn cell(ui: &mut Ui, width: f32, text: RichText, tip: &str) {
    if width <= 0.0 {
        return;
    }
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(Vec2::new(width, LINE.min(ui.available_height())), layout, |ui| {
        ui.set_min_width(width);
        let label = ui.add(egui::Label::new(text).truncate());
        if !tip.is_empty() {
            label.on_hover_text(tip);
        }
    });
}

fn header(ui: &mut Ui, columns: &Columns) {
    ui.horizontal(|ui| {
        ui.set_height(24.0);
        ui.add_space(THUMB + theme::UNIT);
        for (width, name) in [
            (columns.name, text!("batch-column-picture")),
            (columns.input, text!("size")),
            (columns.size, text!("batch-column-result")),
            (columns.time, text!("batch-column-time")),
            (columns.out, text!("batch-column-out")),
            (columns.status, text!("batch-column-status")),
        ] {
            cell(ui, width, RichText::new(name).small().weak(), "");
        }
    });
}

fn line(
    ui: &mut Ui,
    row: &Row,
    progress: &Progress,
    columns: &Columns,
    pictures: &mut Pictures,
    actions: &mut Vec<Action>,
) {
    ui.horizontal(|ui| {
        ui.set_height(LINE - theme::UNIT);
        pictures.show(ui, row);
        let name = row.source.file_name().unwrap_or(row.source.as_os_str()).to_string_lossy().into_owned();
        let shown = row.below.join(&name).to_string_lossy().into_owned();
        let size = |size: Option<Size>| size.map(|size| format!("{size:#}")).unwrap_or_default();
        let plan = row.plan.as_ref();
        let time = match (row.seconds, plan.and_then(|p| p.estimate)) {
            (Some(seconds), _) => duration(seconds),
            (None, Some(estimate)) if row.state.reason().is_none() => duration(estimate),
            _ => String::new(),
        };
        let (state, colour) = status(ui, row, progress);
        let tip = tip(row, &size(row.input), &time, &state);
        let name_room = columns.name - theme::UNIT;
        let cut = names::cut(ui, &shown, TextStyle::Body, name_room);
        cell(ui, columns.name, RichText::new(cut), &tip);
        cell(ui, columns.input, RichText::new(size(row.input)).weak(), &tip);
        cell(ui, columns.size, RichText::new(size(plan.map(|p| p.size))), &tip);
        cell(ui, columns.time, RichText::new(time).weak(), &tip);
        let out = plan.and_then(|p| p.out.file_name()).map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let cut = names::cut(ui, &out, TextStyle::Body, columns.out - theme::UNIT);
        cell(ui, columns.out, RichText::new(cut), &tip);
        cell(ui, columns.status, RichText::new(state).color(colour), &tip);
        let remove = text!("batch-remove", name = name);
        if icons::button(ui, Icon::Close, &remove, !row.state.is_active()).clicked() {
            actions.push(Action::Remove(row.id));
        }
    });
}

/// All that is known of a row: what it is, what becomes of it, and why not.
fn tip(row: &Row, size: &str, time: &str, state: &str) -> String {
    let mut lines = vec![row.source.display().to_string()];
    if let Some(plan) = &row.plan {
        if let (Some(found), Some(from)) = (&row.found, row.input) {
            lines.push(source_name(found, infer::factor(from, plan.size)));
        }
        lines.push(text!("batch-row-tip", from = size, to = format!("{:#}", plan.size), time = time));
        if plan.way.is_long() {
            lines.push(format!("{}: {}", model_name(&plan.model), way_name(plan.way)));
        }
        lines.push(plan.out.display().to_string());
    }
    lines.push(state.to_owned());
    lines.join("\n")
}

fn status(ui: &Ui, row: &Row, progress: &Progress) -> (String, Color32) {
    let share = progress.current.filter(|(id, _)| *id == row.id).map_or(0.0, |(_, share)| share);
    match &row.state {
        BatchState::Ready => {
            // What the picture was found to be like has chosen the model.
            let kind = row.kind.filter(|_| row.found.is_some()).map(kind::name);
            let chosen = kind.map(|kind| text!("batch-ready-as", kind = kind));
            (chosen.unwrap_or_else(|| text!("batch-ready").to_owned()), ui.visuals().text_color())
        }
        BatchState::Reading => (text!("batch-reading").to_owned(), theme::accent(ui)),
        BatchState::Working => (format!("{:.0} %", 100.0 * share), theme::accent(ui)),
        BatchState::Saving => (text!("batch-saving").to_owned(), theme::accent(ui)),
        BatchState::Done if row.notes.is_empty() => (text!("batch-done").to_owned(), theme::good(ui)),
        BatchState::Done => (text!("batch-done-notes", notes = row.notes.join("; ")), theme::good(ui)),
        BatchState::Skipped(reason) => {
            (text!("batch-skipped", reason = reason.as_str()), ui.visuals().weak_text_color())
        }
        // A picture without a size could not be read.
        BatchState::Refused(reason) if row.input.is_none() => {
            (text!("batch-unreadable", reason = reason.as_str()), theme::bad(ui))
        }
        BatchState::Refused(reason) => (text!("batch-refused", reason = reason.as_str()), theme::bad(ui)),
        BatchState::Failed(reason) => (text!("batch-failed", reason = reason.as_str()), theme::bad(ui)),
    }
}
