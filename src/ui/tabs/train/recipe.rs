//! The panel on the left: the set, where to start from, how long, and the buttons.

use super::{
    Action,
    forecast::Steps,
    run::{Phase, Run},
    state::{Dial, Recipe, TrainState},
};
use crate::{
    session::models::ModelRef,
    train::degrade::Degradation,
    ui::{
        icons::{self, Icon},
        text::{duration, model_name, text},
        theme,
        widgets::history::{self, History},
    },
};
use eframe::egui::{self, RichText, Ui};

/// Degradations that small pictures can be made with.
const KINDS: [Degradation; 3] = [Degradation::Bicubic, Degradation::Jpeg, Degradation::Camera];

/// What a degradation is called, and what it is for.
fn words(kind: Degradation) -> (&'static str, &'static str) {
    match kind {
        Degradation::Bicubic => (text!("kind-clean"), text!("degradation-clean-tip")),
        Degradation::Jpeg => (text!("degradation-jpeg"), text!("degradation-jpeg-tip")),
        Degradation::Camera => (text!("kind-camera"), text!("degradation-camera-tip")),
        Degradation::Given => (text!("degradation-given"), text!("degradation-given-tip")),
    }
}

pub(super) fn show(
    ui: &mut Ui,
    state: &mut TrainState,
    models: &[ModelRef],
    history: &History<Recipe>,
    actions: &mut Vec<Action>,
) {
    let running = state.is_running();
    egui::Panel::bottom("go").show_separator_line(false).frame(egui::Frame::NONE).show(ui, |ui| {
        ui.add_space(theme::UNIT);
        buttons(ui, state, actions);
    });
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.add_enabled_ui(!running, |ui| {
            let back = history::heading(ui, text!("pictures"), history);
            actions.extend(back.map(|back| if back { Action::Undo } else { Action::Redo }));
            pictures(ui, state, actions);
            start(ui, state, models, actions);
            degradation(ui, state, actions);
            dial(ui, state);
            advanced(ui, state);
        });
    });
}

fn pictures(ui: &mut Ui, state: &TrainState, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        if ui.button(text!("add-files")).on_hover_text(text!("train-add-files-tip")).clicked() {
            actions.push(Action::AddFiles);
        }
        if ui.button(text!("add-folder")).on_hover_text(text!("add-folder-tip")).clicked() {
            actions.push(Action::AddFolder);
        }
        let some = !state.paths.is_empty();
        if icons::button(ui, Icon::Close, text!("train-clear"), some && ui.is_enabled()).clicked() {
            actions.push(Action::Clear);
        }
    });
    let (train, held_out) = state.split();
    let text = match (state.judging.is_some(), state.found.len()) {
        (true, n) => text!("set-judging", n = n),
        (false, 0) => text!("set-none").to_owned(),
        (false, _) => text!("set-split", train = train.len(), out = held_out.len()),
    };
    ui.label(RichText::new(text).weak());
}

fn start(ui: &mut Ui, state: &mut TrainState, models: &[ModelRef], actions: &mut Vec<Action>) {
    theme::section(ui, text!("start-from"));
    let combo =
        egui::ComboBox::from_id_salt("start from").selected_text(model_name(&state.init)).width(theme::SIDE - 16.0);
    let shown = combo.show_ui(ui, |ui| {
        for model in models {
            if ui.selectable_label(*model == state.init, model_name(model)).clicked() {
                actions.push(Action::Init(model.clone()));
            }
        }
    });
    let name = text!("start-from-model", model = model_name(&state.init));
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
    shown.response.on_hover_text(text!("start-from-tip"));
    ui.label(RichText::new(text!("start-enlarges", scale = state.scale)).weak());
    theme::section(ui, text!("model-name-section"));
    let hint = format!("{} tuned", state.init.name());
    let field = egui::TextEdit::singleline(&mut state.recipe.name).hint_text(hint).desired_width(theme::SIDE - 16.0);
    let field = ui.add(field);
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("model-name-field")));
    field.on_hover_text(text!("model-name-tip"));
}

fn degradation(ui: &mut Ui, state: &mut TrainState, actions: &mut Vec<Action>) {
    theme::section(ui, text!("degradation"));
    let before = state.recipe.degradation;
    let mut given = before == Degradation::Given;
    ui.horizontal(|ui| {
        for kind in KINDS {
            let (name, tip) = words(kind);
            let label = ui.selectable_label(before == kind, name).on_hover_text(tip);
            if label.clicked() {
                state.recipe.degradation = kind;
            }
        }
    });
    let (name, tip) = words(Degradation::Given);
    if ui.checkbox(&mut given, name).on_hover_text(tip).changed() {
        state.recipe.degradation = if given { Degradation::Given } else { Degradation::Bicubic };
    }
    if state.recipe.degradation != before {
        actions.push(Action::Judge);
    }
}

fn dial(ui: &mut Ui, state: &mut TrainState) {
    theme::section(ui, text!("dial"));
    ui.horizontal(|ui| {
        for dial in Dial::ALL {
            let minutes = dial.minutes().unwrap_or_default();
            let label = ui.selectable_label(state.recipe.dial == dial, dial.name());
            if label.on_hover_text(text!("dial-tip", n = minutes)).clicked() {
                state.recipe.dial = dial;
                state.recipe.minutes = minutes;
            }
        }
        ui.label(RichText::new(text!("duration-min", min = (state.minutes() * 10.0).round() / 10.0)).weak());
    });
    match state.forecast() {
        Steps::About(steps) => {
            let about = text!("forecast-steps", time = duration(60.0 * state.minutes()), steps = rounded(steps));
            ui.label(about);
            let what = if steps < FEW { text!("forecast-few") } else { text!("forecast-photos") };
            ui.label(RichText::new(what).weak());
        }
        Steps::Measuring => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(RichText::new(text!("forecast-measuring")).weak());
            });
        }
        Steps::Unknown => {}
    }
}

/// Fewer steps than that change little, whatever the pictures (`docs/training.md`).
const FEW: f64 = 100.0;

/// Two digits of it: more would be a promise.
fn rounded(steps: f64) -> u64 {
    let unit = 10f64.powf((steps.max(1.0).log10().floor() - 1.0).max(0.0));
    ((steps / unit).round() * unit) as u64
}

fn advanced(ui: &mut Ui, state: &mut TrainState) {
    ui.add_space(theme::UNIT);
    let shown = egui::CollapsingHeader::new(text!("advanced")).show_unindented(ui, |ui| {
        egui::Grid::new("advanced").num_columns(2).spacing([theme::UNIT, theme::UNIT]).show(ui, |ui| {
            let mut row = |name: &str, tip: &str, widget: egui::DragValue<'_>| {
                let label = ui.label(name);
                let changed = ui.add(widget).labelled_by(label.id).on_hover_text(tip).changed();
                ui.end_row();
                changed
            };
            let time =
                egui::DragValue::new(&mut state.recipe.minutes).range(0.1..=10_000.0).suffix(text!("minutes-suffix"));
            if row(text!("advanced-time"), text!("advanced-time-tip"), time) {
                state.recipe.dial = Dial::Own;
            }
            let rate = egui::DragValue::new(&mut state.recipe.rate).range(1e-6..=0.1).speed(1e-5).min_decimals(5);
            row(text!("advanced-rate"), text!("advanced-rate-tip"), rate);
            let mut percent = state.recipe.rehearsal * 100.0;
            let keep = egui::DragValue::new(&mut percent).range(0.0..=90.0).max_decimals(0);
            let keep = keep.suffix(text!("advanced-rehearsal-suffix"));
            if row(text!("advanced-rehearsal"), text!("advanced-rehearsal-tip"), keep) {
                state.recipe.rehearsal = percent / 100.0;
            }
            row(
                text!("advanced-patches"),
                text!("advanced-patches-tip"),
                egui::DragValue::new(&mut state.recipe.batch).range(1..=256),
            );
            row(
                text!("advanced-patch-size"),
                text!("advanced-patch-size-tip"),
                egui::DragValue::new(&mut state.recipe.patch).range(8..=128),
            );
            row(text!("advanced-seed"), text!("advanced-seed-tip"), egui::DragValue::new(&mut state.recipe.seed));
        });
        let label = ui.label(text!("advanced-folder"));
        ui.add(egui::TextEdit::singleline(&mut state.recipe.folder).desired_width(theme::SIDE - 16.0))
            .labelled_by(label.id)
            .on_hover_text(text!("advanced-folder-tip"));
    });
    shown.header_response.on_hover_text(text!("advanced-tip"));
}

fn buttons(ui: &mut Ui, state: &TrainState, actions: &mut Vec<Action>) {
    let mut wide = |ui: &mut Ui, name: &str, tip: &str, enabled: bool, action: Action| {
        let button = if action == Action::Start { theme::primary(name) } else { egui::Button::new(name) };
        let size = [theme::SIDE, 32.0];
        let shown = ui.add_enabled_ui(enabled, |ui| ui.add_sized(size, button)).inner;
        if shown.on_hover_text(tip).on_disabled_hover_text(tip).clicked() {
            actions.push(action);
        }
    };
    if let Some(run) = state.run.as_ref().filter(|r| r.has_model()) {
        wide(ui, text!("train-use"), text!("train-use-tip"), true, Action::Use);
        let tip = text!("train-export-tip", path = run.output.display().to_string());
        wide(ui, text!("export-ask"), &tip, state.exporting.is_none(), Action::Export);
    }
    match state.run.as_ref().map(|r: &Run| r.phase) {
        Some(Phase::Preparing | Phase::Stopping | Phase::Running | Phase::Paused) => {
            let phase = state.run.as_ref().map(|r| r.phase);
            let can = matches!(phase, Some(Phase::Running | Phase::Paused));
            if phase == Some(Phase::Paused) {
                wide(ui, text!("resume"), text!("resume-tip"), can, Action::Resume);
            } else {
                wide(ui, text!("pause"), text!("train-pause-tip"), can, Action::Pause);
            }
            wide(ui, text!("stop"), text!("train-stop-tip"), phase != Some(Phase::Stopping), Action::Stop);
        }
        _ => {
            wide(ui, text!("own-models-ask"), text!("own-models-ask-tip"), true, Action::Models);
            wide(ui, text!("train-resume"), text!("train-resume-tip"), true, Action::GoOnWith);
            train_button(ui, state, &mut wide);
        }
    }
}

/// The button that begins, or what is missing before it can.
fn train_button(ui: &mut Ui, state: &TrainState, wide: &mut impl FnMut(&mut Ui, &str, &str, bool, Action)) {
    match state.obstacle() {
        Some(why) => {
            wide(ui, text!("train"), &why, false, Action::Start);
            ui.label(RichText::new(why).weak());
        }
        None => wide(ui, text!("train"), text!("train-tip"), true, Action::Start),
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn forecasts_have_two_digits() {
        assert_eq!([0.4, 7.4, 71.6, 768.0, 12_345.0].map(rounded), [0, 7, 72, 770, 12_000]);
    }
}
