//! The command line as people and scripts meet it: the real program, run in a folder of its own.
//!
//! Every test asserts three things where they apply: the exit code, that the message is one sentence naming the file, and
//! what is on the disk afterwards.

mod bad_input;
mod bad_output;
mod bad_weights;
mod batch;
mod batch_files;
mod examples;
mod inspect;
mod interrupt;
mod quantize;
mod recovered;
mod source;
mod support;
mod train;
mod upscale;
mod usage;
