//! Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004), the authors' MATLAB version.
//!
//! For every place of an 11×11 Gaussian window (σ = 1.5) that lies wholly inside the picture, averaged:
//! `(2 μa μb + C1)(2 σab + C2) / ((μa² + μb² + C1)(σa² + σb² + C2))`, C1 = (0.01·255)², C2 = (0.03·255)².
//!
//! The five weighted means (a, b, a², b², ab) are separable: eleven rows are summed into five row buffers, each of
//! which is then summed along. Only eleven rows of either picture exist at a time.

use super::luma::Rows;

const SIZE: usize = 11;
const SIGMA: f64 = 1.5;
const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);

/// The mean over all places of the window; `None` if it fits nowhere.
pub(super) fn ssim(a: &Rows<'_>, b: &Rows<'_>) -> Option<f64> {
    if a.height < SIZE || a.width < SIZE {
        return None;
    }
    let window = gaussian();
    let (width, rows, columns) = (a.width, a.height - SIZE + 1, a.width - SIZE + 1);
    // Row y lies at y % SIZE.
    let mut ring = vec![(vec![0.0; width], vec![0.0; width]); SIZE];
    let mut sums: [Vec<f64>; 5] = std::array::from_fn(|_| vec![0.0; width]);
    let mut total = 0.0;
    for y in 0..a.height {
        let (row_a, row_b) = &mut ring[y % SIZE];
        a.read(y, row_a);
        b.read(y, row_b);
        if y + 1 < SIZE {
            continue;
        }
        let top = y + 1 - SIZE;
        sums.iter_mut().for_each(|s| s.fill(0.0));
        for (k, &weight) in window.iter().enumerate() {
            let (row_a, row_b) = &ring[(top + k) % SIZE];
            let [sa, sb, saa, sbb, sab] = &mut sums;
            for x in 0..width {
                let (va, vb) = (row_a[x], row_b[x]);
                sa[x] += weight * va;
                sb[x] += weight * vb;
                saa[x] += weight * va * va;
                sbb[x] += weight * vb * vb;
                sab[x] += weight * va * vb;
            }
        }
        let along = |s: &[f64], x: usize| s[x..x + SIZE].iter().zip(window).map(|(v, w)| v * w).sum::<f64>();
        let mut row_total = 0.0;
        for x in 0..columns {
            let [ma, mb, maa, mbb, mab] = [0, 1, 2, 3, 4].map(|i| along(&sums[i], x));
            let (va, vb, vab) = (maa - ma * ma, mbb - mb * mb, mab - ma * mb);
            row_total += (2.0 * ma * mb + C1) * (2.0 * vab + C2) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
        }
        total += row_total;
    }
    Some(total / (rows as f64 * columns as f64))
}

/// One axis of the window, sum 1. The product of two is MATLAB's `fspecial('gaussian', 11, 1.5)`.
fn gaussian() -> [f64; SIZE] {
    let raw: [f64; SIZE] = std::array::from_fn(|i| {
        let d = i as f64 - (SIZE / 2) as f64;
        (-d * d / (2.0 * SIGMA * SIGMA)).exp()
    });
    let sum: f64 = raw.iter().sum();
    raw.map(|v| v / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{Pixels, Samples};

    fn of(width: usize, height: usize, a: impl Fn(usize, usize) -> u8, b: impl Fn(usize, usize) -> u8) -> Option<f64> {
        let grey = |f: &dyn Fn(usize, usize) -> u8| {
            let v = (0..width * height).map(|i| f(i / width, i % width)).collect();
            Pixels::new(width, height, 1, Samples::U8(v)).unwrap()
        };
        let (a, b) = (grey(&a), grey(&b));
        let (a, b) = Rows::pair(&a, &b, 0);
        ssim(&a, &b)
    }

    #[test]
    fn two_flat_pictures_differ_by_their_means_alone() {
        let want = (2.0 * 100.0 * 120.0 + C1) / (100.0 * 100.0 + 120.0 * 120.0 + C1);
        assert!((of(13, 12, |_, _| 100, |_, _| 120).unwrap() - want).abs() < 1e-9);
        assert_eq!(of(10, 30, |_, _| 1, |_, _| 1), None);
        assert_eq!(of(30, 10, |_, _| 1, |_, _| 1), None);
    }

    /// The definition in two dimensions: whole windows, means first, then centred sums.
    #[test]
    fn the_streamed_sums_are_the_definition() {
        let (w, h) = (17, 14);
        let a = |y: usize, x: usize| ((y * 31 + x * 17 + y * x * 7) % 256) as u8;
        let b = |y: usize, x: usize| ((y * 29 + x * 19 + y * x * 7) % 251) as u8;
        let weight = |dy: usize, dx: usize| {
            let d = |v: usize| (v as f64 - 5.0).powi(2);
            (-(d(dy) + d(dx)) / 4.5).exp()
        };
        let sum: f64 = (0..121).map(|i| weight(i / 11, i % 11)).sum();
        let mut total = 0.0;
        for y in 0..h - 10 {
            for x in 0..w - 10 {
                let mean = |f: &dyn Fn(usize, usize) -> f64| -> f64 {
                    (0..121).map(|i| weight(i / 11, i % 11) / sum * f(y + i / 11, x + i % 11)).sum()
                };
                let (fa, fb) = (|y, x| f64::from(a(y, x)), |y, x| f64::from(b(y, x)));
                let (ma, mb) = (mean(&fa), mean(&fb));
                let va = mean(&|y, x| (fa(y, x) - ma).powi(2));
                let vb = mean(&|y, x| (fb(y, x) - mb).powi(2));
                let vab = mean(&|y, x| (fa(y, x) - ma) * (fb(y, x) - mb));
                total += (2.0 * ma * mb + 6.5025) * (2.0 * vab + 58.5225)
                    / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
            }
        }
        let want = total / ((h - 10) * (w - 10)) as f64;
        assert!((of(w, h, a, b).unwrap() - want).abs() < 1e-9, "{want}");
    }
}
