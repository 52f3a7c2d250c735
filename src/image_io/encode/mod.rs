//! From pixels to a file.
//!
//! Every format writes straight into the (temporary) file, row by row or strip by strip where its library can: an
//! enlarged 16-bit photo is 600 MB, and a second copy of it in memory is what would break the memory budget.
//!
//! What a format cannot hold is either refused (transparency, too many pixels) or adapted with a note for the user (16
//! bits, a profile that does not fit). Nothing is lost in silence.

mod jpeg;
mod png;
mod raster;
mod tiff;
mod watched;

use std::borrow::Cow;
use std::io::{Cursor, Seek, Write};
use std::path::Path;

pub use jpeg::jpeg_round_trip;
use watched::Watched;

use super::error::{Error, ErrorKind, Result};
use super::exif;
use super::format::Format;
use super::guard::{Guard, Target};
use super::limits::check_encodable;
use super::metadata::{Dpi, Metadata};
use super::{profile, xmp};
use crate::tensor::{Depth, Pixels, Samples, alpha::flatten};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeOptions {
    /// Its format. [`Format::from_path`] finds the one that a name promises.
    pub format: Format,
    /// Quality of JPEG, 1 to 100; other formats are lossless and ignore it.
    pub quality: u8,
    /// Leaves out EXIF, XMP, IPTC, texts and the resolution: everything but the pixels and what their colour means.
    pub strip: bool,
    /// Converts colours to sRGB, which needs no profile.
    pub srgb: bool,
    /// Whether an existing file may be replaced.
    pub overwrite: bool,
    /// The colour (8-bit RGB) that shows through where the picture is transparent; the result then has no alpha.
    pub background: Option<[u8; 3]>,
}

impl EncodeOptions {
    /// Quality 95, everything carried over, nothing replaced.
    pub fn new(format: Format) -> Self {
        Self { format, quality: 95, strip: false, srgb: false, overwrite: false, background: None }
    }
}

/// Writes a picture under a name that was claimed; the file appears only when it is complete. Returns notes for the user
/// on what had to be adapted to the format. Whether a file may be replaced is the target's to say.
///
/// # Errors
/// If the format cannot hold the picture (see [`check_encodable`]), a file has appeared there and may not be replaced, the
/// folder is gone or read-only, or the disk is full. Then nothing has changed and nothing is left behind.
pub fn encode_into(target: &Target, pixels: &Pixels, meta: &Metadata, options: &EncodeOptions) -> Result<Vec<String>> {
    let path = target.path();
    // Before creating anything.
    check(pixels, path, options)?;
    target.write(|out| write(out, pixels, meta, path, options))
}

/// The same for a picture that was made from no file: there is no source to be replaced.
///
/// # Errors
/// As [`encode_into`].
pub fn encode(pixels: &Pixels, meta: &Metadata, path: &Path, options: &EncodeOptions) -> Result<Vec<String>> {
    check(pixels, path, options)?;
    encode_into(&Guard::default().claim(path, options.overwrite)?, pixels, meta, options)
}

/// The file's bytes, in memory, and the notes of [`encode`]. `options.overwrite` has no meaning here.
///
/// # Errors
/// If the format cannot hold the picture. Messages call the file `memory`.
pub fn encode_to_vec(pixels: &Pixels, meta: &Metadata, options: &EncodeOptions) -> Result<(Vec<u8>, Vec<String>)> {
    let path = Path::new("memory");
    check(pixels, path, options)?;
    let mut out = Cursor::new(Vec::new());
    let notes = write(&mut out, pixels, meta, path, options)?;
    Ok((out.into_inner(), notes))
}

impl EncodeOptions {
    /// Channels of a picture in the file: alpha is left out where there is a background, and where it says nothing and the
    /// format has none.
    pub fn channels_of(&self, pixels: &Pixels) -> usize {
        let flat = self.background.is_some() || !self.format.keeps_alpha() && !pixels.has_transparency();
        if flat { pixels.colour_channels() } else { pixels.channels }
    }
}

fn check(pixels: &Pixels, path: &Path, options: &EncodeOptions) -> Result<()> {
    let channels = options.channels_of(pixels);
    check_encodable(options.format, pixels.size(), channels, pixels.depth()).map_err(|reason| Error::new(path, reason))
}

/// Why an encoder stopped, before it is known which file it was about.
enum Failure {
    /// The disk's fault.
    Io(std::io::Error),
    /// The encoder's.
    Encoder(String),
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        Failure::Io(e)
    }
}

/// What a format's writer gets: a picture it can hold.
struct Job<'a> {
    pixels: &'a Pixels,
    width: u32,
    height: u32,
    icc: Option<&'a [u8]>,
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    iptc: Option<&'a [u8]>,
    texts: &'a [(String, String)],
    cicp: Option<[u8; 4]>,
    dpi: Option<Dpi>,
    quality: u8,
}

fn write<W: Write + Seek>(
    out: &mut W,
    pixels: &Pixels,
    meta: &Metadata,
    path: &Path,
    options: &EncodeOptions,
) -> Result<Vec<String>> {
    let format = options.format;
    let mut notes = Vec::new();
    let (pixels, meta) = in_colour(pixels, meta, options, &mut notes);
    let pixels = adapt(&pixels, options, &mut notes);
    let channels = if becomes_colour(format, pixels.channels) { 3 } else { pixels.channels };
    let (icc, note) = meta.fitting_icc(channels);
    notes.extend(note);

    let too_large =
        || Error::new(path, ErrorKind::Encoder { format, detail: "the picture has too many pixels".into() });
    let width = u32::try_from(pixels.width).map_err(|_| too_large())?;
    let height = u32::try_from(pixels.height).map_err(|_| too_large())?;
    let mut exif = meta.exif.clone();
    if let Some(block) = &mut exif {
        exif::set_size(block, width, height);
        if let Some(dpi) = meta.dpi {
            exif::set_dpi(block, dpi.x, dpi.y);
        }
    }
    let xmp = meta.xmp.as_deref().map(|packet| xmp::sized(packet, width, height));
    let (exif, xmp, dpi) = (exif.as_deref(), xmp.as_deref(), meta.dpi);
    let (iptc, texts, cicp) = (meta.iptc.as_deref(), &meta.texts[..], meta.cicp);
    let quality = options.quality.clamp(1, 100);
    let job = Job { pixels: &pixels, width, height, icc, exif, xmp, iptc, texts, cicp, dpi, quality };
    let mut watched = Watched::new(out);
    let target = &mut watched;
    let written = match format {
        Format::Png => png::write(target, &job, &mut notes),
        Format::Jpeg => jpeg::write(target, &job, &mut notes),
        Format::Tiff => tiff::write(target, &job, &mut notes),
        Format::WebP => raster::write_webp(target, &job, &mut notes),
        Format::Bmp => raster::write_bmp(target, &job, &mut notes),
        Format::Gif | Format::Jxl | Format::Avif | Format::Heic => {
            Err(Failure::Encoder(format!("{format} files are not written")))
        }
    };
    match (written, watched.refused()) {
        (Ok(()), None) => Ok(notes),
        (_, Some(e)) | (Err(Failure::Io(e)), None) => Err(Error::from_writing(path, e)),
        (Err(Failure::Encoder(detail)), None) => Err(Error::new(path, ErrorKind::Encoder { format, detail })),
    }
}

/// The picture and what goes with it, in sRGB if that is wished; only its colour if nothing else is to be said.
fn in_colour<'a>(
    pixels: &'a Pixels,
    meta: &'a Metadata,
    options: &EncodeOptions,
    notes: &mut Vec<String>,
) -> (Cow<'a, Pixels>, Cow<'a, Metadata>) {
    let mut meta = Cow::Borrowed(meta);
    if options.strip {
        meta = Cow::Owned(Metadata { icc: meta.icc.clone(), cicp: meta.cicp, ..Metadata::default() });
    }
    // A grey profile fits grey pixels alone, and some formats have none.
    let widens = becomes_colour(options.format, pixels.channels) && meta.fitting_icc(1).0.is_some();
    let Some(icc) = meta.icc.as_deref().filter(|_| options.srgb || widens) else {
        return (Cow::Borrowed(pixels), meta);
    };
    let Some(converted) = profile::to_srgb(icc, pixels) else {
        notes
            .push("the colour profile does not describe the picture, so its colours were not converted to sRGB".into());
        return (Cow::Borrowed(pixels), meta);
    };
    let meta = Metadata { icc: None, cicp: None, ..meta.into_owned() };
    (Cow::Owned(converted), Cow::Owned(meta))
}

/// The picture in a depth and with channels that the format has.
fn adapt<'a>(pixels: &'a Pixels, options: &EncodeOptions, notes: &mut Vec<String>) -> Cow<'a, Pixels> {
    let format = options.format;
    let mut pixels = Cow::Borrowed(pixels);
    if pixels.has_alpha() && options.channels_of(&pixels) != pixels.channels {
        pixels = Cow::Owned(match options.background {
            Some(ground) => flatten(pixels.into_owned(), ground),
            None => pixels.into_owned().without_opaque_alpha(),
        });
    }
    if pixels.depth() == Depth::Sixteen && !format.keeps_sixteen_bits() {
        notes.push(format!("{format} has 8 bits per channel; the picture's 16 were rounded"));
        pixels = Cow::Owned(pixels.to_eight());
    }
    if pixels.channels == 2 && becomes_colour(format, 2) {
        pixels = Cow::Owned(widened(&pixels));
    }
    pixels
}

/// Whether grey becomes colour in a format. Grey with alpha: TIFF readers, this program's among them, know it rarely.
fn becomes_colour(format: Format, channels: usize) -> bool {
    match format {
        Format::WebP | Format::Bmp => channels < 3,
        Format::Tiff => channels == 2,
        _ => false,
    }
}

/// Grey with alpha as RGB with alpha.
fn widened(pixels: &Pixels) -> Pixels {
    fn widen<T: Copy>(v: &[T]) -> Vec<T> {
        v.as_chunks::<2>().0.iter().flat_map(|&[grey, alpha]| [grey, grey, grey, alpha]).collect()
    }
    let samples = match &pixels.samples {
        Samples::U8(v) => Samples::U8(widen(v)),
        Samples::U16(v) => Samples::U16(widen(v)),
    };
    Pixels { channels: 4, samples, ..*pixels }
}
