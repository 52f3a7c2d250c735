//! Adder layers on the graphics device: the fast kernel against the naive one, and operations per second beside the
//! adapter's name. An adder tap is two additions; peak f32 is quoted in fused multiply-adds, so that half of a card's
//! "TFLOPS" is the most that additions can reach.
//!
//! `cargo bench --bench gpu`; without an adapter it says so and ends.

use addersr::{
    backend::{
        Backend, Taps, Tile,
        gpu::{AdderKernel, Gpu, list},
    },
    nn::{Arch, ModelSpec, Op, Params, Plan},
    tensor::{Shape, Tensor},
};
use criterion::{BenchmarkId, Criterion, Throughput};

const SIDE: usize = 64;
/// Layers in a row, so that upload and download weigh little.
const LAYERS: usize = 4;

fn stack(channels: usize) -> (Plan, Params) {
    let mut plan = Plan::new(ModelSpec::new(Arch::Aedsr, 1, channels, 1));
    let mut at = plan.push("x", Op::Input { channels }, &[], "");
    for i in 0..LAYERS {
        at = plan.push(format!("{i}"), Op::Adder { cin: channels, cout: channels, k: 3 }, &[at], &format!("{i}"));
    }
    let values = plan.params.iter().map(|p| (0..p.numel()).map(|i| (i % 17) as f32 / 8.0 - 1.0).collect());
    let params = Params { values: values.collect() };
    (plan, params)
}

fn adder(criterion: &mut Criterion, gpu: &Gpu) {
    let report = gpu.report();
    let mut group = criterion.benchmark_group(format!("adder 3×3 on {}", report.name));
    group.sample_size(10);
    for channels in [32, 64] {
        let (plan, params) = stack(channels);
        let shape = Shape::new(1, SIDE, SIDE, channels);
        let picture = Tensor::from_vec(shape, (0..shape.len()).map(|i| (i % 13) as f32 / 6.0 - 1.0).collect());
        group.throughput(Throughput::Elements(plan.cost(SIDE, SIDE, false).additions));
        for (name, kernel) in [("fast", AdderKernel::Fast), ("naive", AdderKernel::Naive)] {
            let mut network = gpu.clone().with_adder_kernel(kernel).network(&plan, &params);
            group.bench_function(BenchmarkId::new(name, channels), |b| {
                b.iter(|| network.run(&picture, &Tile::whole(SIDE, SIDE), &mut Taps::default()));
            });
        }
    }
    group.finish();
}

fn main() {
    let Some(report) = list().into_iter().next() else {
        println!("there is no graphics adapter: nothing to measure");
        return;
    };
    match Gpu::named(&report.name) {
        Ok(gpu) => {
            println!("{} ({:?}, {}, {})", report.name, report.kind, report.interface, report.driver);
            let mut criterion = Criterion::default().configure_from_args();
            adder(&mut criterion, &gpu);
            criterion.final_summary();
        }
        Err(error) => println!("{error}"),
    }
}
