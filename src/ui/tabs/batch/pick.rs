//! Asking for files, folders, or a name for the report: the system's dialog on a thread of its own, because it may take as
//! long as people do; and a field for a path where no dialog comes.

use crate::{session::Waker, ui::theme};
use eframe::egui;
use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, channel},
};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    /// Pictures.
    Files,
    /// A folder of them.
    Folder,
    /// Where to write the report.
    Report,
    /// Where results go.
    Out,
}

/// A question that may be open.
#[derive(Default)]
pub(super) struct Pick {
    dialog: Option<(Asked, Receiver<Vec<PathBuf>>)>,
    field: Option<(Asked, String)>,
}

impl Pick {
    /// Opens the system's dialog.
    pub(super) fn ask(&mut self, asked: Asked, waker: &Waker) {
        let (send, receive) = channel();
        let waker = waker.clone();
        self.dialog = Some((asked, receive));
        std::thread::spawn(move || {
            let dialog = rfd::FileDialog::new();
            let chosen = match asked {
                Asked::Files => dialog
                    .set_title("Add pictures")
                    .add_filter("Pictures", &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif"])
                    .pick_files(),
                Asked::Folder => dialog.set_title("Add folders").pick_folders(),
                Asked::Out => dialog.set_title("Folder for results").pick_folder().map(|folder| vec![folder]),
                Asked::Report => dialog
                    .set_title("Save the report")
                    .add_filter("Table", &["csv"])
                    .add_filter("JSON", &["json"])
                    .set_file_name("report.csv")
                    .save_file()
                    .map(|file| vec![file]),
            };
            // The window may be gone by now, and with it the wish.
            let _ = send.send(chosen.unwrap_or_default());
            waker();
        });
    }

    /// What was chosen, once it was. An empty answer means cancelled, or that no desktop portal answers: the field opens.
    pub(super) fn poll(&mut self) -> Option<(Asked, Vec<PathBuf>)> {
        let paths = self.dialog.as_ref()?.1.try_recv().ok()?;
        let (asked, _) = self.dialog.take()?;
        if paths.is_empty() {
            self.field = Some((asked, String::new()));
            return None;
        }
        Some((asked, paths))
    }

    /// Draws the field if it is open; what was entered.
    pub(super) fn field(&mut self, ctx: &egui::Context) -> Option<(Asked, Vec<PathBuf>)> {
        let (asked, mut text) = self.field.take()?;
        let (title, word, hint) = match asked {
            Asked::Files => ("Add pictures", "Add", "/path/to/picture.png"),
            Asked::Folder => ("Add a folder", "Add", "/path/to/pictures"),
            Asked::Out => ("Folder for results", "Use", "/path/to/results"),
            Asked::Report => ("Save the report", "Save", "/path/to/report.csv"),
        };
        let (mut open, mut done) = (true, false);
        let window = egui::Window::new(title).open(&mut open).collapsible(false).resizable(false);
        window.anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0]).show(ctx, |ui| {
            ui.label("Nothing was chosen. If no dialog of your system appeared, give the path here.");
            ui.add_space(theme::UNIT);
            let field = ui.add(egui::TextEdit::singleline(&mut text).desired_width(420.0).hint_text(hint));
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
            done = ui.button(word).clicked() || entered;
        });
        if done && !text.trim().is_empty() {
            return Some((asked, vec![PathBuf::from(text.trim())]));
        }
        if open && !done {
            self.field = Some((asked, text));
        }
        None
    }
}
