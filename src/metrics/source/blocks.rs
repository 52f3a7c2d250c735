//! Blocks of 8×8 pixels as JPEG cuts a picture into, where they begin, and their cosine transform.

use super::cut::Cut;
use crate::tensor::Point;

/// Side of a block.
pub(super) const SIDE: usize = 8;

/// Coefficients of a block, `[down][across]`, of the orthonormal transform that JPEG uses.
pub(super) type Block = [[f32; SIDE]; SIDE];

/// Where the picture's blocks begin if it has any: there, neighbours differ most in a way that neither of them does from
/// its other neighbour. Below [`SIDE`] each way.
pub(super) fn phase(cuts: &[Cut]) -> Point {
    let y = strongest(cuts, |cut| (cut.height, cut.width, cut.width));
    Point { x: strongest(cuts, |cut| (cut.width, cut.height, 1)), y }
}

/// The place of steps along one direction; `walk` gives how far it goes, how many lines lie beside each other, and how far
/// samples lie apart.
fn strongest(cuts: &[Cut], walk: impl Fn(&Cut) -> (usize, usize, usize)) -> usize {
    /// One sharp edge of the picture counts no more than this.
    const LIMIT: f32 = 40.0;
    let mut steps = [(0.0f64, 0usize); SIDE];
    for cut in cuts {
        let (length, lines, apart) = walk(cut);
        for at in 2..length.saturating_sub(1) {
            let mut sum = 0.0;
            for line in 0..lines {
                let base = if apart == 1 { line * cut.width } else { line };
                let v = |i: usize| cut.luma[base + i * apart];
                sum += (v(at + 1) - v(at - 2) + 3.0 * (v(at - 1) - v(at))).abs().min(LIMIT);
            }
            let (total, count) = &mut steps[at % SIDE];
            (*total, *count) = (*total + f64::from(sum), *count + lines);
        }
    }
    let mean = steps.map(|(total, count)| total / count.max(1) as f64);
    // The first of equals: a picture without blocks has a grid from its corner on.
    (0..SIDE).fold(0, |best, i| if mean[i] > mean[best] { i } else { best })
}

/// The blocks of all squares, without those that touch black or white, where nothing is as it was.
pub(super) fn blocks(cuts: &[Cut], Point { x: left, y: top }: Point) -> Vec<Block> {
    let basis: Block = std::array::from_fn(|k| {
        let scale = if k == 0 { (1.0 / SIDE as f64).sqrt() } else { (2.0 / SIDE as f64).sqrt() };
        let wave = |x: usize| ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * SIDE) as f64).cos();
        std::array::from_fn(|x| (scale * wave(x)) as f32)
    });
    let (mut inside, mut touching) = (Vec::new(), Vec::new());
    for cut in cuts {
        for y in (top..(cut.height + 1).saturating_sub(SIDE)).step_by(SIDE) {
            for x in (left..(cut.width + 1).saturating_sub(SIDE)).step_by(SIDE) {
                let rows: Block = std::array::from_fn(|i| {
                    let at = (y + i) * cut.width + x;
                    std::array::from_fn(|j| cut.luma[at + j])
                });
                let whole = rows.iter().flatten().all(|&v| v > BLACK && v < WHITE);
                let across = rows.map(|row| basis.map(|wave| dot(&wave, &row)));
                let coefficients = basis.map(|wave| {
                    let mut sums = [0.0; SIDE];
                    for (weight, row) in wave.iter().zip(&across) {
                        sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += weight * v);
                    }
                    sums
                });
                if whole { &mut inside } else { &mut touching }.push(coefficients);
            }
        }
    }
    if inside.len() < FEW { [inside, touching].concat() } else { inside }
}

/// Luma from here on is black, and up to there not white.
const BLACK: f32 = 4.0;
const WHITE: f32 = 250.0;
/// With fewer blocks inside, those that touch count too.
const FEW: usize = 16;

fn dot(a: &[f32; SIDE], b: &[f32; SIDE]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
