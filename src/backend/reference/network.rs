//! Inference: the whole input tile through every operation, then the wanted rectangle cut out.
//!
//! A tile's edge inside the picture is treated like the picture's edge (zeros, mirror), which spoils values there. The
//! plan's halo is the distance that such a mistake can travel, so inside the output rectangle every value is computed
//! from the same numbers in the same order as in the whole picture: bit for bit the same.

use super::{operation::Mode, values};
use crate::{
    backend::{Network, Taps, Tile},
    nn::{Params, Plan},
    tensor::{Shape, Tensor},
};

pub(super) struct ReferenceNetwork {
    plan: Plan,
    params: Params,
}

impl ReferenceNetwork {
    pub(super) fn new(plan: &Plan, params: &Params) -> Self {
        Self { plan: plan.clone(), params: params.clone() }
    }
}

impl Network for ReferenceNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        let expected = Shape::new(1, tile.input.h, tile.input.w, self.plan.channels_in());
        assert_eq!(input.shape, expected, "the input tensor covers the tile's input rectangle");
        let values = values(&self.plan, &self.params, input, Mode::Evaluate);
        let (y, x) = (tile.output.y - tile.input.y, tile.output.x - tile.input.x);
        let wanted = |node: usize| {
            let s = self.plan.nodes[node].scale;
            values[node].crop(y * s, x * s, tile.output.h * s, tile.output.w * s)
        };
        for (node, value) in &mut taps.wanted {
            *value = Some(wanted(*node));
        }
        wanted(values.len() - 1)
    }
}
