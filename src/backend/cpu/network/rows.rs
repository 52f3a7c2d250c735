//! One band of rows of a group: a layer and the pointwise nodes behind it.
//!
//! The chain is applied to a row, in one pass, while it is still in the first cache. Where the layer reads codes, whose sums come fast,
//! a whole row would not stay there: it is taken in pieces, and the codes for the next layer are made of each piece at
//! once.

use super::{
    super::{
        features::{Band, Features},
        lanes::{Kernel, Lanes, Offsets, slide::SPAN},
        layer::PackedNode,
        resample::{bicubic_row, shuffle_row},
        sad_conv::{Coded, Distances, PIECE, bytes_per_pixel},
        sliding::{SIDE, Sliding, SlidingRow, Spread, Strips},
        steps::{Chain, Encoding, FusedOp},
        window::{Distance, Product, WindowPos, forward_row},
    },
    CpuNetwork, Value,
};
use crate::{
    backend::{Rect, Tile},
    nn::{Op, QuantParams},
};

/// One band of a group.
pub(super) struct GroupRows<'a> {
    pub(super) network: &'a CpuNetwork,
    pub(super) group: &'a [usize],
    pub(super) tile: &'a Tile,
    pub(super) region: Rect,
    pub(super) band: Band<'a>,
    pub(super) encoded: Option<Encoded<'a>>,
}

/// Where a band's codes go.
pub(super) struct Encoded<'a> {
    pub(super) codes: QuantParams,
    pub(super) band: Band<'a, u8>,
}

impl GroupRows<'_> {
    /// A finished value, the part of the picture it covers, and the distance from its corner to this group's in its own
    /// pixels.
    fn value(&self, node: usize) -> (&Value, Rect, usize, usize) {
        let region = self.network.region(node, self.tile);
        let scale = self.network.plan.nodes[node].scale;
        let (dy, dx) = ((self.region.y - region.y) * scale, (self.region.x - region.x) * scale);
        match &self.network.values[node] {
            Some(value) => (value, region, dy, dx),
            None => unreachable!("node {node} is read before it was computed or after it was released"),
        }
    }

    /// The part of another value that lies over this group's from column `x` of row `y` on.
    fn other(&self, node: usize, y: usize, x: usize, len: usize) -> &[f32] {
        let (Value { floats, .. }, _, dy, dx) = self.value(node);
        &floats.row(0, y + dy)[(x + dx) * floats.c..][..len]
    }
}

impl Kernel for GroupRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let network = self.network;
        let node = &network.plan.nodes[self.group[self.group.len() - 1]];
        let (w, c, bytes) = (self.region.w * node.scale, node.channels, bytes_per_pixel(node.channels));
        let piece = match network.layers[self.group[0]] {
            // Of equal size, so that none is much narrower than a block of the kernel.
            PackedNode::Coded(_) => w.div_ceil(w.div_ceil(PIECE)).next_multiple_of(8),
            PackedNode::Sliding(_) => SPAN,
            _ => w,
        };
        let mut steps = Vec::new();
        let data = std::mem::take(&mut self.band.data);
        let mut band = Band { data, ..self.band };
        let mut encoded = self.encoded.take();
        let mut scratch = Scratch::default();
        for x in (0..w).step_by(piece) {
            self.prepare(l, band.y, x, band.rows, &mut scratch);
            for i in 0..band.rows {
                let y = band.y + i;
                let part = &mut band.row(i, w, c, network.pad)[x * c..(x + piece).min(w) * c];
                self.first(l, (y, i), x, &mut scratch, part);
                steps.clear();
                self.steps(y, x, part.len(), &mut steps);
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
    strips: Strips,
}

impl GroupRows<'_> {
    /// Makes what the rows of a piece from column `x` on share.
    #[inline(always)]
    fn prepare<L: Lanes>(&self, l: L, y: usize, x: usize, rows: usize, scratch: &mut Scratch) {
        let at = self.group[0];
        if let PackedNode::Sliding(layer) = &self.network.layers[at] {
            let (input, place) = self.codes(at, SIDE);
            l.vectorize(Spread { layer, input, place, y, x, rows, strips: &mut scratch.strips });
        }
    }

    /// The codes that a layer reads, and where.
    fn codes(&self, at: usize, k: usize) -> (&Features<u8>, WindowPos) {
        let node = &self.network.plan.nodes[at];
        let (value, place) = self.place(node.inputs[0], k);
        match &value.coded {
            Some(input) => (input, place),
            None => unreachable!("`{}` reads codes that were not made", node.name),
        }
    }

    /// Computes the group's first node, as far as it is no step, into `row`, which begins in column `x` of row `y`, the
    /// band's `i`th.
    #[inline(always)]
    fn first<L: Lanes>(&self, l: L, (y, i): (usize, usize), x: usize, scratch: &mut Scratch, row: &mut [f32]) {
        let Scratch { sums, offsets, strips } = scratch;
        let at = self.group[0];
        let node = &self.network.plan.nodes[at];
        match (node.op, &self.network.layers[at]) {
            (Op::Adder { k, .. }, PackedNode::Coded(coded)) => {
                let (input, place) = self.codes(at, k);
                l.vectorize(Distances { layer: coded, input, place, y, x, offsets, out: row });
            }
            (Op::Adder { .. }, PackedNode::Sliding(layer)) => {
                l.vectorize(SlidingRow { layer, strips, row: i, out: row });
            }
            (Op::Adder { k, .. }, PackedNode::Window(packed)) => {
                let (value, place) = self.place(node.inputs[0], k);
                forward_row(l, Distance, packed, &value.floats, place, y, sums, row);
            }
            (Op::Conv { k, .. }, PackedNode::Window(packed)) => {
                let (value, place) = self.place(node.inputs[0], k);
                forward_row(l, Product, packed, &value.floats, place, y, sums, row);
            }
            (Op::PixelShuffle { scale }, _) => {
                let (Value { floats, .. }, _, dy, dx) = self.value(node.inputs[0]);
                let from = &floats.row(0, y / scale + dy)[dx * floats.c..];
                shuffle_row(from, floats.c, scale, y, row);
            }
            (Op::Bicubic { scale }, _) => {
                let (Value { floats, .. }, region, _, _) = self.value(node.inputs[0]);
                let inner = self.network.plan.nodes[node.inputs[0]].scale;
                let covered = Rect { y: region.y * inner, x: region.x * inner, h: floats.h, w: floats.w };
                let picture = (self.tile.picture.0 * inner, self.tile.picture.1 * inner);
                let (top, left) = (self.region.y * node.scale + y, self.region.x * node.scale);
                bicubic_row(floats, 0, covered, picture, scale, top, left, row);
            }
            _ => row.copy_from_slice(self.other(node.inputs[0], y, x, row.len())),
        }
    }

    fn place(&self, input: usize, k: usize) -> (&Value, WindowPos) {
        let (value, _, dy, dx) = self.value(input);
        let shift = value.floats.pad - k / 2;
        (value, WindowPos { n: 0, dy: dy + shift, dx: dx + shift })
    }

    /// The steps behind what [`first`](Self::first) leaves, over `len` values from column `x` of row `y` on.
    #[inline(always)]
    fn steps<'a>(&'a self, y: usize, x: usize, len: usize, steps: &mut Vec<FusedOp<'a>>) {
        let network = self.network;
        for &at in self.group {
            let node = &network.plan.nodes[at];
            // What the node before left; a group that begins with a pointwise node begins with its input.
            let from = if at == self.group[0] { node.inputs.first().copied() } else { Some(at - 1) };
            steps.push(match (node.op, &network.layers[at]) {
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
                    FusedOp::AddScaled { b, other: self.other(node.inputs[1], y, x, len) }
                }
                (Op::Add { scale: a }, _) => FusedOp::ScaleAdd { a, other: self.other(node.inputs[0], y, x, len) },
                // Computed by `first`.
                _ => continue,
            });
        }
    }
}
