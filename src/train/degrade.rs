//! How a small picture is made from a large one.
//!
//! Bicubic is what benchmarks do. Photographs also went through a lens, a sensor and a JPEG encoder, and a network that
//! never saw that sharpens the blocks; the other two degradations imitate it. They are applied to patches when these are
//! drawn, each time differently.

use super::{
    dataset,
    error::TrainError,
    init::{normal, uniform},
};
use crate::{
    image_io,
    tensor::{Pixels, Samples},
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Kinds of degradation.
///
/// Spelt `bicubic`, `jpeg`, `camera`, `given` on the command line and in checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Degradation {
    /// Bicubic only: the benchmark.
    Bicubic,
    /// Bicubic, then JPEG of quality 30 to 95.
    Jpeg,
    /// Gaussian blur before and noise after the bicubic, then JPEG.
    Camera,
    /// None: small pictures are there already, see [`given`](super::given). Bicubic for pictures that have none.
    Given,
}

impl Degradation {
    /// Whether every draw gives the same small picture, so that it can be made once.
    pub fn constant(self) -> bool {
        matches!(self, Self::Bicubic | Self::Given)
    }
}

impl std::str::FromStr for Degradation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "bicubic" => Ok(Self::Bicubic),
            "jpeg" => Ok(Self::Jpeg),
            "camera" => Ok(Self::Camera),
            other => Err(format!("{other} is no degradation: bicubic, jpeg or camera")),
        }
    }
}

/// Margin in large pixels that [`shrink`] needs around a patch so that its border does not see the cut.
pub const MARGIN: usize = 16;

/// Makes a small picture from a large one.
///
/// # Errors
/// If the picture is smaller than one cell, or the encoder refuses it.
pub fn shrink(
    large: &Pixels,
    scale: usize,
    degradation: Degradation,
    rng: &mut impl Rng,
) -> Result<Pixels, TrainError> {
    let blurred = match degradation {
        Degradation::Camera => &blur(large, 2.0 * uniform(rng)),
        Degradation::Bicubic | Degradation::Jpeg | Degradation::Given => large,
    };
    let mut small = image_io::shrink_u8(blurred, scale)?;
    if degradation == Degradation::Camera {
        add_noise(&mut small, 8.0 * uniform(rng), rng);
    }
    match degradation {
        Degradation::Bicubic | Degradation::Given => Ok(small),
        // One in eight stays uncompressed, so that the network also learns to leave clean pictures alone.
        _ if uniform(rng) < 0.125 => Ok(small),
        _ => Ok(image_io::jpeg_round_trip(&small, 30 + (uniform(rng) * 66.0) as u8)?),
    }
}

/// The same for a picture that is judged by: what is drawn depends on the file's name alone, so that every model and every
/// run meets the same small picture.
///
/// # Errors
/// As [`shrink`].
pub fn shrink_for_judging(
    large: &Pixels,
    scale: usize,
    degradation: Degradation,
    file: &Path,
) -> Result<Pixels, TrainError> {
    shrink(large, scale, degradation, &mut Pcg64Mcg::seed_from_u64(dataset::hash(file)))
}

/// Gaussian blur of the given σ in pixels, mirrored at the border.
fn blur(pixels: &Pixels, sigma: f32) -> Pixels {
    let Samples::U8(from) = &pixels.samples else { return pixels.clone() };
    if sigma < 0.2 {
        return pixels.clone();
    }
    let reach = (3.0 * sigma).ceil() as isize;
    let weights: Vec<f32> = (-reach..=reach).map(|d| (-0.5 * (d as f32 / sigma).powi(2)).exp()).collect();
    let total: f32 = weights.iter().sum();
    let (w, h, c) = (pixels.width, pixels.height, pixels.channels);
    let pass = |from: &[f32], step: usize, size: usize, place: &dyn Fn(usize) -> usize| -> Vec<f32> {
        (0..from.len())
            .map(|i| {
                let at = place(i) as isize;
                let mix = (-reach..=reach).zip(&weights).map(|(d, weight)| {
                    let to = crate::nn::layers::bicubic::reflect(at + d, size) as isize;
                    weight * from[(i as isize + (to - at) * step as isize) as usize]
                });
                mix.sum::<f32>() / total
            })
            .collect()
    };
    let values: Vec<f32> = from.iter().map(|&v| f32::from(v)).collect();
    let rows = pass(&values, c, w, &|i| i / c % w);
    let both = pass(&rows, w * c, h, &|i| i / (w * c));
    let samples = both.iter().map(|v| v.round().clamp(0.0, 255.0) as u8).collect();
    Pixels { samples: Samples::U8(samples), ..*pixels }
}

/// Adds normal noise of the given σ in 8-bit steps.
fn add_noise(pixels: &mut Pixels, sigma: f32, rng: &mut impl Rng) {
    if let Samples::U8(samples) = &mut pixels.samples {
        for s in samples {
            *s = (f32::from(*s) + sigma * normal(rng)).round().clamp(0.0, 255.0) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn every_degradation_keeps_flat_pictures_of_the_right_size() {
        let flat = Pixels { width: 24, height: 16, channels: 3, samples: Samples::U8(vec![120; 24 * 16 * 3]) };
        for degradation in [Degradation::Bicubic, Degradation::Jpeg, Degradation::Camera] {
            let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(3);
            let small = shrink(&flat, 2, degradation, &mut rng).unwrap();
            assert_eq!((small.width, small.height, small.channels), (12, 8, 3));
            let Samples::U8(samples) = &small.samples else { panic!("8 bits stay 8 bits") };
            let mean = samples.iter().map(|&s| f64::from(s)).sum::<f64>() / samples.len() as f64;
            assert!((mean - 120.0).abs() < 3.0, "{degradation:?}: {mean}");
        }
    }
}
