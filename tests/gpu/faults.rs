//! What happens when a device has too little memory, takes too long or is lost: the same picture.

use crate::common::{gpu, models, numbers::Numbers};
use addersr::{
    backend::{AdderGradient, Backend, Taps, Tile, cpu::Cpu},
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
        network.run(&picture, &Tile::whole(picture.shape.size()), &mut Taps::default())
    };
    (0..times).map(run).collect()
}

/// Whether two pictures are the same to the bit; `assert_eq!` would print both.
fn same(what: &str, a: &Tensor, b: &Tensor) {
    assert!(a.data == b.data, "{what}: another picture");
}

/// Once it is opened again and gives the same bits; twice, and the CPU goes on.
fn a_lost_device() {
    let engine = gpu::fresh();
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
    let whole = &enlarge(&gpu::fresh(), 1, |_| {})[0];
    for (most, faults) in [(12_000, 0), (20_000, 0), (1_000, 1)] {
        let engine = gpu::fresh().with_buffer_limit(most);
        let result = &enlarge(&engine, 1, |_| {})[0];
        assert_eq!(engine.faults(), faults, "at most {most} bytes");
        if faults == 0 {
            same(&format!("at most {most} bytes"), result, whole);
        }
    }
}

/// A device whose driver has no more memory for a whole tile gets halves, without a change; one that has none gives up.
fn an_allocation_that_fails() {
    let whole = &enlarge(&gpu::fresh(), 1, |_| {})[0];
    for (most, faults) in [(100_000, 0), (60_000, 0), (1_000, 1)] {
        let engine = gpu::fresh().with_memory_limit(most);
        let results = enlarge(&engine, 2, |_| {});
        assert!(engine.denied() > 0, "{most} bytes suffice: the test shows nothing");
        assert_eq!(engine.faults(), faults, "at most {most} bytes");
        if faults == 0 {
            results.iter().for_each(|result| same(&format!("at most {most} bytes"), result, whole));
        }
    }
}

/// Training needs all values at once: without the memory for them the CPU goes on.
fn training_without_memory() {
    let engine = gpu::fresh().with_memory_limit(10_000);
    let plan = ModelSpec::new(Arch::Aedsr, 2, 8, 1).plan();
    let params = models::params(&plan, 5);
    let picture = Numbers::new(6).float_tensor(Shape::new(1, 12, 12, 3), 0.5);
    let output = |backend: &dyn Backend| {
        let mut graph = backend.graph(&plan, picture.shape, AdderGradient::FullPrecision);
        graph.forward(&params, &picture);
        graph.value(plan.nodes.len() - 1).expect("the last value is kept")
    };
    same("the CPU took over", &output(&engine), &output(&Cpu::new()));
    assert_eq!(engine.faults(), 1);
}

tests!(a_lost_device, too_little_memory, an_allocation_that_fails, training_without_memory,);
