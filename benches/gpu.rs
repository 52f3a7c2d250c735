//! Adder layers on the graphics device: the fast kernel against the naive one, and operations per second beside the
//! adapter's name. An adder tap is two additions; peak f32 is quoted in fused multiply-adds, so that half of a card's
//! "TFLOPS" is the most that additions can reach.
//!
//! Then a training step: by gradients for the host's optimiser against whole on the device, as a ratio, and the longest
//! submissions.
//!
//! `cargo bench --bench gpu`; without an adapter it says so and ends. No interface tells a card's peak: with
//! `ADDERSR_PEAK_TFLOPS`, as its maker quotes them, the share of it is shown too.

use addersr::{
    backend::{
        AdderGradient, Backend, Learnt, State, Taps, Tile,
        gpu::{AdapterKind, AdderKernel, Gpu, list},
    },
    nn::{Arch, ModelSpec, Op, Params, Plan},
    tensor::{Shape, Size, Tensor},
    train::{Settings, init::init, loss::mean_absolute, optim},
};
use criterion::{BenchmarkId, Criterion, Throughput};
use std::time::Instant;

const SIDE: usize = 64;
/// Layers in a row, so that upload and download weigh little.
const LAYERS: usize = 4;
/// The same on a real card, which is hardly begun after so little.
const CARD: (usize, usize) = (512, 64);

fn stack(channels: usize, layers: usize) -> (Plan, Params) {
    let mut plan = Plan::new(ModelSpec::new(Arch::Aedsr, 1, channels, 1));
    let mut at = plan.push("x", Op::Input { channels }, &[], "");
    for i in 0..layers {
        at = plan.push(format!("{i}"), Op::Adder { cin: channels, cout: channels, k: 3 }, &[at], &format!("{i}"));
    }
    let values = plan.params.iter().map(|p| (0..p.numel()).map(|i| (i % 17) as f32 / 8.0 - 1.0).collect());
    let params = Params { values: values.collect() };
    (plan, params)
}

fn adder(criterion: &mut Criterion, gpu: &Gpu) {
    let report = gpu.info();
    let mut group = criterion.benchmark_group(format!("adder 3×3 on {}", report.name));
    group.sample_size(10);
    for channels in [32, 64] {
        let (plan, params) = stack(channels, LAYERS);
        let shape = Shape::new(1, SIDE, SIDE, channels);
        let picture = Tensor::from_vec(shape, (0..shape.len()).map(|i| (i % 13) as f32 / 6.0 - 1.0).collect());
        group.throughput(Throughput::Elements(plan.cost(Size::square(SIDE), false).additions));
        for (name, kernel) in [("fast", AdderKernel::Fast), ("naive", AdderKernel::Naive)] {
            let mut network = gpu.clone().with_adder_kernel(kernel).network(&plan, &params);
            group.bench_function(BenchmarkId::new(name, channels), |b| {
                b.iter(|| network.run(&picture, &Tile::whole(Size::square(SIDE)), &mut Taps::default()));
            });
        }
    }
    group.finish();
}

/// Seconds of the fastest of some runs.
fn fastest(runs: usize, mut run: impl FnMut()) -> f64 {
    let timed = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(timed).fold(f64::INFINITY, f64::min)
}

/// Additions per second of the fast kernel, and their share of what the card could do.
fn share_of_peak(gpu: &Gpu) {
    let channels = 64;
    let (side, layers) = if gpu.info().kind == AdapterKind::Software { (SIDE, LAYERS) } else { CARD };
    let (plan, params) = stack(channels, layers);
    let shape = Shape::new(1, side, side, channels);
    let picture = Tensor::from_vec(shape, (0..shape.len()).map(|i| (i % 13) as f32 / 6.0 - 1.0).collect());
    let mut network = gpu.network(&plan, &params);
    let seconds = fastest(5, || {
        network.run(&picture, &Tile::whole(Size::square(side)), &mut Taps::default());
    });
    let rate = plan.cost(Size::square(side), false).additions as f64 / seconds;
    let peak = std::env::var("ADDERSR_PEAK_TFLOPS").ok().and_then(|v| v.parse::<f64>().ok());
    let share = peak.map_or("peak unknown".to_owned(), |t| format!("{:.1} % of peak", rate / (t * 0.5e12) * 100.0));
    println!("{}: {:.2} G additions/s, upload and download included ({share})", gpu.info().name, rate / 1e9);
}

/// One step of 4 patches of 16×16, ×2, 32 channels × 1 block.
fn training(gpu: &Gpu) {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 32, 1).plan();
    let settings = Settings::default();
    let numbers = |shape: Shape| {
        Tensor::from_vec(shape, (0..shape.len()).map(|i| (i * 7919 % 101) as f32 / 101.0 - 0.5).collect())
    };
    let (x, target) = (numbers(Shape::new(4, 16, 16, 3)), numbers(Shape::new(4, 32, 32, 3)));
    let last = plan.nodes.len() - 1;
    let mut here =
        Learnt { params: init(&plan, &settings), mean: init(&plan, &settings), optimiser: State::new(&plan) };
    let mut graph = gpu.graph(&plan, x.shape, AdderGradient::FullPrecision);
    let by_host = fastest(5, || {
        graph.forward(&here.params, &x);
        let Some(y) = graph.value(last) else { return };
        let mut seed = Tensor::zeros(y.shape);
        mean_absolute(&y, &target, 1.0, &mut seed);
        let gradients = graph.backward(&here.params, vec![(last, seed)]);
        here.optimiser.step(&plan, &mut here.params, &gradients, &settings, 1e-3);
    });
    let Some(learner) = graph.learner() else { return println!("the device does not learn") };
    let update = optim::update(&settings, 1e-3, 0.99);
    if learner.put(&here).is_err() {
        return println!("the device failed");
    }
    let on_device = fastest(5, || {
        let _ = std::hint::black_box(learner.step(&x, &target, &update));
    });
    println!(
        "training step: host's optimiser {:.1} ms, device's {:.1} ms, ratio {:.2}×; longest submission {:.1} ms",
        1e3 * by_host,
        1e3 * on_device,
        by_host / on_device,
        1e3 * gpu.longest_submission()
    );
}

/// The longest submission of a picture so wide, and of patches so many, that one row of workgroups of a layer would take
/// longer than a driver should wait (50 ms is meant; the third run, when the device's speed is known).
fn submissions(gpu: &Gpu) {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 32, 1).plan();
    let settings = Settings::default();
    let numbers = |shape: Shape| {
        Tensor::from_vec(shape, (0..shape.len()).map(|i| (i * 7919 % 101) as f32 / 101.0 - 0.5).collect())
    };
    let picture = numbers(Shape::new(1, 16, 1024, 3));
    let mut network = gpu.network(&plan, &init(&plan, &settings));
    for _ in 0..3 {
        network.run(&picture, &Tile::whole(Size::new(1024, 16)), &mut Taps::default());
    }
    let wide = gpu.longest_submission();
    let (x, target) = (numbers(Shape::new(16, 16, 16, 3)), numbers(Shape::new(16, 32, 32, 3)));
    let mut graph = gpu.graph(&plan, x.shape, AdderGradient::FullPrecision);
    let start = Learnt { params: init(&plan, &settings), mean: init(&plan, &settings), optimiser: State::new(&plan) };
    let update = optim::update(&settings, 1e-3, 0.99);
    let Some(learner) = graph.learner() else { return println!("the device does not learn") };
    if learner.put(&start).is_err() || (0..3).any(|_| learner.step(&x, &target, &update).is_err()) {
        return println!("the device failed");
    }
    let step = gpu.longest_submission();
    println!(
        "longest submission: a picture of 1024×16 {:.1} ms, a step of 16 patches {:.1} ms",
        1e3 * wide,
        1e3 * step
    );
}

fn main() {
    let Some(report) = list().into_iter().next() else {
        println!("there is no graphics adapter: nothing to measure");
        return;
    };
    match Gpu::named(&report.name) {
        Ok(gpu) => {
            println!("{} ({:?}, {}, {})", report.name, report.kind, report.interface, report.driver);
            share_of_peak(&gpu);
            training(&gpu);
            submissions(&gpu);
            let mut criterion = Criterion::default().configure_from_args();
            adder(&mut criterion, &gpu);
            criterion.final_summary();
        }
        Err(error) => println!("{error}"),
    }
}
