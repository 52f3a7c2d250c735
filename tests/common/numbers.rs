//! Numbers for tests, the same on every run.

use addersr::tensor::{Shape, Tensor};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// A source of test numbers.
pub struct Numbers(Pcg32);

impl Numbers {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    /// Whole numbers from −7 to 7. Sums of their products stay far below 2²⁴, so f32 is exact in every order of summation
    /// and results can be compared with `assert_eq!`.
    pub fn lattice(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.0.random_range(-7..=7) as f32).collect()
    }

    /// Floats between −`size` and `size`.
    pub fn floats(&mut self, len: usize, size: f32) -> Vec<f32> {
        (0..len).map(|_| self.0.random_range(-size..size)).collect()
    }

    /// [`lattice`](Self::lattice) values in a tensor.
    pub fn lattice_tensor(&mut self, shape: Shape) -> Tensor {
        Tensor::from_vec(shape, self.lattice(shape.len()))
    }

    /// [`floats`](Self::floats) in a tensor.
    pub fn float_tensor(&mut self, shape: Shape, size: f32) -> Tensor {
        Tensor::from_vec(shape, self.floats(shape.len(), size))
    }
}
