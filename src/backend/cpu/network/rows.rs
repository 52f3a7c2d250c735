//! One band of rows of a group: a layer and the pointwise nodes behind it.
//!
//! The chain is applied to a row, in one pass, while it is still in the first cache. Where the layer reads codes, whose sums come fast,
//! a whole row would not stay there: it is taken in pieces, and the codes for the next layer are made of each piece at
//! once.

use super::{
    super::{
        features::Band,
        lanes::{Kernel, Lanes, Offsets},
        layer::PackedNode,
        resample::{bicubic_row, shuffle_blocks, shuffle_row},
        sad_conv::{Coded, Distances, PIECE, bytes_per_pixel},
        sliding::Sliding,
        steps::{Chain, Encoding, FusedOp},
        window::{Distance, Product, WindowPos, forward_row},
    },
    CpuNetwork, Place,
};
use crate::{
    backend::Rect,
    nn::{Op, QuantParams},
    tensor::Point,
};

/// One band of a group.
pub(super) struct GroupRows<'a> {
    pub(super) group: &'a [usize],
    pub(super) place: Place<'a>,
    pub(super) band: Band<'a>,
    pub(super) encoded: Option<Encoded<'a>>,
}

/// Where a band's codes go.
pub(super) struct Encoded<'a> {
    pub(super) codes: QuantParams,
    pub(super) band: Band<'a, u8>,
}

impl GroupRows<'_> {
    /// The part of another value that lies over this group's from column `x` of row `y` on.
    fn other(&self, node: usize, y: usize, x: usize, len: usize) -> &[f32] {
        let (pixels, at) = (self.place.pixels(node), self.place.offset(node));
        &pixels.row(0, y + at.y)[(x + at.x) * pixels.c..][..len]
    }
}

impl Kernel for GroupRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let network = self.place.network;
        let node = &network.plan.nodes[self.group[self.group.len() - 1]];
        let (w, c, bytes) = (self.place.region.w * node.scale, node.channels, bytes_per_pixel(node.channels));
        let piece = match network.layers[self.group[0]] {
            // Of equal size, so that none is much narrower than a block of the kernel.
            PackedNode::Coded(_) => w.div_ceil(w.div_ceil(PIECE)).next_multiple_of(8),
            _ => w,
        };
        let mut steps = Vec::new();
        let data = std::mem::take(&mut self.band.data);
        let mut band = Band { data, ..self.band };
        let mut encoded = self.encoded.take();
        let mut scratch = Scratch::default();
        for x in (0..w).step_by(piece) {
            for i in 0..band.rows {
                let y = band.y + i;
                let part = &mut band.row(i, w, c, network.pad)[x * c..(x + piece).min(w) * c];
                self.first(l, y, x, &mut scratch, part);
                steps.clear();
                network.steps(self.group, |node| self.other(node, y, x, part.len()), &mut steps);
                let encoding = encoded.as_mut().map(|Encoded { codes, band }| {
                    let to = &mut band.row(i, w, bytes, network.pad)[x * bytes..][..part.len() / c * bytes];
                    Encoding { codes: *codes, to }
                });
                l.vectorize(Chain { steps: &steps, row: part, channels: c, encoding });
            }
        }
    }
}

/// Memory that rows share.
#[derive(Default)]
struct Scratch {
    sums: Vec<f32>,
    offsets: Offsets,
}

impl GroupRows<'_> {
    /// Computes the group's first node, as far as it is no step, into `row`, which begins in column `x` of row `y`.
    #[inline(always)]
    fn first<L: Lanes>(&self, l: L, y: usize, x: usize, scratch: &mut Scratch, row: &mut [f32]) {
        let Scratch { sums, offsets } = scratch;
        let (place, at) = (self.place, self.group[0]);
        let node = &place.network.plan.nodes[at];
        match (node.op, &place.network.layers[at]) {
            (Op::Adder { k, .. }, PackedNode::Coded(coded)) => {
                let Some(input) = &place.value(node.inputs[0]).coded else {
                    unreachable!("`{}` reads codes that were not made", node.name)
                };
                let place = self.window(node.inputs[0], input.pad, k);
                l.vectorize(Distances { layer: coded, input, place, y, x, offsets, out: row });
            }
            (Op::Adder { k, .. }, PackedNode::Window(packed)) => {
                let input = place.pixels(node.inputs[0]);
                let window = self.window(node.inputs[0], input.pad, k);
                forward_row(l, Distance, packed, input, window, y, sums, row);
            }
            (Op::Conv { k, .. }, PackedNode::Window(packed)) => {
                let input = place.pixels(node.inputs[0]);
                let window = self.window(node.inputs[0], input.pad, k);
                forward_row(l, Product, packed, input, window, y, sums, row);
            }
            (Op::PixelShuffle { scale }, _) => {
                let at = place.offset(node.inputs[0]);
                let from = y / scale + at.y;
                if let Some(blocks) = &place.value(node.inputs[0]).blocks {
                    shuffle_blocks(blocks, Point::new(place.columns().start / scale, from), scale, y, row);
                } else {
                    let pixels = place.pixels(node.inputs[0]);
                    shuffle_row(&pixels.row(0, from)[at.x * pixels.c..], pixels.c, scale, y, row);
                }
            }
            (Op::Bicubic { scale }, _) => {
                let floats = place.pixels(node.inputs[0]);
                let region = place.network.region(node.inputs[0], place.tile);
                let inner = place.network.plan.nodes[node.inputs[0]].scale;
                let covered = Rect { y: region.y * inner, x: region.x * inner, h: floats.h, w: floats.w };
                let picture = place.tile.picture.times(inner);
                let (top, left) = (place.region.y * node.scale + y, place.region.x * node.scale);
                bicubic_row(floats, 0, covered, picture, scale, top, left, row);
            }
            _ => row.copy_from_slice(self.other(node.inputs[0], y, x, row.len())),
        }
    }

    /// Where windows of side `k` read a value with so wide a ring.
    fn window(&self, input: usize, ring: usize, k: usize) -> WindowPos {
        let (at, shift) = (self.place.offset(input), ring - k / 2);
        WindowPos { n: 0, dy: at.y + shift, dx: at.x + shift }
    }
}

impl CpuNetwork {
    /// The steps behind what a group's layer leaves; `other` gives what lies over a piece of another value.
    pub(super) fn steps<'a>(
        &'a self,
        group: &[usize],
        other: impl Fn(usize) -> &'a [f32],
        steps: &mut Vec<FusedOp<'a>>,
    ) {
        for &at in group {
            let node = &self.plan.nodes[at];
            // What the node before left; a group that begins with a pointwise node begins with its input.
            let from = if at == group[0] { node.inputs.first().copied() } else { Some(at - 1) };
            steps.push(match (node.op, &self.layers[at]) {
                (
                    _,
                    PackedNode::Coded(Coded { codes, offsets, .. })
                    | PackedNode::Sliding(Sliding { codes, offsets, .. }),
                ) => FusedOp::Decode { scale: -codes.scale(), offsets },
                (_, PackedNode::Affine { scale, offset }) => FusedOp::Affine { scale, offset },
                (_, PackedNode::Power(alpha)) => FusedOp::Power(alpha),
                (_, PackedNode::ApproxPower(alpha)) => FusedOp::ApproxPower(alpha),
                (Op::Shift { by }, _) => FusedOp::Shift(by),
                (Op::Relu, _) => FusedOp::Relu,
                (Op::Add { scale: b }, _) if Some(node.inputs[0]) == from => {
                    FusedOp::AddScaled { b, other: other(node.inputs[1]) }
                }
                (Op::Add { scale: a }, _) => FusedOp::ScaleAdd { a, other: other(node.inputs[0]) },
                // Computed by `first`.
                _ => continue,
            });
        }
    }
}
