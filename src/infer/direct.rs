//! The short way: one pass of a colour network to its own whole factor, on a backend that takes samples. Nothing is a
//! float on this side then, and tiles may be begun before they are waited for.
//!
//! Everything else goes through the stages of `stage` as floats, for reasons of exactness and not of speed. Between two
//! passes, and before the bicubic to a crooked size, values are clamped but not rounded: samples would lose that. Grey is
//! a third of the sum of three outputs and `avdsr`'s colour is mixed from luma and bicubic chroma; both are formed here in
//! the order of operations that defines every backend's picture, to which no shader is held. On the bus that costs four
//! times the bytes of such a picture's samples.

use crate::{
    backend::{Backend, Network, Rect, Tile},
    nn::{Arch, Model, Plan},
    tensor::{Pixels, alpha::fill_transparent},
};
use std::{borrow::Cow, collections::VecDeque};

pub(super) struct Direct<'a> {
    original: Cow<'a, Pixels>,
    plan: &'a Plan,
    network: Box<dyn Network>,
    /// Rectangles of the result that were begun, in order.
    begun: VecDeque<Rect>,
}

impl<'a> Direct<'a> {
    /// For an enlargement of `pixels` to `size`, (rows, columns), if the short way leads there.
    pub(super) fn new(
        pixels: &'a Pixels,
        model: &'a Model,
        size: (usize, usize),
        backend: &dyn Backend,
    ) -> Option<Self> {
        let (plan, s) = (&model.plan, model.plan.scale());
        let fits = plan.spec.arch == Arch::Aedsr && !pixels.is_grey() && size == (pixels.height * s, pixels.width * s);
        if !fits {
            return None;
        }
        let mut network = backend.network(plan, &model.params);
        network.pictures()?;
        Some(Self { original: fill_transparent(pixels), plan, network, begun: VecDeque::new() })
    }

    /// Begins a rectangle of the result.
    pub(super) fn begin(&mut self, rect: Rect) {
        let (s, of) = (self.plan.scale(), &self.original);
        let small = Rect { y: rect.y / s, x: rect.x / s, h: rect.h / s, w: rect.w / s };
        let whole = Rect { y: small.y * s, x: small.x * s, h: small.h * s, w: small.w * s };
        let tile = Tile::new(self.plan, (of.height, of.width), small);
        let Some(pictures) = self.network.pictures().filter(|_| whole == rect) else { return };
        pictures.begin(of.crop_colour(tile.input.y, tile.input.x, tile.input.h, tile.input.w), &tile);
        self.begun.push_back(rect);
    }

    /// The colour of a rectangle, if it is the one begun first. Others begun before it are dropped.
    pub(super) fn finish(&mut self, rect: Rect) -> Option<Pixels> {
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
