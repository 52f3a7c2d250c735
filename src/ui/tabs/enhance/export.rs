//! Writing the result: its buttons, its worker, how far it is.

use super::{
    choice::LastExport,
    dialog::{Dialog, suggested},
    picks::Pick,
    state::EnhanceState,
};
use crate::{
    image_io::Format,
    session::{
        JobId, Worker,
        export::{Command, Destination, Event, Exporter, Subject},
    },
    tensor::Depth,
    ui::{
        Shell,
        icons::{self, Icon},
        theme,
        widgets::{
            self,
            dialog::{self, Answer},
            keys,
        },
    },
};
use eframe::egui::{self, Key, Ui};
use std::path::PathBuf;

/// Formats that are written.
pub(super) const FORMATS: [Format; 5] = [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff, Format::Bmp];

pub(super) type Picks = widgets::pick::Pick<Pick>;

/// What stopping does.
const STOP: &str = "Ends it within a tile; nothing is written";

/// The export at work.
struct Running {
    job: JobId,
    done: u64,
    total: u64,
}

pub(super) struct Export {
    worker: Worker<Exporter>,
    dialog: Option<Dialog>,
    /// The one whose file is being written: it comes back where the file is there already.
    answered: Option<Dialog>,
    running: Option<Running>,
    /// How results were written last.
    pub(super) written: LastExport,
}

impl Export {
    pub(super) fn new(worker: Worker<Exporter>, written: LastExport) -> Self {
        Self { worker, dialog: None, answered: None, running: None, written }
    }

    /// Tells the worker to end.
    pub(super) fn stop(&mut self) {
        self.worker.stop();
    }

    /// The part that is done of what is written now.
    pub(super) fn progress(&self) -> Option<f32> {
        self.running.as_ref().map(|r| r.done as f32 / r.total.max(1) as f32)
    }

    /// A place was chosen in the system's dialog.
    pub(super) fn picked(&mut self, file: PathBuf) {
        if let Some(dialog) = &mut self.dialog {
            dialog.picked(&file);
        }
    }

    pub(super) fn poll(&mut self, shell: &mut Shell) {
        for event in super::super::events(&self.worker, super::super::EVENTS_PER_FRAME, &shell.waker) {
            let of = |job: &JobId| self.running.as_ref().is_some_and(|r| r.job == *job);
            match event {
                Event::Progress(job, done, total) if of(&job) => self.running = Some(Running { job, done, total }),
                Event::Progress(..) => {}
                Event::Exists(job, _) => {
                    if of(&job) {
                        self.running = None;
                        self.dialog = self.answered.take();
                        self.dialog.iter_mut().for_each(|d| d.exists = true);
                    }
                }
                Event::Done(_, text) => {
                    (self.running, self.answered) = (None, None);
                    shell.tell(text);
                }
                Event::Failed(_, failure) => {
                    self.running = None;
                    shell.failed(&failure);
                }
            }
        }
    }

    /// The buttons below the controls, and their keys.
    pub(super) fn buttons(&mut self, ui: &mut Ui, state: &EnhanceState, shell: &mut Shell) {
        let copy = keys::are_free(ui.ctx()) && ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Copy)));
        let export = keys::take_command(ui.ctx(), Key::E);
        if let Some(part) = self.progress() {
            ui.horizontal(|ui| {
                let width = ui.available_width() - 72.0;
                ui.add(egui::ProgressBar::new(part).desired_width(width).text(format!("{:.0} %", part * 100.0)));
                if ui.button("Stop").on_hover_text(STOP).clicked() {
                    self.stop_writing(shell);
                }
            });
            return;
        }
        ui.horizontal(|ui| {
            let size = [ui.available_width() - 44.0, 32.0];
            let pressed = ui
                .add_sized(size, theme::primary("Export…"))
                .on_hover_text("Write the whole of B into a file (Ctrl+E)")
                .clicked();
            if pressed || export {
                self.open(state);
            }
            if icons::button(ui, Icon::Copy, "Copy what is in view of B (Ctrl+C)", true).clicked() || copy {
                self.start(state, Destination::Clipboard(state.visible), shell);
            }
        });
    }

    fn open(&mut self, state: &EnhanceState) {
        let Some(photo) = &state.photo else { return };
        let own = || photo.path.as_deref().and_then(Format::from_path).filter(|f| FORMATS.contains(f));
        let opaque = !photo.pixels.has_alpha();
        let last = self.written.format.filter(|f| FORMATS.contains(f) && (opaque || *f != Format::Jpeg));
        let format = last.unwrap_or_else(|| own().filter(|_| opaque).unwrap_or(Format::Png));
        let path = suggested(state, format).to_string_lossy().into_owned();
        let sixteen = photo.pixels.depth() == Depth::Sixteen;
        self.dialog = Some(Dialog::new(path, format, sixteen, &self.written));
    }

    fn start(&mut self, state: &EnhanceState, to: Destination, shell: &mut Shell) {
        let Some(photo) = state.photo.clone() else { return };
        let look = state.choice.looks[1].clone();
        let result = Subject { photo, look, target: state.choice.target, strength: state.choice.strength };
        let job = JobId::next();
        match self.worker.send(Command::Export { job, result, to }) {
            Ok(()) => self.running = Some(Running { job, done: 0, total: 1 }),
            Err(failure) => shell.failed(&failure),
        }
    }

    /// The dialog.
    pub(super) fn show(&mut self, ctx: &egui::Context, state: &EnhanceState, picks: &mut Picks, shell: &mut Shell) {
        let Some(mut dialog) = self.dialog.take() else { return };
        match dialog::show(ctx, "Export", 440.0, |ui| dialog.contents(ui, state, picks, shell)) {
            Answer::Open => self.dialog = Some(dialog),
            Answer::Closed => {}
            Answer::Confirmed => {
                let to = dialog.destination();
                let Dialog { format, proposed, quality, metadata, .. } = dialog;
                // A format that nobody chose is the photo's: the next photo may have another.
                let format = if format == proposed { self.written.format } else { Some(format) };
                self.written = LastExport { format, quality, metadata };
                self.start(state, to, shell);
                self.answered = Some(dialog);
            }
        }
    }

    fn stop_writing(&self, shell: &mut Shell) {
        if let Err(failure) = self.worker.send(Command::Stop) {
            shell.failed(&failure);
        }
    }
}
