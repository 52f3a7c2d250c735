//! Weights in the order in which the kernels read them.
//!
//! A kernel holds a block of output channels in registers and walks over the window, so the weights of one block lie
//! together: `[out / block][dy][dx][in][block]`, the last block filled up with zeros. For the gradient of the input the
//! window is turned round and the two channel axes change roles.

/// Packed weights of one layer.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Channels that are read.
    pub cin: usize,
    /// Channels that are written.
    pub cout: usize,
    /// Side of the window.
    pub k: usize,
    /// Output channels per block.
    pub block: usize,
    /// `[cout / block][k][k][cin][block]`
    pub weights: Vec<f32>,
    /// One value per output channel, filled up to whole blocks: the bias of a convolution, `Σ W` of an adder layer.
    pub offsets: Vec<f32>,
}

impl Packed {
    /// Packs `[out, in, kh, kw]` for the forward pass.
    pub fn forward(weight: &[f32], cin: usize, cout: usize, k: usize, block: usize) -> Self {
        Self::new(cin, cout, k, block, |o, c, dy, dx| weight[((o * cin + c) * k + dy) * k + dx])
    }

    /// Packs `[out, in, kh, kw]` for the gradient of the input: reads `out` channels, writes `in` channels.
    pub fn backward(weight: &[f32], cin: usize, cout: usize, k: usize, block: usize) -> Self {
        Self::new(cout, cin, k, block, |c, o, dy, dx| weight[((o * cin + c) * k + k - 1 - dy) * k + k - 1 - dx])
    }

    /// The same with a bias.
    pub fn with_bias(mut self, bias: &[f32]) -> Self {
        self.offsets[..bias.len()].copy_from_slice(bias);
        self
    }

    /// The same with `Σ W` of every output channel, which the adder kernel needs.
    pub fn with_sums(mut self) -> Self {
        let per_block = self.k * self.k * self.cin * self.block;
        for (block, offsets) in self.weights.chunks(per_block).zip(self.offsets.chunks_mut(self.block)) {
            for tap in block.chunks(self.block) {
                offsets.iter_mut().zip(tap).for_each(|(s, w)| *s += w);
            }
        }
        self
    }

    fn new(cin: usize, cout: usize, k: usize, block: usize, at: impl Fn(usize, usize, usize, usize) -> f32) -> Self {
        let blocks = cout.div_ceil(block);
        let mut weights = Vec::with_capacity(blocks * k * k * cin * block);
        for b in 0..blocks {
            for dy in 0..k {
                for dx in 0..k {
                    for c in 0..cin {
                        weights.extend(
                            (b * block..(b + 1) * block).map(|o| if o < cout { at(o, c, dy, dx) } else { 0.0 }),
                        );
                    }
                }
            }
        }
        Self { cin, cout, k, block, weights, offsets: vec![0.0; blocks * block] }
    }
}
