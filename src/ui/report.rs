//! "Copy report": everything that belongs into a report of a fault, onto the clipboard.

use super::{Shell, text::text};
use crate::session::{Failure, Task, report};
use eframe::egui::{self, Ui};

/// A report that may be under way: drivers are asked on a thread of their own.
#[derive(Default)]
pub(super) struct FaultReport {
    waiting: Option<Task<String>>,
}

impl FaultReport {
    /// The button.
    pub(super) fn button(&mut self, ui: &mut Ui, shell: &Shell) {
        let button = ui.add_enabled(self.waiting.is_none(), egui::Button::new(text!("report-copy")));
        if button.on_hover_text(text!("report-copy-tip")).clicked() {
            self.ask(shell);
        }
    }

    fn ask(&mut self, shell: &Shell) {
        let shared = shell.shared.clone();
        let photo = shell.photo.as_ref().map_or("none".to_owned(), |photo| {
            let p = &photo.pixels;
            format!("{} × {}, {} × {} bit", p.width, p.height, p.channels, p.depth().bits())
        });
        let settings = ron::to_string(&shell.settings).unwrap_or_else(|error| error.to_string());
        let work = move || report::text(&shared, &[("photo", photo), ("settings", settings)]);
        self.waiting = Some(Task::start(&shell.waker, work));
    }

    /// Copies the report once it is there.
    pub(super) fn poll(&mut self, ctx: &egui::Context, shell: &mut Shell) {
        let Some(result) = self.waiting.as_ref().and_then(Task::poll) else { return };
        self.waiting = None;
        let Ok(text) = result else {
            return shell.failed(&Failure::Failed(text!("report-failed").to_owned()));
        };
        shell.tell(text!("report-copied", lines = text.lines().count()));
        ctx.copy_text(text);
    }
}
