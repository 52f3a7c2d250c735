//! HEIC files. Made by heif-enc, with boxes put around its frames where it makes none of the kind; the values are those that
//! heif-convert reads, and at edges of colour, where it repeats what pixels share instead of mixing it, those of the AVIF files.

mod common;

use std::path::Path;

use addersr::image_io::{ErrorKind, decode_bytes};
use common::pictures::file;

#[cfg(not(feature = "heif"))]
#[test]
fn a_build_that_cannot_read_heic_says_so_and_what_helps() {
    let bytes = std::fs::read(file("heic420.heic")).unwrap();
    let errors = [
        addersr::image_io::decode(&file("heic420.heic")).unwrap_err(),
        addersr::image_io::probe(&file("heic_grid.heic")).unwrap_err(),
        decode_bytes(Path::new("phone.jpg"), &bytes[..200]).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error.kind, ErrorKind::NotBuiltIn), "{error}");
        let said = error.to_string();
        assert!(said.contains("a HEIC picture") && said.contains(".deb") && said.contains("JPEG"), "{said}");
    }
}

#[cfg(feature = "heif")]
mod with_libheif {
    use addersr::image_io::{Format, Picture, decode};
    use addersr::tensor::{Depth, Samples};

    use super::*;
    use common::pictures::{self, at};

    fn read(name: &str) -> Picture {
        pictures::read(name, Format::Heic)
    }

    /// Four pixels of a picture are as they should be, up to `within`.
    fn is(name: &str, size: (usize, usize), within: u32, want: [&[u32]; 4]) -> Picture {
        let picture = read(name);
        pictures::four_are(name, &picture.pixels, size, within, want);
        picture
    }

    const SIZE: (usize, usize) = (33, 23);

    #[test]
    fn every_way_of_coding_colours_is_read() {
        is("heic420.heic", SIZE, 5, [&[30, 180, 60], &[46, 161, 110], &[178, 91, 61], &[186, 102, 83]]);
        is("heic422_limited.heic", (64, 64), 3, [&[6, 165, 49], &[6, 165, 49], &[197, 96, 51], &[203, 103, 66]]);
        is("heic444_lossless.heic", (32, 22), 0, [&[30, 179, 59], &[30, 179, 59], &[178, 91, 61], &[179, 98, 77]]);
        is("heic_grey.heic", SIZE, 1, [&[139], &[139], &[107], &[118]]);
    }

    #[test]
    fn ten_and_twelve_bits_become_sixteen() {
        let ten: [&[u32]; 4] =
            [&[7808, 46336, 15424], &[11822, 41377, 28270], &[46400, 24000, 16960], &[47808, 26688, 21248]];
        is("heic_ten.heic", SIZE, 800, ten);
        let twelve: [&[u32]; 4] =
            [&[6944, 42256, 14704], &[6688, 42576, 14864], &[47376, 24304, 16288], &[48672, 27120, 20576]];
        let picture = is("heic_twelve.heic", (64, 64), 40, twelve);
        assert_eq!(picture.pixels.depth(), Depth::Sixteen);
        // Perceptual quantisation with the primaries of BT.2020.
        assert_eq!(picture.meta.cicp, Some([9, 16, 0, 1]));
    }

    /// Without the box that states them, colours are what the frame states: here nothing but the matrix of BT.601 and all values.
    #[test]
    fn colours_that_only_the_frame_states_are_those() {
        let bytes = std::fs::read(file("heic_twelve.heic")).unwrap();
        let place = bytes.windows(8).position(|w| w == b"colrnclx").unwrap();
        let with = |at: usize, what: &[u8]| {
            let mut bytes = bytes.clone();
            bytes[place + at..][..what.len()].copy_from_slice(what);
            decode_bytes(Path::new("x"), &bytes).unwrap()
        };
        let (own, stated) = (with(0, b"free"), with(8, &[0, 2, 0, 2, 0, 6, 0x80]));
        assert!(own.pixels == stated.pixels && own.pixels != read("heic_twelve.heic").pixels);
        assert_eq!((own.meta.cicp, own.meta.icc), (None, None));
    }

    #[test]
    fn transparency_is_read_and_colour_multiplied_by_it_divided_again() {
        let alpha: [&[u32]; 4] = [&[30, 179, 61, 0], &[46, 161, 110, 56], &[179, 92, 65, 160], &[186, 105, 84, 0]];
        is("heic_alpha.heic", SIZE, 3, alpha);
        let straight = read("heic_premultiplied.heic");
        assert_eq!(at(&straight.pixels, 11, 20)[3], 160);
    }

    #[test]
    fn the_tiles_of_a_grid_are_put_together() {
        let grid = read("heic_grid.heic").pixels;
        let photo =
            decode(&file("../../../assets/samples/courtyard.png")).unwrap().pixels.crop(100, 100, 120, 160).unwrap();
        let (Samples::U8(a), Samples::U8(b)) = (&grid.samples, &photo.samples) else { panic!("8 bits") };
        assert_eq!((grid.width, grid.height), (160, 120));
        // Every tile, and at their borders no worse than within.
        let off = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64;
        assert!(off < 8.0, "{off}");
    }

    /// The file with a turn and a mirror: the values of its boxes `irot` and `imir`.
    fn turned(turn: u8, columns: u8) -> Picture {
        let mut bytes = std::fs::read(file("heic_turned.heic")).unwrap();
        for (kind, value) in [(b"irot", turn), (b"imir", columns)] {
            let place = bytes.windows(4).position(|w| w == kind).unwrap();
            bytes[place + 4] = value;
        }
        decode_bytes(Path::new("x"), &bytes).unwrap()
    }

    /// Of two pictures the second, of which 90×60 of 96×64 are shown, turned counter-clockwise and mirrored top to bottom.
    /// EXIF and XMP say that it should be turned clockwise.
    #[test]
    fn the_primary_picture_is_cut_turned_and_mirrored_once_and_its_metadata_kept() {
        let picture = read("heic_turned.heic");
        assert_eq!((picture.pixels.width, picture.pixels.height), (60, 90));
        for (y, x, want) in [(0, 0, [221, 40, 31]), (4, 19, [40, 60, 209]), (4, 34, [60, 201, 221]), (82, 4, [250; 3])]
        {
            let found = at(&picture.pixels, y, x);
            assert!(found.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= 3), "{found:?} instead of {want:?}");
        }
        let exif = picture.meta.exif.clone().unwrap();
        assert!(exif.windows(5).any(|w| w == b"Maker"));
        // Whoever reads the result turns nothing either.
        assert!(exif.windows(12).any(|w| w == b"\x01\x12\0\x03\0\0\0\x01\0\x01\0\0"), "{exif:?}");
        let packet = String::from_utf8(picture.meta.xmp.clone().unwrap()).unwrap();
        assert!(packet.contains("tiff:Orientation=\"1\""), "{packet}");
        let profile = decode(&file("v5_icc.bmp")).unwrap().meta.icc;
        assert!(profile.is_some() && picture.meta.icc == profile);
        // Half a turn more shows the other corner.
        let half = turned(3, 0).pixels;
        assert_eq!(at(&half, 89, 59), at(&picture.pixels, 0, 0));
    }

    #[test]
    fn a_file_that_ends_early_is_read_as_far_as_it_goes_or_refused() {
        for (name, in_parts) in [("heic444_lossless.heic", false), ("heic_grid.heic", true)] {
            let (bytes, whole) = (std::fs::read(file(name)).unwrap(), read(name).pixels);
            let mut parts = 0;
            for length in (64..bytes.len()).step_by(23) {
                match decode_bytes(Path::new("x"), &bytes[..length]) {
                    Ok(part) => {
                        let share =
                            part.missing.unwrap_or_else(|| panic!("{name} cut to {length}: nothing is missing"));
                        assert!((0.0..1.0).contains(&share), "{name} cut to {length}: {share}");
                        assert_eq!((part.pixels.width, part.pixels.height), (whole.width, whole.height));
                        parts += 1;
                    }
                    Err(error) => {
                        assert!(matches!(error.kind, ErrorKind::Truncated { .. }), "{name} cut to {length}: {error}");
                        assert!(error.to_string().contains("HEIC"), "{error}");
                    }
                }
            }
            assert_eq!(parts > 3, in_parts, "{name}: {parts}");
        }
    }

    /// No byte of a file, changed, makes more of it than a picture or an error.
    #[test]
    fn damaged_files_are_refused_in_words() {
        let bytes = std::fs::read(file("heic_alpha.heic")).unwrap();
        for place in (0..bytes.len()).step_by(3) {
            let mut bytes = bytes.clone();
            bytes[place] ^= 0x55;
            if let Err(error) = decode_bytes(Path::new("x"), &bytes) {
                let said = error.to_string();
                assert!(!["::", "{", "Error("].iter().any(|inside| said.contains(inside)), "{said}");
            }
        }
    }
}
