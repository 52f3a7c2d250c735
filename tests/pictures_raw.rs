//! Cameras' raw files. None lies here, because they are large and belong to their photographers; the tests build the way
//! each kind is laid out, with a preview in it.

use std::path::Path;

use addersr::image_io::{EncodeOptions, Format, Metadata, Picture, decode, decode_bytes, encode_to_vec, probe};
use addersr::tensor::{Pixels, Samples};

/// A JPEG file of `width` × `height` whose left half is darker.
fn jpeg(width: usize, height: usize, meta: &Metadata) -> Vec<u8> {
    let row = (0..width).flat_map(|x| [if x < width / 2 { 60 } else { 200 }; 3]);
    let row: Vec<u8> = row.collect();
    let pixels = Pixels::new(width, height, 3, Samples::U8(row.repeat(height))).unwrap();
    encode_to_vec(&pixels, meta, &EncodeOptions::new(Format::Jpeg)).unwrap().0
}

fn preview() -> Vec<u8> {
    jpeg(800, 400, &Metadata::default())
}

const CANON: &[u8] = b"II*\0CR\x02\0";
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// A directory, little-endian: tags of one number each, or with bytes that lie elsewhere.
fn directory(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut bytes = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, count, value) in entries {
        bytes
            .extend([&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat());
    }
    bytes.extend(next.to_le_bytes());
    bytes
}

/// A file with a signature, of which what is beyond four bytes follows later, with a first directory at 64 and what else there is at 512, 1024 and 2048.
fn file(signature: &[u8], first: &[u8], parts: [&[u8]; 3]) -> Vec<u8> {
    let mut bytes = [&signature[..4], &64u32.to_le_bytes(), &signature[4..]].concat();
    for (at, part) in [64, 512, 1024, 2048].into_iter().zip([&[first][..], &parts.map(|p| p)[..]].concat()) {
        bytes.resize(at, 0);
        bytes.extend(part);
    }
    bytes
}

/// The preview is read, with a note that says so, upright by what the raw file states.
fn is_offered(name: &str, bytes: &[u8], what: &str, turned: bool) -> Picture {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let picture = decode(&path).unwrap_or_else(|e| panic!("{e}"));
    let size = if turned { (400, 800) } else { (800, 400) };
    assert_eq!((picture.pixels.width, picture.pixels.height, picture.format), (size.0, size.1, Format::Jpeg), "{name}");
    let header = probe(&path).unwrap();
    assert_eq!((header.width, header.height), size, "{name}");
    let note = format!(
        "this is a camera's raw file ({what}); the preview of {}×{} pixels inside it is enlarged",
        size.0, size.1
    );
    assert_eq!(picture.notes, [note], "{name}");
    picture
}

#[test]
fn previews_in_directories_are_found() {
    let (big, small) = (preview(), jpeg(160, 120, &Metadata::default()));
    let (length, little) = (big.len() as u32, small.len() as u32);
    // Canon: the first directory holds the preview in a strip, the next the thumbnail; turned by a quarter.
    let first =
        [(259, SHORT, 1, 6), (271, 2, 6, 512), (273, LONG, 1, 2048), (274, SHORT, 1, 6), (279, LONG, 1, length)];
    let thumbnail = directory(&[(513, LONG, 1, 1400), (514, LONG, 1, little)], 0);
    let bytes = file(CANON, &directory(&first, 1024), [b"Canon\0", &thumbnail, &big]);
    let picture = is_offered("IMG_1.CR2", &bytes, "Canon CR2", true);
    assert!(picture.meta.exif.unwrap().windows(6).any(|w| w == b"Canon\0"));
    // Nikon: a thumbnail first, the preview in a directory below.
    let below = directory(&[(513, LONG, 1, 2048), (514, LONG, 1, length)], 0);
    let first = [(254, LONG, 1, 1), (256, LONG, 1, 160), (257, LONG, 1, 120), (271, 2, 18, 1024), (330, LONG, 1, 512)];
    let bytes = file(b"II*\0", &directory(&first, 0), [&below, b"NIKON CORPORATION\0", &big]);
    is_offered("_DSC1.NEF", &bytes, "Nikon NEF", false);
    // Sony: no size in the first directory at all.
    let first = [(254, LONG, 1, 1), (271, 2, 5, 512), (513, LONG, 1, 2048), (514, LONG, 1, length)];
    let bytes = file(b"II*\0", &directory(&first, 0), [b"SONY\0", b"", &big]);
    is_offered("DSC1.ARW", &bytes, "Sony ARW", false);
    // DNG: the preview in a strip of a directory below, beside the sensor's values, which are JPEG too, without loss.
    let below = directory(&[(259, SHORT, 1, 7), (262, SHORT, 1, 6), (273, LONG, 1, 2048), (279, LONG, 1, length)], 600);
    let values = directory(&[(259, SHORT, 1, 7), (262, SHORT, 1, 32803), (273, LONG, 1, 1024), (279, LONG, 1, 99)], 0);
    let first = [(254, LONG, 1, 1), (256, LONG, 1, 9), (257, LONG, 1, 9), (330, LONG, 1, 512), (50706, 1, 4, 0x401)];
    let mut parts = below;
    parts.resize(600 - 512, 0);
    parts.extend(values);
    is_offered("a.dng", &file(b"II*\0", &directory(&first, 0), [&parts, b"", &big]), "DNG", false);
}

#[test]
fn previews_of_other_signatures_are_found() {
    let big = preview();
    let length = big.len() as u32;
    let first = directory(&[(0x2e, 7, length, 2048), (271, 2, 10, 512), (274, SHORT, 1, 8)], 0);
    is_offered("P1.RW2", &file(b"IIU\0", &first, [b"Panasonic\0", b"", &big]), "Panasonic RW2", true);
    // Places in Olympus's notes count from where they begin, at 1024.
    let exif = directory(&[(0x927c, 7, 1000, 1024)], 0);
    let settings = directory(&[(0x101, LONG, 1, 1024), (0x102, LONG, 1, length)], 0);
    let notes = [b"OLYMPUS\0II\x03\0", &directory(&[(0x2020, 13, 1, 100)], 0)[..]].concat();
    let mut notes: Vec<u8> = notes;
    notes.resize(100, 0);
    notes.extend(settings);
    let first = directory(&[(0x8769, LONG, 1, 512)], 0);
    is_offered("P1.ORF", &file(b"IIRO", &first, [&exif, &notes, &big]), "Olympus ORF", false);
    let mut raf = b"FUJIFILMCCD-RAW 0201FF383501X-T".to_vec();
    raf.resize(84, 0);
    raf.extend([148u32.to_be_bytes(), length.to_be_bytes()].concat());
    raf.resize(148, 0);
    raf.extend(&big);
    is_offered("DSCF1.RAF", &raf, "Fujifilm RAF", false);
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

#[test]
fn previews_in_boxes_are_found() {
    let big = preview();
    let small = jpeg(640, 320, &Metadata::default());
    let canon = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
    let previews = b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";
    let first = file(b"II*\0", &directory(&[(271, 2, 6, 512), (274, SHORT, 1, 3)], 0), [b"Canon\0", b"", b""]);
    let exif = file(b"II*\0", &directory(&[(36867, 2, 20, 512)], 0), [b"2024:01:02 03:04:05\0", b"", b""]);
    let said = boxed(b"uuid", &[&canon[..], &boxed(b"CMT1", &first), &boxed(b"CMT2", &exif)].concat());
    let track = |at: usize| {
        let sizes = boxed(b"stsz", &[[0; 4], (big.len() as u32).to_be_bytes(), 1u32.to_be_bytes()].concat());
        let places = boxed(b"co64", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &(at as u64).to_be_bytes()].concat());
        boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &boxed(b"stbl", &[sizes, places].concat()))))
    };
    let picture = boxed(b"PRVW", &[&[0; 16][..], &small].concat());
    let smaller = boxed(b"uuid", &[&previews[..], &[0; 8], &picture].concat());
    let before = |at| {
        let film = boxed(b"moov", &[said.clone(), track(at)].concat());
        [boxed(b"ftyp", b"crx \0\0\0\x01crx isom"), film, smaller.clone()].concat()
    };
    let start = before(0).len() + 8;
    let bytes = [before(start), boxed(b"mdat", &big)].concat();
    let picture = is_offered("IMG_1.CR3", &bytes, "Canon CR3", false);
    let exif = picture.meta.exif.unwrap();
    assert!(exif.windows(19).any(|w| w == b"2024:01:02 03:04:05") && exif.windows(5).any(|w| w == b"Canon"));
    let Samples::U8(v) = &picture.pixels.samples else { panic!("8 bits") };
    assert!(v[0] > 190, "half a turn: the light half is left");
}

#[test]
fn a_raw_file_with_a_thumbnail_alone_is_refused_and_a_cut_preview_is_noted() {
    let small = jpeg(160, 120, &Metadata::default());
    let first = [(271, 2, 6, 512), (513, LONG, 1, 2048), (514, LONG, 1, small.len() as u32)];
    let bytes = file(CANON, &directory(&first, 0), [b"Canon\0", b"", &small]);
    let refused = decode_bytes(Path::new("a.cr2"), &bytes).unwrap_err().to_string();
    assert!(refused.contains("a camera's raw file (Canon CR2) cannot be read"), "{refused}");
    let big = preview();
    let first = [(271, 2, 6, 512), (513, LONG, 1, 2048), (514, LONG, 1, big.len() as u32)];
    let bytes = file(CANON, &directory(&first, 0), [b"Canon\0", b"", &big]);
    let part = decode_bytes(Path::new("a.cr2"), &bytes[..bytes.len() - big.len() / 3]).unwrap();
    assert!(part.missing.is_some_and(|share| share > 0.1) && part.notes.len() == 2, "{:?}", part.notes);
}

#[test]
fn every_cut_of_a_raw_file_is_refused_or_read_without_panic() {
    let big = preview();
    let below = directory(&[(513, LONG, 1, 2048), (514, LONG, 1, big.len() as u32)], 64);
    let first = [(254, LONG, 1, 1), (271, 2, 18, 1024), (330, LONG, 1, 512)];
    let bytes = file(b"II*\0", &directory(&first, 512), [&below, b"NIKON CORPORATION\0", &big]);
    for length in (0..2100).chain([bytes.len()]) {
        let _ = decode_bytes(Path::new("a.nef"), &bytes[..length]);
    }
}
