//! What the window's trainer tells and obeys.

use crate::pictures;
use addersr::{
    backend::Choice,
    backend::cpu::Cpu,
    image_io::Guard,
    nn::{Arch, Model, ModelSpec},
    session::{
        JobId, Shared, Worker,
        models::ModelRef,
        trainer::{Command, Ended, Event, Found, Start, Trainer},
    },
    train::{
        Settings, Trainer as Run,
        checkpoint::Checkpoint,
        dataset::Dataset,
        dataset::{find, held_out},
        degrade::Degradation,
        init::init,
        schedule::Schedule,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

fn worker(shared: &Shared) -> Worker<Trainer> {
    let shared = shared.clone();
    Worker::start("train", Arc::new(|| ()), move || Trainer::new(shared.clone()))
}

/// Events up to the first that ends it.
fn until(worker: &Worker<Trainer>, mut end: impl FnMut(&Event) -> bool) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let event = worker.wait(Duration::from_secs(120)).expect("an event within two minutes");
        let done = end(&event);
        events.push(event);
        if done {
            return events;
        }
    }
}

fn judge(worker: &Worker<Trainer>, folder: &Path) -> Vec<Found> {
    let command = Command::Judge {
        job: JobId::next(),
        paths: vec![folder.to_owned()],
        scale: 2,
        degradation: Degradation::Bicubic,
    };
    worker.send(command).expect("room");
    let events = until(worker, |e| matches!(e, Event::Judged(_) | Event::Failed(..)));
    events.into_iter().filter_map(|e| if let Event::Found(_, found) = e { Some(*found) } else { None }).collect()
}

/// A small model in a file, and a run of it on pictures beside it.
fn start(shared: &Shared, folder: &Path, seconds: f64) -> Start {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let params = init(&plan, &Settings::default());
    let file = folder.join("small.safetensors");
    let bytes = Model { plan, params, card: Default::default() }.to_bytes().expect("a model");
    std::fs::write(&file, bytes).expect("a temporary folder");
    let files = find(&[folder.join("pictures")]).expect("a folder");
    let held_out = held_out(&files);
    let train: Vec<PathBuf> = files.into_iter().filter(|f| !held_out.contains(f)).collect();
    Start {
        job: JobId::next(),
        init: shared.models.add(&file).expect("a model"),
        train,
        held_out,
        settings: Settings { batch: 4, patch: 10, ..Settings::default() },
        seconds,
        judgements: 4,
        output: folder.join("out/tuned.safetensors"),
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("pictures")).expect("a folder");
    pictures::write(&folder.path().join("pictures"), 4, 64);
    folder
}

#[test]
fn a_set_is_judged_picture_by_picture_and_duplicates_are_found() {
    let folder = folder();
    let pictures = folder.path().join("pictures");
    std::fs::copy(pictures.join("picture 1.png"), pictures.join("picture 9.png")).expect("a copy");
    std::fs::write(pictures.join("broken.png"), b"no picture").expect("a file");
    let worker = worker(&Shared::new(Choice::Cpu));
    for _ in 0..2 {
        // The second time from memory.
        let found = judge(&worker, &pictures);
        let names: Vec<_> = found.iter().map(|f| f.path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(names[0], "broken.png");
        assert_eq!(found.len(), 6);
        assert!(found[0].look.as_ref().is_err_and(|why| why.contains("broken.png")));
        assert_eq!(found.iter().map(|f| f.duplicate).collect::<Vec<_>>(), [false, false, false, false, false, true]);
        let pieces = found[1].pieces.as_ref().expect("the first are shown");
        assert_eq!((pieces.large.width, pieces.small.width), (64, 32));
    }
}

#[test]
fn how_fast_a_run_would_be_is_measured_and_nothing_is_kept_of_it() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let start = start(&shared, folder.path(), 60.0);
    worker.send(Command::Measure(Box::new(start.clone()))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Measured(..) | Event::Failed(..)));
    let [Event::Measured(job, Some(speed))] = &events[..] else { panic!("one answer") };
    assert!(*job == start.job && *speed > 0.0);
    assert!(!start.output.exists() && !start.output.with_extension("checkpoint").exists());
    // Of pictures that are not there nothing is known, and nobody is bothered before they want to begin.
    let gone = Start { train: vec![folder.path().join("gone.png")], ..start };
    worker.send(Command::Measure(Box::new(gone))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Measured(..) | Event::Failed(..)));
    assert!(matches!(events[..], [Event::Measured(_, None)]));
}

#[test]
fn a_run_is_told_step_by_step_and_its_model_can_be_used_and_exported() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let start = start(&shared, folder.path(), 1.0);
    worker.send(Command::Start(Box::new(start.clone()))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
    let Some(Event::Finished(job, Some(_), Ended::Done, output)) = events.last() else { panic!("it did not finish") };
    assert_eq!((*job, output), (start.job, &start.output));
    assert!(matches!(&events[0], Event::Started(_, bicubic, _, crops) if bicubic.psnr > 5.0 && crops.len() == 3));
    let scored: Vec<_> =
        events.iter().filter_map(|e| if let Event::Scored(_, s) = e { Some(s) } else { None }).collect();
    assert!(!scored.is_empty() && scored.iter().all(|s| s.crops.len() == 3 && s.health.len() == 2));
    let trained = shared.models.get(&ModelRef::Trained).expect("offered to all workers");
    let bytes = std::fs::read(&start.output).expect("the model");
    assert_eq!(Model::from_bytes(&bytes).expect("a model"), *trained);
    assert_eq!(trained.card["parent"], "small");

    let file = folder.path().join("exported.safetensors");
    worker.send(Command::Export { job: JobId::next(), file: file.clone() }).expect("room");
    until(&worker, |e| matches!(e, Event::Exported(..)));
    assert_eq!(std::fs::read(file).expect("the export"), bytes);
}

#[test]
fn a_run_waits_when_paused_and_stops_with_a_model() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let start = start(&shared, folder.path(), 3600.0);
    worker.send(Command::Start(Box::new(start.clone()))).expect("room");
    worker.send(Command::Pause).expect("room");
    until(&worker, |e| matches!(e, Event::Paused(_, true)));
    assert!(worker.wait(Duration::from_millis(300)).is_none(), "nothing happens while it waits");
    // Something else that is asked for meanwhile is refused with a reason.
    let other = JobId::next();
    let command = Command::Judge { job: other, paths: Vec::new(), scale: 2, degradation: Degradation::Bicubic };
    worker.send(command).expect("room");
    until(&worker, |e| matches!(e, Event::Failed(job, _) if *job == other));
    worker.send(Command::Resume).expect("room");
    until(&worker, |e| matches!(e, Event::Stepped(..)));
    worker.send(Command::Stop).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
    assert!(matches!(events.last(), Some(Event::Finished(_, Some(_), Ended::Stopped, _))));
    assert!(start.output.exists() && start.output.with_extension("checkpoint").exists());
}

#[test]
fn a_run_that_cannot_begin_says_why() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let start = Start { train: vec![folder.path().join("nowhere")], ..start(&shared, folder.path(), 1.0) };
    worker.send(Command::Start(Box::new(start))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
    assert!(matches!(events.last(), Some(Event::Failed(_, why)) if why.to_string().contains("nowhere")));
}

#[test]
fn a_paused_run_is_saved_and_another_window_goes_on_with_it_to_the_bit() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let first = worker(&shared);
    // The rate does not depend on the time that steps take until nearly the end.
    let schedule = Schedule { warm_up: 3, hold: 0.99 };
    let mut start = start(&shared, folder.path(), 3600.0);
    start.settings = Settings { schedule, rehearsal: 0.25, ..start.settings };
    first.send(Command::Start(Box::new(start.clone()))).expect("room");
    let events = until(&first, |e| matches!(e, Event::Stepped(..)));
    let Some(Event::Started(_, _, score, _)) = events.first() else { panic!("it did not begin") };
    first.send(Command::Pause).expect("room");
    until(&first, |e| matches!(e, Event::Paused(_, true)));
    let checkpoint = start.output.with_extension("checkpoint");
    let paused = Checkpoint::load(&checkpoint).expect("a pause saves the run");
    assert!(paused.progress.step > 0);
    drop(first);

    // Another day: nothing is known but the file.
    let shared = Shared::new(Choice::Cpu);
    let later = worker(&shared);
    let job = JobId::next();
    later.send(Command::Reopen { job, file: checkpoint.clone() }).expect("room");
    let events = until(&later, |e| matches!(e, Event::Stepped(..) | Event::Failed(..)));
    assert!(
        matches!(&events[0], Event::Reopened(of, again) if *of == job && **again == Start { job, ..start.clone() })
    );
    assert!(
        matches!(&events[1], Event::Started(_, _, again, _) if again == score),
        "the start is the parent, not the pause"
    );
    later.send(Command::Stop).expect("room");
    until(&later, |e| matches!(e, Event::Finished(_, Some(_), Ended::Stopped, _)));
    let ended = Checkpoint::load(&checkpoint).expect("the run");
    assert!(ended.progress.step > paused.progress.step);

    let model = shared.models.get(&start.init).expect("the parent");
    let plan = model.plan.clone();
    let data = Dataset::load(&start.train, &start.held_out, 2, 10, Degradation::Bicubic).expect("pictures");
    let data = data.rehearsing(&start.settings).expect("they are large enough");
    let mut whole = Run::new(&Cpu::new(), &plan, Some(model.params.clone()), start.settings, None);
    for _ in 0..ended.progress.step {
        whole.step(&data, 0.0).expect("a step");
    }
    assert!(*whole.progress() == ended.progress, "weights, running mean and optimiser as if it had never stopped");
}

#[test]
fn a_file_that_holds_no_run_of_a_window_is_refused_with_its_name() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let refused = |file: PathBuf| {
        let job = JobId::next();
        worker.send(Command::Reopen { job, file }).expect("room");
        let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
        let Some(Event::Failed(of, why)) = events.into_iter().last() else { panic!("it was taken") };
        assert_eq!(of, job);
        why.to_string()
    };
    let start = start(&shared, folder.path(), 1.0);
    let ModelRef::File(weights) = start.init.clone() else { panic!("a file") };
    assert!(refused(weights).contains("holds no training run"));
    assert!(refused(folder.path().join("none.checkpoint")).contains("none.checkpoint"));
    let spec = ModelSpec::new(Arch::Aedsr, 2, 4, 1);
    let mut run = Run::new(&Cpu::new(), &spec.plan(), None, start.settings.clone(), None);
    let (progress, counters) = (run.save_point().clone(), Default::default());
    let file = folder.path().join("cli.checkpoint");
    let target = Guard::default().claim(&file, true).expect("a name");
    Checkpoint { spec, settings: start.settings, progress, counters, note: String::new() }
        .save(&target)
        .expect("a file");
    drop(target);
    assert!(refused(file).contains("addersr train --resume"));
}

#[test]
fn numbers_that_are_not_finite_are_told_and_end_a_run_that_cannot_be_saved() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    let mut start = start(&shared, folder.path(), 60.0);
    start.settings.rate = f32::INFINITY;
    worker.send(Command::Start(Box::new(start))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
    assert!(events.iter().filter(|e| matches!(e, Event::Restarted(..))).count() >= 8);
    assert!(matches!(events.last(), Some(Event::Failed(_, why)) if why.to_string().contains("not finite")));
}

#[test]
fn a_run_whose_held_out_pictures_get_worse_ends_by_itself_with_its_best() {
    let folder = folder();
    let shared = Shared::new(Choice::Cpu);
    let worker = worker(&shared);
    // Judged after nearly every step, at a rate that ruins the network.
    let mut start = Start { judgements: 100_000, ..start(&shared, folder.path(), 600.0) };
    start.settings = Settings { rate: 0.3, ema: 0.0, schedule: Schedule { warm_up: 40, hold: 0.9 }, ..start.settings };
    worker.send(Command::Start(Box::new(start.clone()))).expect("room");
    let events = until(&worker, |e| matches!(e, Event::Finished(..) | Event::Failed(..)));
    let Some(Event::Finished(_, Some((_, best)), ended, _)) = events.last() else { panic!("it did not finish") };
    assert_eq!(*ended, Ended::Falling);
    let scores = || events.iter().filter_map(|e| if let Event::Scored(_, s) = e { Some(s.score.psnr) } else { None });
    assert_eq!(best.psnr, scores().fold(f64::MIN, f64::max));
    let bytes = std::fs::read(&start.output).expect("the best model");
    let card = Model::from_bytes(&bytes).expect("a model").card;
    assert_eq!(card["held_out_psnr"], format!("{:.3}", best.psnr));
}
