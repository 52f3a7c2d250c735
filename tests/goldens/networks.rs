//! Whole networks: evaluation with feature maps, the first step's gradients, three steps of training.

use crate::common::{compare::assert_close, golden::Golden, layer::evaluate_plan, on_every_backend};
use addersr::{
    backend::{AdderGradient, Backend, Gradients, Taps},
    nn::{Arch, ModelSpec, Params, Plan},
    tensor::Tensor,
    train::{Optimiser, Settings, loss::mean_absolute, optim::State},
};

const SCALES: [usize; 3] = [2, 3, 4];

#[allow(dead_code, reason = "tests/gpu has no list of files")]
pub(super) fn files() -> impl Iterator<Item = String> {
    SCALES.iter().map(|s| format!("aedsr_x{s}")).chain(["avdsr".to_owned()])
}

/// The network of `aedsr_x{scale}`: 16 channels, two blocks.
pub(super) fn aedsr(scale: usize) -> (Golden, Plan) {
    (Golden::load(&format!("aedsr_x{scale}")), ModelSpec::new(Arch::Aedsr, scale, 16, 2).plan())
}

fn aedsr_evaluated_with_feature_maps() {
    for scale in SCALES {
        let (golden, plan) = aedsr(scale);
        let params = golden.params(&plan, "param.");
        let names = golden.names("tap.");
        assert_eq!(names.len(), 12, "three of each of four units");
        on_every_backend(|backend| {
            let mut taps = Taps::of(names.iter().map(|n| plan.find(n).unwrap()));
            let y = evaluate_plan(backend, &plan, &params, &golden.picture("x"), &mut taps);
            // As for a unit, through four of them: errors add up, and stay relative to the largest value.
            assert_close(&format!("×{scale} y_eval"), &y.to_nchw(), golden.values("y_eval"), 1e-5);
            for (name, (_, value)) in names.iter().zip(&taps.wanted) {
                let expected = golden.values(&format!("tap.{name}"));
                assert_close(&format!("×{scale} {name}"), &value.as_ref().unwrap().to_nchw(), expected, 1e-5);
            }
        });
    }
}

fn avdsr_evaluated() {
    let golden = Golden::load("avdsr");
    let plan = ModelSpec::new(Arch::Avdsr, 2, 16, 3).plan();
    let params = golden.params(&plan, "param.");
    on_every_backend(|backend| {
        let y = evaluate_plan(backend, &plan, &params, &golden.picture("x"), &mut Taps::default());
        // As for `aedsr`.
        assert_close("y_eval", &y.to_nchw(), golden.values("y_eval"), 1e-5);
    });
}

/// One training step's loss, mean |y − target|, and its gradients.
fn loss_and_gradients(
    backend: &dyn Backend,
    plan: &Plan,
    params: &Params,
    x: &Tensor,
    target: &Tensor,
) -> (f32, Gradients) {
    let mut graph = backend.graph(plan, x.shape, AdderGradient::FullPrecision);
    graph.forward(params, x);
    let output = plan.nodes.len() - 1;
    let y = graph.value(output).expect("the last value is kept");
    let mut seed = Tensor::zeros(y.shape);
    let loss = mean_absolute(&y, target, 1.0, &mut seed);
    (loss, graph.backward(params, vec![(output, seed)]))
}

fn first_step_gradients() {
    for scale in SCALES {
        let (golden, plan) = aedsr(scale);
        let params = golden.params(&plan, "param.");
        on_every_backend(|backend| {
            let (loss, gradients) =
                loss_and_gradients(backend, &plan, &params, &golden.picture("x"), &golden.picture("target"));
            assert_close("loss", &[loss], &golden.values("losses")[..1], 1e-6);
            let mut seen = 0;
            for (spec, gradient) in plan.params.iter().zip(&gradients.values).filter(|(s, _)| s.kind.learnt()) {
                let expected = golden.values(&format!("grad.{}", spec.name));
                // Gradients are sums of thousands of terms of both signs, and pass four batch norms on the way down.
                assert_close(&format!("×{scale} {}", spec.name), gradient, expected, 2e-5);
                seen += 1;
            }
            assert_eq!(seen, golden.names("grad.").len());
        });
    }
}

/// Fails unless most values arrived where expected and none strayed far.
///
/// No bound on every single value can be tight: the loss |y − target| has a kink, and where an output meets its target to
/// within f32 rounding (one of the 7,722 at ×3 does) its gradient has one sign or the other. That changes all gradients by
/// some 1e-4 of their size, and Adam, which divides each by its own size, moves a weight whose gradient is nearly zero
/// by any part of the rate, 1e-3. So half of the values must be within 3e-6, and the root mean square of all errors within
/// two hundredths of that of the way they went.
fn assert_moved_alike(what: &str, start: &[f32], actual: &[f32], expected: &[f32]) {
    let far = |from: &[f32]| -> Vec<f32> { from.iter().zip(expected).map(|(a, e)| (a - e).abs()).collect() };
    let rms = |far: &[f32]| (far.iter().map(|d| d * d).sum::<f32>() / far.len() as f32).sqrt();
    let (mut off, way) = (far(actual), far(start));
    let (error, distance) = (rms(&off), rms(&way));
    assert!(error <= 0.02 * distance, "{what}: off by {error:e} after a way of {distance:e}");
    off.sort_by(f32::total_cmp);
    let median = off[off.len() / 2];
    assert!(median <= 3e-6, "{what}: half of the values are off by more than {median:e}");
}

/// Fails unless three steps went where the golden ones did, running statistics included.
pub(super) fn assert_after_three_steps(plan: &Plan, scale: usize, start: &Params, actual: &Params, expected: &Params) {
    for (i, spec) in plan.params.iter().enumerate() {
        let what = format!("×{scale} {}", spec.name);
        let [start, actual, expected] = [start, actual, expected].map(|p| p.values[i].as_slice());
        if spec.kind.learnt() {
            assert_moved_alike(&what, start, actual, expected);
        } else {
            assert_close(&what, actual, expected, 1e-6);
        }
    }
}

/// The trainer's loss, optimiser and running statistics, with adder gradients scaled by the adaptive rate.
fn three_steps_of_adam() {
    let settings = Settings { optimiser: Optimiser::Adam, adaptive: true, adder_rate: 1.0, ..Settings::default() };
    for scale in SCALES {
        let (golden, plan) = aedsr(scale);
        let (x, target) = (golden.picture("x"), golden.picture("target"));
        let start = golden.params(&plan, "param.");
        let after = golden.params(&plan, "after3.");
        on_every_backend(|backend| {
            let mut params = start.clone();
            let mut adam = State::new(&plan);
            let mut losses = Vec::new();
            for _ in 0..3 {
                let (loss, gradients) = loss_and_gradients(backend, &plan, &params, &x, &target);
                losses.push(loss);
                adam.step(&plan, &mut params, &gradients, &settings, 1e-3);
            }
            assert_close(&format!("×{scale} losses"), &losses, golden.values("losses"), 1e-6);
            assert_after_three_steps(&plan, scale, &start, &params, &after);
        });
    }
}

tests!(aedsr_evaluated_with_feature_maps, avdsr_evaluated, first_step_gradients, three_steps_of_adam);
