//! The layers that treat every value alike: shift, addition of two inputs, ReLU.
//!
//! **Shift** `Y = X + by`, `∂L/∂X = g`. It centres pictures around zero before the first convolution, so that zero
//! padding means mid-grey and not black.
//!
//! **Add** `Y = X + scale·Z`, `∂L/∂X = g`, `∂L/∂Z = scale·g`. As a unit's self-shortcut it gives an adder layer what it
//! cannot learn, the identity (AdderSR §3.2); as block and long skip it is EDSR's.
//!
//! **ReLU** `Y = max(X, 0)`, `∂L/∂X = g` where X > 0, else 0. At zero, where there is no derivative, it is 0, as everywhere
//! else in the trade.

/// `max(x, 0)`.
pub fn relu(x: f32) -> f32 {
    x.max(0.0)
}

/// `∂relu/∂x`.
pub fn relu_slope(x: f32) -> f32 {
    if x > 0.0 { 1.0 } else { 0.0 }
}
