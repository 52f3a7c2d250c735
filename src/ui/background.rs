//! What a click asks for and a disk may take long to do, off the window's thread: files that are read, copied, removed.

use super::Shell;
use crate::session::Task;

/// Something under way: whether it has ended, and what was to be done then is done.
type Pending = Box<dyn FnMut(&mut Shell) -> bool>;

/// All that is under way.
#[derive(Default)]
pub(super) struct Background(Vec<Pending>);

impl Shell {
    /// Does `work` on a thread of its own, and `then` on the window's when that has ended.
    pub fn in_background<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&mut Self, T) + 'static,
    ) {
        let task = Task::start(&self.waker, work);
        let mut then = Some(then);
        self.background.0.push(Box::new(move |shell| {
            let Some(result) = task.poll() else { return false };
            match (result, then.take()) {
                (Ok(made), Some(then)) => then(shell, made),
                (Err(failure), _) => shell.failed(&failure),
                (Ok(_), None) => {}
            }
            true
        }));
    }

    /// Does what was to be done when something had ended.
    pub(super) fn poll_background(&mut self) {
        let mut pending = std::mem::take(&mut self.background.0);
        pending.retain_mut(|pending| !pending(self));
        // What those have begun comes after them.
        pending.append(&mut self.background.0);
        self.background.0 = pending;
    }
}
