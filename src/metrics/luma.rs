//! The values that are compared: luma, row by row, border cut off.

use crate::tensor::{Pixels, Samples, colour};

/// A picture's luma in `0..=255`, without its border.
pub(super) struct Rows<'a> {
    pixels: &'a Pixels,
    border: usize,
    /// Compare the grey samples themselves; otherwise Y of the colour.
    grey: bool,
    /// Rows that remain.
    pub(super) height: usize,
    /// Columns that remain.
    pub(super) width: usize,
}

impl<'a> Rows<'a> {
    /// Two pictures of one size, larger than twice the border. Grey samples are Y themselves as long as both pictures
    /// are grey; beside a colour picture a grey one is taken for R = G = B.
    pub(super) fn pair(a: &'a Pixels, b: &'a Pixels, border: usize) -> (Self, Self) {
        let grey = a.is_grey() && b.is_grey();
        let rows = |pixels: &'a Pixels| Self {
            pixels,
            border,
            grey,
            height: pixels.height - 2 * border,
            width: pixels.width - 2 * border,
        };
        (rows(a), rows(b))
    }

    /// Row `y` of what remains, into `out`, which has `width` values.
    pub(super) fn read(&self, y: usize, out: &mut [f64]) {
        let start = ((y + self.border) * self.pixels.width + self.border) * self.pixels.channels;
        let samples = start..start + self.width * self.pixels.channels;
        match &self.pixels.samples {
            Samples::U8(v) => self.convert(&v[samples], f64::from, out),
            // To the nearest 8-bit value; 257 is odd, so there are no ties.
            Samples::U16(v) => self.convert(&v[samples], |s| f64::from((u32::from(s) + 128) / 257), out),
        }
    }

    fn convert<T: Copy>(&self, samples: &[T], value: impl Fn(T) -> f64, out: &mut [f64]) {
        let c = self.pixels.channels;
        // Positions of R, G, B; a grey picture's one sample is all three.
        let [r, g, b] = if c < 3 { [0, 0, 0] } else { [0, 1, 2] };
        for (o, p) in out.iter_mut().zip(samples.chunks_exact(c)) {
            *o = if self.grey {
                value(p[0])
            } else {
                colour::luma(value(p[r]) / 255.0, value(p[g]) / 255.0, value(p[b]) / 255.0)
            };
        }
    }
}
