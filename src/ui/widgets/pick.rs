//! Asking for files, a folder or a name to write under: by the system's dialog, on a thread of its own because it may take
//! as long as people do; and by a field for a path where no dialog comes.
//!
//! Whoever asks for a name to write under may write there: about a file that exists people were asked once, by the
//! system's dialog or by the field, and not again.

use crate::{session::Waker, ui::theme};
use eframe::egui;
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
};

/// Which files a dialog shows: what they are, and their endings.
pub(in crate::ui) type Filter = (&'static str, &'static [&'static str]);

/// Pictures that can be read.
pub(in crate::ui) const PICTURES: Filter = ("Pictures", &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif"]);
/// Weights.
pub(in crate::ui) const WEIGHTS: Filter = ("Weights", &["safetensors"]);

/// What may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) enum Wanted {
    /// One file that exists.
    File(Filter),
    /// Any number of files that exist.
    Files(Filter),
    /// A folder.
    Folder,
    /// Any number of folders.
    Folders,
    /// A file to write: the name that is proposed, and what it may be. A name with none of these endings gets the first.
    Save(PathBuf, &'static [Filter]),
}

/// A question in words.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Question {
    /// Over the dialog.
    pub(in crate::ui) title: &'static str,
    /// On the field's button.
    pub(in crate::ui) word: &'static str,
    /// In the empty field.
    pub(in crate::ui) hint: &'static str,
    /// What may be chosen.
    pub(in crate::ui) wanted: Wanted,
    /// Whether a path can be typed where no dialog comes; not where the asker has a field of its own.
    pub(in crate::ui) typed: bool,
}

/// A question with what it is asked for.
struct Request<K> {
    what: K,
    question: Question,
}

/// The field, as far as it is typed.
struct Field<K> {
    asked: Request<K>,
    text: String,
    /// The file is there: replace it?
    exists: bool,
    /// Whether it was drawn before: at first it takes what is typed.
    drawn: bool,
}

/// At most one question, which may be open. `K` tells the questions of a tab apart.
pub(in crate::ui) struct Pick<K> {
    dialog: Option<(Request<K>, Receiver<Vec<PathBuf>>)>,
    field: Option<Field<K>>,
}

impl<K> Default for Pick<K> {
    fn default() -> Self {
        Self { dialog: None, field: None }
    }
}

impl<K> Pick<K> {
    /// Opens the system's dialog.
    pub(in crate::ui) fn ask(&mut self, what: K, question: Question, waker: &Waker) {
        let (send, receive) = channel();
        let (waker, asked) = (waker.clone(), question.clone());
        self.dialog = Some((Request { what, question }, receive));
        std::thread::spawn(move || {
            // The window may be gone by now, and with it the wish.
            let _ = send.send(dialog(&asked));
            waker();
        });
    }

    /// What was chosen, once it was. An empty answer means cancelled, or that no desktop portal answers: the field opens.
    pub(in crate::ui) fn poll(&mut self) -> Option<(K, Vec<PathBuf>)> {
        let paths = self.dialog.as_ref()?.1.try_recv().ok()?;
        let (asked, _) = self.dialog.take()?;
        self.answer(asked, paths)
    }

    /// The dialog's answer, unless the field has to ask further.
    fn answer(&mut self, asked: Request<K>, mut paths: Vec<PathBuf>) -> Option<(K, Vec<PathBuf>)> {
        if !asked.question.typed {
            return (!paths.is_empty()).then_some((asked.what, paths));
        }
        let Wanted::Save(proposed, filters) = &asked.question.wanted else {
            if paths.is_empty() {
                self.field = Some(Field { asked, text: String::new(), exists: false, drawn: false });
                return None;
            }
            return Some((asked.what, paths));
        };
        let Some(path) = paths.pop() else {
            let text = proposed.to_string_lossy().into_owned();
            self.field = Some(Field { asked, text, exists: false, drawn: false });
            return None;
        };
        let whole = ended(&path, filters);
        if whole != path && whole.exists() {
            // The dialog has asked about another name.
            let text = whole.to_string_lossy().into_owned();
            self.field = Some(Field { asked, text, exists: true, drawn: false });
            return None;
        }
        Some((asked.what, vec![whole]))
    }

    /// Draws the field if it is open; what was entered.
    pub(in crate::ui) fn field(&mut self, ctx: &egui::Context) -> Option<(K, Vec<PathBuf>)> {
        let mut field = self.field.take()?;
        let question = &field.asked.question;
        let (mut open, mut done) = (true, false);
        let window = egui::Window::new(question.title).open(&mut open).collapsible(false).resizable(false);
        window.anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0]).show(ctx, |ui| {
            if field.exists {
                ui.colored_label(theme::warning(ui), "A file of that name is there. Replace it?");
            } else {
                ui.label("Nothing was chosen. If no dialog of your system appeared, give the path here.");
            }
            ui.add_space(theme::UNIT);
            let edit = egui::TextEdit::singleline(&mut field.text).desired_width(420.0).hint_text(question.hint);
            let edit = ui.add(edit);
            if !std::mem::replace(&mut field.drawn, true) {
                edit.request_focus();
            }
            field.exists &= !edit.changed();
            let entered = edit.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            edit.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
            let word = if field.exists { "Replace" } else { question.word };
            done = ui.button(word).on_hover_text("Take this path (Enter)").clicked() || entered;
        });
        if done && !field.text.trim().is_empty() {
            return self.entered(field);
        }
        if open && !done {
            self.field = Some(field);
        }
        None
    }

    /// The field's answer, unless it has to ask about a file that exists.
    fn entered(&mut self, mut field: Field<K>) -> Option<(K, Vec<PathBuf>)> {
        let mut path = PathBuf::from(field.text.trim());
        if let Wanted::Save(_, filters) = &field.asked.question.wanted {
            path = ended(&path, filters);
            if path.exists() && !field.exists {
                field.text = path.to_string_lossy().into_owned();
                field.exists = true;
                self.field = Some(field);
                return None;
            }
        }
        Some((field.asked.what, vec![path]))
    }
}

/// A name with one of these endings.
fn ended(path: &Path, filters: &[Filter]) -> PathBuf {
    let has =
        path.extension().is_some_and(|e| filters.iter().any(|(_, all)| all.iter().any(|x| e.eq_ignore_ascii_case(x))));
    let first = filters.first().and_then(|(_, all)| all.first());
    match first {
        Some(ending) if !has => {
            // Names may have dots of their own: nothing of them is taken away.
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(format!(".{ending}"));
            path.with_file_name(name)
        }
        _ => path.to_owned(),
    }
}

/// The system's dialog. Waits for it.
fn dialog(question: &Question) -> Vec<PathBuf> {
    let dialog = rfd::FileDialog::new().set_title(question.title);
    let filtered = |(name, endings): &Filter| dialog.clone().add_filter(*name, endings);
    match &question.wanted {
        Wanted::File(filter) => filtered(filter).pick_file().map(|file| vec![file]),
        Wanted::Files(filter) => filtered(filter).pick_files(),
        Wanted::Folder => dialog.pick_folder().map(|folder| vec![folder]),
        Wanted::Folders => dialog.pick_folders(),
        Wanted::Save(proposed, filters) => {
            let name = proposed.file_name().unwrap_or_default().to_string_lossy();
            let dialog = filters.iter().fold(dialog, |d, (name, endings)| d.add_filter(*name, endings));
            let dialog = dialog.set_file_name(name);
            let folder = proposed.parent().filter(|p| !p.as_os_str().is_empty());
            let dialog = folder.map_or(dialog.clone(), |folder| dialog.set_directory(folder));
            dialog.save_file().map(|file| vec![file])
        }
    }
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(wanted: Wanted) -> Request<u8> {
        Request { what: 1, question: Question { title: "", word: "", hint: "", wanted, typed: true } }
    }

    #[test]
    fn a_cancelled_dialog_opens_the_field_and_an_answer_is_passed_on() {
        let mut pick = Pick::default();
        assert_eq!(pick.answer(asked(Wanted::Files(PICTURES)), Vec::new()), None);
        assert!(pick.field.is_some());
        let paths = vec![PathBuf::from("a.png"), PathBuf::from("b.png")];
        assert_eq!(pick.answer(asked(Wanted::Files(PICTURES)), paths.clone()), Some((1, paths)));
    }

    #[test]
    fn a_file_that_exists_is_asked_about_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("my v1.2.safetensors");
        std::fs::write(&file, "").unwrap();
        let save = || asked(Wanted::Save("m.safetensors".into(), &[WEIGHTS]));
        let mut pick = Pick::default();
        // The system's dialog has asked.
        assert_eq!(pick.answer(save(), vec![file.clone()]), Some((1, vec![file.clone()])));
        // It has asked about another name.
        assert_eq!(pick.answer(save(), vec![file.with_file_name("my v1.2")]), None);
        let field = pick.field.take().unwrap();
        assert!(field.exists && field.text == file.to_string_lossy());
        assert_eq!(pick.entered(field), Some((1, vec![file.clone()])));
        // Nobody has asked about what was typed.
        let text = file.to_string_lossy().into_owned();
        assert_eq!(pick.entered(Field { asked: save(), text, exists: false, drawn: false }), None);
        let field = pick.field.take().unwrap();
        assert_eq!(pick.entered(field), Some((1, vec![file])));
    }
}
