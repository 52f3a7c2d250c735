//! The mean squared error behind PSNR.

use super::luma::Rows;

/// Mean of `(a - b)²` over all values of two pictures of one size.
pub(super) fn mean_squared_error(a: &Rows<'_>, b: &Rows<'_>) -> f64 {
    let (mut row_a, mut row_b) = (vec![0.0; a.width], vec![0.0; a.width]);
    let mut sum = 0.0;
    for y in 0..a.height {
        a.read(y, &mut row_a);
        b.read(y, &mut row_b);
        // Row sums first: adding millions of small values to one large sum would lose their last digits.
        sum += row_a.iter().zip(&row_b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    }
    sum / (a.height as f64 * a.width as f64)
}
