//! Which pieces of which pictures a step sees.
//!
//! A patch is drawn anywhere in any picture (a picture's chance is its area) and kept at once if its gradient energy is
//! at least typical; a smoother one is kept with a chance equal to its share of that, so sky and walls do not fill the
//! batch and do not vanish from it either. It is then flipped and rotated into one of eight positions. Everything follows
//! from the run's seed and the step's number.

use super::{
    dataset::{Dataset, Pair},
    degrade::{self, Degradation, MARGIN},
    error::TrainError,
    init::uniform,
    settings::Settings,
};
use crate::{
    nn::Arch,
    tensor::{Pixels, Point, Shape, Tensor, colour::rgb_to_ycbcr, resample::resize},
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

/// What a step computes with.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the network reads, `[n, h, w, 3]`, or `[n, h·s, w·s, 1]` for a network that reads enlarged luma.
    pub input: Tensor,
    /// What it should give.
    pub target: Tensor,
}

/// Shape of a batch's input.
pub fn input_shape(arch: Arch, scale: usize, settings: &Settings) -> Shape {
    match arch {
        Arch::Aedsr | Arch::Apsr => Shape::new(settings.batch, settings.patch, settings.patch, 3),
        Arch::Avdsr => Shape::new(settings.batch, settings.patch * scale, settings.patch * scale, 1),
    }
}

/// Tries before a smooth patch is taken all the same.
const TRIES: usize = 8;

/// Draws the batch of a step.
///
/// # Errors
/// If a degradation cannot be made.
pub fn draw(data: &Dataset, arch: Arch, settings: &Settings, step: u64) -> Result<Batch, TrainError> {
    let pieces: Vec<_> = (0..settings.batch)
        .into_par_iter()
        .map(|i| {
            let mut rng =
                Pcg64Mcg::seed_from_u64(settings.seed ^ (step << 16 | i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let own = (data.train.as_slice(), data.typical_energy);
            let from = match &data.rehearsed {
                Some((pairs, typical)) if i < settings.rehearsed() => (pairs.as_slice(), *typical),
                _ => own,
            };
            let (small, large) = piece(from, data.scale, settings, &mut rng)?;
            let turn = (rng.next_u64() >> 61) as u8;
            Ok(prepare(arch, data.scale, &turned(&small.rgb(), turn), &turned(&large.rgb(), turn)))
        })
        .collect::<Result<_, TrainError>>()?;
    let (inputs, targets): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
    Ok(Batch { input: stack(&inputs), target: stack(&targets) })
}

/// Input and target of one picture for an architecture, from its RGB.
pub fn prepare(arch: Arch, scale: usize, small: &Tensor, large: &Tensor) -> (Tensor, Tensor) {
    match arch {
        Arch::Aedsr | Arch::Apsr => (input(arch, scale, small), large.clone()),
        Arch::Avdsr => (input(arch, scale, small), luma(large)),
    }
}

/// What a network of an architecture reads of a small picture.
pub fn input(arch: Arch, scale: usize, small: &Tensor) -> Tensor {
    match arch {
        Arch::Aedsr | Arch::Apsr => small.clone(),
        Arch::Avdsr => resize(&luma(small), small.shape.size().times(scale)),
    }
}

fn luma(rgb: &Tensor) -> Tensor {
    let y = rgb_to_ycbcr(rgb).data.chunks_exact(3).map(|p| p[0]).collect();
    Tensor::from_vec(rgb.shape.with_channels(1), y)
}

/// A piece of one of these pairs, of that typical energy.
fn piece(
    (pairs, typical): (&[Pair], f64),
    scale: usize,
    settings: &Settings,
    rng: &mut Pcg64Mcg,
) -> Result<(Pixels, Pixels), TrainError> {
    let side = settings.patch;
    let total: usize = pairs.iter().map(|p| p.small.area()).sum();
    let mut chosen: Option<(&Pair, usize, usize)> = None;
    for _ in 0..TRIES {
        let mut at = below(rng, total);
        let mut all = pairs.iter();
        let pair = loop {
            match all.next() {
                Some(pair) if at < pair.small.area() => break pair,
                Some(pair) => at -= pair.small.area(),
                None => unreachable!("the areas sum up to more than the number drawn"),
            }
        };
        let (y, x) = (below(rng, pair.small.height - side + 1), below(rng, pair.small.width - side + 1));
        let share = pair.energy(y, x, side) as f64 / ((side * side) as f64 * typical.max(1e-9));
        chosen = Some((pair, y, x));
        if f64::from(uniform(rng)) < share {
            break;
        }
    }
    let Some((pair, y, x)) = chosen else { unreachable!("there is at least one try") };
    let large = pair.large.crop(y * scale, x * scale, side * scale, side * scale)?;
    if settings.degradation.constant() {
        return Ok((pair.small.crop(y, x, side, side)?, large));
    }
    Ok((degraded(pair, settings.degradation, Point { x, y }, side, scale, rng)?, large))
}

/// A small patch made anew, from a large one with a margin so that blur and JPEG blocks see what lies around it.
fn degraded(
    pair: &Pair,
    degradation: Degradation,
    Point { x, y }: Point,
    side: usize,
    scale: usize,
    rng: &mut Pcg64Mcg,
) -> Result<Pixels, TrainError> {
    let margin = MARGIN.div_ceil(scale);
    let (top, left) = (y.saturating_sub(margin), x.saturating_sub(margin));
    let (bottom, right) = ((y + side + margin).min(pair.small.height), (x + side + margin).min(pair.small.width));
    let around = pair.large.crop(top * scale, left * scale, (bottom - top) * scale, (right - left) * scale)?;
    Ok(degrade::shrink(&around, scale, degradation, rng)?.crop(y - top, x - left, side, side)?)
}

fn below(rng: &mut Pcg64Mcg, n: usize) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// One of the eight positions of a square: bit 0 mirrors columns, bit 1 rows, bit 2 exchanges the two.
fn turned(square: &Tensor, position: u8) -> Tensor {
    let Shape { n, h, w, c } = square.shape;
    let mut out = Vec::with_capacity(square.data.len());
    for y in 0..h {
        for x in 0..w {
            let (y, x) = if position & 4 != 0 { (x, y) } else { (y, x) };
            let y = if position & 2 != 0 { h - 1 - y } else { y };
            let x = if position & 1 != 0 { w - 1 - x } else { x };
            out.extend_from_slice(square.pixel(0, y, x));
        }
    }
    Tensor::from_vec(Shape::new(n, h, w, c), out)
}

/// Pictures of one size as one batch.
pub(super) fn stack(pieces: &[Tensor]) -> Tensor {
    let shape = Shape { n: pieces.len(), ..pieces[0].shape };
    Tensor::from_vec(shape, pieces.iter().flat_map(|p| p.data.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_positions_differ_and_keep_their_pixels() {
        let square = Tensor::from_vec(Shape::new(1, 3, 3, 1), (0..9).map(|v| v as f32).collect());
        let all: Vec<Vec<f32>> = (0..8).map(|p| turned(&square, p).data).collect();
        for (i, a) in all.iter().enumerate() {
            assert_eq!(a.iter().sum::<f32>(), 36.0);
            assert!(all[..i].iter().all(|b| b != a), "position {i}");
        }
        assert_eq!(all[5], [2.0, 5.0, 8.0, 1.0, 4.0, 7.0, 0.0, 3.0, 6.0]);
    }
}
