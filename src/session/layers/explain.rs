//! The arithmetic of one output: every term of the window, their sum as a distance and as a product, and what each operation
//! after it makes of it, down to the value that the map shows.
//!
//! The sums run in f32 in the order of `backend::reference` (dy, dx, channel), so that they are the network's own and not
//! an account of them. In 8 bits the terms are those of the codes, and the sum, which the network forms of whole
//! numbers, differs by rounding.

use super::source::{Source, chain};
use crate::nn::{
    Node, Op, Plan,
    layers::{batch_norm::inverse_std, power::power},
};

/// One tap: an input value and the weight that it is compared with or multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Row within the window.
    pub dy: usize,
    /// Column within the window.
    pub dx: usize,
    /// Input channel.
    pub channel: usize,
    /// Input value.
    pub x: f32,
    /// Weight.
    pub w: f32,
    /// Whether the pixel lies outside the picture, where zeros stand.
    pub outside: bool,
}

/// The window operation at the beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its name.
    pub name: String,
    /// Whether it is an adder layer.
    pub adder: bool,
    /// Side.
    pub k: usize,
    /// Terms in window order.
    pub terms: Vec<Term>,
    /// `−Σ|x − w|`.
    pub distance: f32,
    /// `Σ x·w` (plus the bias where the layer is a convolution that has one).
    pub product: f32,
    /// The convolution's bias.
    pub bias: Option<f32>,
}

/// How a value comes about.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// With its numbers.
    Numbers(String),
    /// `−Σ|x − w|`.
    Distance,
    /// `Σ x·w`, perhaps with a bias.
    Product {
        /// Whether there is one.
        bias: bool,
    },
    /// It is the picture's own.
    Picture,
    /// It came from another place, unchanged.
    Moved,
}

/// What one operation makes of the value before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// How.
    pub formula: Formula,
    /// The value after it.
    pub value: f32,
}

/// One value of a layer, worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Channel of the layer.
    pub channel: usize,
    /// Row in the map.
    pub y: usize,
    /// Column in the map.
    pub x: usize,
    /// The window operation; none where the layer is made of the picture alone.
    pub window: Option<Window>,
    /// What follows it; the first step is the window's own result.
    pub steps: Vec<Step>,
    /// The value in the map.
    pub value: f32,
}

/// Works out the value at (`y`, `x`) of a channel of the layer; `None` if the map has no such place.
pub fn explain(source: &Source, channel: usize, y: usize, x: usize) -> Option<Explained> {
    let shape = source.shown.shape;
    if y >= shape.h || x >= shape.w || channel >= shape.c {
        return None;
    }
    let plan = &source.model.plan;
    let path = chain(plan, source.node);
    let (&first, rest) = path.split_first()?;
    let last = OutputPos { channel, y, x };
    let begin = path[1..].iter().rev().fold(last, |place, &i| place.before(&plan.nodes[i]));
    let window = window(source, first, begin);
    let value = match &window {
        Some(w) if w.adder => w.distance,
        Some(w) => w.product,
        None => *source.at(first, begin.y as isize, begin.x as isize)?.get(begin.channel)?,
    };
    let formula = match &window {
        Some(w) if w.adder => Formula::Distance,
        Some(w) => Formula::Product { bias: w.bias.is_some() },
        None => Formula::Picture,
    };
    let mut steps = vec![Step { name: plan.nodes[first].name.clone(), formula, value }];
    let (mut value, mut before) = (value, first);
    for (n, &i) in rest.iter().enumerate() {
        let place = path[n + 2..].iter().rev().fold(last, |place, &j| place.before(&plan.nodes[j]));
        let step = step(source, plan, i, before, place, value)?;
        (value, before) = (step.value, i);
        steps.push(step);
    }
    Some(Explained { channel, y, x, window, steps, value: source.shown.pixel(0, y, x)[channel] })
}

#[derive(Clone, Copy)]
struct OutputPos {
    channel: usize,
    y: usize,
    x: usize,
}

impl OutputPos {
    /// Where the value comes from that `node` puts here.
    fn before(self, node: &Node) -> Self {
        match node.op {
            Op::PixelShuffle { scale } => Self {
                channel: self.channel * scale * scale + self.y % scale * scale + self.x % scale,
                y: self.y / scale,
                x: self.x / scale,
            },
            _ => self,
        }
    }
}

fn window(source: &Source, node: usize, place: OutputPos) -> Option<Window> {
    let node = &source.model.plan.nodes[node];
    let (adder, cin, k) = match node.op {
        Op::Adder { cin, k, .. } => (true, cin, k),
        Op::Conv { cin, k, .. } => (false, cin, k),
        _ => return None,
    };
    let values = &source.model.params.values;
    let weight = &values[node.params[0]];
    let bias = node.params.get(1).map(|&p| values[p][place.channel]);
    // In 8 bits, what input and weights are rounded to.
    let codes = source.model.plan.nodes[node.inputs[0]].codes.filter(|_| adder);
    let mut terms = Vec::with_capacity(k * k * cin);
    for dy in 0..k {
        for dx in 0..k {
            let (y, x) = ((place.y + dy) as isize - (k / 2) as isize, (place.x + dx) as isize - (k / 2) as isize);
            let pixel = source.at(node.inputs[0], y, x);
            for c in 0..cin {
                let w = weight[((place.channel * cin + c) * k + dy) * k + dx];
                let x = pixel.map_or(0.0, |p| p[c]);
                let (x, w) = codes.map_or((x, w), |codes| (codes.nearest(x), codes.nearest_weight(w)));
                terms.push(Term { dy, dx, channel: c, x, w, outside: pixel.is_none() });
            }
        }
    }
    let distance = terms.iter().fold(0.0, |sum, t| sum - (t.x - t.w).abs());
    let product = terms.iter().filter(|t| !t.outside).fold(0.0, |sum, t| sum + t.x * t.w) + bias.unwrap_or(0.0);
    Some(Window { name: node.name.clone(), adder, k, terms, distance, product, bias })
}

/// What node `i` makes of `value`, the value of node `before` there.
fn step(source: &Source, plan: &Plan, i: usize, before: usize, place: OutputPos, value: f32) -> Option<Step> {
    let node = &plan.nodes[i];
    let param = |k: usize| &source.model.params.values[node.params[k]];
    let c = place.channel;
    let (formula, value) = match node.op {
        Op::Shift { by } => (format!("{value:.4} {by:+}"), value + by),
        Op::BatchNorm { .. } => {
            let (weight, bias, mean, variance) = (param(0)[c], param(1)[c], param(2)[c], param(3)[c]);
            let gain = inverse_std(variance) * weight;
            let result = (value - mean) * inverse_std(variance) * weight + bias;
            (format!("({value:.3} − {mean:.3}) · {gain:.4} {bias:+.4}"), result)
        }
        Op::Add { scale } => {
            let first = node.inputs.first() == Some(&before);
            let other = *node.inputs.iter().find(|&&input| input != before)?;
            let skip = *source.at(other, place.y as isize, place.x as isize)?.get(c)?;
            let result = if first { value + scale * skip } else { skip + scale * value };
            let times = if scale == 1.0 { String::new() } else { format!("{scale} · ") };
            let what = &plan.nodes[other].name;
            let formula = if first {
                format!("{value:.4} + {times}{skip:.4} ({what})")
            } else {
                format!("{skip:.4} ({what}) + {times}{value:.4}")
            };
            (formula, result)
        }
        Op::Relu => (format!("max({value:.4}, 0)"), value.max(0.0)),
        Op::Power { alphas } => {
            let alpha = param(0)[if alphas == 1 { 0 } else { c }];
            (format!("sign · |{value:.4}|^{alpha:.3}"), power(value, alpha))
        }
        Op::PixelShuffle { .. } => {
            return Some(Step { name: node.name.clone(), formula: Formula::Moved, value });
        }
        Op::Input { .. } | Op::Conv { .. } | Op::Adder { .. } | Op::Bicubic { .. } => return None,
    };
    Some(Step { name: node.name.clone(), formula: Formula::Numbers(formula), value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::{Backend, Choice, Rect, cpu::Cpu, reference::Reference},
        infer::CancelToken,
        nn::Model,
        session::{
            Shared,
            models::ModelRef,
            open::{Origin, open},
        },
    };
    use std::sync::Arc;

    /// Every kind of layer, at the picture's corner, at its edge and inside, on the plain loops and on the fast engine, in
    /// f32 and in 8 bits.
    #[test]
    fn the_arithmetic_ends_at_the_value_of_the_map() {
        let models = Shared::new(Choice::Cpu).models;
        let coded = models.for_factor(2.0, crate::infer::bundled::Kind::Clean).unwrap();
        check(&models.get(&ModelRef::Floats(Box::new(coded.clone()))).unwrap());
        check(&models.get(&coded).unwrap());
    }

    fn check(model: &Arc<Model>) {
        let photo = open(Origin::Sample).unwrap();
        let layers =
            ["centred", "head", "body.0.0.adder", "body.0.0.power", "body.1.1.shortcut", "body.0", "body", "tail"];
        for (backend, exact) in [(&Reference as &dyn Backend, true), (&Cpu::new(), false)] {
            for layer in layers.into_iter().chain(["shuffle", "output", "bicubic"]) {
                let node = model.plan.find(layer).unwrap();
                let region = Rect { y: 0, x: 0, h: 6, w: 9 };
                let source = Source::read(&photo.pixels, model, region, node, backend, &CancelToken::new()).unwrap();
                for (y, x) in [(0, 0), (5, 8), (3, 4), (0, 7)] {
                    let of = explain(&source, source.shown.shape.c - 1, y, x).unwrap();
                    let (end, map) = (of.steps.last().unwrap().value, of.value);
                    // Batch norm's factor and offset may be folded by a fast engine: a few roundings of the sum.
                    let near = 2e-5 * of.steps.iter().map(|s| s.value.abs()).fold(1.0, f32::max);
                    assert!((end - map).abs() <= near, "{layer} at {y},{x}: {end} and {map}");
                    // The fast engine sums maxima and subtracts once (`backend::cpu::window`), which rounds otherwise.
                    if exact && layer.ends_with("adder") && !model.plan.is_eight_bit() {
                        assert_eq!(end, map, "the sum itself is exact");
                    }
                    if let (Some(w), (0, 0)) = (&of.window, (y, x)) {
                        let (cin, k) = (w.terms.len() / (w.k * w.k), w.k);
                        let inside = k.div_ceil(2) * k.div_ceil(2);
                        assert_eq!(w.terms.iter().filter(|t| t.outside).count(), cin * (k * k - inside), "{layer}");
                    }
                }
                assert_eq!(explain(&source, 0, 600, 0), None);
            }
        }
    }
}
