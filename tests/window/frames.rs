//! What a frame may do, counted: events that are taken, bytes that go to the graphics device. Nothing is lost by it.

use crate::staged::{Window, batch, enhance, layers};
use addersr::{
    session::{
        Worker,
        batch::{BatchState, Event as Told},
    },
    ui::{
        PER_FRAME, Settings, Shell,
        settings::Theme,
        tabs::{EVENTS_PER_FRAME, Tab, batch::Batch},
    },
};
use eframe::egui::TextureId;
use egui_kittest::Harness;
use std::{collections::HashSet, path::PathBuf, sync::Arc};

/// Watches which textures there are: every upload makes a new one.
#[derive(Default)]
struct Watch(HashSet<TextureId>);

impl Watch {
    /// Pictures that have come since the last time, and their bytes.
    fn news(&mut self, window: &Window) -> (usize, usize) {
        let textures = window.ctx.tex_manager();
        let textures = textures.read();
        let new = textures.allocated().filter(|(id, _)| self.0.insert(**id));
        new.fold((0, 0), |(count, bytes), (_, meta)| (count + 1, bytes + meta.bytes_used()))
    }
}

#[test]
fn five_hundred_tiles_arrive_a_few_per_frame_and_all_of_them() {
    // 16 × 16 squares of 480 pixels on either side, at full size.
    let mut staged = enhance::begin_black(Harness::builder().with_size([4300.0, 3900.0]), 3840);
    let wanted = staged.asked();
    assert_eq!(wanted.tiles.len(), 512);
    let mut left = wanted.tiles.clone();
    let mut watch = Watch::default();
    watch.news(&staged.window);
    let (mut seen, mut most, mut frames, mut total) = (0, 0, 0, 0);
    while seen < 512 {
        // As fast as the channel takes them: the worker is quicker than the window.
        while let Some(&key) = left.last() {
            if !staged.tell(&wanted, key, staged.plain(&wanted, key)) {
                break;
            }
            left.pop();
        }
        staged.window.step();
        let (count, bytes) = watch.news(&staged.window);
        (seen, most, total, frames) = (seen + count, most.max(bytes), total + bytes, frames + 1);
        assert!(frames < 2000, "{seen} of 512 tiles arrived");
    }
    assert!(most <= PER_FRAME, "{most} bytes in one frame");
    assert_eq!(total, 512 * 4 * 480 * 480, "each once");
    assert!(frames >= total / PER_FRAME);
}

#[test]
fn the_channels_of_a_layer_come_a_few_per_frame() {
    // 32 channels of 256 × 256 values would be 8 MiB at once.
    let builder = Harness::builder().with_size([1400.0, 900.0]);
    let mut staged = layers::begin(builder, Theme::Light, (256, 256), 256);
    let mut watch = Watch::default();
    let (mut most, mut total) = (0, 0);
    layers::finish(&mut staged, |window| {
        let (_, bytes) = watch.news(window);
        (most, total) = (most.max(bytes), total + bytes);
    });
    assert!(total >= 32 * 4 * 256 * 256, "all channels came: {total} bytes");
    assert!(most <= PER_FRAME, "{most} bytes in one frame");
}

#[test]
fn events_are_taken_so_many_per_frame_and_what_is_left_waits() {
    let (worker, hand) = Worker::manual();
    let woken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = woken.clone();
    let wake = Arc::new(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    });
    let mut shell = Shell::new(wake, Settings { device: "cpu".to_owned(), ..Settings::default() });
    let mut tab = Batch::with_workers(&shell, worker, crate::staged::idle(), PathBuf::new());
    let mut told = 0;
    while hand.send(Told::Rows(vec![batch::row(told, "a", BatchState::Ready)])).is_ok() {
        told += 1;
    }
    assert!(told >= EVENTS_PER_FRAME, "the channel holds at least {EVENTS_PER_FRAME}");
    let mut before = 0;
    while tab.state().rows.len() < told {
        tab.poll(&mut shell);
        let now = tab.state().rows.len();
        assert!(now > before && now - before <= EVENTS_PER_FRAME, "from {before} to {now} rows");
        let wakes = woken.load(std::sync::atomic::Ordering::SeqCst);
        assert!(now == told || wakes > 0, "another frame was asked for");
        before = now;
    }
}
