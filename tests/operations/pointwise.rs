//! The other operations on every backend: equality where only copies, comparisons and exact sums are made, a tolerance
//! where square roots and powers are.

use crate::common::{
    backends,
    compare::assert_close,
    layer::{Step, evaluate, step},
    numbers::Numbers,
};
use addersr::{
    backend::{AdderGradient, reference::Reference},
    nn::{Op, Plan},
    tensor::{Shape, Tensor},
};

/// Around vector widths, one pixel and many, one picture and several.
fn shapes() -> impl Iterator<Item = Shape> {
    let channels = [1, 3, 8, 20, 33];
    let pictures = [(1, 1, 1), (1, 1, 7), (3, 5, 1), (3, 7, 9)];
    channels.into_iter().flat_map(move |c| pictures.map(|(n, h, w)| Shape::new(n, h, w, c)))
}

/// What to compare a step's values with: the plain loops'.
type Check<'a> = &'a dyn Fn(&str, &[f32], &[f32]);

fn equal(what: &str, actual: &[f32], expected: &[f32]) {
    assert_eq!(actual, expected, "{what}");
}

/// Compares one training step and, with running statistics among `params`, evaluation.
fn compare(x: &Tensor, params: &[Vec<f32>], seed: u64, build: impl Fn(&mut Plan, usize), check: Check<'_>) {
    let rule = AdderGradient::default();
    let output = evaluate(&Reference, &build, x, params);
    let grad = Numbers::new(seed).lattice_tensor(output.shape);
    let expected = step(&Reference, rule, &build, x, params, &grad);
    for backend in &backends()[1..] {
        let case = |what: &str| format!("{what} on {}, {}", x.shape, backend.name());
        check(&case("evaluation"), &evaluate(backend.as_ref(), &build, x, params).data, &output.data);
        let Step { y, of_x, of_params } = step(backend.as_ref(), rule, &build, x, params, &grad);
        check(&case("training"), &y.data, &expected.y.data);
        check(&case("gradient of the input"), &of_x.data, &expected.of_x.data);
        for (i, (a, e)) in of_params.iter().zip(&expected.of_params).enumerate() {
            check(&case(&format!("gradient of parameter {i}")), a, e);
        }
    }
}

fn shift() {
    for (seed, shape) in shapes().enumerate() {
        let x = Numbers::new(seed as u64).lattice_tensor(shape);
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::Shift { by: -0.5 }, &[x], "");
        };
        compare(&x, &[], seed as u64 + 100, build, &equal);
    }
}

fn relu() {
    for (seed, shape) in shapes().enumerate() {
        let x = Numbers::new(seed as u64).lattice_tensor(shape);
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::Relu, &[x], "");
        };
        compare(&x, &[], seed as u64 + 100, build, &equal);
    }
}

/// Both inputs, in both orders, and one value read by two operations: its gradients must be added up.
fn add() {
    for (seed, shape) in shapes().enumerate() {
        let x = Numbers::new(seed as u64).lattice_tensor(shape);
        for scale in [1.0, -0.25] {
            let build = |plan: &mut Plan, x: usize| {
                let relu = plan.push("relu", Op::Relu, &[x], "");
                let shifted = plan.push("shifted", Op::Shift { by: 2.0 }, &[x], "");
                let first = plan.push("first", Op::Add { scale }, &[shifted, relu], "");
                plan.push("y", Op::Add { scale }, &[relu, first], "");
            };
            compare(&x, &[], seed as u64 + 100, build, &equal);
        }
    }
}

fn pixel_shuffle() {
    for scale in 1..=4 {
        for (seed, shape) in shapes().enumerate().filter(|(_, s)| s.c < 20) {
            let x = Numbers::new(seed as u64).lattice_tensor(shape.with_channels(shape.c * scale * scale));
            let build = |plan: &mut Plan, x: usize| {
                plan.push("y", Op::PixelShuffle { scale }, &[x], "");
            };
            compare(&x, &[], seed as u64 + 100, build, &equal);
        }
    }
}

fn bicubic() {
    for scale in 1..=4 {
        for (seed, shape) in shapes().enumerate().filter(|(_, s)| s.c < 20) {
            let x = Numbers::new(seed as u64).float_tensor(shape, 1.0);
            let build = |plan: &mut Plan, x: usize| {
                plan.push("y", Op::Bicubic { scale }, &[x], "");
            };
            // Weights whose magnitudes sum to less than 2, rounded to f32 and added up in f32: some units of 6e-8.
            compare(&x, &[], seed as u64 + 100, build, &|what, a, e| assert_close(what, a, e, 1e-6));
        }
    }
}

fn power() {
    for (seed, shape) in shapes().enumerate() {
        let mut numbers = Numbers::new(seed as u64);
        let mut x = numbers.float_tensor(shape, 2.0);
        x.data[0] = 0.0;
        for alphas in [1, shape.c] {
            let exponents: Vec<f32> = numbers.floats(alphas, 0.6).iter().map(|v| v + 1.0).collect();
            let build = |plan: &mut Plan, x: usize| {
                plan.push("y", Op::Power { alphas }, &[x], "y");
            };
            // Exponential and logarithm are approximated, to a few units in the last place each; an error of the logarithm
            // (up to 7, at the floor of 1e-3) is multiplied through the exponential.
            compare(&x, &[exponents], seed as u64 + 100, build, &|what, a, e| assert_close(what, a, e, 3e-6));
        }
    }
}

fn batch_norm() {
    // Not of one value: its variance is 0, and 1/√ε = 316 enlarges every rounding.
    for (seed, shape) in shapes().enumerate().filter(|(_, s)| s.pixels() > 1) {
        let mut numbers = Numbers::new(seed as u64);
        // Like an adder layer's outputs: far from zero, close together.
        let mut x = numbers.float_tensor(shape, 8.0);
        x.data.iter_mut().for_each(|v| *v -= 100.0);
        let c = shape.c;
        let positive = |v: Vec<f32>| v.into_iter().map(|v| v + 1.0).collect::<Vec<_>>();
        let params = [
            positive(numbers.floats(c, 0.5)),
            numbers.floats(c, 1.0),
            numbers.floats(c, 2.0).into_iter().map(|v| v - 100.0).collect(),
            positive(numbers.floats(c, 0.9)),
        ];
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::BatchNorm { channels: c }, &[x], "y");
        };
        // Folded to x·s + t, values near 100·s cancel down to size 1: 100 units of 6e-8, over a deviation of at least 0.3.
        compare(&x, &params, seed as u64 + 100, build, &|what, a, e| assert_close(what, a, e, 3e-5));
    }
}

tests!(shift, relu, add, pixel_shuffle, bicubic, power, batch_norm);
