//! One band of rows of a group whose layer is computed channel by channel: sums, the chain behind them and the codes for the next
//! layer, all in the layout of [`Blocks`].

use super::{
    super::{
        lanes::{
            Kernel, Lanes,
            slide::{OUTPUTS, SPAN},
        },
        layer::PackedNode,
        planar_conv::{FLOAT_STRIP, PlanarConv, PlanarConvRow, gather},
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
    float_strips: Vec<[f32; FLOAT_STRIP]>,
}

impl Kernel for PlanarRows<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { network, group, place, y, blocks, floats, mut encoded } = self;
        let c = network.plan.nodes[group[group.len() - 1]].channels;
        let (columns, row) = (place.columns(), blocks * c * SPAN);
        let rows = floats.len() / row;
        let (mut steps, mut scratch) = (vec![Vec::new(); rows], Scratch::default());
        let mut soon = vec![Ahead::default(); rows];
        // Output channels that are computed together.
        let each = if matches!(network.layers[group[0]], PackedNode::Sliding(_)) { OUTPUTS } else { c };
        for b in columns.start / SPAN..columns.end.div_ceil(SPAN) {
            let own = b * c * SPAN;
            read(l, network, group[0], place, y..y + rows, b, &mut scratch);
            for (i, ((steps, soon), row)) in steps.iter_mut().zip(&mut soon).zip(floats.chunks_exact(row)).enumerate() {
                steps.clear();
                network.steps(group, |node| blocks_of(place, node).block(y + i + place.offset(node).y, b), steps);
                soon.clear();
                steps.iter().filter_map(FusedOp::other).for_each(|other| soon.ask(cast_slice(other), 4 * SPAN));
                soon.ask(cast_slice(&row[own..][..c * SPAN]), 4 * SPAN);
                soon.next(network, group[0], place, y, i, b + 1);
            }
            // The weights of a few outputs stay in the first cache while all rows are computed.
            for first in (0..c).step_by(each) {
                let channels = first..(first + each).min(c);
                for (i, (row, soon)) in floats.chunks_exact_mut(row).zip(&mut soon).enumerate() {
                    let block = &mut row[own..][..c * SPAN];
                    let out = &mut block[channels.start * SPAN..channels.end * SPAN];
                    match &network.layers[group[0]] {
                        PackedNode::Sliding(layer) => {
                            let (strips, soon) = (&scratch.strips, &soon.lines);
                            l.vectorize(SlidingRow { layer, strips, row: i, first, out, soon });
                        }
                        PackedNode::PlanarConv(layer) => {
                            steps[i].iter().filter_map(FusedOp::other).for_each(|other| l.prefetch(other));
                            l.prefetch(out);
                            let (read, pitch) = if layer.k == 1 {
                                let input = network.plan.nodes[group[0]].inputs[0];
                                let (input, y) = (blocks_of(place, input), y + i + place.offset(input).y);
                                l.prefetch(input.block(y, (b + 1).min(input.blocks - 1)));
                                (input.block(y, b), SPAN)
                            } else {
                                (scratch.float_strips[i * layer.cin..].as_flattened(), FLOAT_STRIP)
                            };
                            l.vectorize(PlanarConvRow { layer, read, pitch, out });
                        }
                        _ => unreachable!("only these are computed channel by channel"),
                    }
                    soon.advance();
                    let encoding =
                        encoded.as_mut().map(|(codes, rows)| (*codes, &mut rows[(i * blocks + b) * c * PITCH..]));
                    l.vectorize(PlanarChain { steps: &steps[i], block, channels: channels.clone(), encoding });
                }
            }
            let end = columns.end - b * SPAN;
            for i in 0..rows {
                end_floats(&mut floats[i * row + own..][..c * SPAN], end);
                if let Some((codes, rows)) = &mut encoded {
                    let stride = blocks * c * PITCH;
                    end_codes(&mut rows[i * stride..][..stride], c, b, end, codes.zero_point());
                }
            }
        }
    }
}

/// Lines of the cache that are asked for while sums are made: maps are larger than caches.
#[derive(Clone, Debug, Default)]
struct Ahead {
    /// Of the first few channels.
    lines: Vec<*const u8>,
    /// From there to the same of the channels that follow.
    strides: Vec<usize>,
}

impl Ahead {
    fn clear(&mut self) {
        self.lines.clear();
        self.strides.clear();
    }

    /// Asks for channels of so many bytes each.
    fn ask(&mut self, channels: &[u8], each: usize) {
        let lines = channels[..channels.len().min(OUTPUTS * each)].chunks(64);
        self.lines.extend(lines.map(<[u8]>::as_ptr));
        self.strides.resize(self.lines.len(), OUTPUTS * each);
    }

    /// Asks for what row `i` of a layer's outputs is the first to read of this block.
    fn next(&mut self, network: &CpuNetwork, at: usize, place: Place, y: usize, i: usize, block: usize) {
        let input = network.plan.nodes[at].inputs[0];
        if let Some(planes) = place.value(input).planes.as_ref().filter(|planes| block < planes.blocks) {
            let y = y + place.offset(input).y;
            let rows = if i == 0 { 0..SIDE } else { i + SIDE - 1..i + SIDE };
            rows.for_each(|row| self.ask(planes.block(y + row, block), PITCH));
        }
    }

    /// Goes on to the next few channels.
    fn advance(&mut self) {
        for (line, &stride) in self.lines.iter_mut().zip(&self.strides) {
            *line = line.wrapping_add(stride);
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
        // Windows of side 1 read the value itself.
        (PackedNode::PlanarConv(PlanarConv { k: 1, .. }), _) => {}
        (PackedNode::PlanarConv(_), _) => gather(blocks_of(place, input), y, block, rows, &mut scratch.float_strips),
        _ => unreachable!("only these are computed channel by channel"),
    }
}

fn blocks_of<'a>(place: Place<'a>, node: usize) -> &'a Blocks {
    match &place.value(node).blocks {
        Some(blocks) => blocks,
        None => unreachable!("node {node} is read in blocks that were not made"),
    }
}
