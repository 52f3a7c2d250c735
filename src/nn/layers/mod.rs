//! What each layer means: formula, forward and backward rule with its derivation, one file per layer.
//!
//! [`Op`](super::Op) names the layers and [`Plan`](super::Plan) knows their shapes; here is the arithmetic of one value,
//! as functions of scalars, with the reason for every rule that is not plain calculus. `backend::reference` wraps these
//! functions in loops and nothing else, so the formula a reader finds here is the one that judges every fast kernel.
//!
//! Notation: `X` input, `W` weight, `Y` output, `g = ∂L/∂Y` the gradient that arrives, `n, p` picture and pixel, `c`
//! channel in, `o` channel out, `d = (dy, dx)` a tap of the window. Pictures are `[n, h, w, c]`, weights
//! `[out, in, kh, kw]`.

pub mod adder;
pub mod batch_norm;
pub mod bicubic;
pub mod conv;
pub mod pixel_shuffle;
pub mod pointwise;
pub mod power;
