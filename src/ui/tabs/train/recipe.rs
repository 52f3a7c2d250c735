//! The panel on the left: the set, where to start from, how long, and the buttons.

use super::{
    Action,
    run::{Phase, Run},
    state::{Dial, Recipe, TrainState},
};
use crate::{
    session::models::ModelRef,
    train::degrade::Degradation,
    ui::{
        icons::{self, Icon},
        theme,
        widgets::history::{self, History},
    },
};
use eframe::egui::{self, RichText, Ui};

/// Degradations with their names and what they are for.
const KINDS: [(Degradation, &str, &str); 3] = [
    (Degradation::Bicubic, "Clean", "Small pictures are sharp and not compressed: scans, drawings, screenshots"),
    (Degradation::Jpeg, "JPEG", "Small pictures were compressed: pictures from the web"),
    (Degradation::Camera, "Camera", "Small pictures are a little blurred, noisy and compressed: photographs"),
];

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
            let back = history::heading(ui, "Pictures", history);
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
        if ui.button("Add files…").on_hover_text("Add pictures; or drop them on the window").clicked() {
            actions.push(Action::AddFiles);
        }
        if ui.button("Add folder…").on_hover_text("Add all pictures in a folder and below").clicked() {
            actions.push(Action::AddFolder);
        }
        let some = !state.paths.is_empty();
        if icons::button(ui, Icon::Close, "Remove all pictures", some && ui.is_enabled()).clicked() {
            actions.push(Action::Clear);
        }
    });
    let (train, held_out) = state.split();
    let text = match (state.judging.is_some(), state.found.len()) {
        (true, n) => format!("Judging… {n}"),
        (false, 0) => "None yet".to_owned(),
        (false, _) => format!("{} to train on, {} held out", train.len(), held_out.len()),
    };
    ui.label(RichText::new(text).weak());
}

fn start(ui: &mut Ui, state: &mut TrainState, models: &[ModelRef], actions: &mut Vec<Action>) {
    theme::section(ui, "Start from");
    let combo = egui::ComboBox::from_id_salt("start from").selected_text(state.init.name()).width(theme::SIDE - 16.0);
    let shown = combo.show_ui(ui, |ui| {
        for model in models {
            if ui.selectable_label(*model == state.init, model.name()).clicked() {
                actions.push(Action::Init(model.clone()));
            }
        }
    });
    let name = format!("Start from {}", state.init.name());
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
    shown
        .response
        .on_hover_text("The model to fine-tune. What it learns is kept in a new file; this one is not changed.");
    ui.label(RichText::new(format!("Enlarges ×{}", state.scale)).weak());
    theme::section(ui, "Name");
    let hint = format!("{} tuned", state.init.name());
    let field = egui::TextEdit::singleline(&mut state.recipe.name).hint_text(hint).desired_width(theme::SIDE - 16.0);
    let field = ui.add(field);
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Name of the model"));
    field.on_hover_text("What the model is called in every list, and its file");
}

fn degradation(ui: &mut Ui, state: &mut TrainState, actions: &mut Vec<Action>) {
    theme::section(ui, "Small pictures will be");
    let before = state.recipe.degradation;
    let mut given = before == Degradation::Given;
    ui.horizontal(|ui| {
        for (kind, name, tip) in KINDS {
            let label = ui.selectable_label(before == kind, name).on_hover_text(tip);
            if label.clicked() {
                state.recipe.degradation = kind;
            }
        }
    });
    let tip = "Folders that hold small pictures in `lr` and large ones of the same names in `hr`: scans of the same print, \
               a camera's JPEG and its raw";
    if ui.checkbox(&mut given, "I have small and large versions").on_hover_text(tip).changed() {
        state.recipe.degradation = if given { Degradation::Given } else { Degradation::Bicubic };
    }
    if state.recipe.degradation != before {
        actions.push(Action::Judge);
    }
}

fn dial(ui: &mut Ui, state: &mut TrainState) {
    theme::section(ui, "How long");
    ui.horizontal(|ui| {
        for dial in Dial::ALL {
            let minutes = dial.minutes().unwrap_or_default();
            let label = ui.selectable_label(state.recipe.dial == dial, dial.name());
            if label.on_hover_text(format!("{minutes} minutes of training")).clicked() {
                state.recipe.dial = dial;
                state.recipe.minutes = minutes;
            }
        }
        let minutes = state.recipe.dial.minutes().unwrap_or(state.recipe.minutes);
        ui.label(RichText::new(format!("{} min", (minutes * 10.0).round() / 10.0)).weak());
    });
}

fn advanced(ui: &mut Ui, state: &mut TrainState) {
    ui.add_space(theme::UNIT);
    let shown = egui::CollapsingHeader::new("Advanced").show_unindented(ui, |ui| {
        egui::Grid::new("advanced").num_columns(2).spacing([theme::UNIT, theme::UNIT]).show(ui, |ui| {
            let mut row = |name: &str, tip: &str, widget: egui::DragValue<'_>| {
                let label = ui.label(name);
                let changed = ui.add(widget).labelled_by(label.id).on_hover_text(tip).changed();
                ui.end_row();
                changed
            };
            let time = egui::DragValue::new(&mut state.recipe.minutes).range(0.1..=10_000.0).suffix(" min");
            if row("Time", "Minutes of training; a pause does not count", time) {
                state.recipe.dial = Dial::Own;
            }
            let rate = egui::DragValue::new(&mut state.recipe.rate).range(1e-6..=0.1).speed(1e-5).min_decimals(5);
            row("Rate", "Highest learning rate: higher learns faster and forgets more", rate);
            let mut percent = state.recipe.rehearsal * 100.0;
            let keep = egui::DragValue::new(&mut percent).range(0.0..=90.0).max_decimals(0).suffix(" %");
            let tip = "Share of the patches that come from two photos that ship, so that the model does not forget other \
                       kinds of picture; 0 % learns yours faster and is for them only";
            if row("Remember", tip, keep) {
                state.recipe.rehearsal = percent / 100.0;
            }
            row("Patches", "Patches per step", egui::DragValue::new(&mut state.recipe.batch).range(1..=256));
            row("Patch size", "Side of a patch in small pixels", egui::DragValue::new(&mut state.recipe.patch).range(8..=128));
            row("Seed", "The same seed draws the same patches", egui::DragValue::new(&mut state.recipe.seed));
        });
        let label = ui.label("Folder for the models");
        ui.add(egui::TextEdit::singleline(&mut state.recipe.folder).desired_width(theme::SIDE - 16.0))
            .labelled_by(label.id)
            .on_hover_text("The best model so far and the run itself are kept here");
    });
    shown.header_response.on_hover_text("What is set soundly for most sets: rate, patches, seed, folder");
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
        wide(ui, "Use in Enhance", "Enlarge a photo with the best model so far", true, Action::Use);
        let tip = format!("Write the best model so far to a file. It is also kept here:\n{}", run.output.display());
        wide(ui, "Export…", &tip, state.exporting.is_none(), Action::Export);
    }
    match state.run.as_ref().map(|r: &Run| r.phase) {
        Some(Phase::Preparing | Phase::Stopping | Phase::Running | Phase::Paused) => {
            let phase = state.run.as_ref().map(|r| r.phase);
            let can = matches!(phase, Some(Phase::Running | Phase::Paused));
            if phase == Some(Phase::Paused) {
                wide(ui, "Resume", "Go on", can, Action::Resume);
            } else {
                wide(ui, "Pause", "Wait between two steps", can, Action::Pause);
            }
            wide(
                ui,
                "Stop",
                "End with a last judgement; the best model is kept",
                phase != Some(Phase::Stopping),
                Action::Stop,
            );
        }
        _ => {
            let tip =
                "Take up a run that was paused, stopped or cut off (.checkpoint), where it was; or drop its file here";
            wide(ui, "Your models…", "Rename, find and delete models that you trained or added", true, Action::Models);
            wide(ui, "Go on with a run…", tip, true, Action::GoOnWith);
            train_button(ui, state, &mut wide);
        }
    }
}

/// The button that begins, or what is missing before it can.
fn train_button(ui: &mut Ui, state: &TrainState, wide: &mut impl FnMut(&mut Ui, &str, &str, bool, Action)) {
    match state.obstacle() {
        Some(why) => {
            wide(ui, "Train", &why, false, Action::Start);
            ui.label(RichText::new(why).weak());
        }
        None => wide(ui, "Train", "Fine-tune the model on these pictures", true, Action::Start),
    }
}
