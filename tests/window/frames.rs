//! What a frame may do, counted: events that are taken, bytes that go to the graphics device. Nothing is lost by it.

use crate::staged::{Window, batch, enhance, layers};
use addersr::{
    session::{
        Worker,
        batch::{Event as Told, State},
    },
    ui::{
        PER_FRAME, Settings, Shell,
        settings::Theme,
        tabs::{EVENTS_PER_FRAME, Tab, batch::Batch},
    },
};
use eframe::egui::{TextureId, epaint::ImageDelta};
use egui_kittest::Harness;
use std::{collections::HashSet, path::PathBuf, sync::Arc};

/// Pictures (not letters) that the last frame brought to the device: their ids and bytes.
fn uploads(window: &Window) -> Vec<(TextureId, usize)> {
    let all = window.output().textures_delta.set.iter();
    let pictures = all.filter(|(id, _)| **id != TextureId::default());
    let bytes = |id: &TextureId, d: &ImageDelta| (*id, 4 * d.image.width() * d.image.height());
    pictures.flat_map(|(id, deltas)| deltas.iter().map(move |delta| bytes(id, delta))).collect()
}

fn bytes(uploads: &[(TextureId, usize)]) -> usize {
    uploads.iter().map(|(_, bytes)| bytes).sum()
}

#[test]
fn five_hundred_tiles_arrive_a_few_per_frame_and_all_of_them() {
    // 16 × 16 squares of 480 pixels, both sides: 512 tiles of 120 × 120 pixels at this zoom would be too easy. A large
    // screen shows them all at half size.
    let builder = Harness::builder().with_size([4300.0, 3900.0]);
    let mut staged = enhance::begin(builder, Theme::Light, (3840, 3840));
    let wanted = staged.asked();
    assert_eq!(wanted.tiles.len(), 512);
    let mut left = wanted.tiles.clone();
    let mut seen = HashSet::new();
    let (mut most, mut frames, mut total) = (0, 0, 0);
    while seen.len() < 512 {
        // As fast as the channel takes them: the worker is quicker than the window.
        while let Some(&key) = left.last() {
            if staged.hand.tell(staged.tile(&wanted, key)).is_err() {
                break;
            }
            left.pop();
        }
        staged.window.step();
        let now = uploads(&staged.window);
        most = most.max(bytes(&now));
        total += bytes(&now);
        seen.extend(now.iter().map(|(id, _)| *id));
        frames += 1;
        assert!(frames < 2000, "{} of 512 tiles arrived", seen.len());
    }
    assert!(most <= PER_FRAME, "{most} bytes in one frame");
    assert_eq!(total, 512 * 4 * 240 * 240, "each once");
    assert!(frames >= total / PER_FRAME);
}

#[test]
fn the_channels_of_a_layer_are_rationed_too() {
    let window = layers::filled(Harness::builder().with_size([1400.0, 900.0]), Theme::Light);
    // `filled` has drawn every frame; a new layer brings all its channels anew.
    let mut window = window;
    for _ in 0..40 {
        window.step();
        assert!(bytes(&uploads(&window)) <= PER_FRAME);
    }
}

#[test]
fn events_are_taken_so_many_per_frame_and_what_is_left_waits() {
    let (worker, hand) = Worker::by_hand();
    let woken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = woken.clone();
    let wake = Arc::new(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    });
    let mut shell = Shell::new(wake, Settings { device: "cpu".to_owned(), ..Settings::default() });
    let mut tab = Batch::with_workers(worker, crate::staged::idle(), PathBuf::new());
    let mut told = 0;
    while hand.tell(Told::Rows(vec![batch::row(told, "a", State::Ready)])).is_ok() {
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
