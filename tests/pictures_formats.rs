//! Files of every format, from this program and from others (tests/data/pictures, made with Pillow and tifffile).

use std::path::{Path, PathBuf};

use addersr::image_io::{
    Dpi, EncodeOptions, Format, Metadata, check_encodable, decode, decode_bytes, dimensions, encode_to_vec,
    jpeg_round_trip, probe,
};
use addersr::tensor::{Depth, Pixels, Samples, Size};

const WRITTEN: [Format; 5] = [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff, Format::Bmp];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

/// The picture that most of the files hold: 8 × 6, smooth, all pixels different.
fn smooth() -> Pixels {
    let v = (0..48).flat_map(|i| [i % 8 * 30 + 10, i / 8 * 40 + 20, (i % 8 + i / 8) * 15]).collect();
    Pixels::new(8, 6, 3, Samples::U8(v)).unwrap()
}

/// A picture without any regularity, so that no confusion of rows, columns, channels or bytes stays hidden.
fn noise(width: usize, height: usize, channels: usize, depth: Depth) -> Pixels {
    let mut state = 12345u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as u16
    };
    let len = width * height * channels;
    let samples = match depth {
        Depth::Eight => Samples::U8((0..len).map(|_| next() as u8).collect()),
        Depth::Sixteen => Samples::U16((0..len).map(|_| next()).collect()),
    };
    Pixels::new(width, height, channels, samples).unwrap()
}

fn eight(p: &Pixels) -> &[u8] {
    match &p.samples {
        Samples::U8(v) => v,
        Samples::U16(_) => panic!("8 bits expected"),
    }
}

fn worst(a: &Pixels, b: &Pixels) -> u8 {
    assert_eq!((a.width, a.height, a.channels), (b.width, b.height, b.channels));
    eight(a).iter().zip(eight(b)).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

/// What a lossless format makes of a layout it does not have: grey becomes RGB, 16 bits become 8.
fn kept(p: &Pixels, format: Format) -> Pixels {
    let p = if matches!(format, Format::Png | Format::Tiff) { p.clone() } else { p.to_eight() };
    let repeat = match (p.channels, format) {
        (1, Format::WebP | Format::Bmp) | (2, Format::WebP | Format::Bmp | Format::Tiff) => [0, 0, 0, 1],
        _ => return p,
    };
    fn pick<T: Copy>(v: &[T], c: usize, from: &[usize]) -> Vec<T> {
        v.chunks_exact(c).flat_map(|p| from.iter().map(|&k| p[k])).collect()
    }
    let from = &repeat[..p.channels + 2];
    let samples = match &p.samples {
        Samples::U8(v) => Samples::U8(pick(v, p.channels, from)),
        Samples::U16(v) => Samples::U16(pick(v, p.channels, from)),
    };
    Pixels::new(p.width, p.height, from.len(), samples).unwrap()
}

#[test]
fn lossless_formats_give_back_what_they_were_given() {
    for format in [Format::Png, Format::WebP, Format::Tiff, Format::Bmp] {
        for depth in [Depth::Eight, Depth::Sixteen] {
            for channels in 1..=4 {
                for (w, h) in [(1, 1), (5, 3), (33, 17)] {
                    let pixels = noise(w, h, channels, depth);
                    let (bytes, notes) =
                        encode_to_vec(&pixels, &Metadata::default(), &EncodeOptions::new(format)).unwrap();
                    let name = format!("x.{}", format.extension());
                    let back = decode_bytes(Path::new(&name), &bytes).unwrap();
                    assert_eq!(back.pixels, kept(&pixels, format), "{format} {channels} {depth:?} {w}×{h}");
                    assert_eq!(back.format, format);
                    assert_eq!(back.notes, Vec::<String>::new());
                    assert_eq!(back.meta, Metadata::default(), "{format}");
                    let rounded = depth == Depth::Sixteen && matches!(format, Format::WebP | Format::Bmp);
                    assert_eq!(notes.len(), usize::from(rounded), "{notes:?}");
                }
            }
        }
    }
}

#[test]
fn a_strip_of_a_tiff_ends_anywhere() {
    // Strips hold about a megabyte, so this has two and a bit.
    let pixels = noise(1500, 500, 3, Depth::Eight);
    let (bytes, _) = encode_to_vec(&pixels, &Metadata::default(), &EncodeOptions::new(Format::Tiff)).unwrap();
    assert_eq!(decode_bytes(Path::new("x.tif"), &bytes).unwrap().pixels, pixels);
}

#[test]
fn jpeg_is_close_and_closer_with_quality() {
    let pixels = smooth();
    let error = |quality| {
        let options = EncodeOptions { quality, ..EncodeOptions::new(Format::Jpeg) };
        let (bytes, _) = encode_to_vec(&pixels, &Metadata::default(), &options).unwrap();
        let back = decode_bytes(Path::new("x.jpg"), &bytes).unwrap().pixels;
        assert_eq!(back, jpeg_round_trip(&pixels, quality).unwrap());
        worst(&back, &pixels)
    };
    assert!(error(100) <= 3 && error(100) < error(20), "{} {}", error(100), error(20));
    // 0 and 200 are clamped, not refused: the slider of an app ends somewhere.
    assert_eq!((error(0), error(200)), (error(1), error(100)));
}

#[test]
fn a_jpeg_round_trip_keeps_layout_alpha_and_size() {
    for channels in 1..=4 {
        let pixels = noise(13, 9, channels, Depth::Eight);
        let back = jpeg_round_trip(&pixels, 50).unwrap();
        assert_eq!((back.width, back.height, back.channels), (13, 9, channels));
        assert_ne!(back, pixels);
        assert_eq!(back.alpha(), pixels.alpha());
        assert_eq!(jpeg_round_trip(&pixels.to_sixteen(), 50).unwrap(), back);
    }
}

#[test]
fn files_of_other_programs_open() {
    for name in ["lzw.tif", "planar.tif", "bigtiff.tif", "pages.tif"] {
        assert_eq!(decode(&file(name)).unwrap().pixels, smooth(), "{name}");
    }
    let tile = decode(&file("tiled.tif")).unwrap().pixels;
    assert_eq!((tile.width, tile.height), (48, 36));
    assert_eq!(tile.crop(30, 40, 6, 8).unwrap(), smooth());
    assert_eq!(decode(&file("big_endian16.tif")).unwrap().pixels, smooth().to_sixteen());
    assert_eq!(decode(&file("float.tif")).unwrap().pixels, smooth().to_sixteen());

    let channel = |k: usize| eight(&smooth()).iter().skip(k).step_by(3).copied().collect::<Vec<u8>>();
    let red = Pixels::new(8, 6, 1, Samples::U8(channel(0))).unwrap();
    assert_eq!(decode(&file("float_grey.tif")).unwrap().pixels, red.to_sixteen());
    let inverted = red.colour().data.iter().map(|v| (255.0 - v * 255.0).round() as u8).collect();
    assert_eq!(decode(&file("white_is_zero.tif")).unwrap().pixels.samples, Samples::U8(inverted));
    let both = channel(0).into_iter().zip(channel(1)).flat_map(|(r, g)| [r, g]).collect();
    let both = Pixels::new(8, 6, 2, Samples::U8(both)).unwrap().to_sixteen();
    assert_eq!(decode(&file("grey_alpha16.tif")).unwrap().pixels, both);

    let checks: Vec<u8> = (0..48).map(|i| if (i % 8 + i / 8) % 2 == 1 { 255 } else { 0 }).collect();
    for name in ["bilevel.png", "bilevel.tif", "bilevel_g4.tif"] {
        assert_eq!(decode(&file(name)).unwrap().pixels.samples, Samples::U8(checks.clone()), "{name}");
    }
}

#[test]
fn lossy_files_of_other_programs_are_close() {
    // Chroma at half resolution on a picture of 8 × 6 costs that much.
    for (name, limit) in [("progressive.jpg", 32), ("lossy.webp", 32)] {
        let off = worst(&decode(&file(name)).unwrap().pixels, &smooth());
        assert!(off <= limit, "{name}: {off}");
    }
    assert_eq!(decode(&file("jpeg.tif")).unwrap().pixels.channels, 3);
}

#[test]
fn inks_become_colours() {
    // (255 - ink) · (255 - 64) / 255 for every channel.
    let want: Vec<u8> =
        eight(&smooth()).iter().map(|&v| ((f32::from(255 - v) * 191.0) / 255.0).round() as u8).collect();
    let want = Pixels::new(8, 6, 3, Samples::U8(want)).unwrap();
    assert_eq!(decode(&file("cmyk.tif")).unwrap().pixels, want);
    assert!(worst(&decode(&file("cmyk.jpg")).unwrap().pixels, &want) <= 3);
}

#[test]
fn palettes_open() {
    let png = decode(&file("palette.png")).unwrap().pixels;
    assert_eq!(png, decode(&file("palette.bmp")).unwrap().pixels);
    assert!(worst(&png, &smooth()) < 64);
    let gif = decode(&file("transparent.gif")).unwrap().pixels;
    assert_eq!(gif.channels, 4);
    assert!(gif.has_transparency());
}

#[test]
fn multiplied_alpha_is_made_straight() {
    let pixels = decode(&file("associated.tif")).unwrap().pixels;
    assert!(pixels.alpha().unwrap().data.iter().all(|&a| a == 128.0 / 255.0));
    let colour: Vec<u8> = eight(&pixels).chunks(4).flat_map(|p| p[..3].to_vec()).collect();
    assert!(colour.iter().zip(eight(&smooth())).all(|(a, b)| a.abs_diff(*b) <= 2), "{colour:?}");
}

#[test]
fn of_several_pictures_the_first_is_read_and_that_is_said() {
    for name in ["animated.gif", "animated.png", "animated.webp"] {
        let picture = decode(&file(name)).unwrap();
        assert_eq!(picture.pixels.samples, Samples::U8([255, 0, 0].repeat(48)), "{name}");
        assert_eq!(picture.pixels.channels, 3);
        assert_eq!(picture.notes.len(), 1);
        assert!(picture.notes[0].contains("first picture of an animated"), "{:?}", picture.notes);
    }
    assert!(decode(&file("pages.tif")).unwrap().notes[0].contains("first picture of several"));
    assert_eq!(decode(&file("transparent.gif")).unwrap().notes, Vec::<String>::new());
}

#[test]
fn pictures_are_turned_upright_and_say_so_no_more() {
    let stored = smooth();
    let upright = |x: usize, y: usize| {
        // A quarter turn clockwise: the stored bottom row becomes the left column.
        let at = ((5 - x) * 8 + y) * 3;
        eight(&stored)[at..at + 3].to_vec()
    };
    let want: Vec<u8> = (0..48).flat_map(|i| upright(i % 6, i / 6)).collect();
    let want = Pixels::new(6, 8, 3, Samples::U8(want)).unwrap();
    for (name, lossless) in
        [("rotated.png", true), ("rotated.webp", true), ("rotated.tif", true), ("rotated.jpg", false)]
    {
        assert_eq!(dimensions(&file(name)).unwrap(), Size::new(6, 8), "{name}");
        let picture = decode(&file(name)).unwrap();
        assert!(worst(&picture.pixels, &want) <= if lossless { 0 } else { 8 }, "{name}");
        // Written to any format and read again it is not turned a second time.
        for format in WRITTEN {
            let (bytes, _) = encode_to_vec(&picture.pixels, &picture.meta, &EncodeOptions::new(format)).unwrap();
            let again = decode_bytes(Path::new("x"), &bytes).unwrap();
            assert_eq!((again.pixels.width, again.pixels.height), (6, 8), "{name} as {format}");
            assert!(worst(&again.pixels, &want) <= 12, "{name} as {format}");
        }
    }
}

/// Whether a block has the date from the inner EXIF directory.
fn has_date(block: &[u8]) -> bool {
    block.windows(19).any(|w| w == b"2024:01:02 03:04:05")
}

#[test]
fn metadata_travels_between_all_formats_that_have_it() {
    let mut profile = vec![7; 3000];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[36..40].copy_from_slice(b"acsp");
    let xmp = b"<x:xmpmeta>caf\xc3\xa9</x:xmpmeta>".to_vec();
    let mut sources = Vec::new();
    for name in ["rotated.jpg", "rotated.png", "rotated.webp"] {
        let picture = decode(&file(name)).unwrap();
        let options = EncodeOptions::new(Format::Tiff);
        let (tiff, _) = encode_to_vec(&picture.pixels, &picture.meta, &options).unwrap();
        sources.push((name, picture));
        sources.push(("that as TIFF", decode_bytes(Path::new("x.tif"), &tiff).unwrap()));
    }
    for (source, mut picture) in sources {
        assert!(has_date(picture.meta.exif.as_deref().unwrap()), "{source}");
        picture.meta.icc = Some(profile.clone());
        picture.meta.xmp = Some(xmp.clone());
        picture.meta.dpi = Dpi::new(300.0, 150.0);
        for format in WRITTEN {
            let (bytes, notes) = encode_to_vec(&picture.pixels, &picture.meta, &EncodeOptions::new(format)).unwrap();
            let back = decode_bytes(Path::new("x"), &bytes).unwrap().meta;
            let what = format!("{source} as {format}");
            if format == Format::Bmp {
                assert!(back.icc.is_none() && notes[0].contains("no place"), "{what}: {notes:?}");
            } else {
                assert_eq!(notes, Vec::<String>::new(), "{what}");
                assert_eq!(back.icc.as_ref(), Some(&profile), "{what}");
                assert_eq!(back.xmp.as_ref(), Some(&xmp), "{what}");
                let exif = back.exif.unwrap();
                assert!(has_date(&exif), "{what}");
                assert!(exif.windows(5).any(|w| w == b"adder"), "{what}");
            }
            // WebP states a resolution in EXIF alone, where the source's own still stands.
            let dpi = back.dpi.unwrap();
            if format != Format::WebP {
                assert!((dpi.x - 300.0).abs() < 0.02 && (dpi.y - 150.0).abs() < 0.02, "{what}: {dpi:?}");
            }
        }
    }
}

#[test]
fn resolution_travels_without_exif_too() {
    for dpi in [72.0, 300.0, 299.9994] {
        let meta = Metadata { dpi: Dpi::new(dpi, dpi), ..Metadata::default() };
        for format in WRITTEN {
            let (bytes, _) = encode_to_vec(&smooth(), &meta, &EncodeOptions::new(format)).unwrap();
            let back = decode_bytes(Path::new("x"), &bytes).unwrap().meta;
            assert!((back.dpi.unwrap().x - dpi).abs() < 0.02, "{format}: {:?}", back.dpi);
            assert_eq!(back.exif.is_some(), format == Format::WebP, "{format}");
        }
    }
}

#[test]
fn one_switch_leaves_all_of_it_out_but_what_the_colours_mean() {
    let mut picture = decode(&file("rotated.jpg")).unwrap();
    picture.meta.icc = Some(b"profile".to_vec());
    picture.meta.xmp = Some(b"<x/>".to_vec());
    for format in WRITTEN {
        let options = EncodeOptions { strip: true, ..EncodeOptions::new(format) };
        let (bytes, _) = encode_to_vec(&picture.pixels, &picture.meta, &options).unwrap();
        let icc = picture.meta.icc.clone().filter(|_| format != Format::Bmp);
        let colour = Metadata { icc, ..Metadata::default() };
        assert_eq!(decode_bytes(Path::new("x"), &bytes).unwrap().meta, colour, "{format}");
    }
}

#[test]
fn a_profile_for_other_pixels_is_left_out_with_a_note() {
    let mut profile = vec![0; 200];
    profile[16..20].copy_from_slice(b"CMYK");
    profile[36..40].copy_from_slice(b"acsp");
    let meta = Metadata { icc: Some(profile), ..Metadata::default() };
    for format in [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff] {
        let (bytes, notes) = encode_to_vec(&smooth(), &meta, &EncodeOptions::new(format)).unwrap();
        assert!(notes.len() == 1 && notes[0].contains("CMYK"), "{notes:?}");
        assert_eq!(decode_bytes(Path::new("x"), &bytes).unwrap().meta.icc, None);
    }
}

#[test]
fn what_does_not_fit_into_a_jpeg_segment_is_left_out_with_a_note() {
    let meta = Metadata { exif: Some(vec![0; 70_000]), xmp: Some(vec![b' '; 70_000]), ..Metadata::default() };
    let (bytes, notes) = encode_to_vec(&smooth(), &meta, &EncodeOptions::new(Format::Jpeg)).unwrap();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(decode_bytes(Path::new("x"), &bytes).unwrap().meta.is_empty());
    // A profile is spread over segments.
    let meta = Metadata { icc: Some(vec![3; 200_000]), ..Metadata::default() };
    let (bytes, notes) = encode_to_vec(&smooth(), &meta, &EncodeOptions::new(Format::Jpeg)).unwrap();
    assert!(notes.is_empty());
    assert_eq!(decode_bytes(Path::new("x"), &bytes).unwrap().meta, meta);
}

#[test]
fn headers_say_what_decoding_gives() {
    let mut seen = 0;
    for entry in std::fs::read_dir(file("")).unwrap() {
        let path = entry.unwrap().path();
        match (probe(&path), decode(&path)) {
            (Ok(header), Ok(picture)) => {
                let p = &picture.pixels;
                assert_eq!((header.width, header.height, header.depth), (p.width, p.height, p.depth()), "{path:?}");
                assert_eq!(header.format, picture.format);
                assert!(header.channels == p.channels || header.format == Format::Gif, "{path:?}");
                assert!(check_encodable(Format::Png, p.size(), p.channels, p.depth()).is_ok());
                seen += 1;
            }
            (Err(a), Err(b)) => assert_eq!(a.to_string(), b.to_string()),
            (a, b) => panic!("{path:?}: {a:?} but {:?}", b.map(|p| p.format)),
        }
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn a_long_header_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jpg");
    for size in [10, 100_000, 3_000_000] {
        let meta = Metadata { icc: Some(vec![3; size]), ..Metadata::default() };
        let (bytes, _) = encode_to_vec(&smooth(), &meta, &EncodeOptions::new(Format::Jpeg)).unwrap();
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(dimensions(&path).unwrap(), Size::new(8, 6));
    }
}
