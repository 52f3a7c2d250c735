//! Luma and chroma of ITU-R BT.601, studio range, as MATLAB's `rgb2ycbcr` and with it the whole super-resolution
//! literature defines them: `Y = 16 + 65.481 R + 128.553 G + 24.966 B` for R, G, B in `[0, 1]`.
//!
//! Two users: `metrics` compares on Y, and `avdsr` enlarges Y with its network and Cb, Cr with bicubic. Tensors hold
//! `Y / 255`, `Cb / 255`, `Cr / 255`, so that they too lie in `[0, 1]`.

use super::Tensor;

/// Rows Y, Cb, Cr; columns R, G, B in `[0, 1]`; results in `0..=255` after adding [`OFFSET`].
const FORWARD: [[f64; 3]; 3] = [[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]];
const OFFSET: [f64; 3] = [16.0, 128.0, 128.0];

/// Y of one pixel, 16 to 235, from R, G, B in `[0, 1]`.
#[inline]
pub fn luma(r: f64, g: f64, b: f64) -> f64 {
    let [kr, kg, kb] = FORWARD[0];
    OFFSET[0] + kr * r + kg * g + kb * b
}

/// RGB in `[0, 1]` (`[n, h, w, 3]`) to Y, Cb, Cr, each divided by 255.
///
/// # Panics
/// If there are not three channels (so does the way back).
pub fn rgb_to_ycbcr(rgb: &Tensor) -> Tensor {
    let matrix = FORWARD.map(|row| row.map(|v| v / 255.0));
    map_pixels(rgb, |p| {
        std::array::from_fn(|k| OFFSET[k] / 255.0 + matrix[k].iter().zip(p).map(|(m, v)| m * v).sum::<f64>())
    })
}

/// Y, Cb, Cr (each divided by 255) back to RGB, not clamped. The matrix is the inverse of the one above, computed and
/// not copied: the rounded ones in print do not lead back to the same colour.
pub fn ycbcr_to_rgb(ycbcr: &Tensor) -> Tensor {
    let inverse = inverse(FORWARD.map(|row| row.map(|v| v / 255.0)));
    map_pixels(ycbcr, |p| {
        let centred: [f64; 3] = std::array::from_fn(|k| p[k] - OFFSET[k] / 255.0);
        inverse.map(|row| row.iter().zip(centred).map(|(m, v)| m * v).sum())
    })
}

fn map_pixels(t: &Tensor, f: impl Fn([f64; 3]) -> [f64; 3]) -> Tensor {
    assert_eq!(t.shape.c, 3, "colour has three channels");
    let mut data = Vec::with_capacity(t.data.len());
    for p in t.data.chunks_exact(3) {
        data.extend(f([f64::from(p[0]), f64::from(p[1]), f64::from(p[2])]).map(|v| v as f32));
    }
    Tensor::from_vec(t.shape, data)
}

/// Inverse of a 3×3 matrix by its adjugate.
fn inverse(m: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let cofactor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * cofactor(0, c)).sum();
    std::array::from_fn(|r| std::array::from_fn(|c| cofactor(c, r) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn black_white_and_red_are_where_the_standard_puts_them() {
        assert_eq!(luma(0.0, 0.0, 0.0), 16.0);
        assert!((luma(1.0, 1.0, 1.0) - 235.0).abs() < 1e-12);
        let rgb = Tensor::from_vec(Shape::new(1, 1, 3, 3), vec![0., 0., 0., 1., 1., 1., 1., 0., 0.]);
        let got = rgb_to_ycbcr(&rgb).data;
        let want = [16.0, 128.0, 128.0, 235.0, 128.0, 128.0, 81.481, 90.203, 240.0];
        for (g, w) in got.iter().zip(want) {
            assert!((g * 255.0 - w).abs() < 1e-4, "{got:?}");
        }
    }

    #[test]
    fn the_way_back_leads_to_the_same_eight_bits() {
        let levels = [0.0, 17.0, 64.0, 127.0, 128.0, 200.0, 254.0, 255.0].map(|v: f32| v / 255.0);
        let mut rgb = Vec::new();
        for r in levels {
            for g in levels {
                rgb.extend(levels.iter().flat_map(|&b| [r, g, b]));
            }
        }
        let rgb = Tensor::from_vec(Shape::new(1, 64, 8, 3), rgb);
        let back = ycbcr_to_rgb(&rgb_to_ycbcr(&rgb));
        // Half a step of 16 bits is 7.6e-6; storing Y, Cb, Cr as f32 costs about 1e-7.
        assert!(back.data.iter().zip(&rgb.data).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
