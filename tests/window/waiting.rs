//! Waiting for a window: by frames, not by time.

use addersr::ui::App;
use egui_kittest::Harness;
use std::time::Duration;

/// Draws frames until something holds; gives up after minutes, which only a fault takes.
pub(crate) fn until(
    window: &mut Harness<'static, App>,
    what: &str,
    mut holds: impl FnMut(&mut Harness<'static, App>) -> bool,
) {
    for _ in 0..48_000 {
        window.step();
        if holds(window) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{what}");
}
