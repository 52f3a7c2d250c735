//! The tab without a window: events in, what people are told out.

use super::{
    persisted::Persisted,
    run::Phase,
    state::{Dial, Notice, Recipe, TrainState},
};
use crate::tensor::Size;
use crate::{
    session::{
        Failure, JobId,
        models::ModelRef,
        trainer::{Ended, Event, Found, Scored, Start, Stepped},
    },
    train::{TUNING_RATE, degrade::Degradation, evaluate::Score, look::Look},
};
use std::path::{Path, PathBuf};

fn state() -> TrainState {
    TrainState::new(ModelRef::Bundled("x2".into()), 2, "models".into())
}

fn found(name: &str, side: usize) -> Box<Found> {
    let look = Look { size: Size::square(side), content: side as u64, bicubic: 30.0, blocks: 1.0 };
    Box::new(Found { path: name.into(), look: Ok(look), duplicate: false, pieces: None })
}

fn judged(names: &[&str]) -> TrainState {
    let mut state = state();
    assert!(state.add(&["folder".into()]));
    assert!(!state.add(&["folder".into()]), "it is there already");
    let (job, _) = state.judge();
    for (i, name) in names.iter().enumerate() {
        state.apply(Event::Found(job, found(name, 100 + i)));
    }
    state.apply(Event::Judged(job));
    state
}

fn score(psnr: f64) -> Score {
    Score { psnr, ssim: 0.9 }
}

#[test]
fn one_of_a_few_is_held_out_and_people_may_choose_another() {
    let mut state = judged(&["a", "b", "c"]);
    let (train, held_out) = state.split();
    assert_eq!((train.len(), held_out.len(), state.obstacle()), (2, 1, None));
    for path in &held_out {
        state.hold_out(path, false);
    }
    assert!(state.obstacle().unwrap().contains("Hold out"));
    state.hold_out(Path::new("b"), true);
    assert_eq!(state.split().1, [PathBuf::from("b")]);
    // Judged again, for instance at another scale: the choice stays.
    let (job, _) = state.judge();
    assert_eq!(state.obstacle().unwrap(), "The pictures are being checked.");
    for name in ["a", "b", "c"] {
        state.apply(Event::Found(job, found(name, 100)));
    }
    state.apply(Event::Judged(job));
    assert_eq!(state.split().1, [PathBuf::from("b")]);
}

#[test]
fn small_pictures_are_left_out_until_patches_fit() {
    let mut state = judged(&["a", "b"]);
    state.recipe.patch = 64;
    assert!(state.obstacle().unwrap().contains("128 × 128"));
    state.recipe.patch = 32;
    assert_eq!(state.obstacle(), None);
}

#[test]
fn events_of_an_older_judgement_are_ignored() {
    let mut state = judged(&["a"]);
    let (old, _) = state.judge();
    let (new, _) = state.judge();
    state.apply(Event::Found(old, found("x", 100)));
    state.apply(Event::Failed(old, Failure::Cancelled));
    assert!(state.found.is_empty() && state.judging == Some(new));
    let told = state.apply(Event::Judged(new));
    assert!(matches!(told, Some(Notice::Info(text)) if text.contains("Nothing that was added")));
}

#[test]
fn a_run_from_start_to_verdict() {
    let mut state = judged(&["a", "b", "c"]);
    let start = state.start(|file| file.ends_with("x2 tuned 1.safetensors"));
    assert_eq!(start.output, Path::new("models/x2 tuned 2.safetensors"), "nothing is overwritten");
    assert_eq!((start.seconds, start.settings.rate, state.is_running()), (180.0, TUNING_RATE, true));
    let job = start.job;
    state.apply(Event::Started(job, score(28.0), score(30.0), Vec::new()));
    for step in 1..=20 {
        let stepped = Stepped { step, loss: 0.1, rate: 1e-4, seconds: step as f64 / 2.0, share: step as f64 / 360.0 };
        state.apply(Event::Stepped(job, stepped));
    }
    let run = state.run.as_ref().unwrap();
    assert!((run.speed.unwrap() - 2.0).abs() < 1e-9 && run.left() == 170.0);
    state.apply(Event::Paused(job, true));
    assert_eq!(state.run.as_ref().unwrap().phase, Phase::Paused);
    state.apply(Event::Paused(job, false));
    let scored = |psnr, best| Scored { step: 20, score: score(psnr), best, crops: Vec::new(), health: Vec::new() };
    state.apply(Event::Scored(job, scored(30.75, true)));
    state.apply(Event::Scored(job, scored(30.5, false)));
    assert_eq!(state.run.as_ref().unwrap().gain(), Some(0.75));
    state.apply(Event::Finished(job, Some((20, score(30.75))), Ended::Falling, start.output));
    let (good, text) = state.run.as_ref().unwrap().verdict().unwrap();
    assert!(good && text.contains("0.75 dB better than x2") && text.contains("stopped early"), "{text}");
    assert!(!state.is_running());
}

#[test]
fn a_model_is_called_what_people_call_it() {
    let mut state = judged(&["a", "b", "c"]);
    state.recipe.name = " my cats ".to_owned();
    assert_eq!(state.start(|_| false).output, Path::new("models/my cats.safetensors"));
    assert_eq!(
        state.start(|file| file.ends_with("my cats.safetensors")).output,
        Path::new("models/my cats 2.safetensors")
    );
    state.recipe.name = "a/b".to_owned();
    assert!(state.obstacle().unwrap().contains("cannot contain /"));
}

#[test]
fn no_better_than_the_start_is_said_plainly_and_an_error_ends_a_run() {
    let mut state = judged(&["a", "b"]);
    let job = state.start(|_| false).job;
    state.apply(Event::Started(job, score(28.0), score(30.0), Vec::new()));
    state.apply(Event::Finished(job, Some((5, score(29.0))), Ended::Done, "m".into()));
    let (good, text) = state.run.as_ref().unwrap().verdict().unwrap();
    assert!(!good && text.starts_with("No better than the start"), "{text}");
    let job = state.start(|_| false).job;
    let told = state.apply(Event::Failed(job, Failure::Failed("the disk is full".into())));
    assert_eq!(told, Some(Notice::Failed(Failure::Failed("the disk is full".into()))));
    assert_eq!(state.run.as_ref().unwrap().phase, Phase::Failed);
}

#[test]
fn a_long_curve_stays_short() {
    let mut state = judged(&["a", "b"]);
    let job = state.start(|_| false).job;
    for step in 1..=10_000 {
        let stepped = Stepped { step, loss: 0.5, rate: 1e-4, seconds: step as f64, share: 0.0 };
        state.apply(Event::Stepped(job, stepped));
    }
    let run = state.run.as_ref().unwrap();
    assert!(run.curve.len() <= 4000 && run.curve.last().unwrap().step == 10_000.0);
    assert!(run.curve.iter().all(|p| p.raw == 0.5));
}

#[test]
fn a_saved_run_goes_on_with_what_it_was_made_with() {
    let mut state = judged(&["a", "b"]);
    state.recipe.patch = 16;
    state.recipe.rehearsal = 0.5;
    let start = state.start(|_| false);
    let mut later = self::state();
    let job = later.reopen();
    let saved = Start { job, output: "elsewhere/x2 tuned 1.safetensors".into(), ..start.clone() };
    later.apply(Event::Reopened(JobId::next(), Box::new(saved.clone())));
    assert!(!later.is_running(), "nobody asked for that one");
    later.apply(Event::Reopened(job, Box::new(saved)));
    assert!(later.is_running());
    let recipe = &later.recipe;
    assert_eq!((recipe.patch, recipe.rehearsal, recipe.folder.as_str()), (16, 0.5, "elsewhere"));
    assert_eq!((recipe.dial, recipe.minutes), (Dial::Own, 3.0));
    let job = later.reopen();
    let told = later.apply(Event::Failed(job, Failure::Failed("no run".into())));
    assert_eq!(told, Some(Notice::Failed(Failure::Failed("no run".into()))));
}

#[test]
fn going_back_because_of_bad_numbers_is_told_and_counted() {
    let mut state = judged(&["a", "b"]);
    let job = state.start(|_| false).job;
    let told = state.apply(Event::Restarted(job, 200));
    assert!(matches!(told, Some(Notice::Info(text)) if text.contains("step 200") && text.contains("half the rate")));
    assert_eq!(state.apply(Event::Restarted(JobId::next(), 100)), None, "another run's");
    assert_eq!(state.run.as_ref().unwrap().restarts, 1);
}

#[test]
fn what_is_kept_comes_back_and_nonsense_does_not() {
    let fresh = state().recipe;
    let mut recipe = fresh.clone();
    recipe.degradation = Degradation::Camera;
    (recipe.dial, recipe.minutes, recipe.folder) = (Dial::Own, 7.5, "models here".to_owned());
    recipe.seed = 99;
    let text = ron::to_string(&Persisted::of(&recipe)).unwrap();
    let kept: Persisted = ron::from_str(&text).unwrap();
    assert_eq!(kept.recipe(fresh.clone()), Recipe { seed: fresh.seed, ..recipe });
    let odd: Persisted = ron::from_str("(minutes: inf, folder: Some(\" \"))").unwrap();
    assert_eq!(odd.recipe(fresh.clone()), fresh);
}
