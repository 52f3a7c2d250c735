//! Samples in, samples out: the same pictures as with floats, whatever the depth and however tiles overlap.

use crate::common::{gpu, models};
use addersr::{
    backend::{AdderGradient, Backend, Graph, Network, Taps, Tile},
    infer::{CancelToken, Job, Silent, Target, tiles::TileSize, upscale},
    nn::{Arch, Model, ModelSpec, Params, Plan},
    tensor::{Pixels, Samples, Shape, Tensor},
};
use std::sync::Arc;

/// The engine without the short way.
struct Floats;

struct FloatNetwork(Box<dyn Network>);

impl Network for FloatNetwork {
    fn run(&mut self, input: &Tensor, tile: &Tile, taps: &mut Taps) -> Tensor {
        self.0.run(input, tile, taps)
    }
}

impl Backend for Floats {
    fn name(&self) -> String {
        "floats".to_owned()
    }

    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
        Box::new(FloatNetwork(gpu::engine().network(plan, params)))
    }

    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
        gpu::engine().graph(plan, batch, gradient)
    }
}

fn samples_equal_floats() {
    for (channels, sixteen, scale, tile) in [(3, false, 2, 7), (3, true, 2, 100), (4, false, 3, 9), (4, true, 4, 5)] {
        let plan = ModelSpec::new(Arch::Aedsr, scale, 5, 1).plan();
        let mut params = models::params(&plan, scale as u64);
        // Corrections small enough that few samples are clamped.
        plan.params.iter().zip(&mut params.values).filter(|(p, _)| p.name.starts_with("tail")).for_each(|(_, v)| {
            v.iter_mut().for_each(|v| *v *= 0.003);
        });
        let (w, h) = (19, 23);
        let value = |i: usize| (i * 7919 % 65_521) as u16;
        let samples = if sixteen {
            Samples::U16((0..w * h * channels).map(value).collect())
        } else {
            Samples::U8((0..w * h * channels).map(|i| (value(i) >> 8) as u8).collect())
        };
        let pixels = Pixels::new(w, h, channels, samples).unwrap();
        let model = Arc::new(Model { plan, params, card: Default::default() });
        let job = Job { model, target: Target::Factor(scale as f64), tile: TileSize::Side(tile), ensemble: false };
        let by = |backend: &dyn Backend| upscale(&pixels, &job, backend, &mut Silent, &CancelToken::new()).unwrap();
        let (actual, expected) = (by(&gpu::engine()), by(&Floats));
        assert!(actual == expected, "{channels} channels, 16 bits: {sixteen}, ×{scale}, tiles of {tile}");
        let colours = actual.colour().data;
        let between = colours.iter().filter(|&&v| v > 0.0 && v < 1.0).count();
        assert!(between * 2 > colours.len(), "most samples are not clamped");
        let mut network = gpu::engine().network(&job.model.plan, &job.model.params);
        assert!(network.pictures().is_some(), "the short way was taken");
    }
}

tests!(samples_equal_floats);
