//! Many pictures: a plan before the start, a queue that nothing stops but its owner, a journal that survives a kill.
//!
//! | file | what |
//! |---|---|
//! | `settings` | what is to be made of every picture; shards |
//! | `scan` | finding pictures, a step at a time |
//! | `row` | one picture: plan and state |
//! | `choose` | what is made of one picture |
//! | `plan` | sizes, names, and what will not work, from headers |
//! | `queue` | the worker: commands in, events out |
//! | `speed` | how long it will take |
//! | `run` | computing one picture after the other, between commands |
//! | `disk` | reading ahead and writing behind |
//! | `journal` | what is done, on the disk |
//! | `lock` | one batch at a time in a folder |
//! | `report` | CSV and JSON |
//! | `thumbnails` | small pictures for the list |
//!
//! The window and `addersr batch` drive the same [`Batch`] and so do the same.

mod choose;
mod disk;
mod journal;
mod lock;
mod name;
mod plan;
mod queue;
mod report;
mod row;
mod run;
mod scan;
mod settings;
mod speed;
mod thumbnails;

pub use choose::{Chooser, Making};
pub use journal::{Restored, discard, unfinished};
pub use lock::is_busy;
pub use queue::Batch;
pub use report::{is_report, write as write_report};
pub use row::{BatchState, Counts, Planned, Row, RowId, Stamp};
pub use settings::{OnExists, Settings, Shard};
pub use thumbnails::{Thumbnail, Thumbnails};

use super::{Failure, JobId};
use std::path::PathBuf;

/// What a batch is asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Make pictures like this. Rows that are not begun are planned anew.
    Set(Box<Settings>),
    /// Files and folders; also while it runs.
    Add(Vec<PathBuf>),
    /// Takes rows out of the list, unless they are being made.
    Remove(Vec<RowId>),
    /// Empties the list, unless it runs.
    Clear,
    /// Takes up a journal: its settings, pictures and what is done. For [`Command::Start`] to go on with.
    Reopen(PathBuf),
    /// Makes everything that is ready, keeping a journal in that file.
    Start {
        /// Which run: it ends with one [`Event::Finished`] or [`Event::Failed`] of this id.
        job: JobId,
        /// The journal.
        journal: PathBuf,
    },
    /// Stops within a tile and frees the device; the picture in hand is kept as far as it is.
    Pause,
    /// Goes on.
    Resume,
    /// Ends within a tile; results that are computed are still written.
    Stop,
    /// Plans failed rows anew.
    Retry,
    /// Makes these rows again, which are done, by the settings that hold now.
    Again(Vec<RowId>),
    /// Writes the list to a file, CSV or JSON by its name.
    Report(PathBuf),
}

/// What a batch tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// These settings hold now, by a journal that was reopened.
    Set(Box<Settings>),
    /// Rows that are new or changed.
    Rows(Vec<Row>),
    /// Rows that are gone.
    Removed(Vec<RowId>),
    /// Everything that was added has been looked at and estimated (or, `false`, is being looked at).
    Planned(bool),
    /// Whether it runs.
    Mode(Mode),
    /// How far the run is. May be dropped.
    Progress(Progress),
    /// A run has ended.
    Finished {
        /// Which.
        job: JobId,
        /// Whether [`Command::Stop`] ended it.
        stopped: bool,
    },
    /// A run could not begin, or ended by a fault.
    Failed(JobId, Failure),
    /// Something that was asked for could not be done: a sentence.
    Refused(String),
    /// The report is in that file.
    Reported(PathBuf),
}

/// Whether a batch runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing runs.
    #[default]
    Idle,
    /// Pictures are being made.
    Running,
    /// Begun, and the device is free.
    Paused,
    /// Asked to stop; results are still being written.
    Stopping,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// The row being computed, and its share from 0 to 1.
    pub current: Option<(RowId, f32)>,
    /// Pixels computed in this run.
    pub done: u64,
    /// Pixels of this run, the computed ones among them.
    pub total: u64,
    /// Pixels per second.
    pub speed: f64,
    /// Seconds until the end.
    pub left: Option<f64>,
}
