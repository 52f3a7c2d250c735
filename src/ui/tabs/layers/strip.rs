//! The network from top to bottom, with an arc beside it for every input that skips layers.

use super::{
    grid::number,
    state::{LayersState, skip},
    textures::{TextureKey, Textures},
};
use crate::{
    nn::Model,
    session::layers::THUMB,
    tensor::Point,
    ui::{
        text::{op_name, text},
        theme,
    },
};
use eframe::egui::{self, Align2, FontId, Pos2, Rect, Role, ScrollArea, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// Height of a row.
const ROW: f32 = 48.0;
/// Room for arcs at the left.
const ARCS: f32 = 24.0;

pub(super) fn show(ui: &mut Ui, state: &mut LayersState, textures: &mut Textures) {
    let Some(look) = state.look.clone() else { return };
    let model = look.map.source.model.clone();
    let plan = &model.plan;
    let strip = state.strip.clone();
    let texture = strip.as_ref().and_then(|s| textures.get(ui.ctx(), TextureKey::Strip, s, &s.thumbs.picture));
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, plan.nodes.len(), |ui, rows| {
        let width = ui.available_width();
        let top = ui.cursor().top() - rows.start as f32 * ROW;
        let left = ui.cursor().left();
        let middle = |i: usize| Pos2::new(left + ARCS - 4.0, top + (i as f32 + 0.5) * ROW);
        for i in 0..plan.nodes.len() {
            let Some(from) = skip(plan, i).filter(|&from| from < rows.end && i >= rows.start) else { continue };
            // Long skips bow further out; what leads far away stays inside the room for arcs.
            let out = (4.0 + (i - from) as f32 * 1.5).min(ARCS - 6.0);
            let (a, b) = (middle(from), middle(i));
            let colour = ui.visuals().weak_text_color();
            let points = vec![a, a - Vec2::new(out, 0.0), b - Vec2::new(out, 0.0), b];
            ui.painter().add(egui::Shape::line(points, Stroke::new(1.0, colour)));
            ui.painter().circle_filled(b, 2.0, colour);
        }
        for i in rows {
            let node = &plan.nodes[i];
            let (rect, response) = ui.allocate_exact_size(Vec2::new(width, ROW), Sense::click());
            let chosen = state.node.as_deref() == Some(&node.name);
            let row = Rect::from_min_max(rect.min + Vec2::new(ARCS, 1.0), rect.max - Vec2::new(4.0, 1.0));
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &node.name));
            let visuals = ui.style().interact_selectable(&response, chosen);
            if chosen || response.hovered() || response.has_focus() {
                ui.painter().rect_filled(row, visuals.corner_radius, visuals.weak_bg_fill);
            }
            let picture = Rect::from_min_size(row.min + Vec2::splat(3.0), Vec2::splat(ROW - 8.0));
            if let (Some(strip), Some(texture)) = (&strip, &texture) {
                let Point { x, y } = strip.thumbs.corner(i);
                let all = Vec2::new(strip.thumbs.picture.width as f32, strip.thumbs.picture.height as f32);
                let uv =
                    Rect::from_min_size(Pos2::new(x as f32 / all.x, y as f32 / all.y), Vec2::splat(THUMB as f32) / all);
                ui.painter().image(texture.id(), picture, uv, egui::Color32::WHITE);
            } else {
                ui.painter().rect_filled(picture, 2.0, ui.visuals().faint_bg_color);
            }
            let text = |dy: f32, what: String, size: f32, colour: egui::Color32| {
                let at = Pos2::new(picture.right() + theme::UNIT, row.top() + dy);
                let clip = ui.painter().with_clip_rect(row);
                clip.text(at, Align2::LEFT_TOP, what, FontId::proportional(size), colour);
            };
            text(4.0, node.name.clone(), 14.0, visuals.text_color());
            let range = strip.as_ref().map_or(String::new(), |s| {
                let (lo, hi) = s.ranges[i];
                format!("  {} … {}", number(lo), number(hi))
            });
            let first = exponent(&model, i).unwrap_or_else(|| text!("strip-channels", n = node.channels));
            text(24.0, format!("{first}{range}"), 12.0, ui.visuals().weak_text_color());
            let inputs: Vec<&str> = node.inputs.iter().map(|&n| plan.nodes[n].name.as_str()).collect();
            let side = look.map.source.factor * node.scale;
            let (h, w) = (look.request.region.h * side, look.request.region.w * side);
            let mut tip = vec![node.name.clone(), op_name(&node.op), format!("{h} × {w} × {}", node.channels)];
            if !inputs.is_empty() {
                tip.push(text!("strip-reads", layers = inputs.join(", ")));
            }
            tip.push(text!("strip-field", side = 2 * node.radius + 1));
            let response = response.on_hover_text(tip.join("\n"));
            if response.clicked() {
                state.choose(&node.name);
            }
        }
    });
}

/// `α 0.87` of a power activation, or the smallest and the largest where each channel has its own.
fn exponent(model: &Model, node: usize) -> Option<String> {
    let alphas = model.alphas(node)?;
    let (low, high) = alphas.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &a| (l.min(a), h.max(a)));
    Some(if low == high { format!("α {low:.3}") } else { format!("α {low:.2} … {high:.2}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    #[test]
    fn sums_have_an_arc_from_the_layer_that_they_skip_to() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let from = |name: &str| skip(&plan, plan.find(name).unwrap()).map(|i| plan.nodes[i].name.as_str());
        assert_eq!(from("body.0.0.shortcut"), Some("head"));
        assert_eq!(from("body"), Some("head"));
        assert_eq!(from("output"), Some("shuffle"));
        assert_eq!(from("head"), None);
    }
}
