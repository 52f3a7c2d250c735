//! The flat-field response: what a layer answers to a patch of one grey, with its own weights (AdderSR, CVPR 2021, §3.2).
//!
//! A convolution's answer to a flat patch `s` is a straight line through zero, so a weight sum of 0 makes it blind to flat
//! areas (a high-pass) and one of 1 passes them on (identity). An adder layer's, `−Σ|s − w|`, is a tent whatever its
//! weights are: it can be neither. The shortcut adds `s`, which gives it the line; the power activation bends the sum so
//! that small values and large ones part, which gives it the high-pass.
//!
//! The tent lies hundreds below zero, so every curve is shown after this layer's batch norm; the rival operation, which
//! this batch norm was not trained for, gets its factor only.

use super::source::chain;
use crate::nn::{
    Model, Op,
    layers::{batch_norm::inverse_std, power::power},
};

/// Greys per curve.
const STEPS: usize = 128;

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A convolution.
    Convolution,
    /// A plain adder layer.
    Adder,
    /// An adder layer with its self-shortcut.
    Shortcut,
    /// The same with the power activation behind it.
    Power {
        /// Whether a ReLU stands between.
        relu: bool,
    },
}

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it is the answer of.
    pub of: Answer,
    /// (grey, answer).
    pub points: Vec<[f64; 2]>,
    /// Largest minus smallest answer.
    pub span: f64,
    /// Largest distance from the straight line between its ends.
    pub bend: f64,
}

/// The curves of one output channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Flat {
    /// The window operation whose weights they are.
    pub layer: String,
    /// Convolution, adder, with shortcut, with power, as far as the unit has them.
    pub curves: Vec<Curve>,
}

/// The answers of the unit that leads to `node`, for output channel `channel`; `None` where there is no window operation
/// or no such channel.
pub fn flat(model: &Model, node: usize, channel: usize) -> Option<Flat> {
    let (plan, values) = (&model.plan, &model.params.values);
    let path = chain(plan, node);
    let layer = &plan.nodes[*path.first()?];
    let (adder, cin, k) = match layer.op {
        Op::Adder { cin, k, .. } => (true, cin, k),
        Op::Conv { cin, k, .. } => (false, cin, k),
        _ => return None,
    };
    let weights = values[layer.params[0]].chunks_exact(cin * k * k).nth(channel)?;
    let bias = if adder { 0.0 } else { layer.params.get(1).map_or(0.0, |&p| values[p][channel]) };
    let (mut gain, mut offset) = (1.0, bias);
    let (mut shortcut, mut relu, mut alpha) = (false, false, None);
    for &i in &path[1..] {
        let after = &plan.nodes[i];
        let param = |k: usize| values[after.params[k]][channel.min(values[after.params[k]].len() - 1)];
        match after.op {
            Op::BatchNorm { .. } => {
                gain = inverse_std(param(3)) * param(0);
                offset = param(1) - param(2) * gain;
            }
            Op::Add { .. } if after.inputs.contains(&layer.inputs[0]) => shortcut = true,
            Op::Relu => relu = true,
            Op::Power { .. } => alpha = Some(param(0)),
            _ => break,
        }
    }
    let product = |s: f32| weights.iter().map(|w| s * w).sum::<f32>();
    let distance = |s: f32| -weights.iter().map(|w| (s - w).abs()).sum::<f32>();
    let own = |sum: f32| sum * gain + offset;
    let convolution = |s| if adder { product(s) * gain } else { own(product(s)) };
    let plain = |s| if adder { own(distance(s)) } else { distance(s) * gain };
    let mut curves = vec![curve(Answer::Convolution, convolution), curve(Answer::Adder, plain)];
    let with_shortcut = |s| plain(s) + s;
    if adder && shortcut {
        curves.push(curve(Answer::Shortcut, with_shortcut));
    }
    if let (true, true, Some(alpha)) = (adder, shortcut, alpha) {
        let rectify = |v: f32| if relu { v.max(0.0) } else { v };
        curves.push(curve(Answer::Power { relu }, |s| power(rectify(with_shortcut(s)), alpha)));
    }
    Some(Flat { layer: layer.name.clone(), curves })
}

fn curve(of: Answer, answer: impl Fn(f32) -> f32) -> Curve {
    let grey = |i: usize| i as f64 / STEPS as f64;
    let points: Vec<[f64; 2]> = (0..=STEPS).map(|i| [grey(i), f64::from(answer(grey(i) as f32))]).collect();
    let (first, last) = (points[0][1], points[STEPS][1]);
    let (low, high) = points.iter().fold((first, first), |(lo, hi), p| (p[1].min(lo), p[1].max(hi)));
    let bend = points.iter().map(|p| (p[1] - (first + (last - first) * p[0])).abs()).fold(0.0, f64::max);
    Curve { of, points, span: high - low, bend }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec, Params};

    /// One channel, all weights 0.5, batch norm the identity, α = 2.
    fn model() -> Model {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 1, 1).plan();
        let mut params = Params::zeros(&plan);
        for (spec, values) in plan.params.iter().zip(&mut params.values) {
            let v = match spec.name.rsplit_once('.').unwrap().1 {
                "weight" if spec.name.contains("adder") => 0.5,
                "weight" => 1.0,
                "running_var" => 1.0,
                "alpha" => 2.0,
                _ => 0.0,
            };
            values.fill(v);
        }
        Model { plan, params, card: Default::default() }
    }

    #[test]
    fn a_tent_for_the_adder_and_a_line_for_the_convolution() {
        let model = model();
        let flat = flat(&model, model.plan.find("body.0.1.power").unwrap(), 0).unwrap();
        let answers: Vec<_> = flat.curves.iter().map(|c| c.of).collect();
        let all = [Answer::Convolution, Answer::Adder, Answer::Shortcut, Answer::Power { relu: false }];
        assert_eq!(answers, all);
        let at = |curve: usize, i: usize| flat.curves[curve].points[i][1];
        // Batch norm divides by √(1 + ε), ε = 1e-5: half of that, twice for the square.
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 2e-5 * b.abs().max(1.0), "{a} and {b}");
        for (s, i) in [(0.0, 0), (0.5, 64), (1.0, 128)] {
            let tent = -9.0 * (s - 0.5f64).abs();
            near(at(0, i), 4.5 * s);
            near(at(1, i), tent);
            near(at(2, i), tent + s);
            near(at(3, i), (tent + s).abs().powi(2).copysign(tent + s));
        }
        assert!(flat.curves[0].bend < 1e-4, "a line");
        near(flat.curves[1].bend, 4.5);
        near(flat.curves[1].span, 4.5);
    }

    #[test]
    fn layers_without_a_window_have_none_and_the_head_has_no_shortcut() {
        let model = model();
        let of = |name: &str| flat(&model, model.plan.find(name).unwrap(), 0);
        assert_eq!(of("input"), None);
        assert_eq!(of("head").unwrap().curves.len(), 2);
        assert_eq!(of("body.0.0.power").unwrap().curves[3].of, Answer::Power { relu: true });
    }
}
