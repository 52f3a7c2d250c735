//! Pictures that the story needs, cut from the samples.

use addersr::{
    image_io::{EncodeOptions, Format, Metadata, decode, encode},
    tensor::{Pixels, Samples},
};
use std::path::{Path, PathBuf};

/// A sample's path.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples").join(name)
}

/// A piece of a picture, `w` × `h` pixels from column `x` and row `y`.
fn piece(of: &Pixels, (x, y): (usize, usize), (w, h): (usize, usize)) -> Pixels {
    let Samples::U8(samples) = &of.samples else { panic!("samples are 8 bit") };
    let c = of.channels;
    let row = |r: usize| samples[((y + r) * of.width + x) * c..][..w * c].iter().copied();
    Pixels::new(w, h, c, Samples::U8((0..h).flat_map(row).collect())).expect("the piece lies inside")
}

/// Writes pieces of the sample, all of one size: name and corner.
pub(crate) fn pieces(folder: &Path, size: (usize, usize), pieces: &[(&str, (usize, usize))]) {
    std::fs::create_dir_all(folder).expect("a temporary folder");
    let whole = decode(&sample("courtyard.png")).expect("the sample is a picture").pixels;
    for &(name, corner) in pieces {
        let path = folder.join(name);
        let options = EncodeOptions::new(Format::from_path(&path).expect("a known ending"));
        encode(&piece(&whole, corner, size), &Metadata::default(), &path, &options).expect("it is written");
    }
}
