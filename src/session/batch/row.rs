//! One picture of a batch: what is known of it, what will be made of it, and how far that has come.

use super::super::{models::ModelRef, source::Source};
use crate::infer::{Way, bundled::Kind};
use crate::tensor::Size;
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// Number of a row, from 0 in the order in which pictures were found.
pub type RowId = usize;

/// One picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number.
    pub id: RowId,
    /// The file.
    pub source: PathBuf,
    /// The folder below the output folder that its result goes to.
    pub below: PathBuf,
    /// `{n}` of the name template: its position among all pictures of all shards, from 1.
    pub number: usize,
    /// Its size, once the header is read.
    pub input: Option<Size>,
    /// What will be made, if something can be.
    pub plan: Option<Planned>,
    /// How far it is.
    pub state: BatchState,
    /// What it was found to be like, where that chooses the model.
    pub found: Option<Source>,
    /// The kind of model that was chosen by it.
    pub kind: Option<Kind>,
    /// What people should know about the result.
    pub notes: Vec<String>,
    /// The share of the picture that a damaged file still holds, 0 to 1; `None` if nothing is wrong with it.
    pub recovered: Option<f64>,
    /// Computing took so long.
    pub seconds: Option<f64>,
    /// Whether somebody named this very file; others were found in folders.
    pub named: bool,
    /// The file as it was when it was read.
    pub stamp: Option<Stamp>,
    /// The result that was made of what the file held before it changed: the new one takes its place.
    pub renew: Option<PathBuf>,
}

/// What tells that a file was changed: its length and the time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub bytes: u64,
    /// Nanoseconds since 1970, where the file system knows.
    pub modified: Option<u64>,
}

impl Stamp {
    /// A file's, if it is there.
    pub fn of(file: &Path) -> Option<Self> {
        let about = std::fs::metadata(file).ok()?;
        let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Some(Self { bytes: about.len(), modified: since.and_then(|t| u64::try_from(t.as_nanos()).ok()) })
    }
}

/// What will be made of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Of the result.
    pub size: Size,
    /// The result's file.
    pub out: PathBuf,
    /// Whether no such file existed when this was planned: one that is there later is ours.
    pub fresh: bool,
    /// The model.
    pub model: ModelRef,
    /// How the size is reached.
    pub way: Way,
    /// Pixels to compute, [`Job::effort`](crate::infer::Job::effort).
    pub cost: u64,
    /// Seconds that it will take, once the speed is known.
    pub estimate: Option<f64>,
}

/// How far a picture is.
#[derive(Clone, Debug, PartialEq)]
pub enum BatchState {
    /// Will be made.
    Ready,
    /// Will not be made, by the rule for names that are taken.
    Skipped(String),
    /// Cannot be made, known before the start.
    Refused(String),
    /// Is being read or waits, decoded, for its turn.
    Reading,
    /// Is being computed.
    Working,
    /// Is being written.
    Saving,
    /// Its result is on the disk.
    Done,
    /// Was tried and went wrong.
    Failed(String),
}

impl BatchState {
    /// Between ready and done.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Reading | Self::Working | Self::Saving)
    }

    /// One word for tables and reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Skipped(_) => "skipped",
            Self::Refused(_) => "cannot",
            Self::Reading => "reading",
            Self::Working => "working",
            Self::Saving => "saving",
            Self::Done => "done",
            Self::Failed(_) => "failed",
        }
    }

    /// Why it is not made, in a sentence.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Skipped(reason) | Self::Refused(reason) | Self::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

impl Row {
    /// A picture of which nothing is known yet.
    pub(super) fn new(id: RowId, source: PathBuf, below: PathBuf, number: usize) -> Self {
        let state = BatchState::Ready;
        let (input, plan, found, kind, notes, recovered) = Default::default();
        let (seconds, named, stamp, renew) = Default::default();
        Self {
            id,
            source,
            below,
            number,
            input,
            plan,
            state,
            found,
            kind,
            notes,
            recovered,
            seconds,
            named,
            stamp,
            renew,
        }
    }

    /// What it was found to be like, in words, where that chose the model.
    pub fn source_words(&self) -> Option<String> {
        self.found.map(|source| source.to_string())
    }

    /// Pixels to compute for it.
    pub fn cost(&self) -> u64 {
        self.plan.as_ref().map_or(0, |plan| plan.cost)
    }
}

/// How many rows are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All rows.
    pub all: usize,
    /// Ready or being made: what "Export n of m" will make.
    pub to_do: usize,
    /// Made.
    pub done: usize,
    /// Left out by the rule for taken names.
    pub skipped: usize,
    /// Cannot be made, or went wrong.
    pub failed: usize,
}

impl Counts {
    /// Counts.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.all += 1;
            *match &row.state {
                BatchState::Done => &mut counts.done,
                BatchState::Skipped(_) => &mut counts.skipped,
                BatchState::Refused(_) | BatchState::Failed(_) => &mut counts.failed,
                _ => &mut counts.to_do,
            } += 1;
        }
        counts
    }
}
