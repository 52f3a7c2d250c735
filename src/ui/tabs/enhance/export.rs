//! Writing the result: the dialog, what can be refused before the work, how far it is.

use super::{choice::Written, picks::Pick, state::State};
use crate::{
    image_io::{DEFAULT_TEMPLATE, EncodeOptions, Fields, Format, Template, check_encodable},
    session::{
        JobId, Worker,
        export::{Command, Destination, Event, Exporter, Subject},
        view::Look,
    },
    tensor::Depth,
    ui::{
        Shell,
        icons::{self, Icon},
        theme, widgets,
    },
};
use eframe::egui::{self, Key, KeyboardShortcut, Modifiers, RichText, Ui};
use std::path::{Path, PathBuf};

/// Formats that are written.
const FORMATS: [Format; 5] = [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff, Format::Bmp];

/// What the dialog holds.
struct Dialog {
    path: String,
    format: Format,
    quality: u8,
    sixteen: bool,
    metadata: bool,
    /// The file is there: replace it?
    exists: bool,
    /// The system's dialog has asked that already.
    agreed: bool,
}

type Picks = widgets::pick::Pick<Pick>;

/// The export at work.
struct Running {
    job: JobId,
    done: u64,
    total: u64,
}

pub(super) struct Export {
    worker: Worker<Exporter>,
    dialog: Option<Dialog>,
    running: Option<Running>,
    /// How results were written last.
    pub(super) written: Written,
}

impl Export {
    pub(super) fn new(worker: Worker<Exporter>, written: Written) -> Self {
        Self { worker, dialog: None, running: None, written }
    }

    /// Whether the dialog is in front of the picture.
    pub(super) fn is_open(&self) -> bool {
        self.dialog.is_some()
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
            if let Some(format) = Format::from_path(&file).filter(|f| FORMATS.contains(f)) {
                dialog.format = format;
            }
            dialog.path = file.to_string_lossy().into_owned();
            (dialog.exists, dialog.agreed) = (false, file.exists());
        }
    }

    pub(super) fn poll(&mut self, shell: &mut Shell) {
        while let Some(event) = self.worker.poll() {
            let of = |job: &JobId| self.running.as_ref().is_some_and(|r| r.job == *job);
            match event {
                Event::Progress(job, done, total) if of(&job) => self.running = Some(Running { job, done, total }),
                Event::Progress(..) => {}
                Event::Exists(job, _) => {
                    if of(&job) {
                        self.running = None;
                        self.dialog.iter_mut().for_each(|d| d.exists = true);
                    }
                }
                Event::Done(_, text) => {
                    (self.running, self.dialog) = (None, None);
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
    pub(super) fn buttons(&mut self, ui: &mut Ui, state: &State, shell: &mut Shell) {
        let key = |key| KeyboardShortcut::new(Modifiers::COMMAND, key);
        let free = !ui.ctx().egui_wants_keyboard_input() && !self.is_open();
        let copy = free && ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Copy)));
        let export = ui.input_mut(|i| i.consume_shortcut(&key(Key::E))) && !self.is_open();
        if let Some(part) = self.progress() {
            ui.horizontal(|ui| {
                let width = ui.available_width() - 72.0;
                ui.add(egui::ProgressBar::new(part).desired_width(width).text(format!("{:.0} %", part * 100.0)));
                if ui.button("Stop").on_hover_text("Ends it; nothing is written").clicked()
                    && let Err(failure) = self.worker.send(Command::Stop)
                {
                    shell.failed(&failure);
                }
            });
            return;
        }
        ui.horizontal(|ui| {
            let text = RichText::new("Export…").strong().color(egui::Color32::WHITE);
            let size = [ui.available_width() - 44.0, 32.0];
            let button = egui::Button::new(text).fill(theme::accent_fill());
            let pressed =
                ui.add_sized(size, button).on_hover_text("Write the whole of B into a file (Ctrl+E)").clicked();
            if pressed || export {
                self.open(state);
            }
            if icons::button(ui, Icon::Copy, "Copy what is in view of B (Ctrl+C)", true).clicked() || copy {
                self.start(state, Destination::Clipboard(state.visible), shell);
            }
        });
    }

    fn open(&mut self, state: &State) {
        let Some(photo) = &state.photo else { return };
        let own = || photo.path.as_deref().and_then(Format::from_path).filter(|f| FORMATS.contains(f));
        let opaque = !photo.pixels.has_alpha();
        let last = self.written.format.filter(|f| FORMATS.contains(f) && (opaque || *f != Format::Jpeg));
        let format = last.unwrap_or_else(|| own().filter(|_| opaque).unwrap_or(Format::Png));
        let path = suggested(state, format).to_string_lossy().into_owned();
        let sixteen = photo.pixels.depth() == Depth::Sixteen;
        let Written { quality, metadata, .. } = self.written;
        let quality = quality.clamp(1, 100);
        self.dialog = Some(Dialog { path, format, quality, sixteen, metadata, exists: false, agreed: false });
    }

    fn start(&mut self, state: &State, to: Destination, shell: &mut Shell) {
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
    pub(super) fn show(&mut self, ctx: &egui::Context, state: &State, picks: &mut Picks, shell: &mut Shell) {
        let busy = self.running.is_some();
        let Some(dialog) = &mut self.dialog else { return };
        let mut go = false;
        let modal = egui::Modal::new(egui::Id::unique("export")).show(ctx, |ui| {
            egui::Frame::NONE.inner_margin(theme::UNIT).show(ui, |ui| {
                ui.set_width(440.0);
                ui.heading("Export");
                ui.add_space(theme::UNIT);
                go = dialog.contents(ui, state, picks, shell, busy);
            });
        });
        if modal.should_close() && !busy {
            self.dialog = None;
            return;
        }
        if go {
            let path = PathBuf::from(dialog.path.trim());
            let options = EncodeOptions {
                quality: dialog.quality,
                strip: !dialog.metadata,
                overwrite: dialog.exists || dialog.agreed,
                ..EncodeOptions::new(dialog.format)
            };
            let depth = dialog.depth();
            let Dialog { format, quality, metadata, .. } = *dialog;
            // A format that nobody chose is the photo's: the next photo may have another.
            let chosen = state.photo.as_ref().and_then(|p| Format::from_path(p.path.as_deref()?)) != Some(format);
            let format = if chosen { Some(format) } else { self.written.format.filter(|f| *f == format) };
            self.written = Written { format, quality, metadata };
            self.start(state, Destination::File { path, options, depth }, shell);
        }
    }
}

impl Dialog {
    fn depth(&self) -> Depth {
        if self.sixteen && self.format.keeps_sixteen_bits() { Depth::Sixteen } else { Depth::Eight }
    }

    /// Draws it; whether to begin.
    fn contents(&mut self, ui: &mut Ui, state: &State, picks: &mut Picks, shell: &Shell, busy: bool) -> bool {
        let (Some(photo), Some((w, h))) = (&state.photo, state.chosen_size()) else { return false };
        egui::Grid::new("export grid").num_columns(2).spacing([16.0, 8.0]).min_col_width(72.0).show(ui, |ui| {
            ui.label("Format");
            let combo = egui::ComboBox::from_id_salt("export format").selected_text(self.format.to_string());
            let before = self.format;
            combo.show_ui(ui, |ui| {
                for format in FORMATS {
                    ui.selectable_value(&mut self.format, format, format.to_string());
                }
            });
            if self.format != before {
                self.path =
                    Path::new(&self.path).with_extension(self.format.extension()).to_string_lossy().into_owned();
                (self.exists, self.agreed) = (false, false);
            }
            ui.end_row();
            if self.format == Format::Jpeg {
                ui.label("Quality");
                ui.add(egui::Slider::new(&mut self.quality, 1..=100))
                    .on_hover_text("Higher is larger and closer to the result");
                ui.end_row();
            }
            if self.format.keeps_sixteen_bits() {
                ui.label("Depth");
                ui.checkbox(&mut self.sixteen, "16 bits per sample")
                    .on_hover_text("Finer steps for later editing; twice the size");
                ui.end_row();
            }
            ui.label("Metadata");
            ui.checkbox(&mut self.metadata, "Keep profile, EXIF and resolution")
                .on_hover_text("Off: nothing but the pixels is written, for instance without the place");
            ui.end_row();
            ui.label("Size");
            ui.label(format!("{w} × {h} pixels"));
            ui.end_row();
            ui.label("File");
            ui.horizontal(|ui| {
                let width = ui.available_width().max(200.0) - 80.0;
                let field = ui.add(egui::TextEdit::singleline(&mut self.path).desired_width(width));
                if field.changed() {
                    (self.exists, self.agreed) = (false, false);
                    if let Some(format) = Format::from_path(Path::new(&self.path)).filter(|f| FORMATS.contains(f)) {
                        self.format = format;
                    }
                }
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "File"));
                if ui.button("Browse…").on_hover_text("Choose the place in your system's dialog").clicked() {
                    picks.ask(Pick::Export, Pick::Export.question(PathBuf::from(&self.path)), &shell.waker);
                }
            });
            ui.end_row();
        });
        let refused =
            check_encodable(self.format, w, h, photo.pixels.channels, self.depth()).err().map(|e| e.to_string());
        let nowhere = self.path.trim().is_empty().then(|| "Name a file.".to_owned());
        let look = matches!(state.choice.looks[1], Look::File(_)).then(|| "B is a file already.".to_owned());
        let problem = look.or(nowhere).or(refused);
        ui.add_space(theme::UNIT);
        match &problem {
            Some(problem) => ui.colored_label(theme::bad(ui), problem),
            None if self.exists => ui.colored_label(theme::warning(ui), "A file of that name is there. Replace it?"),
            None => ui.label(RichText::new("Written under its name only when it is complete.").small().weak()),
        };
        ui.add_space(theme::UNIT);
        let mut go = false;
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let word = if self.exists { "Replace" } else { "Export" };
            let text = RichText::new(word).strong().color(egui::Color32::WHITE);
            let button = egui::Button::new(text).fill(theme::accent_fill()).min_size(egui::vec2(88.0, 28.0));
            go = ui.add_enabled(problem.is_none() && !busy, button).clicked();
            if ui.add_enabled(!busy, egui::Button::new("Cancel")).on_hover_text("Esc").clicked() {
                ui.close();
            }
            if busy {
                ui.spinner();
            }
        });
        go
    }
}

/// Beside the photo, named by the usual template.
fn suggested(state: &State, format: Format) -> PathBuf {
    let (Some(photo), Some((width, height))) = (&state.photo, state.chosen_size()) else { return PathBuf::new() };
    let source = photo.path.clone().unwrap_or_else(|| PathBuf::from(&photo.name));
    let scale = width as f64 / photo.pixels.width as f64;
    let model = state.name(1);
    let fields = Fields { source: &source, scale, model: &model, width, height, number: 1 };
    let name = Template::parse(DEFAULT_TEMPLATE).map(|t| t.file_name(&fields, format)).unwrap_or_default();
    let home = || directories::UserDirs::new().map(|d| d.picture_dir().unwrap_or(d.home_dir()).to_owned());
    let folder = match photo.path.as_deref().and_then(Path::parent) {
        Some(folder) if photo.path.is_some() => Some(folder.to_owned()),
        _ => home(),
    };
    folder.unwrap_or_default().join(name)
}
