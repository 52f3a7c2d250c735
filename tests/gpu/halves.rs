//! Adder layers with 16-bit differences: how far off they are.

use crate::common::{gpu, layer::evaluate, numbers::Numbers};
use addersr::{
    backend::{gpu::AdderKernel, reference::Reference},
    nn::{Op, Plan},
    tensor::Shape,
};

/// Values of the size of trained networks' against plain loops: a difference near 1 is rounded to 2⁻¹¹ of itself, sums of
/// four to as much again, and such errors of 288 taps mostly cancel.
fn error_of_an_adder_layer() {
    let mut numbers = Numbers::new(1);
    let (c, k) = (32, 3);
    let x = numbers.float_tensor(Shape::new(1, 20, 20, c), 1.0);
    let params = [numbers.floats(c * c * k * k, 1.0)];
    let build = |plan: &mut Plan, x: usize| {
        plan.push("y", Op::Adder { cin: c, cout: c, k }, &[x], "y");
    };
    let engine = gpu::engine().with_adder_kernel(AdderKernel::Half);
    let (actual, expected) = (evaluate(&engine, &build, &x, &params), evaluate(&Reference, &build, &x, &params));
    let errors: Vec<f32> = actual.data.iter().zip(&expected.data).map(|(a, e)| (a - e) / e).collect();
    let worst = errors.iter().fold(0.0_f32, |m, e| m.max(e.abs()));
    let rms = (errors.iter().map(|e| e * e).sum::<f32>() / errors.len() as f32).sqrt();
    println!("relative error of 16-bit differences: worst {worst:e}, root mean square {rms:e}");
    assert!(worst < 4e-4 && rms < 1e-4, "worst {worst:e}, root mean square {rms:e}");
    assert!(worst > 1e-6, "16 bits were used");
}

/// Whole numbers up to 2,048 are exact in 16 bits.
fn lattices_are_exact() {
    let mut numbers = Numbers::new(2);
    let x = numbers.lattice_tensor(Shape::new(1, 9, 7, 12));
    let params = [numbers.lattice(20 * 12 * 9)];
    let build = |plan: &mut Plan, x: usize| {
        plan.push("y", Op::Adder { cin: 12, cout: 20, k: 3 }, &[x], "y");
    };
    let engine = gpu::engine().with_adder_kernel(AdderKernel::Half);
    assert!(evaluate(&engine, &build, &x, &params) == evaluate(&Reference, &build, &x, &params));
}

tests!(error_of_an_adder_layer, lattices_are_exact);
