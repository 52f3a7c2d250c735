//! Pictures to train on: seeded, with edges and texture, written as PNG.

use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    tensor::{Pixels, Samples},
};
use std::path::Path;

/// Writes `count` pairs of small pictures of `side × side` pixels and large ones of `scale` times that.
pub(crate) fn write_pairs(folder: &Path, count: usize, side: usize, scale: usize) {
    for (name, side) in [("lr", side), ("hr", side * scale)] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        write(&folder, count, side);
    }
}

/// Writes `count` pictures of `side × side` pixels.
pub(crate) fn write(folder: &Path, count: usize, side: usize) {
    for i in 0..count {
        let mut samples = Vec::with_capacity(side * side * 3);
        for y in 0..side {
            for x in 0..side {
                // Slanted bars of changing width, different in each picture and channel.
                for c in 0..3 {
                    let bar = (x * (i + 2) + y * (c + 1)) / 5 % 2;
                    samples.push((40 + 150 * bar + (x * y * (i + 1)) % 17) as u8);
                }
            }
        }
        let pixels = Pixels::new(side, side, 3, Samples::U8(samples)).expect("sizes agree");
        let path = folder.join(format!("picture {i}.png"));
        encode(&pixels, &Metadata::default(), &path, &EncodeOptions::new(Format::Png)).expect("a temporary folder");
    }
}
