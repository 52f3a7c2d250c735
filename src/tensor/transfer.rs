//! Between samples and floats: rectangles of [`Pixels`] as [`Tensor`]s and back.
//!
//! Reading and writing go by rectangles, not by whole pictures, on purpose: a 24-megapixel photo enlarged twice has
//! 96 million pixels, which are 290 MB as bytes but 1.2 GB as `f32`. A tile is read, enlarged and written; the whole
//! never exists as floats.
//!
//! Colour travels in `[0, 1]` (`v / 255` or `v / 65535`); what comes back is clamped and rounded half to even. The
//! transfer curve is left alone: networks are trained on the values as files store them.

use super::{Depth, Pixels, PixelsError, Samples, Shape, Tensor};

impl Pixels {
    /// The whole picture's colour as three channels, `[1, height, width, 3]` in `[0, 1]`; grey is repeated.
    pub fn rgb(&self) -> Tensor {
        self.read_rgb(0, 0, self.height, self.width)
    }

    /// The whole picture's colour as it is stored, `[1, height, width, 1 or 3]` in `[0, 1]`.
    pub fn colour(&self) -> Tensor {
        self.read_colour(0, 0, self.height, self.width)
    }

    /// The whole picture's alpha, `[1, height, width, 1]` in `[0, 1]`, if it has any.
    pub fn alpha(&self) -> Option<Tensor> {
        self.read_alpha(0, 0, self.height, self.width)
    }

    /// Colour of a rectangle as three channels, `[1, h, w, 3]` in `[0, 1]`; grey is repeated.
    ///
    /// # Panics
    /// If the rectangle leaves the picture (so do the other `read_` and `write_` functions).
    pub fn read_rgb(&self, y: usize, x: usize, h: usize, w: usize) -> Tensor {
        let map: &[usize] = if self.is_grey() { &[0, 0, 0] } else { &[0, 1, 2] };
        self.read(y, x, h, w, map)
    }

    /// Colour of a rectangle as it is stored, `[1, h, w, 1 or 3]` in `[0, 1]`.
    pub fn read_colour(&self, y: usize, x: usize, h: usize, w: usize) -> Tensor {
        let map: &[usize] = if self.is_grey() { &[0] } else { &[0, 1, 2] };
        self.read(y, x, h, w, map)
    }

    /// Alpha of a rectangle, `[1, h, w, 1]` in `[0, 1]`, if the picture has any.
    pub fn read_alpha(&self, y: usize, x: usize, h: usize, w: usize) -> Option<Tensor> {
        self.has_alpha().then(|| self.read(y, x, h, w, &[self.channels - 1]))
    }

    /// Channel `map[k]` of every pixel becomes channel `k`.
    fn read(&self, y: usize, x: usize, h: usize, w: usize, map: &[usize]) -> Tensor {
        assert!(y + h <= self.height && x + w <= self.width, "{w}×{h} at {x},{y} of {}×{}", self.width, self.height);
        let c = self.channels;
        let mut data = Vec::with_capacity(h * w * map.len());
        // Division, not multiplication by a reciprocal: `v / 255` is the rounding that a reader expects, and it makes
        // 1.0 of full intensity.
        for row in y..y + h {
            let at = (row * self.width + x) * c..(row * self.width + x + w) * c;
            match &self.samples {
                Samples::U8(v) => {
                    for p in v[at].chunks_exact(c) {
                        data.extend(map.iter().map(|&k| f32::from(p[k]) / 255.0));
                    }
                }
                Samples::U16(v) => {
                    for p in v[at].chunks_exact(c) {
                        data.extend(map.iter().map(|&k| f32::from(p[k]) / 65535.0));
                    }
                }
            }
        }
        Tensor::from_vec(Shape::new(1, h, w, map.len()), data)
    }

    /// Writes the first picture of `colour` with its top left corner at (`y`, `x`), clamped to `[0, 1]` and rounded
    /// half to even; alpha stays as it is. `colour` has 1 or 3 channels: one fills all three of an RGB picture, and
    /// three become their mean in a grey one (the mean of three equal values is that value exactly, so a grey picture
    /// sent through a colour network's shortcut comes back unchanged).
    pub fn write_colour(&mut self, y: usize, x: usize, colour: &Tensor) {
        let c = colour.shape.c;
        assert!(c == 1 || c == 3, "colour has 1 or 3 channels, not {c}");
        match (self.is_grey(), c) {
            (true, 1) => self.write(y, x, colour, 0, 1, |p, _| p[0]),
            (true, _) => self.write(y, x, colour, 0, 1, |p, _| (p[0] + p[1] + p[2]) / 3.0),
            (false, 1) => self.write(y, x, colour, 0, 3, |p, _| p[0]),
            (false, _) => self.write(y, x, colour, 0, 3, |p, k| p[k]),
        }
    }

    /// Writes the first picture of `alpha` (one channel) with its top left corner at (`y`, `x`), clamped and rounded
    /// as [`Pixels::write_colour`]. Does nothing in a picture without alpha.
    pub fn write_alpha(&mut self, y: usize, x: usize, alpha: &Tensor) {
        assert_eq!(alpha.shape.c, 1, "alpha has one channel");
        if self.has_alpha() {
            self.write(y, x, alpha, self.channels - 1, 1, |p, _| p[0]);
        }
    }

    /// Channels `first..first + count` of the rectangle from `value(source pixel, channel - first)`.
    fn write(
        &mut self,
        y: usize,
        x: usize,
        t: &Tensor,
        first: usize,
        count: usize,
        value: impl Fn(&[f32], usize) -> f32,
    ) {
        let Shape { h, w, c: from, .. } = t.shape;
        assert!(y + h <= self.height && x + w <= self.width, "{w}×{h} at {x},{y} of {}×{}", self.width, self.height);
        let (c, max) = (self.channels, self.depth().max());
        // Most pictures have the tensor's channels and no others: then a row is one run of values.
        let run = count == c && count == from;
        for row in 0..h {
            let source = &t.data[row * w * from..(row + 1) * w * from];
            let at = ((y + row) * self.width + x) * c;
            match &mut self.samples {
                Samples::U8(v) if run => {
                    v[at..at + w * c].iter_mut().zip(source).for_each(|(p, &s)| *p = quantise(s, max) as u8);
                }
                Samples::U16(v) if run => {
                    v[at..at + w * c].iter_mut().zip(source).for_each(|(p, &s)| *p = quantise(s, max) as u16);
                }
                Samples::U8(v) => {
                    for (p, s) in v[at..at + w * c].chunks_exact_mut(c).zip(source.chunks_exact(from)) {
                        (0..count).for_each(|k| p[first + k] = quantise(value(s, k), max) as u8);
                    }
                }
                Samples::U16(v) => {
                    for (p, s) in v[at..at + w * c].chunks_exact_mut(c).zip(source.chunks_exact(from)) {
                        (0..count).for_each(|k| p[first + k] = quantise(value(s, k), max) as u16);
                    }
                }
            }
        }
    }

    /// A picture from its colour (1 or 3 channels, which decide grey or RGB) and perhaps its alpha, both in `[0, 1]`;
    /// clamped and rounded half to even.
    ///
    /// # Errors
    /// If the colour is empty or has other channels, or alpha has another size.
    pub fn from_tensors(colour: &Tensor, alpha: Option<&Tensor>, depth: Depth) -> Result<Self, PixelsError> {
        let Shape { h, w, c, .. } = colour.shape;
        if c != 1 && c != 3 {
            return Err(PixelsError::Channels(c));
        }
        let channels = c + usize::from(alpha.is_some());
        let mut pixels = Self::black(w, h, channels, depth)?;
        pixels.write_colour(0, 0, colour);
        if let Some(alpha) = alpha {
            if alpha.shape != Shape::new(1, h, w, 1) {
                let (needed, given) = (h * w, alpha.shape.len());
                return Err(PixelsError::Length { width: w, height: h, channels: 1, needed, given });
            }
            pixels.write_alpha(0, 0, alpha);
        }
        Ok(pixels)
    }
}

/// `value` in `[0, 1]` to `0..=max`, clamped, rounded half to even. Not-a-number becomes 0, so that a broken network
/// shows as black instead of ending the program.
///
/// Above 2²³ an `f32` has no room for a fraction, so adding 1.5 · 2²³ rounds half to even, and the whole number lies
/// in the sum's low bits. `round_ties_even` gives the same, but is a function call per value on processors before SSE
/// 4.1, which is what x86-64 programs are compiled for; this is a handful of vector instructions.
#[inline]
#[expect(clippy::manual_clamp, reason = "clamp keeps not-a-number, max and min do not")]
fn quantise(value: f32, max: f32) -> u32 {
    const NO_FRACTION: f32 = 12_582_912.0;
    (value.max(0.0).min(1.0) * max + NO_FRACTION).to_bits() & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eight(width: usize, height: usize, channels: usize, v: &[u8]) -> Pixels {
        Pixels::new(width, height, channels, Samples::U8(v.to_vec())).unwrap()
    }

    #[test]
    fn every_value_of_both_depths_survives_the_way_through_floats() {
        let v: Vec<u8> = (0..=255).collect();
        let p = eight(16, 16, 1, &v);
        assert_eq!(Pixels::from_tensors(&p.colour(), None, Depth::Eight).unwrap(), p);
        let v: Vec<u16> = (0..=65535).collect();
        let p = Pixels::new(256, 256, 1, Samples::U16(v)).unwrap();
        assert_eq!(Pixels::from_tensors(&p.colour(), None, Depth::Sixteen).unwrap(), p);
    }

    #[test]
    fn halves_go_to_even_and_overshoot_is_clamped() {
        let half = |k: f32| (k + 0.5) / 255.0;
        let values = [half(0.0), half(1.0), half(2.0), -0.3, 1.2, f32::NAN, f32::INFINITY];
        // Only values whose product with 255 is exactly k + 1/2 test the rule.
        assert!(values[..3].iter().zip([0.5, 1.5, 2.5]).all(|(v, want)| v * 255.0 == want));
        let t = Tensor::from_vec(Shape::new(1, 1, 7, 1), values.to_vec());
        let p = Pixels::from_tensors(&t, None, Depth::Eight).unwrap();
        assert_eq!(p.samples, Samples::U8(vec![0, 2, 2, 0, 255, 0, 255]));
    }

    #[test]
    fn colour_and_alpha_go_their_own_ways() {
        let p = eight(1, 2, 4, &[255, 0, 51, 102, 0, 255, 204, 153]);
        assert_eq!(p.rgb().data, [1.0, 0.0, 0.2, 0.0, 1.0, 0.8]);
        assert_eq!(p.alpha().unwrap().data, [0.4, 0.6]);
        assert_eq!(Pixels::from_tensors(&p.rgb(), p.alpha().as_ref(), Depth::Eight).unwrap(), p);
        let grey = eight(2, 1, 2, &[51, 255, 102, 0]);
        assert_eq!(grey.rgb().data, [0.2, 0.2, 0.2, 0.4, 0.4, 0.4]);
        assert_eq!(grey.colour().data, [0.2, 0.4]);
        assert!(grey.has_transparency() && !eight(1, 1, 2, &[0, 255]).has_transparency());
    }

    #[test]
    fn a_grey_picture_comes_back_from_three_channels_unchanged() {
        let p = eight(16, 16, 1, &(0..=255).collect::<Vec<u8>>());
        let mut back = Pixels::black(16, 16, 1, Depth::Eight).unwrap();
        back.write_colour(0, 0, &p.rgb());
        assert_eq!(back, p);
        let mut wide = Pixels::black(16, 16, 3, Depth::Eight).unwrap();
        wide.write_colour(0, 0, &p.colour());
        assert_eq!(wide.rgb(), p.rgb());
    }

    #[test]
    fn tiles_land_where_they_belong() {
        let p = eight(3, 2, 2, &[0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51]);
        assert_eq!(p.crop(1, 1, 1, 2).unwrap().samples, Samples::U8(vec![40, 41, 50, 51]));
        let mut back = Pixels::black(3, 2, 2, Depth::Eight).unwrap();
        for (y, x, h, w) in [(0, 0, 1, 3), (1, 0, 1, 1), (1, 1, 1, 2)] {
            back.write_colour(y, x, &p.read_colour(y, x, h, w));
            back.write_alpha(y, x, &p.read_alpha(y, x, h, w).unwrap());
        }
        assert_eq!(back, p);
    }
}
