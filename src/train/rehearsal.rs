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
    let mut pairs = Vec::new();
    for (name, bytes) in SAMPLES {
        let large = rgb8(&image_io::decode_bytes(name.as_ref(), bytes)?.pixels);
        match Pair::new(name.as_ref(), large, scale, least, degradation) {
            Ok(pair) => pairs.push(pair),
            // The smaller of them may be too small while the other one is not.
            Err(TrainError::NoPictures { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if pairs.is_empty() { Err(TrainError::Rehearsal(least * scale)) } else { Ok(pairs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        nn::Arch,
        tensor::{Pixels, Samples},
        train::{Settings, dataset::Dataset, patches::draw},
    };

    fn data() -> Dataset {
        let samples = Samples::U8((0..60 * 50 * 3).map(|i| (i * 31 % 256) as u8).collect());
        let large = Pixels::new(60, 50, 3, samples).unwrap();
        let train = vec![Pair::new("own".as_ref(), large, 2, 8, Degradation::Bicubic).unwrap()];
        Dataset { train, held_out: Vec::new(), typical_energy: 1.0, rehearsed: None, skipped: Vec::new(), scale: 2 }
    }

    #[test]
    fn a_share_of_the_patches_is_rehearsed_and_the_others_are_as_without() {
        let without = Settings { batch: 4, patch: 8, ..Settings::default() };
        let with = Settings { rehearsal: 0.5, ..without.clone() };
        let (own, both) = (data().rehearsing(&without).unwrap(), data().rehearsing(&with).unwrap());
        assert!(own.rehearsed.is_none());
        let patches = |data: &Dataset, settings: &Settings| -> Vec<Vec<f32>> {
            let batch = draw(data, Arch::Aedsr, settings, 7).unwrap();
            batch.input.data.chunks_exact(8 * 8 * 3).map(<[f32]>::to_vec).collect()
        };
        let (own, both) = (patches(&own, &without), patches(&both, &with));
        assert_eq!(own[2..], both[2..]);
        assert!(own[0] != both[0] && own[1] != both[1]);
    }

    #[test]
    fn one_patch_is_always_of_ones_own_and_patches_that_do_not_fit_are_refused() {
        let settings = Settings { rehearsal: 1.0, batch: 3, ..Settings::default() };
        assert_eq!(settings.rehearsed(), 2);
        assert_eq!(Settings { rehearsal: f32::NAN, ..settings.clone() }.rehearsed(), 0);
        let large = Settings { patch: 128, ..settings.clone() };
        assert_eq!(data().rehearsing(&large).unwrap().rehearsed.map(|(pairs, _)| pairs.len()), Some(1));
        let larger = Settings { patch: 256, ..settings };
        assert!(matches!(data().rehearsing(&larger), Err(TrainError::Rehearsal(512))));
    }
}
