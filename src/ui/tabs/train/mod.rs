//! Own pictures, own model: drop pictures, look at what the network will see, train, compare, use.
//!
//! | file | what |
//! |---|---|
//! | `state` | the set and the recipe, without a window |
//! | `forecast` | how many steps a run would do here |
//! | `persisted` | what is remembered |
//! | `run` | the run: curve, judgements, what people are told |
//! | `recipe` | the panel on the left: set, start, how long, buttons |
//! | `set` | the pictures with their verdicts, and pairs as the network sees them |
//! | `progress` | a run: time left, charts, the layers' health |
//! | `preview` | held-out pieces over time: start, now, truth |
//! | `models` | models that were trained or added: names, files |
//! | `pick` | what files and names are asked for |

mod forecast;
mod models;
mod persisted;
mod pick;
mod preview;
mod progress;
mod recipe;
mod run;
mod set;
mod state;
#[cfg(test)]
mod tests;

use super::Tab;
use crate::{
    error::Error,
    infer::{Bundled, bundled::Kind},
    session::{
        JobId, Task, Worker,
        models::ModelRef,
        trainer::{CHECKPOINT, Command, Event, Trainer},
    },
    ui::{
        Job, Shell,
        text::text,
        theme,
        widgets::{
            history::{self, History},
            pick::Pick,
        },
    },
};
use eframe::egui;
pub use persisted::Persisted;
use pick::PathRequest;
use state::{Notice, Recipe, TrainState};
use std::path::{Path, PathBuf};

/// What the view asks for; done after the frame is drawn.
#[derive(Clone, Debug, PartialEq)]
enum Action {
    AddFiles,
    AddFolder,
    Undo,
    Redo,
    GoOnWith,
    Clear,
    Judge,
    HoldOut(PathBuf, bool),
    Init(ModelRef),
    Start,
    Pause,
    Resume,
    Stop,
    Use,
    Export,
    Models,
}

/// The tab.
pub struct Train {
    worker: Worker<Trainer>,
    state: TrainState,
    preview: preview::Preview,
    pairs: set::Pairs,
    pick: Pick<PathRequest>,
    models: Option<models::OwnModels>,
    init: Option<Task<Result<(ModelRef, usize), Error>>>,
    history: History<Recipe>,
    /// Whether the middle shows the run rather than the set.
    shows_run: bool,
}

impl Train {
    /// Starts its worker.
    pub fn new(shell: &mut Shell) -> Self {
        let shared = shell.shared.clone();
        let worker = Worker::start("train", shell.waker.clone(), move || Trainer::new(shared.clone()));
        Self::with_worker(shell, worker)
    }

    /// The same with a given worker.
    pub fn with_worker(shell: &Shell, worker: Worker<Trainer>) -> Self {
        let first = Bundled::for_factor(2.0, Kind::Clean);
        let (init, scale) = first.map_or(("x2", 2), |first| (first.name, first.scale()));
        let init = ModelRef::Bundled(init.to_owned());
        let folder = directories::ProjectDirs::from("", "", "addersr").map(|d| d.data_dir().join("trained"));
        let mut state = TrainState::new(init, scale, folder.unwrap_or_default());
        state.recipe = shell.settings.train.recipe(state.recipe.clone());
        Self {
            worker,
            history: History::new(state.recipe.clone()),
            state,
            preview: preview::Preview::default(),
            pairs: set::Pairs::default(),
            pick: Pick::default(),
            models: None,
            init: None,
            shows_run: false,
        }
    }

    fn send(&mut self, command: Command, shell: &mut Shell) {
        if let Err(failure) = self.worker.send(command) {
            shell.failed(&failure);
        }
    }

    fn judge(&mut self, shell: &mut Shell) {
        let (job, paths) = self.state.judge();
        let (scale, degradation) = (self.state.scale, self.state.recipe.degradation);
        self.shows_run = false;
        self.send(Command::Judge { job, paths, scale, degradation }, shell);
    }

    fn add(&mut self, paths: &[PathBuf], shell: &mut Shell) {
        if self.state.is_running() {
            shell.tell(text!("train-busy-add"));
        } else if self.state.add(paths) {
            self.judge(shell);
        }
    }

    fn apply(&mut self, action: Action, shell: &mut Shell) {
        match action {
            Action::AddFiles => self.ask(PathRequest::Files, PathBuf::new(), shell),
            Action::AddFolder => self.ask(PathRequest::Folder, PathBuf::new(), shell),
            Action::GoOnWith => self.ask(PathRequest::Run, PathBuf::new(), shell),
            Action::Undo | Action::Redo if self.state.is_running() => {}
            Action::Undo | Action::Redo => {
                let now = &self.state.recipe;
                let recipe = if action == Action::Undo { self.history.undo(now) } else { self.history.redo(now) };
                let Some(recipe) = recipe else { return };
                let judge = recipe.degradation != self.state.recipe.degradation;
                self.state.recipe = recipe;
                if judge {
                    self.apply(Action::Judge, shell);
                }
            }
            Action::Clear => self.state.clear(),
            Action::Judge if !self.state.paths.is_empty() => self.judge(shell),
            Action::Judge => {}
            Action::HoldOut(path, out) => self.state.hold_out(&path, out),
            Action::Init(model) => {
                let models = shell.shared.models.clone();
                let read = move || models.get(&model).map(|read| (model, read.plan.scale()));
                self.init = Some(Task::start(&shell.waker, read));
            }
            Action::Start => {
                let start = self.state.start(Path::exists);
                self.shows_run = true;
                self.preview = preview::Preview::default();
                self.send(Command::Start(Box::new(start)), shell);
            }
            Action::Pause => self.send(Command::Pause, shell),
            Action::Resume => self.send(Command::Resume, shell),
            Action::Stop => {
                if let Some(run) = &mut self.state.run {
                    run.phase = run::Phase::Stopping;
                }
                self.send(Command::Stop, shell);
            }
            Action::Models => self.models = Some(models::OwnModels::default()),
            Action::Use => {
                shell.use_model(ModelRef::Trained);
                shell.show(super::TabKind::Enhance);
            }
            Action::Export => {
                let name = self.state.run.as_ref().and_then(|r| r.output.file_name());
                self.ask(PathRequest::Save, PathBuf::from(name.unwrap_or_default()), shell);
            }
        }
    }

    fn ask(&mut self, asked: PathRequest, proposed: PathBuf, shell: &Shell) {
        let question = asked.question(proposed);
        self.pick.ask(asked, question, &shell.waker);
    }

    fn picked(&mut self, asked: PathRequest, paths: &[PathBuf], shell: &mut Shell) {
        match (asked, paths) {
            (PathRequest::Save, [file, ..]) => {
                let job = JobId::next();
                self.state.exporting = Some(job);
                self.send(Command::Export { job, file: file.clone() }, shell);
            }
            (PathRequest::Copy(from), [to, ..]) => {
                let (models, to) = (shell.shared.models.clone(), to.clone());
                shell.in_background(
                    move || models.export(&from, &to).map(|()| to),
                    |shell, copied| match copied {
                        Ok(to) => shell.tell_of(text!("written", path = to.display().to_string()), to),
                        Err(error) => shell.failed(&error.into()),
                    },
                );
            }
            (PathRequest::Run, [file, ..]) => self.go_on_with(file, shell),
            (PathRequest::Files | PathRequest::Folder, paths) => self.add(paths, shell),
            (PathRequest::Save | PathRequest::Copy(_) | PathRequest::Run, []) => {}
        }
    }

    /// What a run begins with, once that model is read.
    fn begin_with(&mut self, shell: &mut Shell) {
        let Some(read) = self.init.as_ref().and_then(Task::poll) else { return };
        self.init = None;
        match read {
            Ok(Ok((model, scale))) => {
                self.state.init = model;
                if scale != self.state.scale {
                    self.state.scale = scale;
                    self.apply(Action::Judge, shell);
                }
            }
            Ok(Err(error)) => shell.failed(&error.into()),
            Err(failure) => shell.failed(&failure),
        }
    }

    /// Takes up a run that was saved.
    fn go_on_with(&mut self, file: &Path, shell: &mut Shell) {
        if self.state.is_running() {
            shell.tell(text!("train-busy-resume"));
            return;
        }
        let job = self.state.reopen();
        self.send(Command::Reopen { job, file: file.to_owned() }, shell);
    }
}

impl Tab for Train {
    fn poll(&mut self, shell: &mut Shell) {
        for event in super::events(&self.worker, super::EVENTS_PER_FRAME, &shell.waker) {
            if let Event::Reopened(..) = event {
                (self.shows_run, self.preview) = (true, preview::Preview::default());
            }
            if let Event::Finished(_, Some(_), _, file) = &event {
                shell.add_model(file, None);
            }
            match self.state.apply(event) {
                Some(Notice::Info(text)) => shell.tell(text),
                Some(Notice::Failed(failure)) => shell.failed(&failure),
                None => {}
            }
        }
        self.begin_with(shell);
        if let Some(start) = self.state.unmeasured(&shell.settings.device) {
            self.send(Command::Measure(Box::new(start)), shell);
        }
        let run = self.state.run.as_ref().filter(|run| run.is_under_way());
        let name = |run: &run::Run| run.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        shell.report(Job::Training, run.map(|run| (run.share(), name(run))));
        if let Some((asked, paths)) = self.pick.poll() {
            self.picked(asked, &paths, shell);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        let mut actions = Vec::new();
        actions.extend(history::keys(ui).into_iter().map(|back| if back { Action::Undo } else { Action::Redo }));
        let side = egui::Frame::side_top_panel(ui.style()).inner_margin(theme::margin());
        egui::Panel::left("recipe").frame(side).exact_size(theme::SIDE + 32.0).resizable(false).show(ui, |ui| {
            let models = shell.shared.models.list();
            recipe::show(ui, &mut self.state, &models, &self.history, &mut actions);
        });
        egui::CentralPanel::no_frame().show(ui, |ui| {
            if self.state.found.is_empty() && self.state.judging.is_none() && self.state.run.is_none() {
                empty(ui, &mut actions);
                return;
            }
            egui::Frame::NONE.inner_margin(theme::margin()).show(ui, |ui| {
                if self.state.run.is_some() {
                    ui.horizontal(|ui| {
                        for (run, name, tip) in [
                            (true, text!("train-run"), text!("train-run-tip")),
                            (false, text!("pictures"), text!("train-pictures-tip")),
                        ] {
                            let label = ui.selectable_label(self.shows_run == run, name).on_hover_text(tip);
                            if label.clicked() {
                                self.shows_run = run;
                            }
                        }
                    });
                }
                egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match &self.state.run {
                    Some(run) if self.shows_run => {
                        progress::show(ui, run);
                        self.preview.show(ui, run);
                        progress::health(ui, run);
                    }
                    _ => set::show(ui, &self.state, &mut self.pairs, &mut actions),
                });
            });
        });
        for action in actions {
            self.apply(action, shell);
        }
        if let Some((asked, paths)) = self.pick.field(ui.ctx()) {
            self.picked(asked, &paths, shell);
        }
        if let Some(models) = &mut self.models {
            let (over, export) = models.show(ui.ctx(), shell);
            if let Some(file) = export {
                let name = PathBuf::from(file.file_name().unwrap_or_default());
                self.ask(PathRequest::Copy(file), name, shell);
            }
            if over {
                self.models = None;
            }
        }
        self.history.settle(&self.state.recipe, !ui.input(|i| i.pointer.any_down()));
        shell.settings.train = Persisted::of(&self.state.recipe);
    }

    fn stop(&mut self) {
        self.worker.stop();
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        vec![(text!("key-undo-redo"), text!("keys-undo-redo")), (text!("key-left-right"), text!("train-keys-line"))]
    }

    fn dropped(&mut self, paths: &[PathBuf], shell: &mut Shell) -> bool {
        match paths {
            [file] if file.extension().is_some_and(|e| e == CHECKPOINT) => self.go_on_with(file, shell),
            _ => self.add(paths, shell),
        }
        true
    }
}

fn empty(ui: &mut egui::Ui, actions: &mut Vec<Action>) {
    let (title, hint) = (text!("train-empty"), text!("train-empty-hint"));
    theme::empty(ui, super::TabKind::Train.icon(), title, hint, |ui| {
        if ui.button(text!("add-folder")).on_hover_text(text!("add-folder-tip")).clicked() {
            actions.push(Action::AddFolder);
        }
    });
}
