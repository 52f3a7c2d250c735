//! `--cpu-until`: layers on the CPU up to one, the rest on the device, without a change; and how it finds a wrong layer.

use crate::common::{compare::assert_close, gpu, models, numbers::Numbers};
use addersr::{
    backend::{Backend, Rect, Taps, Tile, cpu::Cpu},
    nn::{Arch, ModelSpec, Op, Params, Plan},
    tensor::{Shape, Size, Tensor},
};

const SIZE: Size = Size::new(17, 14);

fn network() -> (Plan, Params, Tensor) {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 8, 2).plan();
    let params = models::params(&plan, 3);
    let picture = Numbers::new(4).float_tensor(Shape::new(1, SIZE.height, SIZE.width, 3), 0.5);
    (plan, params, picture)
}

fn tile(plan: &Plan) -> Tile {
    Tile::new(plan, SIZE, Rect { y: 3, x: 2, h: 6, w: 9 })
}

fn run(backend: &dyn Backend, plan: &Plan, params: &Params, picture: &Tensor) -> Tensor {
    let tile = tile(plan);
    let input = picture.crop(tile.input.y, tile.input.x, tile.input.h, tile.input.w);
    backend.network(plan, params).run(&input, &tile, &mut Taps::default())
}

fn a_split_changes_nothing() {
    let (plan, params, picture) = network();
    let expected = run(&Cpu::new(), &plan, &params, &picture);
    for until in 0..=plan.nodes.len() + 1 {
        let actual = run(&gpu::engine().with_cpu_until(until), &plan, &params, &picture);
        assert_eq!(actual.shape, expected.shape);
        // As for whole networks: sums of some hundred terms, a few layers deep.
        assert_close(&format!("until {until}"), &actual.data, &expected.data, 1e-5);
    }
}

/// The smallest number of operations on the CPU with which the picture is right ends with the wrong one.
fn a_planted_wrong_layer_is_found() {
    let (plan, params, picture) = network();
    let expected = run(&Cpu::new(), &plan, &params, &picture);
    let largest = expected.data.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let layers = (0..plan.nodes.len()).filter(|&i| matches!(plan.nodes[i].op, Op::Adder { .. } | Op::Conv { .. }));
    for wrong in layers.step_by(2) {
        let engine = gpu::engine().with_wrong_layer(wrong);
        let right = |until: usize| {
            let actual = run(&engine.clone().with_cpu_until(until), &plan, &params, &picture);
            actual.data.iter().zip(&expected.data).all(|(a, e)| (a - e).abs() <= 1e-5 * largest)
        };
        assert!(!right(0), "the mistake shows");
        let untils: Vec<usize> = (0..plan.nodes.len()).collect();
        let first_right = untils.partition_point(|&until| !right(until));
        assert_eq!(plan.nodes[first_right - 1].name, plan.nodes[wrong].name);
    }
}

tests!(a_split_changes_nothing, a_planted_wrong_layer_is_found);
