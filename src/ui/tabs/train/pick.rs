//! What the tab asks files and folders for.

use crate::{
    session::trainer::CHECKPOINT,
    ui::{
        text::text,
        widgets::pick::{Question, Wanted, pictures, weights},
    },
};
use std::path::PathBuf;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PathRequest {
    /// Pictures.
    Files,
    /// A folder of them.
    Folder,
    /// A run that was saved.
    Run,
    /// Where to write the model of the run.
    Save,
    /// Where to write that of a file.
    Copy(PathBuf),
}

impl PathRequest {
    /// `proposed`: the name of a file to write.
    pub(super) fn question(&self, proposed: PathBuf) -> Question {
        let (title, word, hint, wanted) = match self {
            Self::Files => (text!("add-pictures"), text!("add"), text!("hint-picture"), Wanted::Files(pictures())),
            Self::Folder => (text!("add-a-folder"), text!("add"), text!("hint-pictures"), Wanted::Folders),
            Self::Run => {
                let runs = Wanted::File((text!("train-runs"), &[CHECKPOINT]));
                (text!("train-resume-title"), text!("train-resume-word"), text!("hint-checkpoint"), runs)
            }
            Self::Save | Self::Copy(_) => {
                let model = Wanted::Save(proposed, vec![weights()]);
                (text!("train-export-title"), text!("export"), text!("hint-model"), model)
            }
        };
        Question { title, word, hint, wanted, typed: true }
    }
}
