//! Pixels in, more pixels out: what every front end (command line, window, batch) asks for when it enlarges a picture
//! or looks inside a network.
//!
//! A [`Job`] says what is wanted: which model, which size. [`upscale`] does it; [`Enlarger`] is the same work opened up,
//! one tile at a time and in any order, for a window that wants the visible part first. [`taps`] reads the values of
//! inner nodes.
//!
//! How a size is reached is data, a [`Route`](crate::backend::Route): the network (once or several times), then bicubic to
//! the exact size. It says which rectangle of the original a rectangle of the result needs, so only the source and the
//! result ever exist as a whole, both as samples; floats exist for one tile (`interpret.rs`), or on a device only
//! (`colour.rs`). A route gives the same bits however its picture is cut, so tiles never show.

pub mod bundled;
mod cancel;
mod colour;
mod crop;
mod enlarger;
mod ensemble;
mod error;
mod interpret;
mod job;
mod memory;
mod precision;
mod print;
mod progress;
mod strength;
pub mod taps;
pub mod tiles;
mod tone;

pub use bundled::Bundled;
pub use cancel::CancelToken;
pub use crop::{Cropped, cropped};
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
