//! The file formats: how each is recognised by its content, and what its files are called.
//!
//! Content decides, never the name: half of the "PNG" files that people save from the web are JPEG or WebP.

use std::ffi::OsStr;
use std::path::Path;

use super::boxes;
use crate::tensor::Size;

/// A file format that is read; all but GIF, JPEG XL, AVIF and HEIC are also written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Format {
    /// Portable Network Graphics: lossless, 8 or 16 bits, alpha.
    Png,
    /// JPEG: lossy, 8 bits, no alpha.
    Jpeg,
    /// WebP: read both kinds, written lossless; 8 bits, alpha.
    WebP,
    /// TIFF: lossless, 8 or 16 bits, alpha.
    Tiff,
    /// Windows bitmap: uncompressed, 8 bits, alpha.
    Bmp,
    /// GIF: the first picture is read.
    Gif,
    /// JPEG XL: read.
    Jxl,
    /// AVIF: read.
    Avif,
    /// HEIC: read by builds with the feature `heif`.
    Heic,
}

impl Format {
    /// All of them, in the order they are offered.
    pub const ALL: [Format; 9] = [
        Format::Png,
        Format::Jpeg,
        Format::WebP,
        Format::Tiff,
        Format::Bmp,
        Format::Gif,
        Format::Jxl,
        Format::Avif,
        Format::Heic,
    ];

    /// The usual extension, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpg",
            Format::WebP => "webp",
            Format::Tiff => "tif",
            Format::Bmp => "bmp",
            Format::Gif => "gif",
            Format::Jxl => "jxl",
            Format::Avif => "avif",
            Format::Heic => "heic",
        }
    }

    /// All extensions in use, lower case, without dots.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Format::Png => &["png", "apng"],
            Format::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Format::WebP => &["webp"],
            Format::Tiff => &["tif", "tiff"],
            Format::Bmp => &["bmp", "dib"],
            Format::Gif => &["gif"],
            Format::Jxl => &["jxl"],
            Format::Avif => &["avif", "avifs"],
            Format::Heic => &["heic", "heif", "hif", "heics"],
        }
    }

    /// The format whose files end like this, in any case.
    pub fn from_extension(extension: &OsStr) -> Option<Self> {
        let extension = extension.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|f| f.extensions().contains(&extension.as_str()))
    }

    /// The format that the name of a file promises.
    pub fn from_path(path: &Path) -> Option<Self> {
        Self::from_extension(path.extension()?)
    }

    /// The format by its first bytes; 64 suffice.
    pub fn from_content(bytes: &[u8]) -> Option<Self> {
        let signature = |s: &[u8]| bytes.starts_with(s);
        if signature(b"\x89PNG\r\n\x1a\n") {
            Some(Format::Png)
        } else if signature(b"\xff\xd8\xff") {
            Some(Format::Jpeg)
        } else if signature(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Format::WebP)
        } else if [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|s| signature(s)) {
            Some(Format::Tiff)
        } else if signature(b"GIF87a") || signature(b"GIF89a") {
            Some(Format::Gif)
        } else if signature(b"\x00\x00\x00\x0cJXL ") || signature(b"\xff\x0a") {
            Some(Format::Jxl)
        } else if brands(bytes).any(|brand| matches!(&brand, b"avif" | b"avis")) {
            Some(Format::Avif)
        } else if brands(bytes).any(is_heic) {
            Some(Format::Heic)
        } else if signature(b"BM") && is_bmp_header(bytes) {
            // "BM" alone begins many a text.
            Some(Format::Bmp)
        } else if signature(b"\xff\xd8") && has_marker(&bytes[2..bytes.len().min(64)]) {
            // Stray bytes behind the first marker, which decoders step over.
            Some(Format::Jpeg)
        } else {
            None
        }
    }

    /// The format of a result that is to be like its source: the same, or PNG for formats that are only read.
    pub fn or_png(self) -> Self {
        let written = super::limits::check_encodable(self, Size::square(1), 1, crate::tensor::Depth::Eight).is_ok();
        if written { self } else { Format::Png }
    }

    /// Whether the format keeps 16 bits per sample.
    pub const fn keeps_sixteen_bits(self) -> bool {
        matches!(self, Format::Png | Format::Tiff)
    }

    /// Whether the format has alpha.
    pub const fn keeps_alpha(self) -> bool {
        !matches!(self, Format::Jpeg)
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::WebP => "WebP",
            Format::Tiff => "TIFF",
            Format::Bmp => "BMP",
            Format::Gif => "GIF",
            Format::Jxl => "JPEG XL",
            Format::Avif => "AVIF",
            Format::Heic => "HEIC",
        })
    }
}

/// Whether a segment of a JPEG file begins here.
fn has_marker(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|w| w[0] == 0xff && matches!(w[1], 0xc0..=0xcf | 0xdb..=0xef | 0xfe))
}

/// Whether a BMP file's second header follows the first: its length, and one plane.
fn is_bmp_header(bytes: &[u8]) -> bool {
    match bytes.get(14..18) {
        Some([12, 0, 0, 0]) => bytes.get(22..24) == Some(&[1, 0]),
        Some([40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]) => bytes.get(26..28) == Some(&[1, 0]),
        // Only a part is there, or a header of another length: the reserved bytes are nearly always zero.
        _ => bytes.get(6..10) == Some(&[0; 4]),
    }
}

/// The kinds that a file of boxes says it is of: the chief one and the others.
fn brands(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    let first = boxes::boxes(bytes).next().filter(|b| b.kind == *b"ftyp");
    let all = first.map_or(&[][..], |b| b.content).as_chunks::<4>().0;
    // The second is a version.
    all.iter().enumerate().filter(|(i, _)| *i != 1).map(|(_, brand)| *brand)
}

fn is_heic(brand: [u8; 4]) -> bool {
    let kinds = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"];
    kinds.contains(&&brand)
}

/// Which camera's raw file it is, as far as the first bytes say it; the others are TIFF files and told by their tags.
pub(super) fn raw(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, s: &[u8]| bytes.get(from..from + s.len()) == Some(s);
    if at(0, b"II*\0") && at(8, b"CR") {
        Some("a camera's raw file (Canon CR2)")
    } else if at(0, b"IIRO") || at(0, b"IIRS") || at(0, b"MMOR") {
        Some("a camera's raw file (Olympus ORF)")
    } else if at(0, b"IIU\0") {
        Some("a camera's raw file (Panasonic RW2)")
    } else if at(0, b"FUJIFILMCCD-RAW") {
        Some("a camera's raw file (Fujifilm RAF)")
    } else if at(4, b"ftypcrx ") {
        Some("a camera's raw file (Canon CR3)")
    } else {
        None
    }
}

/// What a file is that looks like something people try to open here, for a better message than "not a picture".
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, s: &[u8]| bytes.get(from..from + s.len()) == Some(s);
    if let Some(what) = raw(bytes) {
        return Some(what);
    }
    if at(4, b"ftyp") {
        return Some("a video");
    }
    let known: [(&[u8], &str); 7] = [
        (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 file"),
        (b"8BPS", "a Photoshop file"),
        (b"%PDF", "a PDF file"),
        (b"gimp xcf", "a GIMP file"),
        (b"<svg", "an SVG drawing"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"v/1\x01", "an OpenEXR file"),
    ];
    known.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|&(_, what)| what)
}

/// The size that the first bytes of a PNG or BMP file state (columns, rows). Zero is found here because the
/// decoders report it in words of their own.
pub(super) fn stated_size(format: Format, bytes: &[u8]) -> Option<(u64, u64)> {
    let four = |at: usize| bytes.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok());
    match format {
        Format::Png => Some((u32::from_be_bytes(four(16)?).into(), u32::from_be_bytes(four(20)?).into())),
        // Negative rows mean top-down.
        Format::Bmp if four(14)? != [12, 0, 0, 0] => {
            let side = |at| four(at).map(|b| i32::from_le_bytes(b).unsigned_abs().into());
            Some((side(18)?, side(22)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_content_lead_to_formats() {
        for format in Format::ALL {
            let name = format!("a.b/Photo.{}", format.extension().to_uppercase());
            assert_eq!(Format::from_path(Path::new(&name)), Some(format));
        }
        assert_eq!(Format::from_path(Path::new("png")), None);
        assert_eq!(Format::from_path(Path::new("x.psd")), None);
        assert_eq!(Format::from_content(b"\xff\xd8\xff\xe0"), Some(Format::Jpeg));
        assert_eq!(Format::from_content(b"MM\0*\0\0\0\x08"), Some(Format::Tiff));
        assert_eq!(Format::from_content(b"BMW drivers know"), None);
        assert_eq!(Format::from_content(b""), None);
        assert_eq!(Format::from_content(b"\0\0\0\x18ftypheic"), Some(Format::Heic));
        assert_eq!(Format::from_content(b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1"), Some(Format::Avif));
        assert_eq!(foreign(b"\0\0\0\x18ftypisom"), Some("a video"));
        assert_eq!(foreign(b"hello"), None);
    }
}
