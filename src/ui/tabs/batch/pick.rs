//! What the tab asks files and folders for.

use crate::ui::widgets::pick::{PICTURES, Question, Wanted};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PathRequest {
    /// Pictures.
    Files,
    /// A folder of them.
    Folder,
    /// Where to write the report.
    Report,
    /// Where results go.
    Out,
}

impl PathRequest {
    pub(super) fn question(self) -> Question {
        let (title, word, hint, wanted) = match self {
            Self::Files => ("Add pictures", "Add", "/path/to/picture.png", Wanted::Files(PICTURES)),
            Self::Folder => ("Add a folder", "Add", "/path/to/pictures", Wanted::Folders),
            Self::Out => ("Folder for results", "Use", "/path/to/results", Wanted::Folder),
            Self::Report => {
                let wanted = Wanted::Save("report.csv".into(), &[("Table", &["csv"]), ("JSON", &["json"])]);
                ("Save the report", "Save", "/path/to/report.csv", wanted)
            }
        };
        Question { title, word, hint, wanted, typed: true }
    }
}
