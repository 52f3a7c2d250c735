//! How close an enlarged picture comes to the original: PSNR and SSIM, as the super-resolution literature measures.
//!
//! Both compare luma (Y of BT.601, see [`crate::tensor::colour`]) in `0..=255`, not rounded, of 8-bit pictures, and
//! leave out a border as wide as the scale, where mirrored or padded surroundings decide. Grey pictures are compared
//! as they are. The choices matter: RGB instead of Y, or the border kept, moves figures by tenths of a dB, more than
//! separates good models.
//!
//! Rows are streamed (`luma`): comparing two 96-megapixel results needs a few rows of floats, not gigabytes.

mod honesty;
mod luma;
mod psnr;
pub mod source;
mod ssim;

pub use honesty::{Honesty, honesty};

use crate::tensor::{Pixels, Size};

/// Closeness of two pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Peak signal-to-noise ratio.
    pub psnr: Psnr,
    /// Structural similarity, 1 for identical pictures; `None` where fewer than 11 rows or columns remain to compare.
    pub ssim: Option<f64>,
}

/// Peak signal-to-noise ratio of 8-bit values, `10·log10(255² / mean squared error)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Psnr {
    /// There is no error, and the ratio has no value.
    Identical,
    /// In decibels.
    Db(f64),
}

impl Psnr {
    /// From a mean squared error of values in `0..=255`.
    pub fn of_error(mean_squared: f64) -> Self {
        if mean_squared == 0.0 { Psnr::Identical } else { Psnr::Db(10.0 * (255.0f64.powi(2) / mean_squared).log10()) }
    }

    /// The number, unless the pictures are identical.
    pub fn db(self) -> Option<f64> {
        match self {
            Psnr::Identical => None,
            Psnr::Db(db) => Some(db),
        }
    }
}

impl std::fmt::Display for Psnr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Psnr::Identical => f.pad("identical"),
            Psnr::Db(db) => f.pad(&format!("{db:.2} dB")),
        }
    }
}

/// Why two pictures cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetricsError {
    /// Different sizes.
    #[error(
        "the reference has {reference} pixels and the result {result}; crop or enlarge them to the same size first"
    )]
    Sizes {
        /// Of the one.
        reference: Size,
        /// Of the other.
        result: Size,
    },
    /// Smaller than what it is said to be made of, or of other proportions.
    #[error("the result has {result} pixels, which is no enlargement of {given}; give the picture that it was made of")]
    NoEnlargement {
        /// Of what it is said to be made of.
        given: Size,
        /// Its own.
        result: Size,
    },
    /// The border is all there is.
    #[error("nothing is left of {width}×{height} pixels without a border of {border}; compare larger pictures")]
    TooSmall {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Pixels cut from every side.
        border: usize,
    },
}

/// Compares on luma, without `border` pixels at every side (by custom the scale). 16-bit pictures are first rounded to
/// 8 bits, since that is what published figures compare; alpha is ignored.
///
/// # Errors
/// If the sizes differ, or nothing is left within the border.
pub fn compare(reference: &Pixels, result: &Pixels, border: usize) -> Result<Quality, MetricsError> {
    let (width, height) = (reference.width, reference.height);
    if (width, height) != (result.width, result.height) {
        return Err(MetricsError::Sizes { reference: reference.size(), result: result.size() });
    }
    if width.min(height) <= border.saturating_mul(2) {
        return Err(MetricsError::TooSmall { width, height, border });
    }
    let (a, b) = luma::Rows::pair(reference, result, border);
    Ok(Quality { psnr: Psnr::of_error(psnr::mean_squared_error(&a, &b)), ssim: ssim::ssim(&a, &b) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Samples;

    fn grey(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Pixels {
        let v = (0..width * height).map(|i| value(i / width, i % width)).collect();
        Pixels::new(width, height, 1, Samples::U8(v)).unwrap()
    }

    #[test]
    fn identical_pictures_are_called_so() {
        let p = grey(20, 20, |y, x| (y * x) as u8);
        let q = compare(&p, &p, 2).unwrap();
        assert_eq!(q.psnr, Psnr::Identical);
        assert_eq!(q.psnr.to_string(), "identical");
        assert!((q.ssim.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_border_does_not_count_and_one_wrong_pixel_inside_does() {
        let a = grey(12, 10, |_, _| 100);
        let border = grey(12, 10, |y, x| if (2..8).contains(&y) && (2..10).contains(&x) { 100 } else { 0 });
        assert_eq!(compare(&a, &border, 2).unwrap().psnr, Psnr::Identical);
        assert_ne!(compare(&a, &border, 1).unwrap().psnr, Psnr::Identical);
        // One of 6 × 8 pixels off by 12: mean squared error 3.
        let inside = grey(12, 10, |y, x| if (y, x) == (2, 9) { 112 } else { 100 });
        let q = compare(&a, &inside, 2).unwrap();
        assert!((q.psnr.db().unwrap() - 10.0 * (65025.0f64 / 3.0).log10()).abs() < 1e-9);
        assert_eq!(q.ssim, None);
        assert_eq!(format!("[{:>10}]", q.psnr), "[  43.36 dB]");
    }

    #[test]
    fn colour_is_compared_on_y_and_with_grey_too() {
        let rgb = |r, g, b| Pixels::new(16, 16, 3, Samples::U8([r, g, b].repeat(256))).unwrap();
        // Blue weighs 24.966 of 255, so 51 steps of it are 4.9932 of Y.
        let q = compare(&rgb(9, 80, 51), &rgb(9, 80, 102), 0).unwrap();
        assert!((q.psnr.db().unwrap() - 20.0 * (255.0f64 / 4.9932).log10()).abs() < 1e-9);
        let grey = grey(16, 16, |_, _| 77);
        assert_eq!(compare(&grey, &rgb(77, 77, 77), 0).unwrap().psnr, Psnr::Identical);
        // Grey pictures are Y themselves: no 219/255 between them.
        let off = Pixels::new(16, 16, 1, Samples::U8(vec![87; 256])).unwrap();
        assert!((compare(&grey, &off, 0).unwrap().psnr.db().unwrap() - 20.0 * 25.5f64.log10()).abs() < 1e-9);
    }

    #[test]
    fn depth_and_alpha_make_no_difference() {
        let p = grey(16, 16, |y, x| (y * 16 + x) as u8);
        let alpha = Samples::U8((0..=255u8).flat_map(|v| [v, 3]).collect());
        let alpha = Pixels::new(16, 16, 2, alpha).unwrap();
        assert_eq!(compare(&p.to_sixteen(), &alpha, 0).unwrap().psnr, Psnr::Identical);
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let (a, b) = (grey(8, 6, |_, _| 0), grey(6, 8, |_, _| 0));
        assert_eq!(compare(&a, &b, 0), Err(MetricsError::Sizes { reference: a.size(), result: b.size() }));
        assert_eq!(compare(&a, &a, 3), Err(MetricsError::TooSmall { width: 8, height: 6, border: 3 }));
        assert!(compare(&a, &a, usize::MAX).is_err());
    }
}
