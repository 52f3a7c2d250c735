//! A picture made small, for lists of many: with as little reading and computing as its file allows.
//!
//! In a camera's JPEG file a thumbnail lies near the beginning, in the EXIF block: nothing else is read. Other JPEG files are
//! decoded at half, a quarter or an eighth of their size, which takes a fraction of the time. Other formats are decoded whole.

use std::path::Path;

use super::super::error::{self, Error};
use super::super::format::Format;
use super::super::{file, orientation};
use super::{Decoded, Kind, START, decode_bytes, guarded, jpeg, recognise};
use crate::tensor::Pixels;

/// Bytes in which a camera's thumbnail lies: an EXIF block has 64 KB at most, and little stands before it.
const BEGINNING: u64 = 128 << 10;

/// A picture, upright: its longer side has at least `side` pixels, if the picture has so many, and may have more. Colours
/// are as stored.
///
/// # Errors
/// As [`decode`](super::decode).
pub fn thumbnail(path: &Path, side: usize) -> error::Result<Pixels> {
    let (handle, length) = file::open(path)?;
    let mut bytes = file::read_start(path, &handle, START)?;
    let jpeg = matches!(recognise(&bytes).map_err(|kind| Error::new(path, kind))?, Kind::Picture(Format::Jpeg));
    let small = |made: super::Result<Option<Decoded>>| {
        made.ok().flatten().map(|small| orientation::upright(small.pixels, small.orientation))
    };
    if jpeg {
        bytes.extend(file::read_start(path, &handle, BEGINNING)?);
        if let Some(pixels) = small(guarded(Format::Jpeg, || Ok(jpeg::thumbnail(&bytes, side)))) {
            return Ok(pixels);
        }
    }
    let bytes = file::read_rest(path, &handle, length, bytes)?;
    let scaled = if jpeg { small(guarded(Format::Jpeg, || jpeg::small(&bytes, side))) } else { None };
    // What is odd about a file is told by the decoder of whole pictures.
    scaled.map_or_else(|| Ok(decode_bytes(path, &bytes)?.pixels), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image_io::{EncodeOptions, Metadata, encode_to_vec};
    use crate::tensor::Samples;

    /// A picture whose left half is black and whose right half is white.
    fn halves(width: usize, height: usize) -> Pixels {
        let line = (0..width).flat_map(|x| [if x * 2 < width { 0 } else { 255 }; 3]);
        let samples = line.cycle().take(width * height * 3).collect();
        Pixels::new(width, height, 3, Samples::U8(samples)).unwrap()
    }

    fn bytes(pixels: &Pixels, format: Format) -> Vec<u8> {
        encode_to_vec(pixels, &Metadata::default(), &EncodeOptions::new(format)).unwrap().0
    }

    /// An EXIF block that states an orientation and holds a thumbnail.
    fn block(orientation: u16, thumbnail: &[u8]) -> Vec<u8> {
        let mut b = b"II*\0\x08\0\0\0\x01\0".to_vec();
        b.extend([0x12, 1, 3, 0, 1, 0, 0, 0]);
        b.extend(u32::from(orientation).to_le_bytes());
        b.extend(26u32.to_le_bytes());
        b.extend([2, 0]);
        for (tag, value) in [(513u16, 56), (514, thumbnail.len() as u32)] {
            b.extend(tag.to_le_bytes());
            b.extend([4, 0, 1, 0, 0, 0]);
            b.extend(value.to_le_bytes());
        }
        b.extend([0; 4]);
        assert_eq!(b.len(), 56);
        [&b, thumbnail].concat()
    }

    /// A JPEG file with this EXIF block.
    fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
        let length = (block.len() as u16 + 8).to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", block, &jpeg[2..]].concat()
    }

    fn of(bytes: &[u8], side: usize) -> Pixels {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a picture");
        std::fs::write(&file, bytes).unwrap();
        thumbnail(&file, side).unwrap()
    }

    #[test]
    fn pictures_become_no_smaller_than_asked_and_keep_their_shape() {
        let jpeg = bytes(&halves(640, 400), Format::Jpeg);
        for (side, w, h) in [(80, 80, 50), (81, 160, 100), (300, 320, 200), (321, 640, 400)] {
            let made = of(&jpeg, side);
            assert_eq!((made.width, made.height), (w, h), "{side}");
        }
        let png = bytes(&halves(64, 40), Format::Png);
        assert_eq!(of(&png, 8), halves(64, 40), "formats that cannot be made small are whole");
    }

    #[test]
    fn the_camera_s_own_thumbnail_is_taken_where_it_shows_the_picture() {
        let large = bytes(&halves(640, 400), Format::Jpeg);
        // Of one grey, to be told from the picture.
        let grey =
            |w: usize, h: usize| bytes(&Pixels::new(w, h, 3, Samples::U8(vec![100; w * h * 3])).unwrap(), Format::Jpeg);
        let is_grey =
            |pixels: &Pixels| matches!(&pixels.samples, Samples::U8(v) if v.iter().all(|v| v.abs_diff(100) < 3));
        let made = |thumbnail: &[u8], side| of(&with_exif(&large, &block(1, thumbnail)), side);
        assert!(is_grey(&made(&grey(160, 100), 160)));
        assert!(!is_grey(&made(&grey(160, 100), 161)), "it is too small");
        assert!(!is_grey(&made(&grey(160, 120), 120)), "another shape: it has bars");
        assert!(!is_grey(&made(b"nothing", 80)), "it is none");
    }

    #[test]
    fn small_pictures_stand_upright() {
        let thumb = bytes(&halves(160, 100), Format::Jpeg);
        for side in [160, 170] {
            let file = with_exif(&bytes(&halves(640, 400), Format::Jpeg), &block(6, &thumb));
            let pixels = of(&file, side);
            assert!(pixels.width < pixels.height, "turned a quarter");
            let Samples::U8(v) = &pixels.samples else { panic!("8 bits") };
            assert!(v[0] < 30 && v[v.len() - 1] > 225, "what was left is above");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gone.jpg");
        assert!(thumbnail(&file, 80).unwrap_err().to_string().contains("gone.jpg"));
        std::fs::write(&file, b"\xff\xd8\xff\xe0 no more").unwrap();
        assert!(thumbnail(&file, 80).is_err());
    }
}
