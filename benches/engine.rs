//! How fast the engine is: kernels per instruction set against the plain loop, whole pictures, the training step.
//!
//!     cargo bench --bench engine
//!
//! One run prints one table of each, with ratios between its own rows: absolute figures depend on the machine and on what
//! else runs there, ratios of one run much less. Nothing here passes or fails.

use addersr::{
    backend::{AdderGradient, Backend, Taps, Tile, cpu::Cpu, reference::Reference},
    nn::{Arch, ModelSpec, Op, ParamKind, Params, Plan},
    tensor::{Shape, Size, Tensor},
    train::{Settings, init::init},
};
use std::time::Instant;

fn main() {
    println!("{} logical cores, instruction sets: {}\n", cores(), sets());
    kernels();
    pictures();
    training();
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn sets() -> String {
    Cpu::all().iter().map(|c| c.isa().name()).collect::<Vec<_>>().join(", ")
}

/// Seconds of the fastest of several runs: what the machine can do when nothing disturbs it.
fn fastest(runs: usize, mut work: impl FnMut()) -> f64 {
    work();
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Runs with so many threads.
fn with_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
    pool.install(work)
}

fn noise(shape: Shape) -> Tensor {
    let value = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7 & 1023) as f32 / 1023.0;
    Tensor::from_vec(shape, (0..shape.len()).map(value).collect())
}

/// One layer of 64 → 64 channels, 3×3, on 128×128 pixels: the shape of SPEC 5.
fn kernels() {
    println!("one layer, 64 → 64 channels, 3×3, 128×128 pixels, one thread");
    println!("{:<12} {:<10} {:>10} {:>8}", "layer", "by", "G taps/s", "ratio");
    let (side, c) = (128, 64);
    let taps = (side * side * c * c * 9) as f64;
    for (name, op) in [
        ("adder", Op::Adder { cin: c, cout: c, k: 3 }),
        ("convolution", Op::Conv { cin: c, cout: c, k: 3, bias: false }),
    ] {
        let mut plan = Plan::new(ModelSpec::new(Arch::Aedsr, 1, c, 1));
        let input = plan.push("input", Op::Input { channels: c }, &[], "");
        plan.push("layer", op, &[input], "layer");
        let weights = (0..plan.params[0].numel()).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
        let params = Params { values: vec![weights] };
        let x = noise(Shape::new(1, side, side, c));
        let mut plain = None;
        let backends = Cpu::all().into_iter().map(|b| (b.isa().name(), Box::new(b) as Box<dyn Backend>));
        let first: (&str, Box<dyn Backend>) = ("plain loop", Box::new(Reference));
        for (by, backend) in std::iter::once(first).chain(backends) {
            let mut network = backend.network(&plan, &params);
            let tile = Tile::whole(Size::square(side));
            let seconds = with_threads(1, || {
                fastest(if plain.is_none() { 1 } else { 7 }, || {
                    std::hint::black_box(network.run(&x, &tile, &mut Taps::default()));
                })
            });
            let base = *plain.get_or_insert(seconds);
            println!("{name:<12} {by:<10} {:>10.2} {:>7.1}×", taps / seconds / 1e9, base / seconds);
        }
    }
    println!();
}

fn start(spec: ModelSpec) -> (Plan, Params) {
    let plan = spec.plan();
    let mut params = init(&plan, &Settings::default());
    for (spec, values) in plan.params.iter().zip(&mut params.values) {
        if spec.kind == ParamKind::RunningVar {
            values.fill(25.0);
        }
    }
    (plan, params)
}

/// A picture of 1 megapixel, enlarged twice.
fn pictures() {
    println!("1 megapixel to 4 (×2), as one picture");
    println!("{:<24} {:<10} {:>8} {:>10} {:>8}", "network", "by", "threads", "MP out/s", "ratio");
    let (h, w) = (1000, 1000);
    let x = noise(Shape::new(1, h, w, 3));
    for (channels, blocks) in [(32, 4), (32, 8)] {
        let (plan, params) = start(ModelSpec::new(Arch::Aedsr, 2, channels, blocks));
        let name = format!("aedsr {channels} channels × {blocks}");
        let mut base = None;
        for cpu in Cpu::all() {
            for threads in [1, cores()] {
                let mut network = cpu.network(&plan, &params);
                let seconds = with_threads(threads, || {
                    fastest(1, || {
                        std::hint::black_box(network.run(&x, &Tile::whole(Size::new(w, h)), &mut Taps::default()));
                    })
                });
                let base = *base.get_or_insert(seconds);
                let by = cpu.isa().name();
                println!("{name:<24} {by:<10} {threads:>8} {:>10.2} {:>7.1}×", 4.0 / seconds, base / seconds);
            }
        }
    }
    println!();
}

/// Forward and backward of one step: 16 patches of 32×32, ×2, 32 channels × 4 blocks.
fn training() {
    println!("training step, aedsr 32 channels × 4 blocks, 16 patches of 32×32, ×2 (forward and backward)");
    println!("{:<10} {:>8} {:>10} {:>8}", "by", "threads", "steps/s", "ratio");
    let (plan, params) = start(ModelSpec::new(Arch::Aedsr, 2, 32, 4));
    let shape = Shape::new(16, 32, 32, 3);
    let x = noise(shape);
    let last = plan.nodes.len() - 1;
    let seed = noise(Shape::new(16, 64, 64, 3));
    let mut base = None;
    for cpu in Cpu::all() {
        for threads in [1, cores()] {
            let mut graph = cpu.graph(&plan, shape, AdderGradient::FullPrecision);
            let seconds = with_threads(threads, || {
                fastest(5, || {
                    graph.forward(&params, &x);
                    std::hint::black_box(graph.backward(&params, vec![(last, seed.clone())]));
                })
            });
            let base = *base.get_or_insert(seconds);
            println!("{:<10} {threads:>8} {:>10.2} {:>7.1}×", cpu.isa().name(), 1.0 / seconds, base / seconds);
        }
    }
}
