//! What the window does in a frame beside drawing, in milliseconds, against the 4 ms that it may take.
//!
//!     cargo bench --bench window
//!
//! Tests count what a frame may do (`tests/window/frames.rs`); this tells what the most of it costs here. "taking" is what a
//! tab does with as many events as one frame takes. "uploading" is how much longer frames are in which pictures are converted
//! for the graphics device; the copy into the device's memory is the driver's and comes with drawing. All are medians.
//!
//! Then photos of 1, 12 and 24 megapixels (JPEG) are opened in a window of 1600×1000 points, ×2 on the CPU: seconds from the call to
//! the photo on the screen and to the first tile of the network, the longest frame until eight tiles are there, and the memory
//! that the process has by then. Each size is measured in a process of its own, by `--open SIDES`.

#[path = "../tests/staged/mod.rs"]
#[expect(dead_code, reason = "tests stage more than is measured")]
mod staged;

use addersr::{
    session::batch::{BatchState, Event},
    ui::{
        App, PER_FRAME, Settings,
        settings::Theme,
        tabs::{EVENTS_PER_FRAME, Tab, batch::Batch},
    },
};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use staged::{batch, enhance};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

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
    let mut arguments = std::env::args().skip_while(|argument| argument != "--open");
    if let Some(sides) = arguments.nth(1) {
        return opening(&sides);
    }
    println!("{:<56} {:>8} {:>9}", "", "ms", "of 4 ms");
    tiles();
    rows();
    println!("\n{:<16} {:>10} {:>12} {:>14} {:>10}", "", "photo, s", "a tile, s", "a frame, ms", "MB");
    for sides in ["1200x800", "4200x2850", "6000x4000"] {
        let program = std::env::current_exe().expect("this program has a path");
        let ended = std::process::Command::new(program).args(["--open", sides]).status();
        assert!(ended.is_ok_and(|status| status.success()), "{sides}");
    }
}

/// A photo in a window, until eight tiles of the network are there.
fn opening(sides: &str) {
    let (w, h) = sides.split_once('x').expect("WIDTHxHEIGHT");
    let (w, h): (u32, u32) = (w.parse().expect("a number"), h.parse().expect("a number"));
    let sample = include_bytes!("../assets/samples/courtyard.png");
    let sample = image::load_from_memory(sample).expect("the sample is a picture");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("photo.jpg");
    let large = sample.resize_exact(w, h, image::imageops::FilterType::CatmullRom).to_rgb8();
    large.save(&file).expect("there is room for a photo");
    drop(large);
    let settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    let began = Instant::now();
    let mut window = Harness::builder()
        .with_size([1600.0, 1000.0])
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), vec![file.clone()]));
    let (mut photo, mut tile, mut longest) = (None, None, 0.0f64);
    loop {
        let frame = time(|| window.step());
        longest = longest.max(frame);
        if window.state_mut().shell().photo.is_some() {
            photo.get_or_insert_with(|| began.elapsed().as_secs_f64());
        }
        match window.query_all_by_label_contains(" tiles").find_map(|node| done(&node)) {
            Some(8..) => break,
            Some(1..) => drop(tile.get_or_insert_with(|| began.elapsed().as_secs_f64())),
            _ => {}
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = |time: Option<f64>| time.map_or("-".to_owned(), |s| format!("{s:.2}"));
    let megabytes = resident().map_or("-".to_owned(), |bytes| format!("{:.0}", bytes as f64 / 1e6));
    println!("{sides:<16} {:>10} {:>12} {longest:>14.1} {megabytes:>10}", seconds(photo), seconds(tile));
}

/// The first number of "3 of 48 tiles".
fn done(node: &egui_kittest::Node<'_>) -> Option<usize> {
    let node = node.accesskit_node();
    node.value().or(node.label())?.split(' ').next()?.parse().ok()
}

/// Bytes of this process in memory, where the system tells them in `/proc`.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(1024 * line.split_whitespace().next()?.parse::<u64>().ok()?)
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
