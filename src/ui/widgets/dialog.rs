//! Questions in front of everything else, all alike: a title, what is asked, at the bottom the answer and Cancel. Enter gives
//! the answer; Esc, Cancel and a click beside it close it.

use super::keys;
use crate::ui::{
    text::text,
    theme::{self, UNIT},
};
use eframe::egui::{self, Context, Id, Key, Modal, Popup, Ui};

/// How far a dialog was answered in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Answer {
    /// Not yet.
    Open,
    /// By its button, or Enter.
    Confirmed,
    /// Not at all: it is closed.
    Closed,
}

/// What the button at the bottom is.
pub(in crate::ui) struct Confirm<'a> {
    /// What stands on it.
    pub(in crate::ui) word: &'a str,
    /// What it does.
    pub(in crate::ui) tip: &'a str,
    /// Whether it can be done.
    pub(in crate::ui) enabled: bool,
}

/// Whether a dialog is in front.
pub(in crate::ui) fn is_open(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.top_modal_layer().is_some())
}

/// Draws a dialog. `content` draws what is asked and says what the button is.
pub(in crate::ui) fn show<'a>(
    ctx: &Context,
    title: &str,
    width: f32,
    content: impl FnOnce(&mut Ui) -> Confirm<'a>,
) -> Answer {
    // Looked at before the content: a field gives up the focus by the same Enter. A button with the focus has it for itself.
    let nothing = ctx.memory(|memory| memory.focused().is_none());
    let free = (nothing || ctx.text_edit_focused()) && !Popup::is_any_open(ctx);
    // Of two dialogs the one in front is answered.
    let id = Id::unique("dialog").with(title);
    let front = ctx.memory(|memory| memory.top_modal_layer()).is_none_or(|layer| layer.id == id);
    let enter = front && free && ctx.input(|input| keys::is_pressed(input, Key::Enter));
    let mut confirmed = false;
    let modal = Modal::new(id).show(ctx, |ui| {
        egui::Frame::NONE.inner_margin(UNIT).show(ui, |ui| {
            ui.set_width(width.min(ctx.content_rect().width() - 4.0 * UNIT));
            ui.heading(title);
            ui.add_space(UNIT);
            let Confirm { word, tip, enabled } = content(ui);
            ui.add_space(UNIT);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let button = theme::primary(word).min_size(egui::vec2(88.0, 28.0));
                let button = ui.add_enabled(enabled, button).on_hover_text(text!("dialog-confirm-tip", tip = tip));
                confirmed = button.clicked() || enabled && enter;
                if ui.button(text!("cancel")).on_hover_text(text!("cancel-tip")).clicked() {
                    ui.close();
                }
            });
        });
    });
    if confirmed {
        Answer::Confirmed
    } else if modal.should_close() {
        Answer::Closed
    } else {
        Answer::Open
    }
}

/// Whether Esc closes what is not in front of everything: nothing else has the key.
pub(in crate::ui) fn escaped(ctx: &Context) -> bool {
    keys::are_free(ctx)
        && !Popup::is_any_open(ctx)
        && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape))
}
