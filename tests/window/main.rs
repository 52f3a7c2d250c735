//! The window without a screen: controls are found by their accessible names, as a screen reader finds them.

mod batch;
mod crop;
mod enhance;
mod frames;
mod jobs;
mod language;
mod layers;
mod names;
mod photos;
mod several;
mod shelf;
#[path = "../staged/mod.rs"]
mod staged;
mod train;
mod waiting;
