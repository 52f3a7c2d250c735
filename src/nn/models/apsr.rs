//! APSR: AEDSR whose blocks end in a **projection**, a 1×1 convolution over the channels.
//!
//! An adder unit spends distances on every channel that it reads, so it mixes channels badly; a convolution of one tap does it
//! for a twentieth of a block's taps. What it gains, and what else was tried, is in `docs/recipe.md`. Grown from a trained AEDSR it
//! begins as the identity, and so the network as that.

use super::{ModelSpec, Op, Plan, aedsr};

pub(super) fn plan(spec: &ModelSpec) -> Plan {
    let c = spec.channels;
    aedsr::layout(spec, |plan, input, name| {
        let units = aedsr::units(plan, input, name);
        let name = format!("{name}.project");
        plan.push(name.clone(), Op::Conv { cin: c, cout: c, k: 1, bias: true }, &[units], &name)
    })
}
