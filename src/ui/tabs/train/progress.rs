//! A run: what it is doing, its charts, the health of its layers.

use super::run::{Phase, Run};
use crate::ui::{
    icons::{self, Icon},
    text::{duration, text},
    theme::{self, LINES},
    widgets::chart::{self, Key},
};
use eframe::egui::{self, RichText, Ui};
use egui_plot::{HLine, Line, LineStyle, PlotPoints, Points};

/// Height of a chart.
const CHART: f32 = 216.0;

pub(super) fn show(ui: &mut Ui, run: &Run) {
    status(ui, run);
    ui.add_space(theme::UNIT);
    let width = (ui.available_width() - theme::UNIT) / 2.0;
    ui.horizontal_top(|ui| {
        for chart in [loss as fn(&mut Ui, &Run), held_out] {
            ui.vertical(|ui| {
                ui.set_width(width);
                chart(ui, run);
            });
        }
    });
    ui.add_space(theme::UNIT);
}

fn status(ui: &mut Ui, run: &Run) {
    let title = match run.phase {
        Phase::Preparing => text!("train-preparing"),
        Phase::Running => text!("train-running"),
        Phase::Paused => text!("train-paused"),
        Phase::Stopping => text!("train-stopping"),
        Phase::Over(_) => text!("train-over"),
        Phase::Failed => text!("train-failed"),
    };
    ui.horizontal(|ui| {
        ui.heading(title);
        if matches!(run.phase, Phase::Preparing | Phase::Stopping) {
            ui.spinner();
        }
    });
    ui.add(egui::ProgressBar::new(run.share() as f32).desired_height(theme::UNIT).corner_radius(4));
    ui.label(RichText::new(facts(run)).weak());
    if let Some((good, text)) = run.verdict() {
        ui.horizontal_wrapped(|ui| {
            let (icon, colour) =
                if good { (Icon::Check, theme::good(ui)) } else { (Icon::Warning, theme::warning(ui)) };
            icons::show(ui, icon, theme::ICON, colour);
            ui.label(RichText::new(text).strong().color(colour));
        });
    }
}

/// Numbers in one line; what is not known yet is left out.
fn facts(run: &Run) -> String {
    let mut facts = vec![text!("train-facts-pictures", n = run.trained_on, out = run.held_out)];
    if let Some(latest) = run.latest {
        facts.push(text!("train-facts-step", n = latest.step));
        facts.extend(run.speed.map(|speed| text!("train-facts-speed", speed = format!("{speed:.1}"))));
        if run.is_under_way() {
            facts.push(text!("time-left", time = duration(run.left())));
        } else {
            facts.push(text!("train-facts-time", time = duration(latest.seconds)));
        }
    }
    if run.restarts > 0 {
        facts.push(text!("train-facts-restarts", n = run.restarts));
    }
    facts.join(" · ")
}

fn loss(ui: &mut Ui, run: &Run) {
    ui.label(RichText::new(text!("loss")).strong()).on_hover_text(text!("loss-tip"));
    let raw: PlotPoints<'_> = run.curve.iter().map(|p| [p.step, p.raw]).collect();
    let smooth: PlotPoints<'_> = run.curve.iter().map(|p| [p.step, p.smooth]).collect();
    let each = LINES[4].gamma_multiply(0.5);
    chart::legend(ui, &[(text!("loss-each"), LINES[4]), (text!("loss-smooth"), LINES[0])]);
    chart::plot("loss", CHART).include_x(0.0).show(ui, |plot| {
        plot.line(Line::new(text!("loss-each"), raw).color(each).width(1.0));
        plot.line(Line::new(text!("loss-smooth"), smooth).color(LINES[0]).width(2.0));
    });
    chart::axes(ui, text!("chart-step"), text!("chart-loss"));
}

fn held_out(ui: &mut Ui, run: &Run) {
    let title = match (run.best, run.gain()) {
        (Some((_, best)), Some(gain)) => text!(
            "held-out-psnr-gain",
            best = format!("{:.2}", best.psnr),
            gain = format!("{gain:+.2}").replace('-', "−"),
            model = run.init.as_str()
        ),
        _ => text!("held-out-psnr").to_owned(),
    };
    ui.label(RichText::new(title).strong()).on_hover_text(text!("held-out-psnr-tip"));
    if run.held_out == 0 {
        ui.label(RichText::new(text!("held-out-single")).weak());
        return;
    }
    let scores: Vec<[f64; 2]> = run.scored.iter().map(|s| [s.step as f64, s.score.psnr]).collect();
    let start = run.began.map(|(_, start)| [0.0, start.psnr]);
    let line: Vec<[f64; 2]> = start.into_iter().chain(scores.iter().copied()).collect();
    let end = run.latest.map_or(1.0, |l| l.step as f64);
    let from = text!("line-start", model = run.init.as_str());
    // Bicubic may be far below: its figure stands in the legend, and the axis goes from the start to now.
    let bicubic = run.began.map(|(bicubic, _)| text!("line-bicubic-psnr", psnr = format!("{:.2}", bicubic.psnr)));
    let mut keys: Vec<Key<'_>> = vec![(text!("line-now"), LINES[2]), (&from, LINES[3])];
    keys.extend(bicubic.as_deref().map(|name| (name, LINES[1])));
    chart::legend(ui, &keys);
    let range = range(line.iter().map(|p| p[1]));
    chart::plot("held out", CHART).include_x(0.0).include_x(end).show(ui, |plot| {
        if let Some((bicubic, start)) = run.began {
            let dashed = |name: &str, y: f64, colour| {
                HLine::new(name.to_owned(), y).style(LineStyle::dashed_loose()).color(colour).width(1.5)
            };
            plot.hline(dashed(text!("line-bicubic"), bicubic.psnr, LINES[1]));
            plot.hline(dashed(&from, start.psnr, LINES[3]));
        }
        plot.line(Line::new(text!("line-now"), line).color(LINES[2]).width(2.0));
        plot.points(Points::new(text!("line-now"), scores).color(LINES[2]).radius(3.0));
        range.into_iter().for_each(|(low, high)| plot.set_plot_bounds_y(low..=high));
    });
    chart::axes(ui, text!("chart-step"), text!("chart-psnr"));
}

/// From the smallest to the largest, with some room around; `None` if there is nothing.
fn range(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let (low, high) = (values.clone().reduce(f64::min)?, values.reduce(f64::max)?);
    let room = (0.15 * (high - low)).max(0.02);
    Some((low - room, high + room))
}

pub(super) fn health(ui: &mut Ui, run: &Run) {
    let Some(scored) = run.scored.last() else { return };
    let header = egui::CollapsingHeader::new(text!("health")).id_salt("health");
    let shown = header.show_unindented(ui, |ui| {
        egui::Grid::new("health").num_columns(4).striped(true).spacing([32.0, 4.0]).show(ui, |ui| {
            for (name, tip) in [
                (text!("health-layer"), text!("health-layer-tip")),
                (text!("health-gradient"), text!("health-gradient-tip")),
                ("α", text!("health-alpha-tip")),
                (text!("health-variance"), text!("health-variance-tip")),
            ] {
                ui.label(RichText::new(name).weak()).on_hover_text(tip);
            }
            ui.end_row();
            let number = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{v:.3e}"));
            for layer in &scored.health {
                ui.label(&layer.name);
                ui.monospace(number(layer.gradient));
                ui.monospace(layer.alpha.map_or("–".to_owned(), |v| format!("{v:.4}")));
                ui.monospace(number(layer.variance));
                ui.end_row();
            }
        });
    });
    shown.header_response.on_hover_text(text!("health-tip"));
}
