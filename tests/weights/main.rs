//! Weights files: what is written is read back, and whatever else is in a file is refused with one clear sentence.

#[path = "../common/mod.rs"]
mod common;

mod mutated;
mod refused;

use addersr::nn::{Arch, Model, ModelSpec, Params, weights::write_tensors};
use std::collections::BTreeMap;

/// A small model with a card.
fn model() -> Model {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 3, 1).plan();
    let params = common::models::params(&plan, 1);
    Model { params, card: BTreeMap::from([("data".to_owned(), "none".to_owned())]), plan }
}

#[test]
fn are_read_back_as_written() {
    for arch in [Arch::Aedsr, Arch::Apsr, Arch::Avdsr] {
        let spec = ModelSpec { residual_scale: 0.25, ..ModelSpec::new(arch, 3, 4, 2) };
        for spec in [spec, spec.convolutional_twin()] {
            let plan = spec.plan();
            let written = Model { params: common::models::params(&plan, 5), plan, ..model() };
            assert_eq!(Model::from_bytes(&written.to_bytes().unwrap()).unwrap(), written);
        }
    }
}

/// Cards name a model's parent by its hash.
#[test]
fn are_the_same_bytes_every_time() {
    let mut model = model();
    model.card.extend((0..20).map(|i| (format!("entry {i}"), "x".to_owned())));
    let bytes = model.to_bytes().unwrap();
    assert_eq!(model.to_bytes().unwrap(), bytes);
    assert_eq!(Model::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes);
}

#[test]
fn are_safetensors_to_others() {
    let bytes = model().to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.len(), model().plan.params.len());
    let head = file.tensor("head.weight").unwrap();
    assert_eq!((head.dtype(), head.shape()), (safetensors::Dtype::F32, &[3, 3, 3, 3][..]));
    assert_eq!(head.data()[..4], model().params.values[0][0].to_le_bytes());
    assert_eq!((head.data().as_ptr() as usize - bytes.as_ptr() as usize) % 8, 0, "values are aligned");
}

/// A card is free text; it must not be able to say what network this is.
#[test]
fn card_cannot_contradict_the_plan() {
    let mut model = model();
    model.card.insert("unit".to_owned(), "conv".to_owned());
    model.card.insert("channels".to_owned(), "64".to_owned());
    let read = Model::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(read.plan, model.plan);
    assert_eq!(read.card.into_keys().collect::<Vec<_>>(), ["data"]);
}

#[test]
fn what_would_be_refused_is_not_written() {
    let mut broken = model();
    broken.params.values[1][0] = f32::INFINITY;
    let message = broken.to_bytes().unwrap_err().to_string();
    assert!(message.starts_with("the tensor `head.bias` holds values that are not finite"), "{message}");

    let broken = Model { params: Params { values: vec![vec![0.0]; model().params.values.len()] }, ..model() };
    let message = broken.to_bytes().unwrap_err().to_string();
    assert_eq!(message, "the tensor `head.weight` is 1 values, but its description asks for F32 [3, 3, 3, 3]");
    assert!(write_tensors(&[("x".to_owned(), vec![2, 2], &[0.0; 3])], BTreeMap::new()).is_err());
}
