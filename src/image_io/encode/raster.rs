//! WebP and BMP, through the `image` crate.

use std::io::{Seek, SeekFrom, Write};

use image::codecs::{bmp::BmpEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, ImageError};
use img_parts::Bytes;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_VP8X, CHUNK_XMP, WebP};
use img_parts::{ImageEXIF, ImageICC};

use super::{Failure, Job};
use crate::image_io::exif;
use crate::tensor::{Pixels, Samples};

/// What `image` says while writing.
pub(super) fn from_image(error: ImageError) -> Failure {
    match error {
        ImageError::IoError(e) => Failure::Io(e),
        other => Failure::Encoder(other.to_string()),
    }
}

fn samples(pixels: &Pixels) -> Result<(&[u8], ExtendedColorType), Failure> {
    match (&pixels.samples, pixels.channels) {
        (Samples::U8(v), 1) => Ok((v, ExtendedColorType::L8)),
        (Samples::U8(v), 3) => Ok((v, ExtendedColorType::Rgb8)),
        (Samples::U8(v), 4) => Ok((v, ExtendedColorType::Rgba8)),
        _ => Err(Failure::Encoder("the format holds 8-bit grey, RGB or RGB with alpha".into())),
    }
}

/// Lossless WebP.
pub(super) fn write_webp<W: Write>(out: &mut W, job: &Job<'_>, notes: &mut Vec<String>) -> Result<(), Failure> {
    if job.iptc.is_some() || !job.texts.is_empty() {
        notes.push("WebP has no place for IPTC and comments; they were left out".into());
    }
    let (bytes, colour) = samples(job.pixels)?;
    let resolution = job.dpi.filter(|_| job.exif.is_none()).and_then(|dpi| exif::block_of_resolution(dpi.x, dpi.y));
    let (exif, xmp) = (job.exif.or(resolution.as_deref()), job.xmp);
    let mut file = Vec::new();
    WebPEncoder::new_lossless(&mut file).encode(bytes, job.width, job.height, colour).map_err(from_image)?;
    if job.icc.is_none() && exif.is_none() && xmp.is_none() {
        return Ok(out.write_all(&file)?);
    }
    let mut parts = WebP::from_bytes(file.into()).map_err(|e| Failure::Encoder(e.to_string()))?;
    if let Some(packet) = xmp {
        parts.chunks_mut().push(RiffChunk::new(CHUNK_XMP, RiffContent::Data(Bytes::copy_from_slice(packet))));
    }
    // These also write the header that announces what there is, so they come after the XMP.
    parts.set_icc_profile(job.icc.map(Bytes::copy_from_slice));
    parts.set_exif(exif.map(Bytes::copy_from_slice));
    announce_alpha(&mut parts, job.pixels.has_alpha());
    parts.encoder().write_to(out)?;
    Ok(())
}

/// `img-parts` knows of alpha in lossy files only; in lossless ones the header has to be told.
fn announce_alpha(parts: &mut WebP, alpha: bool) {
    let header = parts.chunks_mut().iter_mut().find(|chunk| chunk.id() == CHUNK_VP8X);
    if let Some(RiffContent::Data(data)) = header.map(RiffChunk::content_mut)
        && alpha
        && let Some(&flags) = data.first()
    {
        let mut announced = data.to_vec();
        announced[0] = flags | 0x10;
        *data = announced.into();
    }
}

/// Uncompressed BMP. It has no place for profiles, EXIF or XMP.
pub(super) fn write_bmp<W: Write + Seek>(out: &mut W, job: &Job<'_>, notes: &mut Vec<String>) -> Result<(), Failure> {
    let (bytes, colour) = samples(job.pixels)?;
    BmpEncoder::new(out).encode(bytes, job.width, job.height, colour).map_err(from_image)?;
    if let Some(dpi) = job.dpi {
        let (x, y) = dpi.to_metres();
        out.seek(SeekFrom::Start(38))?;
        out.write_all(&[x.to_le_bytes(), y.to_le_bytes()].concat())?;
        out.seek(SeekFrom::End(0))?;
    }
    let more = job.iptc.is_some() || !job.texts.is_empty();
    if job.icc.is_some() || job.exif.is_some() || job.xmp.is_some() || more {
        notes.push("BMP has no place for colour profiles, EXIF, XMP, IPTC and comments; they were left out".into());
    }
    Ok(())
}
