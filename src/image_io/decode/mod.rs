//! From a file to upright pixels and what belongs to them.
//!
//! `image` decodes WebP and BMP (`raster`), `libjpeg-turbo-rs` decodes JPEG (`jpeg`), `jxl-oxide` JPEG XL, `re_rav1d` AVIF, libheif
//! HEIC, `png`, `gif` and `tiff` what `image`
//! passes on only partly. What they share is here: recognising the format by content, the limits, orientation, and turning
//! every failure into a sentence.

mod colours;
mod gif;
mod heif;
mod jpeg;
mod jxl;
mod png;
mod raster;
mod raw;
mod small;
mod tiff;

pub use small::thumbnail;

use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::{self, Error, ErrorKind};
use super::format::{self, Format};
use super::limits::MAX_PIXELS;
use super::metadata::{Metadata, Picture};
use super::{file, metadata, orientation};
use crate::tensor::{Depth, Pixels, Samples, Size};

/// Decoders see bytes and know no file; [`Error`] names it where they are called.
type Result<T> = std::result::Result<T, ErrorKind>;

/// What a decoder found, before the picture is turned upright.
struct Decoded {
    pixels: Pixels,
    meta: Metadata,
    /// EXIF orientation, 1 to 8.
    orientation: u8,
    /// As [`Picture::missing`].
    missing: Option<f64>,
    /// As [`Picture::steps`].
    steps: Option<[[u16; 8]; 8]>,
    notes: Vec<String>,
}

/// What a file says about its picture before any pixel is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The format by content.
    pub format: Format,
    /// Columns of the upright picture.
    pub width: usize,
    /// Rows of the upright picture.
    pub height: usize,
    /// Channels that decoding will give, 1 to 4. A GIF counts as 4, and may turn out to be 3.
    pub channels: usize,
    /// Depth that decoding will give.
    pub depth: Depth,
}

impl Header {
    /// Of the upright picture.
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

/// Reads a picture.
///
/// The format is recognised by content, and EXIF orientation is applied. Profiles, EXIF, XMP and resolution come
/// along.
///
/// # Errors
/// If there is no such file, it cannot be read, is empty, no picture, cut off, damaged, of an unsupported kind, or
/// larger than [`MAX_PIXELS`].
pub fn decode(path: &Path) -> error::Result<Picture> {
    let (handle, length) = file::open(path)?;
    let start = file::read_start(path, &handle, START)?;
    // Before reading the rest: nobody wants to wait for 40 GB of video to be read to hear that it is none.
    recognise(&start).map_err(|kind| Error::new(path, kind))?;
    decode_bytes(path, &file::read_rest(path, &handle, length, start)?)
}

/// Reads a picture that is in memory already; `path` is for messages, and its extension is compared with the content.
///
/// # Errors
/// As [`decode`].
pub fn decode_bytes(path: &Path, bytes: &[u8]) -> error::Result<Picture> {
    let failed = |kind| Error::new(path, kind);
    let (mut decoded, format, preview) = found(bytes).map_err(failed)?;
    if decoded.missing.is_some_and(|share| share >= 1.0) {
        return Err(failed(ErrorKind::Damaged { format, detail: "nothing of the picture is left in it".to_owned() }));
    }

    decoded.notes.extend(decoded.meta.made_upright(decoded.orientation));
    decoded.notes.extend(mislabelled(path, format).filter(|_| !preview));
    decoded.notes.extend(decoded.missing.map(metadata::damage));
    let Decoded { pixels, meta, orientation, missing, steps, notes } = decoded;
    Ok(Picture { pixels: orientation::upright(pixels, orientation), meta, format, missing, steps, notes })
}

/// The picture in a file, its format, and whether it is the preview in a camera's raw file.
fn found(bytes: &[u8]) -> Result<(Decoded, Format, bool)> {
    let preview = |what: &str| Ok((guarded(Format::Jpeg, || raw::decode(what, bytes))?, Format::Jpeg, true));
    let format = match recognise(bytes)? {
        Kind::Picture(format) => format,
        Kind::Raw(what) => return preview(what),
    };
    check_stated_size(format, bytes)?;
    let decoder = || match format {
        Format::Avif | Format::Heic => heif::decode(format, bytes),
        Format::Gif => gif::decode(bytes),
        Format::Jpeg => jpeg::decode(bytes),
        Format::Jxl => jxl::decode(bytes),
        Format::Png => png::decode(bytes),
        Format::Tiff => tiff::decode(bytes),
        _ => raster::decode(format, bytes),
    };
    match guarded(format, decoder) {
        // Many raw files are TIFF files in name.
        Err(error) if format == Format::Tiff => match raw::of_tiff(bytes) {
            Some(what) => preview(&what),
            None => Err(error),
        },
        decoded => Ok((decoded?, format, false)),
    }
}

/// Reads no more than the header.
///
/// # Errors
/// As [`decode`], as far as the header shows it.
pub fn probe(path: &Path) -> error::Result<Header> {
    let failed = |kind| Error::new(path, kind);
    let (handle, length) = file::open(path)?;
    let start = file::read_start(path, &handle, START)?;
    let format = match recognise(&start).map_err(failed)? {
        Kind::Picture(format) => format,
        Kind::Raw(what) => {
            let bytes = file::read_rest(path, &handle, length, start)?;
            return guarded(Format::Jpeg, || raw::probe(what, &bytes)).map_err(failed);
        }
    };
    check_stated_size(format, &start).map_err(failed)?;
    match format {
        Format::Jpeg => probe_start(path, &handle, length, start, format, jpeg::probe),
        Format::Avif => probe_start(path, &handle, length, start, format, |b| heif::probe(Format::Avif, b)),
        Format::Heic => probe_start(path, &handle, length, start, format, |b| heif::probe(Format::Heic, b)),
        Format::Jxl => probe_start(path, &handle, length, start, format, jxl::probe),
        Format::Tiff => probe_tiff(path, &handle, length),
        Format::Gif => guarded(format, || gif::probe(BufReader::new(rewound(&handle))))
            .map_err(|failure| failed(gif::explained(failure, &start))),
        Format::Png => guarded(format, || png::probe(BufReader::new(rewound(&handle)))).map_err(failed),
        _ => guarded(format, || raster::probe(format, BufReader::new(rewound(&handle)))).map_err(failed),
    }
}

/// The size of the upright picture, from the header.
///
/// # Errors
/// As [`probe`].
pub fn dimensions(path: &Path) -> error::Result<Size> {
    probe(path).map(|header| header.size())
}

/// Bytes that are read to recognise a format.
const START: u64 = 64;

/// The header lies within the first 64 KB unless profiles and thumbnails precede it, so try a little before trying
/// everything.
fn probe_start(
    path: &Path,
    handle: &std::fs::File,
    length: u64,
    start: Vec<u8>,
    format: Format,
    probe: fn(&[u8]) -> Result<Header>,
) -> error::Result<Header> {
    let failed = |kind| Error::new(path, kind);
    let mut bytes = start;
    for limit in [1 << 16, 1 << 20, length] {
        let more = file::read_start(path, handle, limit.saturating_sub(bytes.len() as u64))?;
        bytes.extend(more);
        let header = guarded(format, || probe(&bytes)).map_err(failed);
        if header.is_ok() || limit >= length {
            return header;
        }
    }
    guarded(format, || probe(&bytes)).map_err(failed)
}

/// Kinds that have to be rewritten are read whole.
fn probe_tiff(path: &Path, handle: &std::fs::File, length: u64) -> error::Result<Header> {
    let header = guarded(Format::Tiff, || tiff::probe(BufReader::new(rewound(handle))));
    let known = matches!(header, Err(ErrorKind::TooManyPixels { .. } | ErrorKind::ZeroSized { .. }));
    if header.is_ok() || known {
        return header.map_err(|kind| Error::new(path, kind));
    }
    let bytes = file::read_rest(path, rewound(handle), length, Vec::new())?;
    let whole = || match raw::of_tiff(&bytes) {
        Some(what) => raw::probe(&what, &bytes),
        None => tiff::probe_bytes(&bytes),
    };
    guarded(Format::Tiff, whole).map_err(|kind| Error::new(path, kind))
}

fn rewound(handle: &std::fs::File) -> &std::fs::File {
    use std::io::Seek;
    let mut at = handle;
    // A regular file can be rewound; if not, decoding from the middle will say that it is damaged.
    let _ = at.rewind();
    handle
}

/// What a file is by its first bytes.
enum Kind {
    Picture(Format),
    /// A camera's raw file.
    Raw(&'static str),
}

fn recognise(bytes: &[u8]) -> Result<Kind> {
    if bytes.is_empty() {
        return Err(ErrorKind::Empty);
    }
    if bytes.get(12..16) == Some(b"CgBI") {
        return Err(ErrorKind::Unsupported { what: "a PNG file for Apple's devices alone (CgBI)".into() });
    }
    if let Some(what) = format::raw(bytes) {
        return Ok(Kind::Raw(what));
    }
    if let Some(format) = Format::from_content(bytes) {
        return Ok(Kind::Picture(format));
    }
    Err(match format::foreign(bytes) {
        Some(what) => ErrorKind::Unsupported { what: what.into() },
        None => ErrorKind::NotAPicture,
    })
}

/// Decoders are written to return errors, and are fuzzed. Should one panic all the same on some file, that file is
/// damaged, and the other 200 of a batch are not.
fn guarded<T>(format: Format, decoder: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(decoder))
        .unwrap_or_else(|_| Err(ErrorKind::Damaged { format, detail: "the decoder gave up on it".into() }))
}

/// The limits, on what the first bytes say.
fn check_stated_size(format: Format, bytes: &[u8]) -> Result<()> {
    match format::stated_size(format, bytes) {
        Some((width, height)) => check_size(format, width, height),
        None => Ok(()),
    }
}

/// The limits, before anything is allocated.
fn check_size(format: Format, width: u64, height: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(ErrorKind::ZeroSized { format, width, height });
    }
    if width.saturating_mul(height) > MAX_PIXELS {
        return Err(ErrorKind::TooManyPixels { width, height, limit: MAX_PIXELS });
    }
    Ok(())
}

/// A zeroed buffer of `len` values, or an error instead of the end of the program.
fn buffer<T: Clone + Default>(len: usize) -> Result<Vec<T>> {
    let mut buffer = Vec::new();
    let bytes = (len as u64).saturating_mul(size_of::<T>() as u64);
    buffer.try_reserve_exact(len).map_err(|_| ErrorKind::OutOfMemory { bytes })?;
    buffer.resize(len, T::default());
    Ok(buffer)
}

/// Colour that was multiplied by its alpha ("associated"), divided again.
fn straight(mut pixels: Pixels) -> Pixels {
    let c = pixels.channels;
    if !pixels.has_alpha() {
        return pixels;
    }
    fn divide<T: Copy + Into<u64> + TryFrom<u64>>(v: &mut [T], c: usize, max: u64) {
        for p in v.chunks_exact_mut(c) {
            let alpha: u64 = p[c - 1].into();
            for s in &mut p[..c - 1] {
                let value: u64 = (*s).into();
                if let Some(whole) = (value * max + alpha / 2).checked_div(alpha) {
                    *s = T::try_from(whole.min(max)).unwrap_or(*s);
                }
            }
        }
    }
    match &mut pixels.samples {
        Samples::U8(v) => divide(v, c, 255),
        Samples::U16(v) => divide(v, c, 65535),
    }
    pixels
}

/// The note on a file of several pictures.
fn first_of_animation(format: Format) -> String {
    format!("this is the first picture of an animated {format}; the others are left out")
}

/// A note if the name promises another format than the content keeps.
fn mislabelled(path: &Path, format: Format) -> Option<String> {
    let promised = Format::from_path(path)?;
    (promised != format).then(|| format!("the file is named like a {promised} file but holds a {format} picture"))
}
