//! Whole runs: they improve, they keep the best, they stop when told, they go back when they diverge.

use crate::pictures;
use addersr::{
    backend::{Backend, cpu::Cpu},
    image_io::Guard,
    nn::{Arch, Model, ModelSpec},
    train::{
        Settings, StepReport, TrainError, Trainer,
        checkpoint::{Checkpoint, Counters},
        dataset::Dataset,
        degrade::Degradation,
        evaluate::Score,
        run::{Budget, Judge, Judgement, Next, Observer, Plan, run},
    },
};
use std::{ops::ControlFlow, path::Path};

#[derive(Default)]
struct Notes {
    bicubic: f64,
    judged: Vec<(u64, f64, bool)>,
    stop_at: Option<u64>,
}

impl Observer for Notes {
    fn started(&mut self, bicubic: Score, _start: Score) {
        self.bicubic = bicubic.psnr;
    }
    fn stepped(&mut self, report: &StepReport, _seconds: f64, _share: f64) -> Next {
        if self.stop_at == Some(report.step) { Next::Stop } else { Next::Step }
    }
    fn judged(&mut self, judgement: &Judgement<'_>, _seconds: f64) -> ControlFlow<()> {
        self.judged.push((judgement.step, judgement.score.psnr, judgement.best));
        ControlFlow::Continue(())
    }
}

fn settings() -> Settings {
    Settings { batch: 4, patch: 10, rate: 3e-3, ..Settings::default() }
}

fn plan(folder: &Path, steps: u64) -> Plan {
    let claim = |name: &str| Guard::default().claim(&folder.join(name), true).expect("a name");
    Plan {
        budget: Budget::Steps(steps),
        judge: Judge::Steps(40),
        output: claim("model.safetensors"),
        checkpoint: claim("model.checkpoint"),
        card: [("data".to_owned(), "bars".to_owned())].into(),
        note: "whoever".to_owned(),
    }
}

fn data(folder: &Path) -> Dataset {
    pictures::write(folder, 8, 48);
    let data = Dataset::load(&[folder.into()], &[], 2, 10, Degradation::Bicubic).expect("pictures");
    assert_eq!((data.train.len(), data.held_out.len()), (7, 1), "held out by file");
    data
}

#[test]
fn a_short_run_beats_bicubic_and_writes_the_model_that_did() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    let backend = Cpu::new();
    let spec = ModelSpec::new(Arch::Aedsr, 2, 8, 1);
    let mut trainer = Trainer::new(&backend, &spec.plan(), None, settings(), None);
    let mut notes = Notes::default();
    let plan = plan(folder.path(), 200);
    let best = run(&backend, &mut trainer, &data, &plan, Counters::default(), &mut notes).expect("a run");
    let (step, score) = best.expect("pictures were held out");
    assert!(score.psnr > notes.bicubic + 1.0, "{:?} against bicubic {}", notes.judged, notes.bicubic);
    assert_eq!(notes.judged.last().map(|j| j.0), Some(200), "the end is judged");
    assert!(notes.judged.iter().any(|j| j.0 == step && j.2));
    let model = Model::from_bytes(&std::fs::read(plan.output.path()).expect("the model")).expect("a model");
    assert_eq!((model.plan.spec, model.card["data"].as_str()), (spec, "bars"));
    assert_eq!(model.card["held_out_psnr"], format!("{:.3}", score.psnr));
}

#[test]
fn a_stopped_run_leaves_a_model_and_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    let backend = Cpu::new();
    let spec = ModelSpec::new(Arch::Aedsr, 2, 4, 1);
    let plan = plan(folder.path(), 60);
    let mut trainer = Trainer::new(&backend, &spec.plan(), None, settings(), None);
    let mut notes = Notes { stop_at: Some(25), ..Notes::default() };
    run(&backend, &mut trainer, &data, &plan, Counters::default(), &mut notes).expect("a run");
    assert!(plan.output.path().exists());
    let saved = Checkpoint::load(plan.checkpoint.path()).expect("a checkpoint");
    assert_eq!((saved.progress.step, saved.note.as_str()), (25, "whoever"));
    assert!(saved.counters.start.is_some_and(|start| start.psnr > 0.0), "the start's score is kept, not judged again");

    let mut resumed = Trainer::resume(&backend, &saved.plan(), saved.progress, saved.settings, None);
    run(&backend, &mut resumed, &data, &plan, saved.counters, &mut Notes::default()).expect("a run");
    let mut whole = Trainer::new(&backend, &spec.plan(), None, settings(), None);
    run(&backend, &mut whole, &data, &plan, Counters::default(), &mut Notes::default()).expect("a run");
    assert!(whole.progress() == resumed.progress());
}

#[test]
fn values_that_are_not_finite_bring_back_the_last_good_state_at_half_the_rate() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    let backend: &dyn Backend = &Cpu::new();
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let mut trainer = Trainer::new(backend, &plan, None, settings(), None);
    let good = trainer.progress().params.clone();
    let broken = Settings { rate: f32::INFINITY, ..settings() };
    let mut broken = Trainer::new(backend, &plan, Some(good.clone()), broken, None);
    let report = broken.step(&data, 0.0).expect("one restart is no failure");
    assert!(report.restarted);
    assert_eq!((broken.progress().step, broken.progress().rate_factor), (0, 0.5));
    assert!(broken.progress().params == good);
    let end = (0..20).find_map(|_| broken.step(&data, 0.0).err());
    assert!(matches!(end, Some(TrainError::Diverged(_))), "{end:?}");
    assert!(!trainer.step(&data, 0.0).expect("a sound step").restarted);
}

#[test]
fn nothing_to_train_on_is_said_with_the_size_that_is_needed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write(folder.path(), 2, 16);
    let error = Dataset::load(&[folder.path().into()], &[], 2, 32, Degradation::Bicubic).expect_err("too small");
    let text = error.to_string();
    assert!(text.contains("none is at least 64 pixels on each side"), "{text}");
    let missing = folder.path().join("nowhere");
    let error = Dataset::load(std::slice::from_ref(&missing), &[], 2, 32, Degradation::Bicubic).expect_err("missing");
    assert!(error.to_string().contains(&missing.display().to_string()));
}
