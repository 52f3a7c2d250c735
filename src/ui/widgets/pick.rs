//! Asking for files, a folder or a name to write under: by the system's dialog, on a thread of its own because it may take
//! as long as people do; and by a field for a path where no dialog comes.
//!
//! Whoever asks for a name to write under may write there: about a file that exists people were asked once, by the
//! system's dialog or by the field, and not again.

use super::{
    dialog::{self, Answer},
    portal,
};
use crate::{
    session::{Task, Waker},
    ui::{text::text, theme},
};
use eframe::egui;
use std::path::{Path, PathBuf};

/// Which files a dialog shows: what they are, and their endings.
pub(in crate::ui) type Filter = (&'static str, &'static [&'static str]);

/// Pictures that can be read.
pub(in crate::ui) fn pictures() -> Filter {
    let endings = &[
        "png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif", "jxl", "avif", "heic", "heif", "hif", "cr2", "cr3",
        "nef", "arw", "dng", "orf", "raf", "rw2", "pef", "srw",
    ];
    (text!("pictures"), endings)
}

/// Weights.
pub(in crate::ui) fn weights() -> Filter {
    (text!("weights"), &["safetensors"])
}

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
    Save(PathBuf, Vec<Filter>),
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

/// What came of the system's dialog.
#[derive(Debug, PartialEq)]
enum Given {
    Chosen(Vec<PathBuf>),
    Cancelled,
    /// There is none.
    NoDialog,
}

/// The field, as far as it is typed.
struct Field<K> {
    asked: Request<K>,
    text: String,
    /// The file is there: replace it?
    exists: bool,
    /// What is wrong with what was entered.
    problem: Option<String>,
    /// Whether it was drawn before: at first it takes what is typed.
    drawn: bool,
}

impl<K> Field<K> {
    fn new(asked: Request<K>, text: String, exists: bool) -> Self {
        Self { asked, text, exists, problem: None, drawn: false }
    }
}

/// At most one question, which may be open. `K` tells the questions of a tab apart.
pub(in crate::ui) struct Pick<K> {
    dialog: Option<(Request<K>, Task<Given>)>,
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
        let asked = question.clone();
        let work = move || if portal::is_there() { dialog(&asked) } else { Given::NoDialog };
        self.dialog = Some((Request { what, question }, Task::start(waker, work)));
    }

    /// What was chosen, once it was. Where the system has no dialog the field opens.
    pub(in crate::ui) fn poll(&mut self) -> Option<(K, Vec<PathBuf>)> {
        let given = self.dialog.as_ref()?.1.poll()?;
        let (asked, _) = self.dialog.take()?;
        self.answer(asked, given.unwrap_or(Given::NoDialog))
    }

    /// The dialog's answer, unless the field has to ask further.
    fn answer(&mut self, asked: Request<K>, given: Given) -> Option<(K, Vec<PathBuf>)> {
        let save = match &asked.question.wanted {
            Wanted::Save(proposed, filters) => Some((proposed.to_string_lossy().into_owned(), filters.clone())),
            _ => None,
        };
        let mut paths = match given {
            Given::Chosen(paths) if !paths.is_empty() => paths,
            Given::NoDialog if asked.question.typed => {
                let text = save.map(|(proposed, _)| proposed).unwrap_or_default();
                self.field = Some(Field::new(asked, text, false));
                return None;
            }
            _ => return None,
        };
        if let (Some((_, filters)), true) = (save, asked.question.typed)
            && let Some(path) = paths.pop()
        {
            let whole = ended(&path, &filters);
            if whole != path && whole.exists() {
                // The dialog has asked about another name.
                self.field = Some(Field::new(asked, whole.to_string_lossy().into_owned(), true));
                return None;
            }
            paths = vec![whole];
        }
        Some((asked.what, paths))
    }

    /// Draws the field if it is open; what was entered.
    pub(in crate::ui) fn field(&mut self, ctx: &egui::Context) -> Option<(K, Vec<PathBuf>)> {
        let mut field = self.field.take()?;
        let answer = dialog::show(ctx, field.asked.question.title, 440.0, |ui| {
            if field.exists {
                ui.colored_label(theme::warning(ui), text!("replace-question"));
            } else if let Some(problem) = &field.problem {
                ui.colored_label(theme::bad(ui), problem);
            } else {
                ui.label(text!("path-question"));
            }
            ui.add_space(theme::UNIT);
            let question = &field.asked.question;
            let edit =
                egui::TextEdit::singleline(&mut field.text).desired_width(f32::INFINITY).hint_text(question.hint);
            let edit = ui.add(edit);
            if !std::mem::replace(&mut field.drawn, true) {
                edit.request_focus();
            }
            if edit.changed() {
                (field.exists, field.problem) = (false, None);
            }
            edit.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("path")));
            let word = if field.exists { text!("replace") } else { question.word };
            dialog::Confirm { word, tip: text!("path-tip"), enabled: !field.text.trim().is_empty() }
        });
        match answer {
            Answer::Open => self.field = Some(field),
            Answer::Closed => {}
            Answer::Confirmed => return self.entered(field),
        }
        None
    }

    /// The field's answer, unless it has to ask about a file that exists or there is nothing at the path.
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
        field.problem = problem(&field.asked.question.wanted, &path);
        if field.problem.is_some() {
            // To be mended at once.
            field.drawn = false;
            self.field = Some(field);
            return None;
        }
        Some((field.asked.what, vec![path]))
    }
}

/// Why a path that was typed cannot be what is wanted.
fn problem(wanted: &Wanted, path: &Path) -> Option<String> {
    let shown = || path.display().to_string();
    match wanted {
        Wanted::File(_) | Wanted::Files(_) if !path.exists() => Some(text!("no-file", path = shown())),
        Wanted::File(_) if path.is_dir() => Some(text!("is-folder", path = shown())),
        Wanted::Folders if !path.exists() => Some(text!("no-folder", path = shown())),
        Wanted::Folder | Wanted::Folders if path.is_file() => Some(text!("is-file", path = shown())),
        Wanted::Save(..) if path.is_dir() => Some(text!("is-folder", path = shown())),
        Wanted::Save(..) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())?;
            Some(text!("no-folder", path = folder.display().to_string()))
        }
        _ => None,
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
fn dialog(question: &Question) -> Given {
    let dialog = rfd::FileDialog::new().set_title(question.title);
    let filtered = |(name, endings): &Filter| dialog.clone().add_filter(*name, endings);
    let chosen = match &question.wanted {
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
    };
    chosen.map_or(Given::Cancelled, Given::Chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(wanted: Wanted) -> Request<u8> {
        Request { what: 1, question: Question { title: "", word: "", hint: "", wanted, typed: true } }
    }

    #[test]
    fn the_field_opens_where_there_is_no_dialog_and_not_after_one_that_was_cancelled() {
        let mut pick = Pick::default();
        for given in [Given::Cancelled, Given::Chosen(Vec::new())] {
            assert_eq!(pick.answer(asked(Wanted::Files(pictures())), given), None);
            assert!(pick.field.is_none());
        }
        assert_eq!(pick.answer(asked(Wanted::Files(pictures())), Given::NoDialog), None);
        assert!(pick.field.take().is_some());
        let paths = vec![PathBuf::from("a.png"), PathBuf::from("b.png")];
        assert_eq!(pick.answer(asked(Wanted::Files(pictures())), Given::Chosen(paths.clone())), Some((1, paths)));
    }

    #[test]
    fn a_mistyped_path_is_told_in_the_field() {
        let folder = tempfile::tempdir().unwrap();
        let mut pick = Pick::default();
        for (wanted, name, words) in [
            (Wanted::Files(pictures()), "phto.jpg", "no file"),
            (Wanted::File(weights()), "", "is a folder"),
            (Wanted::Folders, "phtos", "no folder"),
            (Wanted::Save(PathBuf::new(), vec![weights()]), "nowhere/m", "no folder"),
        ] {
            let text = folder.path().join(name).to_string_lossy().into_owned();
            assert_eq!(pick.entered(Field::new(asked(wanted), text.clone(), false)), None);
            let field = pick.field.take().unwrap();
            assert!(field.problem.as_ref().is_some_and(|p| p.contains(words)), "{:?}", field.problem);
            assert_eq!(field.text, text, "to be mended");
        }
        let file = folder.path().join("photo.jpg");
        std::fs::write(&file, "").unwrap();
        let field = Field::new(asked(Wanted::Files(pictures())), file.to_string_lossy().into_owned(), false);
        assert_eq!(pick.entered(field), Some((1, vec![file])));
    }

    #[test]
    fn a_file_that_exists_is_asked_about_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("my v1.2.safetensors");
        std::fs::write(&file, "").unwrap();
        let save = || asked(Wanted::Save("m.safetensors".into(), vec![weights()]));
        let chosen = |file: PathBuf| Given::Chosen(vec![file]);
        let mut pick = Pick::default();
        // The system's dialog has asked.
        assert_eq!(pick.answer(save(), chosen(file.clone())), Some((1, vec![file.clone()])));
        // It has asked about another name.
        assert_eq!(pick.answer(save(), chosen(file.with_file_name("my v1.2"))), None);
        let field = pick.field.take().unwrap();
        assert!(field.exists && field.text == file.to_string_lossy());
        assert_eq!(pick.entered(field), Some((1, vec![file.clone()])));
        // Nobody has asked about what was typed.
        let text = file.to_string_lossy().into_owned();
        assert_eq!(pick.entered(Field::new(save(), text, false)), None);
        let field = pick.field.take().unwrap();
        assert_eq!(pick.entered(field), Some((1, vec![file])));
    }
}
