//! What the window does in a frame beside drawing, in milliseconds, against the 4 ms that it may take.
//!
//!     cargo bench --bench window
//!
//! Tests count what a frame may do (`tests/window/frames.rs`); this tells what the most of it costs here. "taking" is what a
//! tab does with as many events as one frame takes. "uploading" is how much longer frames are in which pictures are converted
//! for the graphics device; the copy into the device's memory is the driver's and comes with drawing. All are medians.

#[path = "../tests/staged/mod.rs"]
#[expect(dead_code, reason = "tests stage more than is measured")]
mod staged;

use addersr::{
    session::batch::{BatchState, Event},
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

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// 512 tiles at full size, as fast as the channel takes them.
fn tiles() {
    let mut staged = enhance::begin_black(Harness::builder().with_size([4300.0, 3900.0]), 3840);
    let wanted = staged.asked();
    let mut left = wanted.tiles.clone();
    let (mut taking, mut frames) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        while let Some(&key) = left.last() {
            if !staged.tell(&wanted, key, staged.plain(&wanted, key)) {
                break;
            }
            left.pop();
        }
        let stage = staged.window.state_mut();
        taking.push(time(|| stage.tab.poll(&mut stage.shell)));
        frames.push(time(|| staged.window.step()));
    }
    // 512 tiles of 1 MiB, as many of them in a frame as it may upload.
    while frames.len() < (512 << 20) / PER_FRAME {
        frames.push(time(|| staged.window.step()));
    }
    staged.window.run_steps(8);
    let quiet = median((0..100).map(|_| time(|| staged.window.step())).collect());
    row(&format!("Enhance: taking {EVENTS_PER_FRAME} tiles"), median(taking));
    row(&format!("Enhance: uploading {} MiB", PER_FRAME >> 20), (median(frames) - quiet).max(0.0));
}

/// Batches of few and of many pictures.
fn rows() {
    let [few, many] = [20, 20_000].map(|count| {
        let (worker, hand) = addersr::session::Worker::manual();
        let mut shell = staged::shell();
        let mut tab = Batch::with_workers(&shell, worker, staged::idle(), PathBuf::new());
        let mut all: Vec<_> = (0..count).map(|id| batch::row(id, "a picture of the sea", BatchState::Ready)).collect();
        let mut taking = Vec::new();
        while !all.is_empty() {
            while !all.is_empty() {
                let part = all.split_off(all.len().saturating_sub(256));
                if let Err(Event::Rows(back)) = hand.send(Event::Rows(part)) {
                    all.extend(back);
                    break;
                }
            }
            taking.push(time(|| tab.poll(&mut shell)));
        }
        while tab.state().rows.len() < count {
            taking.push(time(|| tab.poll(&mut shell)));
        }
        let harness = Harness::builder().with_size([900.0, 559.0]);
        let mut window = staged::stage(harness, Theme::Light, Box::new(tab), shell);
        window.run_steps(8);
        (median(taking), median((0..100).map(|_| time(|| window.step())).collect()))
    });
    row("Batch: taking the rows of a frame", many.0);
    row("Batch: a list of 20,000 rows rather than 20", (many.1 - few.1).max(0.0));
}
