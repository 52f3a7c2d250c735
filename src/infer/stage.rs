//! Pictures that are computed piece by piece: the links of the chain from the original to the result.
//!
//! A [`Stage`] is asked for a rectangle and asks the stage before it for what that rectangle needs. Nothing whole is ever
//! held as floats, whatever the chain: network, network again, bicubic to a crooked size.

use crate::{
    backend::{Backend, LayerTime, Network, Rect, Taps, Tile},
    nn::{Arch, Model, Plan},
    tensor::{
        Pixels, Shape, Tensor, colour,
        resample::{Filter, Resampler},
    },
};
use std::{borrow::Cow, sync::Arc};

/// A picture of which any rectangle can be had.
pub(super) trait Stage {
    /// Rows and columns.
    fn size(&self) -> (usize, usize);

    /// A rectangle as `[1, h, w, channels]`: the same bits whichever rectangle a pixel is read with.
    fn read(&mut self, rect: Rect) -> Tensor;

    /// What the network's layers have cost so far, of the last network of the chain.
    fn times(&self) -> Vec<LayerTime> {
        Vec::new()
    }
}

/// The original's colour, three channels in `[0, 1]`; grey is repeated. Several chains share it.
pub(super) struct Original<'a>(pub(super) Arc<Cow<'a, Pixels>>);

impl Stage for Original<'_> {
    fn size(&self) -> (usize, usize) {
        (self.0.height, self.0.width)
    }

    fn read(&mut self, r: Rect) -> Tensor {
        self.0.read_rgb(r.y, r.x, r.h, r.w)
    }
}

/// The stage before it, resampled by bicubic.
pub(super) struct Resized<'a> {
    inner: Box<dyn Stage + 'a>,
    by: Resampler,
}

impl<'a> Resized<'a> {
    /// To `size`, (rows, columns).
    pub(super) fn new(inner: Box<dyn Stage + 'a>, size: (usize, usize)) -> Self {
        let by = Resampler::new(Filter::Bicubic, inner.size(), size);
        Self { inner, by }
    }
}

impl Stage for Resized<'_> {
    fn size(&self) -> (usize, usize) {
        (self.by.rows.n_out, self.by.columns.n_out)
    }

    fn read(&mut self, r: Rect) -> Tensor {
        let (rows, columns) = (r.y..r.y + r.h, r.x..r.x + r.w);
        let (ys, xs) = (self.by.rows.inputs(rows.clone()), self.by.columns.inputs(columns.clone()));
        let source = self.inner.read(Rect { y: ys.start, x: xs.start, h: ys.len(), w: xs.len() });
        self.by.tile(&source, (ys.start, xs.start), rows, columns)
    }

    fn times(&self) -> Vec<LayerTime> {
        self.inner.times()
    }
}

/// Y of BT.601 of the stage before it, one channel: what `avdsr` reads.
pub(super) struct Luma<'a>(pub(super) Box<dyn Stage + 'a>);

impl Stage for Luma<'_> {
    fn size(&self) -> (usize, usize) {
        self.0.size()
    }

    fn read(&mut self, rect: Rect) -> Tensor {
        luma(&colour::rgb_to_ycbcr(&self.0.read(rect)))
    }
}

fn luma(ycbcr: &Tensor) -> Tensor {
    let data = ycbcr.data.chunks_exact(3).map(|p| p[0]).collect();
    Tensor::from_vec(ycbcr.shape.with_channels(1), data)
}

/// `aedsr`: the stage before it, enlarged by the network, clamped to what a picture can hold.
struct ColourNetwork<'a> {
    inner: Box<dyn Stage + 'a>,
    plan: &'a Plan,
    network: Box<dyn Network>,
}

impl Stage for ColourNetwork<'_> {
    fn size(&self) -> (usize, usize) {
        let (h, w) = self.inner.size();
        (h * self.plan.scale(), w * self.plan.scale())
    }

    fn read(&mut self, r: Rect) -> Tensor {
        let s = self.plan.scale();
        // The small pixels whose enlargements cover the rectangle.
        let (y, x) = (r.y / s, r.x / s);
        let small = Rect { y, x, h: (r.y + r.h).div_ceil(s) - y, w: (r.x + r.w).div_ceil(s) - x };
        let tile = Tile::new(self.plan, self.inner.size(), small);
        let mut out = self.network.run(&self.inner.read(tile.input), &tile, &mut Taps::default());
        out.data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
        let whole = Rect { y: y * s, x: x * s, h: small.h * s, w: small.w * s };
        if whole == r { out } else { out.crop(r.y - whole.y, r.x - whole.x, r.h, r.w) }
    }

    fn times(&self) -> Vec<LayerTime> {
        self.network.times()
    }
}

/// `avdsr`: the stage before it is already large; its luma goes through the network, its chroma stays.
struct LumaNetwork<'a> {
    inner: Box<dyn Stage + 'a>,
    plan: &'a Plan,
    network: Box<dyn Network>,
}

impl Stage for LumaNetwork<'_> {
    fn size(&self) -> (usize, usize) {
        self.inner.size()
    }

    fn read(&mut self, rect: Rect) -> Tensor {
        let tile = Tile::new(self.plan, self.inner.size(), rect);
        let with_halo = colour::rgb_to_ycbcr(&self.inner.read(tile.input));
        let bright = self.network.run(&luma(&with_halo), &tile, &mut Taps::default());
        let mut ycbcr = with_halo.crop(rect.y - tile.input.y, rect.x - tile.input.x, rect.h, rect.w);
        for (pixel, y) in ycbcr.data.chunks_exact_mut(3).zip(&bright.data) {
            pixel[0] = *y;
        }
        let mut rgb = colour::ycbcr_to_rgb(&ycbcr);
        rgb.data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
        rgb
    }

    fn times(&self) -> Vec<LayerTime> {
        self.network.times()
    }
}

/// `inner` enlarged once by the model's whole scale.
pub(super) fn enlarged<'a>(inner: Box<dyn Stage + 'a>, model: &'a Model, backend: &dyn Backend) -> Box<dyn Stage + 'a> {
    let plan = &model.plan;
    let network = backend.network(plan, &model.params);
    match plan.spec.arch {
        Arch::Aedsr => Box::new(ColourNetwork { inner, plan, network }),
        Arch::Avdsr => Box::new(LumaNetwork { inner: bicubic(inner, plan.spec.scale), plan, network }),
    }
}

/// What the model's network reads of an original: its colour (`aedsr`), or the luma of its bicubic enlargement (`avdsr`).
pub(super) fn network_input<'a>(inner: Box<dyn Stage + 'a>, model: &Model) -> Box<dyn Stage + 'a> {
    match model.plan.spec.arch {
        Arch::Aedsr => inner,
        Arch::Avdsr => Box::new(Luma(bicubic(inner, model.plan.spec.scale))),
    }
}

/// Rows and columns of what the model's network reads of a picture of `size`.
pub(super) fn network_input_size((h, w): (usize, usize), model: &Model) -> (usize, usize) {
    match model.plan.spec.arch {
        Arch::Aedsr => (h, w),
        Arch::Avdsr => (h * model.plan.spec.scale, w * model.plan.spec.scale),
    }
}

fn bicubic<'a>(inner: Box<dyn Stage + 'a>, scale: usize) -> Box<dyn Stage + 'a> {
    let (h, w) = inner.size();
    Box::new(Resized::new(inner, (h * scale, w * scale)))
}

/// Copies `from` into `into` with its top left corner at (`y`, `x`); both of one picture and equally many channels.
pub(super) fn paste(into: &mut Tensor, from: &Tensor, y: usize, x: usize) {
    let Shape { h, w, c, .. } = from.shape;
    for row in 0..h {
        let at = ((y + row) * into.shape.w + x) * c;
        into.data[at..at + w * c].copy_from_slice(&from.data[row * w * c..(row + 1) * w * c]);
    }
}
