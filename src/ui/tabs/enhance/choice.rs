//! What people choose, and going back on it.

use crate::{
    infer::{Target, bundled::Kind},
    session::view::{Difference, Look},
    tensor::resample::Filter,
};
use std::path::PathBuf;

/// How two sides are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// A left of a line, B right of it.
    #[default]
    Split,
    /// Both, at the same place.
    Beside,
    /// B, and A while a key is held.
    Flip,
    /// What differs.
    Difference,
}

impl Mode {
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Split, "Split", "A left of the line, B right of it; drag the line or move it with the arrow keys"),
        (Self::Beside, "Beside", "A and B side by side, always at the same place"),
        (Self::Flip, "Flip", "B alone; hold Space or B to see A"),
        (Self::Difference, "Difference", "What differs between A and B"),
    ];
}

/// Everything that undo brings back.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// A and B.
    pub(super) looks: [Look; 2],
    pub(super) target: Target,
    pub(super) strength: f32,
    pub(super) mode: Mode,
    pub(super) difference: Difference,
    pub(super) reference: Option<PathBuf>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            looks: [Look::Baseline(Filter::Bicubic), Look::Best(Kind::Clean)],
            target: Target::Factor(2.0),
            strength: 1.0,
            mode: Mode::Split,
            difference: Difference::default(),
            reference: None,
        }
    }
}

/// Choices before and after the present one.
#[derive(Default)]
pub(super) struct History {
    past: Vec<Choice>,
    future: Vec<Choice>,
}

impl History {
    /// `old` was left for another choice.
    pub(super) fn left(&mut self, old: Choice) {
        self.past.push(old);
        self.future.clear();
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The choice before `now`.
    pub(super) fn undo(&mut self, now: &Choice) -> Option<Choice> {
        let old = self.past.pop()?;
        self.future.push(now.clone());
        Some(old)
    }

    /// The choice that was undone.
    pub(super) fn redo(&mut self, now: &Choice) -> Option<Choice> {
        let new = self.future.pop()?;
        self.past.push(now.clone());
        Some(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_and_redo_walk_the_same_way_and_a_new_choice_ends_it() {
        let choice = |strength| Choice { strength, ..Choice::default() };
        let mut history = History::default();
        history.left(choice(0.1));
        history.left(choice(0.2));
        assert_eq!(history.undo(&choice(0.3)), Some(choice(0.2)));
        assert_eq!(history.undo(&choice(0.2)), Some(choice(0.1)));
        assert_eq!(history.undo(&choice(0.1)), None);
        assert_eq!(history.redo(&choice(0.1)), Some(choice(0.2)));
        history.left(choice(0.2));
        assert!(!history.can_redo() && history.can_undo());
    }
}
