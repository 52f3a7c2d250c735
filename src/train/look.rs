//! What can be said of a picture before it is trained on: whether there is anything to learn from it, and whether it was
//! compressed so hard that the network would learn the blocks.

use super::error::TrainError;
use crate::{
    metrics::{self, Psnr},
    tensor::{Depth, Pixels, Samples, Size, resample::resize, shrink::shrink_u8},
};

/// Side of the piece from the middle that is measured: enough to judge by, quick on a large photo.
const PIECE: usize = 512;
/// Bicubic alone restores such a picture, in dB: ten more than the mean of the benchmarks' photographs.
const SOFT: f64 = 44.0;
/// How much larger differences are at block borders than within blocks.
const BLOCKS: f64 = 1.2;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Its size.
    pub size: Size,
    /// The same for equal pixels, whatever the file.
    pub content: u64,
    /// What bicubic restores after shrinking, in dB: high where there is nothing to learn.
    pub bicubic: f64,
    /// Ratio of differences at the borders of 8 × 8 blocks to those within.
    pub blocks: f64,
}

impl Look {
    /// Whether bicubic alone does it, so that the picture teaches little.
    pub fn is_soft(&self) -> bool {
        self.bicubic > SOFT
    }

    /// Whether the blocks of a strong compression show.
    pub fn is_compressed(&self) -> bool {
        self.blocks > BLOCKS
    }
}

/// Measures an 8-bit RGB picture.
///
/// # Errors
/// If it is smaller than one pixel of the shrunken picture.
pub fn look(picture: &Pixels, scale: usize) -> Result<Look, TrainError> {
    let (h, w) = (picture.height.min(PIECE) / scale * scale, picture.width.min(PIECE) / scale * scale);
    let piece = picture.crop((picture.height - h) / 2, (picture.width - w) / 2, h.max(1), w.max(1))?;
    let restored =
        Pixels::from_tensors(&resize(&shrink_u8(&piece, scale)?.rgb(), Size::new(w, h)), None, Depth::Eight)?;
    // A piece that is nothing but border cannot be compared; it is too small to be trained on anyway.
    let bicubic = match metrics::compare(&piece, &restored, scale).map(|q| q.psnr) {
        Ok(Psnr::Db(db)) => db,
        Ok(Psnr::Identical) => 100.0,
        Err(_) => 0.0,
    };
    Ok(Look { size: picture.size(), content: content(picture), bicubic, blocks: blocks(&piece) })
}

/// FNV-1a of size and samples.
fn content(picture: &Pixels) -> u64 {
    let step = |h: u64, v: u64| (h ^ v).wrapping_mul(0x0100_0000_01b3);
    let start = step(step(0xcbf2_9ce4_8422_2325, picture.width as u64), picture.height as u64);
    match &picture.samples {
        Samples::U8(v) => v.iter().fold(start, |h, &s| step(h, u64::from(s))),
        Samples::U16(v) => v.iter().fold(start, |h, &s| step(h, u64::from(s))),
    }
}

/// Mean difference across the columns where 8 × 8 blocks meet, relative to the median of the other seven phases. Where the
/// blocks begin is unknown in a picture that was cut after compression, so the strongest phase counts.
fn blocks(piece: &Pixels) -> f64 {
    let Samples::U8(v) = &piece.samples else { return 1.0 };
    let (w, c) = (piece.width, piece.channels);
    let mut phases = [(0.0f64, 0usize); 8];
    for row in v.chunks_exact(w * c) {
        let at = |x: usize| i32::from(row[x * c + c / 2]);
        for x in 1..w.saturating_sub(2) {
            // The step between x and x + 1 that its neighbours do not explain.
            let step = (2 * (at(x) - at(x + 1)) - (at(x - 1) - at(x)) - (at(x + 1) - at(x + 2))).unsigned_abs();
            let phase = &mut phases[x % 8];
            *phase = (phase.0 + f64::from(step), phase.1 + 1);
        }
    }
    let mut means = phases.map(|(sum, n)| (sum + 1.0) / (n.max(1) as f64));
    means.sort_by(f64::total_cmp);
    means[7] / means[3]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image_io;

    fn sample() -> Pixels {
        let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/courtyard.png"));
        super::super::dataset::rgb8(&image_io::decode_bytes("courtyard.png".as_ref(), bytes).unwrap().pixels)
    }

    #[test]
    fn a_photo_is_neither_soft_nor_compressed_and_its_jpeg_is_found_out() {
        let photo = sample();
        let clean = look(&photo, 2).unwrap();
        assert!(!clean.is_soft() && !clean.is_compressed(), "{clean:?}");
        let jpeg = look(&image_io::jpeg_round_trip(&photo, 30).unwrap(), 2).unwrap();
        assert!(jpeg.is_compressed(), "{jpeg:?}");
        assert_ne!(clean.content, jpeg.content);
    }

    #[test]
    fn an_enlarged_picture_has_nothing_to_teach() {
        let small = sample().crop(0, 0, 96, 96).unwrap();
        let large = Pixels::from_tensors(&resize(&small.rgb(), Size::square(384)), None, Depth::Eight).unwrap();
        assert!(look(&large, 2).unwrap().is_soft(), "{:?}", look(&large, 2));
        assert!(look(&Pixels::black(3, 3, 3, Depth::Eight).unwrap(), 2).is_ok());
    }
}
