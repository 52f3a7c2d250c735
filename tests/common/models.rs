//! Random networks with random parameters in the range of trained ones.

use super::numbers::Numbers;
use addersr::nn::{Arch, ModelSpec, ParamKind, Params, Plan, PowerKind, QuantParams, UnitKind};
use proptest::prelude::*;

/// Small networks of every kind, at every scale from 1 to 4.
pub fn specs() -> impl Strategy<Value = ModelSpec> {
    let size =
        (prop_oneof![Just(Arch::Aedsr), Just(Arch::Apsr), Just(Arch::Avdsr)], 1..=4usize, 1..=9usize, 1..=2usize);
    let unit = (prop_oneof![Just(UnitKind::Adder), Just(UnitKind::Conv)], any::<bool>());
    let power = prop_oneof![Just(PowerKind::None), Just(PowerKind::Layer), Just(PowerKind::Channel)];
    let residual_scale = prop_oneof![Just(1.0_f32), Just(0.2)];
    (size, unit, power, residual_scale).prop_map(|((arch, scale, channels, depth), unit, power, residual_scale)| {
        let (unit, self_shortcut) = unit;
        let new = ModelSpec::new(arch, scale, channels, depth);
        ModelSpec { unit, self_shortcut, power, residual_scale, ..new }
    })
}

/// Parameters for a plan: weights of size 1, deviations and exponents near 1.
pub fn params(plan: &Plan, seed: u64) -> Params {
    let mut numbers = Numbers::new(seed);
    let near_one = |v: Vec<f32>| v.into_iter().map(|v| 1.0 + v).collect();
    let values = plan.params.iter().map(|p| match p.kind {
        ParamKind::Alpha | ParamKind::RunningVar | ParamKind::NormWeight => near_one(numbers.floats(p.numel(), 0.2)),
        _ => numbers.floats(p.numel(), 1.0),
    });
    Params { values: values.collect() }
}

/// The plan in 8-bit codes that reach as far as values do with such parameters.
pub fn coded(mut plan: Plan) -> Plan {
    for i in plan.adder_inputs() {
        plan.nodes[i].codes = Some(QuantParams::of_range(-9.0 - i as f32, 20.0));
    }
    plan
}
