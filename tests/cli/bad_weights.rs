//! Models that cannot be used.

use crate::support::{Room, model, noise, rgb};

/// Runs with these bytes as the model; nothing may be written.
fn refused(bytes: &[u8], words: &[&str]) {
    let room = Room::new();
    room.picture("p.png", &rgb(6, 5));
    room.write("broken.safetensors", bytes);
    room.run(["upscale", "p.png", "--model", "broken.safetensors"]).failed(1, "broken.safetensors", words);
    room.run(["info", "broken.safetensors"]).failed(1, "broken.safetensors", words);
    assert_eq!(room.files(), ["broken.safetensors", "p.png"]);
}

#[test]
fn truncated() {
    let bytes = model(8, 1).to_bytes().unwrap();
    for length in [0, 4, 8, 100, bytes.len() / 2, bytes.len() - 1] {
        refused(&bytes[..length], &["damaged", "download or train it again"]);
    }
}

#[test]
fn not_weights() {
    refused(b"GIF89a, or a text, or anything else", &["not a safetensors file"]);
}

#[test]
fn of_another_shape() {
    let mut lying = model(8, 1);
    let mut other = model(12, 1);
    std::mem::swap(&mut lying.plan.spec, &mut other.plan.spec);
    refused(&lying.to_bytes().unwrap(), &["head.weight", "[8, 3, 3, 3]", "[12, 3, 3, 3]"]);
    let mut deeper = model(8, 1);
    deeper.plan.spec.depth = 2;
    refused(&deeper.to_bytes().unwrap(), &["body.1.0.adder.weight", "lacks"]);
    let mut shallower = model(8, 2);
    shallower.plan.spec.depth = 1;
    refused(&shallower.to_bytes().unwrap(), &["body.1.0", "no layer"]);
}

#[test]
fn not_finite() {
    // The program does not write such a file, so a value that is easy to find is replaced in a good one.
    let mut good = model(8, 1);
    good.params.values[0][3] = 12345.678;
    let mut bytes = good.to_bytes().unwrap();
    let at = bytes.windows(4).position(|w| w == 12345.678f32.to_le_bytes()).unwrap();
    bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    refused(&bytes, &["head.weight", "not finite"]);
}

#[test]
fn mutated_bytes_are_refused_or_harmless_but_never_a_panic() {
    let room = Room::new();
    room.picture("p.png", &rgb(6, 5));
    let bytes = model(8, 1).to_bytes().unwrap();
    let mut random = noise(11);
    for round in 0..24 {
        let mut mutated = bytes.clone();
        // Most of the damage where the structure is.
        let reach = if round % 4 == 0 { bytes.len() } else { 900 };
        for _ in 0..1 + round % 5 {
            let at = ((random() + 1.0) / 2.0 * reach as f32) as usize % bytes.len();
            mutated[at] = ((random() + 1.0) * 128.0) as u8;
        }
        room.write("x.safetensors", &mutated);
        let said = room.run(["upscale", "p.png", "--model", "x.safetensors", "--overwrite"]);
        assert!(matches!(said.code, Some(0 | 1)), "round {round}: {said:?}");
        assert!(!said.err.contains("panicked"), "round {round}: {said:?}");
        assert!(said.code == Some(0) || said.err.contains("x.safetensors"), "round {round}: {said:?}");
    }
}

#[test]
fn a_name_that_is_none() {
    let room = Room::new();
    room.picture("p.png", &rgb(6, 5));
    room.run(["upscale", "p.png", "--model", "aedrs"]).failed(2, "aedrs", &["aedsr", ".safetensors"]);
    room.run(["upscale", "p.png", "--model", "aedsr-paper"]).failed(1, "aedsr-paper", &["no weights ship", "train"]);
    room.run(["upscale", "p.png", "--model", "."]).failed(1, ".", &["regular file"]);
    assert_eq!(room.files(), ["p.png"]);
}
