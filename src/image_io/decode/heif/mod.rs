//! AVIF and HEIC: `items` reads what the file says, `source` finds what a picture is made of, `planes` puts tiles together,
//! and `colour` makes pixels. Frames of AV1 are decoded by `re_rav1d`, the decoder dav1d in Rust, with an interface that is safe
//! to call; its hand-written assembly is left out, so that no assembler is needed to build. Frames of HEVC are for `hevc`.
//! A panic in re_rav1d could not be caught; of thousands of files with changed or missing bytes none brought one about.
//!
//! Looked at for the container: `avif-parse`, `zenavif-parse`, `mp4parse` (none of them tells turns, profiles and
//! metadata together, and all are MPL); for the whole: `zenavif` and `rav1d-safe` (AGPL), `image`'s reader and `libavif`
//! (C libraries, an assembler to build).

mod colour;
mod hevc;
mod items;
mod planes;
mod source;

use self::items::{Fault, Item, Items, Property};
use self::planes::damaged;
use self::source::Source;
use super::{Decoded, Header, Result, buffer, check_size, straight};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::metadata::{self, Metadata};
use crate::image_io::{orientation, profile};

/// Reads a header; `bytes` may end anywhere behind it.
pub(super) fn probe(format: Format, bytes: &[u8]) -> Result<Header> {
    header(bytes).map(|header| Header { format, ..header }).map_err(|error| told(format, error))
}

/// Decodes a whole file, or as much of it as there is.
pub(super) fn decode(format: Format, bytes: &[u8]) -> Result<Decoded> {
    picture_of(format, bytes).map_err(|error| told(format, error))
}

/// What is wrong, of the format that the file calls itself.
fn told(format: Format, error: ErrorKind) -> ErrorKind {
    match error {
        // Nobody needs a better copy of a file that cannot be read anyway.
        _ if format == Format::Heic && !cfg!(feature = "heif") => ErrorKind::NotBuiltIn,
        ErrorKind::Truncated { .. } => ErrorKind::Truncated { format },
        ErrorKind::Damaged { detail, .. } => ErrorKind::Damaged { format, detail },
        ErrorKind::ZeroSized { width, height, .. } => ErrorKind::ZeroSized { format, width, height },
        other => other,
    }
}

fn header(bytes: &[u8]) -> Result<Header> {
    let items = read(bytes)?;
    let item = picture(&items)?;
    let (width, height) = source::size(item)?;
    let (mut width, mut height) = (width as usize, height as usize);
    if let Some((_, _, w, h)) = aperture(item, width, height) {
        (width, height) = (w, h);
    }
    if orientation::transposes(turn(item)) {
        (width, height) = (height, width);
    }
    let source = Source::of(&items, item)?;
    let (bits, grey) = source.coding()?;
    let channels = if grey { 1 } else { 3 } + usize::from(source.alpha(&items, item)?.is_some());
    Ok(Header { format: Format::Avif, width, height, channels, depth: colour::depth(bits) })
}

fn picture_of(format: Format, bytes: &[u8]) -> Result<Decoded> {
    let items = read(bytes)?;
    let item = picture(&items)?;
    let source = Source::of(&items, item)?;
    let (whole, mut missing) = source.decode(&items, 0.5)?;
    let alpha = match source.alpha(&items, item)?.map(|alpha| alpha.decode(&items, 1.0)) {
        Some(Ok((planes, lost))) => {
            missing = missing.into_iter().chain(lost).reduce(f64::max);
            Some(planes)
        }
        // The data of transparency usually come last.
        Some(Err(ErrorKind::Truncated { .. })) => {
            missing = missing.or(Some(0.0));
            None
        }
        Some(Err(error)) => return Err(error),
        None => None,
    };
    let (codes, full) = whole.codes;
    let mut pixels = colour::pixels(&whole, (codes[2], full), alpha.as_ref())?;
    if alpha.is_some() && !items.linked(b"prem", item.id).is_empty() {
        pixels = straight(pixels);
    }
    if let Some((x, y, w, h)) = aperture(item, pixels.width, pixels.height) {
        pixels = pixels.crop(y, x, h, w).map_err(|e| damaged(&e.to_string()))?;
    }
    let mut notes = Vec::new();
    if items.film {
        notes.push(super::first_of_animation(format));
    }
    if items.has_kind(b"tmap") {
        notes.push("a gain map lies behind the picture; it is left out".to_owned());
    }
    Ok(Decoded { pixels, meta: described(&items, item, codes), orientation: turn(item), missing, steps: None, notes })
}

fn read(bytes: &[u8]) -> Result<Items<'_>> {
    Items::read(bytes).map_err(|fault| match fault {
        Fault::Cut => ErrorKind::Truncated { format: Format::Avif },
        Fault::FilmAlone => ErrorKind::Unsupported { what: "an animation without a still picture".into() },
        Fault::Nonsense(detail) => damaged(detail),
    })
}

/// The item that is the picture, if it is of a kind that is known here.
fn picture<'a>(items: &'a Items<'_>) -> Result<&'a Item> {
    let item = items.primary().ok_or_else(|| damaged("the picture that it names is not there"))?;
    let unsupported = |what: &str| Err(ErrorKind::Unsupported { what: what.to_owned() });
    match &item.kind {
        b"av01" | b"hvc1" | b"grid" => {}
        b"iovl" => return unsupported("a picture that is laid together from several (an overlay)"),
        kind => return unsupported(&format!("a file of the kind \"{}\"", kind.escape_ascii())),
    }
    match item.properties.iter().find_map(|p| if let Property::Unknown(kind) = p { Some(kind) } else { None }) {
        Some(kind) => unsupported(&format!("a file with the property \"{}\"", kind.escape_ascii())),
        None => Ok(item),
    }
}

/// The code points that an item states, and whether all values are used.
fn codes(item: &Item) -> Option<planes::Codes> {
    item.properties.iter().find_map(|p| if let Property::Codes(codes, full) = p { Some((*codes, *full)) } else { None })
}

/// Left, top, width and height of the part that is to be shown, if it is not all.
fn aperture(item: &Item, width: usize, height: usize) -> Option<(usize, usize, usize, usize)> {
    let parts =
        item.properties.iter().find_map(|p| if let Property::Aperture(parts) = p { Some(parts) } else { None })?;
    let [w, h, x, y] = parts.map(|(n, d)| n as f64 / d as f64);
    // The distance is that of the middles.
    let start = |whole: usize, part: f64, off: f64| (whole as f64 - part) / 2.0 + off;
    let (x, y) = (start(width, w, x).round(), start(height, h, y).round());
    let fits = w >= 1.0 && h >= 1.0 && x >= 0.0 && y >= 0.0 && x + w <= width as f64 && y + h <= height as f64;
    fits.then_some((x as usize, y as usize, w as usize, h as usize))
}

/// Turns and mirrors of an item as an EXIF orientation; what EXIF itself says does not count in these files.
fn turn(item: &Item) -> u8 {
    // Quarter turns counter-clockwise of a picture that may be mirrored left to right before.
    let (mut turns, mut mirrored) = (0, false);
    for property in &item.properties {
        match property {
            Property::Turn(more) => turns = (turns + more) % 4,
            Property::Mirror(columns) => {
                // Top to bottom is left to right and half a turn.
                turns = (4 - turns + if *columns { 0 } else { 2 }) % 4;
                mirrored = !mirrored;
            }
            _ => {}
        }
    }
    match (turns, mirrored) {
        (0, false) => 1,
        (1, false) => 8,
        (2, false) => 3,
        (_, false) => 6,
        (0, true) => 2,
        (1, true) => 5,
        (2, true) => 4,
        (_, true) => 7,
    }
}

fn described(items: &Items<'_>, item: &Item, [primaries, transfer, _]: [u16; 3]) -> Metadata {
    let own =
        item.properties.iter().find_map(|p| if let Property::Icc(profile) = p { Some(profile.clone()) } else { None });
    // Not stated is as in sRGB. Pixels are red, green and blue by now.
    let code = |stated: u16, usual: u8| if stated == 2 { usual } else { u8::try_from(stated).unwrap_or(0) };
    let points = [code(primaries, 1), code(transfer, 13), 0, 1];
    let named = if own.is_some() { None } else { profile::of_code_points(points) };
    let cicp = named.is_some().then_some(points);
    // Four bytes say how much stands before the block.
    let exif = items.metadata(b"Exif", b"").and_then(|bytes| {
        let (before, rest) = bytes.split_first_chunk::<4>()?;
        Some(metadata::bare_exif(rest.get(u32::from_be_bytes(*before) as usize..)?.to_vec()))
    });
    let xmp = items.metadata(b"mime", b"application/rdf+xml");
    let dpi = exif.as_deref().and_then(metadata::exif_dpi);
    Metadata { icc: own.or(named), cicp, exif, xmp, dpi, ..Metadata::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_mirrors_are_the_orientations_that_other_readers_say() {
        let both = |turn, columns| Item {
            properties: vec![Property::Turn(turn), Property::Mirror(columns)],
            ..Item::default()
        };
        let found = [0, 1, 2, 3].map(|t| [turn(&both(t, false)), turn(&both(t, true))]);
        assert_eq!(found, [[4, 2], [5, 7], [2, 4], [7, 5]]);
        let first = |t| Item { properties: vec![Property::Mirror(true), Property::Turn(t)], ..Item::default() };
        assert_eq!([0, 1, 2, 3].map(|t| turn(&first(t))), [2, 5, 4, 7]);
    }

    #[test]
    fn an_aperture_is_counted_from_the_middle_and_one_outside_is_none() {
        let item = |parts| Item { properties: vec![Property::Aperture(parts)], ..Item::default() };
        let part = item([(10, 1), (12, 2), (-5, 2), (1, 1)]);
        assert_eq!(aperture(&part, 20, 10), Some((3, 3, 10, 6)));
        assert_eq!(aperture(&item([(30, 1), (6, 1), (0, 1), (0, 1)]), 20, 10), None);
        assert_eq!(aperture(&Item::default(), 20, 10), None);
    }
}
