//! Samples in, samples out: the same pictures as with floats, whatever the depth and however tiles overlap.

use crate::common::{gpu, models};
use addersr::{
    backend::{AdderGradient, Backend, Graph, Network},
    infer::{CancelToken, Enlarger, Job, Silent, Target, tiles::TileSize, upscale},
    nn::{Arch, Model, ModelSpec, Params, Plan},
    tensor::{Pixels, Samples, Shape},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::sync::Arc;

/// The engine without the short way.
struct Floats;

impl Backend for Floats {
    fn name(&self) -> String {
        "floats".to_owned()
    }

    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
        gpu::engine().network(plan, params)
    }

    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
        gpu::engine().graph(plan, batch, gradient)
    }
}

fn model(spec: ModelSpec) -> Arc<Model> {
    let plan = spec.plan();
    let mut params = models::params(&plan, spec.scale as u64);
    // Corrections small enough that few samples are clamped.
    plan.params.iter().zip(&mut params.values).filter(|(p, _)| p.name.starts_with("tail")).for_each(|(_, v)| {
        v.iter_mut().for_each(|v| *v *= 0.003);
    });
    Arc::new(Model { plan, params, card: Default::default() })
}

fn picture(channels: usize, sixteen: bool) -> Pixels {
    let (w, h) = (19, 23);
    let value = |i: usize| (i * 7919 % 65_521) as u16;
    let samples = if sixteen {
        Samples::U16((0..w * h * channels).map(value).collect())
    } else {
        Samples::U8((0..w * h * channels).map(|i| (value(i) >> 8) as u8).collect())
    };
    Pixels::new(w, h, channels, samples).unwrap()
}

fn enlarged(pixels: &Pixels, model: &Arc<Model>, target: Target, tile: usize, backend: &dyn Backend) -> Pixels {
    let job = Job { model: Arc::clone(model), target, tile: TileSize::Side(tile), ensemble: false, strength: None };
    upscale(pixels, &job, backend, &mut Silent, &CancelToken::new()).unwrap()
}

fn levels(pixels: &Pixels) -> Vec<i32> {
    match &pixels.samples {
        Samples::U8(v) => v.iter().map(|&s| i32::from(s)).collect(),
        Samples::U16(v) => v.iter().map(|&s| i32::from(s)).collect(),
    }
}

fn samples_equal_floats() {
    for (channels, sixteen, scale, tile) in [(3, false, 2, 7), (3, true, 2, 100), (4, false, 3, 9), (4, true, 4, 5)] {
        let model = model(ModelSpec::new(Arch::Aedsr, scale, 5, 1));
        let pixels = picture(channels, sixteen);
        let by = |backend: &dyn Backend| enlarged(&pixels, &model, Target::Factor(scale as f64), tile, backend);
        let (actual, expected) = (by(&gpu::engine()), by(&Floats));
        assert!(actual == expected, "{channels} channels, 16 bits: {sixteen}, ×{scale}, tiles of {tile}");
        let colours = actual.colour().data;
        let between = colours.iter().filter(|&&v| v > 0.0 && v < 1.0).count();
        assert!(between * 2 > colours.len(), "most samples are not clamped");
        assert!(gpu::engine().pixel_pipeline(&model.plan, &model.params).is_some(), "the short way was taken");
    }
}

/// A picture without colour that is stored as RGB: the grey one in every channel, by short ways and long ones.
fn what_has_no_colour_stays_without() {
    let model = model(ModelSpec::new(Arch::Aedsr, 2, 5, 1));
    let grey = picture(1, false);
    let rgb = Pixels {
        channels: 3,
        samples: Samples::U8(levels(&grey).iter().flat_map(|&v| [v as u8; 3]).collect()),
        ..grey
    };
    for target in [Target::Factor(2.0), Target::Factor(3.3)] {
        for backend in [&gpu::engine() as &dyn Backend, &Floats] {
            let by = |pixels: &Pixels| enlarged(pixels, &model, target, 7, backend);
            let made = by(&rgb);
            assert_eq!(made.neutral(), Some(by(&grey)), "{target:?}");
            assert_eq!(made.evened().as_ref(), Some(&made), "{target:?}");
        }
    }
}

/// Grey, several passes, crooked sizes and luma: within one step of the floats' samples, since a device sums in its own
/// order, and the same bits however tiled and however little memory there is.
fn every_way_is_short() {
    let (aedsr, avdsr) = (model(ModelSpec::new(Arch::Aedsr, 2, 5, 1)), model(ModelSpec::new(Arch::Avdsr, 2, 5, 2)));
    for (channels, sixteen, model, target) in [
        (1, false, &aedsr, Target::Factor(2.0)),
        (2, true, &aedsr, Target::Factor(2.0)),
        (3, false, &aedsr, Target::Factor(4.0)),
        (3, true, &aedsr, Target::Factor(2.7)),
        (4, false, &aedsr, Target::Width(31)),
        (1, false, &aedsr, Target::Factor(3.0)),
        (3, false, &avdsr, Target::Factor(2.0)),
        (3, true, &avdsr, Target::Factor(2.6)),
        (1, false, &avdsr, Target::Factor(4.0)),
    ] {
        let case = format!("{channels} channels, 16 bits: {sixteen}, {:?}, {target}", model.plan.spec.arch);
        let pixels = picture(channels, sixteen);
        let by = |tile, backend: &dyn Backend| enlarged(&pixels, model, target, tile, backend);
        let whole = by(100, &gpu::engine());
        let (ours, floats) = (levels(&whole), levels(&by(100, &Floats)));
        let apart = ours.iter().zip(&floats).map(|(a, b)| (a - b).abs());
        assert!(apart.clone().all(|d| d <= 1), "{case}: {} steps apart", apart.max().unwrap());
        assert!(apart.filter(|&d| d > 0).count() * 100 <= ours.len(), "{case}: more than one sample in a hundred");
        assert!(by(7, &gpu::engine()) == whole, "{case}: in tiles");
        let little = gpu::fresh().with_buffer_limit(64 << 10);
        assert!(by(100, &little) == whole, "{case}: in buffers of 64 KiB");
        assert_eq!(little.faults(), 0, "{case}: halves, not floats");
    }
}

/// Whatever the picture, the network and the size: both interpreters of a route agree to one step, in tiles as in one piece.
/// (In colour: what brings greys back may make several steps of one, by the curve of a network that nobody trained.)
fn any_route() {
    let strategy =
        (3..=4usize, any::<bool>(), any::<bool>(), 2..=4usize, 0.6..6.0f64, 3..40usize, (9..30usize, 9..30usize));
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 32, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&strategy, |(channels, sixteen, luma, scale, factor, tile, (w, h))| {
        let arch = if luma { Arch::Avdsr } else { Arch::Aedsr };
        let model = model(ModelSpec::new(arch, scale, 5, 1));
        let pixels = picture(channels, sixteen).crop(0, 0, h.min(23), w.min(19)).unwrap();
        let by = |tile, backend: &dyn Backend| enlarged(&pixels, &model, Target::Factor(factor), tile, backend);
        let whole = by(200, &gpu::engine());
        prop_assert!(by(tile, &gpu::engine()) == whole, "in tiles of {tile}");
        let (ours, floats) = (levels(&whole), levels(&by(200, &Floats)));
        let apart: Vec<i32> = ours.iter().zip(&floats).map(|(a, b)| (a - b).abs()).filter(|&d| d > 0).collect();
        prop_assert!(apart.iter().all(|&d| d == 1), "{:?} steps apart", apart.iter().max());
        prop_assert!(apart.len() <= 2 + ours.len() / 100, "{} of {} samples differ", apart.len(), ours.len());
        Ok(())
    });
    outcome.unwrap();
}

/// Tiles that were under way when the device was lost are computed again on the one that is opened in its place.
fn a_device_lost_between_tiles() {
    let (model, pixels) = (model(ModelSpec::new(Arch::Aedsr, 2, 5, 1)), picture(3, false));
    let engine = gpu::fresh();
    let job = Job {
        model: Arc::clone(&model),
        target: Target::Factor(2.0),
        tile: TileSize::Side(7),
        ensemble: false,
        strength: None,
    };
    let mut work = Enlarger::new(&pixels, &job, &engine).unwrap();
    let mut canvas = work.canvas().unwrap();
    let mut tiles = 0;
    let mut lose = |done: u64, total: u64| {
        tiles += 1;
        if done < total && tiles == 3 {
            engine.lose_device();
        }
        std::ops::ControlFlow::Continue(())
    };
    work.go_on(&mut canvas, &mut 0, &mut lose, &CancelToken::new()).unwrap();
    assert_eq!(engine.faults(), 1);
    assert!(canvas == enlarged(&pixels, &model, Target::Factor(2.0), 100, &gpu::engine()));
}

tests!(
    samples_equal_floats,
    every_way_is_short,
    any_route,
    what_has_no_colour_stays_without,
    a_device_lost_between_tiles
);
