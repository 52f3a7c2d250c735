//! Before and after: a photo, two ways to enlarge it, and what differs between them.
//!
//! | file | what |
//! |---|---|
//! | `state` | what is chosen, what has arrived, what is to be asked for; no egui types |
//! | `choice`, `camera` | what undo and another day bring back; which part is seen |
//! | `canvas`, `overlay`, `textures`, `seams` | the picture |
//! | `side`, `size`, `looks`, `tries`, `status`, `work` | the controls, the line below |
//! | `all` | all models at once |
//! | `sizes`, `crop` | how large the result is, and which part of it is exported |
//! | `export`, `dialog`, `price` | writing a result: the queue, what is asked, what it will come to |
//! | `picks` | what files are asked for |
//! | `shelf`, `start`, `strip` | small pictures of files: the recent ones, those of the photo's folder |

mod all;
mod camera;
mod canvas;
mod choice;
mod crop;
mod dialog;
mod export;
mod looks;
mod overlay;
mod picks;
mod price;
mod seams;
mod shelf;
mod side;
mod size;
mod sizes;
mod stage;
mod start;
mod state;
mod status;
mod strip;
mod textures;
mod tries;
mod work;

use super::Tab;
use crate::{
    session::{
        Worker,
        export::Exporter,
        open::Origin,
        tile_cache::TileCache,
        view::{Command, ModelChoice, View},
    },
    ui::{Job, Shell, text::text, theme, widgets::keys},
};
pub use choice::Persisted;
use eframe::egui::{self, Key};
use picks::Pick;
use state::EnhanceState;
use std::path::PathBuf;

/// The tab.
pub struct Enhance {
    state: EnhanceState,
    worker: Worker<View>,
    textures: textures::Textures,
    export: export::Export,
    picks: export::Picks,
    shelf: shelf::Shelf,
    tries: tries::Tries,
    device: String,
    generation: u64,
}

impl Enhance {
    /// Starts its workers.
    pub fn new(shell: &mut Shell) -> Self {
        let cache = TileCache::default();
        let (shared, kept) = (shell.shared.clone(), cache.clone());
        let worker = Worker::start("view", shell.waker.clone(), move || View::new(shared.clone(), kept.clone()));
        let shared = shell.shared.clone();
        let exporter =
            Worker::start("export", shell.waker.clone(), move || Exporter::new(shared.clone(), cache.clone()));
        Self::with_workers(shell, worker, exporter)
    }

    /// The same with given workers.
    pub fn with_workers(shell: &Shell, worker: Worker<View>, exporter: Worker<Exporter>) -> Self {
        let remembered = shell.settings.enhance.clone();
        Self {
            state: EnhanceState::new(remembered.choice(&shell.shared.models)),
            worker,
            textures: textures::Textures::default(),
            export: export::Export::new(exporter, remembered.written),
            picks: export::Picks::default(),
            shelf: shelf::Shelf::new(shell),
            tries: tries::Tries::new(shell),
            device: shell.settings.device.clone(),
            generation: 0,
        }
    }

    fn send(&self, command: Command, shell: &mut Shell) {
        if let Err(failure) = self.worker.send(command) {
            shell.failed(&failure);
        }
    }

    fn picked(&mut self, what: Pick, files: Vec<PathBuf>, shell: &mut Shell) {
        let Some(file) = files.into_iter().next() else { return };
        match what {
            Pick::Model(side) => shell.add_model(&file, Some(side)),
            Pick::Picture(side) => *self.state.choice.look_mut(side) = ModelChoice::File(file),
            Pick::Reference => self.state.choice.reference = Some(file),
            Pick::Export => self.export.picked(file),
        }
    }

    /// What stands around the picture.
    fn panels(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        let frame = egui::Frame::side_top_panel(ui.style()).inner_margin(egui::Margin::symmetric(16, 6));
        egui::Panel::bottom("enhance status").frame(frame).show(ui, |ui| status::show(ui, &self.state, shell));
        strip::show(ui, &mut self.shelf, shell);
        let frame = egui::Frame::side_top_panel(ui.style()).inner_margin(0);
        egui::Panel::right("enhance side").frame(frame).resizable(false).exact_size(theme::SIDE).show(ui, |ui| {
            side::show(ui, &mut self.state, &mut self.tries, &mut self.picks, &mut self.export, shell);
        });
    }

    /// Tells the worker about another photo, choice or device.
    fn follow(&mut self, shell: &mut Shell) {
        if self.device != shell.settings.device {
            self.device.clone_from(&shell.settings.device);
            self.generation += 1;
        }
        let Some(photo) = shell.photo.clone() else { return };
        let training = shell.shared.models.trainings();
        if let Some(show) = self.state.scene(&photo, self.generation, training) {
            self.send(Command::Show(Box::new(show)), shell);
        }
    }
}

impl Tab for Enhance {
    fn poll(&mut self, shell: &mut Shell) {
        for event in super::events(&self.worker, super::EVENTS_PER_FRAME, &shell.waker) {
            self.state.apply(event);
        }
        self.export.poll(shell);
        self.shelf.poll(shell);
        self.tries.poll(shell);
        if let Some((side, model)) = shell.take_wanted_model() {
            *self.state.choice.look_mut(side) = ModelChoice::Model(model);
        }
        for (model, now) in shell.take_gone_models() {
            self.state.choice.replace(&model, now);
        }
        if let Some(model) = self.state.model_in_use() {
            shell.in_use = Some(model);
        }
        if let Some((what, files)) = self.picks.poll() {
            self.picked(what, files, shell);
        }
        let work::TilesInView { done, all } = self.state.progress();
        let name = shell.photo.as_ref().map(|photo| photo.name.clone()).unwrap_or_default();
        shell.report(Job::View, (done < all).then(|| (done as f64 / all as f64, name)));
        shell.report(Job::Export, self.export.progress());
        shell.view = self.state.view();
    }

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        paste(ui, shell);
        if shell.photo.is_none() {
            if shell.is_opening() {
                ui.centered_and_justified(|ui| ui.spinner());
                return;
            }
            start::show(ui, &mut self.shelf, shell);
            self.shelf.ask(shell);
            return;
        }
        canvas::keys(ui, &mut self.state);
        page(ui, shell);
        strip::keys(ui, shell);
        self.follow(shell);
        self.export.keys(ui, &self.state);
        if !shell.full_screen {
            self.panels(ui, shell);
        }
        // Again, for what the controls have just changed: tiles of another size must not be drawn in this one.
        self.follow(shell);
        let wanted = egui::CentralPanel::no_frame()
            .show(ui, |ui| {
                if let Some(reason) = self.state.stage.failure().map(str::to_owned) {
                    failed(ui, &reason);
                    None
                } else {
                    canvas::show(ui, &mut self.state, &mut self.textures)
                }
            })
            .inner;
        if let Some(wanted) = wanted {
            self.send(Command::Want(wanted), shell);
        }
        self.export.show(ui.ctx(), &self.state, &mut self.picks, shell);
        all::show(ui.ctx(), &mut self.state, &mut self.tries, &mut self.export, shell);
        if let Some((what, files)) = self.picks.field(ui.ctx()) {
            self.picked(what, files, shell);
        }
        self.shelf.ask(shell);
        let up = !ui.input(|i| i.pointer.any_down());
        self.state.settle(up);
        shell.settings.enhance = Persisted::of(&self.state.choice, &self.export.written);
    }

    fn stop(&mut self) {
        self.worker.stop();
        self.export.stop();
        self.shelf.stop();
        self.tries.stop();
    }

    fn dropped(&mut self, paths: &[PathBuf], shell: &mut Shell) -> bool {
        match paths {
            [one] if one.extension().is_some_and(|e| e.eq_ignore_ascii_case("safetensors")) => {
                shell.add_model(one, Some(1));
                true
            }
            _ => false,
        }
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            (text!("key-wheel"), text!("enhance-keys-wheel")),
            (text!("key-drag"), text!("enhance-keys-drag")),
            ("F   1   +   −", text!("enhance-keys-f-1")),
            (text!("key-double-click"), text!("enhance-keys-double-click")),
            (text!("key-page"), text!("enhance-keys-page")),
            ("T", text!("enhance-keys-strip")),
            (text!("key-left-right"), text!("enhance-keys-left-right")),
            (text!("key-space-b"), text!("enhance-keys-space-b")),
            ("S  D  X  C  G", text!("enhance-keys-views")),
            ("L", text!("loupe")),
            (text!("key-crop"), text!("enhance-keys-crop")),
            (text!("key-ctrl-e"), text!("export")),
            (text!("key-copy-paste"), text!("enhance-keys-copy-paste")),
            (text!("key-undo-redo"), text!("keys-undo-redo")),
        ]
    }
}

/// Through the photo's folder. A key that is held waits for the photo; each press of its own counts.
fn page(ui: &egui::Ui, shell: &mut Shell) {
    if !keys::are_free(ui.ctx()) {
        return;
    }
    let by = ui.input(|i| {
        let press = |event: &egui::Event| match *event {
            egui::Event::Key { key, pressed: true, repeat, modifiers, .. }
                if !(modifiers.any() || repeat && shell.is_opening()) =>
            {
                match key {
                    Key::PageDown => 1,
                    Key::PageUp => -1,
                    _ => 0,
                }
            }
            _ => 0,
        };
        i.events.iter().map(press).sum()
    });
    if by != 0 {
        shell.step(by);
    }
}

/// A picture from the clipboard becomes the photo.
fn paste(ui: &egui::Ui, shell: &mut Shell) {
    let pasted = ui.input(|i| {
        i.events.iter().find_map(|event| match event {
            egui::Event::PasteImage(image) => Some(image.clone()),
            _ => None,
        })
    });
    if let Some(image) = pasted {
        let [width, height] = image.size;
        let rgba = image.pixels.iter().flat_map(|p| p.to_srgba_unmultiplied()).collect();
        shell.open(Origin::Pasted(width, height, rgba));
    }
}

/// Instead of the picture.
fn failed(ui: &mut egui::Ui, reason: &str) {
    theme::empty(ui, crate::ui::icons::Icon::Warning, text!("enhance-failed"), reason, |ui| {
        ui.label(text!("enhance-failed-hint"));
    });
}
