//! Odd and damaged GIF, BMP and WebP files. Means of the pictures are Pillow's and libvips'.

use std::path::{Path, PathBuf};

use addersr::image_io::{EncodeOptions, Format, Metadata, Picture, decode, decode_bytes, dimensions, encode_to_vec};
use addersr::tensor::{Pixels, Samples, Size};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

fn read(name: &str) -> Picture {
    decode(&file(name)).unwrap_or_else(|e| panic!("{e}"))
}

fn eight(p: &Pixels) -> &[u8] {
    let Samples::U8(v) = &p.samples else { panic!("not 8 bits") };
    v
}

fn mean(p: &Pixels) -> f64 {
    eight(p).iter().map(|&v| f64::from(v)).sum::<f64>() / eight(p).len() as f64
}

#[test]
fn jpeg_xl_is_read() {
    let picture = read("photo.jxl");
    let crop = read("crop.png").pixels;
    assert_eq!(dimensions(&file("photo.jxl")).unwrap(), Size::new(96, 64));
    let off = eight(&picture.pixels).iter().zip(eight(&crop)).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>();
    assert!(off / 18_432.0 < 4.0, "{}", off / 18_432.0);
    assert_eq!((picture.format, picture.meta.icc, picture.notes.len()), (Format::Jxl, None, 0));
}

#[test]
fn a_gif_is_as_large_as_its_first_picture() {
    for name in ["oversized_frame.gif", "zeroscreen.gif"] {
        let picture = read(name);
        assert_eq!((picture.pixels.width, picture.pixels.height, picture.pixels.channels), (48, 32, 3), "{name}");
        assert_eq!(dimensions(&file(name)).unwrap(), Size::new(48, 32));
        assert!((mean(&picture.pixels) - (144.5 + 101.3 + 71.5) / 3.0).abs() < 0.1, "{name}");
    }
    let still = read("notrailer.gif");
    assert_eq!((still.missing, still.notes), (None, Vec::new()));
}

#[test]
fn bmp_files_with_odd_headers_are_read_with_their_profile() {
    let crop = read("crop.png").pixels;
    for name in ["reserved_nonzero.bmp", "v5_icc.bmp"] {
        assert_eq!(read(name).pixels, crop, "{name}");
    }
    let picture = read("v5_icc.bmp");
    assert_eq!(picture.meta.icc.as_ref().unwrap().get(36..40), Some(&b"acsp"[..]));
    let (bytes, _) = encode_to_vec(&picture.pixels, &picture.meta, &EncodeOptions::new(Format::Png)).unwrap();
    assert_eq!(decode_bytes(Path::new("x"), &bytes).unwrap().meta.icc, picture.meta.icc);
}

/// The rows that are there are right, the last pixel is grey, and a note says how much that is.
fn is_part_of(picture: &Picture, whole: &Pixels, what: &str) {
    let share = picture.missing.unwrap_or_else(|| panic!("{what}: nothing is missing"));
    assert!(share > 0.0 && share < 1.0 && picture.notes.iter().any(|n| n.contains("damaged")), "{what}: {share}");
    let (p, rows) = (&picture.pixels, ((1.0 - share) * whole.height as f64).floor() as usize);
    assert_eq!((p.width, p.height, p.channels), (whole.width, whole.height, whole.channels), "{what}");
    if rows > 0 {
        assert!(
            p.crop(0, 0, rows, p.width).unwrap() == whole.crop(0, 0, rows, p.width).unwrap(),
            "{what}: {rows} rows"
        );
    }
    assert_eq!(eight(&p.crop(p.height - 1, p.width - 1, 1, 1).unwrap()), [128; 3], "{what}");
}

#[test]
fn webp_and_gif_files_that_end_early_are_read_as_far_as_they_go() {
    let crop = read("crop.png").pixels;
    let (webp, _) = encode_to_vec(&crop, &Metadata::default(), &EncodeOptions::new(Format::WebP)).unwrap();
    is_part_of(&decode_bytes(Path::new("x"), &webp[..webp.len() * 3 / 4]).unwrap(), &crop, "lossless");
    let gif = std::fs::read(file("notrailer.gif")).unwrap();
    let whole = decode_bytes(Path::new("x"), &gif).unwrap().pixels;
    // Its rows come in turns.
    let part = decode_bytes(Path::new("x"), &gif[..gif.len() * 2 / 3]).unwrap();
    let pairs = eight(&part.pixels).chunks(3).zip(eight(&whole).chunks(3));
    let lost = pairs.clone().filter(|(part, _)| *part == [128; 3]).count();
    assert!(pairs.clone().all(|(part, whole)| part == [128; 3] || part == whole));
    assert!((part.missing.unwrap() - lost as f64 / 6144.0).abs() < 0.01 && lost > 1000, "{lost} {:?}", part.missing);
    assert!(decode_bytes(Path::new("x"), &webp[..60]).is_err());
}

#[test]
fn a_bmp_file_that_ends_early_has_its_lower_rows() {
    let crop = read("crop.png").pixels;
    let (bmp, _) = encode_to_vec(&crop, &Metadata::default(), &EncodeOptions::new(Format::Bmp)).unwrap();
    // 96 pixels of three bytes a row; 24 of 64 rows are not there.
    let mut cut = bmp[..bmp.len() - 24 * 288].to_vec();
    let part = decode_bytes(Path::new("x"), &cut).unwrap();
    assert_eq!((part.missing, part.notes.len()), (Some(24.0 / 64.0), 1));
    assert_eq!(part.pixels.crop(24, 0, 40, 96).unwrap(), crop.crop(24, 0, 40, 96).unwrap());
    assert!(eight(&part.pixels.crop(0, 0, 24, 96).unwrap()).iter().all(|&v| v == 128));
    // The same upside down.
    cut[22..26].copy_from_slice(&(-64i32).to_le_bytes());
    let part = decode_bytes(Path::new("x"), &cut).unwrap().pixels;
    assert_eq!(part.crop(0, 0, 1, 96).unwrap(), crop.crop(63, 0, 1, 96).unwrap());
    assert!(eight(&part.crop(40, 0, 24, 96).unwrap()).iter().all(|&v| v == 128));
}

#[test]
fn a_webp_file_that_is_whole_but_for_its_stated_length_is_whole() {
    let crop = read("crop.png").pixels;
    let (mut bytes, _) = encode_to_vec(&crop, &Metadata::default(), &EncodeOptions::new(Format::WebP)).unwrap();
    bytes[5] += 4;
    let picture = decode_bytes(Path::new("x"), &bytes).unwrap();
    assert_eq!((picture.pixels, picture.missing), (crop, None));
}
