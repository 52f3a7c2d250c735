//! Files that are no pictures, no longer pictures, or dangerous ones: each gets a sentence with its name, none a
//! panic.

use std::path::{Path, PathBuf};
use std::time::Instant;

use addersr::image_io::{
    EncodeOptions, Error, ErrorKind, Format, Header, MAX_PIXELS, Metadata, Picture, Result, decode, decode_bytes,
    encode_to_vec, probe,
};
use addersr::tensor::{Pixels, Samples};
use proptest::prelude::*;

fn pictures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures");
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    assert!(all.len() > 25);
    all
}

/// Writes a file, reads it both ways, and checks that both complaints name it.
fn complaints(name: &str, bytes: &[u8]) -> (Error, Option<Error>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let (decoded, probed) = (decode(&path).map(drop).unwrap_err(), probe(&path).map(drop).err());
    for e in [Some(&decoded), probed.as_ref()].into_iter().flatten() {
        let message = e.to_string();
        assert!(message.contains(name), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    (decoded, probed)
}

fn complaint(name: &str, bytes: &[u8]) -> Error {
    complaints(name, bytes).0
}

fn valid(format: Format) -> Vec<u8> {
    let v = (0..24 * 16 * 3).map(|i| (i * 37 % 256) as u8).collect();
    let pixels = Pixels::new(24, 16, 3, Samples::U8(v)).unwrap();
    encode_to_vec(&pixels, &Metadata::default(), &EncodeOptions::new(format)).unwrap().0
}

const LOSSLESS: [Format; 4] = [Format::Png, Format::WebP, Format::Tiff, Format::Bmp];

#[test]
fn missing_empty_and_folders() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no.png");
    assert!(matches!(decode(&missing), Err(Error { kind: ErrorKind::Missing, .. })));
    assert!(matches!(probe(&missing), Err(Error { kind: ErrorKind::Missing, .. })));
    // A file where a folder was expected.
    std::fs::write(folder.path().join("f"), b"x").unwrap();
    assert!(matches!(decode(&folder.path().join("f/x.png")), Err(Error { kind: ErrorKind::Missing, .. })));
    let message = decode(folder.path()).unwrap_err().to_string();
    assert!(message.contains("folder"), "{message}");
    assert!(matches!(complaint("empty.png", b"").kind, ErrorKind::Empty));
    assert!(matches!(decode_bytes(Path::new("x.png"), b""), Err(Error { kind: ErrorKind::Empty, .. })));
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_not_waited_for() {
    for device in ["/dev/zero", "/dev/null"] {
        assert!(matches!(decode(Path::new(device)), Err(Error { kind: ErrorKind::NotAFile { .. }, .. })), "{device}");
    }
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    match std::process::Command::new("mkfifo").arg(&pipe).status() {
        Ok(status) if status.success() => {
            assert!(matches!(decode(&pipe), Err(Error { kind: ErrorKind::NotAFile { .. }, .. })))
        }
        _ => eprintln!("SKIPPED: no mkfifo here to make a pipe with"),
    }
}

#[test]
fn no_picture_at_all() {
    for (name, bytes) in [
        ("letter.png", &b"Dear Sir or Madam"[..]),
        ("zeros.jpg", &[0; 1000]),
        ("short.png", b"\x89PN"),
        ("one.bmp", b"B"),
        ("letter.bmp", b"BMW is a maker of cars"),
    ] {
        assert!(matches!(complaint(name, bytes).kind, ErrorKind::NotAPicture), "{name}");
    }
    let heic = complaint("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").to_string();
    assert!(heic.contains("HEIC"), "{heic}");
    assert!(complaint("a.psd", b"8BPS\0\x01 and so on").to_string().contains("Photoshop"));
}

#[test]
fn a_signature_alone_is_no_picture() {
    for signature in [
        &b"\x89PNG\r\n\x1a\n"[..],
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"II*\0\x08\0\0\0",
        b"GIF89a",
        b"MM\0*",
    ] {
        let mut garbage = signature.to_vec();
        garbage.extend((0..500u32).map(|i| (i * 101 % 251) as u8));
        for bytes in [signature, &garbage] {
            match complaint("garbage.png", bytes).kind {
                ErrorKind::Truncated { .. } | ErrorKind::Damaged { .. } | ErrorKind::Unsupported { .. } => {}
                ErrorKind::ZeroSized { .. } | ErrorKind::TooManyPixels { .. } => {}
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn a_wrong_extension_is_noted_and_the_picture_opens() {
    let folder = tempfile::tempdir().unwrap();
    for format in LOSSLESS {
        let path = folder.path().join(format!("{format}.jpeg"));
        std::fs::write(&path, valid(format)).unwrap();
        let picture = decode(&path).unwrap();
        assert_eq!(picture.format, format);
        assert!(picture.notes[0].contains("JPEG") && picture.notes[0].contains(&format.to_string()));
    }
    let path = folder.path().join("no extension");
    std::fs::write(&path, valid(Format::Png)).unwrap();
    assert_eq!(decode(&path).unwrap().notes, Vec::<String>::new());
}

#[test]
fn cut_files_are_refused_or_noted_wherever_they_are_cut() {
    for format in [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff, Format::Bmp] {
        let whole = valid(format);
        let mut truncated = 0;
        for length in 1..whole.len() {
            match decode_bytes(Path::new("cut"), &whole[..length]) {
                Err(Error { kind: ErrorKind::Truncated { .. }, .. }) => truncated += 1,
                Err(_) => {}
                Ok(picture) if picture.missing.is_some() => assert!(picture.notes[0].contains("damaged")),
                // Behind a PNG's last pixels come checksums and an empty chunk, and the two bytes that pad WebP hold nothing.
                Ok(picture) => {
                    assert_eq!(picture.pixels, decode_bytes(Path::new("whole"), &whole).unwrap().pixels);
                    assert!(length + 24 >= whole.len(), "{format} cut to {length} of {}", whole.len());
                }
            }
        }
        let most = matches!(format, Format::Jpeg | Format::Png | Format::Bmp) || truncated * 2 > whole.len();
        assert!(most, "{format}: {truncated} of {} called truncated", whole.len());
    }
    let of_others = ["transparent.gif", "progressive.jpg", "cmyk.jpg", "rotated.jpg", "lossy.webp", "tiled.tif"];
    for path in pictures().iter().filter(|p| of_others.iter().any(|name| p.ends_with(name))) {
        let whole = std::fs::read(path).unwrap();
        for length in [whole.len() / 3, whole.len() / 2] {
            let cut = decode_bytes(path, &whole[..length]);
            assert!(cut.is_err() || cut.is_ok_and(|p| p.missing.is_some()), "{} cut to {length}", path.display());
        }
    }
}

/// A PNG that is right in everything but states another size.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = valid(Format::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = bytes[12..29].iter().fold(u32::MAX, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    });
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bytes
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let start = Instant::now();
    let mut bombs = vec![
        ("bomb.png", png_of(100_000, 100_000)),
        ("worse.png", png_of(i32::MAX as u32, i32::MAX as u32)),
        ("gif.gif", [&b"GIF89a"[..], &[0xff; 4], &[0, 0, 0, 0x3b]].concat()),
    ];
    let mut bmp = valid(Format::Bmp);
    bmp[18..26].copy_from_slice(&[100_000i32.to_le_bytes(), (-100_000i32).to_le_bytes()].concat());
    bombs.push(("bmp.bmp", bmp));
    let mut jpeg = valid(Format::Jpeg);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    bombs.push(("jpeg.jpg", jpeg));
    let mut tiff = std::fs::read(pictures().iter().find(|p| p.ends_with("lzw.tif")).unwrap()).unwrap();
    // Width, height and rows per strip, 12 bytes per entry; LONG holds more than SHORT.
    let directory = u32::from_le_bytes(tiff[4..8].try_into().unwrap()) as usize;
    for tag in [256u16, 257, 278] {
        let at = (0..).map(|i| directory + 2 + 12 * i).find(|&at| tiff[at..at + 2] == tag.to_le_bytes()).unwrap();
        tiff[at + 2] = 4;
        tiff[at + 8..at + 12].copy_from_slice(&100_000u32.to_le_bytes());
    }
    bombs.push(("tiff.tif", tiff));
    for (name, bytes) in bombs {
        let (decoded, probed) = complaints(name, &bytes);
        assert!(matches!(decoded.kind, ErrorKind::TooManyPixels { limit: MAX_PIXELS, .. }), "{decoded}");
        assert!(matches!(probed, Some(Error { kind: ErrorKind::TooManyPixels { .. }, .. })), "{probed:?}");
        assert!(decoded.to_string().contains("megapixels"), "{decoded}");
    }
    assert!(start.elapsed().as_secs() < 5);
    // Within the limit, but the data are not there.
    assert!(matches!(
        complaint("thin.png", &png_of(20_000, 20_000)).kind,
        ErrorKind::Truncated { .. } | ErrorKind::Damaged { .. }
    ));
}

#[test]
fn zero_sizes_are_called_so() {
    let mut bmp = valid(Format::Bmp);
    bmp[18..22].fill(0);
    let gif = [&b"GIF89a"[..], &[0, 0, 5, 0, 0, 0, 0, 0x3b]].concat();
    for (name, bytes) in [("a.png", png_of(0, 5)), ("b.png", png_of(5, 0)), ("c.bmp", bmp), ("d.gif", gif)] {
        let (decoded, probed) = complaints(name, &bytes);
        assert!(matches!(decoded.kind, ErrorKind::ZeroSized { .. }), "{name}: {decoded}");
        assert!(matches!(probed, Some(Error { kind: ErrorKind::ZeroSized { .. }, .. })), "{name}: {probed:?}");
    }
}

#[test]
fn kinds_that_are_not_read_say_what_they_are() {
    let path = pictures().into_iter().find(|p| p.ends_with("thumbnail.tif")).unwrap();
    let message = decode(&path).unwrap_err().to_string();
    assert!(message.contains("thumbnail") && message.contains("convert"), "{message}");
    let path = pictures().into_iter().find(|p| p.ends_with("raw.cr2")).unwrap();
    let message = decode(&path).unwrap_err().to_string();
    assert!(message.contains("a camera's raw file (Canon CR2)") && message.contains("convert"), "{message}");
    assert!(complaint("a.raf", b"FUJIFILMCCD-RAW 0201").to_string().contains("Fujifilm RAF"));
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_work_and_are_shown() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(OsStr::from_bytes(b"caf\xe9 #1 %20.png"));
    std::fs::write(&path, valid(Format::Png)).unwrap();
    assert_eq!(decode(&path).unwrap().pixels.width, 24);
    assert_eq!(probe(&path).unwrap().width, 24);
    std::fs::write(&path, b"no").unwrap();
    let message = decode(&path).unwrap_err().to_string();
    assert!(message.contains("caf\u{fffd} #1 %20.png"), "{message}");
}

fn both(bytes: &[u8]) -> (Result<Picture>, Result<Header>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    std::fs::write(&path, bytes).unwrap();
    (decode(&path), probe(&path))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Real files with bytes changed and the end cut off: an error or a picture, never a panic, and never pixels that
    /// do not fit their size.
    #[test]
    fn damaged_files_never_panic(
        which in 0usize..1000,
        changes in prop::collection::vec((0usize..10_000, any::<u8>()), 0..6),
        keep in 0.2f64..1.5,
    ) {
        let all = pictures();
        let mut bytes = std::fs::read(&all[which % all.len()]).unwrap();
        for (at, value) in changes {
            let len = bytes.len();
            // Headers are short and decide most, so half of the changes go there.
            let at = if at % 2 == 0 { at / 2 % len.min(64) } else { at % len };
            bytes[at] = value;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        let (decoded, probed) = both(&bytes);
        match decoded {
            Ok(p) => prop_assert!(Pixels::new(p.pixels.width, p.pixels.height, p.pixels.channels, p.pixels.samples).is_ok()),
            Err(e) => prop_assert!(!e.to_string().contains("gave up"), "{e}"),
        }
        if let Err(e) = probed {
            prop_assert!(!e.to_string().contains("gave up"), "{e}");
        }
    }
}

/// Of thousands of damaged files no message shows how a library is written.
#[test]
fn no_message_shows_the_insides_of_a_program() {
    let mut state = 5u32;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut told = std::collections::BTreeSet::new();
    for path in pictures() {
        let whole = std::fs::read(&path).unwrap();
        for turn in 0..16 {
            let mut bytes = whole.clone();
            // In the headers, or anywhere.
            let reach = if turn % 2 == 0 { bytes.len().min(200) } else { bytes.len() };
            for _ in 0..=random(4) {
                bytes[random(reach)] = random(256) as u8;
            }
            if let Err(error) = decode_bytes(Path::new("x"), &bytes) {
                told.insert(error.to_string());
            }
        }
    }
    assert!(told.len() > 50, "{}", told.len());
    let hump = |c: &[u8]| c[0].is_ascii_lowercase() && c[1].is_ascii_uppercase() && c[2].is_ascii_lowercase();
    for said in told {
        let inside = [" { ", "::", "src/", ".rs:", "Error(", "Some(", "Unknown(", ": ["];
        assert!(!inside.iter().any(|part| said.contains(part)), "{said}");
        let name = said.split_whitespace().find(|word| !word.contains('`') && word.as_bytes().windows(3).any(hump));
        assert_eq!(name, None, "{said}");
    }
}
