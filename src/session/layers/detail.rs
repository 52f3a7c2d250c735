//! One channel in depth: its histogram, its kernel, and what the power activation of its unit does to it.

use super::{
    flat::{Flat, flat},
    paint::{Atlas, Colours, Picture},
    source::{Source, chain, power_of},
    spectrum::Spectrum,
    statistics::{Histogram, Range, plane},
};
use crate::nn::{Op, layers::power::power};
use crate::tensor::Size;

/// Bars of a histogram.
const BINS: usize = 64;

/// One channel of a layer.
pub struct Detail {
    /// Which.
    pub channel: usize,
    /// Its values.
    pub histogram: Histogram,
    /// The power activation of its unit.
    pub power: Option<Power>,
    /// Answers to flat patches.
    pub flat: Option<Flat>,
    /// The weights of the window operation that leads to it.
    pub kernel: Option<Kernel>,
}

/// A channel before and after a power activation.
pub struct Power {
    /// The activation.
    pub name: String,
    /// This channel's exponent.
    pub alpha: f32,
    /// Before, after, and after − before, which is small beside them and has a scale of its own.
    pub pictures: [Picture; 3],
    /// The signed scales of values and of differences.
    pub ranges: [Range; 2],
    /// Its input.
    pub inputs: Histogram,
    /// `(y, sign(y)·|y|^α)` over the range of its input.
    pub curve: Vec<[f64; 2]>,
    /// Before and after.
    pub spectra: [Spectrum; 2],
}

/// The filter that makes a channel.
pub struct Kernel {
    /// The layer.
    pub name: String,
    /// One window per input channel.
    pub windows: Atlas,
    /// How many.
    pub count: usize,
    /// What the colours stand for.
    pub range: Range,
    /// All weights of the layer, all channels.
    pub all: Histogram,
}

/// Looks into a channel.
pub fn detail(source: &Source, channel: usize) -> Detail {
    Detail {
        channel,
        histogram: Histogram::of(&plane(&source.shown, channel), BINS),
        power: power_view(source, channel),
        flat: flat(&source.model, power_of(&source.model.plan, source.node).unwrap_or(source.node), channel),
        kernel: kernel(source, channel),
    }
}

fn power_view(source: &Source, channel: usize) -> Option<Power> {
    let plan = &source.model.plan;
    let node = power_of(plan, source.node)?;
    let alphas = source.model.alphas(node)?;
    let alpha = *alphas.get(if alphas.len() == 1 { 0 } else { channel })?;
    let (before, after) = (source.over_region(plan.nodes[node].inputs[0])?, source.over_region(node)?);
    if channel >= before.shape.c {
        return None;
    }
    let width = before.shape.w;
    let (before, after) = (plane(&before, channel), plane(&after, channel));
    let difference: Vec<f32> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
    let scales = [signed(before.iter().chain(&after)), signed(difference.iter())];
    let inputs = Histogram::of(&before, BINS);
    let steps = 128;
    let to = inputs.from + inputs.width * BINS as f64;
    let curve = (0..=steps).map(|i| inputs.from + (to - inputs.from) * f64::from(i) / f64::from(steps));
    Some(Power {
        name: plan.nodes[node].name.clone(),
        alpha,
        pictures: [(&before, 0), (&after, 0), (&difference, 1)]
            .map(|(plane, scale)| Picture::of(plane, width, Colours::Signed, scales[scale])),
        ranges: scales,
        curve: curve.map(|y| [y, f64::from(power(y as f32, alpha))]).collect(),
        inputs,
        spectra: [Spectrum::of(&before, width), Spectrum::of(&after, width)],
    })
}

fn kernel(source: &Source, channel: usize) -> Option<Kernel> {
    let plan = &source.model.plan;
    let path = chain(plan, source.node);
    let node = &plan.nodes[*path.first()?];
    let (Op::Adder { cin, k, .. } | Op::Conv { cin, k, .. }) = node.op else { return None };
    // After a pixel shuffle several channels of the window operation make one.
    let channel = path[1..].iter().fold(channel, |c, &i| match plan.nodes[i].op {
        Op::PixelShuffle { scale } => c * scale * scale,
        _ => c,
    });
    let weights = &source.model.params.values[node.params[0]];
    let own = weights.chunks_exact(cin * k * k).nth(channel)?;
    let range = signed(own.iter());
    // A line between windows, or they would run into each other.
    let mut windows = Atlas::new(cin, Size::square(k + 1));
    windows.picture.rgba.as_chunks_mut::<4>().0.fill([128, 128, 128, 255]);
    for (i, window) in own.chunks_exact(k * k).enumerate() {
        windows.set_part(i, k, window, Colours::Signed, range);
    }
    Some(Kernel { name: node.name.clone(), windows, count: cin, range, all: Histogram::of(weights, BINS) })
}

/// As far on both sides of zero as the largest of these.
fn signed<'a>(values: impl Iterator<Item = &'a f32>) -> Range {
    let most = values.fold(0.0f32, |most, v| most.max(v.abs()));
    Range::symmetric(-most, most)
}
