//! Tiles as a screen draws them.

use crate::tensor::{Pixels, Samples};

/// RGBA of 8 bits, premultiplied, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width · height · 4` bytes.
    pub rgba: Vec<u8>,
}

impl Image {
    /// A picture, shrunk by `2^level`: means of squares of pixels, of whatever remains of them at the right and below.
    /// Values are averaged as stored, like every filter of this program does.
    pub fn shrunk(pixels: &Pixels, level: u32) -> Self {
        match &pixels.samples {
            Samples::U8(v) => shrink(pixels, v, level, |s| u32::from(s) * 257),
            Samples::U16(v) => shrink(pixels, v, level, u32::from),
        }
    }

    /// The colour of a pixel, premultiplied; `None` outside.
    pub fn at(&self, x: usize, y: usize) -> Option<[u8; 4]> {
        let start = (x < self.width && y < self.height).then_some((y * self.width + x) * 4)?;
        self.rgba.get(start..start + 4)?.try_into().ok()
    }
}

fn shrink<T: Copy>(of: &Pixels, samples: &[T], level: u32, value: impl Fn(T) -> u32) -> Image {
    let side = 1usize << level;
    let (width, height, c) = (of.width.div_ceil(side), of.height.div_ceil(side), of.channels);
    let grey = of.is_grey();
    let alpha = of.has_alpha();
    let mut rgba = Vec::with_capacity(width * height * 4);
    for y in 0..height {
        let rows = y * side..((y + 1) * side).min(of.height);
        for x in 0..width {
            let columns = x * side..((x + 1) * side).min(of.width);
            let mut sums = [0u64; 4];
            let count = (rows.len() * columns.len()) as u64;
            for row in rows.clone() {
                for pixel in samples[(row * of.width + columns.start) * c..].chunks_exact(c).take(columns.len()) {
                    let a = if alpha { u64::from(value(pixel[c - 1])) } else { 65535 };
                    for (k, sum) in sums[..3].iter_mut().enumerate() {
                        let v = u64::from(value(pixel[if grey { 0 } else { k }]));
                        *sum += if alpha { v * a / 65535 } else { v };
                    }
                    sums[3] += a;
                }
            }
            rgba.extend(sums.map(|s| ((s / count + 128) / 257) as u8));
        }
    }
    Image { width, height, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_their_mean_also_where_they_are_cut() {
        let grey = Pixels::new(3, 2, 1, Samples::U8(vec![0, 100, 7, 100, 200, 9])).unwrap();
        let image = Image::shrunk(&grey, 1);
        assert_eq!((image.width, image.height), (2, 1));
        assert_eq!(image.rgba, [100, 100, 100, 255, 8, 8, 8, 255]);
        assert_eq!(Image::shrunk(&grey, 0).at(1, 1), Some([200, 200, 200, 255]));
        assert_eq!(Image::shrunk(&grey, 0).at(3, 0), None);
    }

    #[test]
    fn colour_is_multiplied_by_alpha_and_sixteen_bits_are_rounded() {
        let rgba = Pixels::new(1, 1, 4, Samples::U8(vec![255, 128, 0, 128])).unwrap();
        assert_eq!(Image::shrunk(&rgba, 0).rgba, [128, 64, 0, 128]);
        let deep = Pixels::new(1, 1, 3, Samples::U16(vec![65535, 257 * 7, 0])).unwrap();
        assert_eq!(Image::shrunk(&deep, 0).rgba, [255, 7, 0, 255]);
    }
}
