//! What a JPEG file says about its picture.

use super::file::JpegFile;
use crate::image_io::exif;
use crate::image_io::metadata::{self, Metadata};

const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;

/// The contents of the segments with a marker and a label, behind the label.
fn labelled<'a>(file: &'a JpegFile<'_>, marker: u8, label: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    file.segments.iter().filter(move |(m, _)| *m == marker).filter_map(move |(_, content)| content.strip_prefix(label))
}

/// The first EXIF block from its byte order mark on. The byte behind the label pads, and is not always 0.
pub(super) fn exif_block<'a>(file: &'a JpegFile<'_>) -> Option<&'a [u8]> {
    labelled(file, APP1, EXIF).find_map(|content| content.get(1..))
}

/// All of it, the orientation (1 to 8), and notes on what was left out.
pub(super) fn read(file: &JpegFile<'_>) -> (Metadata, u8, Vec<String>) {
    let mut notes = Vec::new();
    let exif = exif_block(file).map(<[u8]>::to_vec);
    let orientation = exif.as_deref().and_then(exif::orientation).unwrap_or(1);
    let stated = labelled(file, APP0, b"JFIF\0").find_map(metadata::jfif_dpi);
    let dpi = metadata::believed_dpi(stated, exif.as_deref().and_then(metadata::exif_dpi));
    let xmp = labelled(file, APP1, XMP).next().map(<[u8]>::to_vec);
    let icc = icc_profile(file);
    if icc.is_none() && labelled(file, APP2, ICC).next().is_some() {
        notes.push("the colour profile is incomplete and was left out".into());
    }
    (Metadata { icc, exif, xmp, dpi }, orientation, notes)
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
