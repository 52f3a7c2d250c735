//! What a file says about its picture, carried from the input to the output.
//!
//! Orientation is not among it: pixels are turned when they are read, and every place that states an orientation is
//! put back to 1, or the next program would turn them again.

use std::borrow::Cow;

use super::error::ErrorKind;
use super::{exif, xmp};
use crate::tensor::Pixels;

/// What accompanies the pixels. Everything is optional, and one switch leaves it all out when writing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// ICC colour profile.
    pub icc: Option<Vec<u8>>,
    /// Code points of the colour (primaries, transfer, matrix, range), which only PNG files hold; `icc` says the same.
    pub cicp: Option<[u8; 4]>,
    /// EXIF block, from its `II` or `MM` on, with orientation 1.
    pub exif: Option<Vec<u8>>,
    /// XMP packet, with orientation 1.
    pub xmp: Option<Vec<u8>>,
    /// IPTC record of caption, keywords and rights.
    pub iptc: Option<Vec<u8>>,
    /// Texts by key, as PNG files have them ("Title", "Author"); the comment of a JPEG file has the key "Comment".
    pub texts: Vec<(String, String)>,
    /// Resolution.
    pub dpi: Option<Dpi>,
}

impl Metadata {
    /// Whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Says of a picture that was turned upright from `orientation` (1 to 8) what is true of it now, and returns a note if
    /// the file holds more than its picture.
    pub(super) fn made_upright(&mut self, orientation: u8) -> Option<String> {
        if let Some(block) = &mut self.exif {
            exif::reset_orientation(block);
            exif::drop_thumbnail(block);
        }
        let (mut packet, promised) = xmp::upright(self.xmp.as_deref()?, orientation);
        // A packet that is no XML is left as it is but for this, which was believed.
        xmp_orientations(&packet).into_iter().for_each(|at| packet[at] = b'1');
        self.xmp = Some(packet);
        promised
            .then(|| "a motion photo, a gain map or more metadata lie behind the picture; they are left out".to_owned())
    }

    /// What the file of a result says, of the whole picture or of a part, with another resolution where that is wanted.
    #[must_use]
    pub fn of_result(self, part: bool, dpi: Option<f64>) -> Self {
        let xmp = if part { self.xmp.map(|packet| xmp::part(&packet)) } else { self.xmp };
        Self { xmp, dpi: dpi.map_or(self.dpi, |dpi| Dpi::new(dpi, dpi)), ..self }
    }

    /// The profile, if it describes pixels of `channels` (1 to 4), and otherwise why it has to be left out: a CMYK
    /// profile means nothing for the RGB that a CMYK file was converted to, and readers reject a file whose profile
    /// does not fit. What is no profile by its signature is passed on unjudged.
    pub(super) fn fitting_icc(&self, channels: usize) -> (Option<&[u8]>, Option<String>) {
        let Some(profile) = self.icc.as_deref() else { return (None, None) };
        let space = match (profile.get(36..40), profile.get(16..20)) {
            (Some(b"acsp"), Some(space)) => space,
            _ => return (Some(profile), None),
        };
        let (wanted, name): (&[u8], _) = if channels <= 2 { (b"GRAY", "grey") } else { (b"RGB ", "RGB") };
        if space == wanted {
            return (Some(profile), None);
        }
        let space: Cow<'_, str> = String::from_utf8_lossy(space);
        let note = format!("the colour profile is for {} and was left out of the {name} picture", space.trim());
        (None, Some(note))
    }
}

/// Pixels per inch, across and down. Not rounded: PNG counts in metres, where 300 dpi is 11811 and comes back as
/// 299.9994, which has to become 11811 again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dpi {
    /// Across.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Dpi {
    /// If both are sensible numbers.
    pub fn new(x: f64, y: f64) -> Option<Self> {
        let sensible = |v: f64| v.is_finite() && v > 0.0 && v < 1e6;
        (sensible(x) && sensible(y)).then_some(Self { x, y })
    }

    /// From pixels per metre.
    pub(super) fn from_metres(x: f64, y: f64) -> Option<Self> {
        Self::new(x * 0.0254, y * 0.0254)
    }

    /// In whole pixels per metre.
    pub(super) fn to_metres(self) -> (u32, u32) {
        ((self.x / 0.0254).round() as u32, (self.y / 0.0254).round() as u32)
    }
}

impl std::fmt::Display for Dpi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.x == self.y { write!(f, "{:.0} dpi", self.x) } else { write!(f, "{:.0}×{:.0} dpi", self.x, self.y) }
    }
}

/// The resolution that a JPEG file's JFIF segment states, from its content behind the label.
pub(super) fn jfif_dpi(segment: &[u8]) -> Option<Dpi> {
    let &[_, _, unit, x1, x0, y1, y0] = segment.first_chunk()?;
    let (x, y) = (f64::from(u16::from_be_bytes([x1, x0])), f64::from(u16::from_be_bytes([y1, y0])));
    match unit {
        1 => Dpi::new(x, y),
        2 => Dpi::new(x * 2.54, y * 2.54),
        _ => None,
    }
}

/// Of what the format and EXIF state: EXIF, which cameras and editors set, unless it states no more than the usual 72.
pub(super) fn believed_dpi(format: Option<Dpi>, exif: Option<Dpi>) -> Option<Dpi> {
    let usual = Dpi::new(72.0, 72.0);
    exif.filter(|_| exif != usual).or(format).or(exif)
}

/// The resolution that a PNG file's `pHYs` chunk states; it stands before the pixels.
pub(super) fn png_dpi(file: &[u8]) -> Option<Dpi> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = file.get(at + 4..at + 8)?;
        if kind == b"pHYs" {
            let data = file.get(at + 8..at + 17)?;
            let number = |b: &[u8]| b.iter().fold(0.0, |v, &b| v * 256.0 + f64::from(b));
            return if data[8] == 1 { Dpi::from_metres(number(&data[..4]), number(&data[4..8])) } else { None };
        }
        if kind == b"IDAT" || kind == b"IEND" {
            return None;
        }
        at = at.checked_add(12)?.checked_add(length)?;
    }
}

/// The resolution that a BMP file's header states.
pub(super) fn bmp_dpi(file: &[u8]) -> Option<Dpi> {
    let number = |at: usize| file.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_le_bytes);
    (number(14)? >= 40).then_some(())?;
    Dpi::from_metres(number(38)?.into(), number(42)?.into())
}

/// The profile that a BMP file of the fifth version holds.
pub(super) fn bmp_profile(file: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| file.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    // "MBED", least byte first; the place counts from the second header.
    (number(14)? == 124 && file.get(70..74)? == b"DEBM").then_some(())?;
    let (at, length) = (number(126)? as usize + 14, number(130)? as usize);
    file.get(at..at.checked_add(length)?).filter(|profile| !profile.is_empty()).map(<[u8]>::to_vec)
}

/// The resolution that an EXIF block states.
pub(super) fn exif_dpi(block: &[u8]) -> Option<Dpi> {
    let (x, y) = exif::Directory::first(block)?.dpi()?;
    Dpi::new(x, y)
}

/// Keys of texts that a JPEG comment keeps before its text: PNG's own, and those of picture generators.
pub(super) const TEXT_KEYS: [&str; 13] = [
    "Title",
    "Author",
    "Description",
    "Copyright",
    "Creation Time",
    "Software",
    "Disclaimer",
    "Warning",
    "Source",
    "parameters",
    "prompt",
    "workflow",
    "Dream",
];

/// What stands before the XMP packet in a JPEG file.
pub(super) const XMP_LABEL: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// An EXIF block from its byte order mark on. Some writers leave JPEG's label before it, whose last byte is padding.
pub(super) fn bare_exif(block: Vec<u8>) -> Vec<u8> {
    if block.starts_with(b"Exif\0") { block.get(6..).unwrap_or_default().to_vec() } else { block }
}

/// The orientation that EXIF states or else XMP, 1 to 8.
pub(super) fn stated_orientation(exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Option<u8> {
    exif.and_then(exif::orientation)
        .or_else(|| xmp_orientations(xmp?).first().and_then(|&at| xmp?.get(at)?.checked_sub(b'0')))
        .filter(|o| (1..=8).contains(o))
}

/// Where the digits of the orientation stand: XMP states it as an attribute or as an element.
fn xmp_orientations(packet: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for before in [&b"tiff:Orientation=\""[..], b"tiff:Orientation='", b"<tiff:Orientation>"] {
        let starts =
            packet.windows(before.len()).enumerate().filter(|(_, w)| *w == before).map(|(i, _)| i + before.len());
        found.extend(starts.filter(|&at| packet.get(at).is_some_and(u8::is_ascii_digit)));
    }
    found
}

/// A decoded picture with all that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The pixels, upright.
    pub pixels: Pixels,
    /// What the file said about them.
    pub meta: Metadata,
    /// The format by content, whatever the file is called.
    pub format: super::Format,
    /// The share of the picture that is missing in a damaged file, and is grey or blurred, 0 to 1; `None` if nothing is wrong.
    pub missing: Option<f64>,
    /// The steps by which a JPEG file's luma was quantised, `[down][across]` as it is stored; `None` for other formats, and
    /// for JPEG files of more than 8 bits or without loss.
    pub steps: Option<[[u16; 8]; 8]>,
    /// What the user should know: "the first picture of an animated GIF", "the file is called .png but holds a JPEG".
    pub notes: Vec<String>,
}

impl Picture {
    /// The error for those who want whole pictures only, if this one is not.
    pub fn incomplete(&self) -> Option<ErrorKind> {
        self.missing.map(|missing| ErrorKind::Incomplete { damage: damage(missing) })
    }
}

/// What is told of a damaged file of which the share `missing` is grey or blurred.
pub(super) fn damage(missing: f64) -> String {
    match missing * 100.0 {
        0.0 => "the file is damaged: parts of the picture may be wrong or blurred".into(),
        some if some < 1.0 => {
            "the file is damaged: less than 1 % of the picture is missing and is grey or blurred".into()
        }
        some => format!("the file is damaged: {some:.0} % of the picture is missing and is grey or blurred"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A profile of nothing but a signature.
    pub(in crate::image_io) fn profile(space: &[u8; 4]) -> Vec<u8> {
        let mut p = vec![0; 128];
        p[16..20].copy_from_slice(space);
        p[36..40].copy_from_slice(b"acsp");
        p
    }

    #[test]
    fn profiles_go_only_where_they_fit() {
        let meta = |space| Metadata { icc: Some(profile(space)), ..Metadata::default() };
        for channels in 1..=4 {
            assert_eq!(meta(b"RGB ").fitting_icc(channels).0.is_some(), channels > 2);
            assert_eq!(meta(b"GRAY").fitting_icc(channels).0.is_some(), channels < 3);
            let inks = meta(b"CMYK");
            let (none, note) = inks.fitting_icc(channels);
            assert!(none.is_none() && note.unwrap().contains("CMYK"));
        }
        let odd = Metadata { icc: Some(b"whatever".to_vec()), ..Metadata::default() };
        assert_eq!(odd.fitting_icc(3), (Some(&b"whatever"[..]), None));
    }

    #[test]
    fn an_orientation_in_broken_xmp_is_not_stated_again() {
        let xmp = Some(b"<x:xmpmeta><a tiff:Orientation=\"6\"><tiff:Orientation>8</b>".to_vec());
        assert_eq!(stated_orientation(None, xmp.as_deref()), Some(6));
        let mut meta = Metadata { xmp, ..Metadata::default() };
        assert_eq!(meta.made_upright(6), None);
        assert_eq!(meta.xmp.unwrap(), b"<x:xmpmeta><a tiff:Orientation=\"1\"><tiff:Orientation>1</b>");
    }

    #[test]
    fn metres_and_inches_agree_both_ways() {
        for dpi in [72.0, 96.0, 240.0, 300.0, 299.9994, 1200.0] {
            let (x, y) = Dpi::new(dpi, dpi).unwrap().to_metres();
            assert_eq!(Dpi::from_metres(x.into(), y.into()).unwrap().to_metres(), (x, y));
            assert!((f64::from(x) * 0.0254 - dpi).abs() < 0.013);
        }
        assert_eq!(Dpi::new(0.0, 72.0), None);
        assert_eq!(Dpi::new(f64::NAN, 72.0), None);
    }
}
