//! The values that a look at a layer needs: the layer's own, and those of the nodes that lead to it from the last window
//! operation, so that one output can be worked out by hand.

use crate::{
    backend::{Backend, Rect},
    infer::{self, CancelToken, InferError, Silent, taps},
    nn::{Model, Op, Plan},
    tensor::{Pixels, Tensor},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The nodes from a window operation (convolution or adder layer) to `node`, in order, both included. Where none leads
/// there, it begins with what the network is given: the picture, or its bicubic enlargement.
pub fn chain(plan: &Plan, node: usize) -> Vec<usize> {
    let mut path = vec![node];
    let mut at = node;
    while let Some(next) = carried(plan, at) {
        path.push(next);
        at = next;
    }
    path.reverse();
    path
}

/// The input that carries the computation: of two the later one, which is not the skip; never the bicubic base.
fn carried(plan: &Plan, node: usize) -> Option<usize> {
    let node = &plan.nodes[node];
    match node.op {
        Op::Conv { .. } | Op::Adder { .. } | Op::Bicubic { .. } | Op::Input { .. } => None,
        Op::Add { .. } => {
            let base = |i: usize| matches!(plan.nodes[i].op, Op::Bicubic { .. });
            node.inputs.iter().copied().filter(|&i| !base(i)).max()
        }
        Op::Shift { .. } | Op::BatchNorm { .. } | Op::Relu | Op::Power { .. } | Op::PixelShuffle { .. } => {
            node.inputs.first().copied()
        }
    }
}

/// The power activation of the unit that `node` belongs to: the last on the way to it, else the first that it leads to.
pub fn power_of(plan: &Plan, node: usize) -> Option<usize> {
    let power = |i: usize| matches!(plan.nodes[i].op, Op::Power { .. });
    let before = chain(plan, node).into_iter().rev().find(|&i| power(i));
    before.or_else(|| (node..plan.nodes.len()).find(|&i| power(i) && chain(plan, i).contains(&node)))
}

/// Values around a region.
pub struct Source {
    /// The network.
    pub model: Arc<Model>,
    /// Whose values are looked at.
    pub node: usize,
    /// The region in the photo's pixels.
    pub region: Rect,
    /// The layer's values over the region, `[1, h, w, channels]`.
    pub shown: Tensor,
    /// Pixels of the network's input per pixel of the photo.
    pub factor: usize,
    grown: Rect,
    values: BTreeMap<usize, Tensor>,
}

impl Source {
    /// Runs the network over the region and as much around it as a window reaches.
    ///
    /// # Errors
    /// As [`taps::feature_maps`].
    pub fn read(
        pixels: &Pixels,
        model: &Arc<Model>,
        region: Rect,
        node: usize,
        backend: &dyn Backend,
        cancel: &CancelToken,
    ) -> Result<Self, InferError> {
        if region.y + region.h > pixels.height || region.x + region.w > pixels.width {
            // Growing would hide it: what is grown is cut to the picture.
            return Err(InferError::Region {
                x: region.x,
                y: region.y,
                w: region.w,
                h: region.h,
                width: pixels.width,
                height: pixels.height,
            });
        }
        // What is told of the arithmetic must be what the device does.
        let precision = infer::precision_of(model, backend);
        let model = &infer::at_precision(model, precision, backend)?;
        let plan = &model.plan;
        let mut nodes: BTreeSet<usize> = chain(plan, node).into_iter().collect();
        nodes.extend(power_of(plan, node));
        nodes.extend(nodes.clone().iter().flat_map(|&i| &plan.nodes[i].inputs));
        let nodes: Vec<usize> = nodes.into_iter().collect();
        let grown = region.grow(plan.widest_window() / 2, pixels.size());
        let maps = taps::feature_maps(pixels, model, grown, &nodes, backend, &mut Silent, cancel)?;
        let values: BTreeMap<usize, Tensor> = nodes.into_iter().zip(maps).collect();
        let own = &values[&node];
        let scale = own.shape.h / grown.h;
        let shown = cut(own, region, grown, scale);
        let factor = scale / plan.nodes[node].scale;
        Ok(Self { model: model.clone(), node, region, shown, factor, grown, values })
    }

    /// A node's values over the region, if they were read.
    pub fn over_region(&self, node: usize) -> Option<Tensor> {
        let all = self.values.get(&node)?;
        Some(cut(all, self.region, self.grown, all.shape.h / self.grown.h))
    }

    /// A node's channels at a pixel that is counted from the region's first one; `None` outside of what was read.
    pub fn at(&self, node: usize, y: isize, x: isize) -> Option<&[f32]> {
        let all = self.values.get(&node)?;
        let scale = all.shape.h / self.grown.h;
        let (top, left) = ((self.region.y - self.grown.y) * scale, (self.region.x - self.grown.x) * scale);
        let (y, x) = (y.checked_add_unsigned(top)?, x.checked_add_unsigned(left)?);
        let (y, x) = (usize::try_from(y).ok()?, usize::try_from(x).ok()?);
        (y < all.shape.h && x < all.shape.w).then(|| all.pixel(0, y, x))
    }
}

fn cut(all: &Tensor, region: Rect, grown: Rect, scale: usize) -> Tensor {
    all.crop((region.y - grown.y) * scale, (region.x - grown.x) * scale, region.h * scale, region.w * scale)
}

/// The nodes in groups whose maps over a region take at most `budget` bytes together, or that have one node only: each
/// group is one run of the network.
pub fn groups(model: &Model, nodes: impl IntoIterator<Item = usize>, region: Rect, budget: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut bytes = 0;
    for node in nodes {
        let more = taps::bytes(model, node, region);
        bytes += more;
        match groups.last_mut() {
            Some(group) if bytes <= budget as u128 => group.push(node),
            _ => {
                groups.push(vec![node]);
                bytes = more;
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    fn names(plan: &Plan, of: &str) -> Vec<String> {
        chain(plan, plan.find(of).unwrap()).into_iter().map(|i| plan.nodes[i].name.clone()).collect()
    }

    #[test]
    fn the_way_to_a_layer_begins_with_a_window() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let unit = ["adder", "bn", "shortcut", "relu", "power"].map(|n| format!("body.0.0.{n}"));
        assert_eq!(names(&plan, "body.0.0.power"), unit);
        assert_eq!(names(&plan, "head"), ["head"]);
        assert_eq!(names(&plan, "output"), ["tail", "shuffle", "output"]);
        assert_eq!(names(&plan, "centred"), ["input", "centred"]);
        assert_eq!(names(&plan, "body").last().unwrap(), "body");
        assert_eq!(names(&plan, "body")[0], "body.0.1.adder");
    }

    #[test]
    fn every_layer_of_a_unit_finds_its_power() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 2).plan();
        let power = |n: &str| power_of(&plan, plan.find(n).unwrap()).map(|i| plan.nodes[i].name.clone());
        assert_eq!(power("body.1.0.bn").as_deref(), Some("body.1.0.power"));
        assert_eq!(power("body.0.1.power").as_deref(), Some("body.0.1.power"));
        assert_eq!(power("body.1").as_deref(), Some("body.1.1.power"));
        assert_eq!((power("head"), power("tail")), (None, None));
    }
}
