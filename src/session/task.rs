//! One piece of work on a thread of its own, whose result a window looks for in every frame, or a command waits for: what
//! takes as long as people, drivers or disks do, and comes once. What goes on and on is a [`Worker`](super::Worker).

use super::{Failure, Waker, worker::message};
use crossbeam_channel::{Receiver, bounded};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// A result that may be under way.
pub struct Task<T>(Receiver<Result<T, Failure>>);

impl<T: Send + 'static> Task<T> {
    /// Begins `work`; `waker` is called at its end.
    pub fn start(waker: &Waker, work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (send, receive) = bounded(1);
        let waker = waker.clone();
        std::thread::spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
                let message = message(panic.as_ref());
                tracing::error!("panic on a thread of its own: {message}");
                Failure::Failed(message)
            });
            // Whoever asked may be gone by now.
            let _ = send.send(result);
            waker();
        });
        Self(receive)
    }

    /// Begins `work` at whose end nobody is woken: it is waited for, or no result is.
    pub fn quiet(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let nobody: Waker = Arc::new(|| {});
        Self::start(&nobody, work)
    }

    /// Waits for the result: where nobody looks at a window meanwhile.
    ///
    /// # Panics
    /// With the work's own message, if that panicked.
    pub fn wait(self) -> T {
        match self.0.recv() {
            Ok(Ok(result)) => result,
            Ok(Err(failure)) => panic!("{failure}"),
            Err(_) => unreachable!("the thread sends before it ends"),
        }
    }

    /// The result, once: if it is there, or a panic ended the work.
    pub fn poll(&self) -> Option<Result<T, Failure>> {
        self.0.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let (send, woken) = bounded(1);
        let waker: Waker = Arc::new(move || send.send(()).unwrap());
        let task = Task::start(&waker, work);
        woken.recv().unwrap();
        let result = task.poll().expect("it is there when the waker is called");
        assert!(task.poll().is_none(), "once");
        result
    }

    #[test]
    fn a_result_or_a_panic_comes_once() {
        assert!(matches!(wait(|| 7), Ok(7)));
        assert_eq!(Task::quiet(|| 8).wait(), 8);
        let panicked = wait(|| -> u8 { panic!("no") });
        assert!(matches!(panicked, Err(Failure::Failed(text)) if text.contains("no")));
    }
}
