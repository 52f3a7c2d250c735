//! The closed set of operations a network is made of.
//!
//! A network is data: a [`Plan`](super::Plan) is a list of these, each reading the values of earlier ones, and a backend
//! interprets the list with an exhaustive `match`. A new variant therefore makes the compiler name every place that has
//! to learn it. Operations stay fine-grained (adder, batch norm, shortcut, … are separate) because that is what one
//! wants to look at; a backend is free to fuse neighbours as long as the values it is asked for come out the same.

/// One operation. `Y` is its output, `X` (and `Z`) its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// The network's input, `channels` per pixel.
    Input {
        /// Channels of the picture.
        channels: usize,
    },
    /// `Y = X + by`: centres pictures around zero.
    Shift {
        /// The constant.
        by: f32,
    },
    /// Convolution `Y[o] = bias[o] + Σ X·W[o]`, stride 1, zero padding to the same size.
    Conv {
        /// Channels in.
        cin: usize,
        /// Channels out.
        cout: usize,
        /// Side of the square window, odd.
        k: usize,
        /// Whether there is a bias (a convolution before a batch norm has none).
        bias: bool,
    },
    /// Adder layer `Y[o] = −Σ|X − W[o]|`, stride 1, zero padding that takes part (AdderNet, CVPR 2020, §3.1).
    Adder {
        /// Channels in.
        cin: usize,
        /// Channels out.
        cout: usize,
        /// Side of the square window, odd.
        k: usize,
    },
    /// Batch normalisation per channel, ε = 1e-5. Mandatory after an adder layer, whose outputs are all negative and
    /// large (AdderNet §3.3).
    BatchNorm {
        /// Channels.
        channels: usize,
    },
    /// `Y = X + scale·Z`: the self-shortcut of a unit, a block's skip and the long skip (AdderSR, CVPR 2021, §3.2).
    Add {
        /// Factor of the second input; 1 in the paper.
        scale: f32,
    },
    /// `Y = max(X, 0)`.
    Relu,
    /// Learnable power activation `Y = sign(X)·|X|^α`, the Box-Cox-like high-pass of AdderSR §3.3.
    Power {
        /// How many α: 1 for the whole layer (the paper), or one per channel.
        alphas: usize,
    },
    /// Depth to space: channel `c·s² + i·s + j` becomes channel `c` of the pixel `(i, j)` of an `s×s` cell.
    PixelShuffle {
        /// Side of the cell.
        scale: usize,
    },
    /// Bicubic enlargement by a whole factor (SPEC 4: a = −0.5, symmetric border).
    Bicubic {
        /// Factor.
        scale: usize,
    },
}

impl Op {
    /// Whether it works on one value at a time, given other values of the same place.
    pub fn is_pointwise(self) -> bool {
        match self {
            Self::Shift { .. } | Self::BatchNorm { .. } | Self::Add { .. } | Self::Relu | Self::Power { .. } => true,
            Self::Input { .. } | Self::Conv { .. } | Self::Adder { .. } => false,
            Self::PixelShuffle { .. } | Self::Bicubic { .. } => false,
        }
    }
}

/// What it computes, for people: `adder 3×3, 32 → 32`.
impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Input { .. } => write!(f, "input"),
            Self::Shift { by } if by < 0.0 => write!(f, "x − {}", -by),
            Self::Shift { by } => write!(f, "x + {by}"),
            Self::Conv { cin, cout, k, .. } => write!(f, "convolution {k}×{k}, {cin} → {cout}"),
            Self::Adder { cin, cout, k } => write!(f, "adder {k}×{k}, {cin} → {cout}"),
            Self::BatchNorm { .. } => write!(f, "batch norm"),
            Self::Add { scale: 1.0 } => write!(f, "sum"),
            Self::Add { scale } => write!(f, "x + {scale}·y"),
            Self::Relu => write!(f, "ReLU"),
            Self::Power { alphas: 1 } => write!(f, "power sign(x)·|x|^α"),
            Self::Power { .. } => write!(f, "power sign(x)·|x|^α, α per channel"),
            Self::PixelShuffle { scale } => write!(f, "pixel shuffle ×{scale}"),
            Self::Bicubic { scale } => write!(f, "bicubic ×{scale}"),
        }
    }
}
