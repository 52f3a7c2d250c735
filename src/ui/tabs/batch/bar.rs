//! The bar at the bottom: start, pause, stop, retry, report; how far it is and how long it will take.

use super::{
    Action,
    pick::PathRequest,
    state::{BatchTabState, duration},
};
use crate::{
    session::batch::Mode,
    ui::{
        icons::{self, Icon},
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
                if start.on_hover_text("Enlarge everything that is ready").clicked() {
                    actions.push(Action::Start);
                }
            }
            Mode::Running => {
                if icons::labelled(ui, Icon::Pause, "Pause")
                    .on_hover_text("Free the device; the picture in hand is gone on with later")
                    .clicked()
                {
                    actions.push(Action::Pause);
                }
            }
            Mode::Paused => {
                if icons::labelled(ui, Icon::Play, "Resume").on_hover_text("Go on").clicked() {
                    actions.push(Action::Resume);
                }
            }
            Mode::Stopping => {
                ui.label("Stopping…");
            }
        }
        if matches!(state.mode, Mode::Running | Mode::Paused)
            && icons::labelled(ui, Icon::Stop, "Stop")
                .on_hover_text("End within a tile; what is done stays, the rest can be exported later")
                .clicked()
        {
            actions.push(Action::Stop);
        }
        if counts.failed > 0
            && icons::labelled(ui, Icon::Retry, "Retry failed")
                .on_hover_text("Look at failed pictures again and make those that can be made")
                .clicked()
        {
            actions.push(Action::Retry);
        }
        if counts.done > 0
            && state.mode == Mode::Idle
            && icons::labelled(ui, Icon::Retry, "Make again")
                .on_hover_text("Make the pictures that are done once more, with the settings as they are now")
                .clicked()
        {
            actions.push(Action::Again);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let report = ui.add_enabled(counts.all > 0, egui::Button::new("Save report…"));
            if report.on_hover_text("A table of what became of every picture (CSV or JSON)").clicked() {
                actions.push(Action::Ask(PathRequest::Report));
            }
            ui.add(egui::Label::new(RichText::new(summary(state)).weak()).truncate());
        });
    });
}

fn summary(state: &BatchTabState) -> String {
    let counts = state.counts();
    if state.scanning {
        return format!("Looking at files… {}", counts.all);
    }
    let mut parts = Vec::new();
    if !state.is_running()
        && let Some((from, to)) = state.megapixels()
    {
        parts.push(format!("{from:.1} to {to:.1} MP"));
    }
    for (n, word) in [(counts.done, "done"), (counts.skipped, "skipped"), (counts.failed, "failed")] {
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    if !state.is_running()
        && counts.to_do > 0
        && let Some(seconds) = state.estimate()
    {
        parts.push(format!("about {}", duration(seconds)));
    }
    parts.join(" · ")
}

fn progress(ui: &mut Ui, state: &BatchTabState) {
    let p = &state.progress;
    let counts = state.counts();
    let name = p.current.and_then(|(id, _)| state.rows.get(&id)).and_then(|row| row.source.file_name());
    let name = name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut text = format!("{} of {}", counts.done, counts.done + counts.to_do);
    if p.speed > 0.0 {
        text += &format!("  ·  {:.2} MP/s", p.speed / 1e6);
    }
    if let Some(left) = p.left {
        text += &format!("  ·  about {} left", duration(left));
    }
    ui.horizontal(|ui| {
        ui.label(text);
        let shown = names::cut(ui, &name, egui::TextStyle::Body, ui.available_width());
        ui.label(RichText::new(shown).weak()).on_hover_text(&name);
    });
    let bar = egui::ProgressBar::new(state.share()).desired_height(theme::UNIT).fill(theme::accent(ui));
    let share = format!("{:.0} % of the batch", 100.0 * state.share());
    ui.add(bar).on_hover_text(share);
}
