//! A decoded picture: interleaved 8- or 16-bit samples, grey or colour, with or without alpha.
//!
//! This is what crosses the border between files and networks. `image_io` makes and writes it, `infer` turns it into
//! tensors and back.

/// Bits per sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 8 bits.
    Eight,
    /// 16 bits.
    Sixteen,
}

/// The samples themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// 8-bit samples.
    U8(Vec<u8>),
    /// 16-bit samples.
    U16(Vec<u16>),
}

/// A picture of interleaved samples: 1 channel = grey, 2 = grey + alpha, 3 = RGB, 4 = RGB + alpha (alpha is straight,
/// not premultiplied).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 1 to 4, see the type.
    pub channels: usize,
    /// `width * height * channels` samples, row by row.
    pub samples: Samples,
}
