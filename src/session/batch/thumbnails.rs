//! Small pictures for the list, on a thread of their own, so that neither the list nor the run waits for them.

use super::row::RowId;
use crate::{
    image_io,
    session::{Failure, JobId, Work, WorkerContext},
    tensor::{Pixels, Samples},
};
use std::path::PathBuf;

/// Longest side of a thumbnail, in pixels: sharp at 40 points on a screen of twice the density.
const SIDE: usize = 80;

/// A thumbnail: columns, rows, and 8-bit RGB; nothing for what cannot be read.
pub type Thumbnail = Option<(usize, usize, Vec<u8>)>;

/// Makes thumbnails, the last asked for first: those are what is looked at.
#[derive(Default)]
pub struct Thumbnails {
    waiting: Vec<(RowId, PathBuf)>,
}

impl Work for Thumbnails {
    type Command = (RowId, PathBuf);
    type Event = (RowId, Thumbnail);

    fn handle(&mut self, command: Self::Command, _desk: &WorkerContext<Self>) {
        self.waiting.push(command);
    }

    fn go_on(&mut self, desk: &WorkerContext<Self>) -> bool {
        let Some((id, path)) = self.waiting.pop() else { return false };
        desk.emit((id, image_io::decode(&path).ok().map(|picture| small(&picture.pixels))));
        true
    }

    /// No job is ever in hand: a thumbnail that panics is one that does not come.
    fn failed(_: JobId, _: Failure) -> Self::Event {
        (RowId::MAX, None)
    }
}

/// Every so many pixels one: enough to recognise a photo, and no float is made of 24 megapixels.
fn small(p: &Pixels) -> (usize, usize, Vec<u8>) {
    let step = (p.width.max(p.height) as f64 / SIDE as f64).max(1.0);
    let (w, h) = ((p.width as f64 / step).ceil() as usize, (p.height as f64 / step).ceil() as usize);
    let at = |i: usize, of: usize| (((i as f64 + 0.5) * step) as usize).min(of - 1);
    let sample = |i: usize| match &p.samples {
        Samples::U8(v) => v[i],
        Samples::U16(v) => (v[i] >> 8) as u8,
    };
    let mut rgb = Vec::with_capacity(w * h * 3);
    for y in 0..h {
        for x in 0..w {
            let pixel = (at(y, p.height) * p.width + at(x, p.width)) * p.channels;
            let colours = if p.channels >= 3 { [0, 1, 2] } else { [0, 0, 0] };
            rgb.extend(colours.map(|c| sample(pixel + c)));
        }
    }
    (w, h, rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbnails_are_small_rgb_and_keep_proportions() {
        for (w, h, channels, size) in [(800, 200, 3, (80, 20)), (3, 2, 1, (3, 2)), (1, 500, 4, (1, 80))] {
            let p = Pixels::new(w, h, channels, Samples::U16(vec![0x8040; w * h * channels])).unwrap();
            let (tw, th, rgb) = small(&p);
            assert_eq!((tw, th), size);
            assert_eq!(rgb, vec![0x80; tw * th * 3]);
        }
    }
}
