//! JPEG, through `libjpeg-turbo-rs`: a port to Rust of the library that most programs read JPEG with, compared with it
//! byte by byte by its makers. It reads what `image`'s decoder (zune-jpeg) reads wrongly (one scan for each component, odd
//! sampling factors) or not at all (12 bits, arithmetic coding, prediction), gives the inks of a CMYK file as they are,
//! and says where data are missing. Of 24 megapixels it takes 0.3 s where zune-jpeg takes 0.2 s; its processor
//! instructions would make that 0.12 s, but are `unsafe` and stay off. Also looked at: `jpeg-decoder` (ended in 2023),
//! `turbojpeg` (needs cmake), `mozjpeg-sys` (C; no 12 bits and no prediction), `zenjpeg` (AGPL).
//!
//! What the port leaves out is done here: a height that stands behind the first scan (`file`), components that are finer
//! than the first (`planes`), and scans of some of the components (`scans`).

mod damage;
mod file;
mod meta;
mod planes;
mod restarts;
mod scans;
mod small;

pub(super) use small::{small, thumbnail};

use std::borrow::Cow;

use libjpeg_turbo_rs::{DecodeLimits, Decoder, JpegError, PixelFormat, precision};

use self::damage::{Damage, closed};
use self::file::JpegFile;
use self::restarts::Restarts;
use super::colours;
use super::{Decoded, Header, Result, check_size};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_PIXELS;
use crate::image_io::orientation;
use crate::tensor::{Depth, Pixels, Samples, Size};

/// Reads a header; `bytes` may end anywhere behind it.
pub(super) fn probe(bytes: &[u8]) -> Result<Header> {
    let file = JpegFile::read(bytes)?;
    let (width, height) = file.size();
    check_size(Format::Jpeg, width, height)?;
    let turned = meta::orientation(&file).unwrap_or(1);
    let (width, height) = if orientation::transposes(turned) { (height, width) } else { (width, height) };
    let (width, height) = (width as usize, height as usize);
    Ok(Header { format: Format::Jpeg, width, height, channels: channels(&file)?, depth: depth(&file) })
}

/// The orientation that a file states, 1 to 8.
pub(super) fn orientation(bytes: &[u8]) -> Option<u8> {
    meta::orientation(&JpegFile::read(bytes).ok()?)
}

fn channels(file: &JpegFile<'_>) -> Result<usize> {
    match file.frame.components.len() {
        1 => Ok(1),
        3 | 4 => Ok(3),
        n => Err(ErrorKind::Unsupported { what: format!("a JPEG file of {n} channels") }),
    }
}

fn depth(file: &JpegFile<'_>) -> Depth {
    if file.frame.precision > 8 { Depth::Sixteen } else { Depth::Eight }
}

/// Samples as they are stored, before inks become colours.
struct Raw {
    samples: Samples,
    channels: usize,
    missing: Option<f64>,
}

/// Decodes a whole file, or as much of it as there is.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let file = JpegFile::read(bytes)?;
    let restarts = Restarts::of(&file, bytes);
    if let Some(restarts) = restarts.as_ref().filter(|restarts| restarts.disordered) {
        let ordered = restarts.ordered(bytes);
        return decode_file(&JpegFile::read(&ordered)?, &ordered, Some(restarts));
    }
    decode_file(&file, bytes, restarts.as_ref())
}

fn decode_file(file: &JpegFile<'_>, bytes: &[u8], restarts: Option<&Restarts>) -> Result<Decoded> {
    let (width, height) = file.size();
    check_size(Format::Jpeg, width, height)?;
    channels(file)?;
    let bytes = if file.frame.height == 0 { Cow::Owned(file.with_height(bytes)) } else { Cow::Borrowed(bytes) };
    let damage = Damage::of(file, &bytes, restarts)?;
    let raw = samples(file, &closed(&bytes, damage.useful), &damage, restarts)?;
    let (mut meta, orientation, mut notes) = meta::read(file);
    let (width, height) = (width as usize, height as usize);
    let (samples, channels) = match raw.channels {
        // Inks are stored as in Adobe's files: 255 is none.
        4 => (colours::of_inks(colours::inverted(raw.samples), &mut meta, &mut notes), 3),
        n => (raw.samples, n),
    };
    let pixels = Pixels::new(width, height, channels, samples)
        .map_err(|e| ErrorKind::Damaged { format: Format::Jpeg, detail: e.to_string() })?;
    Ok(Decoded { pixels, meta, orientation, missing: raw.missing, steps: file.luma_steps(), notes })
}

fn samples(file: &JpegFile<'_>, bytes: &[u8], damage: &Damage, restarts: Option<&Restarts>) -> Result<Raw> {
    let (frame, (width, height)) = (&file.frame, file.size());
    let size = Size::new(width as usize, height as usize);
    let measured =
        |samples: &Samples, channels, grey: u16, warnings| damage.missing(samples, size, channels, grey, warnings);
    if frame.lossless && frame.precision != 8 {
        let (image, warnings) = precision::decompress_lossless_arbitrary_lenient(bytes).map_err(failed)?;
        let grey = 1u16 << (frame.precision - 1);
        let stored = Samples::U16(image.data);
        let missing = measured(&stored, image.num_components, grey, &warnings)?;
        let samples = stretched(stored, frame.precision);
        return Ok(Raw { samples, channels: image.num_components, missing });
    }
    if frame.precision == 12 {
        let (image, warnings) = precision::decompress_12bit_lenient(bytes).map_err(failed)?;
        let stored = Samples::U16(image.data.iter().map(|&v| v.max(0) as u16).collect());
        let missing = measured(&stored, image.num_components, 1 << 11, &warnings)?;
        return Ok(Raw { samples: stretched(stored, 12), channels: image.num_components, missing });
    }
    let decoder = lenient(bytes)?;
    let (mut data, channels, warnings) = if file.mixed || file.has_odd_sampling() {
        let space = decoder.jpeg_color_space();
        let raw =
            if file.mixed { scans::planes(file, bytes) } else { decoder.decode_raw_with_warnings().map_err(failed) };
        let (raw, warnings) = raw?;
        (planes::joined(&raw, frame, space)?, raw.num_components, warnings)
    } else {
        let image = decoder.decode_image().map_err(failed)?;
        let channels = match image.pixel_format {
            PixelFormat::Grayscale => 1,
            PixelFormat::Rgb => 3,
            PixelFormat::Cmyk => 4,
            other => return Err(ErrorKind::Unsupported { what: format!("a JPEG file of {other:?} pixels") }),
        };
        (image.data, channels, image.warnings)
    };
    if let Some(restarts) = restarts {
        restarts.grey(&mut data, size, channels);
    }
    let samples = Samples::U8(data);
    let missing = measured(&samples, channels, 128, &warnings)?;
    Ok(Raw { samples, channels, missing })
}

/// A decoder that goes on where data are missing, within this program's limits.
fn lenient(bytes: &[u8]) -> Result<Decoder<'_>> {
    let limits =
        DecodeLimits { max_width: 65_535, max_height: 65_535, max_pixels: MAX_PIXELS, ..DecodeLimits::default() };
    Ok(Decoder::new_with_limits(bytes, limits).map_err(failed)?.with_lenient(true))
}

/// Samples of `precision` bits as 16 or, where they have no more than that, 8.
fn stretched(stored: Samples, precision: u8) -> Samples {
    let top = (1u32 << precision) - 1;
    let Samples::U16(v) = stored else { return stored };
    if precision > 8 {
        Samples::U16(v.into_iter().map(|v| ((u32::from(v).min(top) * 65_535 + top / 2) / top) as u16).collect())
    } else {
        Samples::U8(v.into_iter().map(|v| ((u32::from(v).min(top) * 255 + top / 2) / top) as u8).collect())
    }
}

/// What the decoder says, as one of our sentences.
fn failed(error: JpegError) -> ErrorKind {
    let format = Format::Jpeg;
    match error {
        JpegError::UnexpectedEof => ErrorKind::Truncated { format },
        JpegError::Unsupported(what) => ErrorKind::Unsupported { what: format!("this variant of JPEG ({what})") },
        JpegError::AllocationFailed { bytes, .. } => ErrorKind::OutOfMemory { bytes },
        other => ErrorKind::from_detail(format, &other.to_string()),
    }
}
