//! What can go wrong in training.

use crate::{image_io, metrics::MetricsError, nn::WeightsError, tensor::PixelsError};
use std::path::PathBuf;

/// Why a run cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A picture or a checkpoint could not be read or written.
    #[error(transparent)]
    Image(#[from] image_io::Error),
    /// A picture has no usable size.
    #[error(transparent)]
    Pixels(#[from] PixelsError),
    /// A folder could not be read.
    #[error("{} cannot be searched for pictures: {reason}; name a folder that can be read", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// Nothing to train on.
    #[error(
        "there is nothing to train on: of {found} pictures in {folders} none is at least {need} pixels on each side; \
             add larger pictures or train on smaller patches (--patch)"
    )]
    NoPictures {
        /// Pictures found.
        found: usize,
        /// Where.
        folders: String,
        /// Smallest side that can be used.
        need: usize,
    },
    /// A folder of pairs has not the two folders in it.
    #[error("{} holds no pairs: small pictures are looked for in its folder `lr`, large ones in `hr`", .0.display())]
    NoPairFolders(PathBuf),
    /// A pair cannot be used.
    #[error("{} {reason}", .path.display())]
    Pair {
        /// The large picture.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No pair at all can be used.
    #[error("there is nothing to train on: of {found} pairs in {folders} none can be used; the first: {first}")]
    NoPairs {
        /// Large pictures found.
        found: usize,
        /// Where.
        folders: String,
        /// What is wrong with one of them.
        first: String,
    },
    /// No picture that is rehearsed is large enough.
    #[error(
        "the photos that are rehearsed are smaller than {0} × {0} pixels: train on smaller patches (--patch) or without \
             rehearsal (--rehearsal 0)"
    )]
    Rehearsal(usize),
    /// Nothing to judge by.
    #[error("there are no pictures to judge by: give at least two pictures with --data, or others with --val")]
    NothingHeldOut,
    /// The network has no 8-bit form.
    #[error(transparent)]
    Codes(#[from] WeightsError),
    /// A held-out picture cannot be judged.
    #[error("{} cannot be judged: {source}", .path.display())]
    Judge {
        /// The picture.
        path: PathBuf,
        /// Why.
        source: MetricsError,
    },
    /// A checkpoint does not fit.
    #[error("the checkpoint {} cannot be used: {source}", .path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        source: WeightsError,
    },
    /// A checkpoint is of another run.
    #[error("the checkpoint {} is of another run ({what}); remove it, or continue with the same options", .path.display())]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// The system gives no threads.
    #[error("training cannot begin: the system gives no threads ({0}); close other programs and try again")]
    Threads(String),
    /// Training diverged again and again.
    #[error(
        "training produced values that are not finite {0} times in a row, although the rate was halved each time; \
             start again with a lower --rate"
    )]
    Diverged(u32),
}
