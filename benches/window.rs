//! What the window does in a frame beside drawing, in milliseconds, against the 4 ms that it may take.
//!
//!     cargo bench --bench window
//!
//! Tests count what a frame may do (`tests/window/frames.rs`); this tells what the most of it costs here. "taking" is what a
//! tab does with as many events as one frame takes. "uploading" is how much longer than the median frame the longest one took
//! in which pictures were converted for the graphics device, all layout included; the copy into the device's memory is the
//! driver's and comes with drawing.

#[path = "../tests/staged/mod.rs"]
#[expect(dead_code, reason = "tests stage more than is measured")]
mod staged;

use addersr::{
    session::batch::{Event, State},
    ui::{
        PER_FRAME,
        settings::Theme,
        tabs::{EVENTS_PER_FRAME, Tab, batch::Batch},
    },
};
use egui_kittest::Harness;
use staged::{batch, enhance};
use std::{path::PathBuf, time::Instant};

/// Milliseconds of some work.
fn time(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    1e3 * began.elapsed().as_secs_f64()
}

fn row(name: &str, ms: f64) {
    println!("{name:<56} {ms:>8.2} {:>7.0} %", 100.0 * ms / 4.0);
}

fn main() {
    println!("{:<56} {:>8} {:>9}", "", "ms", "of 4 ms");
    tiles();
    rows();
}

/// 512 tiles at full size, as fast as the channel takes them.
fn tiles() {
    let mut staged = enhance::begin_black(Harness::builder().with_size([8200.0, 7800.0]), 3840);
    let wanted = staged.asked();
    let mut left = wanted.tiles.clone();
    let (mut taking, mut frames) = (0.0_f64, Vec::new());
    while !left.is_empty() {
        while let Some(&key) = left.last() {
            if !staged.tell(&wanted, key, staged.plain(&wanted, key)) {
                break;
            }
            left.pop();
        }
        let stage = staged.window.state_mut();
        taking = taking.max(time(|| stage.tab.poll(&mut stage.shell)));
        frames.push(time(|| staged.window.step()));
    }
    for _ in 0..200 {
        frames.push(time(|| staged.window.step()));
    }
    let mut quiet: Vec<f64> = (0..50).map(|_| time(|| staged.window.step())).collect();
    quiet.sort_by(f64::total_cmp);
    let most = frames.into_iter().fold(0.0, f64::max);
    row(&format!("Enhance: taking {EVENTS_PER_FRAME} tiles"), taking);
    row(&format!("Enhance: uploading {} MiB", PER_FRAME >> 20), (most - quiet[quiet.len() / 2]).max(0.0));
}

/// A batch of 20,000 pictures.
fn rows() {
    let (worker, hand) = addersr::session::Worker::by_hand();
    let mut shell = staged::shell();
    let mut tab = Batch::with_workers(&shell, worker, staged::idle(), PathBuf::new());
    let mut all: Vec<_> = (0..20_000).map(|id| batch::row(id, "a picture of the sea", State::Ready)).collect();
    let mut taking = 0.0_f64;
    while !all.is_empty() {
        let part = all.split_off(all.len().saturating_sub(256));
        assert!(hand.tell(Event::Rows(part)).is_ok(), "there is room");
        if all.len() % 2048 < 256 {
            taking = taking.max(time(|| tab.poll(&mut shell)));
        }
    }
    while hand.tell(Event::Planned(true)).is_err() {
        tab.poll(&mut shell);
    }
    row("Batch: taking 2,048 rows", taking);
    let mut window = staged::stage(Harness::builder().with_size([900.0, 559.0]), Theme::Light, Box::new(tab), shell);
    window.run_steps(8);
    let mut quiet: Vec<f64> = (0..20).map(|_| time(|| window.step())).collect();
    quiet.sort_by(f64::total_cmp);
    row("Batch: a whole frame with 20,000 rows, layout included", quiet[quiet.len() / 2]);
}
