//! Inside the network: the list of its layers on the left, all channels of one of them in the middle, one channel in depth
//! on the right.
//!
//! | file | what |
//! |---|---|
//! | `state` | what is to be seen and what came back |
//! | `strip` | the network in order |
//! | `picker` | which part of the photo is looked at; receptive field |
//! | `grid` | all channels |
//! | `depth`, `charts` | one channel: numbers, power activation, flat patches, weights |
//! | `arithmetic` | one output, term by term |
//! | `save` | a layer into a file |
//! | `textures` | pictures on the graphics device |

mod arithmetic;
mod charts;
mod depth;
mod grid;
mod picker;
mod save;
mod state;
mod strip;
mod textures;

use super::{Tab, TabKind};
use crate::{
    session::{
        Worker,
        layers::{self, Command},
        models::{Catalogue, ModelRef},
        open::Origin,
    },
    tensor::Point,
    ui::{
        Shell,
        text::{model_name, text},
        theme,
        widgets::keys,
    },
};
use eframe::egui::{self, Key};
use state::{LayersState, Outcome};

/// The tab.
pub struct Layers {
    state: LayersState,
    /// The network that was chosen here; `None` goes along with Enhance.
    own: Option<ModelRef>,
    worker: Worker<layers::Layers>,
    textures: textures::Textures,
    page: depth::Page,
    save: Option<save::Save>,
    /// Row and column of the map under the pointer, with the receptive field that belongs to it.
    hovered: Option<Point>,
    shown: bool,
}

impl Layers {
    /// Starts its worker.
    pub fn new(shell: &mut Shell) -> Self {
        let shared = shell.shared.clone();
        let model = in_floats(None, &shared.models);
        let worker = Worker::start("layers", shell.waker.clone(), move || layers::Layers::new(shared.clone()));
        Self {
            state: LayersState::new(model),
            own: None,
            worker,
            textures: textures::Textures::default(),
            page: depth::Page::default(),
            save: None,
            hovered: None,
            shown: false,
        }
    }

    /// Looks at a part of the photo with such sides, in its pixels.
    pub fn look_at(&mut self, side: usize) {
        self.state.side = side;
    }

    /// What the tab knows: for tests.
    pub fn state(&self) -> &LayersState {
        &self.state
    }

    fn keys_pressed(&mut self, ui: &egui::Ui) {
        if !keys::are_free(ui.ctx()) {
            return;
        }
        let pressed = |key| ui.input(|i| keys::is_pressed(i, key));
        if pressed(Key::PageDown) {
            self.state.step(true);
        }
        if pressed(Key::PageUp) {
            self.state.step(false);
        }
        let order = self.state.order();
        let at = order.iter().position(|&k| k == self.state.channel).unwrap_or(0);
        if pressed(Key::Period) {
            self.state.channel = order.get(at + 1).copied().unwrap_or(self.state.channel);
        }
        if pressed(Key::Comma) && at > 0 {
            self.state.channel = order[at - 1];
        }
    }

    fn models(&mut self, ui: &mut egui::Ui, shell: &Shell) {
        let all = shell.shared.models.in_both_precisions();
        ui.horizontal(|ui| {
            ui.label(text!("model"));
            let followed = |model: &ModelRef| text!("layers-followed", model = model_name(model));
            let name = self.own.as_ref().map_or_else(|| followed(&self.state.model), model_name);
            let shown = egui::ComboBox::from_id_salt("model").width(130.0).selected_text(name).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.own, None, text!("layers-follow"));
                for model in &all {
                    ui.selectable_value(&mut self.own, Some(model.clone()), model_name(model));
                }
            });
            shown.response.on_hover_text(text!("layers-model-tip"));
        });
        ui.horizontal(|ui| {
            ui.label(text!("layers-second"));
            let second = self.state.second.as_ref().map_or_else(|| text!("layers-second-none").to_owned(), model_name);
            let combo = egui::ComboBox::from_id_salt("second").width(130.0).selected_text(second);
            let shown = combo.show_ui(ui, |ui| {
                ui.selectable_value(&mut self.state.second, None, text!("layers-second-none"));
                for model in &all {
                    ui.selectable_value(&mut self.state.second, Some(model.clone()), model_name(model));
                }
            });
            shown.response.on_hover_text(text!("layers-second-tip"));
        });
    }
}

/// A model in f32 where there is the choice: what training made, not what is left of it in 8 bits. Without a model the first
/// of all.
fn in_floats(model: Option<&ModelRef>, models: &Catalogue) -> ModelRef {
    let all = models.in_both_precisions();
    let floats = |of: &ModelRef| all.iter().find(|m| matches!(m, ModelRef::Floats(inner) if **inner == *of)).cloned();
    let of = model.or(all.first()).cloned().unwrap_or(ModelRef::Trained);
    floats(&of).unwrap_or(of)
}

impl Tab for Layers {
    fn poll(&mut self, shell: &mut Shell) {
        for event in super::events(&self.worker, super::EVENTS_PER_FRAME, &shell.waker) {
            match self.state.apply(event) {
                Some(Outcome::Written(file)) => shell.tell(text!("written", path = file.display().to_string())),
                Some(Outcome::NotWritten(failure)) => shell.failed(&failure),
                None => {}
            }
        }
        self.state.follow(shell.photo.as_ref(), shell.view);
        self.state.model = self.own.clone().unwrap_or_else(|| in_floats(shell.in_use.as_ref(), &shell.shared.models));
        // Nothing is computed before somebody looks.
        if self.shown
            && let Some((job, request)) = self.state.want()
            && let Err(failure) = self.worker.send(Command::Look { job, request })
        {
            shell.failed(&failure);
        }
        self.shown = false;
    }

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        self.shown = true;
        if shell.photo.is_none() {
            theme::empty(ui, TabKind::Layers.icon(), text!("open-photo"), text!("layers-empty-hint"), |ui| {
                if ui.button(text!("open-sample")).on_hover_text(text!("open-sample-tip")).clicked() {
                    shell.open(Origin::Sample);
                    shell.show(TabKind::Layers);
                }
            });
            return;
        }
        self.keys_pressed(ui);
        let side = egui::Frame::side_top_panel(ui.style()).inner_margin(theme::UNIT);
        egui::Panel::left("network").frame(side).resizable(true).default_size(248.0).size_range(220.0..=400.0).show(
            ui,
            |ui| {
                self.models(ui, shell);
                picker::show(ui, &mut self.state, &mut self.textures, self.hovered);
                ui.separator();
                strip::show(ui, &mut self.state, &mut self.textures);
            },
        );
        egui::Panel::right("depth")
            .frame(side)
            .resizable(true)
            .default_size(340.0)
            .size_range(280.0..=640.0)
            .show(ui, |ui| depth::show(ui, &mut self.page, &mut self.state, &mut self.textures));
        egui::CentralPanel::default().frame(side).show(ui, |ui| {
            let answer = grid::show(ui, &mut self.state, &mut self.textures);
            self.hovered = answer.hovered;
            if answer.save
                && let Some(look) = &self.state.look
            {
                self.save = Some(save::Save::new(look));
            }
        });
        if let Some(save) = &mut self.save {
            match save.show(ui.ctx(), &self.state, &shell.waker) {
                save::SaveAction::Nothing => {}
                save::SaveAction::Close => self.save = None,
                save::SaveAction::Write(job, command) => {
                    self.state.writes(job);
                    self.save = None;
                    if let Err(failure) = self.worker.send(command) {
                        shell.failed(&failure);
                    }
                }
            }
        }
        if self.state.has_changed() {
            // The next frame's `poll` asks the worker.
            ui.ctx().request_repaint();
        }
    }

    fn stop(&mut self) {
        self.worker.stop();
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            (text!("key-page"), text!("layers-keys-page")),
            (",  .", text!("layers-keys-channel")),
            (text!("key-click-channel"), text!("layers-keys-click")),
        ]
    }
}
