//! A few operations run alone, through the same interface as whole networks.
//!
//! A graph hands out gradients of parameters only, and the gradient of a layer's *input* must be seen too. So the layer's
//! input is itself made a parameter: the picture fed in has one channel per pixel, 1 at that pixel and 0 elsewhere, and a
//! 1×1 convolution in front looks up column `p` of its weight at pixel `p`. Its weight is then the layer's input and its
//! weight's gradient the layer's input gradient, exactly: every sum has one term that is not zero.

use super::empty_plan;
use addersr::{
    backend::{AdderGradient, Backend, Taps, Tile},
    nn::{Op, Params, Plan},
    tensor::{Shape, Size, Tensor},
};

/// Pushes the operations under test onto a plan, reading the given node.
pub type Build<'a> = &'a dyn Fn(&mut Plan, usize);

/// Everything one training step of a layer shows.
#[derive(Debug, PartialEq)]
pub struct Step {
    /// Its output in training mode.
    pub y: Tensor,
    /// Gradient of its input.
    pub of_x: Tensor,
    /// Gradients of its parameters (batch norm: mean and unbiased variance in the last two).
    pub of_params: Vec<Vec<f32>>,
}

/// One training step of a layer on `x` with `grad` as the gradient of its output.
pub fn step(
    backend: &dyn Backend,
    rule: AdderGradient,
    build: Build<'_>,
    x: &Tensor,
    params: &[Vec<f32>],
    grad: &Tensor,
) -> Step {
    let pixels = x.shape.pixels();
    let mut plan = empty_plan();
    let one_hot = plan.push("pixel", Op::Input { channels: pixels }, &[], "");
    let look_up = Op::Conv { cin: pixels, cout: x.shape.c, k: 1, bias: false };
    let input = plan.push("x", look_up, &[one_hot], "x");
    build(&mut plan, input);
    let params = Params { values: std::iter::once(columns(x)).chain(params.iter().cloned()).collect() };
    assert_shapes(&plan, &params);

    let mut picture = Tensor::zeros(x.shape.with_channels(pixels));
    (0..pixels).for_each(|p| picture.data[p * pixels + p] = 1.0);
    let mut graph = backend.graph(&plan, picture.shape, rule);
    graph.forward(&params, &picture);
    let output = plan.nodes.len() - 1;
    let y = graph.value(output).expect("the last value is kept");
    let mut gradients = graph.backward(&params, vec![(output, grad.clone())]).values;
    let of_x = from_columns(x.shape, &gradients.remove(0));
    Step { y, of_x, of_params: gradients }
}

/// A layer's output in evaluation mode, picture by picture.
pub fn evaluate(backend: &dyn Backend, build: Build<'_>, x: &Tensor, params: &[Vec<f32>]) -> Tensor {
    let mut plan = empty_plan();
    let input = plan.push("x", Op::Input { channels: x.shape.c }, &[], "");
    build(&mut plan, input);
    let params = Params { values: params.to_vec() };
    assert_shapes(&plan, &params);
    evaluate_plan(backend, &plan, &params, x, &mut Taps::default())
}

/// A plan's output in evaluation mode for a batch, picture by picture; each tap becomes a batch as well.
pub fn evaluate_plan(backend: &dyn Backend, plan: &Plan, params: &Params, x: &Tensor, taps: &mut Taps) -> Tensor {
    let Shape { n, h, w, c } = x.shape;
    let mut network = backend.network(plan, params);
    let mut outputs = Vec::new();
    let mut seen: Vec<Vec<Tensor>> = vec![Vec::new(); taps.wanted.len()];
    for picture in x.data.chunks_exact(h * w * c) {
        let picture = Tensor::from_vec(Shape::new(1, h, w, c), picture.to_vec());
        outputs.push(network.run(&picture, &Tile::whole(Size::new(w, h)), taps));
        for (all, (_, value)) in seen.iter_mut().zip(&mut taps.wanted) {
            all.push(value.take().expect("every tap asked for is filled"));
        }
    }
    for ((_, value), all) in taps.wanted.iter_mut().zip(seen) {
        *value = Some(stack(&all));
    }
    assert_eq!(outputs.len(), n);
    stack(&outputs)
}

fn stack(pictures: &[Tensor]) -> Tensor {
    let shape = Shape { n: pictures.len(), ..pictures[0].shape };
    Tensor::from_vec(shape, pictures.iter().flat_map(|p| p.data.iter().copied()).collect())
}

fn assert_shapes(plan: &Plan, params: &Params) {
    let (asked, given): (Vec<_>, Vec<_>) =
        (plan.params.iter().map(|p| p.numel()).collect(), params.values.iter().map(Vec::len).collect());
    assert_eq!(asked, given, "sizes of parameters");
}

/// `[c, pixels]`, the look-up's weight, of a picture `[pixels, c]`.
fn columns(x: &Tensor) -> Vec<f32> {
    let c = x.shape.c;
    (0..c).flat_map(|k| x.data.iter().skip(k).step_by(c).copied()).collect()
}

/// The picture whose [`columns`] these are.
fn from_columns(shape: Shape, columns: &[f32]) -> Tensor {
    let pixels = shape.pixels();
    let value = |i: usize| columns[(i % shape.c) * pixels + i / shape.c];
    Tensor::from_vec(shape, (0..shape.len()).map(value).collect())
}
