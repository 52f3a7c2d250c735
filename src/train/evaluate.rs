//! PSNR and SSIM on held-out pictures, measured as `addersr eval` does (SPEC 4).

use super::{dataset::Pair, error::TrainError, patches::input};
use crate::{
    backend::{Backend, Network, Taps, Tile},
    metrics,
    nn::{Arch, Params, Plan},
    tensor::{
        Depth, Pixels, Tensor,
        colour::{rgb_to_ycbcr, ycbcr_to_rgb},
        resample::resize,
    },
};

/// Means over pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// dB.
    pub psnr: f64,
    /// 0 to 1.
    pub ssim: f64,
}

/// Judges a network. A picture that comes out identical counts as 100 dB, and one too
/// small for SSIM's window as 1.
///
/// # Errors
/// If a picture is too small to be judged.
pub fn evaluate(backend: &dyn Backend, plan: &Plan, params: &Params, pairs: &[Pair]) -> Result<Score, TrainError> {
    let mut network = backend.network(plan, params);
    judge(pairs, plan.spec.scale, |pair| enlarge(network.as_mut(), plan, &pair.small))
}

/// What a network makes of a small picture: RGB.
pub fn enlarge(network: &mut dyn Network, plan: &Plan, small: &Pixels) -> Tensor {
    let small = small.rgb();
    let input = input(plan.spec.arch, plan.spec.scale, &small);
    let output = network.run(&input, &Tile::whole(input.shape.size()), &mut Taps::default());
    match plan.spec.arch {
        Arch::Aedsr | Arch::Apsr => output,
        Arch::Avdsr => {
            let chroma = resize(&rgb_to_ycbcr(&small), output.shape.size());
            let pixels = chroma.data.chunks_exact(3).zip(&output.data);
            let joined = pixels.flat_map(|(c, &y)| [y, c[1], c[2]]).collect();
            ycbcr_to_rgb(&Tensor::from_vec(chroma.shape, joined))
        }
    }
}

/// What bicubic reaches on the same pictures.
///
/// # Errors
/// If a picture is too small to be judged.
pub fn bicubic(scale: usize, pairs: &[Pair]) -> Result<Score, TrainError> {
    judge(pairs, scale, |pair| resize(&pair.small.rgb(), pair.large.size()))
}

fn judge(pairs: &[Pair], border: usize, mut enlarge: impl FnMut(&Pair) -> Tensor) -> Result<Score, TrainError> {
    let mut sum = Score::default();
    for pair in pairs {
        let result = Pixels::from_tensors(&enlarge(pair), None, Depth::Eight)?;
        let quality = metrics::compare(&pair.large, &result, border)
            .map_err(|source| TrainError::Judge { path: pair.path.clone(), source })?;
        sum.psnr += quality.psnr.db().unwrap_or(100.0);
        sum.ssim += quality.ssim.unwrap_or(1.0);
    }
    let n = pairs.len().max(1) as f64;
    Ok(Score { psnr: sum.psnr / n, ssim: sum.ssim / n })
}
