//! What the tests of picture formats share: files of `tests/data/pictures`, and how they look.

use std::path::{Path, PathBuf};

use addersr::image_io::{Format, Picture, decode, probe};
use addersr::tensor::{Pixels, Samples};

/// A file of `tests/data/pictures`.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

/// A picture of the format, whose header says what it is.
pub fn read(name: &str, format: Format) -> Picture {
    let picture = decode(&file(name)).unwrap_or_else(|e| panic!("{e}"));
    let (header, p) = (probe(&file(name)).unwrap(), &picture.pixels);
    let stated = (header.width, header.height, header.channels, header.depth);
    assert_eq!(stated, (p.width, p.height, p.channels, p.depth()), "{name}");
    assert_eq!((picture.format, header.format, picture.missing), (format, format, None), "{name}");
    picture
}

/// The samples of the pixel in row `y` and column `x`.
pub fn at(p: &Pixels, y: usize, x: usize) -> Vec<u32> {
    let from = (y * p.width + x) * p.channels;
    match &p.samples {
        Samples::U8(v) => v[from..from + p.channels].iter().map(|&v| v.into()).collect(),
        Samples::U16(v) => v[from..from + p.channels].iter().map(|&v| v.into()).collect(),
    }
}

/// Four pixels are as they should be, up to `within`.
pub fn four_are(name: &str, p: &Pixels, size: (usize, usize), within: u32, want: [&[u32]; 4]) {
    assert_eq!((p.width, p.height), size, "{name}");
    for ((y, x), want) in [(0, 0), (5, 7), (11, 20), (p.height - 1, p.width - 1)].into_iter().zip(want) {
        let found = at(p, y, x);
        let near = found.len() == want.len() && found.iter().zip(want).all(|(a, b)| a.abs_diff(*b) <= within);
        assert!(near, "{name}: {found:?} at {x}, {y} instead of {want:?}");
    }
}
