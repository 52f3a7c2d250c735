//! Being told how far a piece of work has come, without knowing a screen.

use std::ops::ControlFlow;

/// Listens to a running piece of work, and may end it. Called on the thread that does the work, after every tile: be quick.
pub trait Progress {
    /// `done` of `total` output pixels are finished. `Break` ends the work with [`InferError::Cancelled`](super::InferError::Cancelled).
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()>;
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&mut self, _done: u64, _total: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(u64, u64) -> ControlFlow<()>> Progress for F {
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        self(done, total)
    }
}
