//! A JPEG file's picture, small.

use libjpeg_turbo_rs::{PixelFormat, ScalingFactor};

use super::super::{Decoded, Result, check_size};
use super::file::JpegFile;
use super::{closed, failed, lenient, meta};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::metadata::Metadata;
use crate::tensor::{Pixels, Samples};

/// By how much the shapes of a picture and its thumbnail may differ: both sides of the thumbnail are rounded. Cameras that
/// take wide photos put bars above and below a thumbnail that is not.
const SAME_SHAPE: f64 = 0.02;

/// The camera's thumbnail, if it has at least `side` pixels along its longer side and shows what the picture shows. `bytes`
/// may end anywhere behind it.
pub(in crate::image_io::decode) fn thumbnail(bytes: &[u8], side: usize) -> Option<Decoded> {
    let file = JpegFile::read(bytes).ok()?;
    let jpeg = meta::thumbnail(&file)?;
    let ((width, height), (w, h)) = (file.size(), JpegFile::read(jpeg).ok()?.size());
    let (whole, small) = (width as f64 / height as f64, w as f64 / h as f64);
    let same_shape = (small / whole - 1.0).abs() < SAME_SHAPE;
    if w.max(h) < side as u64 || w.max(h) > width.max(height) || !same_shape {
        return None;
    }
    decoded(jpeg, 1, &file).ok().flatten()
}

/// The picture at a fraction of its size whose longer side still has `side` pixels; `None` if that is no fraction, or for
/// variants that are not decoded so.
pub(in crate::image_io::decode) fn small(bytes: &[u8], side: usize) -> Result<Option<Decoded>> {
    let file = JpegFile::read(bytes)?;
    let (width, height) = file.size();
    check_size(Format::Jpeg, width, height)?;
    let frame = &file.frame;
    let odd = frame.precision != 8 || frame.lossless || frame.height == 0 || file.mixed || file.has_odd_sampling();
    let fraction = [8u32, 4, 2].into_iter().find(|&by| width.max(height).div_ceil(by.into()) >= side as u64);
    match fraction.filter(|_| !odd) {
        Some(by) => decoded(bytes, by, &file),
        None => Ok(None),
    }
}

/// A file's picture at a fraction of its size, with the orientation that `stated` states; `None` if it is of inks.
fn decoded(bytes: &[u8], fraction: u32, stated: &JpegFile<'_>) -> Result<Option<Decoded>> {
    let bytes = closed(bytes, bytes.len());
    let mut decoder = lenient(&bytes)?;
    decoder.set_scale(ScalingFactor::try_new(1, fraction).map_err(failed)?);
    let image = decoder.decode_image().map_err(failed)?;
    let channels = match image.pixel_format {
        PixelFormat::Grayscale => 1,
        PixelFormat::Rgb => 3,
        _ => return Ok(None),
    };
    let pixels = Pixels::new(image.width, image.height, channels, Samples::U8(image.data))
        .map_err(|e| ErrorKind::Damaged { format: Format::Jpeg, detail: e.to_string() })?;
    let orientation = meta::orientation(stated).unwrap_or(1);
    let (meta, notes) = (Metadata::default(), Vec::new());
    Ok(Some(Decoded { pixels, meta, orientation, missing: None, steps: None, notes }))
}
