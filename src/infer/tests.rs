//! Properties of whole enlargements, on the reference backend with tiny networks.

use super::{tiles::TileSize, *};
use crate::tensor::Size;
use crate::{
    backend::{Backend, Rect, cpu::Cpu, reference::Reference},
    nn::{Arch, Model, ModelSpec, ParamKind, Params},
    tensor::{Depth, Pixels, Samples, resample},
};
use proptest::prelude::*;
use std::{ops::ControlFlow, sync::Arc};

/// A network with values that make a difference everywhere, the same for the same seed.
fn model(arch: Arch, scale: usize, seed: u64) -> Arc<Model> {
    let plan = ModelSpec::new(arch, scale, 4, 1).plan();
    let mut params = Params::zeros(&plan);
    let mut random = noise(seed);
    for (spec, values) in plan.params.iter().zip(&mut params.values) {
        for v in values {
            *v = match spec.kind {
                ParamKind::RunningVar | ParamKind::Alpha => 1.0 + 0.5 * random(),
                _ => 0.3 * random(),
            };
        }
    }
    Arc::new(Model { plan, params, card: Default::default() })
}

/// Numbers in [-1, 1).
fn noise(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}

fn picture(w: usize, h: usize, c: usize, depth: Depth, seed: u64) -> Pixels {
    let mut random = noise(seed);
    let mut values = (0..w * h * c).map(|_| (random() + 1.0) / 2.0 * depth.max());
    let samples = match depth {
        Depth::Eight => Samples::U8(values.by_ref().map(|v| v as u8).collect()),
        Depth::Sixteen => Samples::U16(values.by_ref().map(|v| v as u16).collect()),
    };
    Pixels::new(w, h, c, samples).unwrap()
}

fn enlarge(pixels: &Pixels, model: &Arc<Model>, target: Target, tile: TileSize) -> Pixels {
    enlarge_on(&Reference, pixels, model, target, tile)
}

fn enlarge_on(backend: &dyn Backend, pixels: &Pixels, model: &Arc<Model>, target: Target, tile: TileSize) -> Pixels {
    let job = Job { model: Arc::clone(model), target, tile, ensemble: false, strength: None };
    upscale(pixels, &job, backend, &mut Silent, &CancelToken::new()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// DESIGN, decision 9, through the whole chain: passes, crooked sizes, alpha, depth.
    #[test]
    fn tiles_never_show(
        (w, h) in (1usize..14, 1usize..14),
        channels in 1usize..=4,
        sixteen: bool,
        luma: bool,
        scale in 1usize..=3,
        factor in 0.4f64..4.5,
        tile in 1usize..9,
        seed: u64,
    ) {
        let depth = if sixteen { Depth::Sixteen } else { Depth::Eight };
        let pixels = picture(w, h, channels, depth, seed);
        let model = model(if luma { Arch::Avdsr } else { Arch::Aedsr }, scale, seed);
        let target = Target::Factor(factor);
        let mut backends: Vec<Box<dyn Backend>> = vec![Box::new(Reference)];
        backends.extend(Cpu::all().into_iter().map(|cpu| Box::new(cpu) as Box<dyn Backend>));
        for backend in backends {
            let whole = enlarge_on(backend.as_ref(), &pixels, &model, target, TileSize::Side(100));
            for size in [TileSize::Side(tile), TileSize::Automatic] {
                let tiled = enlarge_on(backend.as_ref(), &pixels, &model, target, size);
                prop_assert_eq!(&whole, &tiled, "{}, {:?}", backend.name(), size);
            }
            prop_assert_eq!(target.size(Size::new(w, h)).unwrap(), whole.size());
            prop_assert_eq!((whole.channels, whole.depth()), (channels, depth));
        }
    }
}

#[test]
fn a_network_that_adds_nothing_is_bicubic() {
    let pixels = picture(9, 7, 3, Depth::Eight, 1);
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let params = Params::zeros(&plan);
    let model = Arc::new(Model { plan, params, card: Default::default() });
    let bicubic =
        Pixels::from_tensors(&resample::resize(&pixels.rgb(), Size::new(18, 14)), None, Depth::Eight).unwrap();
    assert_eq!(enlarge(&pixels, &model, Target::Factor(2.0), TileSize::Automatic), bicubic);
}

#[test]
fn a_target_that_is_not_larger_needs_no_network() {
    let pixels = picture(9, 7, 3, Depth::Eight, 2);
    let model = model(Arch::Aedsr, 2, 3);
    assert_eq!(enlarge(&pixels, &model, Target::Factor(1.0), TileSize::Automatic), pixels);
    let small = Pixels::from_tensors(&resample::resize(&pixels.rgb(), Size::new(4, 3)), None, Depth::Eight).unwrap();
    assert_eq!(enlarge(&pixels, &model, Target::Width(4), TileSize::Automatic), small);
}

#[test]
fn two_passes_are_the_network_on_its_own_result() {
    let pixels = picture(5, 4, 3, Depth::Sixteen, 3);
    let model = model(Arch::Aedsr, 2, 9);
    let job = Job {
        model: Arc::clone(&model),
        target: Target::Factor(4.0),
        tile: TileSize::Automatic,
        ensemble: false,
        strength: None,
    };
    assert_eq!(Enlarger::new(&pixels, &job, &Reference).unwrap().passes(), 2);
    let once = enlarge(&pixels, &model, Target::Factor(2.0), TileSize::Automatic);
    let twice = enlarge(&once, &model, Target::Factor(2.0), TileSize::Automatic);
    let both = enlarge(&pixels, &model, Target::Factor(4.0), TileSize::Automatic);
    let (Samples::U16(a), Samples::U16(b)) = (&twice.samples, &both.samples) else { panic!("16 bits stay") };
    let worst = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
    // Half a 16-bit step between passes, amplified by a network of no smoothness: far below one 8-bit step (257).
    assert!(worst < Some(64), "{worst:?}");
}

#[test]
fn colour_under_holes_does_not_bleed() {
    // Red, with a hole of green.
    let pixel = |x: usize| if x < 4 { [200, 0, 0, 255] } else { [0, 255, 0, 0] };
    let pixels = Pixels::new(8, 8, 4, Samples::U8((0..64).flat_map(|i| pixel(i % 8)).collect())).unwrap();
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let params = Params::zeros(&plan);
    let model = Arc::new(Model { plan, params, card: Default::default() });
    let large = enlarge(&pixels, &model, Target::Factor(2.0), TileSize::Side(3));
    let Samples::U8(v) = &large.samples else { panic!("8 bits stay") };
    assert!(v.chunks_exact(4).all(|p| p[1] == 0), "green shows");
    assert!(v.chunks_exact(4).any(|p| p[3] == 0) && v.chunks_exact(4).any(|p| p[3] == 255));
    assert!(v.chunks_exact(4).any(|p| p[3] != 0 && p[3] != 255), "the edge is soft");
}

#[test]
fn grey_stays_grey_and_nearly_the_same_as_its_rgb() {
    for arch in [Arch::Aedsr, Arch::Apsr, Arch::Avdsr] {
        let grey = picture(6, 5, 1, Depth::Eight, 7);
        let Samples::U8(v) = &grey.samples else { panic!("8 bits") };
        let rgb = Pixels::new(6, 5, 3, Samples::U8(v.iter().flat_map(|&v| [v; 3]).collect())).unwrap();
        let model = model(arch, 2, 8);
        let (a, b) = (
            enlarge(&grey, &model, Target::Factor(2.0), TileSize::Automatic),
            enlarge(&rgb, &model, Target::Factor(2.0), TileSize::Automatic),
        );
        let (Samples::U8(a), Samples::U8(b)) = (&a.samples, &b.samples) else { panic!("8 bits stay") };
        for (a, b) in a.iter().zip(b.chunks_exact(3)) {
            let mean = b.iter().map(|&v| f32::from(v)).sum::<f32>() / 3.0;
            assert!((f32::from(*a) - mean).abs() <= 1.0, "{arch:?}: {a} {b:?}");
        }
    }
}

#[test]
fn stops_between_tiles_and_tells_how_far_it_is() {
    let pixels = picture(8, 8, 3, Depth::Eight, 1);
    let job = Job {
        model: model(Arch::Aedsr, 2, 1),
        target: Target::Factor(2.0),
        tile: TileSize::Side(4),
        ensemble: false,
        strength: None,
    };
    let cancel = CancelToken::new();
    let mut seen = Vec::new();
    let mut progress = |done, total| {
        seen.push((done, total));
        if done == 128 {
            cancel.cancel();
        }
        ControlFlow::Continue(())
    };
    assert_eq!(upscale(&pixels, &job, &Reference, &mut progress, &cancel), Err(InferError::Cancelled));
    assert_eq!(seen, [(0, 256), (64, 256), (128, 256)]);
}

#[test]
fn a_result_beyond_memory_is_refused_before_work() {
    let pixels = picture(100, 100, 3, Depth::Sixteen, 1);
    let job = Job {
        model: model(Arch::Aedsr, 2, 1),
        target: Target::Factor(1e6),
        tile: TileSize::Automatic,
        ensemble: false,
        strength: None,
    };
    let error = upscale(&pixels, &job, &Reference, &mut Silent, &CancelToken::new()).unwrap_err();
    assert!(error.to_string().contains("100000000×100000000"), "{error}");
}

#[test]
fn feature_maps_of_a_region_are_those_of_the_whole() {
    for arch in [Arch::Aedsr, Arch::Apsr, Arch::Avdsr] {
        let pixels = picture(11, 9, 3, Depth::Eight, 4);
        let model = model(arch, 2, 5);
        let nodes: Vec<usize> = (0..model.plan.nodes.len()).collect();
        let maps = |region| {
            let cancel = CancelToken::new();
            taps::feature_maps(&pixels, &model, region, &nodes, &Reference, &mut Silent, &cancel).unwrap()
        };
        let part = Rect { y: 2, x: 3, h: 4, w: 5 };
        for ((node, whole), part_of) in nodes.iter().zip(maps(Rect::whole(Size::new(11, 9)))).zip(maps(part)) {
            let s = whole.shape.h / 9;
            assert_eq!(whole.crop(part.y * s, part.x * s, part.h * s, part.w * s), part_of, "{arch:?} node {node}");
        }
    }
}

#[test]
fn regions_outside_the_picture_and_maps_beyond_memory_are_refused() {
    let pixels = picture(11, 9, 3, Depth::Eight, 4);
    let model = model(Arch::Aedsr, 2, 5);
    let maps = |region, nodes: &[usize]| {
        taps::feature_maps(&pixels, &model, region, nodes, &Reference, &mut Silent, &CancelToken::new())
    };
    for region in
        [Rect { y: 0, x: 0, h: 0, w: 5 }, Rect { y: 6, x: 0, h: 4, w: 5 }, Rect { y: 0, x: usize::MAX, h: 4, w: 5 }]
    {
        assert!(matches!(maps(region, &[0]), Err(InferError::Region { .. })), "{region:?}");
    }
    let many = vec![1; taps::BUDGET / (11 * 9 * 3 * 4) + 1];
    let message = maps(Rect::whole(Size::new(11, 9)), &many).unwrap_err().to_string();
    assert!(message.contains("centred") && message.contains("smaller region"), "{message}");
}

#[test]
fn an_ensemble_of_a_network_that_adds_nothing_is_bicubic_and_its_tiles_do_not_show() {
    let pixels = picture(9, 7, 3, Depth::Eight, 6);
    let job = |model: &Arc<Model>, tile| Job {
        model: Arc::clone(model),
        target: Target::Factor(2.0),
        tile: TileSize::Side(tile),
        ensemble: true,
        strength: None,
    };
    let run = |job: &Job| upscale(&pixels, job, &Cpu::new(), &mut Silent, &CancelToken::new()).unwrap();
    let trained = model(Arch::Aedsr, 2, 8);
    let whole = run(&job(&trained, 100));
    assert_eq!(whole, run(&job(&trained, 3)));
    assert_ne!(whole, enlarge(&pixels, &trained, Target::Factor(2.0), TileSize::Automatic), "eight views differ");
    let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
    let nothing = Arc::new(Model { params: Params::zeros(&plan), plan, card: Default::default() });
    let (Samples::U8(mean), Samples::U8(plain)) = (
        run(&job(&nothing, 100)).samples,
        enlarge(&pixels, &nothing, Target::Factor(2.0), TileSize::Automatic).samples,
    ) else {
        panic!("8 bits stay")
    };
    // Sums in another order: a sample at a half may round the other way.
    assert!(mean.iter().zip(&plain).all(|(a, b)| a.abs_diff(*b) <= 1));
}

/// What a part of a picture gives is cut out of the whole's result: for every size, tile, engine, depth and strength.
#[test]
fn a_part_of_a_result_is_cut_out_of_the_whole() {
    let (sharp, soft) = (model(Arch::Aedsr, 2, 7), model(Arch::Aedsr, 2, 9));
    for (channels, depth, backend) in [
        (3, Depth::Eight, &Cpu::new() as &dyn Backend),
        (4, Depth::Sixteen, &Reference),
        (1, Depth::Eight, &Cpu::new()),
    ] {
        let pixels = picture(17, 13, channels, depth, 8);
        for (target, crop) in [
            (Target::Factor(2.0), Rect { y: 3, x: 5, h: 7, w: 9 }),
            (Target::Factor(3.3), Rect { y: 0, x: 4, h: 13, w: 2 }),
            (Target::Width(31), Rect { y: 12, x: 16, h: 1, w: 1 }),
            (Target::LongEdge(9), Rect { y: 2, x: 1, h: 8, w: 15 }),
        ] {
            let Cropped { whole, part } = cropped(target, Size::new(17, 13), crop).unwrap();
            for (share, tile) in [(1.0, 4), (0.5, 3), (0.0, 100)] {
                let strength = Some(Strength { share, faithful: (tile == 3).then(|| soft.clone()) });
                let tile = TileSize::Side(tile);
                let job = Job { model: Arc::clone(&sharp), target: whole, tile, ensemble: false, strength };
                let run = |part| upscale_part(&pixels, &job, part, backend, &mut Silent, &CancelToken::new());
                let all = run(None).unwrap().0;
                assert_eq!(run(Some(part)).unwrap().0, all.crop(part.y, part.x, part.h, part.w).unwrap());
            }
        }
        let job = Job {
            model: Arc::clone(&sharp),
            target: Target::Factor(2.0),
            tile: TileSize::Automatic,
            ensemble: false,
            strength: None,
        };
        let outside = Some(Rect { y: 0, x: 30, h: 4, w: 5 });
        let refused = upscale_part(&pixels, &job, outside, backend, &mut Silent, &CancelToken::new());
        assert!(matches!(refused, Err(InferError::Region { .. })));
    }
}

/// A picture without colour, stored as RGB: every channel the grey one's.
fn as_rgb(grey: &Pixels) -> Pixels {
    let Samples::U8(v) = &grey.samples else { panic!("8 bits") };
    let samples = v.iter().flat_map(|&v| [v; 3]).collect();
    Pixels { channels: 3, samples: Samples::U8(samples), ..*grey }
}

#[test]
fn a_picture_without_colour_stays_without_colour_and_is_the_grey_one() {
    let grey = picture(9, 7, 1, Depth::Eight, 12);
    let rgb = as_rgb(&grey);
    for backend in [&Reference as &dyn Backend, &Cpu::new()] {
        for arch in [Arch::Aedsr, Arch::Apsr, Arch::Avdsr] {
            for target in [Target::Factor(2.0), Target::Factor(3.3)] {
                let model = model(arch, 2, 3);
                let run = |pixels: &Pixels| enlarge_on(backend, pixels, &model, target, TileSize::Side(4));
                assert_eq!(run(&rgb), as_rgb(&run(&grey)), "{arch:?}");
            }
        }
    }
    let mut tinted = rgb.clone();
    let Samples::U8(v) = &mut tinted.samples else { panic!("8 bits") };
    v[4] = v[3] ^ 64;
    assert!(rgb.neutral().is_some() && tinted.neutral().is_none(), "one pixel of colour");
}

#[test]
fn strength_goes_from_the_faithful_result_to_the_networks_own() {
    let pixels = picture(9, 7, 4, Depth::Eight, 5);
    let (sharp, soft) = (model(Arch::Aedsr, 3, 7), model(Arch::Aedsr, 2, 9));
    let target = Target::Factor(2.5);
    let run = |share, faithful: Option<&Arc<Model>>, tile| {
        let strength = Some(Strength { share, faithful: faithful.cloned() });
        let job = Job { model: Arc::clone(&sharp), target, tile: TileSize::Side(tile), ensemble: false, strength };
        upscale(&pixels, &job, &Cpu::new(), &mut Silent, &CancelToken::new()).unwrap()
    };
    let alone = |model| enlarge_on(&Cpu::new(), &pixels, model, target, TileSize::Automatic);
    assert_eq!(run(1.0, Some(&soft), 4), alone(&sharp));
    assert_eq!(run(0.0, Some(&soft), 4), alone(&soft));
    let (Samples::U8(half), Samples::U8(a), Samples::U8(b)) =
        (run(0.5, Some(&soft), 4).samples, alone(&sharp).samples, alone(&soft).samples)
    else {
        panic!("8 bits stay 8 bits")
    };
    assert!(a != b);
    for ((m, a), b) in half.iter().zip(&a).zip(&b) {
        assert!(a.min(b) <= m && m <= a.max(b));
        assert!((2 * i32::from(*m) - i32::from(*a) - i32::from(*b)).abs() <= 1);
    }
    assert_eq!(run(0.5, Some(&soft), 4), run(0.5, Some(&soft), 100), "tiles do not show");
    let size = Size::new(23, 18);
    let bicubic =
        crate::tensor::resample::resize_pixels(crate::tensor::resample::Filter::Bicubic, &pixels, size).unwrap();
    assert_eq!(run(0.0, None, 4), bicubic);
}
