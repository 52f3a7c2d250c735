//! The line below: what computes, how far it is, what it costs.

use super::{state::EnhanceState, work::TilesInView};
use crate::{
    session::{
        numbers::{measure, si},
        view::Price,
    },
    ui::{
        Shell,
        text::{text, way_name},
        theme,
    },
};
use eframe::egui::{self, RichText, Ui};

pub(super) fn show(ui: &mut Ui, state: &EnhanceState, shell: &Shell) {
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        let device = shell.shared.device_name().unwrap_or_else(|| text!("device-opening").to_owned());
        ui.scope(|ui| {
            ui.set_max_width(240.0);
            ui.add(egui::Label::new(RichText::new(short(&device)).small()).truncate())
                .on_hover_text(text!("device-tip", device = device.as_str()));
        });
        let price = state.stage.facts().and_then(|f| f.prices[1].or(f.prices[0]));
        if price.is_some_and(|p| p.coded) && shell.shared.supports_int8() {
            ui.label(RichText::new(text!("eight-bit")).small().weak()).on_hover_text(text!("eight-bit-tip"));
        }
        let TilesInView { done, all } = state.progress();
        if all > 0 {
            ui.separator();
            let part = done as f32 / all as f32;
            let bar = egui::ProgressBar::new(part).desired_width(80.0).desired_height(6.0).fill(theme::accent(ui));
            ui.add(bar);
            ui.label(RichText::new(text!("tiles", done = done, all = all)).small()).on_hover_text(text!("tiles-tip"));
        }
        if let Some(end) = shell.folder_end() {
            ui.separator();
            ui.label(RichText::new(end).small());
        }
        if let Some(speed) = state.speed() {
            let left = state.left().map(|s| format!(" · {}", text!("time-left", time = time(s)))).unwrap_or_default();
            ui.label(RichText::new(format!("{speed:.2} MP/s{left}")).small()).on_hover_text(text!("speed-tip"));
        }
        if let Some(colour) = state.colour.filter(|_| done == all) {
            ui.label(RichText::new(text!("colour-off", value = format!("{colour:.1}"))).small())
                .on_hover_text(text!("colour-off-tip"));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if let Some(price) = price {
                cost(ui, &price);
            }
        });
    });
}

/// Additions, multiplications and energy of the whole picture.
fn cost(ui: &mut Ui, price: &Price) {
    if price.way.passes == 0 {
        ui.label(RichText::new(text!("cost-none")).small().weak());
        return;
    }
    let (c, conv) = (price.cost, price.convolutions);
    let text = text!(
        "cost",
        additions = si(c.additions as f64),
        multiplications = si(c.multiplications as f64),
        energy = measure(c.joules, "J"),
    );
    let hint = text!(
        "cost-tip",
        way = way_name(price.way),
        additions = si(conv.additions as f64),
        multiplications = si(conv.multiplications as f64),
        energy = measure(conv.joules, "J"),
        times = format!("{:.1}", conv.joules / c.joules),
    );
    let way = if price.way.is_long() { format!("{} · ", way_name(price.way)) } else { String::new() };
    let with = format!("{way}{text}  {}", text!("cost-convolutions", energy = measure(conv.joules, "J")));
    ui.add(egui::Label::new(RichText::new(with).small()).truncate()).on_hover_text(hint);
}

/// A graphics device's own name, or what else computes, without what only few want to know.
fn short(device: &str) -> &str {
    let gpu = device.strip_prefix("GPU (").and_then(|rest| rest.rsplit_once(", "));
    gpu.map_or(device.split(" (").next().unwrap_or_default(), |(name, _)| name)
}

/// `3 s`, `4 min`.
fn time(seconds: f64) -> String {
    if seconds < 90.0 {
        text!("duration-s", s = seconds.ceil())
    } else {
        text!("duration-min", min = (seconds / 60.0).ceil())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graphics_device_is_called_by_its_name() {
        let names = ["GPU (llvmpipe (LLVM 19, 256 bits), Vulkan)", "CPU (AVX2, 2 threads)", "opening the device…"];
        assert_eq!(names.map(short), ["llvmpipe (LLVM 19, 256 bits)", "CPU", "opening the device…"]);
    }
}
