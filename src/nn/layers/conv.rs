//! Convolution: first and last layer of every network here, and the body of its convolutional twin.
//!
//! Only formulas live here, there is no arithmetic of a single value that would deserve a function.
//!
//! **Forward**: `Y[n,p,o] = b[o] + Σ_{d,c} X[n,p+d,c] · W[o,c,d]`, stride 1, "same" size, X = 0 outside the picture.
//! Shapes: X `[n,h,w,cin]`, W `[cout,cin,k,k]`, b `[cout]` or absent, Y `[n,h,w,cout]`. It is a correlation: the window is
//! not flipped.
//!
//! **Backward** is the plain derivative; Y is linear in each of X, W and b:
//!
//! * `∂L/∂W[o,c,d] = Σ_{n,p} X[n,p+d,c] · g[n,p,o]`
//! * `∂L/∂b[o]     = Σ_{n,p} g[n,p,o]`
//! * `∂L/∂X[n,q,c] = Σ_{o,d} W[o,c,d] · g[n,q−d,o]` over those `q − d` inside the picture.
//!
//! The ends of the network stay convolutions because an adder layer can neither pass on an absolute colour nor scale one
//! (AdderSR §3.2: on a flat patch of value s its output depends on s through `−Σ|s − w|` alone; AdderNet §4 keeps them too).
