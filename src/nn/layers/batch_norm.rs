//! Batch norm, mandatory after an adder layer, whose outputs are all negative and hundreds large (AdderNet §3.3).
//!
//! **Forward**, evaluation: `Y = (X − mean) / √(var + ε) · w + b` per channel, with the running mean and variance.
//! Training: the same with the batch's mean μ and **biased** variance `σ² = 1/m · Σ(X − μ)²` over the m = n·h·w values of
//! a channel. The running statistics then move: `running ← (1 − `[`BN_MOMENTUM`]`)·running + `[`BN_MOMENTUM`]`·batch`, where
//! the batch's variance is the **unbiased** one, `m/(m − 1)·σ²` (PyTorch's convention, which every weights file assumes).
//! The trainer does that step; a backward pass only reports mean and unbiased variance.
//!
//! **Backward** (training), with `x̂ = (X − μ)/√(σ² + ε)`:
//!
//! * `∂L/∂b = Σ g` and `∂L/∂w = Σ g·x̂`
//! * `∂L/∂X = w/√(σ² + ε) · (g − mean(g) − x̂·mean(g·x̂))`
//!
//! The two means come from μ and σ depending on every X: μ shifts all x̂ alike, σ stretches them alike, so the gradient
//! loses its components along the constant and along x̂. In particular `Σ_{n,p} ∂L/∂X = 0` per channel, hence the adder
//! layer below gets `Gᵀ·cols(X) − W·0`: in training its weight gradient is the convolution's.

/// ε under the square root: a channel that never varies must not divide by zero.
pub const BN_EPS: f32 = 1e-5;

/// Share of the newest batch in the running statistics.
pub const BN_MOMENTUM: f32 = 0.1;

/// `1/√(variance + ε)`.
pub fn inverse_std(variance: f32) -> f32 {
    1.0 / (variance + BN_EPS).sqrt()
}

/// Factor `m/(m − 1)` from the biased to the unbiased variance of `m` values. Of a single value no variance is known;
/// its biased one, zero, is kept.
pub fn unbias(m: usize) -> f64 {
    m as f64 / m.saturating_sub(1).max(1) as f64
}
