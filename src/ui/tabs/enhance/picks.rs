//! What the tab asks files for.

use crate::ui::{
    text::text,
    widgets::pick::{Question, Wanted, pictures, weights},
};
use std::path::PathBuf;

/// What a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// Weights for a side.
    Model(usize),
    /// A picture for a side.
    Picture(usize),
    /// What both sides are compared with.
    Reference,
    /// Where a result goes.
    Export,
}

impl Pick {
    /// `suggested`: the name of a file to write.
    pub(super) fn question(self, suggested: PathBuf) -> Question {
        let (title, hint, wanted) = match self {
            Self::Model(_) => (text!("add-model"), text!("hint-model"), Wanted::File(weights())),
            Self::Picture(_) => (text!("compare-picture"), text!("hint-picture"), Wanted::File(pictures())),
            Self::Reference => (text!("reference-choose-title"), text!("hint-picture"), Wanted::File(pictures())),
            Self::Export => {
                let filters = vec![(text!("pictures"), WRITTEN)];
                (text!("export-to"), text!("hint-picture"), Wanted::Save(suggested, filters))
            }
        };
        // The export dialog has a field of its own.
        Question { title, word: text!("use"), hint, wanted, typed: self != Self::Export }
    }
}

/// What results may be.
const WRITTEN: &[&str] = &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp"];
