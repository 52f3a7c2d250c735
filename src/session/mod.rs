//! Between a window and the work: threads, channels, and what they share.
//!
//! | file | what |
//! |---|---|
//! | `worker` | a thread that takes commands and tells events, survives panics, ends in under a second |
//! | `job` | ids of jobs and how they fail |
//! | `shared` | the device and the models that all workers use |
//! | `open` | decoding a picture |
//! | `models` | which model a name means; the catalogue |
//! | `batch` | many pictures: plan, queue, journal, report |
//!
//! Each kind of work has a file or folder of its own with its `Command`, its `Event` and its [`Work`], and knows nothing
//! of the others: view, layers, training and batch can be read, tested and changed alone. Nothing here knows a screen; the
//! bridge to one is a [`Waker`]. Big things travel as `Arc`.

pub mod batch;
mod job;
pub mod models;
pub mod open;
mod shared;
mod worker;

pub use job::{Failure, JobId};
pub use shared::{Device, Shared};
pub use worker::{Desk, Waker, Work, Worker};
