//! Training: what must be equal is equal to the bit, what must improve improves, what diverges goes back.

#[path = "../common/mod.rs"]
mod common;
mod finetune;
mod given;
mod pictures;
mod resume;
mod run;
mod window;
