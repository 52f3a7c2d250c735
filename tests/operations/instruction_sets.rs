//! Every instruction set computes an adder layer to the same bits, on floats too: lanes are outputs, so no vector's width
//! splits a sum. (Convolutions differ where a set rounds `a·b + c` once instead of twice.)

use crate::common::{layer::evaluate, numbers::Numbers};
use addersr::{
    backend::cpu::Cpu,
    nn::{Op, Plan},
    tensor::Shape,
};

#[test]
fn give_adder_layers_the_same_bits() {
    for (cin, cout) in [(1, 3), (3, 16), (20, 20), (33, 64)] {
        let mut numbers = Numbers::new(cin as u64);
        let x = numbers.float_tensor(Shape::new(1, 9, 21, cin), 1.0);
        let weight = [numbers.floats(cout * cin * 9, 1.0)];
        let build = |plan: &mut Plan, x: usize| {
            plan.push("y", Op::Adder { cin, cout, k: 3 }, &[x], "y");
        };
        let bits =
            |cpu: &Cpu| -> Vec<u32> { evaluate(cpu, &build, &x, &weight).data.iter().map(|v| v.to_bits()).collect() };
        let all = Cpu::all();
        let expected = bits(&all[0]);
        for cpu in &all[1..] {
            assert!(
                bits(cpu) == expected,
                "{cin} to {cout} channels, {} and {}",
                cpu.isa().name(),
                all[0].isa().name()
            );
        }
    }
}

/// A set that the processor lacks is not tested and leaves no trace. `ADDERSR_REQUIRE_ISA=AVX2,AVX-512` insists on these.
#[test]
fn those_that_are_asked_for_are_tested() {
    let tested: Vec<&str> = Cpu::all().iter().map(|cpu| cpu.isa().name()).collect();
    println!("instruction sets tested: {}", tested.join(", "));
    let asked = std::env::var("ADDERSR_REQUIRE_ISA").unwrap_or_default();
    let missing: Vec<&str> = asked.split(',').map(str::trim).filter(|s| !s.is_empty() && !tested.contains(s)).collect();
    assert!(missing.is_empty(), "this processor has no {}; it has {}", missing.join(", "), tested.join(", "));
}
