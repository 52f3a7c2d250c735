//! The short way, on a backend that takes samples: the whole chain of an enlargement runs on its device, only samples
//! cross the bus, and tiles may be begun before they are waited for.
//!
//! The chain of `stage` is the same in floats. What it gives equals this one's samples for one pass of a colour network;
//! otherwise a device mixes colours and rows in an order of its own, and a sample in some thousands differs by one. The
//! mean over eight views stays with the stages: next to eight passes of a network the bus is nothing.

use crate::{
    backend::{Backend, Network, Rect, Route},
    nn::Model,
    tensor::{Pixels, alpha::fill_transparent},
};
use std::{borrow::Cow, collections::VecDeque, sync::Arc};

pub(super) struct Direct<'a> {
    original: Cow<'a, Pixels>,
    route: Arc<Route>,
    network: Box<dyn Network>,
    /// Rectangles of the result that were begun, in order.
    begun: VecDeque<Rect>,
}

impl<'a> Direct<'a> {
    /// For an enlargement of `pixels` to `size`, (rows, columns), by so many passes, if the backend takes samples.
    pub(super) fn new(
        pixels: &'a Pixels,
        model: &Model,
        passes: usize,
        size: (usize, usize),
        backend: &dyn Backend,
    ) -> Option<Self> {
        let mut network = backend.network(&model.plan, &model.params);
        network.pictures()?;
        let route = Arc::new(Route::new(&model.plan, (pixels.height, pixels.width), passes, size));
        Some(Self { original: fill_transparent(pixels), route, network, begun: VecDeque::new() })
    }

    /// Begins a rectangle of the result.
    pub(super) fn begin(&mut self, rect: Rect) {
        let Some(pictures) = self.network.pictures() else { return };
        let Rect { y, x, h, w } = self.route.reads(rect);
        pictures.begin(self.original.crop_colour(y, x, h, w), &self.route, rect);
        self.begun.push_back(rect);
    }

    /// The colour of a rectangle, if the device can compute it. It need not have been begun; others begun before it are
    /// dropped.
    pub(super) fn finish(&mut self, rect: Rect) -> Option<Pixels> {
        if !self.begun.contains(&rect) {
            self.begin(rect);
        }
        let at = self.begun.iter().position(|begun| *begun == rect)?;
        let pictures = self.network.pictures()?;
        let mut colour = None;
        for _ in 0..=at {
            self.begun.pop_front();
            colour = pictures.finish();
        }
        colour
    }
}
