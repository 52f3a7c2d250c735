//! Noise and softness, from how energy is spread over coarse and fine coefficients.

use super::blocks::{Block, SIDE};
use std::ops::RangeInclusive;

/// Coefficients by how many half waves they count across and down together: detail that every picture has, finer and fine
/// detail, and the finest, where sharp pictures too have little.
const COARSE: RangeInclusive<usize> = 3..=5;
const MIDDLE: RangeInclusive<usize> = 6..=8;
const FINE: RangeInclusive<usize> = 9..=12;
const FINEST: RangeInclusive<usize> = 11..=14;
/// What changes slowly.
const COARSEST: RangeInclusive<usize> = 1..=2;
/// How much a block shows, noise apart.
const SHOWN: RangeInclusive<usize> = 1..=5;

/// The share of coarse energy that texture leaves among the finest coefficients where it is weak: that is no noise.
const TEXTURE: f64 = 1.0 / 30.0;
/// The finest coefficients of the quietest blocks have so much less than the standard deviation of noise: they are the
/// least of many.
const LEAST: f64 = 0.54;
/// The same for middle coefficients, how evenly noise has both, and how much more there was before JPEG took its part.
const VEILED_TEXTURE: f64 = 1.0 / 8.0;
const EVEN: f64 = 0.6;
const UNVEILED: f64 = 2.2;
/// Energy below which nothing is told from rounding.
const FLOOR: f64 = 0.05;
/// Coarse energy below which busy blocks show nothing: a standard deviation of one step.
const BLANK: f64 = 1.0;
/// Octaves from coarse to fine for one from coarse to middle, in sharp pictures as in soft ones.
const REACH: f64 = 1.87;

/// JPEG of a lower quality takes fine detail away.
const COMPRESSED: u8 = 86;
/// JPEG of a quality below `COARSER` takes of middle detail too, in octaves for each step of quality.
const COARSER: u8 = 60;
const TAKES: f64 = 0.06;

/// Mean energy of a block's coefficients in a band.
fn energy(block: &Block, band: RangeInclusive<usize>) -> f64 {
    let places = (0..SIDE).flat_map(|v| (0..SIDE).map(move |u| (v, u))).filter(|(v, u)| band.contains(&(v + u)));
    let (sum, count) = places.fold((0.0, 0), |(sum, n), (v, u)| (sum + f64::from(block[v][u]).powi(2), n + 1));
    sum / f64::from(count)
}

/// Noise under light JPEG compression, which takes it from the finest coefficients: told by middle ones, of which `least` is
/// what the least of many have. Texture has it too, but there coarse coefficients have much more.
fn veiled(blocks: &[Block], least: f64) -> f64 {
    let mut quiet: Vec<(f64, &Block)> = blocks.iter().map(|block| (energy(block, COARSEST), block)).collect();
    quiet.sort_by(|a, b| a.0.total_cmp(&b.0));
    quiet.truncate((blocks.len() / 10).max(8));
    let median = |band: RangeInclusive<usize>| {
        let mut all: Vec<f64> = quiet.iter().map(|(_, block)| energy(block, band.clone())).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    if median(MIDDLE) > EVEN * median(COARSE) { least * UNVEILED } else { 0.0 }
}

/// The standard deviation of noise, and softness in octaves; see [`Traces`](super::Traces). `None` without blocks. `jpeg`
/// is the quality that the picture went through: below [`COMPRESSED`], JPEG took fine detail away, sharp or not, and
/// softness is told by coarser detail.
pub(super) fn measure(blocks: &[Block], jpeg: Option<u8>) -> Option<(f32, Option<f32>)> {
    let mut by_detail: Vec<(f64, &Block)> = blocks.iter().map(|block| (energy(block, SHOWN), block)).collect();
    by_detail.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = by_detail.len();
    let sorted = |band: RangeInclusive<usize>| {
        let mut all: Vec<f64> = blocks.iter().map(|block| energy(block, band.clone())).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let least = *sorted(FINEST).get(count.saturating_sub(1) / 100)?;
    let coarse = *sorted(COARSE).get(count.saturating_sub(1) / 20)?;
    let mut noise = (least - coarse * TEXTURE).max(0.0).sqrt() / LEAST;
    if jpeg.is_some_and(|quality| quality >= COMPRESSED) {
        let least = sorted(MIDDLE)[count.saturating_sub(1) / 100];
        noise = noise.max(veiled(blocks, (least - coarse * VEILED_TEXTURE).max(0.0).sqrt()));
    }

    let mean = |of: &[(f64, &Block)], band: RangeInclusive<usize>| {
        of.iter().map(|(_, block)| energy(block, band.clone())).sum::<f64>() / of.len() as f64
    };
    let busy = &by_detail[count - (count / 4).max(16).min(count)..];
    let quiet = &by_detail[..(count / 10).max(8).min(count)];
    let noisy = mean(quiet, FINEST);
    let low = jpeg.filter(|&quality| quality < COMPRESSED);
    let (fine, reach) = if low.is_some() { (MIDDLE, REACH) } else { (FINE, 1.0) };
    let taken = low.map_or(0.0, |quality| f64::from(COARSER.saturating_sub(quality)) * TAKES);
    let detail = mean(busy, COARSE) - noisy;
    let softness = ((detail + FLOOR) / ((mean(busy, fine) - noisy).max(0.0) + FLOOR)).log2() * reach - taken;
    Some((noise as f32, (detail > BLANK).then_some(softness as f32)))
}
