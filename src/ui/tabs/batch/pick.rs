//! What the tab asks files and folders for.

use crate::ui::{
    text::text,
    widgets::pick::{Question, Wanted, pictures},
};

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
            Self::Files => (text!("add-pictures"), text!("add"), text!("hint-picture"), Wanted::Files(pictures())),
            Self::Folder => (text!("add-a-folder"), text!("add"), text!("hint-pictures"), Wanted::Folders),
            Self::Out => (text!("batch-out"), text!("use"), text!("hint-results"), Wanted::Folder),
            Self::Report => {
                let filters =
                    vec![(text!("batch-report-csv"), &["csv"] as &[_]), (text!("batch-report-json"), &["json"])];
                let wanted = Wanted::Save("report.csv".into(), filters);
                (text!("batch-report-save"), text!("save"), text!("hint-report"), wanted)
            }
        };
        Question { title, word, hint, wanted, typed: true }
    }
}
