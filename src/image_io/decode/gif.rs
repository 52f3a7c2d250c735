//! GIF, through the `gif` crate itself: `image` cuts a picture to its screen, which some writers state too small or not at
//! all, and says nothing of the rows of a picture that ends too early.

use std::io::{BufRead, Cursor, Seek};

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};

use super::{Decoded, Header, Result, buffer, check_size};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_DECODER_BYTES;
use crate::image_io::metadata::Metadata;
use crate::tensor::{Depth, Pixels, Samples, Size};

/// What is left of a picture where there are no data.
const GREY: [u8; 4] = [128, 128, 128, 255];

fn open<R: BufRead + Seek>(reader: R) -> Result<Decoder<R>> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(MemoryLimit::Bytes(MAX_DECODER_BYTES.try_into().unwrap_or(std::num::NonZeroU64::MAX)));
    options.read_info(reader).map_err(failed)
}

/// The screen, made as large as the first picture needs.
fn screen<R: BufRead + Seek>(decoder: &mut Decoder<R>) -> Result<Size> {
    let (w, h) = (usize::from(decoder.width()), usize::from(decoder.height()));
    let format = Format::Gif;
    let first = decoder.next_frame_info().map_err(failed)?.ok_or(ErrorKind::Truncated { format })?;
    let right = usize::from(first.left) + usize::from(first.width);
    let bottom = usize::from(first.top) + usize::from(first.height);
    let (w, h) = (w.max(right), h.max(bottom));
    check_size(format, w as u64, h as u64)?;
    Ok(Size::new(w, h))
}

/// Reads a header. Whether a colour is transparent is seen in the pixels only, so alpha is announced.
pub(super) fn probe<R: BufRead + Seek>(reader: R) -> Result<Header> {
    let Size { width, height } = screen(&mut open(reader)?)?;
    Ok(Header { format: Format::Gif, width, height, channels: 4, depth: Depth::Eight })
}

/// What is wrong with a file whose reading failed: the screen that its first bytes state may say more.
pub(super) fn explained(failure: ErrorKind, bytes: &[u8]) -> ErrorKind {
    let side = |at: usize| bytes.get(at..)?.first_chunk().map(|b| u64::from(u16::from_le_bytes(*b)));
    let screen = side(6).zip(side(8)).map(|(w, h)| check_size(Format::Gif, w, h));
    screen.and_then(std::result::Result::err).unwrap_or(failure)
}

/// Decodes the first picture on its screen, or as much of it as there is. Palettes know one transparent colour; where no
/// pixel uses it, there is no alpha.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    read(bytes).map_err(|failure| explained(failure, bytes))
}

fn read(bytes: &[u8]) -> Result<Decoded> {
    let mut decoder = open(Cursor::new(bytes))?;
    let Size { width, height } = screen(&mut decoder)?;
    let Some(frame) = decoder.current_frame_info() else { return Err(ErrorKind::Truncated { format: Format::Gif }) };
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (w, h) = (usize::from(frame.width), usize::from(frame.height));
    let interlaced = frame.interlaced;
    let mut rgba: Vec<u8> = buffer(width * height * 4)?;
    let mut first: Vec<u8> = buffer(w * h * 4)?;
    first.as_chunks_mut::<4>().0.fill(GREY);
    let lost = if interlaced {
        // Rows come in turns.
        let read = decoder.read_into_buffer(&mut first);
        read.is_err().then(|| first.as_chunks::<4>().0.iter().filter(|p| **p == GREY).count())
    } else {
        rows(&mut decoder, &mut first, w).map(|there| w * (h - there))
    };
    if lost.is_some_and(|lost| lost == w * h) {
        return Err(ErrorKind::Truncated { format: Format::Gif });
    }
    for (row, pixels) in first.chunks_exact(w.max(1) * 4).enumerate() {
        rgba[((top + row) * width + left) * 4..][..w * 4].copy_from_slice(pixels);
    }
    // A file without its last byte has no other picture either.
    let animated = lost.is_none() && matches!(decoder.next_frame_info(), Ok(Some(_)));
    let notes = if animated { vec![super::first_of_animation(Format::Gif)] } else { Vec::new() };
    let missing = lost.map(|lost| lost as f64 / (width * height) as f64);
    let pixels = Pixels { width, height, channels: 4, samples: Samples::U8(rgba) };
    let meta = Metadata {
        icc: decoder.icc_profile().map(<[u8]>::to_vec),
        xmp: decoder.xmp_metadata().map(<[u8]>::to_vec),
        ..Metadata::default()
    };
    Ok(Decoded { pixels: pixels.without_opaque_alpha(), meta, orientation: 1, missing, steps: None, notes })
}

/// Reads row by row; how many are whole, if not all are. The others are grey.
fn rows<R: BufRead + Seek>(decoder: &mut Decoder<R>, pixels: &mut [u8], width: usize) -> Option<usize> {
    for (y, row) in pixels.chunks_exact_mut(width.max(1) * 4).enumerate() {
        if !matches!(decoder.fill_buffer(row), Ok(true)) {
            row.as_chunks_mut::<4>().0.fill(GREY);
            return Some(y);
        }
    }
    None
}

/// What `gif` says, as one of our sentences.
fn failed(error: DecodingError) -> ErrorKind {
    let format = Format::Gif;
    match error {
        DecodingError::Io(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ErrorKind::Truncated { format },
        DecodingError::Io(source) => ErrorKind::from_decoder_io(format, source),
        other => ErrorKind::from_detail(format, &other.to_string()),
    }
}
