//! "Copy report": everything that belongs into a report of a fault, onto the clipboard.

use super::{Shell, text::text};
use crate::session::{Failure, report};
use eframe::egui::{self, Ui};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// A report that may be under way: drivers are asked on a thread of their own.
#[derive(Default)]
pub(super) struct FaultReport {
    waiting: Option<Receiver<String>>,
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
        let (send, receive) = channel();
        self.waiting = Some(receive);
        let (shared, waker) = (shell.shared.clone(), shell.waker.clone());
        let photo = shell.photo.as_ref().map_or("none".to_owned(), |photo| {
            let p = &photo.pixels;
            format!("{} × {}, {} × {} bit", p.width, p.height, p.channels, p.depth().bits())
        });
        let settings = ron::to_string(&shell.settings).unwrap_or_else(|error| error.to_string());
        std::thread::spawn(move || {
            // The window may be gone by now, and with it the wish.
            let _ = send.send(report::text(&shared, &[("photo", photo), ("settings", settings)]));
            waker();
        });
    }

    /// Copies the report once it is there.
    pub(super) fn poll(&mut self, ctx: &egui::Context, shell: &mut Shell) {
        let text = match self.waiting.as_ref().map(Receiver::try_recv) {
            None | Some(Err(TryRecvError::Empty)) => return,
            Some(Ok(text)) => text,
            Some(Err(TryRecvError::Disconnected)) => {
                self.waiting = None;
                shell.failed(&Failure::Failed(text!("report-failed").to_owned()));
                return;
            }
        };
        self.waiting = None;
        shell.tell(text!("report-copied", lines = text.lines().count()));
        ctx.copy_text(text);
    }
}
