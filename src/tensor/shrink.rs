//! Making low-resolution pictures exactly as the benchmarks were made, to train on and to measure with.
//!
//! MATLAB's `imresize` on 8-bit pictures filters vertically first, **rounds and clips to 8 bits**, and only then filters
//! horizontally. The intermediate rounding is part of the definition: with it the published Set5 low-resolution
//! pictures come out without a single different value, without it 10 to 14 % of the values differ by one or two.

use super::{
    Pixels, PixelsError, Samples,
    resample::{Contributions, Filter},
};

/// The picture `scale` times smaller, 8 bits: cropped at the right and the bottom to a multiple of `scale`, mixed
/// vertically, rounded, then horizontally, rounded (halves up, as MATLAB rounds). All channels are treated alike;
/// 16-bit pictures are first reduced to 8.
///
/// # Errors
/// If the picture is smaller than one pixel of the result, or `scale` is zero.
pub fn shrink_u8(pixels: &Pixels, scale: usize) -> Result<Pixels, PixelsError> {
    let (h, w) = (pixels.height.checked_div(scale).unwrap_or(0), pixels.width.checked_div(scale).unwrap_or(0));
    if h == 0 || w == 0 {
        return Err(PixelsError::Empty { width: w, height: h });
    }
    let c = pixels.channels;
    let eight = pixels.to_eight();
    let Samples::U8(v) = &eight.samples else {
        return Err(PixelsError::Channels(c));
    };
    let columns = w * scale * c;
    let mut tall = Vec::with_capacity(h * columns);
    let table = Contributions::new(Filter::Bicubic, h * scale, h);
    let mut sums = vec![0.0f64; columns];
    for y in 0..h {
        let (first, weights) = table.window(y);
        sums.fill(0.0);
        for (k, weight) in weights.iter().enumerate() {
            let at = (first + k) * pixels.width * c;
            for (s, &p) in sums.iter_mut().zip(&v[at..at + columns]) {
                *s += f64::from(p) * weight;
            }
        }
        tall.extend(sums.iter().map(|&s| round(s)));
    }

    let mut small = Vec::with_capacity(h * w * c);
    let table = Contributions::new(Filter::Bicubic, w * scale, w);
    for row in tall.chunks_exact(columns) {
        for x in 0..w {
            let (first, weights) = table.window(x);
            for k in 0..c {
                let taps = row[first * c + k..].iter().step_by(c);
                small.push(round(taps.zip(weights).map(|(&p, weight)| f64::from(p) * weight).sum()));
            }
        }
    }
    Pixels::new(w, h, c, Samples::U8(small))
}

/// To the nearest 8-bit value, halves up. Exact halves occur (at ×2 all weights are multiples of 1/512), and there the
/// sum is exact too.
fn round(v: f64) -> u8 {
    (v + 0.5).floor().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition once more, from whole matrices and with nothing shared: rows of `imresize`'s matrix.
    fn matrix(n_in: usize, n_out: usize) -> Vec<Vec<f64>> {
        let cubic = |t: f64| match t.abs() {
            t if t <= 1.0 => 1.5 * t.powi(3) - 2.5 * t.powi(2) + 1.0,
            t if t < 2.0 => -0.5 * t.powi(3) + 2.5 * t.powi(2) - 4.0 * t + 2.0,
            _ => 0.0,
        };
        let s = n_out as f64 / n_in as f64;
        let mut m = vec![vec![0.0; n_in]; n_out];
        for (i, row) in m.iter_mut().enumerate() {
            let centre = (i as f64 + 0.5) / s - 0.5;
            let sum: f64 = (-40..80).map(|j| cubic((centre - f64::from(j)) * s)).sum();
            for j in -40i32..80 {
                let mut at = j;
                while at < 0 || at >= n_in as i32 {
                    at = if at < 0 { -1 - at } else { 2 * n_in as i32 - 1 - at };
                }
                row[at as usize] += cubic((centre - f64::from(j)) * s) / sum;
            }
        }
        m
    }

    fn picture(w: usize, h: usize, c: usize) -> (Pixels, impl Fn(usize, usize, usize) -> f64) {
        // Hard edges and full range, so that clipping of both signs and both passes happens.
        let value = move |y: usize, x: usize, k: usize| match (x / 3 + y / 2 + k) % 3 {
            0 => 0,
            1 => 255,
            _ => ((x * 37 + y * 91 + k * 53) % 256) as u8,
        };
        let mut v = Vec::new();
        for y in 0..h {
            for x in 0..w {
                v.extend((0..c).map(|k| value(y, x, k)));
            }
        }
        (Pixels::new(w, h, c, Samples::U8(v)).unwrap(), move |y, x, k| f64::from(value(y, x, k)))
    }

    #[test]
    fn shrinking_is_the_definition_with_its_rounding_in_between() {
        for (w, h, c, scale) in [(13, 18, 3, 2), (20, 9, 1, 3), (17, 23, 4, 4), (8, 8, 2, 8)] {
            let (pixels, value) = picture(w, h, c);
            let (oh, ow) = (h / scale, w / scale);
            let (mv, mh) = (matrix(oh * scale, oh), matrix(ow * scale, ow));
            let got = shrink_u8(&pixels, scale).unwrap();
            assert_eq!((got.width, got.height, got.channels), (ow, oh, c));
            let clip = |v: f64| (v + 0.5).floor().clamp(0.0, 255.0);
            for y in 0..oh {
                for x in 0..ow {
                    for k in 0..c {
                        let tall = |x: usize| clip((0..oh * scale).map(|j| mv[y][j] * value(j, x, k)).sum());
                        let want = clip((0..ow * scale).map(|j| mh[x][j] * tall(j)).sum());
                        let Samples::U8(v) = &got.samples else { panic!("8 bits") };
                        assert_eq!(f64::from(v[(y * ow + x) * c + k]), want, "×{scale} at {x},{y},{k}");
                    }
                }
            }
        }
    }

    #[test]
    fn too_small_is_an_error_and_sixteen_bits_become_eight() {
        let (pixels, _) = picture(5, 3, 3);
        assert!(shrink_u8(&pixels, 4).is_err());
        assert!(shrink_u8(&pixels, 0).is_err());
        assert_eq!(shrink_u8(&pixels.to_sixteen(), 2).unwrap(), shrink_u8(&pixels, 2).unwrap());
    }
}
