//! The 8-bit form of a network: which codes stand for the values that adder layers read, and the weights in the same
//! codes (SPEC 5).
//!
//! A sum of absolute differences is one instruction on bytes. For it `x` and `w` of a layer must share one scale `s` and
//! one zero point `z` ([`QuantParams`]): with `x ≈ s·(q − z)` and `w ≈ s·(u − z)` the zero points cancel,
//! `Σ|x − w| ≈ s·Σ|q − u|`. The scale follows the activations alone, because of **clamp and bias**: where all activations
//! lie in `[a, b]`, a weight outside is as good as the nearer end, `|x − w| = |x − clamp(w)| + |w − clamp(w)|`, and the
//! second term is known beforehand and goes into the channel's bias. That is exact; more than half of the trained weights
//! are of this kind.
//!
//! **What stays in f32**: batch norm, shortcuts, activations and the stream that the skips add up. Only what an adder layer
//! reads becomes codes, once, after the power activation. A stream of 8-bit codes would have to hold the sum of all blocks
//! at the step of one layer's input; bandwidth is no reason for it, since a layer does hundreds of differences per value.
//!
//! So the 8-bit form of a model is its f32 weights and one [`QuantParams`] per value that an adder layer reads. A file keeps both:
//! the weights as ever, the codes in its metadata (`precision` = `int8`, `int8_codes` = node → scale and zero point). One
//! file then serves every device, and both precisions can be compared; a program that does not know the entries computes
//! in f32.

use super::{Op, Params, Plan, weights::WeightsError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Metadata entry that says a file carries an 8-bit form.
pub const PRECISION: &str = "precision";
/// Metadata entry of the codes.
pub const CODES: &str = "int8_codes";

/// Which arithmetic adder layers use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 8-bit codes where the model carries them and the device reads them, else f32.
    #[default]
    Auto,
    /// 32-bit floats.
    F32,
    /// 8-bit codes.
    Int8,
}

/// How bytes stand for values: `value = scale·(code − zero_point)`. Zero itself is always a code, so padding is exact.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f32, u8)", into = "(f32, u8)")]
pub struct QuantParams {
    scale: f32,
    zero_point: u8,
}

impl QuantParams {
    /// A scale, which must be a positive normal number, and a zero point.
    pub fn new(scale: f32, zero_point: u8) -> Option<Self> {
        (scale.is_normal() && scale > 0.0 && (1.0 / scale).is_normal()).then_some(Self { scale, zero_point })
    }

    /// The finest codes that reach from `low` to `high`, to half a step, and to zero. A range of nothing gets codes all the same.
    pub fn of_range(low: f32, high: f32) -> Self {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let zero = (-low / (high - low) * 255.0).round();
        let zero = if zero.is_finite() { zero.clamp(0.0, 255.0) } else { 0.0 };
        // Rounding the zero point moved one end outwards and the other inwards: the scale makes up for it.
        let below = if zero > 0.0 { -low / zero } else { 0.0 };
        let above = if zero < 255.0 { high / (255.0 - zero) } else { 0.0 };
        Self { scale: below.max(above).clamp(1e-6, 1e6), zero_point: zero as u8 }
    }

    /// Value of one step.
    pub fn scale(self) -> f32 {
        self.scale
    }

    /// The code of zero.
    pub fn zero_point(self) -> u8 {
        self.zero_point
    }

    /// The nearest code, ties to even.
    pub fn code(self, value: f32) -> u8 {
        (value * (1.0 / self.scale) + f32::from(self.zero_point)).clamp(0.0, 255.0).round_ties_even() as u8
    }

    /// What a code stands for.
    pub fn value(self, code: u8) -> f32 {
        self.scale * (f32::from(code) - f32::from(self.zero_point))
    }

    /// What an activation becomes.
    pub fn nearest(self, value: f32) -> f32 {
        self.value(self.code(value))
    }

    /// What a weight becomes: beyond the codes' range it stays as it is, because of clamp and bias.
    pub fn nearest_weight(self, weight: f32) -> f32 {
        let inside = (self.value(0)..=self.value(255)).contains(&weight);
        if inside { self.nearest(weight) } else { weight }
    }
}

impl TryFrom<(f32, u8)> for QuantParams {
    type Error = &'static str;

    fn try_from((scale, zero): (f32, u8)) -> Result<Self, Self::Error> {
        Self::new(scale, zero).ok_or("a scale must be a number above zero")
    }
}

impl From<QuantParams> for (f32, u8) {
    fn from(codes: QuantParams) -> Self {
        (codes.scale, codes.zero_point)
    }
}

/// Weights of one adder layer in the codes of its input.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantizedWeights {
    /// In the file's order, `[out, in, kh, kw]`.
    pub codes: Vec<u8>,
    /// `Σ|w − clamp(w)|` per output channel: what every one of its outputs is further away than its codes say.
    pub excess: Vec<f32>,
}

impl QuantizedWeights {
    /// Clamps and codes `[out, in, kh, kw]` weights of `cout` outputs.
    pub fn new(weight: &[f32], cout: usize, codes: QuantParams) -> Self {
        let (low, high) = (codes.value(0), codes.value(255));
        let beyond = |w: &f32| f64::from((w - w.clamp(low, high)).abs());
        let filters = weight.chunks_exact(weight.len() / cout);
        Self {
            codes: weight.iter().map(|&w| codes.code(w)).collect(),
            excess: filters.map(|filter| filter.iter().map(beyond).sum::<f64>() as f32).collect(),
        }
    }
}

impl Plan {
    /// The nodes whose values adder layers read, in order.
    pub fn adder_inputs(&self) -> Vec<usize> {
        let read = |i: &usize| self.nodes.iter().any(|n| matches!(n.op, Op::Adder { .. }) && n.inputs[0] == *i);
        (0..self.nodes.len()).filter(read).collect()
    }

    /// Whether it carries its 8-bit form.
    pub fn is_eight_bit(&self) -> bool {
        self.nodes.iter().any(|n| n.codes.is_some())
    }

    /// With codes for every value that an adder layer reads, by the nodes' names.
    ///
    /// # Errors
    /// If one has no codes, there are codes that nothing reads, or there is no adder layer.
    pub fn with_codes(mut self, codes: &BTreeMap<String, QuantParams>) -> Result<Self, WeightsError> {
        let read = self.adder_inputs();
        if read.is_empty() {
            return Err(WeightsError::Codes(
                "the network has no adder layers, the only ones with an 8-bit form".into(),
            ));
        }
        let names: Vec<&str> = read.iter().map(|&i| self.nodes[i].name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| !codes.contains_key(**name)) {
            return Err(WeightsError::Codes(format!(
                "`{CODES}` has no entry for `{name}`, which an adder layer reads"
            )));
        }
        if let Some(name) = codes.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(WeightsError::Codes(format!("`{CODES}` has an entry `{name}`, which no adder layer reads")));
        }
        for i in read {
            self.nodes[i].codes = codes.get(&self.nodes[i].name).copied();
        }
        Ok(self)
    }

    /// The parameters as a network in 8 bits computes with them: adder weights become what their codes stand for.
    pub fn in_codes(&self, params: &Params) -> Params {
        let mut acting = params.clone();
        for node in self.nodes.iter().filter(|n| matches!(n.op, Op::Adder { .. })) {
            if let Some(codes) = self.nodes[node.inputs[0]].codes {
                acting.values[node.params[0]].iter_mut().for_each(|w| *w = codes.nearest_weight(*w));
            }
        }
        acting
    }

    /// The same network in f32 alone.
    pub fn without_codes(&self) -> Self {
        let mut plan = self.clone();
        plan.nodes.iter_mut().for_each(|n| n.codes = None);
        plan
    }
}

/// The metadata entries of a plan's 8-bit form; none if it carries none.
pub fn to_metadata(plan: &Plan) -> BTreeMap<String, String> {
    let codes: BTreeMap<&str, QuantParams> =
        plan.nodes.iter().filter_map(|n| Some((n.name.as_str(), n.codes?))).collect();
    match serde_json::to_string(&codes) {
        Ok(text) if !codes.is_empty() => {
            BTreeMap::from([(PRECISION.to_owned(), "int8".to_owned()), (CODES.to_owned(), text)])
        }
        _ => BTreeMap::new(),
    }
}

/// The codes that a file's metadata holds, if it says that it carries an 8-bit form.
///
/// # Errors
/// If it says so and they cannot be understood, or it has codes and does not say so.
pub fn from_metadata(meta: &BTreeMap<String, String>) -> Result<Option<BTreeMap<String, QuantParams>>, WeightsError> {
    match (meta.get(PRECISION).map(String::as_str), meta.get(CODES)) {
        (None | Some("f32"), None) => Ok(None),
        (Some("int8"), Some(text)) => serde_json::from_str(text)
            .map(Some)
            .map_err(|e| WeightsError::Codes(format!("the metadata entry `{CODES}` cannot be understood ({e})"))),
        (Some("int8"), None) => Err(WeightsError::Codes(format!("the metadata has no entry `{CODES}`"))),
        (None | Some("f32"), Some(_)) => {
            Err(WeightsError::Codes(format!("there is `{CODES}`, but `{PRECISION}` is not `int8`")))
        }
        (Some(other), _) => {
            Err(WeightsError::Codes(format!("the metadata entry `{PRECISION}` is `{other}`; expected f32 or int8")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    #[test]
    fn codes_reach_both_ends_and_hold_zero() {
        for (low, high) in [(0.0, 1.0), (-0.5, 0.5), (-3.0, 0.0), (-0.01, 7.0), (0.25, 0.5), (-1e-9, 1e-9), (0.0, 0.0)]
        {
            let codes = QuantParams::of_range(low, high);
            assert_eq!(codes.value(codes.zero_point()), 0.0);
            assert_eq!(codes.code(0.0), codes.zero_point());
            // An end within half a step of a code is as good as reached: it rounds to that code.
            let slack = codes.scale() * 0.51;
            assert!(codes.value(0) <= low + slack && codes.value(255) >= high - slack, "{low} to {high}: {codes:?}");
            assert!(codes.value(255) - codes.value(0) <= 1.01 * (high.max(0.0) - low.min(0.0)) + 1e-3, "{codes:?}");
            (0..=255).for_each(|c| assert_eq!(codes.code(codes.value(c)), c));
        }
    }

    #[test]
    fn weights_inside_become_codes_and_those_outside_stay() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let codes =
            plan.adder_inputs().into_iter().map(|i| (plan.nodes[i].name.clone(), QuantParams::new(0.5, 2).unwrap()));
        let plan = plan.clone().with_codes(&codes.collect()).unwrap();
        let params = Params { values: plan.params.iter().map(|p| vec![0.6; p.numel()]).collect() };
        let acting = plan.in_codes(&params);
        let adders: Vec<usize> =
            plan.nodes.iter().filter(|n| matches!(n.op, Op::Adder { .. })).map(|n| n.params[0]).collect();
        for (i, values) in acting.values.iter().enumerate() {
            let expected = if adders.contains(&i) { 0.5 } else { 0.6 };
            assert!(values.iter().all(|&v| v == expected), "{}", plan.params[i].name);
        }
        let codes = QuantParams::new(0.5, 2).unwrap();
        assert_eq!([-1.2, -0.9, 126.4, 126.6].map(|w| codes.nearest_weight(w)), [-1.2, -1.0, 126.5, 126.6]);
    }

    /// On whole numbers, where f32 is exact: a layer with clamped weights and a bias equals the layer itself, for any
    /// activations within the codes' range.
    #[test]
    fn clamp_and_bias_is_exact() {
        let codes = QuantParams::new(1.0, 100).unwrap();
        let weight: Vec<f32> = (0..24).map(|i| (i * 389 % 1201) as f32 - 600.0).collect();
        let coded = QuantizedWeights::new(&weight, 3, codes);
        assert!(coded.excess.iter().all(|&e| e > 0.0), "some of these weights lie outside");
        for seed in 0..50 {
            let x: Vec<u8> = (0..8).map(|i| ((i * 7919 + seed * 104_729) % 256) as u8).collect();
            for o in 0..3 {
                let pairs = || x.iter().enumerate().map(|(i, &x)| (x, o * 8 + i));
                let plain: f32 = pairs().map(|(x, at)| (codes.value(x) - weight[at]).abs()).sum();
                let bytes: u32 = pairs().map(|(x, at)| u32::from(x.abs_diff(coded.codes[at]))).sum();
                assert_eq!(plain, codes.scale() * bytes as f32 + coded.excess[o]);
            }
        }
    }

    #[test]
    fn metadata_round_trip_keeps_every_bit() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let inputs = plan.adder_inputs();
        let name = |i: &usize| plan.nodes[*i].name.clone();
        assert_eq!(inputs.iter().map(name).collect::<Vec<_>>(), ["head", "body.0.0.power"]);
        let codes = inputs.iter().map(|i| (name(i), QuantParams::of_range(-0.1, 1.0 / (*i as f32 + 1.7)))).collect();
        let eight = plan.clone().with_codes(&codes).unwrap();
        assert!(eight.is_eight_bit() && !plan.is_eight_bit());
        assert_eq!(from_metadata(&to_metadata(&eight)).unwrap(), Some(codes));
        assert_eq!(eight.without_codes(), plan);
        assert!(to_metadata(&plan).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_name() {
        let message = |pairs: &[(&str, &str)]| {
            let meta = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
            let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
            let fits = from_metadata(&meta).and_then(|codes| plan.with_codes(&codes.unwrap_or_default()));
            fits.unwrap_err().to_string()
        };
        for (codes, word) in [
            (r#"{"head":[0.1,3]}"#, "body.0.0.power"),
            (r#"{"head":[0.1,3],"body.0.0.power":[0.1,3],"tail":[0.1,3]}"#, "tail"),
            (r#"{"head":[0.1,300]}"#, "300"),
            (r#"{"head":[0.0,3]}"#, "above zero"),
            (r#"{"head":[-1,3]}"#, "above zero"),
            ("[]", "cannot be understood"),
        ] {
            let text = message(&[(PRECISION, "int8"), (CODES, codes)]);
            assert!(text.contains(word) && text.contains("addersr quantize"), "{text}");
        }
        assert!(message(&[(PRECISION, "int8")]).contains(CODES));
        assert!(message(&[(CODES, "{}")]).contains(PRECISION));
        assert!(message(&[(PRECISION, "int4")]).contains("int4"));
        let twin = ModelSpec::new(Arch::Aedsr, 2, 4, 1).convolutional_twin().plan();
        assert!(twin.with_codes(&BTreeMap::new()).unwrap_err().to_string().contains("no adder layers"));
    }
}
