//! AEDSR: EDSR's layout with adder units (AdderSR §3; SPEC 2).
//!
//! `x − 0.5` → head convolution → blocks of two units, the second without ReLU, each block with a skip → long skip →
//! tail convolution to `3·s²` → pixel shuffle → `+ bicubic(x)`. Everything but the bicubic runs at the small size, which
//! is why it is several times cheaper than AVDSR for the same picture.

use super::{ModelSpec, Op, Plan, unit};

pub(super) fn plan(spec: &ModelSpec) -> Plan {
    let (c, s) = (spec.channels, spec.scale);
    let mut plan = Plan::new(*spec);
    let input = plan.push("input", Op::Input { channels: 3 }, &[], "");
    let centred = plan.push("centred", Op::Shift { by: -0.5 }, &[input], "");
    let head = plan.push("head", Op::Conv { cin: 3, cout: c, k: 3, bias: true }, &[centred], "head");
    let mut at = head;
    for b in 0..spec.depth {
        let first = unit(&mut plan, at, &format!("body.{b}.0"), true);
        let second = unit(&mut plan, first, &format!("body.{b}.1"), false);
        at = plan.push(format!("body.{b}"), Op::Add { scale: spec.residual_scale }, &[at, second], "");
    }
    let body = plan.push("body", Op::Add { scale: 1.0 }, &[at, head], "");
    let tail = plan.push("tail", Op::Conv { cin: c, cout: 3 * s * s, k: 3, bias: true }, &[body], "tail");
    let large = plan.push("shuffle", Op::PixelShuffle { scale: s }, &[tail], "");
    let base = plan.push("bicubic", Op::Bicubic { scale: s }, &[input], "");
    plan.push("output", Op::Add { scale: 1.0 }, &[large, base], "");
    plan
}
