//! Everything that can go wrong, as one type: what is shown to people, once, at the very top.
//!
//! Each layer has its own enum and knows nothing of files it did not open. Here the file is added, so that every message
//! is one sentence that names the file, the cause and what to do.

use crate::{
    backend::gpu::DeviceError, image_io, infer::InferError, metrics::MetricsError, nn::WeightsError, train::TrainError,
};
use std::path::{Path, PathBuf};

/// Any failure of the program.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A picture could not be read or written.
    #[error(transparent)]
    Image(#[from] image_io::Error),
    /// Training failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A picture could not be enlarged or looked into.
    #[error("{}: {source}", file.display())]
    Infer {
        /// The picture.
        file: PathBuf,
        /// Why.
        source: InferError,
    },
    /// Weights cannot be used.
    #[error("the model {} cannot be used: {source}", file.display())]
    Weights {
        /// The weights file, or the name of the bundled model.
        file: PathBuf,
        /// Why.
        source: WeightsError,
    },
    /// Two pictures could not be compared.
    #[error("{}: {source}", file.display())]
    Metrics {
        /// The reference picture.
        file: PathBuf,
        /// Why.
        source: MetricsError,
    },
    /// A file that is not a picture could not be read.
    #[error("{} cannot be read: {source}", file.display())]
    Read {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something other than a picture could not be written.
    #[error("{} cannot be written: {source}; choose another place", file.display())]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The system's clipboard refuses.
    #[error("nothing was copied: the clipboard cannot be used ({0}); export to a file instead")]
    Clipboard(String),
    /// Standard output is closed.
    #[error("the result could not be printed: {0}")]
    Output(std::io::Error),
    /// Neither a name nor a file.
    #[error("there is no model {}: give a .safetensors file, or one of {known}", name.display())]
    UnknownModel {
        /// What was asked for.
        name: PathBuf,
        /// Names that exist.
        known: String,
    },
    /// A registered network whose weights are nowhere.
    #[error("no weights ship for {0}: train it with `addersr train --model {0}`, or give a .safetensors file")]
    NoWeights(String),
    /// The program was built without models.
    #[error("no model ships with this build; give a .safetensors file with --model")]
    NoModel,
    /// The command line makes no sense in a way that only shows later.
    #[error("{0}")]
    Usage(String),
    /// No such graphics device, or it refuses.
    #[error(transparent)]
    Device(DeviceError),
    /// A panic, where nothing else can be said.
    #[error("a fault in the program: {0}; please report it")]
    Fault(String),
    /// Ctrl-C.
    #[error("interrupted; what was being worked on was not written")]
    Interrupted,
}

impl Error {
    /// A failure of `infer` with its file; being cancelled needs none.
    pub fn infer(file: impl Into<PathBuf>, source: InferError) -> Self {
        match source {
            InferError::Cancelled => Self::Interrupted,
            source => Self::Infer { file: file.into(), source },
        }
    }

    /// The sentence to show beside the name of `file`, which it does not repeat.
    pub fn beside(&self, file: &Path) -> String {
        match self {
            Self::Image(error) if error.path == file => error.kind.to_string(),
            Self::Infer { file: about, source } if about == file => source.to_string(),
            other => other.to_string(),
        }
    }

    /// What the process ends with: 1, 2 for a command line that makes no sense, 130 after Ctrl-C.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Usage(_) | Self::UnknownModel { .. } | Self::Device(DeviceError::Unknown { .. }) => 2,
            _ => 1,
        }
    }
}
