//! Files damaged at random: no panic, and what is accepted all the same is a whole model.

use super::model;
use addersr::nn::{Model, weights::read_tensors};
use proptest::{collection::vec, prelude::*, sample::Index};

/// Reads bytes that may be anything. A model that comes out has all values its plan asks for, usable ones, and can be
/// written and read again.
fn read(bytes: &[u8]) -> bool {
    // What checkpoints are read with takes any tensors, hence accepts whatever a model's file may be.
    let tensors = read_tensors(bytes);
    let Ok(model) = Model::from_bytes(bytes) else { return false };
    assert_eq!(tensors.unwrap().0.len(), model.plan.params.len());
    assert_eq!(model.plan, model.plan.spec.plan());
    assert_eq!(model.params.values.len(), model.plan.params.len());
    for (spec, values) in model.plan.params.iter().zip(&model.params.values) {
        assert_eq!(values.len(), spec.numel(), "{}", spec.name);
        assert!(values.iter().all(|v| v.is_finite()), "{}", spec.name);
    }
    assert_eq!(Model::from_bytes(&model.to_bytes().unwrap()).unwrap(), model);
    true
}

fn header_end(bytes: &[u8]) -> usize {
    8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn truncated(at in any::<Index>()) {
        let bytes = model().to_bytes().unwrap();
        prop_assert!(!read(&bytes[..at.index(bytes.len())]), "a part passed for the whole");
    }

    #[test]
    fn bytes_changed_anywhere(changes in vec((any::<Index>(), any::<u8>()), 1..8)) {
        let mut bytes = model().to_bytes().unwrap();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        read(&bytes);
    }

    /// The header alone, with characters that keep it JSON more often than any byte would.
    #[test]
    fn characters_changed_in_the_header(
        changes in vec((any::<Index>(), prop::sample::select(b"0123456789-\"{}[],:. aeFU_".to_vec())), 1..4),
    ) {
        let mut bytes = model().to_bytes().unwrap();
        let end = header_end(&bytes);
        for (at, value) in changes {
            bytes[8 + at.index(end - 8)] = value;
        }
        read(&bytes);
    }

    #[test]
    fn parts_removed_or_repeated(from in any::<Index>(), to in any::<Index>(), repeat in any::<bool>()) {
        let bytes = model().to_bytes().unwrap();
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        let (from, to) = (from.min(to), from.max(to));
        let again = if repeat { &bytes[from..to] } else { &[] };
        let end = if repeat { from } else { to };
        read(&[&bytes[..from], again, &bytes[end..]].concat());
    }

    #[test]
    fn anything_at_all(length in 0..64_u64, bytes in vec(any::<u8>(), 0..64), valid_length in any::<bool>()) {
        let mut file = if valid_length { length.to_le_bytes().to_vec() } else { Vec::new() };
        file.extend(bytes);
        prop_assert!(!read(&file));
    }
}

/// The generators reach both answers: values may change, the description may not.
#[test]
fn a_changed_value_is_still_a_model() {
    let mut bytes = model().to_bytes().unwrap();
    let end = header_end(&bytes);
    bytes[end] ^= 1;
    assert!(read(&bytes));
    bytes[9] ^= 1;
    assert!(!read(&bytes));
}
