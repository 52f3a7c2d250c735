//! Pieces of held-out pictures, enlarged again at every judgement, so that people see what the figures mean.

use crate::{
    backend::Backend,
    nn::Model,
    tensor::{Depth, Pixels, resample::resize},
    train::{
        dataset::{Dataset, Pair},
        evaluate::enlarge,
    },
};
use std::sync::Arc;

/// A piece with what does not change during a run.
#[derive(Clone, Debug)]
pub struct Crop {
    /// The picture's file name.
    pub name: String,
    /// What it should look like.
    pub truth: Arc<Pixels>,
    /// What bicubic makes of it.
    pub bicubic: Arc<Pixels>,
    /// What the starting model makes of it.
    pub start: Arc<Pixels>,
}

/// A piece as it comes out now.
pub type Now = Arc<Pixels>;

/// Pieces that are shown, one per picture.
const SHOWN: usize = 3;
/// Side in small pixels.
const SIDE: usize = 96;
/// Small pixels around a piece that the network sees too, so that its border looks as within the picture.
const MARGIN: usize = 20;

/// Where a piece lies, in small pixels.
pub(super) struct CropPos<'a> {
    pair: &'a Pair,
    around: Pixels,
    /// Of the piece within what surrounds it.
    inner: (usize, usize, usize, usize),
    truth: Pixels,
}

/// One piece of each of the first held-out pictures, where the most happens.
pub(super) fn places(data: &Dataset) -> Vec<CropPos<'_>> {
    data.held_out.iter().take(SHOWN).filter_map(|pair| CropPos::new(pair, data.scale)).collect()
}

impl<'a> CropPos<'a> {
    fn new(pair: &'a Pair, scale: usize) -> Option<Self> {
        let (h, w) = (pair.small.height, pair.small.width);
        let side = SIDE.min(h).min(w);
        let rows = (0..=h - side).step_by(8);
        let all = rows.flat_map(|y| (0..=w - side).step_by(8).map(move |x| (y, x)));
        let (y, x) = all.max_by_key(|&(y, x)| pair.energy(y, x, side))?;
        let (top, left) = (y.saturating_sub(MARGIN), x.saturating_sub(MARGIN));
        let (bottom, right) = ((y + side + MARGIN).min(h), (x + side + MARGIN).min(w));
        let around = pair.small.crop(top, left, bottom - top, right - left).ok()?;
        let truth = pair.large.crop(y * scale, x * scale, side * scale, side * scale).ok()?;
        let inner = ((y - top) * scale, (x - left) * scale, side * scale, side * scale);
        Some(Self { pair, around, inner, truth })
    }

    fn cut(&self, large: &crate::tensor::Tensor) -> Now {
        let (y, x, h, w) = self.inner;
        match Pixels::from_tensors(&large.crop(y, x, h, w), None, Depth::Eight) {
            Ok(pixels) => Arc::new(pixels),
            Err(error) => unreachable!("a network gives three channels: {error}"),
        }
    }

    fn begin(&self, start: Now, scale: usize) -> Crop {
        let (h, w) = (self.around.height * scale, self.around.width * scale);
        Crop {
            name: self.pair.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            truth: Arc::new(self.truth.clone()),
            bicubic: self.cut(&resize(&self.around.rgb(), h, w)),
            start,
        }
    }
}

/// What a model makes of the pieces.
pub(super) fn render(backend: &dyn Backend, model: &Model, places: &[CropPos<'_>]) -> Vec<Now> {
    let mut network = backend.network(&model.plan, &model.params);
    places.iter().map(|place| place.cut(&enlarge(network.as_mut(), &model.plan, &place.around))).collect()
}

/// The pieces with what the starting model makes of them.
pub(super) fn begin(backend: &dyn Backend, model: &Model, places: &[CropPos<'_>]) -> Vec<Crop> {
    let starts = render(backend, model, places);
    places.iter().zip(starts).map(|(place, start)| place.begin(start, model.plan.scale())).collect()
}
