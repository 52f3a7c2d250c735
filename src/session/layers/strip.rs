//! The whole network at a glance: every layer's range and a small picture of it.
//!
//! Seen through the middle of the region only, because all layers at once over all of it would take gigabytes.

use super::{
    paint::{Atlas, Colours},
    source::groups,
    statistics::Range,
};
use crate::{
    backend::{Backend, Rect},
    infer::{CancelToken, InferError, Silent, taps},
    nn::Model,
    tensor::{Pixels, Size, Tensor},
};
use std::sync::Arc;

/// Longest side of what is looked through, in the photo's pixels.
const SIDE: usize = 64;
/// Bytes of values at once.
const BUDGET: usize = 128 << 20;
/// Side of a small picture.
pub const THUMB: usize = 48;

/// Every layer of a network.
pub struct Strip {
    /// The network.
    pub model: Arc<Model>,
    /// Smallest and largest value of each node.
    pub ranges: Vec<(f32, f32)>,
    /// A picture of each: the channel that varies most.
    pub thumbs: Atlas,
}

/// The middle of a region.
fn middle(r: Rect) -> Rect {
    let (h, w) = (r.h.min(SIDE), r.w.min(SIDE));
    Rect { y: r.y + (r.h - h) / 2, x: r.x + (r.w - w) / 2, h, w }
}

/// Runs the network; `None` as soon as `give_up` says so.
///
/// # Errors
/// As [`taps::feature_maps`].
pub(super) fn strip(
    pixels: &Pixels,
    model: &Arc<Model>,
    region: Rect,
    backend: &dyn Backend,
    cancel: &CancelToken,
    give_up: impl Fn() -> bool,
) -> Result<Option<Strip>, InferError> {
    let region = middle(region);
    let count = model.plan.nodes.len();
    let mut strip = Strip {
        model: model.clone(),
        ranges: Vec::with_capacity(count),
        thumbs: Atlas::new(count, Size::square(THUMB)),
    };
    for group in groups(model, 0..count, region, BUDGET) {
        if give_up() {
            return Ok(None);
        }
        let maps = taps::feature_maps(pixels, model, region, &group, backend, &mut Silent, cancel)?;
        for (node, map) in group.into_iter().zip(maps) {
            let extremes = |(lo, hi): (f32, f32), &v: &f32| (lo.min(v), hi.max(v));
            strip.ranges.push(map.data.iter().fold((f32::INFINITY, f32::NEG_INFINITY), extremes));
            let small = shrink(&map);
            // Around its own middle: an adder layer's values all lie far below zero.
            let (lo, hi) = small.iter().fold((f32::INFINITY, f32::NEG_INFINITY), extremes);
            let range =
                if hi > lo { Range { black: lo, white: hi } } else { Range { black: lo - 1.0, white: lo + 1.0 } };
            strip.thumbs.set(node, small.into_iter(), Colours::Sequential, range);
        }
    }
    Ok(Some(strip))
}

/// The channel with the largest variance, by its nearest values.
fn shrink(map: &Tensor) -> Vec<f32> {
    let (h, w, c) = (map.shape.h, map.shape.w, map.shape.c);
    let variance = |k: usize| {
        let of = || map.data[k..].iter().step_by(c).map(|&v| f64::from(v));
        let mean = of().sum::<f64>() / (h * w) as f64;
        of().map(|v| (v - mean).powi(2)).sum::<f64>()
    };
    let best = (0..c).map(|k| (k, variance(k))).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(k, _)| k);
    let place = |i: usize, n: usize| (i * n + n / 2) / THUMB;
    (0..THUMB * THUMB).map(|i| map.pixel(0, place(i / THUMB, h), place(i % THUMB, w))[best]).collect()
}
