//! Sentences at the lower edge that stay for a while; one about a file that was written offers to open it.

use crate::{
    session::Failure,
    ui::{
        Shell,
        icons::{self, Icon},
        text::text,
        theme,
    },
};
use eframe::egui::{self, Context};
use std::{path::Path, time::Duration};

/// Draws those that there are.
pub(in crate::ui) fn show(ctx: &Context, shell: &mut Shell) {
    let notices = shell.notices().to_vec();
    if notices.is_empty() {
        return;
    }
    ctx.request_repaint_after(Duration::from_secs(1));
    egui::Area::new(egui::Id::unique("notices"))
        .anchor(egui::Align2::CENTER_BOTTOM, [0.0, -40.0])
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            ui.set_max_width(ctx.content_rect().width() - 8.0 * theme::UNIT);
            for (index, notice) in notices.iter().enumerate() {
                egui::Frame::popup(ui.style()).show(ui, |ui| {
                    ui.horizontal_wrapped(|ui| {
                        let (icon, colour) = if notice.failed {
                            (Icon::Warning, theme::bad(ui))
                        } else {
                            (Icon::Check, theme::good(ui))
                        };
                        icons::show(ui, icon, theme::ICON, colour);
                        ui.add(egui::Label::new(&notice.text).wrap());
                        if let Some(path) = &notice.path {
                            offer(ui, path, shell);
                        }
                        if icons::button(ui, Icon::Close, text!("dismiss"), true).clicked() {
                            shell.dismiss(index);
                        }
                    });
                });
            }
        });
}

/// Buttons that open what was written.
fn offer(ui: &mut egui::Ui, path: &Path, shell: &mut Shell) {
    let file = path.is_file();
    if file && ui.button(text!("open")).on_hover_text(text!("open-file-tip")).clicked() {
        open(path, shell);
    }
    let folder = if file { path.parent().unwrap_or(path) } else { path };
    let word = if file { text!("show-in-folder") } else { text!("open-folder") };
    if ui.button(word).on_hover_text(folder.display().to_string()).clicked() {
        open(folder, shell);
    }
}

/// Opens a file or folder as the system does, without waiting for it.
pub(in crate::ui) fn open(path: &Path, shell: &mut Shell) {
    // A path from the command line may begin with a dash or be relative.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Err(error) = open::that_detached(&whole) {
        shell.failed(&Failure::Failed(text!(
            "cannot-open",
            path = whole.display().to_string(),
            error = error.to_string()
        )));
    }
}
