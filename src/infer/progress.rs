//! Being told how far a piece of work has come, without knowing a screen.

/// Listens to a running piece of work. Called on the thread that does the work, after every tile: be quick.
pub trait Progress {
    /// `done` of `total` output pixels are finished.
    fn advance(&mut self, done: u64, total: u64);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&mut self, _done: u64, _total: u64) {}
}

impl<F: FnMut(u64, u64)> Progress for F {
    fn advance(&mut self, done: u64, total: u64) {
        self(done, total);
    }
}
