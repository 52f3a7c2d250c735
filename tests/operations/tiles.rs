//! A picture computed in tiles equals the picture computed at once, bit for bit, on every backend, feature maps included.

use crate::common::{backends, empty_plan, models, numbers::Numbers};
use addersr::{
    backend::{Rect, Taps, Tile},
    nn::{Arch, ModelSpec, Op, Plan},
    tensor::{Shape, Tensor},
};
use proptest::prelude::*;

/// At most so many tiles of one picture: a property of any rectangle does not need all of them.
const TILES: usize = 12;

/// The tiles of a grid, `TILES` of them spread evenly with the first and the last among them.
fn grid((h, w): (usize, usize), (th, tw): (usize, usize)) -> Vec<Rect> {
    let cut = |n: usize, t: usize| (0..n).step_by(t).map(move |at| (at, t.min(n - at)));
    let all: Vec<Rect> = cut(h, th).flat_map(|(y, h)| cut(w, tw).map(move |(x, w)| Rect { y, x, h, w })).collect();
    let last = all.len() - 1;
    let step = last.div_ceil(TILES - 1).max(1);
    (0..last).step_by(step).chain([last]).map(|i| all[i]).collect()
}

/// Equal to the bit, so that −0 is not 0 and NaN is itself.
fn assert_same(what: &str, part: &Tensor, whole: &Tensor, rect: Rect, scale: usize) {
    let expected = whole.crop(rect.y * scale, rect.x * scale, rect.h * scale, rect.w * scale);
    assert_eq!(part.shape, expected.shape, "{what}");
    for (i, (a, e)) in part.data.iter().zip(&expected.data).enumerate() {
        assert_eq!(a.to_bits(), e.to_bits(), "{what}: value {i} is {a} in the tile and {e} in the whole");
    }
}

fn check(plan: &Plan, seed: u64, (h, w): (usize, usize), tile: (usize, usize), tapped: &[usize]) {
    let params = models::params(plan, seed);
    let picture = Numbers::new(!seed).float_tensor(Shape::new(1, h, w, plan.channels_in()), 1.0);
    let size = picture.shape.size();
    for backend in backends() {
        let mut network = backend.network(plan, &params);
        let mut of_whole = Taps::of(tapped.iter().copied());
        let whole = network.run(&picture, &Tile::whole(size), &mut of_whole);
        for rect in grid((h, w), tile) {
            let case = format!("{rect:?} of {w}×{h}, {}", backend.name());
            let tile = Tile::new(plan, size, rect);
            let input = picture.crop(tile.input.y, tile.input.x, tile.input.h, tile.input.w);
            assert_same(&case, &network.run(&input, &tile, &mut Taps::default()), &whole, rect, plan.scale());
            // Again with feature maps: to keep them may not change the result.
            let mut taps = Taps::of(tapped.iter().copied());
            assert_same(&case, &network.run(&input, &tile, &mut taps), &whole, rect, plan.scale());
            for ((node, part), (_, whole)) in taps.wanted.iter().zip(&of_whole.wanted) {
                let (node, part, whole) = (&plan.nodes[*node], part.as_ref().unwrap(), whole.as_ref().unwrap());
                assert_same(&format!("`{}` of {case}", node.name), part, whole, rect, node.scale);
            }
        }
    }
}

fn tiled_equals_whole() {
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(
        spec in models::specs(),
        seed in any::<u64>(),
        picture in (1..=40usize, 1..=40usize),
        tile in (1..=40usize, 1..=40usize),
        taps in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        coded in any::<bool>(),
    )| {
        let plan = if coded { models::coded(spec.plan()) } else { spec.plan() };
        let tapped: Vec<usize> = taps.iter().map(|i| i.index(plan.nodes.len())).collect();
        check(&plan, seed, picture, tile, &tapped);
    });
}

/// Plans in which the registry's models would hide a halo that is too small: bicubic alone, and windows behind an
/// enlargement, whose radius in input pixels is a fraction.
fn halos_of_enlargements() {
    let mut bicubic = empty_plan();
    let x = bicubic.push("x", Op::Input { channels: 2 }, &[], "");
    bicubic.push("y", Op::Bicubic { scale: 3 }, &[x], "");
    let mut windows = empty_plan();
    let x = windows.push("x", Op::Input { channels: 8 }, &[], "");
    let large = windows.push("large", Op::PixelShuffle { scale: 2 }, &[x], "");
    let wide = windows.push("wide", Op::Adder { cin: 2, cout: 3, k: 5 }, &[large], "wide");
    windows.push("y", Op::Conv { cin: 3, cout: 2, k: 3, bias: true }, &[wide], "y");
    for plan in [bicubic, windows] {
        let all: Vec<usize> = (0..plan.nodes.len()).collect();
        check(&plan, 2, (9, 12), (2, 3), &all);
        check(&plan, 3, (9, 12), (1, 1), &all);
    }
}

/// Every node of one network of each kind, with tiles smaller than the halo.
fn every_node_can_be_tapped() {
    for arch in [Arch::Aedsr, Arch::Avdsr] {
        let plan = ModelSpec::new(arch, 2, 5, 1).plan();
        let all: Vec<usize> = (0..plan.nodes.len()).collect();
        check(&plan, 1, (13, 11), (4, 3), &all);
        check(&models::coded(plan), 1, (13, 11), (4, 3), &all);
    }
}

tests!(tiled_equals_whole, halos_of_enlargements, every_node_can_be_tapped);
