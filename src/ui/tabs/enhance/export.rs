//! Writing the result: its buttons, its worker, how far it is.

use super::{
    choice::{Choice, LastExport},
    dialog::{Dialog, suggested},
    picks::Pick,
    sizes::target_of,
    state::EnhanceState,
};
use crate::{
    backend::Rect,
    image_io::{DEFAULT_TEMPLATE, Format, TEMPLATE_OF_SEVERAL},
    session::{
        JobId, Worker,
        export::{Command, Destination, Event, Exporter, Progress, Saved, Subject},
        open::Photo,
        view::ModelChoice,
    },
    tensor::Size,
    ui::{
        Shell,
        icons::{self, Icon},
        text::{duration, text},
        theme,
        widgets::{
            self,
            dialog::{self, Answer},
            keys, names,
        },
    },
};
use eframe::egui::{self, Key, RichText, Ui};
use std::{collections::VecDeque, path::PathBuf};

/// Formats that are written.
pub(super) const FORMATS: [Format; 5] = [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff, Format::Bmp];

pub(super) type Picks = widgets::pick::Pick<Pick>;

/// A result to be written.
struct Task {
    job: JobId,
    result: Subject,
    to: Destination,
    /// What it is called here.
    name: String,
    /// What was asked: it comes back where the file is there already.
    dialog: Option<Dialog>,
}

pub(super) struct Export {
    worker: Worker<Exporter>,
    /// What is to be answered, one after the other.
    dialogs: VecDeque<Dialog>,
    /// The one at work, and how far it is.
    running: Option<(Task, Progress)>,
    /// Those that wait for it.
    queue: VecDeque<Task>,
    /// How results were written last.
    pub(super) written: LastExport,
}

impl Export {
    pub(super) fn new(worker: Worker<Exporter>, written: LastExport) -> Self {
        Self { worker, dialogs: VecDeque::new(), running: None, queue: VecDeque::new(), written }
    }

    /// Tells the worker to end.
    pub(super) fn stop(&mut self) {
        self.worker.stop();
    }

    /// The part that is done of what is written now, and its name.
    pub(super) fn progress(&self) -> Option<(f64, String)> {
        self.running.as_ref().map(|(task, progress)| (f64::from(progress.share()), task.name.clone()))
    }

    /// A place was chosen in the system's dialog.
    pub(super) fn picked(&mut self, file: PathBuf) {
        if let Some(dialog) = self.dialogs.front_mut() {
            dialog.picked(&file);
        }
    }

    pub(super) fn poll(&mut self, shell: &mut Shell) {
        for event in super::super::events(&self.worker, super::super::EVENTS_PER_FRAME, &shell.waker) {
            if let Event::Progress(job, now) = event {
                if let Some((task, progress)) = &mut self.running
                    && task.job == job
                {
                    *progress = now;
                }
                continue;
            }
            let ended = self.running.take();
            match event {
                Event::Progress(..) => {}
                Event::Exists(..) => {
                    let asked = ended.and_then(|(task, _)| task.dialog);
                    self.dialogs.extend(asked.map(Dialog::ask_to_replace));
                }
                Event::Saved(_, saved) => shell.tell_of(told(&saved), saved.path),
                Event::Copied(_, Size { width: w, height: h }) => shell.tell(text!("export-copied", w = w, h = h)),
                Event::Failed(_, failure) => shell.failed(&failure),
            }
        }
        if self.running.is_none()
            && let Some(task) = self.queue.pop_front()
        {
            let command = Command::Export { job: task.job, result: task.result.clone(), to: task.to.clone() };
            match self.worker.send(command) {
                Ok(()) => self.running = Some((task, Progress::default())),
                Err(failure) => shell.failed(&failure),
            }
        }
    }

    /// What is written and what waits, each with a button to end it.
    fn tasks(&mut self, ui: &mut Ui, shell: &mut Shell) {
        let mut stop = false;
        if let Some((task, progress)) = &self.running {
            stop = line(ui, &task.name, &state_of(progress), Some(progress.share()));
        }
        if stop && let Err(failure) = self.worker.send(Command::Stop) {
            shell.failed(&failure);
        }
        self.queue.retain(|task| !line(ui, &task.name, text!("export-waiting"), None));
    }

    /// The keys of the buttons, which work where those are not seen, too.
    pub(super) fn keys(&mut self, ui: &Ui, state: &EnhanceState) {
        let copy = keys::are_free(ui.ctx()) && ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Copy)));
        if copy {
            self.copy(state);
        }
        if [Key::S, Key::E].map(|key| keys::take_command(ui.ctx(), key)).contains(&true) {
            self.open(state);
        }
    }

    /// The buttons below the controls.
    pub(super) fn buttons(&mut self, ui: &mut Ui, state: &EnhanceState, shell: &mut Shell) {
        self.tasks(ui, shell);
        ui.horizontal(|ui| {
            let size = [ui.available_width() - 80.0, 32.0];
            let button = theme::primary(text!("export-ask")).min_size(size.into());
            let button = ui.add_enabled(state.photo.is_none() || state.exported_size().is_some(), button);
            let button = button.on_disabled_hover_text(text!("size-impossible"));
            if button.on_hover_text(text!("export-ask-tip")).clicked() {
                self.open(state);
            }
            if icons::button(ui, Icon::Grid, text!("batch-like-this"), true).clicked() {
                shell.batch_like(state.batch_look());
            }
            if icons::button(ui, Icon::Copy, text!("copy-view"), true).clicked() {
                self.copy(state);
            }
        });
    }

    /// What is copied is what is seen.
    fn copy(&mut self, state: &EnhanceState) {
        let Some(result) = subject(state, state.choice.looks[1].clone(), None) else { return };
        let (to, name) = (Destination::Clipboard(state.visible), text!("export-clipboard").to_owned());
        self.queue.push_back(Task { job: JobId::next(), result, to, name, dialog: None });
    }

    fn open(&mut self, state: &EnhanceState) {
        let Some(result) = subject(state, state.choice.looks[1].clone(), state.exported_part()) else { return };
        if self.dialogs.is_empty() && state.exported_size().is_some() {
            let format = self.format_for(&result.photo);
            let path = suggested(state, &state.name(1), format, DEFAULT_TEMPLATE);
            self.dialogs.push_back(Dialog::new(result, path, format, &self.written));
        }
    }

    /// What results of a photo are written as, if nobody says otherwise.
    pub(super) fn format_for(&self, photo: &Photo) -> Format {
        let own = || photo.path.as_deref().and_then(Format::from_path).filter(|f| FORMATS.contains(f));
        let opaque = !photo.pixels.has_alpha();
        let last = self.written.format.filter(|f| FORMATS.contains(f) && (opaque || *f != Format::Jpeg));
        last.unwrap_or_else(|| own().filter(|_| opaque).unwrap_or(Format::Png))
    }

    /// Writes what a model makes as its dialog would propose it, which asks where such a file is there already.
    pub(super) fn add_as_proposed(&mut self, state: &EnhanceState, look: ModelChoice, model: &str, format: Format) {
        let Some(result) = subject(state, look, state.exported_part()) else { return };
        let path = suggested(state, model, format, TEMPLATE_OF_SEVERAL);
        self.add(Dialog::new(result, path, format, &self.written));
    }

    /// Writes it when those before it are written.
    fn add(&mut self, dialog: Dialog) {
        let (result, to) = (dialog.result.clone(), dialog.destination());
        let name = dialog.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.queue.push_back(Task { job: JobId::next(), result, to, name, dialog: Some(dialog) });
    }

    /// The dialog.
    pub(super) fn show(&mut self, ctx: &egui::Context, state: &EnhanceState, picks: &mut Picks, shell: &mut Shell) {
        let Some(mut dialog) = self.dialogs.pop_front() else { return };
        match dialog::show(ctx, text!("export"), 440.0, |ui| dialog.contents(ui, state, picks, shell)) {
            Answer::Open => self.dialogs.push_front(dialog),
            Answer::Closed => {}
            Answer::Confirmed => {
                let Dialog { format, proposed, quality, metadata, srgb, .. } = dialog;
                // A format that nobody chose is the photo's: the next photo may have another.
                let format = if format == proposed { self.written.format } else { Some(format) };
                self.written = LastExport { format, quality, metadata, srgb };
                self.add(dialog);
                // The next frame's `poll` begins it.
                ctx.request_repaint();
            }
        }
    }
}

/// The result, or a part of it, as a look makes it with what is chosen; none for a crop that means nothing, which is never
/// taken for all of it.
fn subject(state: &EnhanceState, look: ModelChoice, part: Option<Rect>) -> Option<Subject> {
    state.exported_size()?;
    let photo = state.photo.clone()?;
    let Choice { print, strength, ensemble, .. } = state.choice;
    let (target, dpi) = (target_of(&state.choice, &photo), print.map(|print| print.dpi));
    Some(Subject { photo, look, target, part, dpi, strength, ensemble })
}

/// What was written.
fn told(saved: &Saved) -> String {
    let (Size { width: w, height: h }, path) = (saved.size, saved.path.display().to_string());
    let time = duration(saved.seconds);
    match saved.notes.join("; ") {
        notes if notes.is_empty() => text!("export-done", path = path, w = w, h = h, time = time),
        notes => text!("export-done-notes", path = path, w = w, h = h, time = time, notes = notes),
    }
}

/// How far a task is, in words.
fn state_of(progress: &Progress) -> String {
    let mut text = format!("{:.0} %", 100.0 * progress.share());
    if let Some(speed) = progress.speed {
        text += &format!(" · {:.2} MP/s", speed / 1e6);
    }
    if let Some(left) = progress.left().filter(|left| *left > 0.0) {
        text += &format!(" · {}", text!("time-left", time = duration(left)));
    }
    text
}

/// One task; whether it is to be ended.
fn line(ui: &mut Ui, name: &str, state: &str, share: Option<f32>) -> bool {
    let shown = names::cut(ui, name, egui::TextStyle::Small, ui.available_width());
    ui.label(RichText::new(shown).small()).on_hover_text(name);
    ui.horizontal(|ui| {
        let stop = icons::button(ui, Icon::Stop, &text!("export-stop", name = name), true).clicked();
        ui.vertical(|ui| {
            if let Some(share) = share {
                ui.add(egui::ProgressBar::new(share).desired_height(6.0).fill(theme::accent(ui)));
            }
            ui.label(RichText::new(state).small().weak());
        });
        stop
    })
    .inner
}
