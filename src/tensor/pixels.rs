//! A decoded picture: interleaved 8- or 16-bit samples, grey or colour, with or without alpha.
//!
//! This is what crosses the border between files and networks. `image_io` makes and writes it, `infer` turns it into
//! tensors and back (`super::transfer`). Samples stay as the file has them: a 16-bit photo is not squeezed through 8
//! bits on its way to being 16 bits again.

use super::Size;

/// Bits per sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 8 bits.
    Eight,
    /// 16 bits.
    Sixteen,
}

impl Depth {
    /// The value of full intensity.
    pub const fn max(self) -> f32 {
        match self {
            Depth::Eight => 255.0,
            Depth::Sixteen => 65535.0,
        }
    }

    /// Bits per sample as a number.
    pub const fn bits(self) -> usize {
        match self {
            Depth::Eight => 8,
            Depth::Sixteen => 16,
        }
    }
}

/// The samples themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// 8-bit samples.
    U8(Vec<u8>),
    /// 16-bit samples.
    U16(Vec<u16>),
}

impl Samples {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Samples::U8(v) => v.len(),
            Samples::U16(v) => v.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why samples do not make a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PixelsError {
    /// Zero rows or columns.
    #[error("a picture of {width}×{height} pixels has nothing in it; give it at least one row and one column")]
    Empty {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// Channels other than grey, grey + alpha, RGB, RGB + alpha.
    #[error("a picture has 1 to 4 channels (grey, grey + alpha, RGB, RGB + alpha), not {0}")]
    Channels(usize),
    /// The samples do not fill the picture.
    #[error("{width}×{height} pixels of {channels} channels need {needed} samples, but there are {given}")]
    Length {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Channels.
        channels: usize,
        /// `width * height * channels`, or `usize::MAX` where that does not fit.
        needed: usize,
        /// What was given.
        given: usize,
    },
    /// The memory for it is not to be had.
    #[error(
        "there is no memory for a picture of {width}×{height} pixels; close other programs or choose a smaller size"
    )]
    OutOfMemory {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
}

/// A picture of interleaved samples: 1 channel = grey, 2 = grey + alpha, 3 = RGB, 4 = RGB + alpha (alpha is straight,
/// not premultiplied).
///
/// [`Pixels::new`] checks that the parts fit together; whoever builds one by hand vouches for it.
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

impl Pixels {
    /// A picture of these samples, `[height, width, channels]`.
    ///
    /// # Errors
    /// If a side is zero, the channels are not 1 to 4, or the samples do not fill the picture.
    pub fn new(width: usize, height: usize, channels: usize, samples: Samples) -> Result<Self, PixelsError> {
        if width == 0 || height == 0 {
            return Err(PixelsError::Empty { width, height });
        }
        if !(1..=4).contains(&channels) {
            return Err(PixelsError::Channels(channels));
        }
        let needed = width.checked_mul(height).and_then(|n| n.checked_mul(channels)).unwrap_or(usize::MAX);
        let given = samples.len();
        if needed != given {
            return Err(PixelsError::Length { width, height, channels, needed, given });
        }
        Ok(Self { width, height, channels, samples })
    }

    /// A black (and, with alpha, transparent) picture to write tiles into.
    ///
    /// # Errors
    /// As [`Pixels::new`], or if there is no memory for it.
    pub fn black(width: usize, height: usize, channels: usize, depth: Depth) -> Result<Self, PixelsError> {
        let no_memory = PixelsError::OutOfMemory { width, height };
        let Some(len) = width.checked_mul(height).and_then(|n| n.checked_mul(channels)) else {
            return Err(no_memory);
        };
        // Asking first, because `vec!` ends the program where there is none; then `vec!`, because it gets zeros from
        // the system without writing them.
        let bytes = len.saturating_mul(depth.bits() / 8);
        if Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
            return Err(no_memory);
        }
        let samples = match depth {
            Depth::Eight => Samples::U8(vec![0; len]),
            Depth::Sixteen => Samples::U16(vec![0; len]),
        };
        Self::new(width, height, channels, samples)
    }

    /// Columns and rows.
    pub const fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }

    /// Bits per sample.
    pub fn depth(&self) -> Depth {
        match self.samples {
            Samples::U8(_) => Depth::Eight,
            Samples::U16(_) => Depth::Sixteen,
        }
    }

    /// Whether the last channel is alpha.
    pub fn has_alpha(&self) -> bool {
        self.channels == 2 || self.channels == 4
    }

    /// Channels without alpha: 1 (grey) or 3 (RGB).
    pub fn colour_channels(&self) -> usize {
        if self.is_grey() { 1 } else { 3 }
    }

    /// Whether there is one colour channel only.
    pub fn is_grey(&self) -> bool {
        self.channels <= 2
    }

    /// Whether any pixel is not fully opaque.
    pub fn has_transparency(&self) -> bool {
        let c = self.channels;
        self.has_alpha()
            && match &self.samples {
                Samples::U8(v) => v.chunks_exact(c).any(|p| p[c - 1] != u8::MAX),
                Samples::U16(v) => v.chunks_exact(c).any(|p| p[c - 1] != u16::MAX),
            }
    }

    /// The same picture, without its alpha channel where that is fully opaque and so says nothing; as it is otherwise.
    pub fn without_opaque_alpha(self) -> Self {
        if !self.has_alpha() || self.has_transparency() {
            return self;
        }
        fn drop_last<T: Copy>(v: &[T], c: usize) -> Vec<T> {
            v.chunks_exact(c).flat_map(|p| &p[..c - 1]).copied().collect()
        }
        let c = self.channels;
        let samples = match &self.samples {
            Samples::U8(v) => Samples::U8(drop_last(v, c)),
            Samples::U16(v) => Samples::U16(drop_last(v, c)),
        };
        Self { channels: c - 1, samples, ..self }
    }

    /// Pixels of one picture, `width * height`.
    pub fn area(&self) -> usize {
        self.width * self.height
    }

    /// The same picture with 8-bit samples, rounded to the nearest.
    pub fn to_eight(&self) -> Self {
        match &self.samples {
            Samples::U8(_) => self.clone(),
            // 65535 = 257 · 255, and 257 is odd: no value lies half-way, so nearest needs no rule for ties.
            Samples::U16(v) => {
                let v = v.iter().map(|&s| ((u32::from(s) + 128) / 257) as u8).collect();
                Self { samples: Samples::U8(v), ..*self }
            }
        }
    }

    /// The same picture with 16-bit samples; exact.
    pub fn to_sixteen(&self) -> Self {
        match &self.samples {
            Samples::U16(_) => self.clone(),
            Samples::U8(v) => {
                let v = v.iter().map(|&s| u16::from(s) * 257).collect();
                Self { samples: Samples::U16(v), ..*self }
            }
        }
    }

    /// A rectangle as a picture of its own.
    ///
    /// # Errors
    /// If the rectangle is empty.
    ///
    /// # Panics
    /// If it leaves the picture.
    pub fn crop(&self, y: usize, x: usize, h: usize, w: usize) -> Result<Self, PixelsError> {
        assert!(y + h <= self.height && x + w <= self.width, "{w}×{h} at {x},{y} of {}×{}", self.width, self.height);
        fn cut<T: Copy>(v: &[T], stride: usize, y: usize, h: usize, x: std::ops::Range<usize>) -> Vec<T> {
            (y..y + h).flat_map(|row| &v[row * stride + x.start..row * stride + x.end]).copied().collect()
        }
        let (c, stride) = (self.channels, self.width * self.channels);
        let columns = x * c..(x + w) * c;
        let samples = match &self.samples {
            Samples::U8(v) => Samples::U8(cut(v, stride, y, h, columns)),
            Samples::U16(v) => Samples::U16(cut(v, stride, y, h, columns)),
        };
        Self::new(w, h, c, samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eight(width: usize, height: usize, channels: usize, v: &[u8]) -> Pixels {
        Pixels::new(width, height, channels, Samples::U8(v.to_vec())).unwrap()
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let some = Samples::U8(vec![0; 6]);
        assert_eq!(Pixels::new(0, 3, 1, some.clone()), Err(PixelsError::Empty { width: 0, height: 3 }));
        assert_eq!(Pixels::new(1, 1, 5, some.clone()), Err(PixelsError::Channels(5)));
        assert_eq!(Pixels::new(1, 1, 0, some.clone()), Err(PixelsError::Channels(0)));
        assert!(matches!(Pixels::new(2, 2, 1, some.clone()), Err(PixelsError::Length { needed: 4, given: 6, .. })));
        assert!(matches!(Pixels::new(usize::MAX, 2, 1, some.clone()), Err(PixelsError::Length { .. })));
        for depth in [Depth::Eight, Depth::Sixteen] {
            let much = Pixels::black(usize::MAX / 4, 1, 3, depth);
            assert_eq!(much, Err(PixelsError::OutOfMemory { width: usize::MAX / 4, height: 1 }));
            assert!(matches!(Pixels::black(usize::MAX, 2, 1, depth), Err(PixelsError::OutOfMemory { .. })));
        }
        assert!(Pixels::new(2, 1, 3, some).is_ok());
    }

    #[test]
    fn only_opaque_alpha_is_dropped() {
        assert_eq!(eight(2, 1, 2, &[7, 255, 8, 255]).without_opaque_alpha(), eight(2, 1, 1, &[7, 8]));
        let clear = eight(1, 1, 4, &[1, 2, 3, 254]);
        assert_eq!(clear.clone().without_opaque_alpha(), clear);
    }

    #[test]
    fn depth_changes_to_the_nearest_and_back() {
        let p = eight(16, 16, 1, &(0..=255).collect::<Vec<u8>>());
        assert_eq!(p.to_sixteen().to_eight(), p);
        assert_eq!(p.to_sixteen().rgb(), p.rgb());
        let near = Pixels::new(4, 1, 1, Samples::U16(vec![128, 129, 385, 386])).unwrap();
        assert_eq!(near.to_eight().samples, Samples::U8(vec![0, 1, 1, 2]));
    }
}
