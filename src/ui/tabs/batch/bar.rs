//! The bar at the bottom: start, pause, stop, retry, report; how far it is and how long it will take.

use super::{Action, pick::PathRequest, state::BatchTabState};
use crate::{
    session::batch::Mode,
    ui::{
        icons::{self, Icon},
        text::{duration, text},
        theme,
        widgets::names,
    },
};
use eframe::egui::{self, RichText, Ui};

pub(super) fn show(ui: &mut Ui, state: &BatchTabState, template: &str, actions: &mut Vec<Action>) {
    if state.is_running() {
        progress(ui, state);
    }
    let counts = state.counts();
    ui.horizontal(|ui| {
        match state.mode {
            Mode::Idle => {
                let wrong = state.example(template).err();
                let ready = counts.to_do > 0 && !state.scanning && wrong.is_none();
                let start = ui.add_enabled(ready, theme::primary(&state.export_label()));
                let start = start.on_disabled_hover_text(wrong.unwrap_or_default());
                if start.on_hover_text(text!("batch-export-tip")).clicked() {
                    actions.push(Action::Start);
                }
            }
            Mode::Running => {
                if icons::labelled(ui, Icon::Pause, text!("pause")).on_hover_text(text!("batch-pause-tip")).clicked() {
                    actions.push(Action::Pause);
                }
            }
            Mode::Paused => {
                if icons::labelled(ui, Icon::Play, text!("resume")).on_hover_text(text!("resume-tip")).clicked() {
                    actions.push(Action::Resume);
                }
            }
            Mode::Stopping => {
                ui.label(text!("stopping"));
            }
        }
        if matches!(state.mode, Mode::Running | Mode::Paused)
            && icons::labelled(ui, Icon::Stop, text!("stop")).on_hover_text(text!("batch-stop-tip")).clicked()
        {
            actions.push(Action::Stop);
        }
        if counts.failed > 0
            && icons::labelled(ui, Icon::Retry, text!("batch-retry")).on_hover_text(text!("batch-retry-tip")).clicked()
        {
            actions.push(Action::Retry);
        }
        if counts.done > 0
            && state.mode == Mode::Idle
            && icons::labelled(ui, Icon::Retry, text!("batch-again")).on_hover_text(text!("batch-again-tip")).clicked()
        {
            actions.push(Action::Again);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let report = ui.add_enabled(counts.all > 0, egui::Button::new(text!("batch-report")));
            if report.on_hover_text(text!("batch-report-tip")).clicked() {
                actions.push(Action::Ask(PathRequest::Report));
            }
            ui.add(egui::Label::new(RichText::new(summary(state)).weak()).truncate());
        });
    });
}

fn summary(state: &BatchTabState) -> String {
    let counts = state.counts();
    if state.scanning {
        return text!("batch-looking", n = counts.all);
    }
    let mut parts = Vec::new();
    if !state.is_running()
        && let Some((from, to)) = state.megapixels()
    {
        parts.push(text!("batch-megapixels", from = format!("{from:.1}"), to = format!("{to:.1}")));
    }
    for (n, words) in [
        (counts.done, text!("batch-count-done", n = counts.done)),
        (counts.skipped, text!("batch-count-skipped", n = counts.skipped)),
        (counts.failed, text!("batch-count-failed", n = counts.failed)),
    ] {
        if n > 0 {
            parts.push(words);
        }
    }
    if !state.is_running()
        && counts.to_do > 0
        && let Some(seconds) = state.estimate()
    {
        parts.push(text!("about-time", time = duration(seconds)));
    }
    parts.join(" · ")
}

fn progress(ui: &mut Ui, state: &BatchTabState) {
    let p = &state.progress;
    let counts = state.counts();
    let name = p.current.and_then(|(id, _)| state.rows.get(&id)).and_then(|row| row.source.file_name());
    let name = name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut text = text!("n-of-all", n = counts.done, all = counts.done + counts.to_do);
    if p.speed > 0.0 {
        text += &format!("  ·  {:.2} MP/s", p.speed / 1e6);
    }
    if let Some(left) = p.left {
        text += &format!("  ·  {}", text!("about-time-left", time = duration(left)));
    }
    ui.horizontal(|ui| {
        ui.label(text);
        let shown = names::cut(ui, &name, egui::TextStyle::Body, ui.available_width());
        ui.label(RichText::new(shown).weak()).on_hover_text(&name);
    });
    let bar = egui::ProgressBar::new(state.share()).desired_height(theme::UNIT).fill(theme::accent(ui));
    let share = text!("batch-share", percent = format!("{:.0}", 100.0 * state.share()));
    ui.add(bar).on_hover_text(share);
}
