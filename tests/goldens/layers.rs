//! Single layers and whole units.

use crate::common::{
    compare::assert_close,
    golden::Golden,
    layer::{Step, evaluate, step},
    on_every_backend,
};
use addersr::{
    backend::AdderGradient,
    nn::{
        Op, Plan,
        layers::{
            adder::{ETA, adaptive_rate},
            batch_norm::BN_MOMENTUM,
        },
    },
};

const ADDERS: [&str; 6] = ["small", "batch", "point", "wide", "thin", "big_k"];
const POWERS: [&str; 3] = ["0.5", "1.0", "1.7"];
const UNITS: [(&str, bool); 2] = [("relu", true), ("linear", false)];
const BICUBICS: [(&str, usize); 3] = [("12x10_24x20", 2), ("9x7_27x21", 3), ("16x16_64x64", 4)];

#[allow(dead_code, reason = "tests/gpu has no list of files")]
pub(super) fn files() -> impl Iterator<Item = String> {
    let adders = ADDERS.iter().flat_map(|n| [format!("adder_{n}_lattice"), format!("adder_{n}_random")]);
    let powers = POWERS.iter().map(|n| format!("power_{n}"));
    let units = UNITS.iter().map(|(n, _)| format!("unit_{n}"));
    adders.chain(powers).chain(units).chain(BICUBICS.iter().map(|(n, _)| format!("bicubic_{n}")))
}

/// The adder layer's output in both modes, and both gradients.
fn adder(name: &str, check: impl Fn(&str, &[f32], &[f32])) {
    let golden = Golden::load(name);
    let &[cout, cin, k, _] = golden.shape("weight") else { panic!("{name}") };
    let build = |plan: &mut Plan, x: usize| {
        plan.push("y", Op::Adder { cin, cout, k }, &[x], "y");
    };
    let (x, params) = (golden.picture("x"), [golden.values("weight").to_vec()]);
    on_every_backend(|backend| {
        let y = evaluate(backend, &build, &x, &params);
        check("y evaluated", &y.to_nchw(), golden.values("y"));
        let step = step(backend, AdderGradient::FullPrecision, &build, &x, &params, &golden.picture("grad_y"));
        check("y trained", &step.y.to_nchw(), golden.values("y"));
        check("grad_x", &step.of_x.to_nchw(), golden.values("grad_x"));
        check("grad_weight", &step.of_params[0], golden.values("grad_weight"));
    });
}

fn adder_on_lattices_is_exact() {
    for name in ADDERS {
        adder(&format!("adder_{name}_lattice"), |what, actual, expected| assert_eq!(actual, expected, "{name} {what}"));
    }
}

fn adder_on_floats() {
    for name in ADDERS {
        // f32 sums of up to 288 terms against f64: rounding grows like the square root of their number, some 16 half-units of
        // 6e-8 at worst.
        adder(&format!("adder_{name}_random"), |what, a, e| assert_close(&format!("{name} {what}"), a, e, 1e-6));
    }
}

fn adaptive_rate_of_adder_gradients() {
    for name in ADDERS {
        for kind in ["lattice", "random"] {
            let golden = Golden::load(&format!("adder_{name}_{kind}"));
            let grad = golden.values("grad_weight");
            let rate = adaptive_rate(grad, ETA);
            let scaled: Vec<f32> = grad.iter().map(|g| g * rate).collect();
            // The factor and the product are rounded once each.
            assert_close(name, &scaled, golden.values("grad_weight_adaptive"), 2e-7);
        }
    }
}

fn power() {
    for alpha in POWERS {
        let golden = Golden::load(&format!("power_{alpha}"));
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::Power { alphas: 1 }, &[x], "y");
        };
        let (x, params) = (golden.picture("y"), [golden.values("alpha").to_vec()]);
        on_every_backend(|backend| {
            // f32 `pow` and `ln` are good to a few units in the last place (6e-8 each); sums run over 120 values.
            let check = |what: &str, a: &[f32], key: &str| {
                assert_close(&format!("α {alpha}, {what}"), a, golden.values(key), 1e-6);
            };
            let y = evaluate(backend, &build, &x, &params);
            check("y evaluated", &y.to_nchw(), "out");
            let step = step(backend, AdderGradient::default(), &build, &x, &params, &golden.picture("grad_out"));
            check("y trained", &step.y.to_nchw(), "out");
            check("grad_y", &step.of_x.to_nchw(), "grad_y");
            check("grad_alpha", &step.of_params[0], "grad_alpha");
        });
    }
}

fn bicubic() {
    for (name, scale) in BICUBICS {
        let golden = Golden::load(&format!("bicubic_{name}"));
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::Bicubic { scale }, &[x], "");
        };
        on_every_backend(|backend| {
            let y = evaluate(backend, &build, &golden.picture("x"), &[]);
            // At most 16 products in f32, whose weights' magnitudes sum to less than 2.
            assert_close(name, &y.to_nchw(), golden.values("y"), 5e-7);
        });
    }
}

/// One unit: adder layer, batch norm, shortcut, ReLU or not, power activation.
fn units() {
    for (name, relu) in UNITS {
        let golden = Golden::load(&format!("unit_{name}"));
        let build = |plan: &mut Plan, x: usize| {
            let adder = plan.push("adder", Op::Adder { cin: 16, cout: 16, k: 3 }, &[x], "u.adder");
            let norm = plan.push("bn", Op::BatchNorm { channels: 16 }, &[adder], "u.bn");
            let mut at = plan.push("shortcut", Op::Add { scale: 1.0 }, &[norm, x], "");
            if relu {
                at = plan.push("relu", Op::Relu, &[at], "");
            }
            plan.push("power", Op::Power { alphas: 1 }, &[at], "u.power");
        };
        let learnt = ["adder.weight", "bn.weight", "bn.bias"];
        let running = ["bn.running_mean", "bn.running_var"];
        let names: Vec<&str> = learnt.into_iter().chain(running).chain(["power.alpha"]).collect();
        let params: Vec<Vec<f32>> = names.iter().map(|n| golden.values(&format!("param.u.{n}")).to_vec()).collect();
        let x = golden.picture("x");
        on_every_backend(|backend| {
            let check = |what: &str, a: &[f32], e: &[f32], tolerance| {
                assert_close(&format!("{name}, {what}"), a, e, tolerance);
            };
            // The adder layer's sums of 144 terms, near 100, are good to 1e-5; batch norm divides them by a deviation near 8.
            let values = 5e-6;
            // That error of some 1e-6 moves the slope 0.9·|y|^−0.1 by 1e-6·0.1/|y| of itself: at the floor |y| = 1e-3, by 1e-4.
            let gradients = 2e-4;
            let y = evaluate(backend, &build, &x, &params);
            check("y_eval", &y.to_nchw(), golden.values("y_eval"), values);
            let grad = golden.picture("grad_y");
            let Step { y, of_x, of_params } = step(backend, AdderGradient::FullPrecision, &build, &x, &params, &grad);
            check("y_train", &y.to_nchw(), golden.values("y_train"), values);
            check("grad_x", &of_x.to_nchw(), golden.values("grad_x"), gradients);
            for (i, n) in names.iter().enumerate() {
                if running.contains(n) {
                    let step = |(old, new): (&f32, &f32)| (1.0 - BN_MOMENTUM) * old + BN_MOMENTUM * new;
                    let after: Vec<f32> = params[i].iter().zip(&of_params[i]).map(step).collect();
                    check(n, &after, golden.values(&format!("after.u.{n}")), values);
                } else {
                    check(n, &of_params[i], golden.values(&format!("grad.u.{n}")), gradients);
                }
            }
        });
    }
}

tests!(adder_on_lattices_is_exact, adder_on_floats, adaptive_rate_of_adder_gradients, power, bicubic, units);
