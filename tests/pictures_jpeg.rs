//! Kinds of JPEG that few programs write, and JPEG files of which something is missing. Most of the files hold `crop.png`;
//! how close they are to it was checked with libvips and libjpeg where these read them.

use std::path::{Path, PathBuf};

use addersr::image_io::{
    Dpi, EncodeOptions, Error, ErrorKind, Format, Metadata, Picture, decode, decode_bytes, encode_to_vec,
};
use addersr::tensor::{Depth, Pixels, Samples};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

fn crop() -> Pixels {
    decode(&file("crop.png")).unwrap().pixels
}

fn eight(p: &Pixels) -> Vec<u8> {
    let Samples::U8(v) = p.to_eight().samples else { panic!("not 8 bits") };
    v
}

/// Mean and greatest difference over a range of rows.
fn off(a: &Pixels, b: &Pixels, rows: std::ops::Range<usize>) -> (f64, u8) {
    assert_eq!((a.width, a.height, a.channels), (b.width, b.height, b.channels));
    let row = a.width * a.channels;
    let (a, b) = (eight(a), eight(b));
    let all: Vec<u8> = a.iter().zip(&b).map(|(a, b)| a.abs_diff(*b)).collect();
    let part = &all[rows.start * row..rows.end * row];
    (part.iter().map(|&d| f64::from(d)).sum::<f64>() / part.len() as f64, part.iter().copied().max().unwrap())
}

#[test]
fn every_way_of_coding_is_read() {
    let crop = crop();
    for (name, depth, mean, most) in [
        ("noeoi.jpg", Depth::Eight, 1.5, 20),
        ("arith.jpg", Depth::Eight, 4.5, 100),
        ("dnl.jpg", Depth::Eight, 1.5, 20),
        ("nonint_1x2_96.jpg", Depth::Eight, 3.3, 80),
        ("samp_s311.jpg", Depth::Eight, 3.5, 60),
        ("samp_lumasub.jpg", Depth::Eight, 5.2, 85),
        ("twelve.jpg", Depth::Sixteen, 4.0, 100),
        // jpegtran's from files of one scan: luma, then both chromas; luma and one chroma, then the other.
        ("scans_mixed420.jpg", Depth::Eight, 5.3, 110),
        ("scans_mixed444.jpg", Depth::Eight, 2.4, 35),
    ] {
        let picture = decode(&file(name)).unwrap();
        assert_eq!((picture.pixels.depth(), picture.missing), (depth, None), "{name}");
        let (is, worst) = off(&picture.pixels, &crop, 0..64);
        assert!(is < mean && worst < most, "{name}: {is:.2} {worst}");
        assert!(picture.notes.is_empty(), "{name}: {:?}", picture.notes);
    }
    // Prediction loses nothing: the file holds the green of the crop.
    let green: Vec<u8> = eight(&crop).iter().skip(1).step_by(3).copied().collect();
    assert_eq!(decode(&file("lossless_sof3.jpg")).unwrap().pixels.samples, Samples::U8(green));
}

#[test]
fn twelve_bits_are_more_than_eight() {
    let Samples::U16(v) = decode(&file("twelve.jpg")).unwrap().pixels.samples else { panic!("not 16 bits") };
    let whole = |v: u16| (v / 257) * 257 == v;
    assert!(v.iter().filter(|v| !whole(**v)).count() > v.len() / 2);
}

/// A file of the crop, coded in strips of 8 rows: coded bytes follow the rows.
fn valid() -> Vec<u8> {
    encode_to_vec(&crop(), &Metadata::default(), &EncodeOptions::new(Format::Jpeg)).unwrap().0
}

/// What is missing, as the picture and its note say.
fn missing(picture: &Picture) -> f64 {
    assert!(picture.notes.iter().any(|note| note.contains("damaged")), "{:?}", picture.notes);
    assert!(matches!(picture.incomplete(), Some(ErrorKind::Incomplete { .. })));
    picture.missing.unwrap()
}

#[test]
fn the_end_marker_alone_is_no_loss() {
    let whole = decode_bytes(Path::new("x.jpg"), &valid()).unwrap();
    assert_eq!((whole.missing, whole.incomplete().is_none()), (None, true));
    let mut without = valid();
    without.truncate(without.len() - 2);
    let zeros = [&without[..], &[0; 512]].concat();
    let junk = [&valid()[..], b"junk behind the end"].concat();
    for bytes in [without, zeros, junk] {
        assert_eq!(decode_bytes(Path::new("x.jpg"), &bytes).unwrap(), whole);
    }
    for name in ["noeoi.jpg", "noeoi_zeros.jpg"] {
        assert_eq!(decode(&file(name)).unwrap().notes, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_flat_picture_of_zeros_is_whole() {
    for value in [0, 128, 255] {
        let flat = Pixels::new(640, 480, 3, Samples::U8(vec![value; 640 * 480 * 3])).unwrap();
        let (bytes, _) = encode_to_vec(&flat, &Metadata::default(), &EncodeOptions::new(Format::Jpeg)).unwrap();
        let back = decode_bytes(Path::new("x.jpg"), &bytes).unwrap();
        assert_eq!((back.pixels, back.missing), (flat, None), "{value}");
    }
}

#[test]
fn what_is_cut_off_is_grey_and_told() {
    let (whole, crop) = (valid(), crop());
    let scan = whole.windows(2).position(|w| w == [0xff, 0xda]).unwrap();
    let mut before = 1.0;
    for part in 1..8 {
        let length = scan + (whole.len() - scan) * part / 8;
        let with_end = [&whole[..length], b"\xff\xd9"].concat();
        let filled = [&whole[..length], &vec![0; whole.len() - length]].concat();
        for bytes in [whole[..length].to_vec(), with_end, filled] {
            let picture = decode_bytes(Path::new("x.jpg"), &bytes).unwrap();
            let share = missing(&picture);
            assert!(share > 0.0 && share <= before, "{part}: {share}");
            // Where there is something, it is right: whole strips at the top.
            let rows = ((1.0 - share) * 8.0 - 0.5).max(0.0) as usize * 8;
            assert!(rows == 0 || off(&picture.pixels, &crop, 0..rows).0 < 2.0, "{part}: {rows} rows");
            let last = picture.pixels.crop(63, 95, 1, 1).unwrap();
            assert_eq!(eight(&last), [128; 3], "{part}");
        }
        before = missing(&decode_bytes(Path::new("x.jpg"), &whole[..length]).unwrap());
    }
    assert!(before < 0.25, "{before}");
    // Nothing of the picture is there.
    let nothing = decode_bytes(Path::new("x.jpg"), &whole[..scan + 14]);
    assert!(matches!(nothing, Err(Error { kind: ErrorKind::Truncated { .. }, .. })), "{nothing:?}");
}

#[test]
fn what_lies_behind_a_hole_of_zeros_counts_as_missing() {
    let (whole, crop) = (valid(), crop());
    let scan = whole.windows(2).position(|w| w == [0xff, 0xda]).unwrap() + 14;
    for part in 2..5 {
        let mut bytes = whole.clone();
        let (from, to) = (scan + (whole.len() - scan) * part / 8, scan + (whole.len() - scan) * (part + 2) / 8);
        bytes[from..to].fill(0);
        let picture = decode_bytes(Path::new("x.jpg"), &bytes).unwrap();
        let share = missing(&picture);
        assert!((share - (8 - part) as f64 / 8.0).abs() < 0.02, "{part}: {share}");
        assert!(off(&picture.pixels, &crop, 0..8 * (part - 1)).0 < 2.0, "{part}");
    }
}

#[test]
fn damage_of_every_kind_is_told() {
    for (name, least, most) in [
        ("half_eoi.jpg", 0.5, 0.6),
        ("half_then_other_jpeg.jpg", 0.5, 0.6),
        ("rst_missing.jpg", 0.0, 0.3),
        ("flipped.jpg", 0.0, 0.6),
    ] {
        let share = missing(&decode(&file(name)).unwrap());
        assert!((least..=most).contains(&share), "{name}: {share}");
    }
    let half = decode(&file("half_eoi.jpg")).unwrap();
    assert!(half.notes[0].contains("57 % of the picture is missing"), "{:?}", half.notes);
    assert!(off(&half.pixels, &crop(), 0..16).0 < 2.0);
}

#[test]
fn a_progressive_file_that_lacks_scans_is_told() {
    let whole = bytes("progressive_crop.jpg");
    let scans: Vec<usize> =
        whole.windows(2).enumerate().filter(|(_, w)| *w == [0xff, 0xda]).map(|(at, _)| at).collect();
    assert!(scans.len() > 4 && decode(&file("progressive_crop.jpg")).unwrap().missing.is_none());
    for &at in &scans[1..] {
        missing(&decode_bytes(Path::new("x.jpg"), &whole[..at]).unwrap());
    }
}

/// Found by random files (`fuzz/`).
#[test]
fn a_frame_of_no_components_is_damage() {
    let mut bytes = valid();
    let frame = bytes.windows(2).position(|m| m == [0xff, 0xc0]).unwrap();
    bytes[frame + 9] = 0;
    let error = decode_bytes("f.jpg".as_ref(), &bytes).unwrap_err();
    assert!(error.to_string().contains("its frame header makes no sense"), "{error}");
}

#[test]
fn what_jpeg_files_say_beside_their_pixels() {
    assert_eq!(decode(&file("jfif72_exif300.jpg")).unwrap().meta.dpi, Dpi::new(300.0, 300.0));
    let padded = decode(&file("exif_pad_byte.jpg")).unwrap();
    assert_eq!((padded.pixels.width, padded.pixels.height), (64, 96));
    assert!(padded.meta.exif.unwrap().windows(9).any(|w| w == b"(c) Test "));
    let incomplete = decode(&file("icc_incomplete.jpg")).unwrap();
    assert!(incomplete.meta.icc.is_none() && incomplete.notes[0].contains("profile is incomplete"));
}

#[test]
fn the_steps_of_quantisation_come_along_and_tell_the_quality() {
    use addersr::metrics::source::quality_of;
    for quality in [10, 50, 60, 75, 90, 95] {
        let options = EncodeOptions { quality, ..EncodeOptions::new(Format::Jpeg) };
        let (bytes, _) = encode_to_vec(&crop(), &Metadata::default(), &options).unwrap();
        let steps = decode_bytes(Path::new("a.jpg"), &bytes).unwrap().steps.expect("a JPEG file has steps");
        assert_eq!(quality_of(&steps), quality, "{steps:?}");
    }
    // The standard's table at quality 50, as it is printed: neither its order nor its sides are mistaken.
    let options = EncodeOptions { quality: 50, ..EncodeOptions::new(Format::Jpeg) };
    let (bytes, _) = encode_to_vec(&crop(), &Metadata::default(), &options).unwrap();
    let steps = decode_bytes(Path::new("a.jpg"), &bytes).unwrap().steps.unwrap();
    assert_eq!((steps[0], steps[7][0]), ([16, 11, 10, 16, 24, 40, 51, 61], 72));
    assert_eq!(decode(&file("crop.png")).unwrap().steps, None);
    for name in ["twelve.jpg", "lossless_sof3.jpg"] {
        if let Ok(picture) = decode(&file(name)) {
            assert_eq!(picture.steps, None, "{name}");
        }
    }
}

/// Where restart markers stand in a file.
fn restarts(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len() - 1).filter(|&at| bytes[at] == 0xff && (0xd0..=0xd7).contains(&bytes[at + 1])).collect()
}

/// 12 parts of two units of 16×16 pixels, three in each of four rows.
#[test]
fn what_follows_lost_restart_markers_stays_in_its_place() {
    let whole = decode(&file("restarts.jpg")).unwrap();
    let stored = bytes("restarts.jpg");
    assert_eq!((whole.missing, restarts(&stored).len()), (None, 11));
    let marks = restarts(&stored);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = stored.clone();
        change(&mut bytes);
        decode_bytes(Path::new("x"), &bytes).unwrap()
    };
    // The part behind a marker that is missing is grey: the fifth, right of the fourth in the second row.
    let part = changed(&|bytes| drop(bytes.drain(marks[3]..marks[3] + 2)));
    assert!((missing(&part) - 1.0 / 12.0).abs() < 0.01, "{}", missing(&part));
    assert_eq!(off(&part.pixels, &whole.pixels, 48..64), (0.0, 0));
    let two = changed(&|bytes| drop(bytes.drain(marks[3]..marks[5])));
    assert!((missing(&two) - 2.0 / 12.0).abs() < 0.01, "{}", missing(&two));
    assert_eq!(off(&two.pixels, &whole.pixels, 48..64), (0.0, 0));
    // One with a wrong number loses nothing, and is told.
    let odd = changed(&|bytes| bytes[marks[3] + 1] = 0xd6);
    assert_eq!((missing(&odd), &odd.pixels), (0.0, &whole.pixels));
    // Zeros, and a changed bit, in the middle of a part.
    let zeros = changed(&|bytes| bytes[marks[2] + 10..marks[2] + 30].fill(0));
    assert!(zeros.notes.iter().any(|note| note.contains("damaged")), "{:?}", zeros.notes);
    assert_eq!(off(&zeros.pixels, &whole.pixels, 48..64), (0.0, 0));
}

/// Decoders step over what lies between the first two markers, and say so; nothing is missing.
#[test]
fn stray_bytes_behind_the_first_marker_are_stepped_over() {
    let whole = bytes("comment.jpg");
    let picture = decode(&file("comment.jpg")).unwrap();
    for stray in [&b"\0\0"[..], b"\r\n", b"\xff\xff\xff", b"\x00\xff\xff\x00"] {
        let odd = [&whole[..2], stray, &whole[2..]].concat();
        let read = decode_bytes(Path::new("x.jpg"), &odd).unwrap_or_else(|e| panic!("{stray:?}: {e}"));
        assert_eq!((&read.pixels, read.format, read.missing), (&picture.pixels, Format::Jpeg, None), "{stray:?}");
    }
}
