//! Values of a network channel by channel, in blocks of [`SPAN`] columns: the layout that a sliding window leaves its sums
//! in. What is behind an adder layer then computes with neighbouring columns in its vectors, and nothing is turned round.
//!
//! All values of a tile share one grid of blocks. A value fills the blocks that it needs; what lies beside its own columns
//! in the first and the last of them is never read, or the zero beyond the picture's edge.
//!
//! Of a value whose rows are read soon after they are made, only so many are kept: row `y` lies where row `y − kept` lay.

use super::lanes::slide::{Line, SPAN};
use std::ops::Range;

/// Floats, `[row][block][channel][SPAN]`.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Rows.
    pub h: usize,
    /// Blocks of a row.
    pub blocks: usize,
    /// Channels.
    pub c: usize,
    kept: usize,
    data: Vec<Columns>,
}

/// A channel of a block, aligned to lines of the cache.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Columns([f32; SPAN]);

impl Blocks {
    /// Takes another extent and keeps so many rows of it, reusing the memory and keeping arbitrary old values.
    pub fn reset(&mut self, h: usize, kept: usize, blocks: usize, c: usize) {
        (self.h, self.kept, self.blocks, self.c) = (h, kept, blocks, c);
        let len = kept * blocks * c;
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
        bytemuck::cast_slice(&self.data[(y % self.kept * self.blocks + b) * self.c..][..self.c])
    }

    /// These rows, to be written in bands of so many, each with its first row; all of them begin at a multiple of that.
    pub fn bands(&mut self, rows: Range<usize>, each: usize) -> Vec<(usize, &mut [f32])> {
        let row = self.blocks * self.c;
        let bands = banded(&mut self.data, row, self.kept, rows, each);
        bands.map(|(y, band)| (y, bytemuck::cast_slice_mut(band))).collect()
    }
}

/// Codes, `[row][block][channel][PITCH]`: in each block also the last column of the one before and the first eight of the next,
/// so that windows over a block read it alone. One row of zeros' codes before them all.
#[derive(Debug, Default)]
pub struct Planes {
    h: usize,
    kept: usize,
    /// Blocks of a row.
    pub blocks: usize,
    /// Channels.
    pub c: usize,
    zero: u8,
    data: Vec<u8>,
}

/// Bytes from one channel to the next: a column before the block's own, and what follows them.
pub const PITCH: usize = SPAN + 16;

/// Columns of the next block that are kept: one more than windows need, so that they are copied as one number.
const NEXT: usize = 8;

impl Planes {
    /// Takes another extent and keeps so many rows of it, reusing the memory. Beyond the grid everything becomes `zero`; the
    /// inside keeps arbitrary old values.
    pub fn reset(&mut self, h: usize, kept: usize, blocks: usize, c: usize, zero: u8) {
        if (self.h, self.kept, self.blocks, self.c, self.zero) == (h, kept, blocks, c, zero) {
            return; // nothing writes beyond the grid
        }
        (self.h, self.kept, self.blocks, self.c, self.zero) = (h, kept, blocks, c, zero);
        let stride = self.stride();
        // Behind the last channel a whole vector may be read.
        self.data.resize((kept + 1) * stride + size_of::<Line>(), zero);
        self.data[..stride].fill(zero);
        self.data[(kept + 1) * stride..].fill(zero);
        for row in self.data[stride..(kept + 1) * stride].chunks_exact_mut(stride) {
            row[..c * PITCH].iter_mut().step_by(PITCH).for_each(|v| *v = zero);
            row[stride - c * PITCH..].chunks_exact_mut(PITCH).for_each(|last| last[1 + SPAN..].fill(zero));
        }
    }

    /// Bytes from one row to the next.
    pub fn stride(&self) -> usize {
        self.blocks * self.c * PITCH
    }

    /// What windows over block `b` of row `y` read, channel by channel; the first row and the one behind the last are zeros.
    pub fn lines(&self, y: usize, b: usize) -> impl Iterator<Item = &Line> {
        let from = &self.data[self.start(y, b)..];
        (0..self.c).filter_map(|c| from[c * PITCH..].first_chunk())
    }

    /// Block `b` of row `y`, `[channel][PITCH]`, rows as in [`lines`](Self::lines).
    pub fn block(&self, y: usize, b: usize) -> &[u8] {
        &self.data[self.start(y, b)..][..self.c * PITCH]
    }

    fn start(&self, y: usize, b: usize) -> usize {
        let row = if y == 0 || y > self.h { 0 } else { 1 + (y - 1) % self.kept };
        row * self.stride() + b * self.c * PITCH
    }

    /// These rows, counted without that of zeros, to be written in bands of so many, each with its first row; all of them begin
    /// at a multiple of that.
    pub fn bands(&mut self, rows: Range<usize>, each: usize) -> Vec<(usize, &mut [u8])> {
        let stride = self.stride();
        banded(&mut self.data[stride..], stride, self.kept, rows, each).collect()
    }
}

/// Bands of `each` of these rows, of which so many are kept, a multiple of `each` or all there are.
fn banded<T>(
    data: &mut [T],
    row: usize,
    kept: usize,
    rows: Range<usize>,
    each: usize,
) -> impl Iterator<Item = (usize, &mut [T])> {
    let bands = kept.div_ceil(each);
    let first = rows.start / each;
    data[..kept * row].chunks_mut((each * row).max(1)).enumerate().filter_map(move |(place, band)| {
        let y = (first + (place + bands - first % bands) % bands) * each;
        let len = rows.end.checked_sub(y).filter(|&len| len > 0)?.min(each) * row;
        Some((y, &mut band[..len]))
    })
}

/// Ends the writing of block `b` of a row of codes of `c` channels, behind the one before it: what lies behind its first `columns`
/// becomes the code of zero, and each of the two gets what it reads of the other.
#[inline(always)]
pub fn end_codes(row: &mut [u8], c: usize, b: usize, columns: usize, zero: u8) {
    let (before, own) = row.split_at_mut(b * c * PITCH);
    let own = own[..c * PITCH].as_chunks_mut::<PITCH>().0;
    if columns < SPAN {
        own.iter_mut().for_each(|channel| channel[1 + columns..=SPAN].fill(zero));
    }
    let before = &mut before[b.saturating_sub(1) * c * PITCH..];
    for (before, own) in before.as_chunks_mut::<PITCH>().0.iter_mut().zip(own) {
        before[1 + SPAN..][..NEXT].copy_from_slice(&own[1..=NEXT]);
        own[0] = before[SPAN];
    }
}

/// Makes a block's floats behind its first `columns` zero.
#[inline(always)]
pub fn end_floats(block: &mut [f32], columns: usize) {
    if columns < SPAN {
        block.chunks_exact_mut(SPAN).for_each(|channel| channel[columns..].fill(0.0));
    }
}
