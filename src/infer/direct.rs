//! The short way, on a backend that takes samples: the whole chain of an enlargement runs on its device, only samples
//! cross the bus, and tiles may be begun before they are waited for.
//!
//! The chain of `stage` is the same in floats. What it gives equals this one's samples for one pass of a colour network;
//! otherwise a device mixes colours and rows in an order of its own, and a sample in some thousands differs by one. The
//! mean over eight views stays with the stages: next to eight passes of a network the bus is nothing.

use crate::{
    backend::{Backend, PixelPipeline, Rect, Route},
    nn::Model,
    tensor::Pixels,
};
use std::{borrow::Cow, collections::VecDeque, sync::Arc};

pub(super) struct Direct<'a> {
    original: Arc<Cow<'a, Pixels>>,
    route: Arc<Route>,
    device: Box<dyn PixelPipeline>,
    /// Rectangles of the result that were begun, in order.
    begun: VecDeque<Rect>,
}

impl<'a> Direct<'a> {
    /// For an enlargement of `original` to `size`, (rows, columns), by so many passes, if the backend takes samples.
    pub(super) fn new(
        original: Arc<Cow<'a, Pixels>>,
        model: &Model,
        passes: usize,
        size: (usize, usize),
        backend: &dyn Backend,
    ) -> Option<Self> {
        let device = backend.pixel_pipeline(&model.plan, &model.params)?;
        let route = Arc::new(Route::new(&model.plan, (original.height, original.width), passes, size));
        Some(Self { original, route, device, begun: VecDeque::new() })
    }

    /// Begins a rectangle of the result.
    pub(super) fn begin(&mut self, rect: Rect) {
        let Rect { y, x, h, w } = self.route.reads(rect);
        self.device.begin(self.original.crop_colour(y, x, h, w), &self.route, rect);
        self.begun.push_back(rect);
    }

    /// The colour of a rectangle, if the device can compute it. It need not have been begun; others begun before it are
    /// dropped.
    pub(super) fn finish(&mut self, rect: Rect) -> Option<Pixels> {
        if !self.begun.contains(&rect) {
            self.begin(rect);
        }
        let at = self.begun.iter().position(|begun| *begun == rect)?;
        let mut colour = None;
        for _ in 0..=at {
            self.begun.pop_front();
            colour = self.device.finish();
        }
        colour
    }
}
