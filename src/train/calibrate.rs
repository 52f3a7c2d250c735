//! The 8-bit form of a trained model: which range of each value gets codes.
//!
//! Values that adder layers read are collected while training pictures run through the network in f32. Codes that reach
//! to the very last of them are coarse for all others, so a share of the values is cut off at each end. Which share is
//! decided by what matters: the score on held-out pictures, in 8 bits.

use super::{
    dataset::{Dataset, Pair},
    error::TrainError,
    evaluate::{Score, evaluate},
    patches::prepare,
};
use crate::{
    backend::{Backend, Taps, Tile},
    nn::{Model, Plan, QuantParams},
    tensor::Tensor,
};
use std::collections::BTreeMap;

/// Shares of the values cut off at each end that are tried.
pub const CLIPS: &[f64] = &[0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3];

/// Side of the pieces that are run through the network, in pixels of its input, and how many at most.
const PIECE: usize = 96;
const PIECES: usize = 100;

/// Values kept per node: enough for the smallest share.
const KEPT: usize = 2 << 20;

/// One share and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Trial {
    /// Share of the values cut off at each end.
    pub clip: f64,
    /// Score on the held-out pictures, in 8 bits.
    pub score: Score,
}

/// A model with its 8-bit form, and how it was found.
#[derive(Clone, Debug)]
pub struct Calibrated {
    /// The model; its card says how it was calibrated.
    pub model: Model,
    /// Score on the held-out pictures, in f32.
    pub float: Score,
    /// Every share that was tried.
    pub trials: Vec<Trial>,
    /// The best of them.
    pub best: Trial,
}

/// Finds codes for a model. `tell` hears of every trial.
///
/// # Errors
/// If the model has no adder layers, there is no held-out picture, or one cannot be judged.
pub fn calibrate(
    backend: &dyn Backend,
    model: &Model,
    data: &Dataset,
    tell: &mut dyn FnMut(Trial),
) -> Result<Calibrated, TrainError> {
    let plan = model.plan.without_codes();
    if data.held_out.is_empty() {
        return Err(TrainError::NothingHeldOut);
    }
    let float = evaluate(backend, &plan, &model.params, &data.held_out)?;
    // Without adder layers nothing is collected, and the plan refuses the empty list of codes.
    let values = collect(backend, &plan, model, &data.train);
    let mut trials: Vec<(Trial, Plan)> = Vec::new();
    for &clip in CLIPS {
        let codes = values.iter().map(|(&node, sorted)| (plan.nodes[node].name.clone(), cut(sorted, clip))).collect();
        let coded = plan.clone().with_codes(&codes)?;
        let trial = Trial { clip, score: evaluate(backend, &coded, &model.params, &data.held_out)? };
        tell(trial);
        trials.push((trial, coded));
    }
    // The first of equals cuts least.
    let better = |a: usize, b: usize| if trials[b].0.score.psnr > trials[a].0.score.psnr { b } else { a };
    let best = (0..trials.len()).reduce(better).unwrap_or(0);
    let (best, coded) = trials[best].clone();
    let mut card = model.card.clone();
    card.insert("int8_clip".to_owned(), best.clip.to_string());
    card.insert("int8_calibrated_on".to_owned(), format!("{} pictures", data.train.len().min(PIECES)));
    card.insert("int8_held_out_psnr".to_owned(), format!("{:.3} (f32 {:.3})", best.score.psnr, float.psnr));
    Ok(Calibrated {
        model: Model { plan: coded, params: model.params.clone(), card },
        float,
        trials: trials.into_iter().map(|(t, _)| t).collect(),
        best,
    })
}

/// Values of every node that adder layers read, sorted.
fn collect(backend: &dyn Backend, plan: &Plan, model: &Model, pairs: &[Pair]) -> BTreeMap<usize, Vec<f32>> {
    let nodes = plan.adder_inputs();
    let mut values: BTreeMap<usize, Vec<f32>> = nodes.iter().map(|&n| (n, Vec::new())).collect();
    let mut network = backend.network(plan, &model.params);
    let step = pairs.len().div_ceil(PIECES).max(1);
    let chosen: Vec<&Pair> = pairs.iter().step_by(step).collect();
    for pair in &chosen {
        let (input, _) = prepare(plan.spec.arch, plan.spec.scale, &pair.small.rgb(), &pair.large.rgb());
        let input = middle(&input);
        let mut taps = Taps::of(nodes.iter().copied());
        network.run(&input, &Tile::whole(input.shape.size()), &mut taps);
        for (node, value) in taps.wanted {
            let data = value.map(|v| v.data).unwrap_or_default();
            // A step that shares no factor with the channels, so that every channel is seen.
            let stride = (data.len() * chosen.len()).div_ceil(KEPT) | 1;
            values.entry(node).or_default().extend(data.iter().step_by(stride));
        }
    }
    values.values_mut().for_each(|v| v.sort_by(f32::total_cmp));
    values
}

/// The middle of a picture.
fn middle(picture: &Tensor) -> Tensor {
    let (h, w) = (picture.shape.h, picture.shape.w);
    let (rows, columns) = (h.min(PIECE), w.min(PIECE));
    picture.crop((h - rows) / 2, (w - columns) / 2, rows, columns)
}

/// Codes for sorted values without this share at each end.
fn cut(sorted: &[f32], clip: f64) -> QuantParams {
    let off = (sorted.len() as f64 * clip) as usize;
    match (sorted.get(off), sorted.len().checked_sub(1 + off).and_then(|i| sorted.get(i))) {
        (Some(&low), Some(&high)) => QuantParams::of_range(low, high),
        _ => QuantParams::of_range(0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_cut_off_at_each_end() {
        let sorted: Vec<f32> = (-500..=500).map(|v| v as f32 / 100.0).collect();
        let (all, most) = (cut(&sorted, 0.0), cut(&sorted, 0.1));
        assert!((all.value(255) - 5.0).abs() < 0.05 && (all.value(0) + 5.0).abs() < 0.05, "{all:?}");
        assert!((most.value(255) - 4.0).abs() < 0.05 && (most.value(0) + 4.0).abs() < 0.05, "{most:?}");
        assert_eq!(cut(&[], 0.1).value(cut(&[], 0.1).zero_point()), 0.0);
    }
}
