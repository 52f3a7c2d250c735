//! Pieces of held-out pictures, enlarged again at every judgement, so that people see what the figures mean.

use crate::{
    backend::Backend,
    nn::Model,
    tensor::{Depth, Pixels, Point, resample::resize},
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

/// Pieces that are shown, of different pictures if there are so many.
const SHOWN: usize = 3;
/// Sides in small pixels, the largest of which a picture has enough pieces is taken.
const SIDES: [usize; 5] = [96, 64, 32, 24, 16];
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

/// Pieces of the first held-out pictures, where the most happens.
pub(super) fn places(data: &Dataset) -> Vec<CropPos<'_>> {
    let pairs = &data.held_out[..data.held_out.len().min(SHOWN)];
    let of = |(i, pair)| {
        // As many of each as make all of them, one more of the first.
        let count = SHOWN / pairs.len() + usize::from(i < SHOWN % pairs.len());
        CropPos::all(pair, data.scale, count)
    };
    pairs.iter().enumerate().flat_map(of).collect()
}

impl<'a> CropPos<'a> {
    /// So many pieces of a picture that do not overlap, as large as they can be; fewer if it is tiny.
    fn all(pair: &'a Pair, scale: usize, count: usize) -> Vec<Self> {
        let (h, w) = (pair.small.height, pair.small.width);
        let corners = SIDES.map(|side| corners(pair, side.min(h).min(w), count));
        let Some((side, corners)) = corners.iter().find(|(_, found)| found.len() == count).or(corners.last()) else {
            return Vec::new();
        };
        corners.iter().filter_map(|&corner| Self::new(pair, scale, *side, corner)).collect()
    }

    fn new(pair: &'a Pair, scale: usize, side: usize, Point { x, y }: Point) -> Option<Self> {
        let (h, w) = (pair.small.height, pair.small.width);
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
        Crop {
            name: self.pair.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            truth: Arc::new(self.truth.clone()),
            bicubic: self.cut(&resize(&self.around.rgb(), self.around.size().times(scale))),
            start,
        }
    }
}

/// Corners of at most `count` squares of this side that do not overlap, each where the most happens that is left; with the
/// side.
fn corners(pair: &Pair, side: usize, count: usize) -> (usize, Vec<Point>) {
    let (h, w) = (pair.small.height, pair.small.width);
    let rows = (0..=h - side).step_by(8);
    let all = rows.flat_map(|y| (0..=w - side).step_by(8).map(move |x| Point { x, y }));
    let mut all: Vec<_> = all.map(|at| (pair.energy(at.y, at.x, side), at)).collect();
    all.sort_by_key(|&(energy, _)| std::cmp::Reverse(energy));
    let mut found: Vec<Point> = Vec::new();
    for (_, at) in all {
        if found.len() < count && found.iter().all(|f| f.y.abs_diff(at.y) >= side || f.x.abs_diff(at.x) >= side) {
            found.push(at);
        }
    }
    (side, found)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        session::open::{Origin, open},
        train::degrade::Degradation,
    };

    #[test]
    fn there_are_three_pieces_whatever_is_held_out() {
        let sample = &open(Origin::Sample).unwrap().pixels;
        let folder = tempfile::tempdir().unwrap();
        let file = |n: usize, side: usize| {
            let file = folder.path().join(format!("{n}.png"));
            let piece = sample.crop(10 * n, 10 * n, side, side).unwrap();
            let png = crate::image_io::EncodeOptions::new(crate::image_io::Format::Png);
            let options = crate::image_io::EncodeOptions { overwrite: true, ..png };
            crate::image_io::encode(&piece, &crate::image_io::Metadata::default(), &file, &options).unwrap();
            file
        };
        let train = [file(0, 128)];
        for (sides, shown) in [(&[192usize][..], 48), (&[64], 16), (&[192, 64], 32), (&[192, 192, 192, 192], 96)] {
            let held: Vec<_> = sides.iter().enumerate().map(|(i, &side)| file(i + 1, side)).collect();
            let data = Dataset::load(&train, &held, 2, 16, Degradation::Bicubic).unwrap();
            let places = places(&data);
            assert_eq!(places.len(), 3, "{sides:?}");
            let side = places[0].inner.2 / 2;
            assert!(side <= shown.max(16) && side >= 16, "{sides:?}: {side}");
            for (i, a) in places.iter().enumerate() {
                let others = places[..i].iter().filter(|b| b.pair.path == a.pair.path);
                assert!(others.clone().all(|b| b.truth != a.truth), "{sides:?}: pieces of one picture differ");
            }
        }
    }
}
