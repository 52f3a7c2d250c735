//! Every backend against the plain loops, operation by operation, and tiles against whole pictures.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod coded;
mod gradients;
mod instruction_sets;
mod pointwise;
mod tiles;
mod windows;
