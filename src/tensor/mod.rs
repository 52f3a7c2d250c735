//! Numbers on their way through a network: [`Tensor`] and its [`Shape`].
//!
//! A tensor is dense `f32`, channels last (`[n, h, w, c]`): one pixel's channels lie side by side, so that a kernel reads
//! a window as a few straight runs and writes a pixel's outputs with whole vector stores. Weights keep the file's order
//! `[out, in, kh, kw]` (see `nn::weights`); every backend packs them once as it likes.

pub mod alpha;
pub mod colour;
pub mod contributions;
mod cut;
pub mod pixels;
pub mod resample;
pub mod shrink;
mod size;
mod transfer;

pub use pixels::{Depth, Pixels, PixelsError, Samples};
pub use size::{Point, Size};

/// Extent of a tensor: pictures × rows × columns × channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Pictures in the batch.
    pub n: usize,
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
    /// Channels, innermost in memory.
    pub c: usize,
}

impl Shape {
    /// `n` pictures of `h` rows × `w` columns × `c` channels.
    pub const fn new(n: usize, h: usize, w: usize, c: usize) -> Self {
        Self { n, h, w, c }
    }

    /// Number of values.
    pub const fn len(&self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Whether there is no value at all.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of pixels in all pictures.
    pub const fn pixels(&self) -> usize {
        self.n * self.h * self.w
    }

    /// Columns and rows.
    pub const fn size(&self) -> Size {
        Size::new(self.w, self.h)
    }

    /// The same pictures with another number of channels.
    pub const fn with_channels(self, c: usize) -> Self {
        Self { c, ..self }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}×{}×{}×{}", self.n, self.h, self.w, self.c)
    }
}

/// Dense `f32` values of a [`Shape`], `[n, h, w, c]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Extent.
    pub shape: Shape,
    /// `shape.len()` values, channels innermost.
    pub data: Vec<f32>,
}

impl Tensor {
    /// All zeros.
    pub fn zeros(shape: Shape) -> Self {
        Self { shape, data: vec![0.0; shape.len()] }
    }

    /// Takes values that are already in `[n, h, w, c]` order.
    ///
    /// # Panics
    /// If the number of values is not `shape.len()`: a programming error, never the user's input.
    pub fn from_vec(shape: Shape, data: Vec<f32>) -> Self {
        assert_eq!(data.len(), shape.len(), "tensor of shape {shape}");
        Self { shape, data }
    }

    /// From planar `[n, c, h, w]` order, the order of the goldens and of most other frameworks.
    pub fn from_nchw(n: usize, c: usize, h: usize, w: usize, planar: &[f32]) -> Self {
        let shape = Shape::new(n, h, w, c);
        assert_eq!(planar.len(), shape.len(), "tensor of shape {shape}");
        let mut data = vec![0.0; shape.len()];
        for i in 0..n {
            for k in 0..c {
                for p in 0..h * w {
                    data[(i * h * w + p) * c + k] = planar[(i * c + k) * h * w + p];
                }
            }
        }
        Self { shape, data }
    }

    /// To planar `[n, c, h, w]` order.
    pub fn to_nchw(&self) -> Vec<f32> {
        let Shape { n, h, w, c } = self.shape;
        let mut planar = vec![0.0; self.data.len()];
        for i in 0..n {
            for k in 0..c {
                for p in 0..h * w {
                    planar[(i * c + k) * h * w + p] = self.data[(i * h * w + p) * c + k];
                }
            }
        }
        planar
    }

    /// The channels of one pixel.
    pub fn pixel(&self, n: usize, y: usize, x: usize) -> &[f32] {
        let start = ((n * self.shape.h + y) * self.shape.w + x) * self.shape.c;
        &self.data[start..start + self.shape.c]
    }

    /// A rectangle cut out of every picture of the batch.
    pub fn crop(&self, y: usize, x: usize, h: usize, w: usize) -> Self {
        let Shape { n, h: rows, w: cols, c } = self.shape;
        assert!(y + h <= rows && x + w <= cols, "crop {w}×{h} at {x},{y} of {}", self.shape);
        let mut data = Vec::with_capacity(n * h * w * c);
        for i in 0..n {
            for row in y..y + h {
                let start = ((i * rows + row) * cols + x) * c;
                data.extend_from_slice(&self.data[start..start + w * c]);
            }
        }
        Self { shape: Shape::new(n, h, w, c), data }
    }

    /// Copies a picture of as many channels into this one's first, with its corner in row `y` and column `x`.
    pub fn paste(&mut self, from: &Self, y: usize, x: usize) {
        let Shape { h, w, c, .. } = from.shape;
        for row in 0..h {
            let at = ((y + row) * self.shape.w + x) * c;
            self.data[at..at + w * c].copy_from_slice(&from.data[row * w * c..(row + 1) * w * c]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planar_order_and_back() {
        let planar: Vec<f32> = (0..2 * 3 * 4 * 5).map(|v| v as f32).collect();
        let t = Tensor::from_nchw(2, 3, 4, 5, &planar);
        assert_eq!(t.pixel(1, 2, 3), &[60.0 + 13.0, 60.0 + 33.0, 60.0 + 53.0]);
        assert_eq!(t.to_nchw(), planar);
    }

    #[test]
    fn crop_keeps_every_picture_of_the_batch() {
        let t = Tensor::from_vec(Shape::new(2, 2, 3, 1), (0..12).map(|v| v as f32).collect());
        assert_eq!(t.crop(1, 1, 1, 2).data, [4.0, 5.0, 10.0, 11.0]);
    }
}
