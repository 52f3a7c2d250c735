//! How fast the networks are on this photo, and how far.

use crate::session::view::Tile;

/// Tiles of the networks' sides in view.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct TilesInView {
    /// Those that are as they should be.
    pub(super) done: usize,
    /// All of them.
    pub(super) all: usize,
}

/// Pixels and seconds of a scene's networks, by side.
#[derive(Default)]
pub(super) struct Work([(f64, f64); 4]);

impl Work {
    /// Counts a tile that a network had to compute.
    pub(super) fn add(&mut self, tile: &Tile) {
        if let (Some(seconds), Some(side)) = (tile.seconds, tile.layer.side()) {
            let shrunk = (1usize << tile.level) as f64;
            self.0[side].0 += (tile.image.width * tile.image.height) as f64 * shrunk * shrunk;
            self.0[side].1 += seconds;
        }
    }

    /// Megapixels per second of all sides.
    pub(super) fn speed(&self) -> Option<f64> {
        speed(self.0.iter().fold((0.0, 0.0), |(pixels, seconds), of| (pixels + of.0, seconds + of.1)))
    }

    /// Those of one.
    pub(super) fn speed_of(&self, side: usize) -> Option<f64> {
        speed(self.0[side])
    }
}

fn speed((pixels, seconds): (f64, f64)) -> Option<f64> {
    (seconds > 0.0).then(|| pixels / 1e6 / seconds)
}
