//! Asking for a file: by the system's dialog on a thread of its own, and by a field where no dialog came.

use crate::ui::Shell;
use eframe::egui::{self, Key};
use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, channel},
};

/// What a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// Weights for a side.
    Model(usize),
    /// A picture for a side.
    Picture(usize),
    /// What both sides are compared with.
    Reference,
    /// Where a result goes.
    Export,
}

impl Pick {
    fn title(self) -> &'static str {
        match self {
            Self::Model(_) => "Add a model (.safetensors)",
            Self::Picture(_) => "Compare with a picture",
            Self::Reference => "Choose the reference picture",
            Self::Export => "Export to",
        }
    }
}

#[derive(Default)]
pub(super) struct Picks {
    asked: Option<(Pick, Receiver<Option<PathBuf>>)>,
    /// A path that is being typed.
    typed: Option<(Pick, String)>,
    ready: Option<(Pick, PathBuf)>,
}

impl Picks {
    /// Asks; `suggested` is the name of a file to write.
    pub(super) fn ask(&mut self, what: Pick, suggested: Option<PathBuf>, shell: &Shell) {
        let (send, receive) = channel();
        let waker = shell.waker.clone();
        self.asked = Some((what, receive));
        std::thread::spawn(move || {
            let dialog = rfd::FileDialog::new().set_title(what.title());
            let chosen = match what {
                Pick::Model(_) => dialog.add_filter("Weights", &["safetensors"]).pick_file(),
                Pick::Picture(_) | Pick::Reference => dialog
                    .add_filter("Pictures", &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif"])
                    .pick_file(),
                Pick::Export => {
                    let name = suggested.as_ref().and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy();
                    let folder = suggested.as_ref().and_then(|p| p.parent());
                    let dialog = dialog.set_file_name(name);
                    folder.map_or(dialog.clone(), |f| dialog.set_directory(f)).save_file()
                }
            };
            let _ = send.send(chosen);
            waker();
        });
    }

    /// A file that was given.
    pub(super) fn poll(&mut self) -> Option<(Pick, PathBuf)> {
        if let Some((what, receive)) = &self.asked
            && let Ok(chosen) = receive.try_recv()
        {
            let what = *what;
            self.asked = None;
            match chosen {
                Some(file) => return Some((what, file)),
                // Cancelled, or no dialog came; the export dialog has a field of its own.
                None if what != Pick::Export => self.typed = Some((what, String::new())),
                None => {}
            }
        }
        self.ready.take()
    }

    /// The field, where it is needed.
    pub(super) fn show(&mut self, ctx: &egui::Context) {
        let Some((what, mut path)) = self.typed.take() else { return };
        let (mut open, mut done) = (true, false);
        egui::Window::new(what.title())
            .open(&mut open)
            .collapsible(false)
            .resizable(false)
            .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
            .show(ctx, |ui| {
                ui.label("No file was chosen. If no dialog of your system appeared, give the path here.");
                let field =
                    ui.add(egui::TextEdit::singleline(&mut path).desired_width(420.0).hint_text("/path/to/file"));
                let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
                done = ui.button("Use it").clicked() || entered;
            });
        if done && !path.trim().is_empty() {
            self.ready = Some((what, PathBuf::from(path.trim())));
            ctx.request_repaint();
        } else if open {
            self.typed = Some((what, path));
        }
    }
}
