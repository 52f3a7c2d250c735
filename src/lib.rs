//! AdderSR: enlarges photographs with adder neural networks, networks whose layers measure distances instead of
//! multiplying.

pub mod backend;
pub mod cli;
pub mod error;
pub mod image_io;
pub mod infer;
pub mod metrics;
pub mod nn;
pub mod tensor;
pub mod train;
