//! Adder layer: a window is compared with a filter by distance instead of correlation (AdderNet, CVPR 2020, arXiv
//! 1912.13200).
//!
//! **Forward** (§3.1): `Y[n,p,o] = −Σ_{d,c} |X[n,p+d,c] − W[o,c,d]|`, stride 1, "same" size. A tap outside the
//! picture has X = 0 and takes part: it contributes `−|W|`. Shapes: X `[n,h,w,cin]`, W `[cout,cin,k,k]`, Y
//! `[n,h,w,cout]`. Sums run over dy, then dx, then c: the order in which channels-last kernels walk memory. A kernel that
//! vectorises over outputs keeps it for free; one that regroups the sum is still exact on whole numbers.
//!
//! **Backward is not the derivative.** The true one is `∂Y/∂W = sign(X − W)` and `∂Y/∂X = sign(W − X)`: it forgets how
//! far apart the two are, and signSGD's direction is almost never the steepest (§3.2). The paper replaces it:
//!
//! * weight: `∂L/∂W[o,c,d] = Σ_{n,p} (X[n,p+d,c] − W[o,c,d]) · g[n,p,o]`, the derivative of
//!   `−½Σ(X − W)²`. As matrices it is `Gᵀ·cols(X) − W·ΣG`, one product.
//! * input: `∂L/∂X[n,q,c] = Σ_{o,d} clip(W[o,c,d] − X[n,q,c], −1, 1) · g[n,q−d,o]`. The clip (HardTanh) matters
//!   because this gradient is multiplied through all the layers below and would explode; the weight's goes nowhere further.
//!
//! Hence no test may use finite differences here; the judge is `shared/reference`'s goldens.

/// The paper's η of the adaptive rate, see [`adaptive_rate`].
pub const ETA: f32 = 0.2;

/// `X − W`: what one tap adds to its weight's gradient, per unit of `g`.
pub fn weight_slope(x: f32, w: f32) -> f32 {
    x - w
}

/// `clip(W − X, −1, 1)`: what one tap adds to its input's gradient, per unit of `g`.
pub fn input_slope(x: f32, w: f32) -> f32 {
    (w - x).clamp(-1.0, 1.0)
}

/// `sign(d)` with `sign(0) = 0`: with `d = X − W` the weight's and with `d = W − X` the input's true derivative, kept to
/// show that it trains badly.
pub fn sign(d: f32) -> f32 {
    if d == 0.0 { 0.0 } else { d.signum() }
}

/// Factor `η·√k / ‖grad‖₂` by which a layer's whole gradient (k values) is multiplied before the optimiser sees it
/// (§3.3).
///
/// Outputs of adder layers have a far larger variance than those of convolutions, and the batch norm behind them divides
/// gradients by its square root: layers end up with norms that differ by orders of magnitude. The factor gives every
/// adder layer the same step per weight. A gradient of all zeros stays zero (the norm is taken as at least 1e-12).
pub fn adaptive_rate(grad: &[f32], eta: f32) -> f32 {
    let norm = grad.iter().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
    (f64::from(eta) * (grad.len() as f64).sqrt() / norm.max(1e-12)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adaptive_rate_gives_every_layer_the_same_root_mean_square() {
        for size in [1e-6_f32, 1.0, 1e6] {
            let grad = [3.0 * size, -4.0 * size, 0.0, 0.0];
            assert_eq!(adaptive_rate(&grad, 0.2) * size, 0.2 * 2.0 / 5.0);
        }
        assert!((adaptive_rate(&[0.0; 4], 0.2) * 0.0).is_finite());
    }

    #[test]
    fn sign_of_zero_is_zero() {
        assert_eq!([sign(-2.0), sign(-0.0), sign(0.0), sign(0.5)], [-1.0, 0.0, 0.0, 1.0]);
    }
}
