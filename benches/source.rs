//! Which source the program finds in pictures, and how long it takes to.
//!
//!     cargo bench --bench source -- FILE…
//!
//! Without files: the time for made pictures of 12 and 24 megapixels, the fastest of ten.

use addersr::{
    image_io,
    session::source::Source,
    tensor::{Pixels, Samples},
};
use std::time::Instant;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    for file in &files {
        match image_io::decode(file.as_ref()) {
            Ok(picture) => {
                let source = Source::of(&picture);
                let (two, four) = (source.kind(2.0), source.kind(4.0));
                println!("{file}\t{two:?}\t{four:?}\t{source}\t{:?}", source.traces);
            }
            Err(error) => println!("{error}"),
        }
    }
    if files.is_empty() {
        for (width, height) in [(4000, 3000), (6000, 4000)] {
            let samples = (0..width * height * 3).map(|i: usize| (i * i % 241 / 8 + i / 7 % 200) as u8).collect();
            let Ok(pixels) = Pixels::new(width, height, 3, Samples::U8(samples)) else { continue };
            let times = (0..10).map(|_| {
                let start = Instant::now();
                std::hint::black_box(Source::of_pixels(&pixels));
                start.elapsed().as_secs_f64() * 1000.0
            });
            println!("{width}×{height}: {:.1} ms", times.fold(f64::INFINITY, f64::min));
        }
    }
}
