//! Parts of pictures as pictures: rectangles that go to a device that works on samples itself and what comes back, and the
//! one channel that a picture without colour needs.

use super::{Pixels, Samples};
use std::ops::Range;

impl Pixels {
    /// The grey picture that an RGB picture without colour is, without alpha; `None` where there is any colour. Channels
    /// may differ by one step of 8 bits: that much a conversion between colour spaces makes of grey, and no eye sees it.
    pub fn neutral(&self) -> Option<Self> {
        fn grey<T: Copy + Into<u32>>(v: &[T], c: usize, step: u32) -> Option<Vec<T>> {
            v.chunks_exact(c)
                .map(|p| {
                    let [r, g, b] = [p[0], p[1], p[2]].map(Into::into);
                    (r.max(g).max(b) - r.min(g).min(b) <= step).then_some(p[1])
                })
                .collect()
        }
        if self.is_grey() {
            return None;
        }
        let samples = match &self.samples {
            Samples::U8(v) => Samples::U8(grey(v, self.channels, 1)?),
            Samples::U16(v) => Samples::U16(grey(v, self.channels, 257)?),
        };
        Some(Self { channels: 1, samples, ..*self })
    }

    /// The picture with the colour of [`neutral`](Self::neutral) in all its channels; `None` where there is any colour.
    pub fn evened(&self) -> Option<Self> {
        fn level<T: Copy>(v: &mut [T], c: usize, grey: &[T]) {
            v.chunks_exact_mut(c).zip(grey).for_each(|(p, &grey)| p[..3].fill(grey));
        }
        let (grey, mut even) = (self.neutral()?, self.clone());
        match (&mut even.samples, &grey.samples) {
            (Samples::U8(v), Samples::U8(grey)) => level(v, self.channels, grey),
            (Samples::U16(v), Samples::U16(grey)) => level(v, self.channels, grey),
            _ => unreachable!("grey keeps the depth"),
        }
        Some(even)
    }

    /// Whether every pixel has the same colour.
    pub fn is_flat(&self) -> bool {
        fn flat<T: PartialEq>(v: &[T], c: usize, colour: usize) -> bool {
            v.chunks_exact(c).all(|p| p[..colour] == v[..colour])
        }
        match &self.samples {
            Samples::U8(v) => flat(v, self.channels, self.colour_channels()),
            Samples::U16(v) => flat(v, self.channels, self.colour_channels()),
        }
    }

    /// The colour of a rectangle as samples, without alpha.
    ///
    /// # Panics
    /// If the rectangle leaves the picture or is empty.
    pub fn crop_colour(&self, y: usize, x: usize, h: usize, w: usize) -> Self {
        assert!(y + h <= self.height && x + w <= self.width, "{w}×{h} at {x},{y} of {}×{}", self.width, self.height);
        let (c, colour, width) = (self.channels, self.colour_channels(), self.width);
        fn cut<T: Copy>(v: &[T], c: usize, colour: usize, rows: impl Iterator<Item = Range<usize>>) -> Vec<T> {
            rows.flat_map(|row| v[row.start * c..row.end * c].chunks_exact(c))
                .flat_map(|p| &p[..colour])
                .copied()
                .collect()
        }
        let rows = (y..y + h).map(|row| row * width + x..row * width + x + w);
        let samples = match &self.samples {
            Samples::U8(v) => Samples::U8(cut(v, c, colour, rows)),
            Samples::U16(v) => Samples::U16(cut(v, c, colour, rows)),
        };
        Self { width: w, height: h, channels: colour, samples }
    }

    /// Writes the colour of `part`, of the same depth and with as many colour channels, with its corner at (`y`, `x`);
    /// alpha stays as it is.
    ///
    /// # Panics
    /// If it does not lie in the picture, or is of another kind.
    pub fn paste_colour(&mut self, y: usize, x: usize, part: &Self) {
        let (h, w) = (part.height, part.width);
        assert!(y + h <= self.height && x + w <= self.width, "{w}×{h} at {x},{y} of {}×{}", self.width, self.height);
        let (c, colour, width) = (self.channels, self.colour_channels(), self.width);
        assert_eq!(part.channels, colour, "colour channels");
        let copy = |row: usize| ((y + row) * width + x) * c..((y + row) * width + x + w) * c;
        for row in 0..h {
            let source = row * w * colour..(row + 1) * w * colour;
            match (&mut self.samples, &part.samples) {
                (Samples::U8(to), Samples::U8(from)) => paste_row(&mut to[copy(row)], &from[source], c, colour),
                (Samples::U16(to), Samples::U16(from)) => paste_row(&mut to[copy(row)], &from[source], c, colour),
                _ => panic!("a part of another depth"),
            }
        }
    }
}

fn paste_row<T: Copy>(to: &mut [T], from: &[T], c: usize, colour: usize) {
    for (p, s) in to.chunks_exact_mut(c).zip(from.chunks_exact(colour)) {
        p[..colour].copy_from_slice(s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Depth;

    #[test]
    fn cut_out_and_put_back_elsewhere() {
        let picture = Pixels::new(3, 2, 4, Samples::U8((0..24).collect())).unwrap();
        let part = picture.crop_colour(1, 1, 1, 2);
        assert_eq!(part.samples, Samples::U8(vec![16, 17, 18, 20, 21, 22]));
        let mut canvas = Pixels::black(3, 2, 4, Depth::Eight).unwrap();
        canvas.paste_colour(0, 1, &part);
        let mut expected = vec![0; 24];
        expected[4..12].copy_from_slice(&[16, 17, 18, 0, 20, 21, 22, 0]);
        assert_eq!(canvas.samples, Samples::U8(expected));
    }
}
