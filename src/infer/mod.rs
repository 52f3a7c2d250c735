//! Pixels in, more pixels out: what every front end (command line, window, batch) asks for when it enlarges a picture
//! or looks inside a network.
//!
//! A [`Job`] says what is wanted: which model, which size. [`upscale`] does it; [`Enlarger`] is the same work opened up,
//! one tile at a time and in any order, for a window that wants the visible part first. [`taps`] reads the values of
//! inner nodes.
//!
//! The work is a chain of stages (`stage.rs`): original pixels → network (once or several times) → bicubic to the exact
//! size. A stage computes any rectangle of its picture by asking the one before for the rectangle that it needs, so only
//! the source and the result ever exist as a whole, both as samples; floats exist for one tile. Every stage gives the
//! same bits however its picture is cut, so tiles never show.

pub mod bundled;
mod cancel;
mod crop;
mod direct;
mod enlarger;
mod ensemble;
mod error;
mod job;
mod memory;
mod precision;
mod print;
mod progress;
mod stage;
mod strength;
pub mod taps;
pub mod tiles;
mod tone;

pub use bundled::Bundled;
pub use cancel::CancelToken;
pub use crop::{Cropped, cropped, part_of};
pub use enlarger::{Enlarger, upscale, upscale_part, upscale_timed};
pub use ensemble::ENSEMBLE;
pub use error::InferError;
pub use job::{Job, Target, Way, factor};
pub use precision::{at_precision, precision_of};
pub use print::Print;
pub use progress::{Progress, Silent};
pub use strength::Strength;
pub(crate) use strength::mix;

#[cfg(test)]
mod tests;
