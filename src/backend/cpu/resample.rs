//! Moving pixels between sizes: bicubic enlargement by a whole factor, and depth to space and back.
//!
//! Bicubic weights depend on the phase alone and mirrored neighbours are found in the whole picture's coordinates, so a
//! tile gets the same bits as the whole.

use super::features::Features;
use crate::{
    backend::Rect,
    nn::layers::bicubic::{TAPS, phases, reflect},
};

/// One row of the enlargement. `input` covers `covered` of a picture of `picture = (h, w)`; `row` and `column` are the
/// large picture's coordinates of the first value of `out`.
pub(super) fn bicubic_row(
    input: &Features,
    n: usize,
    covered: Rect,
    picture: (usize, usize),
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
        let Some(y) = source(row / scale, tap, picture.0).checked_sub(covered.y).filter(|&y| y < covered.h) else {
            continue;
        };
        for (m, v) in mixed.iter_mut().zip(input.row(n, y)) {
            *m += weight * v;
        }
    }
    // Columns whose taps all lie inside take no reflection: all but a few.
    let inside = |x: usize| {
        let at = x / scale;
        at >= covered.x + TAPS / 2 && at + TAPS / 2 < picture.1 && at + TAPS / 2 < covered.x + covered.w
    };
    for (x, pixel) in out.chunks_exact_mut(c).enumerate() {
        let x = column + x;
        if let (Ok(pixel), true) = (<&mut [f32; 3]>::try_from(&mut *pixel), inside(x)) {
            let from = &mixed[(x / scale - TAPS / 2 - covered.x) * 3..][..TAPS * 3];
            let mut sum = [0.0f32; 3];
            for (weight, from) in weights[x % scale].iter().zip(from.as_chunks::<3>().0) {
                for (sum, v) in sum.iter_mut().zip(from) {
                    *sum += weight * v;
                }
            }
            *pixel = sum;
            continue;
        }
        pixel.fill(0.0);
        for (tap, &weight) in weights[x % scale].iter().enumerate() {
            let Some(from) = source(x / scale, tap, picture.1).checked_sub(covered.x).filter(|&x| x < covered.w) else {
                continue;
            };
            for (p, v) in pixel.iter_mut().zip(&mixed[from * c..]) {
                *p += weight * v;
            }
        }
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
