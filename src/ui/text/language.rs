//! Languages that the window speaks.

use serde::{Deserialize, Serialize};

/// A language with a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// What every message exists in.
    English,
}

impl Language {
    /// All.
    pub const ALL: [Self; 1] = [Self::English];

    /// Its tag of BCP 47, by which plurals are chosen.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    /// Its catalogue.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../assets/text/en.ftl"),
        }
    }
}
