//! JPEG XL files that end too early. Made by libvips: one in one piece, two in two groups of 256×200 and 44×200 pixels, of which
//! one is lossless.

use std::path::{Path, PathBuf};

use addersr::image_io::{ErrorKind, Picture, decode, decode_bytes};
use addersr::tensor::{Pixels, Samples};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

fn eight(p: &Pixels) -> &[u8] {
    let Samples::U8(v) = &p.samples else { panic!("8 bits") };
    v
}

/// The first bytes of a file.
fn cut(name: &str, length: usize) -> Result<Picture, ErrorKind> {
    let bytes = std::fs::read(file(name)).unwrap();
    decode_bytes(Path::new("x"), &bytes[..length]).map_err(|e| e.kind)
}

/// Mean difference of two pictures in columns `from` to `to`.
fn off(a: &Pixels, b: &Pixels, from: usize, to: usize) -> f64 {
    let row = a.width * 3;
    let rows = eight(a).chunks_exact(row).zip(eight(b).chunks_exact(row));
    let all = rows.flat_map(|(a, b)| a[from * 3..to * 3].iter().zip(&b[from * 3..to * 3]));
    let sum: f64 = all.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / ((to - from) * 3 * a.height) as f64
}

#[test]
fn details_that_are_missing_are_blurred() {
    let whole = decode(&file("jxl_groups.jxl")).unwrap().pixels;
    let part = cut("jxl_groups.jxl", 6_680).unwrap();
    // The groups have 4,138 and 487 bytes; 140 of the second are there.
    assert!(part.missing.is_some_and(|share| (0.3..0.4).contains(&share)), "{:?}", part.missing);
    assert!(part.notes.iter().any(|note| note.contains("is missing")), "{:?}", part.notes);
    assert_eq!((part.pixels.width, part.pixels.height, part.pixels.channels), (300, 200, 3));
    assert!(off(&part.pixels, &whole, 0, 240) < 0.1);
    let blurred = off(&part.pixels, &whole, 260, 300);
    assert!(blurred > 0.3 && blurred < 20.0, "{blurred}");
}

#[test]
fn a_lossless_group_that_is_cut_is_grey_and_the_others_are_as_they_were() {
    let whole = decode(&file("jxl_lossless.jxl")).unwrap().pixels;
    let part = cut("jxl_lossless.jxl", 600).unwrap();
    assert_eq!(part.missing, Some(0.5), "one of two groups");
    assert_eq!(off(&part.pixels, &whole, 0, 256), 0.0);
    assert!(eight(&part.pixels).chunks_exact(900).all(|row| row[256 * 3..].iter().all(|&v| v == 128)));
}

#[test]
fn a_small_picture_is_read_as_far_as_it_goes_once_its_colours_are_known() {
    let whole = decode(&file("photo.jxl")).unwrap().pixels;
    let length = std::fs::metadata(file("photo.jxl")).unwrap().len() as usize;
    let (mut read, mut before) = (0, f64::INFINITY);
    for length in 20..length {
        match cut("photo.jxl", length) {
            Ok(part) if part.missing.is_none() => assert_eq!(part.pixels, whole, "{length}"),
            Ok(part) => {
                let share = part.missing.unwrap();
                assert!((0.0..=1.0).contains(&share) && share <= before, "{length}: {share} after {before}");
                assert!(off(&part.pixels, &whole, 0, 96) < 25.0, "{length}");
                (read, before) = (read + 1, share);
            }
            Err(error) => assert!(matches!(error, ErrorKind::Truncated { .. }) && read == 0, "{length}: {error}"),
        }
    }
    assert!(read > length / 4, "{read} of {length}");
}
