//! How true an enlargement is to what it was made of, where no original is known.
//!
//! A result shrunk again should be the picture that was given: what was invented or moved lowers `faithful`, what was tinted
//! raises `colour`. Sharpness alone would be won by ringing, closeness alone by bicubic; the two go together. Defined as in
//! `benches/photo`, on RGB, with the antialiased bicubic of [`Resampler`].

use super::{MetricsError, Psnr};
use crate::tensor::{
    Pixels, Point, Shape, Size, Tensor,
    resample::{Filter, Resampler},
};

/// How true a result is to the picture that it was made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Honesty {
    /// PSNR of the result, shrunk to the size of what was given, to that.
    pub faithful: Psnr,
    /// Mean absolute difference of their colours, blurred by a Gaussian of σ = 4 pixels, in steps of 255.
    pub colour: f64,
}

/// Rows that are shrunk at a time, so that a large result never exists as floats.
const BAND: usize = 64;
/// σ of the blur in pixels.
const SIGMA: f32 = 4.0;

/// Compares a result with the picture that it is an enlargement of.
///
/// # Errors
/// If the result is smaller, or of other proportions.
pub fn honesty(result: &Pixels, given: &Pixels) -> Result<Honesty, MetricsError> {
    let Size { width: w, height: h } = given.size();
    let (fx, fy) = (result.width as f64 / w as f64, result.height as f64 / h as f64);
    // A side is rounded to the pixel.
    let off = (fx - fy).abs() > 1.0 / w.min(h) as f64;
    if result.width < w || result.height < h || off {
        return Err(MetricsError::NoEnlargement { given: given.size(), result: result.size() });
    }
    let by = Resampler::new(Filter::Bicubic, result.size(), given.size());
    let mut difference = Vec::with_capacity(h * w * 3);
    for top in (0..h).step_by(BAND) {
        let rows = top..(top + BAND).min(h);
        let need = by.rows.inputs(rows.clone());
        let source = result.read_rgb(need.start, 0, need.len(), result.width);
        let given = given.read_rgb(top, 0, rows.len(), w);
        let small = by.tile(&source, Point::new(0, need.start), rows, 0..w);
        difference.extend(small.data.iter().zip(&given.data).map(|(a, b)| a - b));
    }
    let difference = Tensor::from_vec(Shape::new(1, h, w, 3), difference);
    let squares: f64 = difference.data.iter().map(|&d| f64::from(d).powi(2)).sum();
    let count = difference.data.len() as f64;
    let low = blurred(&difference);
    let colour = 255.0 * low.iter().map(|&d| f64::from(d).abs()).sum::<f64>() / count;
    Ok(Honesty { faithful: Psnr::of_error(255.0f64.powi(2) * squares / count), colour })
}

/// Gaussian blur, cut off at 4 σ, mirrored at the border.
fn blurred(values: &Tensor) -> Vec<f32> {
    let Shape { h, w, c, .. } = values.shape;
    let reach = (4.0 * SIGMA) as isize;
    let weights: Vec<f32> = (-reach..=reach).map(|d| (-0.5 * (d as f32 / SIGMA).powi(2)).exp()).collect();
    let total: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.iter().map(|weight| weight / total).collect();
    // … 1 0 | 0 1 … n-1 | n-1 …
    let mirrored = |i: isize, n: usize| {
        let at = i.rem_euclid(2 * n as isize) as usize;
        at.min(2 * n - 1 - at)
    };
    let add = |sum: &mut [f32], from: &[f32], weight: f32| {
        sum.iter_mut().zip(from).for_each(|(sum, v)| *sum += weight * v);
    };
    let mut across = vec![0.0; values.data.len()];
    for (row, sums) in values.data.chunks_exact(w * c).zip(across.chunks_exact_mut(w * c)) {
        let wide = (-reach..w as isize + reach).map(|x| mirrored(x, w) * c);
        let wide: Vec<f32> = wide.flat_map(|at| &row[at..at + c]).copied().collect();
        for (d, &weight) in weights.iter().enumerate() {
            add(sums, &wide[d * c..], weight);
        }
    }
    let mut both = vec![0.0; across.len()];
    for (y, sums) in both.chunks_exact_mut(w * c).enumerate() {
        for (d, &weight) in (-reach..=reach).zip(&weights) {
            add(sums, &across[mirrored(y as isize + d, h) * w * c..], weight);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{Samples, resample::resize_pixels};

    fn picture(w: usize, h: usize, of: impl Fn(usize, usize, usize) -> usize) -> Pixels {
        let all = (0..w * h * 3).map(|i| of(i / 3 % w, i / 3 / w, i % 3) as u8);
        Pixels::new(w, h, 3, Samples::U8(all.collect())).unwrap()
    }

    #[test]
    fn what_is_tinted_is_told_in_steps() {
        let given = picture(40, 30, |x, y, c| 60 + 2 * x + y + 10 * c);
        let large = resize_pixels(Filter::Bicubic, &given, Size::new(80, 60)).unwrap();
        let plain = honesty(&large, &given).unwrap();
        assert!(plain.colour < 0.3 && plain.faithful.db().unwrap() > 45.0, "{plain:?}");
        let Samples::U8(values) = &large.samples else { panic!("8 bits") };
        let tinted = Samples::U8(values.iter().map(|v| v + 3).collect());
        let tinted = honesty(&Pixels { samples: tinted, ..large }, &given).unwrap();
        assert!((tinted.colour - 3.0).abs() < 0.3, "{tinted:?}");
    }

    /// What the same definitions in NumPy, Pillow and SciPy give, which treat borders of a picture this small a little differently.
    #[test]
    fn the_figures_are_those_of_numpy_pillow_and_scipy() {
        let given = picture(48, 40, |x, y, c| (x * 7 + y * 3 + c * 40 + x * y % 11) % 256);
        let result = picture(192, 160, |x, y, c| (x * 7 / 4 + y * 3 / 4 + c * 41 + x * y / 16 % 13) % 256);
        let Honesty { faithful, colour } = honesty(&result, &given).unwrap();
        assert!(
            (faithful.db().unwrap() - FAITHFUL).abs() < 0.02 && (colour - COLOUR).abs() < 0.02,
            "{faithful} {colour}"
        );
    }
    const FAITHFUL: f64 = 18.8519;
    const COLOUR: f64 = 5.9124;

    #[test]
    fn what_is_no_enlargement_is_refused() {
        let given = picture(20, 20, |_, _, _| 1);
        assert!(honesty(&picture(19, 40, |_, _, _| 1), &given).is_err());
        let error = honesty(&picture(40, 60, |_, _, _| 1), &given).unwrap_err().to_string();
        assert!(error.contains("40×60") && error.contains("20×20"), "{error}");
        assert!(honesty(&picture(41, 40, |_, _, _| 1), &given).is_ok());
    }
}
