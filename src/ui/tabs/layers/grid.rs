//! All channels of the chosen layer, in one colour scale with its numbers, and the same layer of another model below.

use super::{
    depth::pixel_at,
    state::{LayersState, Sort},
    textures::{TextureKey, Textures},
};
use crate::{
    session::layers::{
        Map,
        paint::{Colours, Ends, table},
        statistics::Range,
    },
    tensor::Point,
    ui::{
        icons::{self, Icon},
        text::{model_name, op_name, op_what, text},
        theme,
    },
};
use eframe::egui::{
    self, Align2, Color32, Context, FontId, Pos2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, TextureHandle, Ui,
    Vec2, WidgetInfo,
};
use std::sync::Arc;

/// Narrowest cell.
const CELL: f32 = 104.0;
/// Widest.
const WIDEST: f32 = 420.0;
/// Width that the names, the lists and the button take on one line.
const LISTS: f32 = 620.0;
/// Height of the line below a cell.
const LINE: f32 = 18.0;

/// What happened in the grid.
#[derive(Default)]
pub(super) struct GridResponse {
    /// Row and column of the map under the pointer.
    pub(super) hovered: Option<Point>,
    /// The layer is to be saved.
    pub(super) save: bool,
}

pub(super) fn show(ui: &mut Ui, state: &mut LayersState, textures: &mut Textures) -> GridResponse {
    let mut answer = GridResponse::default();
    if let Some(failure) = &state.failure {
        ui.horizontal(|ui| {
            icons::show(ui, Icon::Warning, theme::ICON, theme::bad(ui));
            ui.add(egui::Label::new(failure).wrap());
        });
    }
    let Some(look) = state.look.clone() else {
        if state.failure.is_none() {
            ui.centered_and_justified(|ui| ui.spinner());
        }
        return answer;
    };
    let map = &look.map;
    let node = &map.source.model.plan.nodes[map.source.node];
    let shape = map.source.shown.shape;
    ui.horizontal_wrapped(|ui| {
        ui.heading(&node.name);
        ui.weak(format!("{} · {} × {} × {}", op_name(&node.op), shape.h, shape.w, shape.c));
    });
    ui.add(egui::Label::new(op_what(&node.op)).wrap());
    // Each list stays with its name: on one line, or one below the other.
    let narrow = ui.available_width() < LISTS;
    let lists = |ui: &mut Ui| {
        for list in [sort, colours, ends] {
            list(ui, state);
            if narrow {
                ui.end_row();
            }
        }
        let save = icons::labelled(ui, Icon::Export, text!("layers-save-ask"));
        answer.save = save.on_hover_text(text!("layers-save-ask-tip")).clicked();
    };
    if narrow {
        egui::Grid::new("lists").num_columns(2).spacing([theme::UNIT, 4.0]).show(ui, lists);
    } else {
        ui.horizontal(lists);
    }
    let channel = state.channel.min(shape.c - 1);
    let order = state.order();
    let Some(second) = &look.second else {
        legend(ui, map, map.ranges[channel], state.paint.ends);
        ui.separator();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            own(ui, map, textures, &order, state, &mut answer);
        });
        return answer;
    };
    ui.separator();
    // Channel beside channel: both sides scroll together.
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.columns(2, |sides| {
            // A channel's row is the same on both sides, in any order; where one side has fewer, its places stay empty.
            let others = second.as_ref().map_or(0, |other| other.source.shown.shape.c);
            let both: Vec<usize> = order.iter().copied().chain(order.len()..others).collect();
            title(&mut sides[0], &model_name(&look.request.model), map);
            legend(&mut sides[0], map, map.ranges[channel], state.paint.ends);
            own(&mut sides[0], map, textures, &both, state, &mut answer);
            let ui = &mut sides[1];
            let other = match second {
                Ok(other) => other,
                Err(reason) => {
                    ui.colored_label(theme::warning(ui), reason);
                    return;
                }
            };
            let name = look.request.second.as_ref().map(model_name).unwrap_or_default();
            let shape = other.source.shown.shape;
            title(ui, &name, other);
            legend(ui, other, other.ranges[channel.min(shape.c - 1)], state.paint.ends);
            let mut texture = |ctx: &Context, k| textures.channel(ctx, TextureKey::Other(k), other, k);
            cells(ui, &name, other, &mut texture, &both, state, &mut answer);
        });
    });
    answer
}

/// The network's own side.
fn own(
    ui: &mut Ui,
    map: &Arc<Map>,
    textures: &mut Textures,
    order: &[usize],
    state: &mut LayersState,
    answer: &mut GridResponse,
) {
    cells(ui, "", map, &mut |ctx, k| textures.channel(ctx, TextureKey::Own(k), map, k), order, state, answer);
}

/// Whose side it is.
fn title(ui: &mut Ui, name: &str, map: &Map) {
    let shape = map.source.shown.shape;
    ui.horizontal_wrapped(|ui| {
        ui.strong(name);
        ui.weak(format!("{} × {} × {}", shape.h, shape.w, shape.c));
    });
}

fn sort(ui: &mut Ui, state: &mut LayersState) {
    let name = |sort| match sort {
        Sort::Index => text!("sort-index"),
        Sort::Mean => text!("sort-mean"),
        Sort::Energy => text!("sort-energy"),
        Sort::Zeros => text!("sort-zeros"),
    };
    ui.label(text!("sort-label"));
    let combo = egui::ComboBox::from_id_salt("sort").width(88.0).selected_text(name(state.sort));
    let shown = combo.show_ui(ui, |ui| {
        for sort in [Sort::Index, Sort::Mean, Sort::Energy, Sort::Zeros] {
            ui.selectable_value(&mut state.sort, sort, name(sort));
        }
    });
    shown.response.on_hover_text(text!("sort-tip"));
}

fn colours(ui: &mut Ui, state: &mut LayersState) {
    let name = |colours| match colours {
        Colours::Automatic => text!("colours-automatic"),
        Colours::Signed => text!("colours-signed"),
        Colours::Sequential => text!("colours-sequential"),
        Colours::Grey => text!("colours-grey"),
    };
    ui.label(text!("colours-label"));
    let combo = egui::ComboBox::from_id_salt("colours").width(112.0).selected_text(name(state.paint.colours));
    let shown = combo.show_ui(ui, |ui| {
        for colours in [Colours::Automatic, Colours::Signed, Colours::Sequential, Colours::Grey] {
            ui.selectable_value(&mut state.paint.colours, colours, name(colours));
        }
    });
    shown.response.on_hover_text(text!("colours-tip"));
}

fn ends(ui: &mut Ui, state: &mut LayersState) {
    let name = |ends| match ends {
        Ends::Shared => text!("ends-shared"),
        Ends::PerChannel => text!("ends-channel"),
        Ends::Percentile => text!("ends-percentile"),
    };
    ui.label(text!("ends-label"));
    let combo = egui::ComboBox::from_id_salt("ends").width(128.0).selected_text(name(state.paint.ends));
    let shown = combo.show_ui(ui, |ui| {
        for ends in [Ends::Shared, Ends::PerChannel, Ends::Percentile] {
            ui.selectable_value(&mut state.paint.ends, ends, name(ends));
        }
    });
    shown.response.on_hover_text(text!("ends-tip"));
}

/// The colour scale with the values of its ends and middle.
fn legend(ui: &mut Ui, map: &Arc<Map>, range: Range, ends: Ends) {
    let width = ui.available_width().min(420.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 30.0), Sense::hover());
    let table = table(map.paint.colours, range);
    let bar = Rect::from_min_size(rect.min, Vec2::new(width, 12.0));
    let mut mesh = egui::Mesh::default();
    for (i, c) in table.iter().enumerate() {
        let x = |i: usize| bar.left() + bar.width() * i as f32 / table.len() as f32;
        let part = Rect::from_x_y_ranges(x(i)..=x(i + 1), bar.y_range());
        mesh.add_colored_rect(part, Color32::from_rgb(c[0], c[1], c[2]));
    }
    ui.painter().add(mesh);
    let middle = (range.black + range.white) / 2.0;
    let font = FontId::proportional(12.0);
    let colour = ui.visuals().text_color();
    for (v, x, align) in [
        (range.black, bar.left(), Align2::LEFT_TOP),
        (middle, bar.center().x, Align2::CENTER_TOP),
        (range.white, bar.right(), Align2::RIGHT_TOP),
    ] {
        ui.painter().text(Pos2::new(x, bar.bottom() + 2.0), align, number(v), font.clone(), colour);
    }
    let (from, to) = (number(range.black), number(range.white));
    response.on_hover_text(match ends {
        Ends::PerChannel => text!("legend-channel", from = from, to = to),
        Ends::Shared | Ends::Percentile => text!("legend-all", from = from, to = to),
    });
}

/// As many digits as a value needs.
pub(super) fn number(v: f32) -> String {
    match v.abs() {
        0.0 => "0".to_owned(),
        a if a >= 100.0 => format!("{v:.0}"),
        a if a >= 1.0 => format!("{v:.2}"),
        a if a >= 0.001 => format!("{v:.4}"),
        _ => format!("{v:.1e}"),
    }
}

fn cells(
    ui: &mut Ui,
    of: &str,
    map: &Arc<Map>,
    texture: &mut dyn FnMut(&Context, usize) -> Option<TextureHandle>,
    order: &[usize],
    state: &mut LayersState,
    answer: &mut GridResponse,
) {
    let room = ui.available_width() - 8.0;
    let shape = map.atlas.cell.height as f32 / map.atlas.cell.width as f32;
    let high = |width: f32| width * shape + LINE + theme::UNIT;
    let wide = |columns: usize| (room / columns as f32 - theme::UNIT).min(WIDEST);
    // As large as they can be with all of them in sight; where that is too small, one scrolls.
    let most = ((room / (CELL + theme::UNIT)) as usize).clamp(1, order.len().max(1));
    let sight = ui.clip_rect().height();
    let fits = |columns: &usize| order.len().div_ceil(*columns) as f32 * high(wide(*columns)) <= sight;
    let columns = (1..=most).find(fits).unwrap_or(most);
    let width = wide(columns);
    let size = Vec2::new(width, width * shape);
    let own = of.is_empty();
    for row in order.chunks(columns) {
        ui.horizontal(|ui| {
            for &k in row {
                if k >= map.statistics.len() {
                    ui.allocate_exact_size(size + Vec2::new(0.0, LINE), Sense::hover());
                    continue;
                }
                let (rect, response) = ui.allocate_exact_size(size + Vec2::new(0.0, LINE), Sense::click());
                let chosen = own && state.channel == k;
                let name = if own { text!("channel", n = k) } else { text!("channel-of", n = k, model = of) };
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &name));
                if !ui.is_rect_visible(rect) {
                    continue;
                }
                let picture = Rect::from_min_size(rect.min, size);
                match texture(ui.ctx(), k) {
                    Some(texture) => {
                        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
                        ui.painter().image(texture.id(), picture, whole, Color32::WHITE);
                    }
                    None => {
                        ui.painter().rect_filled(picture, 0.0, ui.visuals().faint_bg_color);
                    }
                }
                let dead = map.statistics[k].dead();
                let text = if dead { text!("channel-dead", n = k) } else { k.to_string() };
                let colour = if dead { theme::warning(ui) } else { ui.visuals().weak_text_color() };
                let at = Pos2::new(picture.left(), picture.bottom() + 2.0);
                ui.painter().text(at, Align2::LEFT_TOP, text, FontId::proportional(12.0), colour);
                if chosen || response.has_focus() {
                    let stroke = Stroke::new(2.0, theme::accent(ui));
                    ui.painter().rect_stroke(picture, 0.0, stroke, StrokeKind::Outside);
                }
                let pixel = |at: Pos2| pixel_at((at - picture.min) / size, map.atlas.cell);
                let hovered = response.hover_pos().and_then(pixel);
                if own && hovered.is_some() {
                    answer.hovered = hovered;
                }
                if own && response.clicked() {
                    state.channel = k;
                    if let Some(at) = response.interact_pointer_pos().and_then(pixel) {
                        state.pixel = Some(at);
                    }
                }
                if let Some(Point { x, y }) = hovered {
                    let value = map.source.shown.pixel(0, y, x)[k];
                    response.on_hover_text_at_pointer(text!(
                        "channel-value",
                        n = k,
                        row = y,
                        column = x,
                        value = value.to_string()
                    ));
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_short() {
        let texts = [0.0, -0.25, 1.5, -1234.5, 0.00002].map(number);
        assert_eq!(texts, ["0", "-0.2500", "1.50", "-1234", "2.0e-5"]);
    }
}
