//! TIFF, through the `tiff` crate, after what it does not know is rewritten (`plain`, `strips`): 8 and 16 bits, grey (also of 1, 2, 4 bits), RGB, CMYK, JPEG-compressed YCbCr, alpha
//! of both kinds, planes apart or together. Floating point is taken as 16 bits.
//!
//! A camera's raw file is a TIFF too, and the first picture in it a thumbnail. Enlarging that in silence would be the
//! worst of answers, so thumbnails are refused.

mod fax;
mod finish;
mod plain;
mod planes;
mod strips;
mod texts;

use std::io::{BufRead, Cursor, Seek};

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use self::finish::{blank, coloured};
use self::plain::{Meaning, Plain, Planes};
use super::colours::{self, rgb_of_jpeg};
use super::{Decoded, Header, Result, check_size, raw, straight};
use crate::image_io::detail::plain_detail;
use crate::image_io::error::ErrorKind;
use crate::image_io::exif::{self, Directory, tag};
use crate::image_io::format::Format;
use crate::image_io::limits::{MAX_DECODER_BYTES, MAX_PIXELS};
use crate::image_io::metadata::{self, Metadata};
use crate::image_io::orientation;
use crate::tensor::{Depth, Pixels, Samples};

/// What the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Layout {
    /// As they are: 1 to 4 channels.
    Plain(usize),
    /// Grey of fewer bits than 8, packed.
    Packed(u8),
    /// Four inks.
    Cmyk,
    /// Four inks and alpha.
    CmykAlpha,
    /// Full-range YCbCr, as JPEG has it.
    YCbCr,
}

impl Layout {
    fn samples(self) -> usize {
        match self {
            Layout::Plain(n) => n,
            Layout::Packed(_) => 1,
            Layout::Cmyk => 4,
            Layout::CmykAlpha => 5,
            Layout::YCbCr => 3,
        }
    }

    fn channels(self) -> usize {
        match self {
            Layout::Cmyk => 3,
            Layout::CmykAlpha => 4,
            _ => self.samples(),
        }
    }
}

fn open<R: BufRead + Seek>(mut reader: R) -> Result<(Decoder<R>, Layout, Depth, u64, u64)> {
    let failed = from_tiff;
    if texts::has_endless(&mut reader) {
        return Err(ErrorKind::Damaged { format: Format::Tiff, detail: "a text in it is said to be endless".into() });
    }
    let mut decoder = Decoder::new(reader).map_err(failed)?;
    let (width, height) = decoder.dimensions().map_err(failed)?;
    check_size(Format::Tiff, width.into(), height.into())?;
    if let Some(what) = raw_name(&mut decoder) {
        return Err(ErrorKind::Unsupported { what });
    }
    let colour = decoder.colortype().map_err(failed)?;
    let alpha = extra_sample(&mut decoder).is_some_and(|kind| kind == ASSOCIATED || kind == UNASSOCIATED);
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).ok().flatten();
    let float = format.is_some_and(|f| f.first() == Some(&SampleFormat::IEEEFP.to_u16()));
    let (layout, bits) = match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) => (Layout::Packed(bits), bits),
        ColorType::Gray(bits) => (Layout::Plain(1), bits),
        ColorType::GrayA(bits) => (Layout::Plain(2), bits),
        ColorType::Multiband { bit_depth, num_samples: 2 } if alpha => (Layout::Plain(2), bit_depth),
        ColorType::RGB(bits) => (Layout::Plain(3), bits),
        ColorType::RGBA(bits) => (Layout::Plain(4), bits),
        ColorType::CMYK(bits) => (Layout::Cmyk, bits),
        ColorType::CMYKA(bits) => (Layout::CmykAlpha, bits),
        ColorType::YCbCr(8) => (Layout::YCbCr, 8),
        other => return Err(unsupported(&samples_of(other))),
    };
    let depth = match (bits, float) {
        (1..=8, false) => Depth::Eight,
        (16 | 32, false) => Depth::Sixteen,
        (16 | 32 | 64, true) if !matches!(layout, Layout::Cmyk | Layout::CmykAlpha) => Depth::Sixteen,
        _ => return Err(unsupported(&samples_of(colour))),
    };
    Ok((decoder, layout, depth, width.into(), height.into()))
}

/// What a file is that holds a sensor's values, or begins with a thumbnail, as cameras' raw files do.
fn raw_name<R: BufRead + Seek>(decoder: &mut Decoder<R>) -> Option<String> {
    let mut number = |tag| decoder.find_tag_unsigned::<u32>(Tag::Unknown(tag)).ok().flatten();
    let reduced = number(tag::NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1);
    let sensor = matches!(number(tag::PHOTOMETRIC), Some(raw::SENSOR | raw::LINEAR));
    let dng = decoder.find_tag(Tag::Unknown(tag::DNG_VERSION)).ok().flatten().is_some();
    raw::name(reduced, sensor, dng, &decoder.get_tag_ascii_string(Tag::Make).unwrap_or_default())
}

const ASSOCIATED: u16 = 1;
const UNASSOCIATED: u16 = 2;

/// What the first sample beyond the colour means.
fn extra_sample<R: BufRead + Seek>(decoder: &mut Decoder<R>) -> Option<u16> {
    decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten()?.first().copied()
}

/// Reads a header.
pub(super) fn probe<R: BufRead + Seek>(reader: R) -> Result<Header> {
    let (mut decoder, layout, depth, width, height) = open(reader)?;
    let (width, height) = (width as usize, height as usize);
    let turned = stated_orientation(&mut decoder);
    let (width, height) = if orientation::transposes(turned) { (height, width) } else { (width, height) };
    Ok(Header { format: Format::Tiff, width, height, channels: layout.channels(), depth })
}

fn stated_orientation<R: BufRead + Seek>(decoder: &mut Decoder<R>) -> u8 {
    let stated = decoder.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten();
    stated.and_then(|o| u8::try_from(o).ok()).filter(|o| (1..=8).contains(o)).unwrap_or(1)
}

/// Reads the header of a file of a kind that has to be rewritten.
pub(super) fn probe_bytes(bytes: &[u8]) -> Result<Header> {
    let plain = plain::plain(bytes, false)?;
    let header = probe(Cursor::new(&plain.bytes))?;
    Ok(if let Meaning::Palette(_) = plain.meaning {
        Header { channels: 3, depth: Depth::Eight, ..header }
    } else {
        header
    })
}

/// Decodes a whole file, or as much of it as there is.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let first = plain::plain(bytes, false).and_then(|plain| read(bytes, &plain));
    let worse = match first {
        Ok(whole) => return Ok(whole),
        Err(failure @ (ErrorKind::Truncated { .. } | ErrorKind::Damaged { .. })) => failure,
        Err(other) => return Err(other),
    };
    match plain::plain(bytes, true).and_then(|plain| read(bytes, &plain)) {
        Ok(part) if part.missing.is_some_and(|share| share < 1.0) => Ok(part),
        _ => Err(worse),
    }
}

/// Whether another picture follows the first one.
fn has_more(first: &Directory<'_>, bytes: &[u8]) -> bool {
    let next = first.next.filter(|&at| at != first.at).and_then(|at| Directory::at(bytes, first.order, at));
    next.is_some_and(|d| !d.entries.is_empty())
}

fn read(bytes: &[u8], plain: &Plain<'_>) -> Result<Decoded> {
    let failed = from_tiff;
    let (mut decoder, layout, depth, width, height) = open(Cursor::new(&plain.bytes))?;
    let mut notes = Vec::new();
    let directory = Directory::first(bytes);
    if directory.as_ref().is_some_and(|first| has_more(first, bytes)) {
        notes.push("this is the first picture of several in the TIFF file; the others are left out".into());
    }
    let orientation = stated_orientation(&mut decoder);
    let dpi = directory.as_ref().and_then(Directory::dpi);
    let mut meta = Metadata {
        icc: decoder.get_tag_u8_vec(Tag::IccProfile).ok(),
        exif: exif::block_from_tiff(bytes),
        xmp: decoder.get_tag_u8_vec(Tag::Unknown(tag::XMP)).ok(),
        dpi: dpi.and_then(|(x, y)| metadata::Dpi::new(x, y)),
        iptc: directory.as_ref().and_then(exif::iptc_of_tiff),
        ..Metadata::default()
    };
    let orientation = match orientation {
        1 => metadata::stated_orientation(None, meta.xmp.as_deref()).unwrap_or(1),
        stated => stated,
    };
    let associated = extra_sample(&mut decoder) == Some(ASSOCIATED);

    // Every value may be eight bytes wide; `open` has checked the number of pixels.
    let mut limits = Limits::default();
    limits.decoding_buffer_size = (MAX_PIXELS as usize).saturating_mul(32);
    limits.intermediate_buffer_size = usize::try_from(width * height * 32 + MAX_DECODER_BYTES).unwrap_or(usize::MAX);
    limits.ifd_value_size = MAX_DECODER_BYTES as usize;
    let (raw, together) = match Planes::of(&plain.bytes) {
        Some(planes) => (planes::read(&planes, &limits)?, false),
        None => {
            let mut raw = DecodingResult::U8(Vec::new());
            let shape = decoder.with_limits(limits).read_image_to_buffer(&mut raw).map_err(failed)?;
            (raw, shape.planes <= 1)
        }
    };

    let (width, height) = (width as usize, height as usize);
    let area = width * height;
    let samples = match raw {
        DecodingResult::U8(v) => Samples::U8(eight(v, layout, width, height, together)),
        DecodingResult::U16(v) => Samples::U16(interleave(v, layout.samples(), area, together)),
        DecodingResult::U32(v) => {
            let v = v.into_iter().map(|v| (v >> 16) as u16).collect();
            Samples::U16(interleave(v, layout.samples(), area, together))
        }
        DecodingResult::F32(v) if matches!(plain.meaning, Meaning::Lab(_)) && layout.samples() == 3 => {
            Samples::U16(colours::lab_of_floats(&interleave(v, 3, area, together)))
        }
        DecodingResult::F16(v) => float(v.into_iter().map(f32::from), layout, area, together, &mut notes),
        DecodingResult::F32(v) => float(v.into_iter(), layout, area, together, &mut notes),
        DecodingResult::F64(v) => float(v.into_iter().map(|v| v as f32), layout, area, together, &mut notes),
        _ => return Err(unsupported("signed or 64-bit integers")),
    };
    let samples = match layout {
        Layout::Cmyk => colours::of_inks(samples, &mut meta, &mut notes),
        Layout::CmykAlpha => colours::of_inks_with_alpha(samples, &mut meta, &mut notes),
        _ => samples,
    };
    let stored = match samples {
        Samples::U8(_) => Depth::Eight,
        Samples::U16(_) => Depth::Sixteen,
    };
    let channels = layout.channels();
    let pixels = Pixels::new(width, height, channels, samples)
        .map_err(|e| ErrorKind::Damaged { format: Format::Tiff, detail: e.to_string() })?;
    if stored != depth {
        return Err(unsupported("an odd sample format"));
    }
    let pixels = match &plain.meaning {
        Meaning::Stated => pixels,
        Meaning::Palette(map) => coloured(pixels, layout, map)?,
        Meaning::Lab(signed) => {
            // A profile in such a file is for Lab.
            meta.icc = None;
            colours::of_lab(pixels, *signed)
        }
    };
    let mut pixels = if associated { straight(pixels) } else { pixels };
    plain.lost.iter().for_each(|&area| blank(&mut pixels, area));
    let lost: usize = plain.lost.iter().map(|[_, _, w, h]| w * h).sum();
    let missing = (lost > 0).then(|| (lost as f64 / area as f64).min(1.0));
    Ok(Decoded { pixels, meta, orientation, missing, steps: None, notes })
}

/// Planes one after the other become pixels one after the other.
fn interleave<T: Copy>(v: Vec<T>, samples: usize, area: usize, together: bool) -> Vec<T> {
    if together || samples == 1 {
        return v;
    }
    (0..area * samples).filter_map(|i| v.get(i % samples * area + i / samples).copied()).collect()
}

fn eight(v: Vec<u8>, layout: Layout, width: usize, height: usize, together: bool) -> Vec<u8> {
    let v = if let Layout::Packed(bits) = layout {
        return unpack(&v, bits, width, height);
    } else {
        interleave(v, layout.samples(), width * height, together)
    };
    match layout {
        Layout::YCbCr => v.as_chunks::<3>().0.iter().flat_map(|&p| rgb_of_jpeg(p)).collect(),
        _ => v,
    }
}

fn float(
    v: impl Iterator<Item = f32>,
    layout: Layout,
    area: usize,
    together: bool,
    notes: &mut Vec<String>,
) -> Samples {
    let v: Vec<f32> = v.collect();
    let most = v.iter().copied().filter(|v| v.is_finite()).fold(0.0, f32::max);
    // What the values were meant to reach: 1, or a whole number of bits, or else their largest.
    let top = match most {
        0.0..=1.01 => 1.0,
        64.0..=255.0 => 255.0,
        16_384.0..=65_535.0 => 65_535.0,
        other => other,
    };
    notes.push(format!("floating-point values from 0 to {top} were taken as 16 bits; what lies outside is clipped"));
    let v = v.into_iter().map(|v| ((v / top).clamp(0.0, 1.0) * 65535.0).round_ties_even() as u16).collect();
    Samples::U16(interleave(v, layout.samples(), area, together))
}

/// Grey of 1, 2 or 4 bits, rows padded to whole bytes, stretched to 0 to 255.
fn unpack(v: &[u8], bits: u8, width: usize, height: usize) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let (stride, top) = (width.div_ceil(per_byte), (1u16 << bits) - 1);
    let mut out = Vec::with_capacity(width * height);
    for row in v.chunks_exact(stride).take(height) {
        out.extend((0..width).map(|x| {
            let shift = 8 - bits * (x % per_byte + 1) as u8;
            let level = u16::from(row[x / per_byte] >> shift) & top;
            (level * 255 / top) as u8
        }));
    }
    out
}

fn samples_of(colour: ColorType) -> String {
    format!("{} samples of {} bits in each pixel", colour.num_samples(), colour.bit_depth())
}

fn unsupported(what: &str) -> ErrorKind {
    ErrorKind::Unsupported { what: format!("this variant of TIFF ({what})") }
}

/// What `tiff` says, as one of our sentences.
fn from_tiff(error: TiffError) -> ErrorKind {
    let format = Format::Tiff;
    match error {
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ErrorKind::Truncated { format },
        TiffError::IoError(source) => ErrorKind::from_decoder_io(format, source),
        TiffError::UnsupportedError(e) => unsupported(&plain_detail(&e.to_string())),
        TiffError::FormatError(tiff::TiffFormatError::InvalidDimensions(w, h)) if w == 0 || h == 0 => {
            ErrorKind::ZeroSized { format, width: w.into(), height: h.into() }
        }
        other => ErrorKind::from_detail(format, &other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bits_stretch_to_eight_and_rows_begin_at_bytes() {
        assert_eq!(unpack(&[0b1010_0000, 0b0100_0000], 1, 3, 2), [255, 0, 255, 0, 255, 0]);
        assert_eq!(unpack(&[0b0001_1011, 0b1100_0000], 2, 5, 1), [0, 85, 170, 255, 255]);
        assert_eq!(unpack(&[0x0f, 0x80], 4, 3, 1), [0, 255, 136]);
    }

    #[test]
    fn planes_become_pixels() {
        assert_eq!(interleave(vec![1, 2, 3, 4, 5, 6], 3, 2, false), [1, 3, 5, 2, 4, 6]);
        assert_eq!(interleave(vec![1, 2, 3, 4, 5, 6], 3, 2, true), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn multiplied_colour_is_divided_by_its_alpha() {
        let p = Pixels::new(3, 1, 2, Samples::U8(vec![50, 100, 0, 0, 200, 100])).unwrap();
        assert_eq!(straight(p).samples, Samples::U8(vec![128, 100, 0, 0, 255, 100]));
    }
}
