//! Values of a network channel by channel, in blocks of [`SPAN`] columns: the layout that a sliding window leaves its sums
//! in. What is behind an adder layer then computes with neighbouring columns in its vectors, and nothing is turned round.
//!
//! All values of a tile share one grid of blocks. A value fills the blocks that it needs; what lies beside its own columns
//! in the first and the last of them is never read, or the zero beyond the picture's edge.

use super::lanes::slide::{Line, SPAN};

/// Floats, `[row][block][channel][SPAN]`.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Rows.
    pub h: usize,
    /// Blocks of a row.
    pub blocks: usize,
    /// Channels.
    pub c: usize,
    data: Vec<Columns>,
}

/// A channel of a block, aligned to lines of the cache.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Columns([f32; SPAN]);

impl Blocks {
    /// Takes another extent, reusing the memory and keeping arbitrary old values.
    pub fn reset(&mut self, h: usize, blocks: usize, c: usize) {
        (self.h, self.blocks, self.c) = (h, blocks, c);
        let len = h * blocks * c;
        if self.data.len() < len {
            self.data.resize(len, Columns([0.0; SPAN]));
        }
    }

    /// Values from one row to the next.
    pub fn stride(&self) -> usize {
        self.blocks * self.c * SPAN
    }

    /// Block `b` of row `y`, `[channel][SPAN]`.
    pub fn block(&self, y: usize, b: usize) -> &[f32] {
        bytemuck::cast_slice(&self.data[(y * self.blocks + b) * self.c..][..self.c])
    }

    /// All rows, to be written in bands of so many.
    pub fn bands(&mut self, rows: usize) -> impl Iterator<Item = &mut [f32]> {
        let row = self.blocks * self.c;
        self.data[..self.h * row].chunks_mut((rows * row).max(1)).map(bytemuck::cast_slice_mut)
    }
}

/// Codes, `[row][block][channel][PITCH]`: in each block also the last column of the one before and the first seven of the next,
/// so that windows over a block read it alone. One row of zeros' codes above and below.
#[derive(Debug, Default)]
pub struct Planes {
    h: usize,
    /// Blocks of a row.
    pub blocks: usize,
    /// Channels.
    pub c: usize,
    zero: u8,
    data: Vec<u8>,
}

/// Bytes from one channel to the next: a column before the block's own, and what follows them.
pub const PITCH: usize = SPAN + 16;

/// Columns of the next block that are kept.
const NEXT: usize = 7;

impl Planes {
    /// Takes another extent, reusing the memory. Beyond the grid everything becomes `zero`; the inside keeps arbitrary old
    /// values.
    pub fn reset(&mut self, h: usize, blocks: usize, c: usize, zero: u8) {
        if (self.h, self.blocks, self.c, self.zero) == (h, blocks, c, zero) {
            return; // nothing writes beyond the grid
        }
        (self.h, self.blocks, self.c, self.zero) = (h, blocks, c, zero);
        let stride = self.stride();
        // Behind the last channel a whole vector may be read.
        self.data.resize((h + 2) * stride + size_of::<Line>(), zero);
        self.data[..stride].fill(zero);
        self.data[(h + 1) * stride..].fill(zero);
        for row in self.data[stride..(h + 1) * stride].chunks_exact_mut(stride) {
            row[..c * PITCH].iter_mut().step_by(PITCH).for_each(|v| *v = zero);
            row[stride - c * PITCH..].chunks_exact_mut(PITCH).for_each(|last| last[1 + SPAN..].fill(zero));
        }
    }

    /// Bytes from one row to the next.
    pub fn stride(&self) -> usize {
        self.blocks * self.c * PITCH
    }

    /// What windows over block `b` of row `y` read, channel by channel; row 0 is the one of zeros.
    pub fn lines(&self, y: usize, b: usize) -> impl Iterator<Item = &Line> {
        let from = &self.data[y * self.stride() + b * self.c * PITCH..];
        (0..self.c).filter_map(|c| from[c * PITCH..].first_chunk())
    }

    /// Block `b` of row `y`, `[channel][PITCH]`; row 0 is the one of zeros.
    pub fn block(&self, y: usize, b: usize) -> &[u8] {
        &self.data[y * self.stride() + b * self.c * PITCH..][..self.c * PITCH]
    }

    /// All rows without those of zeros, to be written in bands of so many.
    pub fn bands(&mut self, rows: usize) -> impl Iterator<Item = &mut [u8]> {
        let (stride, h) = (self.stride(), self.h);
        self.data[stride..][..h * stride].chunks_mut((rows * stride).max(1))
    }
}

/// Ends the writing of block `b` of a row of codes of `c` channels: what lies behind its first `columns` becomes the code of
/// zero, and the blocks beside it get what they read of it.
#[inline(always)]
pub fn end_codes(row: &mut [u8], c: usize, b: usize, columns: usize, zero: u8) {
    let block = c * PITCH;
    let (before, rest) = row.split_at_mut(b * block);
    let (own, next) = rest.split_at_mut(block);
    if columns < SPAN {
        own.chunks_exact_mut(PITCH).for_each(|channel| channel[1 + columns..=SPAN].fill(zero));
    }
    let before = &mut before[b.saturating_sub(1) * block..];
    for (to, own) in before.as_chunks_mut::<PITCH>().0.iter_mut().zip(own.as_chunks::<PITCH>().0) {
        to[1 + SPAN..][..NEXT].copy_from_slice(&own[1..=NEXT]);
    }
    for (to, own) in next.as_chunks_mut::<PITCH>().0.iter_mut().zip(own.as_chunks::<PITCH>().0) {
        to[0] = own[SPAN];
    }
}

/// Makes a block's floats behind its first `columns` zero.
#[inline(always)]
pub fn end_floats(block: &mut [f32], columns: usize) {
    if columns < SPAN {
        block.chunks_exact_mut(SPAN).for_each(|channel| channel[columns..].fill(0.0));
    }
}
