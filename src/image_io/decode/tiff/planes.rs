//! Tiles that hold one channel each: `tiff` 0.11.3 cuts only those of the first channel to the picture's edges, and panics at the
//! next. So every channel is read as a grey picture of its own.

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult, Limits};

use super::plain::Planes;
use super::{Result, from_tiff, unsupported};

/// All channels, one after the other.
pub(super) fn read(planes: &Planes<'_>, limits: &Limits) -> Result<DecodingResult> {
    let mut all = None;
    for file in planes.files() {
        let mut decoder = Decoder::new(Cursor::new(file)).map_err(from_tiff)?.with_limits(limits.clone());
        let plane = decoder.read_image().map_err(from_tiff)?;
        match &mut all {
            None => all = Some(plane),
            Some(all) => append(all, plane)?,
        }
    }
    all.ok_or_else(|| unsupported("no channels"))
}

fn append(all: &mut DecodingResult, plane: DecodingResult) -> Result<()> {
    match (all, plane) {
        (DecodingResult::U8(all), DecodingResult::U8(plane)) => all.extend(plane),
        (DecodingResult::U16(all), DecodingResult::U16(plane)) => all.extend(plane),
        (DecodingResult::U32(all), DecodingResult::U32(plane)) => all.extend(plane),
        (DecodingResult::F16(all), DecodingResult::F16(plane)) => all.extend(plane),
        (DecodingResult::F32(all), DecodingResult::F32(plane)) => all.extend(plane),
        (DecodingResult::F64(all), DecodingResult::F64(plane)) => all.extend(plane),
        _ => return Err(unsupported("channels of different kinds")),
    }
    Ok(())
}
