//! AVIF files. Made by avifenc and Pillow; the values are those that avifdec and Pillow read, and heif-convert where they round BT.709's
//! blue coarsely.

mod common;

use std::path::Path;

use addersr::image_io::{ErrorKind, Format, Picture, decode, decode_bytes, dimensions};
use addersr::tensor::Size;
use common::pictures::{self, at, file};

fn read(name: &str) -> Picture {
    pictures::read(name, Format::Avif)
}

/// Four pixels of a picture are as another reader has them, up to rounding.
fn is(name: &str, size: (usize, usize), within: u32, want: [&[u32]; 4]) -> Picture {
    let picture = read(name);
    pictures::four_are(name, &picture.pixels, size, within, want);
    picture
}

const SIZE: (usize, usize) = (33, 23);

#[test]
fn every_way_of_coding_colours_is_read() {
    is("avif420.avif", SIZE, 1, [&[30, 179, 61], &[46, 161, 110], &[180, 92, 66], &[186, 105, 83]]);
    is("avif422_limited.avif", SIZE, 1, [&[29, 181, 62], &[29, 182, 60], &[180, 93, 67], &[187, 104, 82]]);
    is("avif444_lossless.avif", SIZE, 0, [&[30, 180, 60], &[30, 180, 60], &[178, 91, 61], &[186, 102, 83]]);
    is("avif_grey.avif", SIZE, 0, [&[121], &[121], &[115], &[127]]);
    is("avif_grid.avif", (128, 128), 1, [&[220, 40, 31], &[220, 40, 31], &[220, 40, 31], &[79, 43, 55]]);
}

#[test]
fn ten_and_twelve_bits_become_sixteen() {
    let ten: [&[u32]; 4] =
        [&[8045, 46268, 15479], &[7765, 46622, 15912], &[46631, 23993, 17118], &[47931, 26719, 21240]];
    let picture = is("avif_ten.avif", SIZE, 40, ten);
    // Perceptual quantisation with the primaries of BT.2020.
    assert_eq!(picture.meta.cicp, Some([9, 16, 0, 1]));
    assert!(picture.meta.icc.is_some());
    let twelve: [&[u32]; 4] =
        [&[7431, 46419, 16368], &[13276, 43133, 29927], &[45749, 23774, 16898], &[48162, 26726, 21026]];
    is("avif_twelve_limited.avif", SIZE, 40, twelve);
}

#[test]
fn transparency_is_read_and_colour_multiplied_by_it_divided_again() {
    let alpha: [&[u32]; 4] = [&[30, 179, 61, 0], &[46, 161, 110, 56], &[180, 92, 66, 160], &[186, 105, 83, 0]];
    is("avif_alpha.avif", SIZE, 1, alpha);
    let picture = read("avif_premultiplied.avif");
    // Division makes a step of colour larger where little is to be seen.
    for ((y, x), want) in [((5, 7), [50, 160, 41, 56]), ((11, 20), [179, 89, 62, 160])] {
        let found = at(&picture.pixels, y, x);
        assert!(found.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= 4), "{found:?} instead of {want:?}");
    }
}

/// The file with other turns than a quarter clockwise: `irot` and `imir` of its boxes changed.
fn turned(turn: u8, mirror: Option<u8>) -> Picture {
    let mut bytes = std::fs::read(file("avif_turned.avif")).unwrap();
    let place = bytes.windows(4).position(|w| w == b"irot").unwrap();
    bytes[place + 4] = turn;
    if let Some(mirror) = mirror {
        let place = bytes.windows(4).position(|w| w == b"imir").unwrap();
        bytes[place + 4] = mirror;
    }
    decode_bytes(Path::new("x"), &bytes).unwrap()
}

#[test]
fn turns_and_mirrors_are_applied_and_metadata_kept() {
    let picture = read("avif_turned.avif");
    assert_eq!(dimensions(&file("avif_turned.avif")).unwrap(), Size::new(23, 33));
    assert_eq!(at(&picture.pixels, 0, 0), at(&read("avif420.avif").pixels, 22, 0));
    let exif = picture.meta.exif.unwrap();
    assert!(exif.windows(19).any(|w| w == b"2024:01:02 03:04:05"));
    assert_eq!(
        picture.meta.xmp.as_deref(),
        Some(&b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" a=\"b\">text</x:xmpmeta>"[..])
    );
    // Counter-clockwise.
    let stored = read("avif420.avif").pixels;
    assert_eq!(turned(0, None).pixels, stored);
    assert_eq!(at(&turned(1, None).pixels, 0, 0), at(&stored, 0, 32));
    assert_eq!(at(&turned(2, None).pixels, 0, 0), at(&stored, 22, 32));
}

#[test]
fn profiles_are_kept_and_of_an_animation_the_first_picture_is_read() {
    let picture = read("avif_icc.avif");
    let profile = read_bmp_profile();
    assert_eq!((picture.meta.icc, picture.meta.cicp), (Some(profile), None));
    let moving = read("avif_animated.avif");
    assert!(moving.notes[0].contains("animated AVIF"), "{:?}", moving.notes);
    // sRGB needs no profile.
    assert_eq!((moving.meta.icc, moving.meta.cicp), (None, None));
}

fn read_bmp_profile() -> Vec<u8> {
    decode(&file("v5_icc.bmp")).unwrap().meta.icc.unwrap()
}

/// Found by random files (`fuzz/`): code points that the standard keeps for later are as good as none.
#[test]
fn reserved_colour_codes_are_no_damage() {
    let read = decode(&file("avif_reserved_colour.avif"));
    assert!(read.is_ok(), "{}", read.unwrap_err());
}

#[test]
fn a_file_that_ends_early_is_read_as_far_as_it_goes_or_refused() {
    for (name, in_parts) in [("avif444_lossless.avif", false), ("avif_grid.avif", true), ("avif_alpha.avif", false)] {
        let (bytes, whole) = (std::fs::read(file(name)).unwrap(), read(name).pixels);
        let mut parts = 0;
        for length in (1..bytes.len()).step_by(7) {
            let part = match decode_bytes(Path::new("x"), &bytes[..length]) {
                Ok(part) => part,
                Err(error) => {
                    let told = matches!(error.kind, ErrorKind::Truncated { .. } | ErrorKind::NotAPicture);
                    assert!(told || length < 64, "{name} cut to {length}: {error}");
                    continue;
                }
            };
            let share = part.missing.unwrap_or_else(|| panic!("{name} cut to {length}: nothing is missing"));
            assert!((0.0..1.0).contains(&share) && part.notes.iter().any(|n| n.contains("damaged")), "{name}");
            assert_eq!((part.pixels.width, part.pixels.height), (whole.width, whole.height));
            parts += 1;
        }
        assert_eq!(parts > 3, in_parts, "{name}: {parts}");
    }
    // Transparency that is not there: 72 bytes that were at 437.
    let mut bytes = std::fs::read(file("avif_alpha.avif")).unwrap();
    let place = bytes.windows(8).position(|w| *w == [0, 0, 1, 181, 0, 0, 0, 72]).unwrap();
    bytes[place + 2] = 3;
    let part = decode_bytes(Path::new("x"), &bytes).unwrap();
    assert_eq!((part.pixels.channels, part.missing), (3, Some(0.0)));
    assert_eq!(at(&part.pixels, 11, 20), at(&read("avif420.avif").pixels, 11, 20));
    // A tile that is not there is grey, the others are as they were.
    let bytes = std::fs::read(file("avif_grid.avif")).unwrap();
    let part = decode_bytes(Path::new("x"), &bytes[..bytes.len() - 1]).unwrap();
    assert!(part.missing.is_some_and(|share| share > 0.0 && share <= 0.25), "{:?}", part.missing);
    assert_eq!(at(&part.pixels, 30, 30), at(&read("avif_grid.avif").pixels, 30, 30));
    assert_eq!(at(&part.pixels, 127, 127), [128; 3]);
}

/// The picture only stands for another, with a quarter turn of its own: as heif-convert shows it.
#[test]
fn a_picture_that_stands_for_another_is_read() {
    let shown = read("avif_iden.avif").pixels;
    assert_eq!(shown, turned(1, None).pixels);
}

#[test]
fn a_picture_laid_together_from_several_is_refused_in_words() {
    let mut bytes = std::fs::read(file("avif_iden.avif")).unwrap();
    let place = bytes.windows(4).position(|w| w == b"iden").unwrap();
    bytes[place..place + 4].copy_from_slice(b"iovl");
    let error = decode_bytes(Path::new("x.avif"), &bytes).unwrap_err().to_string();
    assert!(error.contains("an overlay"), "{error}");
}
