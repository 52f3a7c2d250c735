//! Adder layers in 8-bit codes: the sums are whole numbers, so every instruction set equals the plain loop bit for bit on
//! any numbers, and tiles equal the whole.

use crate::common::{
    backends, empty_plan,
    layer::{evaluate_plan, step},
    models,
    numbers::Numbers,
};
use addersr::{
    backend::{AdderGradient, Backend, Rect, Taps, Tile, cpu::Cpu, reference::Reference},
    nn::{Arch, ModelSpec, Op, Params, Plan, QuantParams},
    tensor::{Shape, Tensor},
};
use proptest::prelude::*;

/// A lone adder layer whose input is in these codes.
fn layer(cin: usize, cout: usize, k: usize, codes: QuantParams) -> Plan {
    let mut plan = empty_plan();
    let x = plan.push("x", Op::Input { channels: cin }, &[], "");
    plan.push("y", Op::Adder { cin, cout, k }, &[x], "y");
    plan.nodes[x].codes = Some(codes);
    plan
}

fn bits(backend: &dyn Backend, plan: &Plan, params: &Params, x: &Tensor) -> Vec<u32> {
    let y = evaluate_plan(backend, plan, params, x, &mut Taps::default());
    y.data.iter().map(|v| v.to_bits()).collect()
}

/// Every instruction set in both forms of 3×3 adder layers, whichever of them it would take.
fn engines() -> impl Iterator<Item = (Cpu, bool)> {
    Cpu::all().into_iter().flat_map(|cpu| [false, true].map(|slides| (cpu.sliding(slides), slides)))
}

#[test]
fn equal_the_plain_loop_bit_for_bit() {
    let config = ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(
        (h, w) in (1..=6usize, 1..=150usize),
        (cin, cout) in (1..=40usize, 1..=40usize),
        k in prop_oneof![Just(1usize), Just(3), Just(5)],
        (low, high) in (-2.0..=0.0f32, 0.0..=2.0f32),
        seed in any::<u64>(),
    )| {
        let mut numbers = Numbers::new(seed);
        let plan = layer(cin, cout, k, QuantParams::of_range(low, high));
        let params = Params { values: vec![numbers.floats(cout * cin * k * k, 3.0)] };
        let x = numbers.float_tensor(Shape::new(1, h, w, cin), 2.0);
        let expected = bits(&Reference, &plan, &params, &x);
        for (cpu, slides) in engines() {
            prop_assert!(bits(&cpu, &plan, &params, &x) == expected, "{}, sliding: {slides}", cpu.isa().name());
        }
    });
}

/// Codes of step 1 hold whole numbers exactly: the 8-bit layer is then the layer itself, clamped weights included.
#[test]
fn on_whole_numbers_the_codes_change_nothing() {
    let codes = QuantParams::new(1.0, 7).unwrap();
    let coded = layer(9, 13, 3, codes);
    let mut numbers = Numbers::new(5);
    let x = numbers.lattice_tensor(Shape::new(2, 5, 11, 9));
    let far = numbers.lattice(13 * 9 * 9).iter().map(|w| w * 5.0).collect();
    let params = Params { values: vec![far] };
    let expected = evaluate_plan(&Reference, &coded.without_codes(), &params, &x, &mut Taps::default());
    for backend in backends() {
        let y = evaluate_plan(backend.as_ref(), &coded, &params, &x, &mut Taps::default());
        assert_eq!(y, expected, "{}", backend.name());
    }
}

/// Training for 8 bits: forward gives what the network will give, and one step equals that of the same layer in f32 on
/// input and weights that were rounded beforehand, the gradients of both included.
#[test]
fn training_reads_what_the_codes_stand_for() {
    let codes = QuantParams::new(1.0, 7).unwrap();
    let adder = |plan: &mut Plan, x: usize| plan.push("y", Op::Adder { cin: 9, cout: 13, k: 3 }, &[x], "y");
    let mut numbers = Numbers::new(6);
    // Halves, some of them far below the lowest code.
    let mut halves = |len: usize| numbers.lattice(len).iter().map(|w| w * 2.5).collect::<Vec<f32>>();
    let x = Tensor::from_vec(Shape::new(1, 5, 7, 9), halves(5 * 7 * 9));
    let (weight, grad) = (halves(13 * 9 * 9), Tensor::from_vec(Shape::new(1, 5, 7, 13), halves(5 * 7 * 13)));
    let mut rounded = x.clone();
    rounded.data.iter_mut().for_each(|v| *v = codes.nearest(*v));
    let acting = weight.iter().map(|&w| codes.nearest_weight(w)).collect::<Vec<f32>>();
    assert!(rounded != x && acting != weight);
    let coded = |plan: &mut Plan, x: usize| {
        adder(plan, x);
        plan.nodes[x].codes = Some(codes);
    };
    let plain = |plan: &mut Plan, x: usize| {
        adder(plan, x);
    };
    for cpu in Cpu::all() {
        let rule = AdderGradient::FullPrecision;
        let trained = step(&cpu, rule, &coded, &x, std::slice::from_ref(&weight), &grad);
        assert_eq!(
            trained,
            step(&cpu, rule, &plain, &rounded, std::slice::from_ref(&acting), &grad),
            "{}",
            cpu.isa().name()
        );
        let params = Params { values: vec![weight.clone()] };
        let used = evaluate_plan(&cpu, &layer(9, 13, 3, codes), &params, &x, &mut Taps::default());
        assert_eq!(trained.y, used, "{}", cpu.isa().name());
    }
}

/// Largest sums: 1,024 channels, all differences 255.
#[test]
fn the_longest_sum_does_not_overflow() {
    let plan = layer(1024, 8, 3, QuantParams::new(1.0, 0).unwrap());
    let params = Params { values: vec![vec![255.0; 8 * 1024 * 9]] };
    let x = Tensor::zeros(Shape::new(1, 1, 2, 1024));
    for backend in backends() {
        let y = evaluate_plan(backend.as_ref(), &plan, &params, &x, &mut Taps::default());
        assert!(y.data.iter().all(|&v| v == -(1024.0 * 9.0 * 255.0)), "{}: {:?}", backend.name(), y.data);
    }
}

/// A whole network: the first adder layer reads the same numbers everywhere, and later ones differ by at most a few codes
/// (convolutions and norms round differently where a set fuses), so the outputs stay close.
#[test]
fn whole_networks_stay_close_to_the_plain_loops() {
    let plan = models::coded(ModelSpec::new(Arch::Aedsr, 2, 12, 2).plan());
    let params = models::params(&plan, 3);
    let x = Numbers::new(4).float_tensor(Shape::new(1, 9, 70, 3), 0.5);
    let run = |b: &dyn Backend| evaluate_plan(b, &plan, &params, &x, &mut Taps::default());
    let expected = run(&Reference);
    for (cpu, slides) in engines() {
        let y = run(&cpu);
        let off =
            y.data.iter().zip(&expected.data).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() / y.data.len() as f64;
        let size = expected.data.iter().map(|v| f64::from(v.abs())).sum::<f64>() / y.data.len() as f64;
        assert!(off < 1e-3 * size, "{}, sliding: {slides}: {off} of {size}", cpu.isa().name());
    }
}

/// A whole network in both forms: the same bits, whole and by tiles, at the picture's edges and within, and every value inside.
#[test]
fn sliding_changes_no_bit() {
    for (arch, channels, scale) in [(Arch::Aedsr, 12, 2), (Arch::Aedsr, 9, 3), (Arch::Apsr, 9, 2), (Arch::Avdsr, 8, 2)]
    {
        let plan = models::coded(ModelSpec::new(arch, scale, channels, 2).plan());
        let (params, scale) = (models::params(&plan, 3), plan.scale());
        let tap_all = || Taps::of(0..plan.nodes.len());
        // The last one is higher than what is kept of its values.
        for (h, w) in [(9, 100), (5, 31), (6, 32), (1, 1), (75, 40)] {
            let x = Numbers::new(4).float_tensor(Shape::new(1, h, w, plan.channels_in()), 0.5);
            for cpu in Cpu::all() {
                let case = format!("{}: {arch:?}, {w}×{h}", cpu.isa().name());
                let [mut plain, mut slid] = [false, true].map(|slides| cpu.sliding(slides).network(&plan, &params));
                let whole = plain.run(&x, &Tile::whole(x.shape.size()), &mut Taps::default());
                assert_eq!(slid.run(&x, &Tile::whole(x.shape.size()), &mut Taps::default()), whole, "{case}");
                for x0 in (0..w).step_by(29) {
                    let rect = Rect { y: h / 3, x: x0, h: h.div_ceil(3), w: 29.min(w - x0) };
                    let tile = Tile::new(&plan, x.shape.size(), rect);
                    let input = x.crop(tile.input.y, tile.input.x, tile.input.h, tile.input.w);
                    let expected = whole.crop(rect.y * scale, rect.x * scale, rect.h * scale, rect.w * scale);
                    assert_eq!(slid.run(&input, &tile, &mut Taps::default()), expected, "{case}, {rect:?}");
                    let (mut taps, mut of_slid) = (tap_all(), tap_all());
                    assert_eq!(plain.run(&input, &tile, &mut taps), expected, "{case}, {rect:?}");
                    assert_eq!(slid.run(&input, &tile, &mut of_slid), expected, "{case}, {rect:?}");
                    for ((node, plain), (_, slid)) in taps.wanted.iter().zip(&of_slid.wanted) {
                        assert_eq!(plain, slid, "{case}, {rect:?}, `{}`", plan.nodes[*node].name);
                    }
                }
            }
        }
    }
}
