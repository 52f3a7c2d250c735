//! Keys that were pressed since the last frame, each with the modifiers that were held with it. What is held while the frame
//! is drawn says nothing of them: on a slow frame a quick Ctrl+Z is up again by then.

use super::dialog;
use eframe::egui::{Context, Event, InputState, Key, Modifiers};

/// Whether keys are the view's: nobody types, and no dialog is in front of it.
pub(in crate::ui) fn are_free(ctx: &Context) -> bool {
    !ctx.egui_wants_keyboard_input() && !dialog::is_open(ctx)
}

/// What was held with each press, in the order of the presses.
fn presses(input: &InputState) -> impl Iterator<Item = (Key, Modifiers)> {
    input.events.iter().filter_map(|event| match *event {
        Event::Key { key, modifiers, pressed: true, .. } => Some((key, modifiers)),
        _ => None,
    })
}

/// The presses of a key without Ctrl, Command and Alt: whether Shift was held with each.
pub(in crate::ui) fn plain(input: &InputState, key: Key) -> impl Iterator<Item = bool> {
    presses(input).filter(move |(k, m)| *k == key && !m.command && !m.ctrl && !m.alt).map(|(_, m)| m.shift)
}

/// Whether a key was pressed without Ctrl, Command and Alt.
pub(in crate::ui) fn is_pressed(input: &InputState, key: Key) -> bool {
    plain(input, key).next().is_some()
}

/// The keys pressed with Ctrl (Command on a Mac), and whether Shift was held too.
pub(in crate::ui) fn with_command(input: &InputState) -> impl Iterator<Item = (Key, bool)> {
    presses(input).filter(|(_, m)| m.command && !m.alt).map(|(key, m)| (key, m.shift))
}

/// Whether a key was pressed with Ctrl (Command on a Mac). It is taken: nothing else sees it. Never while a dialog is in
/// front.
pub(in crate::ui) fn take_command(ctx: &Context, key: Key) -> bool {
    !dialog::is_open(ctx) && ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, key))
}
