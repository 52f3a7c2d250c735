//! How large a picture may be, in both directions.
//!
//! Reading: the `image` crate refuses to allocate more than 512 MiB by default. A 24-megapixel photo enlarged four
//! times, read back as 16-bit RGB, is 2.3 GB, so that cap is raised here on purpose, and replaced by one in pixels,
//! [`MAX_PIXELS`], which is checked against the header before anything is allocated. That stops decompression bombs (a
//! PNG of a few kilobytes can claim 4 × 10¹⁸ pixels) and still opens every camera's picture and most panoramas.
//!
//! Writing: formats have limits of their own. [`check_encodable`] knows them, so that a job of an hour is refused
//! before it starts, not when it ends.

use super::format::Format;
use crate::tensor::{Depth, Size};

/// The most pixels that are opened: 500 megapixels, 1.5 GB as 8-bit RGB.
pub const MAX_PIXELS: u64 = 500_000_000;

/// The most bytes of a file that are read: what `MAX_PIXELS` of 16-bit RGBA take uncompressed, and a little.
pub const MAX_FILE_BYTES: u64 = MAX_PIXELS * 8 + (64 << 20);

/// The most bytes that a decoder may take for itself besides the pixels.
pub(super) const MAX_DECODER_BYTES: u64 = 512 << 20;

/// Why a format cannot hold a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unencodable {
    /// A side is too long.
    #[error(
        "{format} holds at most {limit} pixels per side, and the result has {width}×{height}; choose {instead} or a \
         smaller size"
    )]
    Side {
        /// The format.
        format: Format,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// The longest side it holds.
        limit: usize,
        /// A format without that limit.
        instead: &'static str,
    },
    /// The file would be too large.
    #[error(
        "{format} files end at 4 GiB, and the result of {width}×{height} pixels is larger; choose PNG or a smaller size"
    )]
    Bytes {
        /// The format.
        format: Format,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// No transparency in this format.
    #[error(
        "{format} has no transparency, and the picture has an alpha channel; choose PNG, WebP or TIFF, \
         or give the colour of its ground with --background"
    )]
    Alpha {
        /// The format.
        format: Format,
    },
    /// The format is only read.
    #[error("{format} files are read but not written; choose PNG, WebP or JPEG")]
    ReadOnlyFormat {
        /// The format.
        format: Format,
    },
    /// Nothing to write.
    #[error("a picture of {width}×{height} pixels has nothing in it; choose a larger size")]
    Empty {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
}

/// Whether `format` can hold a picture of that size with `channels` (1 to 4) of `depth`. Depth alone never refuses: where a
/// format has 8 bits only, 16 are rounded to 8 and a note says so.
///
/// # Errors
/// With the reason, and what to choose instead.
pub fn check_encodable(
    format: Format,
    Size { width, height }: Size,
    channels: usize,
    depth: Depth,
) -> Result<(), Unencodable> {
    if width == 0 || height == 0 {
        return Err(Unencodable::Empty { width, height });
    }
    if !format.keeps_alpha() && channels.is_multiple_of(2) {
        return Err(Unencodable::Alpha { format });
    }
    let (limit, instead) = match format {
        Format::Gif | Format::Jxl | Format::Avif | Format::Heic => return Err(Unencodable::ReadOnlyFormat { format }),
        // The standard ends at 65,535, but libjpeg, and with it most programs, at 65,500.
        Format::Jpeg => (65_500, "PNG"),
        Format::WebP => (16_383, "PNG"),
        Format::Png | Format::Tiff | Format::Bmp => (i32::MAX as usize, "a smaller size"),
    };
    if width > limit || height > limit {
        return Err(Unencodable::Side { format, width, height, limit, instead });
    }
    let bytes_per_sample = if format.keeps_sixteen_bits() { depth.bits() / 8 } else { 1 };
    let bytes = (width as u128) * (height as u128) * (channels as u128) * (bytes_per_sample as u128);
    // Headers, profiles, row padding: a megabyte and four bytes a row are ample. Compression usually helps TIFF, but
    // need not.
    let slack = (1u128 << 20) + 4 * height as u128;
    if matches!(format, Format::Tiff | Format::Bmp) && bytes + slack > u128::from(u32::MAX) {
        return Err(Unencodable::Bytes { format, width, height });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(format: Format, w: usize, h: usize, c: usize, depth: Depth) -> bool {
        check_encodable(format, Size::new(w, h), c, depth).is_err()
    }

    #[test]
    fn each_format_is_refused_just_beyond_its_limit() {
        use Depth::{Eight, Sixteen};
        assert!(!refused(Format::Jpeg, 65_500, 10, 3, Eight) && refused(Format::Jpeg, 10, 65_501, 3, Eight));
        assert!(!refused(Format::WebP, 16_383, 16_383, 4, Eight) && refused(Format::WebP, 16_384, 1, 4, Eight));
        assert!(!refused(Format::Png, 1 << 30, 1 << 20, 4, Sixteen) && refused(Format::Png, 1 << 31, 1, 1, Eight));
        assert!(!refused(Format::Tiff, 30_000, 40_000, 3, Eight) && refused(Format::Tiff, 30_000, 40_000, 3, Sixteen));
        assert!(!refused(Format::Bmp, 30_000, 40_000, 3, Sixteen) && refused(Format::Bmp, 40_000, 40_000, 3, Eight));
        assert!(refused(Format::Gif, 10, 10, 3, Eight));
        assert!(refused(Format::Png, 0, 10, 3, Eight));
        assert!(!refused(Format::Jpeg, 10, 10, 3, Sixteen));
    }

    #[test]
    fn alpha_is_never_dropped_in_silence() {
        for channels in [2, 4] {
            let alpha = Err(Unencodable::Alpha { format: Format::Jpeg });
            assert_eq!(check_encodable(Format::Jpeg, Size::square(9), channels, Depth::Eight), alpha);
            assert!(!refused(Format::Png, 9, 9, channels, Depth::Eight));
        }
    }
}
