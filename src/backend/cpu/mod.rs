//! The CPU engine: direct kernels over vectors, both cores, no im2col copies.
//!
//! | file | what |
//! |---|---|
//! | `isa`, `lanes/` | instruction sets behind one trait, chosen when the program runs |
//! | `features` | feature maps with a ring of zeros, so that kernels need no border case |
//! | `planes` | values channel by channel, in blocks of columns |
//! | `pack` | weights in reading order |
//! | `window` | forward kernel of adder layers and convolutions |
//! | `sad_conv` | the same of adder layers in 8-bit codes |
//! | `sliding` | the same by windows that slide along a row |
//! | `planar_conv`, `planar_steps` | convolutions and chains in that layout |
//! | `gradient` | their backward kernels |
//! | `pointwise` | batch norm, shortcuts, ReLU, power activation on one row |
//! | `steps` | the same in chains, one pass for all |
//! | `resample` | bicubic and pixel shuffle |
//! | `network` | inference of any rectangle of a picture |
//! | `graph` | training: forward that keeps what backward needs |
//!
//! Work is split into bands of rows whose number does not depend on the number of threads, and partial sums are added in
//! order: results do not change with the machine's cores, which is what lets a resumed training equal an uninterrupted
//! one bit for bit.

pub mod features;
pub mod gradient;
mod graph;
pub mod isa;
pub mod lanes;
mod layer;
mod network;
pub mod pack;
mod planar_conv;
mod planar_steps;
pub mod planes;
pub mod pointwise;
mod resample;
pub mod sad_conv;
pub mod sliding;
mod steps;
pub mod window;

use super::{AdderGradient, Backend, Graph, Network};
use crate::{
    nn::{Params, Plan},
    tensor::Shape,
};
use isa::Isa;
use rayon::prelude::*;

/// The engine with one instruction set.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    isa: Isa,
    slides: bool,
}

impl Cpu {
    /// With the widest instruction set of this processor.
    pub fn new() -> Self {
        Self::with(Isa::best())
    }

    /// One engine per instruction set that this processor has: what tests and benches compare.
    pub fn all() -> Vec<Self> {
        Isa::available().into_iter().map(Self::with).collect()
    }

    fn with(isa: Isa) -> Self {
        Self { isa, slides: isa.slides() }
    }

    /// With windows that slide in 8 bits, or without, whatever is faster here.
    #[must_use]
    pub fn sliding(self, slides: bool) -> Self {
        Self { slides, ..self }
    }

    /// The instruction set.
    pub fn isa(&self) -> Isa {
        self.isa
    }
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for Cpu {
    fn name(&self) -> String {
        format!("CPU ({}, {} threads)", self.isa.name(), rayon::current_num_threads())
    }

    fn supports_int8(&self) -> bool {
        true
    }

    fn sweeps(&self, plan: &Plan) -> bool {
        self.slides && network::in_sweeps(plan)
    }

    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
        Box::new(network::CpuNetwork::new(self.isa, self.slides, plan, params))
    }

    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
        Box::new(graph::CpuGraph::new(self.isa, plan, batch, gradient))
    }
}

/// Sets how many threads compute, for the whole process, before the first work; by default one per core. Results do not
/// depend on it. False if it was too late.
pub fn set_threads(threads: usize) -> bool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_ok()
}

/// How many threads compute.
fn threads() -> usize {
    rayon::current_num_threads()
}

/// Does the work on one of the threads that compute, so that none of them has to be woken for every part of it.
fn among_them<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}

/// Runs the tasks on all cores.
fn parallel<T: Send>(tasks: Vec<T>, work: impl Fn(T) + Send + Sync) {
    tasks.into_par_iter().for_each(work);
}
