//! One output worked out: the terms of its window, as distances and as products side by side, and every step to the value
//! in the map.

use super::{grid::number, state::LayersState};
use crate::{
    session::layers::{
        LayerView,
        explain::{Term, Window},
    },
    tensor::Point,
    ui::{
        text::{formula, text},
        theme,
    },
};
use eframe::egui::{self, RichText, Ui};

/// Order of the terms.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Order {
    /// Row, column, channel.
    #[default]
    Window,
    /// Largest distance first.
    Distance,
}

pub(super) fn show(ui: &mut Ui, look: &LayerView, state: &mut LayersState) {
    let Some(of) = &look.explained else {
        ui.label(text!("output-none"));
        return;
    };
    let node = &look.map.source.model.plan.nodes[look.map.source.node];
    ui.strong(text!("output-place", layer = node.name.as_str(), n = of.channel, row = of.y, column = of.x));
    ui.horizontal(|ui| {
        ui.weak(text!("neighbour"));
        let (h, w) = (look.map.source.shown.shape.h, look.map.source.shown.shape.w);
        for (word, tip, dy, dx) in [
            (text!("neighbour-left"), text!("neighbour-left-tip"), 0, -1),
            (text!("neighbour-right"), text!("neighbour-right-tip"), 0, 1),
            (text!("neighbour-above"), text!("neighbour-above-tip"), -1, 0),
            (text!("neighbour-below"), text!("neighbour-below-tip"), 1, 0isize),
        ] {
            let to = of.y.checked_add_signed(dy).zip(of.x.checked_add_signed(dx));
            let to = to.filter(|&(y, x)| y < h && x < w).map(|(y, x)| Point { x, y });
            let button = ui.add_enabled(to.is_some(), egui::Button::new(word).small());
            if button.on_hover_text(tip).clicked() {
                state.pixel = to;
            }
        }
    });
    theme::section(ui, text!("output-steps"));
    for step in &of.steps {
        ui.horizontal_wrapped(|ui| {
            ui.weak(&step.name);
            ui.monospace(format!("{} = {}", formula(&step.formula), number(step.value)));
        });
    }
    ui.horizontal(|ui| {
        ui.label(text!("output-map"));
        ui.monospace(RichText::new(format!("{}", of.value)).strong());
    });
    if let Some(window) = &of.window {
        terms(ui, window);
    }
}

fn terms(ui: &mut Ui, window: &Window) {
    theme::section(ui, &text!("output-terms", n = window.terms.len(), layer = window.name.as_str()));
    let bias = window.bias.map_or(String::new(), |b| format!(" {}", text!("output-bias", bias = number(b))));
    let (adder, product) = (number(window.distance), number(window.product));
    let mark = |own: bool| if own { format!("  {}", text!("output-own")) } else { String::new() };
    ui.monospace(format!("−Σ|x − w| = {adder}{}", mark(window.adder)));
    ui.monospace(format!(" Σ x·w    = {product}{bias}{}", mark(!window.adder)));
    let id = ui.scope_id().with("order");
    let mut order = ui.data(|d| d.get_temp::<Order>(id)).unwrap_or_default();
    ui.horizontal(|ui| {
        ui.selectable_value(&mut order, Order::Window, text!("order-window"));
        ui.selectable_value(&mut order, Order::Distance, text!("order-distance"));
    });
    ui.data_mut(|d| d.insert_temp(id, order));
    let mut shown: Vec<&Term> = window.terms.iter().collect();
    if order == Order::Distance {
        shown.sort_by(|a, b| (b.x - b.w).abs().total_cmp(&(a.x - a.w).abs()));
    }
    let line = |a: &str, b: &str, c: &str, d: &str, e: &str| format!("{a:<7} {b:>8} {c:>8} {d:>8} {e:>8}");
    let head = RichText::new(line(text!("terms-place"), "x", "w", "−|x−w|", "x·w")).monospace().small().weak();
    ui.add(egui::Label::new(head).extend());
    let height = ui.text_style_height(&egui::TextStyle::Monospace);
    let list = egui::ScrollArea::vertical().id_salt("terms").max_height(280.0).auto_shrink([false, true]);
    list.show_rows(ui, height, shown.len(), |ui, rows| {
        for t in &shown[rows] {
            let place = format!("{},{},{}", t.dy, t.dx, t.channel);
            let outside = if t.outside { text!("terms-edge").to_owned() } else { number(t.x) };
            let text = line(&place, &outside, &number(t.w), &number(-(t.x - t.w).abs()), &number(t.x * t.w));
            ui.add(egui::Label::new(RichText::new(text).monospace().small()).extend());
        }
    });
}
