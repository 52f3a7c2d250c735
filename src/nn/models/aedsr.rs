//! AEDSR: EDSR's layout with adder units (AdderSR §3; SPEC 2).
//!
//! `x − 0.5` → head convolution → blocks of two units, the second without ReLU, each block with a skip → long skip →
//! tail convolution to `3·s²` → pixel shuffle → `+ bicubic(x)`. Everything but the bicubic runs at the small size, which
//! is why it is several times cheaper than AVDSR for the same picture.

use super::{ModelSpec, Op, Plan, unit};

pub(super) fn plan(spec: &ModelSpec) -> Plan {
    layout(spec, units)
}

/// A block's two units.
pub(super) fn units(plan: &mut Plan, input: usize, name: &str) -> usize {
    let first = unit(plan, input, &format!("{name}.0"), true);
    unit(plan, first, &format!("{name}.1"), false)
}

/// The layout with other blocks: `block(plan, input, name)` appends one without its skip and returns its last node.
pub(super) fn layout(spec: &ModelSpec, block: impl Fn(&mut Plan, usize, &str) -> usize) -> Plan {
    let (c, s) = (spec.channels, spec.scale);
    let mut plan = Plan::new(*spec);
    let input = plan.push("input", Op::Input { channels: 3 }, &[], "");
    let centred = plan.push("centred", Op::Shift { by: -0.5 }, &[input], "");
    let head = plan.push("head", Op::Conv { cin: 3, cout: c, k: 3, bias: true }, &[centred], "head");
    let mut at = head;
    for b in 0..spec.depth {
        let name = format!("body.{b}");
        let of_block = block(&mut plan, at, &name);
        at = plan.push(name, Op::Add { scale: spec.residual_scale }, &[at, of_block], "");
    }
    let body = plan.push("body", Op::Add { scale: 1.0 }, &[at, head], "");
    let tail = plan.push("tail", Op::Conv { cin: c, cout: 3 * s * s, k: 3, bias: true }, &[body], "tail");
    let large = plan.push("shuffle", Op::PixelShuffle { scale: s }, &[tail], "");
    let base = plan.push("bicubic", Op::Bicubic { scale: s }, &[input], "");
    plan.push("output", Op::Add { scale: 1.0 }, &[large, base], "");
    plan
}
