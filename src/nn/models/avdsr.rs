//! AVDSR: VDSR's layout with adder units (AdderSR §3; SPEC 2).
//!
//! The input is the luma of the picture, already enlarged by bicubic: `x − 0.5` → head convolution 1→c → units, all with
//! ReLU → tail convolution c→1 → `+ x`. It serves any scale, and pays for it by working at the large size.

use super::{ModelSpec, Op, Plan, unit};

pub(super) fn plan(spec: &ModelSpec) -> Plan {
    let c = spec.channels;
    let mut plan = Plan::new(*spec);
    let input = plan.push("input", Op::Input { channels: 1 }, &[], "");
    let centred = plan.push("centred", Op::Shift { by: -0.5 }, &[input], "");
    let mut at = plan.push("head", Op::Conv { cin: 1, cout: c, k: 3, bias: true }, &[centred], "head");
    for u in 0..spec.depth {
        at = unit(&mut plan, at, &format!("body.{u}"), true);
    }
    let tail = plan.push("tail", Op::Conv { cin: c, cout: 1, k: 3, bias: true }, &[at], "tail");
    plan.push("output", Op::Add { scale: 1.0 }, &[tail, input], "");
    plan
}
