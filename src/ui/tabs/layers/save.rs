//! Saving a layer: which form, which file. The path can be typed, because not every system has a file dialog.

use super::state::LayersState;
use crate::{
    session::{
        JobId, Task, Waker,
        layers::{Command, LayerView, export::Kind},
    },
    ui::{
        text::{layer_form, text},
        theme,
        widgets::dialog::{self, Answer},
    },
};
use eframe::egui::{self, TextEdit};
use std::path::{Path, PathBuf};

/// The open window.
pub(super) struct Save {
    kind: Kind,
    path: String,
    replace: bool,
    picked: Option<Task<Option<PathBuf>>>,
}

/// What happened in it.
pub(super) enum SaveAction {
    Nothing,
    Close,
    Write(JobId, Command),
}

impl Save {
    /// For a layer that is looked at: beside the photo, under a name made of both.
    pub(super) fn new(look: &LayerView) -> Self {
        let photo = &look.request.photo;
        let name = Path::new(&photo.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let layer = &look.map.source.model.plan.nodes[look.map.source.node].name;
        let kind = Kind::default();
        let file = format!("{name}.{layer}.{}", kind.extension());
        let folder = photo.path.as_deref().and_then(Path::parent).map(Path::to_owned);
        let path = folder.unwrap_or_default().join(file).to_string_lossy().into_owned();
        Self { kind, path, replace: false, picked: None }
    }

    pub(super) fn show(&mut self, ctx: &egui::Context, state: &LayersState, waker: &Waker) -> SaveAction {
        if let Some(Ok(Some(path))) = self.picked.as_ref().and_then(Task::poll) {
            let whole = with_extension(&path.to_string_lossy(), self.kind);
            // The system's dialog asks before it gives the name of a file that exists.
            (self.replace, self.path) = (whole == path.to_string_lossy(), whole);
        }
        let answer = dialog::show(ctx, text!("layers-save"), 480.0, |ui| {
            for kind in Kind::ALL {
                if ui.radio_value(&mut self.kind, kind, layer_form(kind)).clicked() {
                    self.path = with_extension(&self.path, kind);
                }
            }
            ui.add_space(theme::UNIT);
            ui.horizontal(|ui| {
                let width = ui.available_width() - 88.0;
                let field = ui.add(TextEdit::singleline(&mut self.path).desired_width(width));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("file")));
                if ui.button(text!("browse")).on_hover_text(text!("browse-tip")).clicked() {
                    self.browse(waker);
                }
            });
            ui.checkbox(&mut self.replace, text!("layers-save-replace"));
            let enabled = !self.path.trim().is_empty();
            dialog::Confirm { word: text!("save"), tip: text!("layers-save-tip"), enabled }
        });
        match (answer, &state.look) {
            (Answer::Open, _) => SaveAction::Nothing,
            (Answer::Confirmed, Some(look)) => {
                let job = JobId::next();
                let command = Command::Export {
                    job,
                    map: look.map.clone(),
                    channel: look.detail.channel,
                    kind: self.kind,
                    file: PathBuf::from(with_extension(self.path.trim(), self.kind)),
                    overwrite: self.replace,
                };
                SaveAction::Write(job, command)
            }
            (Answer::Closed | Answer::Confirmed, _) => SaveAction::Close,
        }
    }

    /// Asks the system for a name, on a thread of its own because the dialog may take as long as people do.
    fn browse(&mut self, waker: &Waker) {
        let (path, title) = (PathBuf::from(&self.path), text!("layers-save"));
        self.picked = Some(Task::start(waker, move || {
            let mut dialog = rfd::FileDialog::new().set_title(title);
            if let Some(name) = path.file_name() {
                dialog = dialog.set_file_name(name.to_string_lossy());
            }
            dialog.save_file()
        }));
    }
}

fn with_extension(path: &str, kind: Kind) -> String {
    // Layers' names have dots, so only an ending that is one of ours is exchanged.
    let stem = Kind::ALL.iter().find_map(|k| path.strip_suffix(&format!(".{}", k.extension())));
    format!("{}.{}", stem.unwrap_or(path), kind.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_follows_the_form() {
        assert_eq!(with_extension("a/p.body.0.1.power.png", Kind::Npy), "a/p.body.0.1.power.npy");
        assert_eq!(with_extension("p.body.0", Kind::Safetensors), "p.body.0.safetensors");
        assert_eq!(with_extension("typed without one", Kind::Npy), "typed without one.npy");
    }
}
