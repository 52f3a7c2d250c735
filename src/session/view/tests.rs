//! The worker through its channels, as a window uses it.

use super::*;
use crate::tensor::Size;
use crate::{
    backend::Choice,
    infer::{self, CancelToken, Job, Silent, bundled::KindChoice, tiles::TileSize},
    session::{Worker, open, tile_cache::Grid},
    tensor::{Samples, resample::Filter},
};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(120);

fn photo() -> Arc<Photo> {
    let mut photo = open::open(open::Origin::Sample).unwrap();
    photo.pixels = Arc::new(photo.pixels.crop(40, 30, 250, 260).unwrap());
    Arc::new(photo)
}

fn start() -> (Worker<View>, Shared) {
    let shared = Shared::new(Choice::Cpu);
    let clone = shared.clone();
    (Worker::start("view", Arc::new(|| {}), move || View::new(clone.clone(), TileCache::default())), shared)
}

fn show(photo: &Arc<Photo>, b: ModelChoice) -> Show {
    let looks = vec![ModelChoice::Baseline(Filter::Bicubic), b];
    let (job, photo, target) = (JobId::next(), photo.clone(), Target::Factor(2.0));
    Show { job, photo, looks, target, ensemble: false, reference: None }
}

fn wanted(job: JobId, tiles: Vec<(Layer, usize)>) -> Wanted {
    let visible = Rect { y: 0, x: 0, h: 100, w: 100 };
    Wanted { job, version: 7, strength: 1.0, difference: Difference::default(), level: 0, visible, tiles }
}

/// The next tile that is not provisional.
fn next(worker: &Worker<View>) -> Tile {
    loop {
        match worker.wait(SOON).expect("an event") {
            Event::Tile(_, tile) if !tile.provisional => return tile,
            Event::Failed(_, failure) => panic!("{failure}"),
            _ => {}
        }
    }
}

#[test]
fn tiles_are_the_whole_result_cut_up_and_baselines_come_first() {
    let (worker, shared) = start();
    let photo = photo();
    let scene = show(&photo, ModelChoice::Auto(KindChoice::Clean));
    let job = scene.job;
    worker.send(Command::Show(Box::new(scene))).unwrap();
    let Some(Event::Facts(_, facts)) = worker.wait(SOON) else { panic!("facts first") };
    let grid = Grid { size: Size::new(520, 500) };
    assert_eq!((facts.grid, &facts.names[1][..]), (grid, "x2"));
    let price = facts.prices[1].unwrap();
    assert!(facts.prices[0].is_none() && price.way.passes == 1);
    assert!(price.convolutions.multiplications > 10 * price.cost.multiplications);

    worker.send(Command::Want(wanted(job, vec![(Layer::B, 3), (Layer::A, 3)]))).unwrap();
    let Some(Event::Tile(_, first)) = worker.wait(SOON) else { panic!("a tile") };
    assert!(first.provisional && first.layer == Layer::B && first.version == 7);
    let a = next(&worker);
    assert_eq!((a.layer, &a.image), (Layer::A, &first.image), "bicubic stands for the network until it is done");
    let b = next(&worker);
    assert!(b.layer == Layer::B && b.seconds.is_some());

    let model = shared.models.get(&shared.models.for_factor(2.0, crate::infer::bundled::Kind::Clean).unwrap()).unwrap();
    let job = Job { model, target: Target::Factor(2.0), tile: TileSize::Automatic, ensemble: false, strength: None };
    let backend = shared.device().unwrap().backend;
    let whole = infer::upscale(&photo.pixels, &job, backend.as_ref(), &mut Silent, &CancelToken::new()).unwrap();
    let r = grid.rect(3);
    assert_eq!(*b.image, Image::shrunk(&whole.crop(r.y, r.x, r.h, r.w).unwrap(), 0));
}

#[test]
fn strength_and_difference_need_no_network_again() {
    let (worker, _) = start();
    let scene = show(&photo(), ModelChoice::Auto(KindChoice::Clean));
    let job = scene.job;
    worker.send(Command::Show(Box::new(scene))).unwrap();
    worker.send(Command::Want(wanted(job, vec![(Layer::A, 3), (Layer::B, 3)]))).unwrap();
    let (a, b) = (next(&worker), next(&worker));
    let half = Wanted { strength: 0.5, ..wanted(job, vec![(Layer::B, 3)]) };
    worker.send(Command::Want(half)).unwrap();
    let mixed = next(&worker);
    assert_eq!(mixed.seconds, None);
    for ((m, a), b) in mixed.image.rgba.iter().zip(&a.image.rgba).zip(&b.image.rgba) {
        assert!(u32::from(*m).abs_diff((u32::from(*a) + u32::from(*b)) / 2) <= 1);
    }
    let none = Wanted { strength: 0.0, ..wanted(job, vec![(Layer::Difference, 3)]) };
    worker.send(Command::Want(none)).unwrap();
    let difference = next(&worker);
    assert_eq!((difference.layer, difference.seconds), (Layer::Difference, None));
    assert!(difference.image.rgba.as_chunks::<4>().0.iter().all(|p| *p == [0, 0, 0, 255]));
}

#[test]
fn a_tile_that_an_earlier_scene_computed_says_nothing_of_speed() {
    let (worker, _) = start();
    let photo = photo();
    for computed in [true, false] {
        let scene = show(&photo, ModelChoice::Auto(KindChoice::Clean));
        let job = scene.job;
        worker.send(Command::Show(Box::new(scene))).unwrap();
        worker.send(Command::Want(wanted(job, vec![(Layer::B, 3)]))).unwrap();
        assert_eq!(next(&worker).seconds.is_some(), computed);
    }
}

#[test]
fn four_sides_are_as_they_are_alone_and_a_side_that_is_not_there_is_not_made() {
    let (worker, _) = start();
    let photo = photo();
    let looks = [KindChoice::Clean, KindChoice::Camera].map(ModelChoice::Auto);
    let [clean, camera] = looks.clone();
    let filters = [Filter::Lanczos3, Filter::Nearest].map(ModelChoice::Baseline);
    let mut alone = Vec::new();
    for look in looks.into_iter().chain(filters.clone()) {
        let scene = show(&photo, look);
        let job = scene.job;
        worker.send(Command::Show(Box::new(scene))).unwrap();
        worker.send(Command::Want(wanted(job, vec![(Layer::B, 3), (Layer::C, 3)]))).unwrap();
        alone.push(next(&worker));
    }
    let [lanczos, nearest] = filters;
    let scene =
        Show { looks: vec![clean, camera, lanczos, nearest], ..show(&photo, ModelChoice::Auto(KindChoice::Clean)) };
    let job = scene.job;
    worker.send(Command::Show(Box::new(scene))).unwrap();
    for (layer, alone) in Layer::SIDES.into_iter().zip(alone) {
        worker.send(Command::Want(wanted(job, vec![(layer, 3)]))).unwrap();
        let made = next(&worker);
        assert_eq!((made.layer, made.image), (layer, alone.image));
    }
}

#[test]
fn another_scene_replaces_one_at_work_and_a_bad_one_is_told_with_a_reason() {
    let (worker, _) = start();
    let photo = photo();
    let (bad, good) =
        (show(&photo, ModelChoice::File("no/such.png".into())), show(&photo, ModelChoice::Baseline(Filter::Nearest)));
    let (bad_job, job) = (bad.job, good.job);
    worker.send(Command::Show(Box::new(bad))).unwrap();
    worker.send(Command::Want(wanted(bad_job, vec![(Layer::A, 0)]))).unwrap();
    worker.send(Command::Show(Box::new(good))).unwrap();
    worker.send(Command::Want(wanted(job, vec![(Layer::B, 0), (Layer::B, 999)]))).unwrap();
    let Some(Event::Failed(failed, Failure::Failed(reason))) = worker.wait(SOON) else { panic!("a failure") };
    assert!(failed == bad_job && reason.contains("no/such.png"), "{reason}");
    let tile = next(&worker);
    let Samples::U8(samples) = &photo.pixels.samples else { panic!("8 bits") };
    assert_eq!(tile.image.at(1, 1).unwrap()[..3], samples[..3], "nearest repeats the pixel");
}

#[test]
fn a_reference_is_compared_with_both_sides() {
    let (worker, _) = start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("truth.png");
    let photo = photo();
    let truth = crate::tensor::resample::resize_pixels(Filter::Bicubic, &photo.pixels, Size::new(520, 500)).unwrap();
    let options = crate::image_io::EncodeOptions::new(crate::image_io::Format::Png);
    crate::image_io::encode(&truth, &Default::default(), &file, &options).unwrap();
    let scene = Show { reference: Some(file), ..show(&photo, ModelChoice::Baseline(Filter::Nearest)) };
    let job = scene.job;
    worker.send(Command::Show(Box::new(scene))).unwrap();
    worker.send(Command::Want(wanted(job, vec![]))).unwrap();
    let scores = loop {
        match worker.wait(SOON).expect("an event") {
            Event::Scores(_, 7, scores) => break scores,
            Event::Failed(_, failure) => panic!("{failure}"),
            _ => {}
        }
    };
    assert_eq!(scores.view[0].unwrap().psnr, crate::metrics::Psnr::Identical);
    assert_eq!(scores.whole[0].unwrap().psnr, crate::metrics::Psnr::Identical);
    assert!(scores.whole[1].unwrap().psnr.db().unwrap() < 40.0);
}

#[test]
fn auto_takes_the_model_for_what_the_photo_was_found_to_be() {
    let (worker, _) = start();
    let mut photo = open::open(open::Origin::Sample).unwrap();
    photo.source.traces.jpeg = Some(40);
    let photo = Arc::new(photo);
    for (kind, name) in [(KindChoice::Auto, "x2-camera"), (KindChoice::Clean, "x2")] {
        worker.send(Command::Show(Box::new(show(&photo, ModelChoice::Auto(kind))))).unwrap();
        let facts = loop {
            if let Event::Facts(_, facts) = worker.wait(SOON).expect("an event") {
                break facts;
            }
        };
        assert_eq!(facts.names[1], name);
    }
}

#[test]
fn the_ensemble_is_another_result_at_eight_times_the_cost() {
    let (worker, _) = start();
    let photo = photo();
    let made = [false, true].map(|ensemble| {
        let scene = Show { ensemble, ..show(&photo, ModelChoice::Auto(KindChoice::Clean)) };
        let job = scene.job;
        worker.send(Command::Show(Box::new(scene))).unwrap();
        worker.send(Command::Want(wanted(job, vec![(Layer::B, 3)]))).unwrap();
        let facts = loop {
            if let Event::Facts(of, facts) = worker.wait(SOON).expect("an event")
                && of == job
            {
                break facts;
            }
        };
        (next(&worker).image, facts.prices[1].unwrap().cost.additions)
    });
    assert_ne!(made[0].0, made[1].0);
    assert_eq!(8 * made[0].1, made[1].1);
}
