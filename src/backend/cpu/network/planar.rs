//! One band of rows of a group whose layer is computed channel by channel: sums, the chain behind them and the codes for the next
//! layer, all in the layout of [`Blocks`].

use super::{
    super::{
        lanes::{
            Kernel, Lanes,
            slide::{OUTPUTS, SPAN},
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
        let (mut steps, mut scratch) = (Vec::new(), Scratch::default());
        for b in columns.start / SPAN..columns.end.div_ceil(SPAN) {
            read(l, network, group[0], place, (y, rows), b, &mut scratch);
            for i in 0..rows {
                let block = &mut floats[(i * blocks + b) * c * SPAN..][..c * SPAN];
                steps.clear();
                network.steps(group, |node| blocks_of(place, node).block(y + i + place.offset(node).0, b), &mut steps);
                let mut codes = encoded.as_mut().map(|(codes, rows)| {
                    let stride = blocks * c * PITCH;
                    (*codes, &mut rows[i * stride..][..stride])
                });
                for first in (0..c).step_by(OUTPUTS) {
                    let channels = first..(first + OUTPUTS).min(c);
                    let values = channels.start * SPAN..channels.end * SPAN;
                    // Maps are larger than caches: what the chain reads and writes arrives while sums are made.
                    steps.iter().filter_map(FusedOp::other).for_each(|other| l.prefetch(&other[values.clone()]));
                    l.prefetch(&block[values.clone()]);
                    ahead(
                        l,
                        network,
                        group[0],
                        place,
                        y + i,
                        if i == 0 { 0..SIDE } else { SIDE - 1..SIDE },
                        b + 1,
                        first,
                    );
                    let out = &mut block[values];
                    match &network.layers[group[0]] {
                        PackedNode::Sliding(layer) => {
                            l.vectorize(SlidingRow { layer, strips: &scratch.strips, row: i, first, out });
                        }
                        PackedNode::PlanarConv(layer) => {
                            l.vectorize(PlanarConvRow { layer, strips: &scratch.float_strips, row: i, first, out });
                        }
                        _ => unreachable!("only these are computed channel by channel"),
                    }
                    let encoding = codes.as_mut().map(|(codes, row)| (*codes, &mut row[b * c * PITCH..]));
                    l.vectorize(PlanarChain { steps: &steps, block, channels, encoding });
                }
                let end = columns.end - b * SPAN;
                end_floats(block, end);
                if let Some((codes, row)) = codes {
                    end_codes(row, c, b, end, codes.zero_point());
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
    (y, rows): (usize, usize),
    block: usize,
    scratch: &mut Scratch,
) {
    let input = network.plan.nodes[at].inputs[0];
    let y = y + place.offset(input).0;
    match (&network.layers[at], &place.value(input).planes) {
        // Row `y − 1` is the ring's row `y`.
        (PackedNode::Sliding(_), Some(input)) => {
            l.vectorize(Spread { input, y, block, rows, strips: &mut scratch.strips });
        }
        (PackedNode::Sliding(_), None) => {
            unreachable!("`{}` reads codes that were not made", network.plan.nodes[at].name)
        }
        _ => gather(blocks_of(place, input), y as isize - 1, block, rows, &mut scratch.float_strips),
    }
}

/// Asks for the codes in some channels of the block that comes next.
#[inline(always)]
fn ahead<L: Lanes>(
    l: L,
    network: &CpuNetwork,
    at: usize,
    place: Place,
    y: usize,
    rows: Range<usize>,
    block: usize,
    first: usize,
) {
    let input = network.plan.nodes[at].inputs[0];
    if let Some(planes) = &place.value(input).planes {
        for row in rows {
            let codes = planes.block(y + place.offset(input).0 + row, block.min(planes.blocks - 1));
            let channels = first.min(planes.c)..(first + OUTPUTS).min(planes.c);
            l.prefetch(&codes[channels.start * PITCH..channels.end * PITCH]);
        }
    }
}

fn blocks_of<'a>(place: Place<'a>, node: usize) -> &'a Blocks {
    match &place.value(node).blocks {
        Some(blocks) => blocks,
        None => unreachable!("node {node} is read in blocks that were not made"),
    }
}
