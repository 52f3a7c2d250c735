//! Moving pixels between sizes: bicubic enlargement by a whole factor, and depth to space and back.
//!
//! Bicubic weights depend on the phase alone and mirrored neighbours are found in the whole picture's coordinates, so a
//! tile gets the same bits as the whole.

use super::{features::Features, lanes::slide::SPAN, planes::Blocks};
use crate::{
    backend::Rect,
    nn::layers::bicubic::{TAPS, phases, reflect},
    tensor::{Point, Size},
};

/// One row of the enlargement. `input` covers `covered` of a picture; `row` and `column` are the large picture's coordinates
/// of the first value of `out`.
#[inline(always)]
pub(super) fn bicubic_row(
    input: &Features,
    n: usize,
    covered: Rect,
    picture: Size,
    scale: usize,
    row: usize,
    column: usize,
    out: &mut [f32],
) {
    let c = input.c;
    let weights: Vec<[f32; TAPS]> = phases(scale).iter().map(|p| p.map(|w| w as f32)).collect();
    let source = |at: usize, tap: usize, size: usize| reflect((at + tap) as isize - (TAPS / 2) as isize, size);
    let mut mixed = vec![0.0f32; input.w * c];
    for (tap, &weight) in weights[row % scale].iter().enumerate() {
        // Rows outside the covered part have weight zero or belong to columns that nobody asked for.
        let Some(y) = source(row / scale, tap, picture.height).checked_sub(covered.y).filter(|&y| y < covered.h) else {
            continue;
        };
        for (m, v) in mixed.iter_mut().zip(input.row(n, y)) {
            *m += weight * v;
        }
    }
    // Columns whose taps all lie inside take no reflection: all but a few. Of these, all of one phase together are sums of
    // the row shifted against itself.
    let (w, end) = (out.len() / c, picture.width.min(covered.x + covered.w));
    let inner = (covered.x + TAPS / 2).max(column.div_ceil(scale))..(end - end.min(TAPS / 2)).min((column + w) / scale);
    let mut phase = vec![0.0f32; inner.len() * c];
    for (p, weights) in weights.iter().enumerate().filter(|_| !inner.is_empty()) {
        phase.fill(0.0);
        for (tap, &weight) in weights.iter().enumerate() {
            for (sum, v) in phase.iter_mut().zip(&mixed[(inner.start + tap - TAPS / 2 - covered.x) * c..]) {
                *sum += weight * v;
            }
        }
        let out = &mut out[(inner.start * scale - column + p) * c..];
        match c {
            3 => spread::<3>(&phase, scale, out),
            1 => spread::<1>(&phase, scale, out),
            _ => {
                for (to, from) in out.chunks_mut(scale * c).zip(phase.chunks_exact(c)) {
                    to[..c].copy_from_slice(from);
                }
            }
        }
    }
    for (x, pixel) in (column..).zip(out.chunks_exact_mut(c)).filter(|(x, _)| !inner.contains(&(x / scale))) {
        pixel.fill(0.0);
        for (tap, &weight) in weights[x % scale].iter().enumerate() {
            let Some(from) = source(x / scale, tap, picture.width).checked_sub(covered.x).filter(|&x| x < covered.w)
            else {
                continue;
            };
            for (p, v) in pixel.iter_mut().zip(&mixed[from * c..]) {
                *p += weight * v;
            }
        }
    }
}

/// Pixels of so many channels, known beforehand: every `scale`-th of `out` from its first on.
#[inline(always)]
fn spread<const C: usize>(from: &[f32], scale: usize, out: &mut [f32]) {
    for (to, from) in out.as_chunks_mut::<C>().0.iter_mut().step_by(scale).zip(from.as_chunks::<C>().0) {
        *to = *from;
    }
}

/// One row of depth to space: `out` row `row` from the channels of the input's row `row / scale`.
pub(super) fn shuffle_row(input: &[f32], channels: usize, scale: usize, row: usize, out: &mut [f32]) {
    let c = channels / (scale * scale);
    for (x, pixel) in out.chunks_exact_mut(c).enumerate() {
        let from = &input[x / scale * channels + (row % scale) * scale + x % scale..];
        for (i, p) in pixel.iter_mut().enumerate() {
            *p = from[i * scale * scale];
        }
    }
}

/// The same from blocks: out of row `y`, from column `x` of the grid on.
#[inline(always)]
pub(super) fn shuffle_blocks(input: &Blocks, Point { x, y }: Point, scale: usize, row: usize, out: &mut [f32]) {
    let c = input.c / (scale * scale);
    // Where the values of an input pixel lie, one after another in the output's order.
    let from: Vec<_> =
        (0..scale * c).map(|j| ((j % c) * scale * scale + (row % scale) * scale + j / c) * SPAN).collect();
    let mut at = x;
    while at < x + out.len() / (scale * c) {
        let block = input.block(y, at / SPAN);
        let columns = &mut out[(at - x) * scale * c..];
        for (i, pixels) in (at % SPAN..SPAN).zip(columns.chunks_exact_mut(scale * c)) {
            for (v, from) in pixels.iter_mut().zip(&from) {
                *v = block[from + i];
            }
        }
        at = (at / SPAN + 1) * SPAN;
    }
}

/// The reverse of [`shuffle_row`] for all `scale` rows of one input row: `rows[i]` is the large row `row·scale + i`.
pub(super) fn unshuffle_row(rows: &[&[f32]], channels: usize, scale: usize, out: &mut [f32]) {
    let c = channels / (scale * scale);
    for (x, pixel) in out.chunks_exact_mut(channels).enumerate() {
        for (i, row) in rows.iter().enumerate() {
            for j in 0..scale {
                for ch in 0..c {
                    pixel[ch * scale * scale + i * scale + j] = row[(x * scale + j) * c + ch];
                }
            }
        }
    }
}
