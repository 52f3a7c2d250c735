//! WebP and BMP, through the `image` crate.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::{bmp::BmpDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder, ImageError, Limits};

use super::{Decoded, Header, Result, buffer, check_size};
use crate::image_io::detail::plain_detail;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_DECODER_BYTES;
use crate::image_io::metadata::{self, Metadata};
use crate::image_io::orientation;
use crate::tensor::{Depth, Pixels, Samples};

/// Decodes a whole file of one of these formats.
pub(super) fn decode(format: Format, bytes: &[u8]) -> Result<Decoded> {
    let failed = |e| from_image(format, e);
    let stated = webp_length(bytes).filter(|_| format == Format::WebP).unwrap_or(bytes.len());
    let mut decoded = if stated > bytes.len() && has_whole_chunks(bytes) {
        let length = ((bytes.len() - 8) as u32).to_le_bytes();
        let right = [&bytes[..4], &length, &bytes[8..]].concat();
        read(format, open(format, Cursor::new(&right)).map_err(failed)?)?
    } else if stated > bytes.len() {
        part_of_webp(bytes, stated)?
    } else if let Some(part) = Some(bytes).filter(|_| format == Format::Bmp).and_then(part_of_bmp) {
        part?
    } else {
        read(format, open(format, Cursor::new(bytes)).map_err(failed)?)?
    };
    let stated = if format == Format::Bmp { metadata::bmp_dpi(bytes) } else { None };
    if format == Format::Bmp {
        decoded.meta.icc = metadata::bmp_profile(bytes);
    }
    decoded.meta.dpi = metadata::believed_dpi(stated, decoded.meta.exif.as_deref().and_then(metadata::exif_dpi));
    Ok(decoded)
}

/// Reads a header.
pub(super) fn probe<R: BufRead + Seek>(format: Format, reader: R) -> Result<Header> {
    let failed = |e| from_image(format, e);
    let mut opened = open(format, reader).map_err(failed)?;
    let (size, colour) = (opened.decoder.dimensions(), opened.decoder.color_type());
    let (exif, xmp) = (exif_block(opened.decoder.as_mut()), opened.decoder.xmp_metadata().ok().flatten());
    let turned = metadata::stated_orientation(exif.as_deref(), xmp.as_deref()).unwrap_or(1);
    header(format, size, colour, turned)
}

fn header(format: Format, (w, h): (u32, u32), colour: ColorType, turned: u8) -> Result<Header> {
    check_size(format, w.into(), h.into())?;
    let (channels, depth) = layout(format, colour)?;
    let (w, h) = if orientation::transposes(turned) { (h, w) } else { (w, h) };
    Ok(Header { format, width: w as usize, height: h as usize, channels, depth })
}

/// A decoder at the picture's first pixel.
struct Opened<'a> {
    decoder: Box<dyn ImageDecoder + 'a>,
    animated: bool,
}

fn open<'a, R: BufRead + Seek + 'a>(format: Format, reader: R) -> std::result::Result<Opened<'a>, ImageError> {
    Ok(match format {
        Format::WebP => {
            let decoder = WebPDecoder::new(reader)?;
            Opened { animated: decoder.has_animation(), decoder: Box::new(decoder) }
        }
        // The others never come here; as BMP they would be called damaged.
        _ => Opened { decoder: Box::new(BmpDecoder::new(reader)?), animated: false },
    })
}

/// Channels and depth of what a decoder gives.
fn layout(format: Format, colour: ColorType) -> Result<(usize, Depth)> {
    match colour {
        ColorType::L8 => Ok((1, Depth::Eight)),
        ColorType::La8 => Ok((2, Depth::Eight)),
        ColorType::Rgb8 => Ok((3, Depth::Eight)),
        ColorType::Rgba8 => Ok((4, Depth::Eight)),
        ColorType::L16 => Ok((1, Depth::Sixteen)),
        ColorType::La16 => Ok((2, Depth::Sixteen)),
        ColorType::Rgb16 => Ok((3, Depth::Sixteen)),
        ColorType::Rgba16 => Ok((4, Depth::Sixteen)),
        other => Err(ErrorKind::Unsupported { what: format!("a {format} file with {other:?} pixels") }),
    }
}

fn read(format: Format, opened: Opened<'_>) -> Result<Decoded> {
    let failed = |e| from_image(format, e);
    let Opened { mut decoder, animated } = opened;
    let (w, h) = decoder.dimensions();
    check_size(format, w.into(), h.into())?;
    let (channels, depth) = layout(format, decoder.color_type())?;

    // Metadata that cannot be read is no reason to refuse the picture.
    let meta = Metadata {
        icc: decoder.icc_profile().ok().flatten(),
        exif: exif_block(decoder.as_mut()),
        xmp: decoder.xmp_metadata().ok().flatten(),
        ..Metadata::default()
    };
    let orientation = metadata::stated_orientation(meta.exif.as_deref(), meta.xmp.as_deref()).unwrap_or(1);

    // `image`'s own cap of 512 MiB is for the pixels too; see `limits` for why it is raised.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(decoder.total_bytes().saturating_mul(2).saturating_add(MAX_DECODER_BYTES));
    decoder.set_limits(limits).map_err(failed)?;
    let (width, height) = (w as usize, h as usize);
    let len = width * height * channels;
    let samples = match depth {
        Depth::Eight => {
            let mut v: Vec<u8> = buffer(len)?;
            decoder.read_image_boxed(&mut v).map_err(failed)?;
            Samples::U8(v)
        }
        Depth::Sixteen => {
            let mut v: Vec<u16> = buffer(len)?;
            decoder.read_image_boxed(bytemuck::cast_slice_mut(&mut v)).map_err(failed)?;
            Samples::U16(v)
        }
    };
    let notes = if animated { vec![super::first_of_animation(format)] } else { Vec::new() };
    let pixels = Pixels { width, height, channels, samples };
    Ok(Decoded { pixels, meta, orientation, missing: None, steps: None, notes })
}

/// The EXIF block from its byte order mark on. Some WebP and PNG writers leave JPEG's prefix before it.
fn exif_block(decoder: &mut dyn ImageDecoder) -> Option<Vec<u8>> {
    decoder.exif_metadata().ok().flatten().map(metadata::bare_exif)
}

/// Bytes of a WebP file that surely change its picture.
const LESS: usize = 64;

/// The length that a WebP file's header states.
fn webp_length(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?)).ok()?.checked_add(8)
}

/// Whether all that has begun in a WebP file is there, whatever length its header states, and a picture is among it.
fn has_whole_chunks(bytes: &[u8]) -> bool {
    let (mut at, mut picture) = (12, false);
    while let Some(head) = bytes.get(at..at + 8) {
        picture |= matches!(&head[..4], b"VP8 " | b"VP8L" | b"ANMF");
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        at = at.saturating_add(8).saturating_add(length).saturating_add(length & 1);
    }
    picture && at == bytes.len()
}

/// A WebP file that ends too early. The decoder gives all or nothing, so it gets the file filled with zeros, and then a
/// little less of it filled with zeros: from where the pictures differ on there are no data, and it is made grey.
fn part_of_webp(bytes: &[u8], stated: usize) -> Result<Decoded> {
    let format = Format::WebP;
    let room = bytes.len().saturating_mul(64).saturating_add(1 << 20);
    if stated > room {
        return Err(ErrorKind::Truncated { format });
    }
    let filled = |length: usize| {
        let mut whole = bytes[..length].to_vec();
        whole.resize(stated, 0);
        read(format, open(format, Cursor::new(&whole)).map_err(|e| from_image(format, e))?)
    };
    let cut = || ErrorKind::Truncated { format };
    let mut one = filled(bytes.len()).map_err(|_| cut())?;
    let other = filled(bytes.len().saturating_sub(LESS)).map_err(|_| cut())?;
    let (Samples::U8(a), Samples::U8(b)) = (&mut one.pixels.samples, &other.pixels.samples) else {
        return Err(cut());
    };
    let row = one.pixels.width * one.pixels.channels;
    let same = a.chunks_exact(row).zip(b.chunks_exact(row)).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return Err(cut());
    }
    let pixel: &[u8] = &[128, 128, 128, 255][..one.pixels.channels];
    a[same * row..].chunks_exact_mut(pixel.len()).for_each(|p| p.copy_from_slice(pixel));
    one.missing = (same < one.pixels.height).then(|| 1.0 - same as f64 / one.pixels.height as f64);
    Ok(one)
}

/// A BMP file that ends too early, if its rows are not compressed: those that are there are read, the others are grey.
fn part_of_bmp(bytes: &[u8]) -> Option<Result<Decoded>> {
    let long = |at: usize| bytes.get(at..)?.first_chunk().map(|b| i32::from_le_bytes(*b));
    let at = |place| usize::try_from(long(place)?).ok();
    (at(14)? >= 40 && matches!(long(30)?, 0 | 3)).then_some(())?;
    let (start, height) = (at(10)?, usize::try_from(long(22)?.unsigned_abs()).ok()?);
    let row = (at(18)?.checked_mul(usize::from(*bytes.get(28)?))?.checked_add(31)? / 32).checked_mul(4)?;
    let stated = row.checked_mul(height)?.checked_add(start)?;
    let there = bytes.len().checked_sub(start)?.checked_div(row)?;
    if stated <= bytes.len() || there == 0 {
        return None;
    }
    let filled = || {
        let mut whole: Vec<u8> = buffer(stated)?;
        whole[..bytes.len()].copy_from_slice(bytes);
        let opened = open(Format::Bmp, Cursor::new(&whole)).map_err(|e| from_image(Format::Bmp, e))?;
        let mut part = read(Format::Bmp, opened)?;
        let Samples::U8(v) = &mut part.pixels.samples else { return Err(ErrorKind::Truncated { format: Format::Bmp }) };
        // Rows begin at the bottom, unless their number is negative.
        let (cut, lost) = (v.len() / height * there, v.len() / height * (height - there));
        let missing = if long(22) < Some(0) { &mut v[cut..] } else { &mut v[..lost] };
        let pixel: &[u8] = &[128, 128, 128, 255][..part.pixels.channels];
        missing.chunks_exact_mut(pixel.len()).for_each(|p| p.copy_from_slice(pixel));
        part.missing = Some(1.0 - there as f64 / height as f64);
        Ok(part)
    };
    Some(filled())
}

/// What `image` says, as one of our sentences.
fn from_image(format: Format, error: ImageError) -> ErrorKind {
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    match error {
        ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ErrorKind::Truncated { format },
        ImageError::IoError(source) => ErrorKind::from_decoder_io(format, source),
        ImageError::Unsupported(e) => {
            ErrorKind::Unsupported { what: format!("this variant of {format} ({})", plain_detail(&e.to_string())) }
        }
        ImageError::Limits(_) => {
            ErrorKind::Damaged { format, detail: "decoding it would take far more memory than its pixels".into() }
        }
        other => ErrorKind::from_detail(format, &cause.unwrap_or_else(|| other.to_string())),
    }
}
