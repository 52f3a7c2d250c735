//! One frame of AV1 as planes of brightness and colour, and those of several frames put together.

use std::panic::{AssertUnwindSafe, catch_unwind};

use re_rav1d::dav1d::pixel::YUVRange;
use re_rav1d::dav1d::{Decoder, Error, Picture, PixelLayout, PlanarImageComponent, Settings};

use super::{Result, buffer};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::tensor::Size;

/// Primaries, transfer and matrix as code points, and whether all values are used.
pub(super) type Codes = ([u16; 3], bool);

/// Samples of a picture, one plane after the other.
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bits of a sample: 8, 10 or 12.
    pub(super) bits: u8,
    /// So many pixels, 1 or 2 each way, share a colour.
    pub(super) shared: Size,
    /// Brightness, and two of colour unless the picture is grey.
    pub(super) planes: Vec<Vec<u16>>,
    /// What the samples are, as the file states it or else the frame.
    pub(super) codes: Codes,
}

/// The code point for what is not said.
const UNSPECIFIED: u16 = 2;

/// A code point of a frame. The decoder panics on those that the standard keeps for later (0 and 3).
fn stated(code: impl FnOnce() -> u16) -> u16 {
    catch_unwind(AssertUnwindSafe(code)).unwrap_or(UNSPECIFIED)
}

impl Planes {
    /// Of a plane.
    pub(super) fn size(&self, plane: usize) -> Size {
        let shared = if plane == 0 { Size::square(1) } else { self.shared };
        Size::new(self.width.div_ceil(shared.width), self.height.div_ceil(shared.height))
    }

    /// Decodes a frame of a stated size.
    pub(super) fn decode(data: Vec<u8>, (width, height): (u32, u32), point: u8) -> Result<Self> {
        let picture = frame(data, width, height, point)?;
        if (picture.width(), picture.height()) != (width, height) {
            return Err(damaged("its picture has another size than the file says"));
        }
        let layout = picture.pixel_layout();
        let shared = match layout {
            PixelLayout::I420 => Size::square(2),
            PixelLayout::I422 => Size::new(2, 1),
            PixelLayout::I400 | PixelLayout::I444 => Size::square(1),
        };
        let bits = picture.bits_per_component().map_or(8, |b| b.0 as u8);
        let codes = [
            stated(|| picture.color_primaries() as u16),
            stated(|| picture.transfer_characteristic() as u16),
            stated(|| picture.matrix_coefficients() as u16),
        ];
        let full = picture.color_range() == YUVRange::Full;
        let (width, height) = (width as usize, height as usize);
        let mut planes = Self { width, height, bits, shared, planes: Vec::new(), codes: (codes, full) };
        let components = [PlanarImageComponent::Y, PlanarImageComponent::U, PlanarImageComponent::V];
        for component in components.into_iter().take(if layout == PixelLayout::I400 { 1 } else { 3 }) {
            let samples = plane(&picture, component, planes.size(planes.planes.len()), bits)?;
            planes.planes.push(samples);
        }
        Ok(planes)
    }

    /// Planes like these of nothing but a value, which is for brightness a part of the largest.
    pub(super) fn blank(&self, part: f64) -> Result<Self> {
        let middle = 1u16 << (self.bits - 1);
        let light = if part == 0.5 { middle } else { (f64::from((1u32 << self.bits) - 1) * part) as u16 };
        let mut blank = Self { planes: Vec::new(), ..*self };
        for (k, plane) in self.planes.iter().enumerate() {
            let mut samples: Vec<u16> = buffer(plane.len())?;
            samples.fill(if k == 0 { light } else { middle });
            blank.planes.push(samples);
        }
        Ok(blank)
    }

    /// Tiles of one size, row by row, as one picture of `width` × `height`, which may cut the last ones.
    pub(super) fn joined(tiles: &[Self], columns: usize, width: usize, height: usize) -> Result<Self> {
        let first = tiles.first().ok_or_else(|| damaged("a grid without parts"))?;
        let alike = |t: &Self| {
            (t.width, t.height, t.bits, t.shared, t.planes.len())
                == (first.width, first.height, first.bits, first.shared, first.planes.len())
        };
        let rows = tiles.len() / columns;
        // A colour that is shared across the border of two tiles would belong to none of them.
        let odd = columns > 1 && !first.width.is_multiple_of(first.shared.width)
            || rows > 1 && !first.height.is_multiple_of(first.shared.height);
        if !tiles.iter().all(alike) || odd || width > first.width * columns || height > first.height * rows {
            return Err(damaged("a grid whose parts do not fit"));
        }
        let mut whole = Self { width, height, planes: Vec::new(), ..*first };
        for k in 0..first.planes.len() {
            let (size, of_tile) = (whole.size(k), first.size(k));
            let mut samples: Vec<u16> = buffer(size.area())?;
            for (y, row) in samples.chunks_exact_mut(size.width).enumerate() {
                for (column, part) in row.chunks_mut(of_tile.width).enumerate() {
                    let tile = &tiles[y / of_tile.height * columns + column];
                    part.copy_from_slice(&tile.planes[k][y % of_tile.height * of_tile.width..][..part.len()]);
                }
            }
            whole.planes.push(samples);
        }
        Ok(whole)
    }
}

pub(super) fn damaged(detail: &str) -> ErrorKind {
    ErrorKind::Damaged { format: Format::Avif, detail: detail.into() }
}

/// The last frame in the data: of a picture in several versions the best.
fn frame(data: Vec<u8>, width: u32, height: u32, point: u8) -> Result<Picture> {
    let mut settings = Settings::new();
    // Pictures of a batch are decoded side by side already, and one thread does the same each time.
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_operating_point(point.into());
    settings.set_frame_size_limit(width.saturating_mul(height));
    let mut decoder = Decoder::with_settings(&settings).map_err(failed)?;
    let (mut last, mut waits) = (None, false);
    let mut sent = decoder.send_data(data, None, None, None);
    loop {
        match decoder.get_picture() {
            Ok(picture) => (last, waits) = (Some(picture), false),
            // Neither takes data nor gives a picture.
            Err(Error::Again) if waits => return Err(ErrorKind::Truncated { format: Format::Avif }),
            Err(Error::Again) if sent == Err(Error::Again) => {
                sent = decoder.send_pending_data();
                waits = sent == Err(Error::Again);
            }
            Err(Error::Again) => break,
            Err(error) => return Err(failed(error)),
        }
        if let Err(error) = sent
            && !error.is_again()
        {
            return Err(failed(error));
        }
    }
    sent.map_err(failed)?;
    last.ok_or(ErrorKind::Truncated { format: Format::Avif })
}

fn plane(picture: &Picture, component: PlanarImageComponent, size: Size, bits: u8) -> Result<Vec<u16>> {
    let (stride, plane) = (picture.stride(component) as usize, picture.plane(component));
    let mut samples: Vec<u16> = buffer(size.area())?;
    for (row, stored) in samples.chunks_exact_mut(size.width).zip(plane.chunks(stride)) {
        if bits == 8 {
            row.iter_mut().zip(stored).for_each(|(s, &b)| *s = b.into());
        } else {
            row.iter_mut().zip(stored.as_chunks::<2>().0).for_each(|(s, b)| *s = u16::from_ne_bytes(*b));
        }
    }
    Ok(samples)
}

/// What the decoder says, as one of our sentences.
fn failed(error: Error) -> ErrorKind {
    match error {
        Error::NotEnoughMemory => ErrorKind::OutOfMemory { bytes: 0 },
        Error::UnsupportedBitstream => ErrorKind::Unsupported { what: "this variant of AVIF".into() },
        other => ErrorKind::Damaged { format: Format::Avif, detail: other.to_string() },
    }
}
