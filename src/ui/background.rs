//! What a click asks for and a disk may take long to do, off the window's thread: files that are read, copied, removed.

use super::Shell;
use crate::session::{Task, models::ModelRef};
use std::path::{Path, PathBuf};

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

    /// Puts a weights file into the list of models, for this day and the next, and reads it; a side of Enhance that asked for
    /// it then shows it. A file that cannot be used leaves the list again.
    pub fn add_model(&mut self, file: &Path, side: Option<usize>) {
        let (models, file) = (self.shared.models.clone(), file.to_owned());
        let is_new = !self.settings.models.contains(&file);
        if is_new {
            models.expect(&file);
            self.settings.models.push(file.clone());
        }
        let read = move || (models.add(&file), file);
        self.in_background(read, move |shell, (read, file)| match (read, side) {
            (Ok(model), Some(side)) => shell.use_model_on(side, model),
            (Ok(_), None) => {}
            (Err(error), _) => {
                shell.failed(&error.into());
                if is_new {
                    shell.shared.models.forget(&file);
                    shell.settings.models.retain(|other| *other != file);
                }
            }
        });
    }

    /// Reads a weights file that an earlier day has added.
    pub(super) fn read_expected(&mut self, file: PathBuf) {
        let models = self.shared.models.clone();
        let read = move || models.add(&file).err().map(|error| (error, file.exists(), file));
        self.in_background(read, |shell, lost| {
            let Some((error, exists, file)) = lost else { return };
            shell.failed(&error.into());
            shell.shared.models.forget(&file);
            // What is gone is told once; what cannot be read today may come back.
            if !exists {
                shell.settings.models.retain(|other| *other != file);
            }
            shell.model_has_gone(ModelRef::File(file), None);
        });
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
