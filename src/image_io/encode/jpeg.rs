//! JPEG: `image` encodes (colour not subsampled), `img-parts` adds XMP, for which `image` has no place.

use std::io::{Cursor, Write};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder, PixelDensity, PixelDensityUnit};
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

use super::raster::from_image;
use super::{Failure, Job};
use crate::image_io::error::{Error, ErrorKind, Result};
use crate::image_io::format::Format;
use crate::image_io::iptc;
use crate::image_io::metadata::{TEXT_KEYS, XMP_LABEL};
use crate::tensor::{Pixels, Samples};

/// What one segment of a JPEG file holds at most: 65,535 bytes, less its length and its label.
const EXIF_LIMIT: usize = 65_535 - 2 - 6;
const XMP_LIMIT: usize = 65_535 - 2 - XMP_LABEL.len();
const TEXT_LIMIT: usize = 65_535 - 2;
/// 255 segments of the profile.
const ICC_LIMIT: usize = 255 * (65_535 - 16);

pub(super) fn write<W: Write>(out: &mut W, job: &Job<'_>, notes: &mut Vec<String>) -> std::result::Result<(), Failure> {
    let mut fits = |what: &str, bytes: &[u8], limit: usize| {
        let fits = bytes.len() <= limit;
        if !fits {
            notes.push(format!("the {what} is too large for a JPEG file and was left out"));
        }
        fits
    };
    let icc = job.icc.filter(|v| fits("colour profile", v, ICC_LIMIT));
    let exif = job.exif.filter(|v| fits("EXIF block", v, EXIF_LIMIT));
    let xmp = job.xmp.filter(|v| fits("XMP packet", v, XMP_LIMIT));
    let mut segments: Vec<_> = xmp.map(|xmp| (markers::APP1, [XMP_LABEL, xmp].concat())).into_iter().collect();
    let resources = job.iptc.map(|record| [iptc::LABEL, &iptc::to_resources(record)].concat());
    segments.extend(resources.filter(|v| fits("IPTC record", v, TEXT_LIMIT)).map(|v| (markers::APP13, v)));
    let comments = job.texts.iter().map(comment);
    segments.extend(comments.filter(|v| fits("comment", v, TEXT_LIMIT)).map(|v| (markers::COM, v)));

    let encode = |target: &mut dyn Write| -> std::result::Result<(), Failure> {
        let mut encoder = JpegEncoder::new_with_quality(target, job.quality);
        if let Some(dpi) = job.dpi {
            let whole = |v: f64| v.round().clamp(1.0, 65_535.0) as u16;
            let density = (whole(dpi.x), whole(dpi.y));
            encoder.set_pixel_density(PixelDensity { density, unit: PixelDensityUnit::Inches });
        }
        if let Some(icc) = icc {
            encoder.set_icc_profile(icc.to_vec()).map_err(|e| Failure::Encoder(e.to_string()))?;
        }
        if let Some(exif) = exif {
            encoder.set_exif_metadata(exif.to_vec()).map_err(|e| Failure::Encoder(e.to_string()))?;
        }
        let (bytes, colour) = samples(job.pixels)?;
        encoder.encode(bytes, job.width, job.height, colour).map_err(from_image)
    };
    if segments.is_empty() {
        return encode(out);
    }
    let mut file = Vec::new();
    encode(&mut file)?;
    let mut parts = Jpeg::from_bytes(file.into()).map_err(|e| Failure::Encoder(e.to_string()))?;
    // After JFIF and EXIF, which have to come first.
    let place = 1 + usize::from(exif.is_some());
    let place = place.min(parts.segments().len());
    let segments =
        segments.into_iter().map(|(marker, content)| JpegSegment::new_with_contents(marker, Bytes::from(content)));
    parts.segments_mut().splice(place..place, segments);
    parts.encoder().write_to(out)?;
    Ok(())
}

/// A text as a comment; a key of PNG's is kept before it.
fn comment((key, text): &(String, String)) -> Vec<u8> {
    if TEXT_KEYS.contains(&key.as_str()) { format!("{key}: {text}").into_bytes() } else { text.clone().into_bytes() }
}

fn samples(pixels: &Pixels) -> std::result::Result<(&[u8], ExtendedColorType), Failure> {
    match (&pixels.samples, pixels.channels) {
        (Samples::U8(v), 1) => Ok((v, ExtendedColorType::L8)),
        (Samples::U8(v), 3) => Ok((v, ExtendedColorType::Rgb8)),
        _ => Err(Failure::Encoder("JPEG holds 8-bit grey or RGB".into())),
    }
}

/// What is left of a picture after it was saved as JPEG: a degradation to train against. In memory; 16 bits are
/// rounded to 8, and alpha is kept as it is.
///
/// # Errors
/// If a side is longer than JPEG holds.
pub fn jpeg_round_trip(pixels: &Pixels, quality: u8) -> Result<Pixels> {
    let encoder_failed = |detail: String| Error::new("memory", ErrorKind::Encoder { format: Format::Jpeg, detail });
    let pixels = pixels.to_eight();
    let (channels, colours) = (pixels.channels, pixels.colour_channels());
    let Samples::U8(all) = &pixels.samples else {
        return Err(encoder_failed("not 8 bits".into()));
    };
    let colour: Vec<u8> = all.chunks_exact(channels).flat_map(|p| &p[..colours]).copied().collect();
    let side = |v: usize| u32::try_from(v).map_err(|e| encoder_failed(e.to_string()));
    let kind = if colours == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality.clamp(1, 100))
        .encode(&colour, side(pixels.width)?, side(pixels.height)?, kind)
        .map_err(|e| encoder_failed(e.to_string()))?;

    let damaged = |e: image::ImageError| encoder_failed(e.to_string());
    let decoder = JpegDecoder::new(Cursor::new(&file)).map_err(damaged)?;
    let mut back = colour;
    if decoder.total_bytes() != back.len() as u64 {
        return Err(encoder_failed("it came back in another size".into()));
    }
    decoder.read_image(&mut back).map_err(damaged)?;
    if channels == colours {
        return Ok(Pixels { samples: Samples::U8(back), ..pixels });
    }
    let with_alpha = back.chunks_exact(colours).zip(all.chunks_exact(channels));
    let samples = with_alpha.flat_map(|(p, old)| p.iter().chain(&old[colours..])).copied().collect();
    Ok(Pixels { samples: Samples::U8(samples), ..pixels })
}
