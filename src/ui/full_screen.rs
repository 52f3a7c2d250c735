//! The picture alone on the whole screen: F11 goes there and back, Esc goes back.

use super::widgets::dialog;
use eframe::egui::{Context, Key, Modifiers, ViewportCommand};

/// Whether it is alone.
#[derive(Default)]
pub(super) struct FullScreen {
    on: bool,
    /// The system has done it. If it says otherwise later, people have gone back by the system's own means.
    seen: bool,
}

impl FullScreen {
    /// Whether it is alone.
    pub(super) fn is_on(&self) -> bool {
        self.on
    }

    /// Goes back: something else is wanted than the picture.
    pub(super) fn leave(&mut self, ctx: &Context) {
        if self.on {
            self.set(ctx, false);
        }
    }

    /// Answers the keys and follows the system. `has_picture`: there is something to show alone.
    pub(super) fn update(&mut self, ctx: &Context, has_picture: bool) {
        let pressed = !dialog::is_open(ctx) && ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::F11));
        if !self.on {
            if pressed && has_picture {
                self.set(ctx, true);
            }
            return;
        }
        let now = ctx.input(|i| i.viewport().fullscreen);
        let left = self.seen && now == Some(false);
        self.seen |= now == Some(true);
        if pressed || left || !has_picture || dialog::escaped(ctx) {
            self.set(ctx, false);
        }
    }

    fn set(&mut self, ctx: &Context, on: bool) {
        (self.on, self.seen) = (on, false);
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(on));
    }
}
