//! A [`Route`] walked in floats, by any backend's network: one rectangle of the result after the other, so that nothing
//! whole is ever held as floats. Samples on a device walk the same route (`backend/gpu/pixel_pipeline.rs`).

use super::ensemble::Turn;
use crate::{
    backend::{Backend, LayerTime, Link, Network, Rect, Route, Taps},
    nn::Model,
    tensor::{Pixels, Shape, Tensor, colour},
};
use std::{borrow::Cow, sync::Arc};

/// Whatever rectangle of an enlargement's colour is asked for, as `[1, h, w, 3]`.
pub(super) struct Floats<'a> {
    original: Arc<Cow<'a, Pixels>>,
    route: Arc<Route>,
    /// For all passes; `None` if the route has none.
    network: Option<Box<dyn Network>>,
    /// The views that an ensemble is the mean of, each with the passes of the route.
    views: Vec<(Turn, Route)>,
}

impl<'a> Floats<'a> {
    /// Loads the network that the route passes through, if it does.
    pub(super) fn new(
        original: Arc<Cow<'a, Pixels>>,
        route: Arc<Route>,
        model: &Model,
        ensemble: bool,
        backend: &dyn Backend,
    ) -> Self {
        let network = (route.passes() > 0).then(|| backend.network(&model.plan, &model.params));
        let view = |turn: Turn| (turn, Route::passing(&model.plan, turn.size(original.size()), route.passes()));
        let views = if ensemble && network.is_some() { Turn::all().map(view).collect() } else { Vec::new() };
        Self { original, route, network, views }
    }

    /// A rectangle of the result: the same bits whichever rectangle a pixel is read with.
    pub(super) fn read(&mut self, rect: Rect) -> Tensor {
        let (original, network) = (self.original.as_ref(), &mut self.network);
        if self.views.is_empty() {
            return walk(&self.route, original, Turn::default(), network, rect);
        }
        // The mean of the passes, and then the bicubic behind them.
        let behind = self.route.behind_passes();
        let needed = behind.map_or(rect, |by| Route::needed(by, rect));
        let share = 1.0 / self.views.len() as f32;
        let mut mean = Tensor::zeros(Shape::new(1, needed.h, needed.w, 3));
        // The picture as it stands comes last.
        for (turn, route) in self.views.iter().rev() {
            let back = turn.inverse();
            let view = walk(route, original, *turn, network, back.source(needed, route.size()));
            mean.data.iter_mut().zip(&back.apply(&view).data).for_each(|(sum, v)| *sum += v);
        }
        mean.data.iter_mut().for_each(|v| *v *= share);
        match behind {
            Some(by) => by.tile(&mean, needed.corner(), rect.rows(), rect.columns()),
            None => mean,
        }
    }

    /// What the network's layers have cost so far.
    pub(super) fn times(&self) -> Vec<LayerTime> {
        self.network.as_ref().map(|network| network.times()).unwrap_or_default()
    }
}

/// A rectangle of what a route makes of a picture, seen as `turn` says.
fn walk(route: &Route, original: &Pixels, turn: Turn, network: &mut Option<Box<dyn Network>>, rect: Rect) -> Tensor {
    let rects = route.rects(rect);
    let Rect { y, x, h, w } = turn.source(rects[0], original.size());
    let mut value = original.read_rgb(y, x, h, w);
    if turn != Turn::default() {
        value = turn.apply(&value);
    }
    let mut run = |value: &Tensor, i: usize| {
        let Some(network) = network else { unreachable!("a route with passes has a network") };
        network.run(value, &route.tile(i, rects[i + 1]), &mut Taps::default())
    };
    for (i, link) in route.links().iter().enumerate() {
        let (from, to) = (rects[i], rects[i + 1]);
        value = match link {
            Link::Resize(by) => by.tile(&value, from.corner(), to.rows(), to.columns()),
            Link::Colour => {
                let larger = clamped(run(&value, i));
                let corner = route.tile(i, to).output;
                let scale = route.scale();
                let whole = larger.shape.size() == to.size();
                if whole { larger } else { larger.crop(to.y - corner.y * scale, to.x - corner.x * scale, to.h, to.w) }
            }
            Link::Luma => {
                let ycbcr = colour::rgb_to_ycbcr(&value);
                let bright = run(&luma(&ycbcr), i);
                let mut ycbcr = ycbcr.crop(to.y - from.y, to.x - from.x, to.h, to.w);
                for (pixel, y) in ycbcr.data.chunks_exact_mut(3).zip(&bright.data) {
                    pixel[0] = *y;
                }
                clamped(colour::ycbcr_to_rgb(&ycbcr))
            }
        };
    }
    value
}

/// To what a picture can hold.
fn clamped(mut picture: Tensor) -> Tensor {
    picture.data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
    picture
}

/// Y of BT.601, one channel: what `avdsr` reads.
fn luma(ycbcr: &Tensor) -> Tensor {
    let data = ycbcr.data.chunks_exact(3).map(|p| p[0]).collect();
    Tensor::from_vec(ycbcr.shape.with_channels(1), data)
}

/// A rectangle of what the model's network reads of a picture: its colour (`aedsr`, `apsr`), or the luma of its bicubic
/// enlargement (`avdsr`), whose pixels `rect` then counts.
pub(super) fn network_input(original: &Pixels, model: &Model, rect: Rect) -> Tensor {
    let route = Route::before_network(&model.plan, original.size());
    let colour = walk(&route, original, Turn::default(), &mut None, rect);
    if model.plan.channels_in() == 1 { luma(&colour::rgb_to_ycbcr(&colour)) } else { colour }
}
