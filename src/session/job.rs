//! Names for pieces of work, so that an answer can be told from one to a question that nobody asks any more.

use std::sync::atomic::{AtomicU64, Ordering};

/// One piece of work that was asked for. Every job ends with exactly one event that says finished, failed or cancelled;
/// whoever asked ignores events whose id is not the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(u64);

impl JobId {
    /// An id that no other job of this process has.
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Why a job ended without its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was asked to stop.
    Cancelled,
    /// It cannot be done: a sentence for people with cause and next step.
    Failed(String),
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        match error {
            crate::error::Error::Interrupted => Self::Cancelled,
            error => Self::Failed(error.to_string()),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cancelled => f.write_str("stopped"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}
