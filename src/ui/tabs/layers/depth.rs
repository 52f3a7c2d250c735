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
    tensor::{Point, Size},
    ui::{
        text::{curve_name, text},
        theme,
    },
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

impl Page {
    const ALL: [Self; 5] = [Self::Channel, Self::Power, Self::Flat, Self::Output, Self::Weights];

    /// What it is called, and what it shows.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Channel => (text!("page-channel"), text!("page-channel-tip")),
            Self::Power => (text!("page-power"), text!("page-power-tip")),
            Self::Flat => (text!("page-flat"), text!("page-flat-tip")),
            Self::Output => (text!("page-output"), text!("page-output-tip")),
            Self::Weights => (text!("page-weights"), text!("page-weights-tip")),
        }
    }
}

pub(super) fn show(ui: &mut Ui, page: &mut Page, state: &mut LayersState, textures: &mut Textures) {
    ui.horizontal_wrapped(|ui| {
        // On one line in the panel's usual width.
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 5.0;
        for to in Page::ALL {
            let (name, tip) = to.words();
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

/// The pixel at a place of a picture that is stated in parts of its sides.
pub(super) fn pixel_at(at: Vec2, of: Size) -> Option<Point> {
    let inside = (0.0..1.0).contains(&at.x) && (0.0..1.0).contains(&at.y);
    let along = |part: f32, side: usize| (part * side as f32) as usize;
    inside.then(|| Point::new(along(at.x, of.width), along(at.y, of.height)))
}

/// A picture as wide as the panel, but not so large that its pixels become tiles.
fn picture(ui: &mut Ui, texture: Option<TextureHandle>, of: Size, name: &str) -> Response {
    let (w, h) = (of.width as f32, of.height as f32);
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
    ui.strong(text!("layer-channel", layer = node.name.as_str(), n = k));
    let texture = textures.channel(ui.ctx(), TextureKey::Own(k), map, k);
    let response = picture(ui, texture, map.atlas.cell, text!("channel-chosen"));
    let at = |pos: Pos2| pixel_at((pos - response.rect.min) / response.rect.size(), map.atlas.cell);
    if response.clicked()
        && let Some(pixel) = response.interact_pointer_pos().and_then(at)
    {
        state.pixel = Some(pixel);
    }
    if let Some(Point { x, y }) = response.hover_pos().and_then(at) {
        let value = map.source.shown.pixel(0, y, x)[k];
        response.on_hover_text_at_pointer(text!("channel-pixel-tip", row = y, column = x, value = value.to_string()));
    }
    let s = &map.statistics[k];
    egui::Grid::new("statistics").num_columns(4).spacing([16.0, 4.0]).show(ui, |ui| {
        let pair = |ui: &mut Ui, name: &str, value: String| {
            ui.weak(name);
            ui.monospace(value);
        };
        pair(ui, text!("statistic-min"), number(s.min));
        pair(ui, text!("statistic-max"), number(s.max));
        ui.end_row();
        pair(ui, text!("statistic-mean"), number(s.mean as f32));
        pair(ui, text!("statistic-std"), number(s.std as f32));
        ui.end_row();
        pair(ui, text!("statistic-zeros"), format!("{:.1} %", 100.0 * s.zeros));
        pair(ui, text!("statistic-dead"), if s.dead() { text!("yes") } else { text!("no") }.to_owned());
        ui.end_row();
    });
    let dead = map.statistics.iter().filter(|s| s.dead()).count();
    ui.weak(text!("dead-channels", n = dead, all = map.statistics.len()));
    theme::section(ui, text!("histogram"));
    charts::histogram(ui, "values", &look.detail.histogram);
}

fn power(ui: &mut Ui, look: &LayerView, textures: &mut Textures) {
    let Some(power) = &look.detail.power else {
        ui.label(text!("power-none"));
        return exponents(ui, look, None);
    };
    ui.label(text!("power-what"));
    ui.strong(text!("layer-channel", layer = power.name.as_str(), n = look.detail.channel));
    ui.label(text!("power-formula", alpha = format!("{:.4}", power.alpha)));
    let names = [text!("before"), text!("after"), text!("after-minus-before")];
    let width = (ui.available_width() - 2.0 * theme::UNIT) / 3.0;
    ui.horizontal(|ui| {
        for (i, (name, shown)) in names.into_iter().zip(&power.pictures).enumerate() {
            ui.vertical(|ui| {
                ui.set_width(width);
                let texture = textures.get(ui.ctx(), TextureKey::Power(i), &look.detail, shown);
                picture(ui, texture, Size::new(shown.width, shown.height), name);
                ui.weak(name);
            });
        }
    });
    let [values, difference] = power.ranges;
    ends(ui, values);
    ui.weak(text!("power-difference", from = number(difference.black), to = number(difference.white)));
    theme::section(ui, text!("power-curve"));
    charts::curve(ui, power);
    theme::section(ui, text!("power-spectrum"));
    charts::spectra(ui, &power.spectra);
    let [before, after] = &power.spectra;
    let [from, to] = [before, after].map(|s| format!("{:.2}", 100.0 * s.high));
    ui.label(if before.high > 0.0 {
        text!("power-energy-times", before = from, after = to, times = format!("{:.2}", after.high / before.high))
    } else {
        text!("power-energy", before = from, after = to)
    });
    exponents(ui, look, Some(&power.name));
}

/// α of every power activation over depth; the mean where each channel has its own.
fn exponents(ui: &mut Ui, look: &LayerView, shown: Option<&str>) {
    let model = &look.map.source.model;
    let of = |i: usize| Some((i, model.alphas(i)?));
    let all: Vec<_> = (0..model.plan.nodes.len()).filter_map(of).collect();
    if all.is_empty() {
        return;
    }
    theme::section(ui, text!("power-depth"));
    let mean = |alphas: &[f32]| alphas.iter().map(|&a| f64::from(a)).sum::<f64>() / alphas.len() as f64;
    let points: Vec<[f64; 2]> = all.iter().enumerate().map(|(n, (_, alphas))| [(n + 1) as f64, mean(alphas)]).collect();
    let at = shown.and_then(|name| all.iter().position(|&(i, _)| model.plan.nodes[i].name == name));
    charts::exponents(ui, &points, at);
    ui.weak(text!("power-depth-what"));
}

/// What blue and orange stand for, in words.
fn ends(ui: &mut Ui, range: Range) {
    ui.weak(text!("blue-orange", from = number(range.black), to = number(range.white)));
}

fn flat(ui: &mut Ui, look: &LayerView) {
    let Some(flat) = &look.detail.flat else {
        ui.label(text!("no-layer-before"));
        return;
    };
    ui.strong(text!("layer-channel", layer = flat.layer.as_str(), n = look.detail.channel));
    ui.label(text!("flat-what"));
    charts::flat(ui, flat);
    egui::Grid::new("flat").num_columns(3).spacing([16.0, 4.0]).striped(true).show(ui, |ui| {
        ui.weak("");
        ui.weak(text!("flat-span")).on_hover_text(text!("flat-span-tip"));
        ui.weak(text!("flat-bend")).on_hover_text(text!("flat-bend-tip"));
        ui.end_row();
        for curve in &flat.curves {
            ui.add(egui::Label::new(curve_name(curve.of)).extend());
            ui.monospace(number(curve.span as f32));
            ui.monospace(number(curve.bend as f32));
            ui.end_row();
        }
    });
    ui.add_space(theme::UNIT);
    ui.weak(text!("flat-why"));
}

fn weights(ui: &mut Ui, look: &LayerView, textures: &mut Textures) {
    let Some(kernel) = &look.detail.kernel else {
        ui.label(text!("no-layer-before"));
        return;
    };
    let detail::Kernel { name, windows, count, range, all } = kernel;
    ui.strong(text!("layer-output-channel", layer = name.as_str(), n = look.detail.channel));
    ui.weak(text!("kernel-windows", n = *count));
    let shown: &Picture = &windows.picture;
    let texture = textures.get(ui.ctx(), TextureKey::Kernel, &look.detail, shown);
    picture(ui, texture, Size::new(shown.width, shown.height), text!("kernel"));
    ends(ui, *range);
    theme::section(ui, text!("weights-all"));
    charts::histogram(ui, "weights", all);
}
