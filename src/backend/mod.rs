//! Backends: what runs a [`Plan`]. The reference defines every result, the CPU engine is what people use.
//!
//! A backend offers two things. A [`Network`] is a model loaded for inference (weights packed once), which computes any
//! rectangle of a picture exactly. A [`Graph`] is a model being trained: forward in training mode, then backward from
//! gradients at any of its nodes; some do whole steps, see [`Learner`]. Both keep their buffers between calls, because fresh memory costs more than the
//! arithmetic of a small layer.

use crate::{
    nn::{Params, Plan},
    tensor::{Pixels, Point, Shape, Size, Tensor},
};
use std::{ops::Range, sync::Arc};

mod choice;
pub mod cpu;
pub mod gpu;
mod learner;
pub mod reference;
mod route;

pub use choice::Choice;
pub use learner::{BETA1, BETA2, EPS, Gone, Learner, Learnt, MOMENTUM, Optimiser, State, Stepped, Update};
pub(crate) use route::Link;
pub use route::Route;

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// First row.
    pub y: usize,
    /// First column.
    pub x: usize,
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
}

impl Rect {
    /// A whole picture.
    pub const fn whole(Size { width: w, height: h }: Size) -> Self {
        Self { y: 0, x: 0, h, w }
    }

    /// Columns and rows.
    pub const fn size(&self) -> Size {
        Size::new(self.w, self.h)
    }

    /// Its rows.
    pub const fn rows(&self) -> Range<usize> {
        self.y..self.y + self.h
    }

    /// Its columns.
    pub const fn columns(&self) -> Range<usize> {
        self.x..self.x + self.w
    }

    /// Its first pixel.
    pub const fn corner(&self) -> Point {
        Point::new(self.x, self.y)
    }

    /// Grown by `by` pixels on every side, but not beyond a picture of that size.
    pub fn grow(&self, by: usize, picture: Size) -> Self {
        let (y, x) = (self.y.saturating_sub(by), self.x.saturating_sub(by));
        let (bottom, right) = ((self.y + self.h + by).min(picture.height), (self.x + self.w + by).min(picture.width));
        Self { y, x, h: bottom - y, w: right - x }
    }
}

/// Which part of a picture a call computes, in pixels of the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Of the whole picture: where zero padding really acts.
    pub picture: Size,
    /// What is wanted.
    pub output: Rect,
    /// What the input tensor covers: `output` grown by the plan's halo within the picture.
    pub input: Rect,
}

impl Tile {
    /// The tile for a wanted rectangle.
    pub fn new(plan: &Plan, picture: Size, output: Rect) -> Self {
        Self { picture, output, input: output.grow(plan.halo(), picture) }
    }

    /// What a node with this [margin](Plan::margins) is computed over, in pixels of the network's input.
    pub fn region(&self, margin: usize) -> Rect {
        self.output.grow(margin, self.picture)
    }

    /// The whole picture as one tile.
    pub const fn whole(picture: Size) -> Self {
        Self { picture, output: Rect::whole(picture), input: Rect::whole(picture) }
    }
}

/// Values of inner nodes that a caller wants to see, filled by [`Network::run`].
#[derive(Debug, Default)]
pub struct Taps {
    /// (node, value over the tile's output rectangle at that node's scale); the caller fills in the nodes.
    pub wanted: Vec<(usize, Option<Tensor>)>,
}

impl Taps {
    /// Asks for these nodes.
    pub fn of(nodes: impl IntoIterator<Item = usize>) -> Self {
        Self { wanted: nodes.into_iter().map(|n| (n, None)).collect() }
    }
}

/// What a layer, with the pointwise operations computed together with it, has cost so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerTime {
    /// Its first node.
    pub first: usize,
    /// Its last node.
    pub last: usize,
    /// Time.
    pub seconds: f64,
    /// Pixels computed, halos included.
    pub pixels: u64,
}

/// A model loaded for inference.
pub trait Network: Send {
    /// Computes the tile's output rectangle (at the plan's scale) from `input`, which covers the tile's input rectangle
    /// (`[1, input.h, input.w, channels_in]`). The result is bit for bit the same however a picture is tiled.
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor;

    /// Where the time went since it was loaded, layer by layer; nothing where that is not known.
    fn times(&self) -> Vec<LayerTime> {
        Vec::new()
    }
}

/// A network that takes and gives samples, with several tiles under way at once.
pub trait PixelPipeline: Send {
    /// Begins a rectangle of the result. `input`: the colour of the part of the original that [`Route::reads`] for it, one
    /// channel (grey) or three.
    fn begin(&mut self, input: Pixels, route: &Arc<Route>, output: Rect);

    /// Waits for the rectangle begun first: clamped, rounded half to even, of the input's depth and channels. Grey is the
    /// mean of the three channels. `None` if none is under way, or the device could not: a [`Network`] then can.
    fn finish(&mut self) -> Option<Pixels>;
}

/// Gradients and statistics of one training step.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// One vector per parameter of the plan. For the running statistics of batch norm: the batch's mean and unbiased
    /// variance instead of a gradient.
    pub values: Vec<Vec<f32>>,
}

/// How the adder layers' gradients are formed (AdderNet §3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdderGradient {
    /// Full-precision `X − W` for the weights, clipped `clip(W − X, −1, 1)` for the input: the paper's.
    #[default]
    FullPrecision,
    /// `sign(X − W)` and `sign(W − X)`: the true derivative of the L1 distance, kept for the demonstration that it trains
    /// badly.
    Sign,
}

/// A model being trained on batches of one shape.
pub trait Graph: Send {
    /// Forward in training mode (batch norm with the batch's statistics).
    fn forward(&mut self, params: &Params, input: &Tensor);

    /// A node's value of the last forward, if this graph keeps it: at least the outputs of layers, of power activations
    /// and of blocks, and the last node's.
    fn value(&self, node: usize) -> Option<Tensor>;

    /// Backward from gradients of the loss with respect to some nodes' values (usually the last one's only); two for one
    /// node add up. Without any, what comes back is the batch's statistics and zeros.
    fn backward(&mut self, params: &Params, seeds: Vec<(usize, Tensor)>) -> Gradients;

    /// The same graph doing whole steps, where that is the better way: on a device whose bus is slower than its kernels.
    /// Forward and backward may be called between its steps and change none of its values.
    fn learner(&mut self) -> Option<&mut dyn Learner> {
        None
    }
}

/// Something that can run a plan.
pub trait Backend: Send + Sync {
    /// Name for people, with the device or instruction set.
    fn name(&self) -> String;

    /// Whether its networks compute a plan's 8-bit form where the plan carries one; else they compute in f32.
    fn supports_int8(&self) -> bool {
        false
    }

    /// Whether its networks compute a tile of this plan a few rows of every layer at a time, so that values of whole tiles are
    /// never kept.
    fn sweeps(&self, _plan: &Plan) -> bool {
        false
    }

    /// Loads a model for inference.
    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network>;

    /// Loads a model for pictures as samples, where that is the better way: on a device whose bus is slower than its kernels.
    fn pixel_pipeline(&self, _plan: &Plan, _params: &Params) -> Option<Box<dyn PixelPipeline>> {
        None
    }

    /// Prepares training on batches of that input shape.
    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph>;
}
