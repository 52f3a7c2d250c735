//! Turning a picture the way its EXIF orientation says, so that everything after decoding sees it upright.

use crate::tensor::{Pixels, Samples};

/// Whether an EXIF orientation exchanges width and height.
pub(super) fn transposes(orientation: u8) -> bool {
    (5..=8).contains(&orientation)
}

/// The picture as orientation 1 to 8 wants it shown; other values leave it alone.
///
/// | value | stored picture's first row, first column are shown at | |
/// |---|---|---|
/// | 1 | top, left | as it is |
/// | 2 | top, right | mirrored |
/// | 3 | bottom, right | half turn |
/// | 4 | bottom, left | upside down |
/// | 5 | left, top | transposed |
/// | 6 | right, top | quarter turn clockwise |
/// | 7 | right, bottom | transposed over the other diagonal |
/// | 8 | left, bottom | quarter turn counter-clockwise |
pub(super) fn upright(pixels: Pixels, orientation: u8) -> Pixels {
    if !(2..=8).contains(&orientation) {
        return pixels;
    }
    let Pixels { width, height, channels, .. } = pixels;
    let samples = match &pixels.samples {
        Samples::U8(v) => Samples::U8(turn(v, width, height, channels, orientation)),
        Samples::U16(v) => Samples::U16(turn(v, width, height, channels, orientation)),
    };
    let (width, height) = if transposes(orientation) { (height, width) } else { (width, height) };
    Pixels { width, height, channels, samples }
}

fn turn<T: Copy>(v: &[T], w: usize, h: usize, c: usize, orientation: u8) -> Vec<T> {
    let (out_w, out_h) = if transposes(orientation) { (h, w) } else { (w, h) };
    let mut out = Vec::with_capacity(v.len());
    for y in 0..out_h {
        for x in 0..out_w {
            let (row, column) = match orientation {
                2 => (y, w - 1 - x),
                3 => (h - 1 - y, w - 1 - x),
                4 => (h - 1 - y, x),
                5 => (x, y),
                6 => (h - 1 - x, y),
                7 => (h - 1 - x, w - 1 - y),
                _ => (x, w - 1 - y),
            };
            let at = (row * w + column) * c;
            out.extend_from_slice(&v[at..at + c]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_ways() {
        // 1 2 3
        // 4 5 6
        let stored = Pixels::new(3, 2, 1, Samples::U8(vec![1, 2, 3, 4, 5, 6])).unwrap();
        let want: [(usize, [u8; 6]); 9] = [
            (3, [1, 2, 3, 4, 5, 6]),
            (3, [1, 2, 3, 4, 5, 6]),
            (3, [3, 2, 1, 6, 5, 4]),
            (3, [6, 5, 4, 3, 2, 1]),
            (3, [4, 5, 6, 1, 2, 3]),
            (2, [1, 4, 2, 5, 3, 6]),
            (2, [4, 1, 5, 2, 6, 3]),
            (2, [6, 3, 5, 2, 4, 1]),
            (2, [3, 6, 2, 5, 1, 4]),
        ];
        for (orientation, (width, samples)) in want.into_iter().enumerate() {
            let shown = upright(stored.clone(), orientation as u8);
            assert_eq!((shown.width, shown.samples), (width, Samples::U8(samples.to_vec())), "{orientation}");
        }
    }

    #[test]
    fn pixels_stay_whole() {
        let stored = Pixels::new(1, 2, 2, Samples::U16(vec![1, 2, 3, 4])).unwrap();
        assert_eq!(upright(stored.clone(), 6).samples, Samples::U16(vec![3, 4, 1, 2]));
        assert_eq!(upright(stored, 8).samples, Samples::U16(vec![1, 2, 3, 4]));
    }
}
