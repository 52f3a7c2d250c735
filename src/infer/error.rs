//! Why a picture could not be enlarged, or a layer not be shown.

use crate::tensor::PixelsError;

/// Why the work was not done. The caller adds which file it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InferError {
    /// [`CancelToken::cancel`](super::CancelToken::cancel) was called.
    #[error("stopped on request; nothing was written")]
    Cancelled,
    /// A factor that is not a number above zero, or a side of zero pixels.
    #[error("a picture cannot be enlarged to {0}; ask for a number above 0")]
    Target(String),
    /// More samples than memory holds.
    #[error(
        "the result would have {width}×{height} pixels and need {} of memory, more than there is; ask for a smaller size",
        bytes_for_people(*bytes)
    )]
    TooLarge {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Bytes of its samples, of what is computed at once, and for an encoder.
        bytes: u128,
    },
    /// Feature maps that memory does not hold.
    #[error(
        "the feature maps of `{layer}` over {width}×{height} pixels need {} of memory; choose a smaller region",
        bytes_for_people(*bytes)
    )]
    MapsTooLarge {
        /// Node.
        layer: String,
        /// Columns of the region.
        width: usize,
        /// Rows of the region.
        height: usize,
        /// Bytes of its values.
        bytes: u128,
    },
    /// A region that does not lie in the picture.
    #[error(
        "the region {x},{y},{w}x{h} does not lie in the picture, which has {width}×{height} pixels; choose another one"
    )]
    Region {
        /// First column.
        x: usize,
        /// First row.
        y: usize,
        /// Columns.
        w: usize,
        /// Rows.
        h: usize,
        /// Columns of the picture.
        width: usize,
        /// Rows of the picture.
        height: usize,
    },
    /// 8 bits of a model that has none.
    #[error("the model carries no 8-bit form; make one with `addersr quantize`")]
    NoEightBit,
    /// 8 bits on a device that has none.
    #[error("{0} computes in f32 only; choose the CPU with --device cpu")]
    NoEightBitDevice(String),
    /// Samples that make no picture.
    #[error(transparent)]
    Pixels(#[from] PixelsError),
}

/// `1.4 GB`, `26 MB`.
fn bytes_for_people(bytes: u128) -> String {
    match bytes {
        0..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
