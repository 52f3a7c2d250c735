//! Power activation, learnable: the Box-Cox-like high-pass of AdderSR (CVPR 2021, arXiv 2009.08891, §3.3).
//!
//! **Forward**: `P(y) = sign(y)·|y|^α`, value by value, with one α per layer (the paper) or per channel, 1 at the start.
//! Adder layers pass low frequencies well and high ones badly; α > 1 stretches what is large against what is small,
//! which sharpens edges.
//!
//! **Backward**: by calculus `∂P/∂y = α·|y|^(α−1)` and `∂P/∂α = P(y)·ln|y|`. At y = 0 the first is infinite for α < 1
//! and the second is 0·∞, so both use `max(|y|, `[`POWER_EPS`]`)` in the power and the logarithm; the value P(y) itself
//! does not. With m that maximum:
//!
//! * `∂L/∂y = g · α·m^(α−1)`
//! * `∂L/∂α = Σ g · P(y)·ln m`

/// Floor of |y| in the gradients. At 1e-3 and α = 0.5 it limits the slope to 16, at no visible loss: values that small
/// are below a fifth of an 8-bit step.
pub const POWER_EPS: f32 = 1e-3;

/// `sign(y)·|y|^α`; 0 at y = 0 whatever α is.
pub fn power(y: f32, alpha: f32) -> f32 {
    if y == 0.0 { 0.0 } else { y.abs().powf(alpha).copysign(y) }
}

/// `∂P/∂y`, with the floor.
pub fn input_slope(y: f32, alpha: f32) -> f32 {
    alpha * y.abs().max(POWER_EPS).powf(alpha - 1.0)
}

/// `∂P/∂α`, with the floor.
pub fn alpha_slope(y: f32, alpha: f32) -> f32 {
    power(y, alpha) * y.abs().max(POWER_EPS).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_odd_and_fixes_zero_and_one() {
        for alpha in [-0.5, 0.0, 0.5, 1.0, 1.7] {
            assert_eq!([power(-1.0, alpha), power(0.0, alpha), power(1.0, alpha)], [-1.0, 0.0, 1.0]);
            assert_eq!(power(-0.3, alpha), -power(0.3, alpha));
        }
    }

    #[test]
    fn slopes_stay_finite_at_zero() {
        assert_eq!(alpha_slope(0.0, 0.5), 0.0);
        assert!((input_slope(0.0, 0.5) - 15.811_388).abs() < 1e-5, "0.5·(1e-3)^−0.5");
    }
}
