//! Start values of a network.
//!
//! Adder weights are normal (AdderNet draws them so, since their gradient `X − W` wants W spread like X), convolutions
//! uniform within `1/√fan-in`, the tail ten times smaller so that the network starts as bicubic. The scale of every batch
//! norm starts near zero: with it at 1 a unit's output is mostly noise and a run starts at 11 dB; at 0.003 the network
//! starts as its shortcuts, and each unit grows as far as it is of use (see the table in [`crate::train`]).

use super::settings::Settings;
use crate::nn::{Model, ParamKind, ParamSpec, Params, Plan};
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

/// Start values for a plan that differs from a trained model in scale: what fits is taken over, the rest (the tail, whose
/// shape follows the scale) is fresh. The usual way to ×3 and ×4 (EDSR, section 3.3): the body has learnt already.
pub fn carry_over(from: &Model, plan: &Plan, settings: &Settings) -> Params {
    let mut params = init(plan, settings);
    for (spec, values) in plan.params.iter().zip(&mut params.values) {
        let same = |theirs: &&ParamSpec| theirs.name == spec.name && theirs.shape == spec.shape;
        if let Some(index) = from.plan.params.iter().position(|theirs| same(&theirs)) {
            values.clone_from(&from.params.values[index]);
        }
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::ModelSpec;

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
}
