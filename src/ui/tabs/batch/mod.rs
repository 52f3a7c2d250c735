//! Many pictures: a list with a plan for each, made by one button.
//!
//! | file | what |
//! |---|---|
//! | `state` | rows, settings and progress, without a window |
//! | `side` | the panel on the left: where to, how large, what called |
//! | `table` | the list with thumbnails and reasons |
//! | `bar` | start, pause, stop, retry, report, time left |
//! | `pick` | what files and folders are asked for |

mod bar;
mod pick;
mod side;
pub mod state;
mod table;

use super::{Tab, TabKind};
use crate::{
    session::{
        JobId, Worker,
        batch::{self, BatchState, Command, RowId, Settings, Thumbnails},
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
use pick::PathRequest;
use state::{BatchTabState, Notice};
use std::path::PathBuf;

/// What the view asks for; done after the frame is drawn.
#[derive(Clone, Debug, PartialEq)]
enum Action {
    Set(Box<Settings>),
    Undo,
    Redo,
    Ask(PathRequest),
    Remove(RowId),
    Clear,
    Start,
    Pause,
    Resume,
    Stop,
    Retry,
    Again,
    GoOn,
    Discard,
}

/// Events per frame: fewer than elsewhere, because one may tell 256 rows.
const EVENTS_PER_FRAME: usize = 4;
/// Thumbnails per frame: each becomes a texture of a few kilobytes.
const THUMBNAILS_PER_FRAME: usize = 16;

/// The tab.
pub struct Batch {
    worker: Worker<batch::Batch>,
    thumbnails: Worker<Thumbnails>,
    state: BatchTabState,
    pictures: table::Pictures,
    pick: Pick<PathRequest>,
    history: History<Settings>,
    /// The name template as it is being typed.
    template: String,
    journal: PathBuf,
}

impl Batch {
    /// Starts its workers; looks for a batch that was not finished.
    pub fn new(shell: &mut Shell) -> Self {
        let folder = directories::ProjectDirs::from("", "", "addersr").map(|d| d.data_dir().to_owned());
        Self::with_journal(shell, folder.unwrap_or_else(std::env::temp_dir).join("batch.jsonl"))
    }

    /// The same with its journal in this file.
    pub fn with_journal(shell: &mut Shell, journal: PathBuf) -> Self {
        let shared = shell.shared.clone();
        let begin = shell.settings.batch.clone().sensible(&shell.shared.models);
        let make = move || batch::Batch::with_settings(shared.clone(), begin.clone());
        let worker = Worker::start("batch", shell.waker.clone(), make);
        let thumbnails = Worker::start("thumbnails", shell.waker.clone(), Thumbnails::default);
        Self::with_workers(shell, worker, thumbnails, journal)
    }

    /// The same with given workers.
    pub fn with_workers(
        shell: &Shell,
        worker: Worker<batch::Batch>,
        thumbnails: Worker<Thumbnails>,
        journal: PathBuf,
    ) -> Self {
        let mut state = BatchTabState::new(batch::unfinished(&journal));
        state.settings = shell.settings.batch.clone().sensible(&shell.shared.models);
        Self {
            worker,
            thumbnails,
            template: state.settings.template.clone(),
            history: History::new(state.settings.clone()),
            state,
            pictures: table::Pictures::default(),
            pick: Pick::default(),
            journal,
        }
    }

    /// What the tab knows.
    pub fn state(&self) -> &BatchTabState {
        &self.state
    }

    fn send(&mut self, command: Command, shell: &mut Shell) {
        if let Err(failure) = self.worker.send(command) {
            shell.failed(&failure);
        }
    }

    fn start(&mut self, shell: &mut Shell) {
        let job = JobId::next();
        self.state.job = Some(job);
        self.state.offer = None;
        self.send(Command::Start { job, journal: self.journal.clone() }, shell);
    }

    fn apply(&mut self, action: Action, shell: &mut Shell) {
        match action {
            Action::Set(settings) => {
                self.state.settings = settings.as_ref().clone();
                self.send(Command::Set(settings), shell);
            }
            Action::Ask(asked) => self.pick.ask(asked, asked.question(), &shell.waker),
            Action::Undo | Action::Redo => {
                let now = &self.state.settings;
                let settings = if action == Action::Undo { self.history.undo(now) } else { self.history.redo(now) };
                if let Some(settings) = settings {
                    self.template.clone_from(&settings.template);
                    self.apply(Action::Set(Box::new(settings)), shell);
                }
            }
            Action::Remove(id) => self.send(Command::Remove(vec![id]), shell),
            Action::Clear => self.send(Command::Clear, shell),
            Action::Start => self.start(shell),
            Action::Pause => self.send(Command::Pause, shell),
            Action::Resume => self.send(Command::Resume, shell),
            Action::Stop => self.send(Command::Stop, shell),
            Action::Retry => {
                self.send(Command::Retry, shell);
                if !self.state.is_running() {
                    self.start(shell);
                }
            }
            Action::Again => {
                let done = self.state.rows.values().filter(|row| row.state == BatchState::Done);
                let ids = done.map(|row| row.id).collect();
                self.send(Command::Again(ids), shell);
                self.start(shell);
            }
            Action::GoOn => {
                self.send(Command::Reopen(self.journal.clone()), shell);
                self.start(shell);
            }
            Action::Discard => {
                self.state.offer = None;
                if let Err(error) = batch::discard(&self.journal) {
                    shell.failed(&error.into());
                }
            }
        }
    }

    fn picked(&mut self, asked: PathRequest, paths: Vec<PathBuf>, shell: &mut Shell) {
        match (asked, paths.first()) {
            (_, None) => {}
            (PathRequest::Files | PathRequest::Folder, _) => self.add(paths, shell),
            (PathRequest::Out, Some(folder)) => {
                let settings = Settings { out: Some(folder.clone()), ..self.state.settings.clone() };
                self.apply(Action::Set(Box::new(settings)), shell);
            }
            (PathRequest::Report, Some(file)) => self.send(Command::Report(file.clone()), shell),
        }
    }

    fn add(&mut self, paths: Vec<PathBuf>, shell: &mut Shell) {
        // The journal may be gone on with from another folder.
        let absolute = |p: PathBuf| std::path::absolute(&p).unwrap_or(p);
        self.send(Command::Add(paths.into_iter().map(absolute).collect()), shell);
    }

    fn offer(&self, ui: &mut egui::Ui, actions: &mut Vec<Action>) {
        let Some(offer) = self.state.offer.as_ref().filter(|_| !self.state.is_running()) else { return };
        egui::Frame::group(ui.style()).inner_margin(theme::margin()).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(text!("batch-offer", n = offer.saved.len()));
                if ui.button(text!("resume")).on_hover_text(text!("batch-offer-resume-tip")).clicked() {
                    actions.push(Action::GoOn);
                }
                if ui.button(text!("batch-offer-discard")).on_hover_text(text!("batch-offer-discard-tip")).clicked() {
                    actions.push(Action::Discard);
                }
            });
        });
    }
}

impl Tab for Batch {
    fn poll(&mut self, shell: &mut Shell) {
        for event in super::events(&self.worker, EVENTS_PER_FRAME, &shell.waker) {
            if let batch::Event::Set(settings) = &event {
                self.template.clone_from(&settings.template);
            }
            match self.state.apply(event) {
                Some(Notice::Info(text)) => shell.tell(text),
                Some(Notice::Finished(text, folder)) => match folder {
                    Some(folder) => shell.tell_of(text, folder),
                    None => shell.tell(text),
                },
                Some(Notice::Failed(failure)) => shell.failed(&failure),
                None => {}
            }
        }
        shell.report(Job::Batch, self.state.job());
        if let Some((asked, paths)) = self.pick.poll() {
            self.picked(asked, paths, shell);
        }
        if let Some(look) = shell.take_batch_look() {
            let settings = look.applied(self.state.settings.clone());
            self.apply(Action::Set(Box::new(settings)), shell);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell) {
        for (id, thumbnail) in super::events(&self.thumbnails, THUMBNAILS_PER_FRAME, &shell.waker) {
            self.pictures.put(ui.ctx(), id, thumbnail);
        }
        let mut actions = Vec::new();
        actions.extend(history::keys(ui).into_iter().map(|back| if back { Action::Undo } else { Action::Redo }));
        let side = egui::Frame::side_top_panel(ui.style()).inner_margin(theme::margin());
        egui::Panel::left("batch settings").frame(side).exact_size(theme::SIDE + 32.0).resizable(false).show(
            ui,
            |ui| {
                let models = &shell.shared.models;
                side::show(ui, &self.state, models, &mut self.template, &self.history, &mut actions);
            },
        );
        if !self.state.rows.is_empty() || self.state.is_running() {
            let frame = egui::Frame::side_top_panel(ui.style()).inner_margin(theme::margin());
            egui::Panel::bottom("batch bar")
                .frame(frame)
                .show(ui, |ui| bar::show(ui, &self.state, &self.template, &mut actions));
        }
        egui::CentralPanel::no_frame().show(ui, |ui| {
            egui::Frame::NONE.inner_margin(theme::margin()).show(ui, |ui| {
                self.offer(ui, &mut actions);
                if self.state.rows.is_empty() {
                    let (title, hint) = (text!("batch-empty"), text!("batch-empty-hint"));
                    theme::empty(ui, TabKind::Batch.icon(), title, hint, |ui| {
                        if self.state.scanning {
                            ui.spinner();
                        }
                    });
                } else {
                    table::show(ui, &self.state.rows, &self.state.progress, &mut self.pictures, &mut actions);
                }
            });
        });
        for wanted in self.pictures.wanted.drain(..) {
            if let Err(failure) = self.thumbnails.send(wanted) {
                shell.failed(&failure);
            }
        }
        if let Some((asked, paths)) = self.pick.field(ui.ctx()) {
            self.picked(asked, paths, shell);
        }
        for action in actions {
            self.apply(action, shell);
        }
        self.history.settle(&self.state.settings, !ui.input(|i| i.pointer.any_down()));
        shell.settings.batch.clone_from(&self.state.settings);
    }

    fn stop(&mut self) {
        self.worker.stop();
        self.thumbnails.stop();
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        vec![(text!("key-undo-redo"), text!("keys-undo-redo"))]
    }

    fn dropped(&mut self, paths: &[PathBuf], shell: &mut Shell) -> bool {
        self.add(paths.to_vec(), shell);
        true
    }
}
