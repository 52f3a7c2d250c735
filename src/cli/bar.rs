//! The progress bar: megapixels per second and time left, on a terminal only.

use crate::infer::Progress;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::{
    fmt::Write,
    io::IsTerminal,
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

/// A bar for one picture. Hidden where standard error is no terminal; gone when dropped.
pub(super) struct Bar {
    bar: ProgressBar,
    drawn: Instant,
}

/// The bar is drawn at most this often: a redraw takes longer than a small tile.
const EVERY: Duration = Duration::from_millis(100);

impl Bar {
    /// A bar named like a file.
    pub(super) fn of_file(file: &Path) -> Self {
        Self::new(&super::text::name(Path::new(file.file_name().unwrap_or_default())))
    }

    /// A bar with a name before it.
    pub(super) fn new(name: &str) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(1) } else { ProgressBar::hidden() };
        let speed = |state: &ProgressState, w: &mut dyn Write| {
            let _ = write!(w, "{:.2} MP/s", state.per_sec() / 1e6);
        };
        // Before the first tile nothing is known.
        let left = |state: &ProgressState, w: &mut dyn Write| {
            let _ = if state.pos() == 0 { Ok(()) } else { write!(w, "{} s left", state.eta().as_secs()) };
        };
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %  {speed}  {left}") {
            bar.set_style(style.with_key("speed", speed).with_key("left", left));
        }
        bar.set_message(name.to_owned());
        Self { bar, drawn: Instant::now() }
    }
}

impl Progress for Bar {
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if done == 0 || done == total || self.drawn.elapsed() >= EVERY {
            self.drawn = Instant::now();
            self.bar.set_length(total);
            self.bar.set_position(done);
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
