//! What the tab asks files and folders for.

use crate::{
    session::trainer::CHECKPOINT,
    ui::widgets::pick::{PICTURES, Question, WEIGHTS, Wanted},
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
            Self::Files => ("Add pictures", "Add", "/path/to/picture.png", Wanted::Files(PICTURES)),
            Self::Folder => ("Add a folder", "Add", "/path/to/pictures", Wanted::Folders),
            Self::Run => {
                ("Go on with a run", "Go on", "/path/to/model.checkpoint", Wanted::File(("Runs", &[CHECKPOINT])))
            }
            Self::Save | Self::Copy(_) => {
                ("Export the model", "Export", "/path/to/model.safetensors", Wanted::Save(proposed, &[WEIGHTS]))
            }
        };
        Question { title, word, hint, wanted, typed: true }
    }
}
