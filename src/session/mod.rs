//! Between a window and the work: threads, channels, and what they share.
//!
//! | file | what |
//! |---|---|
//! | `worker` | a thread that takes commands and tells events, survives panics, ends in under a second |
//! | `task` | one piece of work on a thread of its own, whose result comes once |
//! | `job` | ids of jobs and how they fail |
//! | `shared` | the device and the models that all workers use |
//! | `open` | decoding a picture |
//! | `shelf` | the pictures of a folder, small, for lists |
//! | `layers` | looking into a network |
//! | `models` | which model a name means; the catalogue |
//! | `numbers` | numbers for people |
//! | `source` | what a picture is like, and so which kind of model serves it |
//! | `log`, `report` | the latest log lines; what a report of a fault needs |
//! | `tile_cache` | results as far as they are computed, shared by looking and exporting |
//! | `view` | what is looked at: tiles of the sides and of the difference of two |
//! | `export` | a whole result into a file or onto the clipboard |
//! | `maker` | what makes a result as somebody chose it |
//! | `tries` | one piece of a photo as several models make it |
//! | `trainer` | fine-tuning: judging a set of pictures, running, watching |
//! | `batch` | many pictures: plan, queue, journal, report |
//!
//! Each kind of work has a file or folder of its own with its `Command`, its `Event` and its [`Work`], and knows nothing
//! of the others: view, layers, training and batch can be read, tested and changed alone. Nothing here knows a screen; the
//! bridge to one is a [`Waker`]. Big things travel as `Arc`.

pub mod batch;
pub mod export;
mod job;
pub mod layers;
pub mod log;
mod maker;
pub mod models;
pub mod numbers;
pub mod open;
pub mod report;
mod shared;
pub mod shelf;
pub mod source;
mod task;
pub mod tile_cache;
pub mod trainer;
pub mod tries;
pub mod view;
mod worker;

pub use job::{Failure, JobId};
pub use shared::{Device, Shared};
pub use task::Task;
pub use worker::{TestDriver, Waker, Work, Worker, WorkerContext, message};
