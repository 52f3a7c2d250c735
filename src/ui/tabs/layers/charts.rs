//! The charts of one channel.

use crate::{
    session::layers::{Spectrum, detail::Power, flat::Flat, statistics::Histogram},
    ui::{
        text::{curve_name, text},
        theme,
        widgets::chart::{axes, legend, plot},
    },
};
use eframe::egui::Ui;
use egui_plot::{Bar, BarChart, Line, PlotPoints, Points};

/// What the power activation computes.
const POWER: &str = "sign(y)·|y|^α";
/// Height of a chart.
const HEIGHT: f32 = 160.0;

fn bars(name: &str, h: &Histogram, scale: f64) -> BarChart {
    let bar =
        |(i, &count): (usize, &u64)| Bar::new(h.from + (i as f64 + 0.5) * h.width, count as f64 * scale).width(h.width);
    BarChart::new(name, h.counts.iter().enumerate().map(bar).collect()).color(theme::LINES[4].gamma_multiply(0.6))
}

pub(super) fn histogram(ui: &mut Ui, name: &'static str, h: &Histogram) {
    let chart = bars(name, h, 1.0);
    plot(name, HEIGHT).show(ui, |plot| plot.bar_chart(chart));
    axes(ui, text!("chart-value"), text!("chart-count"));
}

/// The power activation's curve, and behind it the histogram of its inputs, as high as the curve.
pub(super) fn curve(ui: &mut Ui, power: &Power) {
    let high = power.curve.iter().fold(0.0f64, |high, p| high.max(p[1].abs()));
    let most = power.inputs.counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    let behind = bars(text!("chart-inputs"), &power.inputs, high / most);
    let line = Line::new(POWER, power.curve.clone()).color(theme::LINES[0]).width(2.0);
    let (from, to) = (power.curve[0][0], power.curve[power.curve.len() - 1][0]);
    let identity = Line::new("y", vec![[from, from], [to, to]]).color(theme::LINES[1]).width(1.0);
    legend(ui, &[(POWER, theme::LINES[0]), ("y", theme::LINES[1]), (text!("chart-inputs"), theme::LINES[4])]);
    plot("curve", HEIGHT).show(ui, |plot| {
        plot.bar_chart(behind);
        plot.line(identity);
        plot.line(line);
    });
    axes(ui, text!("chart-input"), text!("chart-output"));
}

/// The exponents of all power activations in their order, `[number, α]`, with a dot where the shown one is.
pub(super) fn exponents(ui: &mut Ui, points: &[[f64; 2]], shown: Option<usize>) {
    let line = Line::new("α", points.to_vec()).color(theme::LINES[0]).width(2.0);
    let dots = Points::new("α", points.to_vec()).color(theme::LINES[0]).radius(2.5);
    let dot = shown.map(|i| Points::new("α", vec![points[i]]).color(theme::LINES[1]).radius(5.0));
    plot("exponents", 120.0).show(ui, |plot| {
        plot.line(line);
        plot.points(dots);
        dot.into_iter().for_each(|dot| plot.points(dot));
    });
    axes(ui, text!("chart-depth"), "α");
}

/// Amplitudes before and after, as powers of ten: detail is orders of magnitude below what is coarse.
pub(super) fn spectra(ui: &mut Ui, [before, after]: &[Spectrum; 2]) {
    let line = |name: &str, s: &Spectrum, colour| {
        let points: Vec<[f64; 2]> = s.amplitude.iter().map(|p| [p[0], p[1].max(1e-12).log10()]).collect();
        Line::new(name, PlotPoints::from(points)).color(colour).width(2.0)
    };
    let lines = [line(text!("before"), before, theme::LINES[1]), line(text!("after"), after, theme::LINES[0])];
    legend(ui, &[(text!("before"), theme::LINES[1]), (text!("after"), theme::LINES[0])]);
    plot("spectra", HEIGHT).show(ui, |plot| lines.into_iter().for_each(|line| plot.line(line)));
    axes(ui, text!("chart-frequency"), text!("chart-amplitude"));
}

pub(super) fn flat(ui: &mut Ui, flat: &Flat) {
    let colour = |i: usize| theme::LINES[i % theme::LINES.len()];
    let line = |(i, c): (usize, &crate::session::layers::flat::Curve)| {
        Line::new(curve_name(c.of), c.points.clone()).color(colour(i)).width(2.0)
    };
    let lines: Vec<Line> = flat.curves.iter().enumerate().map(line).collect();
    let keys: Vec<_> = flat.curves.iter().enumerate().map(|(i, c)| (curve_name(c.of), colour(i))).collect();
    legend(ui, &keys);
    plot("flat field", 240.0).show(ui, |plot| lines.into_iter().for_each(|line| plot.line(line)));
    axes(ui, text!("chart-grey"), text!("chart-answer"));
}
