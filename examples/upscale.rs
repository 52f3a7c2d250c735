//! Enlarges a photo: `cargo run --release --example upscale -- photo.jpg photo_x2.png`.

use addersr::{
    backend::cpu::Cpu,
    image_io::{EncodeOptions, Format, decode, encode},
    infer::{Bundled, CancelToken, Job, Silent, Target, tiles::TileSize, upscale},
};
use std::{error::Error, path::Path, sync::Arc};

fn main() -> Result<(), Box<dyn Error>> {
    let path = |i| std::env::args_os().nth(i).ok_or("usage: upscale PHOTO RESULT");
    enlarge(path(1)?.as_ref(), path(2)?.as_ref())
}

/// Writes the photo `from` at twice its size to `to`; the ending chooses the format.
pub fn enlarge(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let photo = decode(from)?;
    let model = Arc::new(Bundled::named("x2").ok_or("no model of that name ships")?.model()?);
    let job = Job { model, target: Target::Factor(2.0), tile: TileSize::Automatic, ensemble: false, strength: None };
    let large = upscale(&photo.pixels, &job, &Cpu::new(), &mut Silent, &CancelToken::default())?;
    let format = Format::from_path(to).ok_or("the ending names no format")?;
    encode(&large, &photo.meta, to, &EncodeOptions::new(format))?;
    Ok(())
}
