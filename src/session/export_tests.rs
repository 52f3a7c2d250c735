//! The exporter through its channels, as a window uses it.

use super::*;
use crate::infer::bundled::{Kind, KindChoice};
use crate::{
    backend::Choice,
    image_io::Format,
    nn::{Arch, Model, ModelSpec, Params},
    session::{Worker, open},
};
use std::time::Duration;

fn start() -> (Shared, Worker<Exporter>) {
    let shared = Shared::new(Choice::Cpu);
    let clone = shared.clone();
    let worker = Worker::start("export", Arc::new(|| {}), move || Exporter::new(clone.clone(), TileCache::default()));
    (shared, worker)
}

fn ended(worker: &Worker<Exporter>) -> Event {
    loop {
        match worker.wait(Duration::from_secs(120)).expect("an event") {
            Event::Progress(..) => {}
            other => return other,
        }
    }
}

#[test]
fn a_file_is_the_result_to_the_bit_and_is_not_replaced_unasked() {
    let (shared, worker) = start();
    let mut photo = open::open(open::Origin::Sample).unwrap();
    photo.pixels = Arc::new(photo.pixels.crop(0, 0, 40, 300).unwrap());
    let photo = Arc::new(photo);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ä #1.png");
    let result = Subject {
        photo: photo.clone(),
        look: ModelChoice::Auto(KindChoice::Clean),
        target: Target::Factor(2.0),
        part: None,
        dpi: None,
        strength: 1.0,
        ensemble: false,
    };
    let export = |depth, overwrite| {
        let options = EncodeOptions { overwrite, ..EncodeOptions::new(Format::Png) };
        let to = Destination::File { path: path.clone(), options, depth };
        worker.send(Command::Export { job: JobId::next(), result: result.clone(), to }).unwrap();
        ended(&worker)
    };
    assert!(matches!(export(Depth::Eight, false), Event::Saved(_, saved) if saved.size == Size::new(600, 80)));
    let model = shared.models.get(&shared.models.for_factor(2.0, Kind::Clean).unwrap()).unwrap();
    let job = Job { model, target: Target::Factor(2.0), tile: TileSize::Automatic, ensemble: false, strength: None };
    let backend = shared.device().unwrap().backend;
    let cancel = infer::CancelToken::new();
    let whole = infer::upscale(&photo.pixels, &job, backend.as_ref(), &mut infer::Silent, &cancel).unwrap();
    assert_eq!(image_io::decode(&path).unwrap().pixels, whole);
    assert!(matches!(export(Depth::Eight, false), Event::Exists(..)));
    assert!(matches!(export(Depth::Sixteen, true), Event::Saved(..)));
    let deep = image_io::decode(&path).unwrap().pixels;
    assert_eq!(deep.depth(), Depth::Sixteen);
    assert_ne!(deep.to_eight().to_sixteen(), deep, "sixteen bits are computed, not stretched");
}

#[test]
fn an_export_of_any_depth_ends_within_a_tile_when_it_is_stopped_and_writes_nothing() {
    let (shared, worker) = start();
    let mut photo = open::open(open::Origin::Sample).unwrap();
    // Many tiles: the whole would take much longer than the first of them.
    let wide = resize_pixels(Filter::Nearest, &photo.pixels, Size::square(1400)).unwrap();
    photo.pixels = Arc::new(wide);
    let (photo, folder) = (Arc::new(photo), tempfile::tempdir().unwrap());
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let small = Model { params: Params::zeros(&plan), plan, card: Default::default() };
    let weights = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(weights.path(), small.to_bytes().unwrap()).unwrap();
    let model = shared.models.add(weights.path()).unwrap();
    for depth in [Depth::Eight, Depth::Sixteen] {
        let path = folder.path().join("out.png");
        let look = ModelChoice::Model(model.clone());
        let target = Target::Factor(2.0);
        let result =
            Subject { photo: photo.clone(), look, target, part: None, dpi: None, strength: 1.0, ensemble: false };
        let to = Destination::File { path, options: EncodeOptions::new(Format::Png), depth };
        let job = JobId::next();
        worker.send(Command::Export { job, result, to }).unwrap();
        let total = 2800 * 2800;
        let mut most = 0;
        loop {
            match worker.wait(Duration::from_secs(120)).expect("an event") {
                Event::Progress(_, Progress { done, total: all, .. }) => {
                    assert_eq!(all, total);
                    if most == 0 {
                        worker.send(Command::Stop).unwrap();
                    }
                    most = most.max(done).max(1);
                }
                Event::Failed(of, failure) => {
                    assert_eq!((of, failure), (job, Failure::Cancelled));
                    break;
                }
                _ => panic!("{depth:?} went on to the end"),
            }
        }
        assert!(most < total / 2, "{depth:?} stopped after {most} of {total} pixels");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no file, half-written or whole");
    }
}

#[test]
fn time_left_goes_by_what_is_computed_now() {
    assert_eq!(Progress { done: 30, total: 50, speed: None }.left(), None);
    let progress = Progress { done: 30, total: 50, speed: Some(4.0) };
    assert_eq!((progress.left(), progress.share()), (Some(5.0), 0.6));
}

/// Greys that a conversion left a step apart count as grey wherever a result is mixed: in a file as on the command line.
#[test]
fn half_the_strength_of_a_photo_with_traces_of_colour_is_what_the_command_line_makes() {
    let (shared, worker) = start();
    let folder = tempfile::tempdir().unwrap();
    let mut photo = open::open(open::Origin::Sample).unwrap();
    let (w, h) = (30, 20);
    let samples = (0..w * h).flat_map(|i| [60 + i as u8 % 150, 61 + i as u8 % 150, 61 + i as u8 % 150]).collect();
    photo.pixels = Arc::new(Pixels::new(w, h, 3, crate::tensor::Samples::U8(samples)).unwrap());
    let photo = Arc::new(photo);
    let (target, path) = (Target::Factor(2.0), folder.path().join("out.png"));
    let look = ModelChoice::Auto(KindChoice::Clean);
    let result = Subject { photo: photo.clone(), look, target, part: None, dpi: None, strength: 0.5, ensemble: false };
    let to = Destination::File { path: path.clone(), options: EncodeOptions::new(Format::Png), depth: Depth::Eight };
    worker.send(Command::Export { job: JobId::next(), result, to }).unwrap();
    assert!(matches!(ended(&worker), Event::Saved(..)));
    let model = shared.models.get(&shared.models.for_factor(2.0, Kind::Clean).unwrap()).unwrap();
    let strength = Some(infer::Strength { share: 0.5, faithful: None });
    let job = Job { model, target, tile: TileSize::Automatic, ensemble: false, strength };
    let (backend, cancel) = (shared.device().unwrap().backend, infer::CancelToken::new());
    let line = infer::upscale(&photo.pixels, &job, backend.as_ref(), &mut infer::Silent, &cancel).unwrap();
    let saved = image_io::decode(&path).unwrap().pixels;
    assert!(saved.neutral().is_some() && saved.colour() == line.colour());
}

/// A crop at every strength is the part of the whole, whoever makes it, and the file states the resolution.
#[test]
fn a_part_is_what_would_be_cut_out_of_the_whole() {
    let (_, worker) = start();
    let mut photo = open::open(open::Origin::Sample).unwrap();
    photo.pixels = Arc::new(photo.pixels.crop(0, 0, 50, 60).unwrap());
    let photo = Arc::new(photo);
    let folder = tempfile::tempdir().unwrap();
    let crop = Rect { y: 21, x: 33, h: 40, w: 51 };
    let looks = [ModelChoice::Auto(KindChoice::Clean), ModelChoice::Baseline(Filter::Lanczos3)];
    let (eight, deep) = (Depth::Eight, Depth::Sixteen);
    let cases = [
        (&looks[0], 1.0, eight),
        (&looks[0], 0.4, deep),
        (&looks[0], 0.4, eight),
        (&looks[1], 1.0, eight),
        (&looks[1], 1.0, deep),
    ];
    for (n, (look, strength, depth)) in cases.into_iter().enumerate() {
        let export = |part: Option<Rect>| {
            let path = folder.path().join(format!("{n}-{}.png", part.is_some()));
            let options = EncodeOptions::new(Format::Png);
            let to = Destination::File { path: path.clone(), options, depth };
            let (photo, look, target) = (photo.clone(), look.clone(), Target::Factor(2.0));
            let result = Subject { photo, look, target, part, dpi: Some(240.0), strength, ensemble: false };
            worker.send(Command::Export { job: JobId::next(), result, to }).unwrap();
            let Event::Saved(_, saved) = ended(&worker) else { panic!("it is written") };
            (image_io::decode(&path).unwrap(), saved.size)
        };
        let ((part, size), (whole, _)) = (export(Some(crop)), export(None));
        assert_eq!(size, Size::new(51, 40));
        let Rect { y, x, h, w } = crop;
        assert_eq!(part.pixels, whole.pixels.crop(y, x, h, w).unwrap(), "{n}");
        assert_eq!(part.meta.dpi.map(|dpi| dpi.x.round()), Some(240.0));
    }
}
