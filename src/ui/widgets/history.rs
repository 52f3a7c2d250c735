//! Going back on settings: what they were before and after, with its keys and buttons.

use super::keys;
use crate::ui::{
    icons::{self, Icon},
    text::text,
};
use eframe::egui::{self, Key, Ui};

/// Settings before and after the present ones.
pub(in crate::ui) struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    /// Those when the pointer was last up: one drag is one step.
    settled: T,
}

impl<T: Clone + PartialEq> History<T> {
    /// Nothing has been changed yet.
    pub(in crate::ui) fn new(now: T) -> Self {
        Self { past: Vec::new(), future: Vec::new(), settled: now }
    }

    /// Notes a change; not while something is being dragged.
    pub(in crate::ui) fn settle(&mut self, now: &T, pointer_is_up: bool) {
        if pointer_is_up && *now != self.settled {
            self.past.push(std::mem::replace(&mut self.settled, now.clone()));
            self.future.clear();
        }
    }

    /// Changes all that it may go back to: what no longer means anything.
    pub(in crate::ui) fn revise(&mut self, change: impl Fn(&mut T)) {
        self.past.iter_mut().chain(&mut self.future).for_each(&change);
        change(&mut self.settled);
        let now = self.settled.clone();
        self.past.dedup();
        // Steps that did nothing else are none.
        while self.past.last() == Some(&now) {
            self.past.pop();
        }
    }

    pub(in crate::ui) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(in crate::ui) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The settings before `now`.
    pub(in crate::ui) fn undo(&mut self, now: &T) -> Option<T> {
        let old = self.past.pop()?;
        self.future.push(now.clone());
        self.settled = old.clone();
        Some(old)
    }

    /// The settings that were undone.
    pub(in crate::ui) fn redo(&mut self, now: &T) -> Option<T> {
        let new = self.future.pop()?;
        self.past.push(now.clone());
        self.settled = new.clone();
        Some(new)
    }
}

impl<T: Clone + PartialEq + Default> Default for History<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// What the keys pressed since the last frame ask for, one after the other: to go back, or forth.
pub(in crate::ui) fn keys(ui: &Ui) -> Vec<bool> {
    if !keys::are_free(ui.ctx()) {
        return Vec::new();
    }
    let wish = |(key, shift): (Key, bool)| match (key, shift) {
        (Key::Z, false) => Some(true),
        (Key::Z, true) | (Key::Y, _) => Some(false),
        _ => None,
    };
    ui.input(|input| keys::with_command(input).filter_map(wish).collect())
}

/// A heading with the two buttons at its right: whether to go back, or forth.
pub(in crate::ui) fn heading<T: Clone + PartialEq>(ui: &mut Ui, text: &str, history: &History<T>) -> Option<bool> {
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(text).strong());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icons::button(ui, Icon::Redo, text!("redo-button"), history.can_redo()).clicked() {
                wish = Some(false);
            }
            if icons::button(ui, Icon::Undo, text!("undo-button"), history.can_undo()).clicked() {
                wish = Some(true);
            }
        });
    });
    wish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_and_redo_walk_the_same_way_and_a_new_choice_ends_it() {
        let mut history = History::new(1);
        for drag in [2, 3, 4] {
            history.settle(&drag, false);
        }
        history.settle(&4, true);
        history.settle(&4, true);
        history.settle(&5, true);
        assert_eq!(history.undo(&5), Some(4));
        assert_eq!(history.undo(&4), Some(1));
        assert_eq!(history.undo(&1), None);
        history.settle(&1, true);
        assert_eq!(history.redo(&1), Some(4), "what undo brought back is no new choice");
        history.settle(&7, true);
        assert!(!history.can_redo() && history.can_undo());
    }
}
