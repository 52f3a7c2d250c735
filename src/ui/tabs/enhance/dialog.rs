//! The export dialog: what is asked, and what can be refused before the work.

use super::{
    choice::LastExport,
    export::{FORMATS, Picks},
    picks::Pick,
    price::ExportPrice,
    state::EnhanceState,
};
use crate::{
    image_io::{EncodeOptions, Fields, Format, Template, check_encodable},
    session::{
        export::{Destination, Subject},
        view::ModelChoice,
    },
    tensor::{Depth, Size},
    ui::{
        Shell,
        text::text,
        theme,
        widgets::{self, dialog::Confirm},
    },
};
use eframe::egui::{self, RichText, Ui};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the dialog holds.
pub(super) struct Dialog {
    /// What is written: as it was when this was asked, whatever is seen by now.
    pub(super) result: Subject,
    path: String,
    pub(super) format: Format,
    /// The format that it opened with.
    pub(super) proposed: Format,
    pub(super) quality: u8,
    sixteen: bool,
    pub(super) metadata: bool,
    pub(super) srgb: bool,
    /// The colour behind what is transparent, if it is to be filled.
    background: Option<[u8; 3]>,
    /// Whether the photo is transparent anywhere, once that was looked at.
    transparent: Option<bool>,
    /// The file is there: replace it?
    exists: bool,
    /// The system's dialog has asked that already.
    agreed: bool,
}

impl Dialog {
    /// For a file, with what was chosen the last time.
    pub(super) fn new(result: Subject, path: PathBuf, format: Format, last: &LastExport) -> Self {
        let (quality, metadata) = (last.quality.clamp(1, 100), last.metadata);
        let sixteen = result.photo.pixels.depth() == Depth::Sixteen;
        Self {
            result,
            path: path.to_string_lossy().into_owned(),
            format,
            proposed: format,
            quality,
            sixteen,
            metadata,
            srgb: last.srgb,
            background: None,
            transparent: None,
            exists: false,
            agreed: false,
        }
    }

    /// A place was chosen in the system's dialog, which has asked whether to replace what is there.
    pub(super) fn picked(&mut self, file: &Path) {
        if let Some(format) = Format::from_path(file).filter(|f| FORMATS.contains(f)) {
            self.format = format;
        }
        self.path = file.to_string_lossy().into_owned();
        (self.exists, self.agreed) = (false, file.exists());
    }

    /// Asks once more: the file is there.
    pub(super) fn ask_to_replace(self) -> Self {
        Self { exists: true, ..self }
    }

    /// What it comes to.
    pub(super) fn destination(&self) -> Destination {
        let options = EncodeOptions {
            quality: self.quality,
            strip: !self.metadata,
            srgb: self.srgb,
            overwrite: self.exists || self.agreed,
            background: self.background,
            ..EncodeOptions::new(self.format)
        };
        Destination::File { path: self.path(), options, depth: self.depth() }
    }

    /// Where it goes.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(self.path.trim())
    }

    fn depth(&self) -> Depth {
        if self.sixteen && self.format.keeps_sixteen_bits() { Depth::Sixteen } else { Depth::Eight }
    }

    /// Draws what is asked.
    pub(super) fn contents(
        &mut self,
        ui: &mut Ui,
        state: &EnhanceState,
        picks: &mut Picks,
        shell: &Shell,
    ) -> Confirm<'static> {
        let (export, tip) = (text!("export"), text!("export-tip"));
        let photo = self.result.photo.clone();
        let Ok(size) = self.result.size() else { return Confirm { word: export, tip, enabled: false } };
        let alpha = photo.pixels.has_alpha();
        let transparent = alpha && *self.transparent.get_or_insert_with(|| photo.pixels.has_transparency());
        self.fields(ui, size, transparent, picks, shell);
        let flat = self.background.is_some() || !transparent;
        let channels = if flat { photo.pixels.colour_channels() } else { photo.pixels.channels };
        let refused = check_encodable(self.format, size, channels, self.depth()).err().map(|e| e.to_string());
        let nowhere = self.path.trim().is_empty().then(|| text!("export-nameless").to_owned());
        let look = matches!(self.result.look, ModelChoice::File(_)).then(|| text!("export-is-file").to_owned());
        let problem = look.or(nowhere).or(refused);
        ui.add_space(theme::UNIT);
        match &problem {
            Some(problem) => drop(ui.colored_label(theme::bad(ui), problem)),
            None if self.exists => drop(ui.colored_label(theme::warning(ui), text!("replace-question"))),
            None => {}
        }
        let price = ExportPrice::of(&photo.pixels, size, channels, self.depth(), (self.format, self.quality));
        let is_seen = state.photo.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, &photo));
        let seconds = state.export_seconds().filter(|_| is_seen && self.result.look == state.choice.looks[1]);
        ui.label(RichText::new(price.words(seconds)).small().weak());
        for warning in price.warnings(&photo.pixels, size, seconds) {
            ui.add(egui::Label::new(RichText::new(warning).color(theme::warning(ui))).wrap());
        }
        Confirm { word: if self.exists { text!("replace") } else { export }, tip, enabled: problem.is_none() }
    }

    /// Format, depth, metadata, file.
    fn fields(&mut self, ui: &mut Ui, size: Size, transparent: bool, picks: &mut Picks, shell: &Shell) {
        egui::Grid::new("export grid").num_columns(2).spacing([16.0, 8.0]).min_col_width(72.0).show(ui, |ui| {
            ui.label(text!("format"));
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
                ui.label(text!("quality"));
                ui.add(egui::Slider::new(&mut self.quality, 1..=100)).on_hover_text(text!("quality-tip"));
                ui.end_row();
            }
            if self.format.keeps_sixteen_bits() {
                ui.label(text!("depth"));
                ui.checkbox(&mut self.sixteen, text!("depth-sixteen")).on_hover_text(text!("depth-sixteen-tip"));
                ui.end_row();
            }
            if transparent {
                ui.label(text!("background"));
                widgets::background::show(ui, &mut self.background);
                ui.end_row();
            }
            ui.label(text!("metadata"));
            ui.checkbox(&mut self.metadata, text!("metadata-keep")).on_hover_text(text!("metadata-keep-tip"));
            ui.end_row();
            if self.result.photo.meta.icc.is_some() {
                ui.label(text!("colours-label"));
                ui.checkbox(&mut self.srgb, text!("srgb")).on_hover_text(text!("srgb-tip"));
                ui.end_row();
            }
            ui.label(text!("size"));
            ui.label(text!("pixels", w = size.width, h = size.height));
            ui.end_row();
            ui.label(text!("file"));
            ui.horizontal(|ui| {
                let width = ui.available_width().max(200.0) - 80.0;
                let field = ui.add(egui::TextEdit::singleline(&mut self.path).desired_width(width));
                if field.changed() {
                    (self.exists, self.agreed) = (false, false);
                    if let Some(format) = Format::from_path(Path::new(&self.path)).filter(|f| FORMATS.contains(f)) {
                        self.format = format;
                    }
                }
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("file")));
                if ui.button(text!("browse")).on_hover_text(text!("browse-tip")).clicked() {
                    picks.ask(Pick::Export, Pick::Export.question(PathBuf::from(&self.path)), &shell.waker);
                }
            });
            ui.end_row();
        });
    }
}

/// Beside the photo, named by a template.
pub(super) fn suggested(state: &EnhanceState, model: &str, format: Format, template: &str) -> PathBuf {
    let (Some(photo), Some(whole), Some(size)) = (&state.photo, state.chosen_size(), state.exported_size()) else {
        return PathBuf::new();
    };
    let source = photo.path.clone().unwrap_or_else(|| PathBuf::from(&photo.name));
    let scale = whole.width as f64 / photo.pixels.width as f64;
    let fields = Fields { source: &source, scale, model, size, number: 1 };
    let name = Template::parse(template).map(|t| t.file_name(&fields, format)).unwrap_or_default();
    let home = || directories::UserDirs::new().map(|d| d.picture_dir().unwrap_or(d.home_dir()).to_owned());
    let folder = match photo.path.as_deref().and_then(Path::parent) {
        Some(folder) if photo.path.is_some() => Some(folder.to_owned()),
        _ => home(),
    };
    folder.unwrap_or_default().join(name)
}
