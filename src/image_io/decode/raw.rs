//! Cameras' raw files: their sensor's values are not read, but the largest JPEG preview that the camera put beside them is
//! offered, with a note; most are as large as the photo. Where it lies depends on the maker: in the directories of a TIFF
//! file (CR2, NEF, ARW, DNG, PEF, SRW), in a tag of its own (RW2), behind Olympus's notes (ORF), behind a header (RAF), or
//! in boxes (CR3).
//!
//! Looked at: `rawler` (LGPL), `rawloader` (LGPL), `quickexif` (LGPL), `kamadak-exif`, `nom-exif`, `little_exif` (none of
//! them tells where previews lie). The directories are read by the reader of EXIF, which is here already.

use super::{Decoded, Header, Result, jpeg};
use crate::image_io::boxes::{Numbers, boxes, find};
use crate::image_io::error::ErrorKind;
use crate::image_io::exif::{self, Directory, tag};
use crate::image_io::metadata;
use crate::image_io::orientation;
use crate::tensor::Depth;

/// Previews whose longer side is shorter are thumbnails, which nobody means when naming the file.
const LEAST: usize = 640;

/// The most directories that are looked into; cameras write up to six.
const MOST: usize = 32;

/// What a file is that holds a sensor's values, or begins with a thumbnail, as cameras' raw files do, from what its first
/// directory says.
pub(super) fn name(reduced: bool, sensor: bool, dng: bool, maker: &str) -> Option<String> {
    if !reduced && !sensor {
        return None;
    }
    let maker = maker.to_uppercase();
    let kinds = [("NIKON", "Nikon NEF"), ("SONY", "Sony ARW"), ("PENTAX", "Pentax PEF"), ("SAMSUNG", "Samsung SRW")];
    let kind = kinds.iter().find(|(name, _)| maker.contains(name)).map(|(_, kind)| *kind).filter(|_| !dng);
    Some(match kind.or(dng.then_some("DNG")) {
        Some(kind) => format!("a camera's raw file ({kind})"),
        None if sensor => "a camera's raw file".into(),
        None => "a TIFF file whose first picture is a thumbnail, such as a camera's raw file,".into(),
    })
}

/// What a TIFF file is by its first directory, if that is a camera's.
pub(super) fn of_tiff(bytes: &[u8]) -> Option<String> {
    let first = Directory::first(bytes)?;
    let reduced = first.number(tag::NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1);
    let sensor = matches!(first.number(tag::PHOTOMETRIC), Some(SENSOR | LINEAR));
    let maker = first.find(tag::MAKE).map(|e| String::from_utf8_lossy(e.data)).unwrap_or_default();
    name(reduced, sensor, first.find(tag::DNG_VERSION).is_some(), &maker)
}

/// How sensors' values are marked: behind filters of colour, or without.
pub(super) const SENSOR: u32 = 32_803;
pub(super) const LINEAR: u32 = 34_892;

/// The preview in a raw file.
struct Preview<'a> {
    jpeg: &'a [u8],
    header: Header,
    /// What the raw file says of the photograph, for previews that say nothing.
    exif: Option<Vec<u8>>,
}

impl Preview<'_> {
    /// The orientation that only the raw file states.
    fn turned(&self, own: Option<u8>) -> u8 {
        own.or_else(|| exif::orientation(self.exif.as_deref()?)).unwrap_or(1)
    }
}

/// Reads the header of the preview in `what`.
pub(super) fn probe(what: &str, bytes: &[u8]) -> Result<Header> {
    let preview = preview(what, bytes)?;
    let (header, own) = (preview.header, jpeg::orientation(preview.jpeg));
    let turned = own.is_none() && orientation::transposes(preview.turned(None));
    let (width, height) = if turned { (header.height, header.width) } else { (header.width, header.height) };
    Ok(Header { width, height, ..header })
}

/// Decodes the preview in `what`.
pub(super) fn decode(what: &str, bytes: &[u8]) -> Result<Decoded> {
    let preview = preview(what, bytes)?;
    let mut decoded = jpeg::decode(preview.jpeg)?;
    let orientation = preview.turned(jpeg::orientation(preview.jpeg));
    let (mut w, mut h) = (decoded.pixels.width, decoded.pixels.height);
    if orientation::transposes(orientation) {
        (w, h) = (h, w);
    }
    decoded.notes.insert(0, format!("this is {what}; the preview of {w}×{h} pixels inside it is enlarged"));
    if decoded.meta.exif.is_none() {
        let stated = preview.exif.as_deref().and_then(metadata::exif_dpi);
        decoded.meta.dpi = metadata::believed_dpi(decoded.meta.dpi, stated);
        decoded.meta.exif = preview.exif;
    }
    Ok(Decoded { orientation, ..decoded })
}

/// The largest preview, if it is none of the thumbnails.
fn preview<'a>(what: &str, bytes: &'a [u8]) -> Result<Preview<'a>> {
    let (found, exif) = found(bytes);
    let eight = |jpeg: &'a [u8]| Some((jpeg, jpeg::probe(jpeg).ok().filter(|h| h.depth == Depth::Eight)?));
    let large = found.into_iter().filter_map(eight).filter(|(_, h)| h.width.max(h.height) >= LEAST);
    let (jpeg, header) = large
        .max_by_key(|(_, h)| h.width * h.height)
        .ok_or_else(|| ErrorKind::Unsupported { what: what.to_owned() })?;
    Ok(Preview { jpeg, header, exif })
}

/// Everything that may be a preview, and what the file says of the photograph.
fn found(bytes: &[u8]) -> (Vec<&[u8]>, Option<Vec<u8>>) {
    if bytes.starts_with(b"FUJIFILMCCD-RAW") {
        let place = bytes.get(84..92).and_then(|b| Numbers(b).u32().zip(Numbers(&b[4..]).u32()));
        return (place.and_then(|(at, length)| part(bytes, at.into(), length.into())).into_iter().collect(), None);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return in_boxes(bytes);
    }
    let Some(first) = Directory::of_raw(bytes) else { return (Vec::new(), None) };
    let exif = exif::block_of_directory(bytes, &first);
    (in_directories(bytes, first), exif)
}

/// The part of a file from `at` on, or as much of it as is there.
fn part(bytes: &[u8], at: u64, length: u64) -> Option<&[u8]> {
    let rest = bytes.get(usize::try_from(at).ok()?..)?;
    Some(&rest[..usize::try_from(length).map_or(rest.len(), |length| rest.len().min(length))])
}

fn in_directories<'a>(bytes: &'a [u8], first: Directory<'a>) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    let order = first.order;
    let mut waiting = vec![first];
    while let Some(directory) = waiting.pop() {
        if seen.contains(&directory.at) || seen.len() == MOST {
            continue;
        }
        seen.push(directory.at);
        found.extend(directory.find(tag::PANASONIC_PREVIEW).map(|e| e.data));
        let place = directory.number(tag::THUMBNAIL).zip(directory.number(tag::THUMBNAIL_BYTES));
        found.extend(place.and_then(|(at, length)| part(bytes, at.into(), length.into())));
        // In a strip, unless that holds the sensor's values.
        let sensor = matches!(directory.number(tag::PHOTOMETRIC), Some(SENSOR | LINEAR));
        if matches!(directory.number(tag::COMPRESSION), Some(6 | 7)) && !sensor {
            let (at, length) = (directory.numbers(tag::STRIPS), directory.numbers(tag::STRIP_BYTES));
            if let ([at], [length]) = (&at[..], &length[..]) {
                found.extend(part(bytes, *at, *length));
            }
        }
        found.extend(olympus(bytes, &directory));
        let inner = directory.numbers(tag::SUB_DIRECTORIES).into_iter().chain(directory.numbers(tag::EXIF));
        let places = inner.filter_map(|at| usize::try_from(at).ok()).chain(directory.next);
        waiting.extend(places.take(MOST).filter_map(|at| Directory::at(bytes, order, at)));
    }
    found
}

/// The preview that Olympus's notes name; places count from where the notes begin.
fn olympus<'a>(bytes: &'a [u8], directory: &Directory<'a>) -> Option<&'a [u8]> {
    let notes = bytes.get(directory.find(tag::MAKER_NOTE)?.offset..)?;
    let start = match notes {
        [b'O', b'L', b'Y', b'M', b'P', b'U', b'S', 0, ..] => 12,
        [b'O', b'M', b' ', b'S', b'Y', b'S', b'T', b'E', b'M', ..] => 16,
        _ => return None,
    };
    let list = Directory::at(notes, directory.order, start)?;
    let settings = Directory::at(notes, directory.order, list.number(tag::OLYMPUS_SETTINGS)? as usize)?;
    let (at, length) = (settings.number(tag::OLYMPUS_PREVIEW)?, settings.number(tag::OLYMPUS_PREVIEW_BYTES)?);
    part(notes, at.into(), length.into())
}

/// Names of the boxes that Canon adds.
const CANON: [u8; 16] = *b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
const CANON_PREVIEW: [u8; 16] = *b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";

/// Previews of a CR3 file: as large as the photo in its first track, smaller ones in boxes of Canon's.
fn in_boxes(bytes: &[u8]) -> (Vec<&[u8]>, Option<Vec<u8>>) {
    let own = |b: &'_ [u8], name: &[u8; 16]| b.starts_with(name);
    let mut found: Vec<&[u8]> = Vec::new();
    for preview in boxes(bytes).filter(|b| b.kind == *b"uuid" && own(b.content, &CANON_PREVIEW)) {
        // Behind the name and eight bytes more; the picture itself behind its size.
        let picture = preview.content.get(24..).and_then(|list| find(list, b"PRVW"));
        found.extend(picture.and_then(|p| p.content.get(16..)));
    }
    let film = find(bytes, b"moov").map_or(&[][..], |b| b.content);
    found.extend(boxes(film).filter(|b| b.kind == *b"trak").filter_map(|b| track(bytes, b.content)));
    let said = boxes(film).find(|b| b.kind == *b"uuid" && own(b.content, &CANON)).map_or(&[][..], |b| &b.content[16..]);
    let block = |kind| find(said, kind).map(|b| b.content);
    (found, block(b"CMT1").and_then(|first| exif::block_of_parts(first, block(b"CMT2").unwrap_or_default())))
}

/// The first sample of a track.
fn track<'a>(bytes: &'a [u8], content: &[u8]) -> Option<&'a [u8]> {
    let mut table = content;
    for kind in [b"mdia", b"minf", b"stbl"] {
        table = find(table, kind)?.content;
    }
    // Version, the size of all samples or 0, and then how many and each.
    let mut sizes = Numbers(find(table, b"stsz")?.content.get(4..)?);
    let size = match sizes.u32()? {
        0 => sizes.u32().and_then(|_| sizes.u32())?,
        size => size,
    };
    let at = match (find(table, b"co64"), find(table, b"stco")) {
        (Some(wide), _) => Numbers(wide.content.get(8..)?).u64()?,
        (None, Some(short)) => Numbers(short.content.get(8..)?).u32()?.into(),
        (None, None) => return None,
    };
    part(bytes, at, size.into())
}
