//! The models that somebody has trained or added: each can be called something else, found on the disk and removed.

use crate::{
    session::models::ModelRef,
    ui::{
        Shell,
        icons::{self, Icon},
        text::text,
        theme,
        widgets::{
            dialog::{self, Answer},
            keys, notices,
        },
    },
};
use eframe::egui::{self, Context, Key, RichText, TextEdit, Ui};
use std::path::{Path, PathBuf};

/// The open dialog.
#[derive(Default)]
pub(super) struct OwnModels {
    /// Files, with their names as they are being typed.
    rows: Vec<(PathBuf, String)>,
    /// The file that is to be deleted, if that is agreed to.
    asked: Option<PathBuf>,
}

/// What was pressed in a row.
enum Wish {
    Rename,
    Export,
    Ask,
    Delete,
    Forget,
}

impl OwnModels {
    /// Follows the list: the latest first, each with the name that is being written.
    fn follow(&mut self, files: &[PathBuf]) {
        let now = files.iter().rev();
        if !now.clone().eq(self.rows.iter().map(|(file, _)| file)) {
            let written = |file: &PathBuf| self.rows.iter().find(|row| row.0 == *file).map(|row| row.1.clone());
            self.rows = now.map(|file| (file.clone(), written(file).unwrap_or_else(|| stem(file)))).collect();
        }
    }

    /// Draws it; whether it is over, and the file that is to be exported.
    pub(super) fn show(&mut self, ctx: &Context, shell: &mut Shell) -> (bool, Option<PathBuf>) {
        self.follow(&shell.settings.models);
        let mut wish = None;
        let answer = dialog::show(ctx, text!("own-models"), 560.0, |ui| {
            if self.rows.is_empty() {
                ui.label(text!("own-models-none"));
            }
            let height = (ctx.content_rect().height() - 240.0).max(120.0);
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for (at, (file, name)) in self.rows.iter_mut().enumerate() {
                    let asked = self.asked.as_ref() == Some(file);
                    if let Some(pressed) = row(ui, file, name, asked, shell) {
                        wish = Some((at, pressed));
                    }
                }
            });
            dialog::Confirm { word: text!("done"), tip: text!("close"), enabled: true }
        });
        // Enter in a name renames, and no more.
        let over = answer != Answer::Open && wish.is_none();
        let mut export = None;
        match wish {
            Some((at, Wish::Export)) => export = Some(self.rows[at].0.clone()),
            Some((at, pressed)) => self.act(at, &pressed, shell),
            None => {}
        }
        (over, export)
    }

    fn act(&mut self, at: usize, wish: &Wish, shell: &mut Shell) {
        let (file, name) = self.rows[at].clone();
        self.asked = None;
        let models = shell.shared.models.clone();
        let of = file.clone();
        match wish {
            Wish::Export => {}
            Wish::Ask => self.asked = Some(file),
            Wish::Rename => shell.in_background(
                move || models.rename(&of, &name),
                move |shell, renamed| match renamed {
                    Ok(to) => {
                        shell.settings.models.iter_mut().filter(|f| **f == file).for_each(|f| f.clone_from(&to));
                        shell.model_has_gone(ModelRef::File(file), Some(ModelRef::File(to)));
                    }
                    Err(error) => shell.failed(&error.into()),
                },
            ),
            Wish::Delete => shell.in_background(
                move || models.delete(&of),
                move |shell, deleted| match deleted {
                    Ok(()) => leave(&file, shell),
                    Err(error) => shell.failed(&error.into()),
                },
            ),
            Wish::Forget => {
                models.forget(&file);
                leave(&file, shell);
            }
        }
    }
}

/// A file is no longer among the models.
fn leave(file: &Path, shell: &mut Shell) {
    shell.settings.models.retain(|other| other != file);
    shell.model_has_gone(ModelRef::File(file.to_owned()), None);
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn row(ui: &mut Ui, file: &Path, name: &mut String, asked: bool, shell: &mut Shell) -> Option<Wish> {
    let mut wish = None;
    let old = stem(file);
    ui.horizontal(|ui| {
        let field = ui.add(TextEdit::singleline(name).desired_width(ui.available_width() - 300.0));
        field.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::TextInput, true, text!("own-models-name", model = old.as_str()))
        });
        let field = field.on_hover_text(file.display().to_string());
        let enter = ui.input(|input| keys::is_pressed(input, Key::Enter));
        let entered = field.lost_focus() && enter && *name != old;
        let rename = ui.add_enabled(*name != old, egui::Button::new(text!("rename")));
        if rename.on_hover_text(text!("rename-tip")).clicked() || entered {
            wish = Some(Wish::Rename);
        }
        if icons::button(ui, Icon::Export, &text!("own-models-export", model = old.as_str()), true).clicked() {
            wish = Some(Wish::Export);
        }
        if icons::button(ui, Icon::Open, &text!("own-models-show", model = old.as_str()), true).clicked() {
            notices::open(file.parent().unwrap_or(file), shell);
        }
        if icons::button(ui, Icon::Close, &text!("own-models-forget", model = old.as_str()), true).clicked() {
            wish = Some(Wish::Forget);
        }
        if asked {
            let sure = ui.button(RichText::new(text!("delete-sure")).color(theme::bad(ui)));
            if sure.on_hover_text(text!("delete-sure-tip")).clicked() {
                wish = Some(Wish::Delete);
            }
        } else if ui.button(text!("delete")).on_hover_text(text!("delete-tip")).clicked() {
            wish = Some(Wish::Ask);
        }
    });
    wish
}
