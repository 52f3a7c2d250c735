//! Feature maps with a ring of padding around every picture.
//!
//! Kernels read windows straight out of these, without an im2col copy and without a branch at the border: where the
//! picture ends, the ring holds the zeros. A little slack behind the last value lets a kernel load whole vectors at the
//! last pixel; such lanes are computed and thrown away.

use crate::tensor::{Shape, Tensor};

/// Values behind the last pixel: the widest vector block that a kernel loads.
const SLACK: usize = 64;

/// `n` pictures of `h × w` pixels with `c` channels each, channels innermost, `pad` pixels of zeros around each: of
/// floats, or of codes, where another byte stands for zero.
#[derive(Clone, Debug, Default)]
pub struct Features<T = f32> {
    /// Pictures.
    pub n: usize,
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
    /// Channels.
    pub c: usize,
    /// Width of the ring in pixels.
    pub pad: usize,
    zero: T,
    data: Vec<T>,
}

/// Some consecutive rows of one picture, to be written by one task.
#[derive(Debug)]
pub struct Band<'a, T = f32> {
    /// Picture.
    pub n: usize,
    /// First row.
    pub y: usize,
    /// Number of rows.
    pub rows: usize,
    /// The rows with the padding columns around them.
    pub data: &'a mut [T],
}

impl Features {
    /// All zeros.
    pub fn zeros(n: usize, h: usize, w: usize, c: usize, pad: usize) -> Self {
        let mut features = Self::default();
        features.reset(n, h, w, c, pad);
        features
    }

    /// Takes another extent, reusing the memory. The ring becomes zero; the inside keeps arbitrary old values.
    pub fn reset(&mut self, n: usize, h: usize, w: usize, c: usize, pad: usize) {
        self.reset_to(Shape::new(n, h, w, c), pad, 0.0);
    }

    /// Copies a tensor in.
    pub fn fill(&mut self, from: &Tensor, pad: usize) {
        let Shape { n, h, w, c } = from.shape;
        self.reset(n, h, w, c, pad);
        for i in 0..n {
            for y in 0..h {
                let start = (i * h + y) * w * c;
                self.row_mut(i, y).copy_from_slice(&from.data[start..start + w * c]);
            }
        }
    }

    /// Adds a tensor of the same extent.
    pub fn add(&mut self, other: &Tensor) {
        let (w, c) = (self.w, self.c);
        assert_eq!(other.shape, Shape::new(self.n, self.h, w, c), "added features");
        for (i, from) in other.data.chunks_exact(w * c).enumerate() {
            let (n, y) = (i / self.h, i % self.h);
            self.row_mut(n, y).iter_mut().zip(from).for_each(|(a, b)| *a += b);
        }
    }

    /// Copies a rectangle of every picture out.
    pub fn crop(&self, y: usize, x: usize, h: usize, w: usize) -> Tensor {
        let mut data = Vec::with_capacity(self.n * h * w * self.c);
        for i in 0..self.n {
            for row in y..y + h {
                data.extend_from_slice(&self.row(i, row)[x * self.c..(x + w) * self.c]);
            }
        }
        Tensor { shape: Shape::new(self.n, h, w, self.c), data }
    }

    /// Copies everything out.
    pub fn to_tensor(&self) -> Tensor {
        self.crop(0, 0, self.h, self.w)
    }
}

impl<T: Copy + PartialEq> Features<T> {
    /// Takes another extent, reusing the memory. The ring becomes `zero`; the inside keeps arbitrary old values: clearing
    /// it as well took a twentieth of an enlargement's time, since every layer of a tile has its own extent.
    pub fn reset_to(&mut self, shape: Shape, pad: usize, zero: T) {
        let Shape { n, h, w, c } = shape;
        if (self.n, self.h, self.w, self.c, self.pad) == (n, h, w, c, pad) && self.zero == zero {
            return; // nothing writes to the ring
        }
        (self.n, self.h, self.w, self.c, self.pad, self.zero) = (n, h, w, c, pad, zero);
        let (stride, len) = (self.stride(), n * (h + 2 * pad) * (w + 2 * pad) * c);
        if self.data.len() < len + SLACK {
            self.data.resize(len + SLACK, zero);
        }
        for picture in self.data[..len].chunks_exact_mut(((h + 2 * pad) * stride).max(1)) {
            let (above, rest) = picture.split_at_mut(pad * stride);
            let (inside, below) = rest.split_at_mut(h * stride);
            above.fill(zero);
            below.fill(zero);
            for row in inside.chunks_exact_mut(stride.max(1)) {
                row[..pad * c].fill(zero);
                row[(pad + w) * c..].fill(zero);
            }
        }
        self.data[len..len + SLACK].fill(zero);
    }

    /// Values from one row to the next.
    pub fn stride(&self) -> usize {
        (self.w + 2 * self.pad) * self.c
    }

    /// Everything from the first value of row `y` of picture `n` on, where row 0 is the first row of the ring and the
    /// row begins with the padding columns.
    pub fn from_padded_row(&self, n: usize, y: usize) -> &[T] {
        &self.data[(n * (self.h + 2 * self.pad) + y) * self.stride()..]
    }

    /// The pixels of row `y` of picture `n`, without padding.
    pub fn row(&self, n: usize, y: usize) -> &[T] {
        &self.from_padded_row(n, y + self.pad)[self.pad * self.c..][..self.w * self.c]
    }

    /// The pixels of row `y` of picture `n`, to be written.
    pub fn row_mut(&mut self, n: usize, y: usize) -> &mut [T] {
        let start = (n * (self.h + 2 * self.pad) + y + self.pad) * self.stride() + self.pad * self.c;
        &mut self.data[start..start + self.w * self.c]
    }

    /// All rows as bands of at most `rows` rows, in order of picture and row.
    pub fn bands(&mut self, rows: usize) -> Vec<Band<'_, T>> {
        let (stride, pad, h, n) = (self.stride(), self.pad, self.h, self.n);
        let mut rest = self.data.as_mut_slice();
        let mut bands = Vec::with_capacity(n * h.div_ceil(rows));
        for n in 0..n {
            (_, rest) = rest.split_at_mut(pad * stride);
            for y in (0..h).step_by(rows) {
                let rows = rows.min(h - y);
                let (data, behind) = rest.split_at_mut(rows * stride);
                rest = behind;
                bands.push(Band { n, y, rows, data });
            }
            (_, rest) = rest.split_at_mut(pad * stride);
        }
        bands
    }
}

impl<T> Band<'_, T> {
    /// The pixels of the band's row `i`, without padding, for features of `w` columns, `c` channels and this padding.
    pub fn row(&mut self, i: usize, w: usize, c: usize, pad: usize) -> &mut [T] {
        &mut self.data[i * (w + 2 * pad) * c + pad * c..][..w * c]
    }
}
