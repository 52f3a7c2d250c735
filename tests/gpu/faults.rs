//! What happens when a device has too little memory, takes too long or is lost: the same picture.

use crate::common::{gpu, models, numbers::Numbers};
use addersr::{
    backend::{Backend, Taps, Tile, cpu::Cpu, gpu::Gpu},
    nn::{Arch, ModelSpec},
    tensor::{Shape, Tensor},
};
use std::cell::RefCell;

fn enlarge(backend: &dyn Backend, times: usize, between: impl Fn(usize)) -> Vec<Tensor> {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 8, 1).plan();
    let params = models::params(&plan, 5);
    let picture = Numbers::new(6).float_tensor(Shape::new(1, 24, 31, 3), 0.5);
    let mut network = backend.network(&plan, &params);
    let run = |i| {
        between(i);
        network.run(&picture, &Tile::whole(24, 31), &mut Taps::default())
    };
    (0..times).map(run).collect()
}

fn fresh() -> Gpu {
    Gpu::named(&gpu::adapter().expect("a graphics adapter")).expect("a graphics device")
}

/// Whether two pictures are the same to the bit; `assert_eq!` would print both.
fn same(what: &str, a: &Tensor, b: &Tensor) {
    assert!(a.data == b.data, "{what}: another picture");
}

/// Once it is opened again and gives the same bits; twice, and the CPU goes on.
fn a_lost_device() {
    let engine = fresh();
    let faults = RefCell::new(Vec::new());
    let results = enlarge(&engine, 4, |i| {
        faults.borrow_mut().push(engine.faults());
        if i > 0 && i < 3 {
            engine.lose_device();
        }
    });
    assert_eq!(faults.into_inner(), [0, 0, 1, 2]);
    same("opened again", &results[1], &results[0]);
    let by_cpu = &enlarge(&Cpu::new(), 1, |_| {})[0];
    same("the CPU took over", &results[2], by_cpu);
    same("for good", &results[3], by_cpu);
}

/// A device that holds only small buffers computes the picture in pieces; one that holds nothing gives up.
fn too_little_memory() {
    let whole = &enlarge(&fresh(), 1, |_| {})[0];
    for (most, faults) in [(12_000, 0), (20_000, 0), (1_000, 1)] {
        let engine = fresh().with_memory_for_tests(most);
        let result = &enlarge(&engine, 1, |_| {})[0];
        assert_eq!(engine.faults(), faults, "at most {most} bytes");
        if faults == 0 {
            same(&format!("at most {most} bytes"), result, whole);
        }
    }
}

/// A row of workgroups is the least that is submitted: narrow enough here to be short on a software device too.
fn submissions_are_short() {
    let engine = fresh();
    let plan = ModelSpec::new(Arch::Aedsr, 2, 16, 2).plan();
    let params = models::params(&plan, 5);
    let picture = Numbers::new(6).float_tensor(Shape::new(1, 160, 64, 3), 0.5);
    let mut network = engine.network(&plan, &params);
    let longest: Vec<f64> = (0..3)
        .map(|_| {
            network.run(&picture, &Tile::whole(160, 64), &mut Taps::default());
            engine.longest_submission()
        })
        .collect();
    // The best of three, and twice the 50 ms that are meant: the processor under a software device may be busy elsewhere.
    let best = longest.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(best > 0.0 && best < 0.1, "{longest:?} seconds");
}

tests!(a_lost_device, too_little_memory, submissions_are_short);
