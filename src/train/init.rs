//! Start values of a network.
//!
//! Adder weights are normal (AdderNet draws them so, since their gradient `X − W` wants W spread like X), convolutions
//! uniform within `1/√fan-in`, the tail ten times smaller so that the network starts as bicubic. The scale of every batch
//! norm starts near zero: with it at 1 a unit's output is mostly noise and a run starts at 11 dB; at 0.003 the network
//! starts as its shortcuts, and each unit grows as far as it is of use (see the table in [`crate::train`]).

use super::settings::Settings;
use crate::nn::{Model, ParamKind, Params, Plan};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Uniform in [0, 1).
pub(super) fn uniform(rng: &mut impl Rng) -> f32 {
    (rng.next_u64() >> 40) as f32 / (1u64 << 24) as f32
}

/// Standard normal, by Box and Muller.
pub(super) fn normal(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - uniform(rng)).ln()).sqrt();
    radius * (std::f32::consts::TAU * uniform(rng)).cos()
}

/// Start values for a plan.
pub fn init(plan: &Plan, settings: &Settings) -> Params {
    let mut rng = Pcg64Mcg::seed_from_u64(settings.seed);
    let mut fan_in = 1;
    let values = plan.params.iter().map(|spec| {
        if spec.shape.len() == 4 {
            fan_in = spec.shape[1..].iter().product();
        }
        let bound = (1.0 / fan_in as f32).sqrt() * if spec.name.starts_with("tail") { 0.1 } else { 1.0 };
        let mut draw = || match spec.kind {
            ParamKind::ConvWeight => bound * (2.0 * uniform(&mut rng) - 1.0),
            ParamKind::AdderWeight => settings.adder_start * normal(&mut rng),
            ParamKind::NormWeight => settings.norm_start,
            ParamKind::RunningVar | ParamKind::Alpha => 1.0,
            ParamKind::ConvBias | ParamKind::NormBias | ParamKind::RunningMean => 0.0,
        };
        (0..spec.numel()).map(|_| draw()).collect()
    });
    Params { values: values.collect() }
}

/// Share of an adder layer's root mean square by which the copies of a channel start apart, see [`carry_over`].
const APART: f32 = 0.05;

/// Start values for a plan that differs from a trained model in scale, in channels or by having projections: what fits is
/// taken over, the rest is fresh. Projections begin as the identity where the model had none, so that nothing is unlearnt.
///
/// Another scale has another tail. It is the usual way to ×3 and ×4 (EDSR, section 3.3): the body has learnt already.
///
/// Where the body has a multiple of the model's channels, each of them is there so many times and the network computes
/// what the model does (Net2WiderNet: Chen, Goodfellow and Shlens 2016, section 2.3): readers that multiply share their
/// weights among the copies, adder layers sum each distance so many times, which their batch norms undo. Copies that are
/// equal would stay equal, so the adder weights get some noise.
pub fn carry_over(from: &Model, plan: &Plan, settings: &Settings) -> Params {
    widen(from, plan, settings, APART)
}

fn widen(from: &Model, plan: &Plan, settings: &Settings, apart: f32) -> Params {
    let mut params = init(plan, settings);
    let (old, new) = (from.plan.spec.channels, plan.spec.channels);
    let times = if new.is_multiple_of(old) { new / old } else { 1 };
    let mut rng = Pcg64Mcg::seed_from_u64(settings.seed);
    for (spec, values) in plan.params.iter().zip(&mut params.values) {
        let Some(index) = from.plan.params.iter().position(|theirs| theirs.name == spec.name) else {
            if spec.name.ends_with(".project.weight") {
                let side = spec.shape[0];
                values.iter_mut().enumerate().for_each(|(i, v)| *v = f32::from(i / side == i % side));
            }
            continue;
        };
        let (shape, theirs) = (&from.plan.params[index].shape, &from.params.values[index]);
        // The first two axes of a layer, the only one of a vector; α stays one for all.
        let grown = |i: usize| spec.shape[i] == shape[i] * times;
        let fits = spec.shape.len() == shape.len()
            && (0..shape.len()).all(|i| spec.shape[i] == shape[i] || (i < 2 && grown(i)));
        if !fits {
            continue;
        }
        let (o, i) = (shape[0], shape.get(1).copied().unwrap_or(1));
        let window: usize = shape.iter().skip(2).product();
        let inputs = spec.shape.get(1).copied().unwrap_or(1);
        // How often each input is there, and with it a sum over them.
        let copies = (inputs / i) as f32;
        let rms = (theirs.iter().map(|v| v * v).sum::<f32>() / theirs.len() as f32).sqrt();
        let noise = if times > 1 { apart * rms } else { 0.0 };
        for (at, value) in values.iter_mut().enumerate() {
            let (row, column, tap) = (at / (inputs * window), at / window % inputs, at % window);
            let v = theirs[(row % o * i + column % i) * window + tap];
            *value = match spec.kind {
                ParamKind::ConvWeight => v / copies,
                ParamKind::AdderWeight if noise > 0.0 => v + noise * normal(&mut rng),
                // Of sums that are so many times as large.
                ParamKind::RunningMean => v * times as f32,
                ParamKind::RunningVar => v * (times * times) as f32,
                _ => v,
            };
        }
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::{Backend, Taps, Tile, reference::Reference},
        nn::{Arch, ModelSpec},
        tensor::{Shape, Tensor},
    };

    #[test]
    fn another_scale_keeps_all_but_the_tail() {
        let settings = Settings::default();
        let spec = ModelSpec { channels: 4, depth: 1, ..ModelSpec::named("aedsr").expect("registered") };
        let other = Settings { seed: 2, ..settings };
        let from = Model { params: init(&spec.plan(), &other), plan: spec.plan(), card: Default::default() };
        assert_eq!(carry_over(&from, &from.plan, &settings).values, from.params.values);

        let plan = ModelSpec { scale: 4, ..spec }.plan();
        let (carried, fresh) = (carry_over(&from, &plan, &settings), init(&plan, &settings));
        for (i, spec) in plan.params.iter().enumerate() {
            let expected = if spec.name.starts_with("tail") { &fresh } else { &from.params };
            assert_eq!(carried.values[i], expected.values[i], "{}", spec.name);
        }
    }

    #[test]
    fn projections_begin_as_the_network_that_they_are_added_to() {
        let settings = Settings { norm_start: 1.0, ..Settings::default() };
        let spec = ModelSpec { channels: 3, depth: 2, ..ModelSpec::named("aedsr").expect("registered") };
        let from = Model { params: init(&spec.plan(), &settings), plan: spec.plan(), card: Default::default() };
        let plan = ModelSpec { arch: Arch::Apsr, ..spec }.plan();
        let grown = carry_over(&from, &plan, &settings);
        assert_eq!(run(&plan, &grown), run(&from.plan, &from.params));
    }

    fn run(plan: &Plan, params: &Params) -> Vec<f32> {
        let input = Tensor::from_vec(Shape::new(1, 5, 4, 3), (0..60).map(|i| (i * 37 % 61) as f32 / 61.0).collect());
        Reference.network(plan, params).run(&input, &Tile::whole(input.shape.size()), &mut Taps::default()).data
    }

    #[test]
    fn twice_the_channels_compute_the_same() {
        let settings = Settings { norm_start: 1.0, ..Settings::default() };
        let spec = ModelSpec { channels: 3, depth: 2, ..ModelSpec::named("aedsr").expect("registered") };
        let mut from = Model { params: init(&spec.plan(), &settings), plan: spec.plan(), card: Default::default() };
        // Statistics that are no ones and zeros.
        for (param, values) in from.plan.params.iter().zip(&mut from.params.values) {
            let of = |i: usize| match param.kind {
                ParamKind::RunningMean => -5.0 - i as f32,
                ParamKind::RunningVar => 4.0 + i as f32,
                _ => 0.0,
            };
            values.iter_mut().enumerate().for_each(|(i, v)| *v += of(i));
        }
        let plan = ModelSpec { channels: 6, ..spec }.plan();
        let narrow = run(&from.plan, &from.params);
        let apart = |wide: Vec<f32>| wide.iter().zip(&narrow).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart(run(&plan, &widen(&from, &plan, &settings, 0.0))) < 1e-5);
        let noisy = apart(run(&plan, &carry_over(&from, &plan, &settings)));
        assert!(noisy > 1e-5 && noisy < 0.1, "{noisy}");
    }
}
