//! `upscale --profile`: where the time of an enlargement went.

use crate::{
    backend::LayerTime,
    nn::{Op, Plan},
};
use std::fmt::Write;

/// A table of layers, each with the pointwise operations that were computed together with it. Taps are the distances or
/// products of a layer's window; what is left of `seconds` was spent outside the network.
pub(super) fn table(plan: &Plan, times: &[LayerTime], seconds: f64) -> String {
    if times.is_empty() {
        return "this device does not tell where its time goes\n".to_owned();
    }
    let mut out = format!("{:<28} {:>9} {:>7} {:>10}\n", "layer", "seconds", "share", "G taps/s");
    let mut row = |name: &str, spent: f64, rate: Option<f64>| {
        let rate = rate.map_or("-".to_owned(), |r| format!("{r:.1}"));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<28} {spent:>9.3} {:>6.1}% {rate:>10}", 100.0 * spent / seconds);
    };
    for time in times {
        let (first, last) = (&plan.nodes[time.first], &plan.nodes[time.last]);
        let name =
            if first.name == last.name { first.name.clone() } else { format!("{} to {}", first.name, last.name) };
        let taps = match first.op {
            Op::Adder { cin, cout, k } | Op::Conv { cin, cout, k, .. } => Some((cin * cout * k * k) as f64),
            _ => None,
        };
        row(&name, time.seconds, taps.map(|t| t * time.pixels as f64 / time.seconds.max(1e-9) / 1e9));
    }
    let inside: f64 = times.iter().map(|t| t.seconds).sum();
    row("outside the network", seconds - inside, None);
    row("all", seconds, None);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    #[test]
    fn shares_and_rates() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let (first, last) = (plan.find("body.0.0.adder").unwrap(), plan.find("body.0.0.power").unwrap());
        let text = table(&plan, &[LayerTime { first, last, seconds: 0.5, pixels: 1_000_000_000 }], 2.0);
        assert!(text.contains("body.0.0.adder to body.0.0.power     0.500   25.0%      288.0"), "{text}");
        assert!(text.contains("outside the network              1.500   75.0%"), "{text}");
        assert!(table(&plan, &[], 1.0).contains("does not tell"));
    }
}
