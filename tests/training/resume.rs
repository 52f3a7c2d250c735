//! A run that was stopped, saved and resumed equals one that never stopped, bit for bit.

use crate::{common::backends, pictures};
use addersr::{
    backend::Backend,
    image_io::Guard,
    nn::{Arch, ModelSpec, PowerKind},
    train::{
        Optimiser, Settings, Teacher, Trainer,
        checkpoint::{Checkpoint, Counters},
        dataset::Dataset,
        degrade::Degradation,
        schedule::Schedule,
    },
};
use std::path::Path;

fn settings(optimiser: Optimiser, degradation: Degradation) -> Settings {
    Settings {
        batch: 2,
        patch: 8,
        optimiser,
        adaptive: optimiser == Optimiser::Sgd,
        degradation,
        rate: if optimiser == Optimiser::Sgd { 0.02 } else { 1e-3 },
        schedule: Schedule { warm_up: 3, hold: 0.25 },
        ..Settings::default()
    }
}

fn steps(trainer: &mut Trainer, data: &Dataset, from: u64, to: u64) -> Vec<f32> {
    (from..to).map(|s| trainer.step(data, s as f64 / 12.0).expect("a step").loss).collect()
}

fn check(backend: &dyn Backend, folder: &Path, spec: ModelSpec, settings: Settings) {
    let data =
        Dataset::load(&[folder.into()], &[], spec.scale, settings.patch, settings.degradation).expect("pictures");
    let plan = spec.plan();
    let mut whole = Trainer::new(backend, &plan, None, settings.clone(), None);
    let losses = steps(&mut whole, &data, 0, 12);

    let mut first = Trainer::new(backend, &plan, None, settings.clone(), None);
    let mut again = steps(&mut first, &data, 0, 5);
    let counters = Counters { seconds: 1.5, best: None, start: None };
    let saved = Checkpoint { spec, settings, progress: first.save_point().clone(), counters, note: "ä".into() };
    let file = folder.join("run.checkpoint");
    saved.save(&Guard::default().claim(&file, true).expect("a name")).expect("a temporary folder");
    let loaded = Checkpoint::load(&file).expect("just written");
    assert!(loaded == saved, "a checkpoint comes back as it was");
    let mut second = Trainer::resume(backend, &loaded.plan(), loaded.progress, loaded.settings, None);
    again.extend(steps(&mut second, &data, 5, 12));
    assert_eq!(again, losses);
    assert!(whole.progress() == second.progress(), "weights, running mean and optimiser");
}

#[test]
fn resumed_equals_uninterrupted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path(), 4, 40);
    let pairs = tempfile::tempdir().expect("a temporary folder");
    pictures::write_pairs(pairs.path(), 4, 20, 2);
    for backend in backends() {
        println!("{}", backend.name());
        let aedsr = ModelSpec { power: PowerKind::Channel, ..ModelSpec::new(Arch::Aedsr, 2, 5, 1) };
        check(backend.as_ref(), folder.path(), aedsr, settings(Optimiser::Adam, Degradation::Camera));
        let given = Settings { contrast: 1.0, ..settings(Optimiser::Adam, Degradation::Given) };
        check(backend.as_ref(), pairs.path(), aedsr, given);
        let avdsr = ModelSpec::new(Arch::Avdsr, 2, 4, 2);
        check(backend.as_ref(), folder.path(), avdsr, settings(Optimiser::Sgd, Degradation::Bicubic));
    }
}

#[test]
fn a_teacher_changes_the_steps_and_needs_no_same_width() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path(), 2, 40);
    let spec = ModelSpec::new(Arch::Aedsr, 2, 4, 1);
    let settings = Settings { distill_output: 1.0, ..settings(Optimiser::Adam, Degradation::Bicubic) };
    let data = Dataset::load(&[folder.path().into()], &[], 2, 8, Degradation::Bicubic).expect("pictures");
    let backend = &backends()[0];
    let twin = ModelSpec::new(Arch::Aedsr, 2, 6, 1).convolutional_twin();
    let mut start = Trainer::new(backend.as_ref(), &twin.plan(), None, Settings { seed: 9, ..settings.clone() }, None);
    let model =
        addersr::nn::Model { plan: twin.plan(), params: start.progress().params.clone(), card: Default::default() };
    let teacher = Some(Teacher::new(backend.as_ref(), &model));
    let mut taught = Trainer::new(backend.as_ref(), &spec.plan(), None, settings.clone(), teacher);
    let mut alone = Trainer::new(backend.as_ref(), &spec.plan(), None, settings, None);
    steps(&mut taught, &data, 0, 2);
    steps(&mut alone, &data, 0, 2);
    assert!(taught.progress().params != alone.progress().params);
}

#[test]
fn a_teacher_of_features_is_followed_by_every_block_on_every_backend() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path(), 2, 40);
    let spec = ModelSpec::new(Arch::Aedsr, 2, 4, 2);
    let settings = Settings { distill_features: 0.1, ..settings(Optimiser::Adam, Degradation::Bicubic) };
    let data = Dataset::load(&[folder.path().into()], &[], 2, 8, Degradation::Bicubic).expect("pictures");
    for backend in backends() {
        let fresh = |spec: ModelSpec, settings: Settings, teacher| {
            Trainer::new(backend.as_ref(), &spec.plan(), None, settings, teacher)
        };
        let twin = spec.convolutional_twin();
        let params = fresh(twin, settings.clone(), None).progress().params.clone();
        let model = addersr::nn::Model { plan: twin.plan(), params, card: Default::default() };
        let mut taught = fresh(spec, settings.clone(), Some(Teacher::new(backend.as_ref(), &model)));
        let mut alone = fresh(spec, settings.clone(), None);
        steps(&mut taught, &data, 0, 2);
        steps(&mut alone, &data, 0, 2);
        assert!(taught.progress().params != alone.progress().params, "{}", backend.name());
    }
}
