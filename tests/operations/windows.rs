//! Adder layers and convolutions on integer lattices: equality, forward and backward, over shapes at which kernels take
//! other paths (channels around vector widths, pictures smaller than the window, rows around block lengths).

use crate::common::{
    backends, gpu,
    layer::{Build, evaluate, step},
    numbers::Numbers,
};
use addersr::{
    backend::{AdderGradient, reference::Reference},
    nn::{Op, Plan},
    tensor::Shape,
};

const CHANNELS: [usize; 12] = [1, 3, 5, 8, 12, 16, 20, 27, 32, 33, 48, 64];
const SMALL_PICTURES: [(usize, usize); 4] = [(1, 1), (1, 7), (5, 1), (7, 9)];
const LARGE_PICTURE: (usize, usize) = (33, 17);

/// Channels in and out, window, batch.
type Case = (usize, usize, usize, Shape);

/// Every number of channels with itself and with the next, every window, every small picture in both batches. The large
/// picture, which takes the plain loops half of the time, has every number of channels with itself and the window that
/// all models use, and one pair with all windows and both batches.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (i, &cin) in CHANNELS.iter().enumerate() {
        for cout in [cin, CHANNELS[(i + 1) % CHANNELS.len()]] {
            for (h, w) in SMALL_PICTURES {
                for n in [1, 3] {
                    cases.extend([1, 3, 5].map(|k| (cin, cout, k, Shape::new(n, h, w, cin))));
                }
            }
            let (h, w) = LARGE_PICTURE;
            if cin == cout {
                cases.push((cin, cout, 3, Shape::new(1, h, w, cin)));
            } else if (cin, cout) == (20, 27) {
                cases.extend([(1, 1), (3, 1), (5, 1), (3, 3)].map(|(k, n)| (cin, cout, k, Shape::new(n, h, w, cin))));
            }
        }
    }
    cases
}

/// Compares all backends with the plain loops on one operation. The largest sums, of 1,683 pixels times 14·7, stay below
/// 2²⁴: every order of summation gives the same f32.
fn compare(cases: Vec<Case>, op: impl Fn(usize, usize, usize) -> Op, rule: AdderGradient) {
    let backends = backends();
    // Software Vulkan takes milliseconds per kernel: every fourth case there, which meets every window and every extent.
    let every = if gpu::chosen() { 4 } else { 1 };
    for (seed, (cin, cout, k, shape)) in cases.into_iter().enumerate().step_by(every) {
        let op = op(cin, cout, k);
        let mut numbers = Numbers::new(seed as u64);
        let x = numbers.lattice_tensor(shape);
        let grad = numbers.lattice_tensor(shape.with_channels(cout));
        let mut params = vec![numbers.lattice(cout * cin * k * k)];
        if let Op::Conv { bias: true, .. } = op {
            params.push(numbers.lattice(cout));
        }
        let build: Build<'_> = &|plan: &mut Plan, input: usize| {
            plan.push("y", op, &[input], "y");
        };
        let expected = step(&Reference, rule, build, &x, &params, &grad);
        for backend in &backends[1..] {
            let actual = step(backend.as_ref(), rule, build, &x, &params, &grad);
            let case = format!("{op:?} on {shape}, {}", backend.name());
            assert!(actual.y == expected.y, "{case}: output in training");
            assert!(actual.of_x == expected.of_x, "{case}: gradient of the input");
            for (i, (a, e)) in actual.of_params.iter().zip(&expected.of_params).enumerate() {
                assert!(a == e, "{case}: gradient of parameter {i}");
            }
            let evaluated = evaluate(backend.as_ref(), build, &x, &params);
            assert!(evaluated == expected.y, "{case}: output in evaluation");
        }
    }
}

fn adder() {
    compare(cases(), |cin, cout, k| Op::Adder { cin, cout, k }, AdderGradient::FullPrecision);
}

fn adder_with_sign_gradients() {
    // The same walk through memory with another formula: one window is enough.
    let cases = cases().into_iter().filter(|&(_, _, k, shape)| k == 3 && shape.h < LARGE_PICTURE.0).collect();
    compare(cases, |cin, cout, k| Op::Adder { cin, cout, k }, AdderGradient::Sign);
}

fn convolution() {
    compare(cases(), |cin, cout, k| Op::Conv { cin, cout, k, bias: cin != cout }, AdderGradient::default());
}

tests!(adder, adder_with_sign_gradients, convolution);
