//! The parts of a picture that are looked at: luma of squares spread over it, so that a large picture costs no more than a
//! middling one.

use crate::tensor::{Pixels, Samples};

/// Squares that are looked at, at most.
const MOST: usize = 256;
/// The distance of squares that touch, in pixels: a multiple of [`SIDE`](super::blocks::SIDE).
const STEP: usize = 64;
/// Pixels that a square reaches into the next one: with these, whole blocks fit into it wherever their grid begins.
const MORE: usize = 8;

/// One square, or what fits of it.
pub(super) struct Cut {
    /// Columns.
    pub(super) width: usize,
    /// Rows.
    pub(super) height: usize,
    /// `[height, width]` in `0..=255`.
    pub(super) luma: Vec<f32>,
    /// Whether all of it is opaque; the colour of what is not means nothing.
    solid: bool,
}

/// The squares, each at a multiple of eight pixels; those with transparent pixels only where there are no others.
pub(super) fn cuts(pixels: &Pixels) -> Vec<Cut> {
    let count = |side: usize| (side.saturating_sub(MORE) / STEP).max(1);
    let (rows, columns) = (count(pixels.height), count(pixels.width));
    let all = rows * columns;
    let chosen = all.min(MOST);
    let places = (0..chosen).map(|i| i * all / chosen);
    let mut cuts: Vec<Cut> = places.map(|i| cut(pixels, i / columns * STEP, i % columns * STEP)).collect();
    if cuts.iter().any(|cut| cut.solid) {
        cuts.retain(|cut| cut.solid);
    }
    cuts
}

/// The square whose corner is at row `y` and column `x`.
fn cut(pixels: &Pixels, y: usize, x: usize) -> Cut {
    let (width, height) = ((STEP + MORE).min(pixels.width - x), (STEP + MORE).min(pixels.height - y));
    let mut cut = Cut { width, height, luma: Vec::with_capacity(width * height), solid: true };
    let c = pixels.channels;
    for row in y..y + height {
        let at = (row * pixels.width + x) * c;
        let samples = at..at + width * c;
        match &pixels.samples {
            Samples::U8(v) => cut.read(&v[samples], c, 255.0),
            Samples::U16(v) => cut.read(&v[samples], c, 65_535.0),
        }
    }
    cut
}

impl Cut {
    /// Takes a row of samples in.
    fn read<T: Copy + Into<f32>>(&mut self, row: &[T], channels: usize, full: f32) {
        let weights = if channels < 3 { [1.0, 0.0, 0.0] } else { [0.299, 0.587, 0.114] }.map(|w| w * 255.0 / full);
        for p in row.chunks_exact(channels) {
            self.luma.push(weights.iter().zip(p).map(|(weight, &v)| weight * v.into()).sum());
            self.solid &= !channels.is_multiple_of(2) || p[channels - 1].into() == full;
        }
    }
}
