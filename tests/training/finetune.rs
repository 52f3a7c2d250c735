//! Training on in 8 bits.

use crate::pictures;
use addersr::{
    backend::cpu::Cpu,
    nn::{Arch, Model, ModelSpec},
    train::{
        Settings, Trainer, calibrate::calibrate, dataset::Dataset, degrade::Degradation, finetune::finetune,
        run::Budget,
    },
};
use std::{collections::BTreeMap, ops::ControlFlow};

#[test]
fn a_coded_model_is_trained_on_and_keeps_its_codes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path(), 4, 72);
    let data = Dataset::load(&[folder.path().into()], &[], 2, 32, Degradation::Bicubic).expect("pictures");
    let (cpu, plan) = (Cpu::new(), ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan());
    let params = Trainer::new(&cpu, &plan, None, Settings::default(), None).progress().params.clone();
    let model = Model { plan, params, card: BTreeMap::new() };
    let coded = calibrate(&cpu, &model, &data, &mut |_| {}).expect("an adder network").model;
    let run = |stop_after: u64| {
        let mut told = 0;
        let mut tell = |_: &_, share: f64| {
            assert!((0.0..1.0).contains(&share));
            told += 1;
            if told == stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let tuned = finetune(&cpu, &coded, &data, Degradation::Bicubic, Budget::Steps(3), &mut tell).expect("steps");
        (tuned, told)
    };
    let (tuned, told) = run(u64::MAX);
    assert_eq!((told, tuned.card["int8_finetuned_steps"].as_str()), (3, "3"));
    assert!(tuned.plan == coded.plan && tuned.params != coded.params);
    assert!(run(u64::MAX).0 == tuned, "the same again");
    let (stopped, told) = run(2);
    assert!(told == 2 && stopped.params != tuned.params);
}
