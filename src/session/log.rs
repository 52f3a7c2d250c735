//! The latest log lines, kept in memory: what a report of a fault needs and what is gone once a terminal is closed.

use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tracing_subscriber::fmt::MakeWriter;

/// Lines that are kept.
const MAX_LINES: usize = 200;
/// Longer ones are cut: a report is to be read.
const MAX_CHARS: usize = 500;

static LINES: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

fn lines() -> MutexGuard<'static, VecDeque<String>> {
    // Lines are whole when they are added, whatever panics elsewhere.
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lines that are kept, oldest first.
pub fn recent() -> Vec<String> {
    lines().iter().cloned().collect()
}

/// Where a subscriber writes to for lines to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Recent;

impl<'a> MakeWriter<'a> for Recent {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }
}

impl io::Write for Recent {
    /// One event, as subscribers write them: all of it at once.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = lines();
        for line in String::from_utf8_lossy(bytes).lines() {
            kept.push_back(line.chars().take(MAX_CHARS).collect());
        }
        let more = kept.len().saturating_sub(MAX_LINES);
        kept.drain(..more);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::prelude::*;

    #[test]
    fn the_latest_lines_are_kept_and_long_ones_cut() {
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Recent);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            for n in 0..MAX_LINES + 50 {
                tracing::warn!("line {n} of the test");
            }
            tracing::warn!("{}", "long ".repeat(MAX_CHARS));
        });
        let kept = recent();
        assert!(kept.len() <= MAX_LINES && kept.iter().all(|line| line.chars().count() <= MAX_CHARS));
        assert!(kept.iter().any(|line| line.contains(&format!("line {} of the test", MAX_LINES + 49))));
        assert!(!kept.iter().any(|line| line.contains("line 0 of the test")));
    }
}
