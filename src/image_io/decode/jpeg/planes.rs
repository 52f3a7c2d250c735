//! Components of any sizes joined to pixels: each sample is repeated over the pixels that it stands for, as libjpeg does
//! with such factors.

use libjpeg_turbo_rs::{ColorSpace, RawImage};

use super::super::colours::rgb_of_jpeg;
use super::Result;
use super::file::Frame;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;

/// The pixels, in RGB if they are stored as YCbCr.
pub(super) fn joined(raw: &RawImage, frame: &Frame, space: ColorSpace) -> Result<Vec<u8>> {
    let (across, down) = frame.most();
    let (across, down) = (usize::from(across), usize::from(down));
    let mut out = Vec::with_capacity(raw.width * raw.height * raw.num_components);
    for y in 0..raw.height {
        for x in 0..raw.width {
            for (k, &(_, h, v)) in frame.components.iter().enumerate() {
                let (column, row) = (x * usize::from(h) / across, y * usize::from(v) / down);
                let at = row * raw.plane_widths[k] + column;
                out.push(*raw.planes[k].get(at).ok_or(ErrorKind::Truncated { format: Format::Jpeg })?);
            }
        }
    }
    if space == ColorSpace::YCbCr {
        out.as_chunks_mut::<3>().0.iter_mut().for_each(|p| *p = rgb_of_jpeg(*p));
    }
    Ok(out)
}
