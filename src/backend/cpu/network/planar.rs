//! One band of rows of a group whose layer is computed channel by channel: sums, the chain behind them and the codes for the next
//! layer, all in the layout of [`Blocks`].

use super::{
    super::{
        lanes::{
            Kernel, Lanes,
            slide::{OUTPUTS, SPAN, Soon},
        },
        layer::PackedNode,
        planar_conv::{FloatStrip, PlanarConvRow, gather},
        planar_steps::PlanarChain,
        planes::{Blocks, PITCH, end_codes, end_floats},
        sliding::{SIDE, SlidingRow, Spread, Strips},
        steps::FusedOp,
    },
    CpuNetwork, Place,
};
use crate::nn::QuantParams;
use bytemuck::cast_slice;
use std::ops::Range;

/// One band of a group.
pub(super) struct PlanarRows<'a> {
    pub(super) network: &'a CpuNetwork,
    pub(super) group: &'a [usize],
    pub(super) place: Place<'a>,
    /// First row, in the group's own.
    pub(super) y: usize,
    /// Blocks of a row.
    pub(super) blocks: usize,
    /// Rows of blocks.
    pub(super) floats: &'a mut [f32],
    /// The rows of codes.
    pub(super) encoded: Option<(QuantParams, &'a mut [u8])>,
}

/// What the rows of a block share.
#[derive(Default)]
struct Scratch {
    strips: Strips,
    float_strips: Vec<FloatStrip>,
}

impl Kernel for PlanarRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { network, group, place, y, blocks, floats, mut encoded } = self;
        let c = network.plan.nodes[group[group.len() - 1]].channels;
        let (columns, rows) = (place.columns(), floats.len() / (blocks * c * SPAN));
        let (mut steps, mut scratch) = (vec![Vec::new(); rows], Scratch::default());
        for b in columns.start / SPAN..columns.end.div_ceil(SPAN) {
            read(l, network, group[0], place, y..y + rows, b, &mut scratch);
            for (i, steps) in steps.iter_mut().enumerate() {
                steps.clear();
                network.steps(group, |node| blocks_of(place, node).block(y + i + place.offset(node).y, b), steps);
            }
            // The weights of a few outputs stay in the first cache while all rows are computed.
            for first in (0..c).step_by(OUTPUTS) {
                let channels = first..(first + OUTPUTS).min(c);
                let values = channels.start * SPAN..channels.end * SPAN;
                for (i, steps) in steps.iter().enumerate() {
                    let block = &mut floats[(i * blocks + b) * c * SPAN..][..c * SPAN];
                    // Maps are larger than caches: what the chain reads and writes arrives while sums are made.
                    let rows = if i == 0 { 0..SIDE } else { SIDE - 1..SIDE };
                    let soon = steps
                        .iter()
                        .filter_map(FusedOp::other)
                        .map(|other| cast_slice(&other[values.clone()]))
                        .chain(ahead(network, group[0], place, y + i, rows, b + 1, first));
                    let mut runs = Soon::default();
                    runs.as_flattened_mut().iter_mut().zip(soon).for_each(|(run, soon)| *run = soon);
                    l.prefetch(&block[values.clone()]);
                    let out = &mut block[values.clone()];
                    match &network.layers[group[0]] {
                        PackedNode::Sliding(layer) => {
                            l.vectorize(SlidingRow { layer, strips: &scratch.strips, row: i, first, out, soon: runs });
                        }
                        PackedNode::PlanarConv(layer) => {
                            l.vectorize(PlanarConvRow { layer, strips: &scratch.float_strips, row: i, first, out });
                        }
                        _ => unreachable!("only these are computed channel by channel"),
                    }
                    let encoding =
                        encoded.as_mut().map(|(codes, rows)| (*codes, &mut rows[(i * blocks + b) * c * PITCH..]));
                    l.vectorize(PlanarChain { steps, block, channels: channels.clone(), encoding });
                }
            }
            let end = columns.end - b * SPAN;
            for i in 0..rows {
                end_floats(&mut floats[(i * blocks + b) * c * SPAN..][..c * SPAN], end);
                if let Some((codes, rows)) = &mut encoded {
                    let stride = blocks * c * PITCH;
                    end_codes(&mut rows[i * stride..][..stride], c, b, end, codes.zero_point());
                }
            }
        }
    }
}

/// Collects what so many rows of a block read.
#[inline(always)]
fn read<L: Lanes>(
    l: L,
    network: &CpuNetwork,
    at: usize,
    place: Place,
    rows: Range<usize>,
    block: usize,
    scratch: &mut Scratch,
) {
    let input = network.plan.nodes[at].inputs[0];
    let (y, rows) = (rows.start + place.offset(input).y, rows.len());
    match (&network.layers[at], &place.value(input).planes) {
        // Row `y − 1` is the ring's row `y`.
        (PackedNode::Sliding(_), Some(input)) => {
            l.vectorize(Spread { input, y, block, rows, strips: &mut scratch.strips });
        }
        (PackedNode::Sliding(_), None) => {
            unreachable!("`{}` reads codes that were not made", network.plan.nodes[at].name)
        }
        (PackedNode::PlanarConv(layer), _) => {
            let y = y as isize - (layer.k / 2) as isize;
            gather(blocks_of(place, input), y, block, rows, layer.k, &mut scratch.float_strips);
        }
        _ => unreachable!("only these are computed channel by channel"),
    }
}

/// The codes in some channels of the block that comes next.
fn ahead<'a>(
    network: &CpuNetwork,
    at: usize,
    place: Place<'a>,
    y: usize,
    rows: Range<usize>,
    block: usize,
    first: usize,
) -> impl Iterator<Item = &'a [u8]> {
    let input = network.plan.nodes[at].inputs[0];
    let y = y + place.offset(input).y;
    place.value(input).planes.iter().flat_map(move |planes| {
        let channels = first.min(planes.c)..(first + OUTPUTS).min(planes.c);
        let block = block.min(planes.blocks - 1);
        rows.clone().map(move |row| &planes.block(y + row, block)[channels.start * PITCH..channels.end * PITCH])
    })
}

fn blocks_of<'a>(place: Place<'a>, node: usize) -> &'a Blocks {
    match &place.value(node).blocks {
        Some(blocks) => blocks,
        None => unreachable!("node {node} is read in blocks that were not made"),
    }
}
