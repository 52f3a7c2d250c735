//! The panel on the left: where results go, how large they are, what they are called.

use super::{Action, state::BatchTabState};
use crate::{
    image_io::Format,
    infer::{Target, bundled::KindChoice},
    session::{
        batch::{OnExists, Settings},
        models::{Catalogue, ModelRef},
    },
    ui::{
        text::{model_name, text},
        theme,
        widgets::{
            self,
            history::{self, History},
            kind,
        },
    },
};
use eframe::egui::{self, PopupCloseBehavior, RichText, Ui};

/// Draws the panel; changed settings become an action.
pub(super) fn show(
    ui: &mut Ui,
    state: &BatchTabState,
    models: &Catalogue,
    template: &mut String,
    history: &History<Settings>,
    actions: &mut Vec<Action>,
) {
    let mut settings = state.settings.clone();
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let back = history::heading(ui, text!("pictures"), history);
        actions.extend(back.map(|back| if back { Action::Undo } else { Action::Redo }));
        pictures(ui, state, actions);
        place(ui, &mut settings, actions);
        size(ui, &mut settings.target);
        model(ui, models, &mut settings);
        format(ui, &mut settings);
        name(ui, state, template, &mut settings);
        taken(ui, &mut settings.on_exists);
    });
    if settings != state.settings {
        actions.push(Action::Set(Box::new(settings)));
    }
}

fn pictures(ui: &mut Ui, state: &BatchTabState, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        if ui.button(text!("add-files")).on_hover_text(text!("batch-add-files-tip")).clicked() {
            actions.push(Action::Ask(super::pick::PathRequest::Files));
        }
        if ui.button(text!("add-folder")).on_hover_text(text!("add-folder-tip")).clicked() {
            actions.push(Action::Ask(super::pick::PathRequest::Folder));
        }
        let clear =
            ui.add_enabled(!state.rows.is_empty() && !state.is_running(), egui::Button::new(text!("batch-clear")));
        if clear.on_hover_text(text!("batch-clear-tip")).clicked() {
            actions.push(Action::Clear);
        }
    });
}

fn place(ui: &mut Ui, settings: &mut Settings, actions: &mut Vec<Action>) {
    theme::section(ui, text!("batch-place"));
    let beside = settings.out.is_none();
    ui.horizontal(|ui| {
        let label = ui.selectable_label(beside, text!("batch-place-beside"));
        if label.on_hover_text(text!("batch-place-beside-tip")).clicked() {
            settings.out = None;
        }
        let label = ui.selectable_label(!beside, text!("batch-place-folder"));
        if label.on_hover_text(text!("batch-place-folder-tip")).clicked() {
            actions.push(Action::Ask(super::pick::PathRequest::Out));
        }
    });
    if let Some(out) = &settings.out {
        let text = out.display().to_string();
        ui.add(egui::Label::new(RichText::new(&text).weak()).truncate()).on_hover_text(&text);
    }
}

fn combo(ui: &mut Ui, name: &str, tip: &str, chosen: &str, width: f32, content: impl FnOnce(&mut Ui)) {
    list(ui, name, tip, chosen, (width, PopupCloseBehavior::CloseOnClick), content);
}

/// The same, of a width, that closes when it is told to.
fn list(
    ui: &mut Ui,
    name: &str,
    tip: &str,
    chosen: &str,
    (width, close): (f32, PopupCloseBehavior),
    content: impl FnOnce(&mut Ui),
) {
    let list = egui::ComboBox::from_id_salt(name).selected_text(chosen).width(width);
    let shown = list.close_behavior(close).show_ui(ui, content);
    let spoken = text!("spoken-choice", name = name, chosen = chosen);
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &spoken));
    shown.response.on_hover_text(tip);
}

fn size(ui: &mut Ui, target: &mut Target) {
    theme::section(ui, text!("size"));
    ui.horizontal(|ui| {
        let names = [text!("size-factor"), text!("size-width"), text!("size-height"), text!("size-long-edge")];
        let (at, value) = match *target {
            Target::Factor(f) => (0, f),
            Target::Width(n) => (1, n as f64),
            Target::Height(n) => (2, n as f64),
            Target::LongEdge(n) => (3, n as f64),
        };
        let (mut now, mut value) = (at, value);
        combo(ui, text!("batch-size-by"), text!("batch-size-by-tip"), names[at], 110.0, |ui| {
            for (i, name) in names.iter().enumerate() {
                if ui.selectable_label(i == at, *name).clicked() {
                    now = i;
                    value = if i == 0 { 2.0 } else { 3840.0 };
                }
            }
        });
        let drag = egui::DragValue::new(&mut value);
        let drag = match now {
            0 => drag.range(0.1..=16.0).speed(0.05).max_decimals(3).prefix("×"),
            _ => drag.range(1.0..=100_000.0).speed(8.0).max_decimals(0).suffix(" px"),
        };
        let response = ui.add(drag).on_hover_text(text!("drag-or-type"));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, text!("size")));
        let side = value.round() as usize;
        *target = match now {
            0 => Target::Factor(value),
            1 => Target::Width(side),
            2 => Target::Height(side),
            _ => Target::LongEdge(side),
        };
    });
}

fn model(ui: &mut Ui, models: &Catalogue, settings: &mut Settings) {
    theme::section(ui, text!("model"));
    let chosen = settings.model.as_ref().map_or_else(|| kind::words(settings.kind).name.to_owned(), model_name);
    let (own, others) = kind::own_and_others(models);
    let mut now = (settings.model.clone(), settings.kind);
    let before = now.clone();
    let form = (theme::SIDE - 16.0, PopupCloseBehavior::CloseOnClickOutside);
    list(ui, text!("model"), text!("batch-model-tip"), &chosen, form, |ui| {
        for kind in KindChoice::ALL {
            let words = kind::words(kind);
            ui.selectable_value(&mut now, (None, kind), words.name).on_hover_text(words.tip);
        }
        let mut listed = |ui: &mut Ui, model: ModelRef| {
            let name = model_name(&model);
            ui.selectable_value(&mut now, (Some(model), before.1), name);
        };
        own.iter().for_each(|model| listed(ui, model.clone()));
        let other = settings.model.as_ref().is_some_and(|model| others.contains(model));
        egui::CollapsingHeader::new(text!("advanced")).default_open(other).show(ui, |ui| {
            others.iter().for_each(|model| listed(ui, model.clone()));
        });
        if now != before {
            ui.close();
        }
    });
    (settings.model, settings.kind) = now;
    ui.horizontal(|ui| {
        ui.label(RichText::new(text!("strength")).weak());
        let mut percent = settings.strength * 100.0;
        let slider = egui::Slider::new(&mut percent, 0.0..=100.0).suffix(" %").fixed_decimals(0);
        let response = ui.add(slider).on_hover_text(text!("strength-tip"));
        response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(percent), text!("strength")));
        settings.strength = percent / 100.0;
    });
    ui.checkbox(&mut settings.ensemble, text!("ensemble")).on_hover_text(text!("ensemble-tip"));
}

fn format(ui: &mut Ui, settings: &mut Settings) {
    theme::section(ui, text!("format"));
    ui.horizontal(|ui| {
        let same = text!("batch-format-same");
        let mut now = (!settings.same_format).then_some(settings.format);
        let chosen = now.map_or(same.to_owned(), |format| format.to_string());
        combo(ui, text!("format"), text!("batch-format-tip"), &chosen, 90.0, |ui| {
            ui.selectable_value(&mut now, None, same).on_hover_text(text!("batch-format-same-tip"));
            for format in Format::ALL.into_iter().filter(|f| f.or_png() == *f) {
                ui.selectable_value(&mut now, Some(format), format.to_string());
            }
        });
        settings.same_format = now.is_none();
        settings.format = now.unwrap_or(settings.format);
        if settings.format == Format::Jpeg || settings.same_format {
            let drag = egui::DragValue::new(&mut settings.quality).range(1..=100).prefix(text!("batch-quality-prefix"));
            let response = ui.add(drag).on_hover_text(text!("batch-quality-tip"));
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, text!("quality")));
        }
    });
    let mut keep = !settings.strip;
    ui.checkbox(&mut keep, text!("batch-metadata")).on_hover_text(text!("batch-metadata-tip"));
    settings.strip = !keep;
    ui.checkbox(&mut settings.srgb, text!("srgb")).on_hover_text(text!("srgb-tip"));
    ui.checkbox(&mut settings.strict, text!("strict")).on_hover_text(text!("strict-tip"));
    if !settings.format.keeps_alpha() || settings.same_format {
        widgets::background::show(ui, &mut settings.background);
    } else {
        settings.background = None;
    }
}

fn name(ui: &mut Ui, state: &BatchTabState, template: &mut String, settings: &mut Settings) {
    theme::section(ui, text!("batch-names"));
    let field = ui.add(egui::TextEdit::singleline(template).desired_width(theme::SIDE - 16.0));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("batch-template")));
    field.on_hover_text(text!("batch-template-tip"));
    match state.example(template) {
        Ok(example) => {
            settings.template.clone_from(template);
            ui.add(egui::Label::new(RichText::new(&example).weak()).truncate()).on_hover_text(example);
        }
        Err(reason) => {
            let colour = theme::bad(ui);
            ui.add(egui::Label::new(RichText::new(reason).color(colour).small()).wrap());
        }
    }
}

fn taken(ui: &mut Ui, rule: &mut OnExists) {
    theme::section(ui, text!("batch-taken"));
    ui.horizontal(|ui| {
        for (value, name, tip) in [
            (OnExists::Skip, text!("batch-taken-skip"), text!("batch-taken-skip-tip")),
            (OnExists::Number, text!("batch-taken-number"), text!("batch-taken-number-tip")),
            (OnExists::Replace, text!("replace"), text!("batch-taken-replace-tip")),
        ] {
            ui.selectable_value(rule, value, name).on_hover_text(tip);
        }
    });
}
