//! Pictures of other kinds that a fine-tuning run goes on looking at, so that it does not forget them.
//!
//! A network that sees one kind of picture only forgets the others at once, and a batch norm that has seen pages of text
//! alone is wrong for every photograph. Rehearsal (Robins, "Catastrophic Forgetting, Rehearsal and Pseudorehearsal", 1995)
//! is the oldest remedy and the simplest: a share of every step's patches, and of the batches that the norms' statistics
//! are taken from, comes from pictures of the old kind. The two sample photos that ship serve; what it costs and what it
//! saves is measured in the README.

use super::{
    dataset::{Pair, rgb8},
    degrade::Degradation,
    error::TrainError,
};
use crate::image_io;

/// The sample photos, by name.
pub const SAMPLES: [(&str, &[u8]); 2] = [
    ("courtyard.png", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/courtyard.png"))),
    ("wren.png", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/wren.png"))),
];

/// The pairs that are rehearsed; `least` is the side of a patch in small pixels.
pub(super) fn pairs(scale: usize, least: usize, degradation: Degradation) -> Result<Vec<Pair>, TrainError> {
    let pair = |(name, bytes): (&str, &[u8])| -> Result<Pair, TrainError> {
        let large = rgb8(&image_io::decode_bytes(name.as_ref(), bytes)?.pixels);
        Pair::new(name.as_ref(), large, scale, least, degradation)
    };
    SAMPLES.into_iter().map(pair).collect()
}
