//! What is missing of a JPEG file.
//!
//! The decoder tells where data stop or make no sense, and leaves plain grey there; how much that is, is counted in the
//! picture. It does not tell that data are left over, which is how most changed bits show: the coded pixels have no
//! checksums, but their lengths stop fitting. So the file is decoded a second time, small, without its last bytes: a
//! whole picture cannot do without them.

use libjpeg_turbo_rs::{DecodeWarning, Decoder, ScalingFactor};
use std::ops::Range;

use super::Result;
use super::file::JpegFile;
use super::restarts::Restarts;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::tensor::{Samples, Size};

/// Coded bytes that are left over in no whole picture.
pub(super) const SPARE: usize = 4;

/// Zeros in a row that are taken for a hole where the disk or the net gave nothing.
const HOLE: usize = 16;

/// Zeros in a row within coded pixels that are taken for one, in a file that is damaged.
const HOLE_INSIDE: usize = 64;

/// Side of the squares that are looked at for plain grey: what JPEG codes at once.
const SQUARE: usize = 8;

/// What the file's layout shows.
pub(super) struct Damage {
    /// So many bytes of the file are worth decoding, up to the end of the last scan.
    pub(super) useful: usize,
    /// Whether something is wrong that the decoder does not notice.
    hidden: bool,
    /// The share of the coded pixels that lies in a hole, or behind one and so in the wrong place.
    displaced: f64,
}

impl Damage {
    /// Looks for damage.
    ///
    /// # Errors
    /// If there are no coded pixels at all.
    pub(super) fn of(file: &JpegFile<'_>, bytes: &[u8], restarts: Option<&Restarts>) -> Result<Self> {
        let format = Format::Jpeg;
        let scan = file.last_scan.clone().filter(|scan| !scan.is_empty()).ok_or(ErrorKind::Truncated { format })?;
        let coded = &bytes[scan.clone()];
        let whole = scan.end;
        if file.frame.precision != 8 || file.frame.lossless || file.frame.arithmetic {
            return Ok(Self { useful: whole, hidden: file.lacks_scans(), displaced: 0.0 });
        }
        let zeros = coded.iter().rev().take_while(|&&b| b == 0).count();
        let useful = if zeros < HOLE || is_whole(bytes, scan.end - zeros) || zeros_are_pixels(file, bytes, scan.end) {
            whole
        } else {
            scan.end - zeros
        };
        let end = if useful == whole { scan.end - if zeros < HOLE { 0 } else { zeros } } else { useful };
        let left_over = useful == whole && scan.len() > SPARE && is_whole(bytes, end - SPARE);
        let changed = restarts.is_some_and(|restarts| restarts.disordered || restarts.have_left_over(bytes));
        let parts = restarts.map_or(std::slice::from_ref(&scan), |restarts| &restarts.parts);
        let lost = |part: &Range<usize>| behind_hole(&bytes[part.start.min(useful)..part.end.min(useful)]);
        let displaced = if file.scans == 1 { parts.iter().map(lost).sum() } else { 0 };
        let displaced = displaced as f64 / scan.len() as f64;
        Ok(Self { useful, hidden: left_over || useful < whole || file.lacks_scans() || changed, displaced })
    }

    /// The share of the picture that is missing, 0 to 1, or `None` if the file is whole. 0 means that something is wrong
    /// all the same.
    ///
    /// # Errors
    /// If nothing of the picture is there.
    pub(super) fn missing(
        &self,
        samples: &Samples,
        size: Size,
        channels: usize,
        grey: u16,
        warnings: &[DecodeWarning],
    ) -> Result<Option<f64>> {
        let harmless = |warning: &DecodeWarning| matches!(warning, DecodeWarning::ExtraneousData { .. });
        if !self.hidden && warnings.iter().all(harmless) {
            return Ok(None);
        }
        let missing = match samples {
            Samples::U8(v) => grey_share(v, size, channels, grey as u8),
            Samples::U16(v) => grey_share(v, size, channels, grey),
        };
        let missing = missing.max(self.displaced);
        if missing >= 1.0 {
            return Err(ErrorKind::Truncated { format: Format::Jpeg });
        }
        Ok(Some(missing))
    }
}

/// Bytes of coded pixels from the first hole within them on: without a marker behind it nothing says where they belong.
fn behind_hole(coded: &[u8]) -> usize {
    let mut zeros = 0;
    let end = coded.iter().position(|&byte| {
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        zeros == HOLE_INSIDE
    });
    end.map_or(0, |end| coded.len() - (end + 1 - HOLE_INSIDE))
}

/// The first bytes of a file, with the marker that ends a picture, without which the decoder may give up.
pub(super) fn closed(bytes: &[u8], length: usize) -> Vec<u8> {
    [&bytes[..length], b"\xff\xd9"].concat()
}

/// Whether the first bytes of a file decode without a complaint; an eighth of the size is enough to see it.
pub(super) fn is_whole(bytes: &[u8], length: usize) -> bool {
    let bytes = closed(bytes, length);
    let small = |bytes| {
        let mut decoder = Decoder::new(bytes)?;
        decoder.set_scale(ScalingFactor::try_new(1, 8)?);
        decoder.decode_image()
    };
    small(&bytes).is_ok()
}

/// Zeros can be pixels, of a flat picture whose code for "the same again" is 0: then none of them can be spared, and the
/// end of the picture follows.
fn zeros_are_pixels(file: &JpegFile<'_>, bytes: &[u8], end: usize) -> bool {
    file.ended && is_whole(bytes, end) && !is_whole(bytes, end - SPARE)
}

/// The share of the squares that are plain `grey`.
fn grey_share<T: PartialEq>(v: &[T], Size { width, height }: Size, channels: usize, grey: T) -> f64 {
    let is_grey = |x: usize, y: usize| {
        let from = x * channels;
        let to = (x + SQUARE).min(width) * channels;
        (y..(y + SQUARE).min(height)).all(|y| v[y * width * channels..][from..to].iter().all(|s| *s == grey))
    };
    let squares = || (0..height).step_by(SQUARE).flat_map(|y| (0..width).step_by(SQUARE).map(move |x| (x, y)));
    squares().filter(|&(x, y)| is_grey(x, y)).count() as f64 / squares().count() as f64
}
