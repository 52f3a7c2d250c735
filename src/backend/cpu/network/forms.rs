//! In which layouts a value is kept: those in which it is read.

use super::{
    super::{
        features::Features,
        lanes::{Kernel, Lanes, slide::SPAN},
        layer::PackedNode,
        parallel,
        planar_steps::PlanarChain,
        planes::{Blocks, PITCH, Planes, end_codes},
    },
    CpuNetwork,
};
use crate::{
    backend::Taps,
    nn::{Op, QuantParams},
};
use std::ops::Range;

/// Which layouts of a value somebody reads.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    /// Floats pixel by pixel.
    pub(super) pixels: bool,
    /// Codes pixel by pixel.
    pub(super) coded: bool,
    /// Floats in blocks of columns.
    pub(super) blocks: bool,
    /// Codes channel by channel.
    pub(super) planes: bool,
}

/// What is kept of a node.
#[derive(Debug, Default)]
pub(super) struct Value {
    pub(super) pixels: Option<Features>,
    pub(super) coded: Option<Features<u8>>,
    pub(super) blocks: Option<Blocks>,
    pub(super) planes: Option<Planes>,
}

/// Memory of values that nobody reads any more.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pixels: Vec<Features>,
    coded: Vec<Features<u8>>,
    blocks: Vec<Blocks>,
    planes: Vec<Planes>,
}

impl Pool {
    /// A value to be written in these layouts and in the one in which it is computed.
    pub(super) fn take(&mut self, forms: Forms, planar: bool) -> Value {
        let (pixels, blocks) = (!planar || forms.pixels || forms.coded, planar || forms.blocks || forms.planes);
        Value {
            pixels: pixels.then(|| self.pixels.pop().unwrap_or_default()),
            coded: forms.coded.then(|| self.coded.pop().unwrap_or_default()),
            blocks: blocks.then(|| self.blocks.pop().unwrap_or_default()),
            planes: forms.planes.then(|| self.planes.pop().unwrap_or_default()),
        }
    }

    /// Takes a value's memory back.
    pub(super) fn put(&mut self, value: Value) {
        self.pixels.extend(value.pixels);
        self.coded.extend(value.coded);
        self.blocks.extend(value.blocks);
        self.planes.extend(value.planes);
    }
}

impl CpuNetwork {
    /// Whether a group is computed channel by channel.
    pub(super) fn is_planar(&self, group: &[usize]) -> bool {
        matches!(self.layers[group[0]], PackedNode::Sliding(_) | PackedNode::PlanarConv(_))
    }

    /// By node.
    pub(super) fn forms(&self, groups: &[Vec<usize>], taps: &Taps) -> Vec<Forms> {
        let mut forms = vec![Forms::default(); self.plan.nodes.len()];
        let mut in_blocks = vec![false; self.plan.nodes.len()];
        for group in groups {
            for &node in group {
                for &input in &self.plan.nodes[node].inputs {
                    if node != group[0] && input == node - 1 {
                        continue; // it stays in registers
                    }
                    let forms = &mut forms[input];
                    match self.layers[node] {
                        PackedNode::Sliding(_) => forms.planes = true,
                        PackedNode::Coded(_) => forms.coded = true,
                        _ if self.is_planar(group) => forms.blocks = true,
                        // It turns values round anyway.
                        _ if in_blocks[input] && matches!(self.plan.nodes[node].op, Op::PixelShuffle { .. }) => {
                            forms.blocks = true;
                        }
                        _ => forms.pixels = true,
                    }
                }
            }
            in_blocks[group[group.len() - 1]] = self.is_planar(group);
        }
        for (tapped, _) in &taps.wanted {
            forms[*tapped].pixels = true;
        }
        if let Some(output) = forms.last_mut() {
            output.pixels = true;
        }
        forms
    }
}

/// These rows of pixels as blocks, their first column in column `x` of the grid, which reaches to the blocks' end.
pub(super) fn to_blocks(from: &Features, rows: Range<usize>, x: usize, to: &mut Blocks) {
    let (stride, c) = (to.stride(), from.c);
    parallel(to.bands(rows, 1), |(y, row)| {
        for (at, pixel) in (x..).zip(from.row(0, y).chunks_exact(c)) {
            for (channel, &v) in pixel.iter().enumerate() {
                row[(at / SPAN * c + channel) * SPAN + at % SPAN] = v;
            }
        }
        for (at, channel) in (x + from.w..stride / c).flat_map(|at| (0..c).map(move |channel| (at, channel))) {
            row[(at / SPAN * c + channel) * SPAN + at % SPAN] = 0.0;
        }
    });
}

/// These rows of blocks as pixels, from column `x` of the grid on.
pub(super) fn to_pixels(from: &Blocks, rows: Range<usize>, x: usize, to: &mut Features) {
    let (w, c, pad) = (to.w, to.c, to.pad);
    let bands = to.bands(1).into_iter().filter(|band| rows.contains(&band.y)).collect();
    parallel(bands, |mut band| {
        let y = band.y;
        for (at, pixel) in (x..).zip(band.row(0, w, c, pad).chunks_exact_mut(c)) {
            let block = from.block(y, at / SPAN);
            for (channel, v) in pixel.iter_mut().enumerate() {
                *v = block[channel * SPAN + at % SPAN];
            }
        }
    });
}

/// The codes of rows of blocks, up to this column of the grid; zeros' codes behind it.
pub(super) struct ToPlanes<'a> {
    pub(super) codes: QuantParams,
    pub(super) from: &'a Blocks,
    pub(super) rows: Range<usize>,
    pub(super) end: usize,
    pub(super) to: &'a mut Planes,
}

impl Kernel for ToPlanes<'_> {
    type Out = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { codes, from, rows, end, to } = self;
        let mut copy = vec![0.0; from.c * SPAN];
        for (y, row) in to.bands(rows, 1) {
            for b in 0..from.blocks {
                copy.copy_from_slice(from.block(y, b));
                let encoding = Some((codes, &mut row[b * from.c * PITCH..]));
                l.vectorize(PlanarChain { steps: &[], block: &mut copy, channels: 0..from.c, encoding });
                end_codes(row, from.c, b, end.saturating_sub(b * SPAN), codes.zero_point());
            }
        }
    }
}
