//! The window without a screen: controls are found by their accessible names, as a screen reader finds them.

mod batch;
mod enhance;
mod layers;
mod train;
