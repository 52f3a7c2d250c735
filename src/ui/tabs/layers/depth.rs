//! One channel in depth, on pages: its numbers, its power activation, its answer to flat patches, the arithmetic of one
//! output, its weights.

use super::{
    arithmetic, charts,
    grid::number,
    state::LayersState,
    textures::{TextureKey, Textures},
};
use crate::{
    session::layers::{LayerView, detail, paint::Picture, statistics::Range},
    ui::theme,
};
use eframe::egui::{self, Color32, Pos2, Rect, Response, Role, ScrollArea, Sense, TextureHandle, Ui, Vec2, WidgetInfo};

/// Which page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Page {
    #[default]
    Channel,
    Power,
    Flat,
    Output,
    Weights,
}

const PAGES: [(Page, &str, &str); 5] = [
    (Page::Channel, "Channel", "The channel, its histogram and numbers"),
    (Page::Power, "Power", "Before and after the power activation (the Box-Cox-like high-pass of AdderSR)"),
    (Page::Flat, "Flat field", "What the layer answers to a flat grey patch"),
    (Page::Output, "Output", "The arithmetic of one output"),
    (Page::Weights, "Weights", "The kernel of this channel and all weights of the layer"),
];

pub(super) fn show(ui: &mut Ui, page: &mut Page, state: &mut LayersState, textures: &mut Textures) {
    ui.horizontal_wrapped(|ui| {
        // On one line in the panel's usual width.
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 5.0;
        for (to, name, tip) in PAGES {
            if ui.selectable_label(*page == to, name).on_hover_text(tip).clicked() {
                *page = to;
            }
        }
    });
    ui.separator();
    let Some(look) = state.look.clone() else { return };
    let id = egui::Id::unique("depth").with(*page as u8);
    ScrollArea::vertical().id_salt(id).auto_shrink(false).show(ui, |ui| match page {
        Page::Channel => channel(ui, &look, state, textures),
        Page::Power => power(ui, &look, textures),
        Page::Flat => flat(ui, &look),
        Page::Output => arithmetic::show(ui, &look, state),
        Page::Weights => weights(ui, &look, textures),
    });
}

/// A picture as wide as the panel, but not so large that its pixels become tiles.
fn picture(ui: &mut Ui, texture: Option<TextureHandle>, of: (usize, usize), name: &str) -> Response {
    let (w, h) = (of.0 as f32, of.1 as f32);
    let width = ui.available_width().min(w * 12.0).min(420.0);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, width * h / w), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    if let Some(texture) = texture {
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        ui.painter().image(texture.id(), rect, whole, Color32::WHITE);
    }
    response
}

fn channel(ui: &mut Ui, look: &LayerView, state: &mut LayersState, textures: &mut Textures) {
    let (map, k) = (&look.map, look.detail.channel);
    let node = &map.source.model.plan.nodes[map.source.node];
    ui.strong(format!("{}, channel {k}", node.name));
    let texture = textures.channel(ui.ctx(), TextureKey::Own(k), map, k);
    let response = picture(ui, texture, map.atlas.cell, "Chosen channel");
    let at = |pos: Pos2| {
        let p = (pos - response.rect.min) / response.rect.size();
        let (w, h) = map.atlas.cell;
        let inside = (0.0..1.0).contains(&p.x) && (0.0..1.0).contains(&p.y);
        inside.then_some(((p.y * h as f32) as usize, (p.x * w as f32) as usize))
    };
    if response.clicked()
        && let Some(pixel) = response.interact_pointer_pos().and_then(at)
    {
        state.pixel = Some(pixel);
    }
    if let Some((y, x)) = response.hover_pos().and_then(at) {
        let value = map.source.shown.pixel(0, y, x)[k];
        response.on_hover_text_at_pointer(format!("row {y}, column {x}: {value}\nClick, then see Output."));
    }
    let s = &map.statistics[k];
    egui::Grid::new("statistics").num_columns(4).spacing([16.0, 4.0]).show(ui, |ui| {
        let pair = |ui: &mut Ui, name: &str, value: String| {
            ui.weak(name);
            ui.monospace(value);
        };
        pair(ui, "min", number(s.min));
        pair(ui, "max", number(s.max));
        ui.end_row();
        pair(ui, "mean", number(s.mean as f32));
        pair(ui, "std", number(s.std as f32));
        ui.end_row();
        pair(ui, "zeros", format!("{:.1} %", 100.0 * s.zeros));
        pair(ui, "dead", if s.dead() { "yes" } else { "no" }.to_owned());
        ui.end_row();
    });
    let dead = map.statistics.iter().filter(|s| s.dead()).count();
    ui.weak(format!("{dead} of {} channels of this layer have one value everywhere here.", map.statistics.len()));
    theme::section(ui, "Histogram");
    charts::histogram(ui, "values", &look.detail.histogram);
}

fn power(ui: &mut Ui, look: &LayerView, textures: &mut Textures) {
    let Some(power) = &look.detail.power else {
        ui.label("No power activation belongs to this layer: head, tail and what follows the tail have none. Choose a layer of the body.");
        return;
    };
    ui.strong(format!("{}, channel {}", power.name, look.detail.channel));
    ui.label(format!("sign(y)·|y|^α with α = {:.4}", power.alpha));
    let names = ["before", "after", "after − before"];
    let width = (ui.available_width() - 2.0 * theme::UNIT) / 3.0;
    ui.horizontal(|ui| {
        for (i, (name, shown)) in names.into_iter().zip(&power.pictures).enumerate() {
            ui.vertical(|ui| {
                ui.set_width(width);
                let texture = textures.get(ui.ctx(), TextureKey::Power(i), &look.detail, shown);
                picture(ui, texture, (shown.width, shown.height), name);
                ui.weak(name);
            });
        }
    });
    let [values, difference] = power.ranges;
    ends(ui, values);
    ui.weak(format!("difference: {} … {}", number(difference.black), number(difference.white)));
    theme::section(ui, "Curve, over the histogram of its inputs");
    charts::curve(ui, power);
    theme::section(ui, "Amplitude by frequency");
    charts::spectra(ui, &power.spectra);
    let [before, after] = &power.spectra;
    ui.label(format!(
        "Energy above a quarter of the sampling rate: {:.2} % before, {:.2} % after{}.",
        100.0 * before.high,
        100.0 * after.high,
        if before.high > 0.0 { format!(" (× {:.2})", after.high / before.high) } else { String::new() }
    ));
}

/// What blue and orange stand for, in words.
fn ends(ui: &mut Ui, range: Range) {
    ui.weak(format!("blue {} · white 0 · orange {}", number(range.black), number(range.white)));
}

fn flat(ui: &mut Ui, look: &LayerView) {
    let Some(flat) = &look.detail.flat else {
        ui.label("No convolution or adder layer leads to this one.");
        return;
    };
    ui.strong(format!("{}, channel {}", flat.layer, look.detail.channel));
    ui.label("The answer to a patch that has the grey s everywhere, in every input channel, with this channel's own weights.");
    charts::flat(ui, flat);
    egui::Grid::new("flat").num_columns(3).spacing([16.0, 4.0]).striped(true).show(ui, |ui| {
        ui.weak("");
        ui.weak("span").on_hover_text("Largest minus smallest answer");
        ui.weak("bend").on_hover_text("Largest distance from a straight line");
        ui.end_row();
        for curve in &flat.curves {
            ui.add(egui::Label::new(&curve.name).extend());
            ui.monospace(number(curve.span as f32));
            ui.monospace(number(curve.bend as f32));
            ui.end_row();
        }
    });
    ui.add_space(theme::UNIT);
    ui.weak(
        "A convolution answers with a straight line, so it can pass a patch on or ignore it. A plain adder layer, −Σ|s − w|, \
         always bends and always depends on s: it can be neither identity nor high-pass. The shortcut brings the line back, \
         the power activation parts small from large (AdderSR, section 3.2). All after this layer's batch norm; the \
         operation that the layer is not gets its factor only.",
    );
}

fn weights(ui: &mut Ui, look: &LayerView, textures: &mut Textures) {
    let Some(kernel) = &look.detail.kernel else {
        ui.label("No convolution or adder layer leads to this one.");
        return;
    };
    let detail::Kernel { name, windows, count, range, all } = kernel;
    ui.strong(format!("{name}, output channel {}", look.detail.channel));
    ui.weak(format!("{count} windows, one per input channel, row by row"));
    let shown: &Picture = &windows.picture;
    let texture = textures.get(ui.ctx(), TextureKey::Kernel, &look.detail, shown);
    picture(ui, texture, (shown.width, shown.height), "Kernel");
    ends(ui, *range);
    theme::section(ui, "All weights of the layer");
    charts::histogram(ui, "weights", all);
}
