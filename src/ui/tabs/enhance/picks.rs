//! What the tab asks files for.

use crate::ui::widgets::pick::{Filter, PICTURES, Question, WEIGHTS, Wanted};
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
            Self::Model(_) => ("Add a model", "/path/to/model.safetensors", Wanted::File(WEIGHTS)),
            Self::Picture(_) => ("Compare with a picture", "/path/to/picture.png", Wanted::File(PICTURES)),
            Self::Reference => ("Choose the reference picture", "/path/to/picture.png", Wanted::File(PICTURES)),
            Self::Export => ("Export to", "/path/to/picture.png", Wanted::Save(suggested, WRITTEN)),
        };
        // The export dialog has a field of its own.
        Question { title, word: "Use it", hint, wanted, typed: self != Self::Export }
    }
}

/// What results may be.
const WRITTEN: &[Filter] = &[("Pictures", &["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp"])];
