//! What a JPEG file says about its picture.

use super::file::JpegFile;
use crate::image_io::exif;
use crate::image_io::iptc;
use crate::image_io::metadata::{self, Metadata, XMP_LABEL};

const EXIF: &[u8] = b"Exif\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP13: u8 = 0xed;
const COMMENT: u8 = 0xfe;

/// The contents of the segments with a marker and a label, behind the label.
fn labelled<'a>(file: &'a JpegFile<'_>, marker: u8, label: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    file.segments.iter().filter(move |(m, _)| *m == marker).filter_map(move |(_, content)| content.strip_prefix(label))
}

/// The first EXIF block from its byte order mark on. The byte behind the label pads, and is not always 0.
fn exif_block<'a>(file: &'a JpegFile<'_>) -> Option<&'a [u8]> {
    labelled(file, APP1, EXIF).find_map(|content| content.get(1..))
}

/// The thumbnail that the camera put beside the picture.
pub(super) fn thumbnail<'a>(file: &'a JpegFile<'_>) -> Option<&'a [u8]> {
    exif::thumbnail(exif_block(file)?)
}

/// All of it, the orientation (1 to 8), and notes on what was left out.
pub(super) fn read(file: &JpegFile<'_>) -> (Metadata, u8, Vec<String>) {
    let mut notes = Vec::new();
    let exif = exif_block(file).map(<[u8]>::to_vec);
    let xmp = xmp(file).map(<[u8]>::to_vec);
    let stated = labelled(file, APP0, b"JFIF\0").find_map(metadata::jfif_dpi);
    let dpi = metadata::believed_dpi(stated, exif.as_deref().and_then(metadata::exif_dpi));
    let icc = icc_profile(file);
    if icc.is_none() && labelled(file, APP2, ICC).next().is_some() {
        notes.push("the colour profile is incomplete and was left out".into());
    }
    let orientation = orientation(file).unwrap_or(1);
    let resources: Vec<u8> = labelled(file, APP13, iptc::LABEL).flatten().copied().collect();
    let comments = file.segments.iter().filter(|(marker, _)| *marker == COMMENT).map(|(_, text)| comment(text));
    let (iptc, texts) = (iptc::of_resources(&resources), comments.collect());
    (Metadata { icc, cicp: None, exif, xmp, iptc, texts, dpi }, orientation, notes)
}

fn xmp<'a>(file: &'a JpegFile<'_>) -> Option<&'a [u8]> {
    labelled(file, APP1, XMP_LABEL).next()
}

/// The stated orientation, 1 to 8.
pub(super) fn orientation(file: &JpegFile<'_>) -> Option<u8> {
    metadata::stated_orientation(exif_block(file), xmp(file))
}

/// A comment with its key, if it has one of PNG's; old programs write Latin-1.
fn comment(bytes: &[u8]) -> (String, String) {
    let text =
        std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect(), str::to_owned);
    let text = text.trim_end_matches('\0');
    match text.split_once(": ").filter(|(key, _)| metadata::TEXT_KEYS.contains(key)) {
        Some((key, text)) => (key.to_owned(), text.to_owned()),
        None => ("Comment".to_owned(), text.to_owned()),
    }
}

/// The profile, from its numbered parts; `None` if one is missing.
fn icc_profile(file: &JpegFile<'_>) -> Option<Vec<u8>> {
    let mut parts: Vec<_> = labelled(file, APP2, ICC).filter_map(|part| part.split_at_checked(2)).collect();
    parts.sort_by_key(|(numbers, _)| numbers[0]);
    parts.dedup_by_key(|(numbers, _)| numbers[0]);
    let count = usize::from(parts.first()?.0[1]);
    let numbered = parts.iter().enumerate().all(|(i, (numbers, _))| usize::from(numbers[0]) == i + 1);
    (numbered && parts.len() == count).then(|| parts.into_iter().flat_map(|(_, data)| data).copied().collect())
}
