//! What is looked at, with everything loaded: which pictures the sides are made of.

use super::Show;
use crate::{
    error::Error,
    image_io,
    infer::{ENSEMBLE, Job, Way, bundled::KindChoice, tiles::TileSize},
    nn::{Arch, Cost, Plan},
    session::{Shared, maker::Maker, models::ModelRef, open::Photo, tile_cache::Grid},
    tensor::{Pixels, Size, alpha::fill_transparent, resample::Filter},
};
use std::{borrow::Cow, path::PathBuf, sync::Arc};

/// What a side shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum ModelChoice {
    /// The photo enlarged by a filter.
    Baseline(Filter),
    /// The bundled model of that kind that serves the size, or of the kind that the photo asks for.
    Auto(KindChoice),
    /// A model.
    Model(ModelRef),
    /// Another picture, brought to the size of the result.
    File(PathBuf),
}

impl ModelChoice {
    /// Whether a network makes it.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::Auto(_) | Self::Model(_))
    }

    /// What stands on it. For [`ModelChoice::Auto`], the model's name is in the [`Facts`].
    pub fn name(&self) -> String {
        match self {
            Self::Baseline(Filter::Nearest) => "Original pixels".to_owned(),
            Self::Baseline(Filter::Bicubic) => "Bicubic".to_owned(),
            Self::Baseline(Filter::Lanczos3) => "Lanczos".to_owned(),
            Self::Auto(KindChoice::Auto) => "Auto".to_owned(),
            Self::Auto(KindChoice::Clean) => "Fast".to_owned(),
            Self::Auto(KindChoice::Best) => "Best".to_owned(),
            Self::Auto(KindChoice::Camera) => "Camera".to_owned(),
            Self::Auto(KindChoice::Photo) => "Photo".to_owned(),
            Self::Model(model) => model.name(),
            Self::File(file) => file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        }
    }
}

/// What a network's arithmetic for the whole picture amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// How the size is reached.
    pub way: Way,
    /// Operations and energy.
    pub cost: Cost,
    /// The same with convolutions in the place of adder layers.
    pub convolutions: Cost,
    /// Whether the model carries an 8-bit form, which CPUs compute with.
    pub coded: bool,
}

/// What is known before anything is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Size of the result.
    pub grid: Grid,
    /// What the sides are called.
    pub names: Vec<String>,
    /// What they cost, where a network makes them.
    pub prices: Vec<Option<Price>>,
}

/// What a side is made of.
pub(super) enum Source {
    /// The photo.
    Baseline(Filter),
    /// A network's work on it, and that of the one whose result stands for no strength at all; without, bicubic does.
    Network { job: Job, faithful: Option<Job> },
    /// Another picture.
    Picture(Pixels),
}

pub(super) struct Scene {
    pub(super) photo: Arc<Photo>,
    /// The photo with the colour of transparent pixels filled, for filters.
    pub(super) filled: Arc<Pixels>,
    /// The same without traces of colour, where networks see none: what their results are mixed with.
    pub(super) even: Arc<Pixels>,
    pub(super) grid: Grid,
    pub(super) sides: Vec<Source>,
    pub(super) reference: Option<Pixels>,
    names: Vec<String>,
}

impl Scene {
    /// Reads what is not in memory yet.
    pub(super) fn load(shared: &Shared, show: &Show) -> Result<Self, Error> {
        let photo = show.photo.clone();
        let of = &photo.pixels;
        let size = show.target.size(of.size()).map_err(|e| Error::infer(photo.name.clone(), e))?;
        let (target, tile, ensemble) = (show.target, TileSize::Automatic, show.ensemble);
        let job = |model| Job { model, target, tile, ensemble, strength: None };
        let side = |look: &ModelChoice| -> Result<(Source, String), Error> {
            Ok(match look.maker(&shared.models, &photo, size)? {
                Maker::Filter(filter) => (Source::Baseline(filter), look.name()),
                Maker::Picture(pixels) => (Source::Picture(pixels), look.name()),
                Maker::Network { name, model, faithful } => {
                    (Source::Network { job: job(model), faithful: faithful.map(job) }, name)
                }
            })
        };
        let (sides, names) = show.looks.iter().map(side).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let reference = show.reference.as_deref().map(image_io::decode).transpose()?.map(|picture| picture.pixels);
        let filled = match fill_transparent(&photo.pixels) {
            Cow::Borrowed(_) => photo.pixels.clone(),
            Cow::Owned(filled) => Arc::new(filled),
        };
        let even = filled.evened().map_or_else(|| filled.clone(), Arc::new);
        Ok(Self { filled, even, grid: Grid { size }, sides, reference, names, photo })
    }

    /// Whether a layer takes longer than a filter.
    pub(super) fn slow(&self, layer: super::Layer) -> bool {
        layer.side().is_none_or(|side| matches!(self.sides[side], Source::Network { .. }))
    }

    pub(super) fn facts(&self) -> Facts {
        let price = |side: &Source| match side {
            Source::Network { job, .. } => Some(self.price(job)),
            _ => None,
        };
        let prices = self.sides.iter().map(price).collect();
        Facts { grid: self.grid, names: self.names.clone(), prices }
    }

    fn price(&self, job: &Job) -> Price {
        let mut size = self.photo.pixels.size();
        let way = job.way(size, self.grid.size);
        let plan = &job.model.plan;
        let mut price = Price { way, cost: Cost::default(), convolutions: Cost::default(), coded: plan.is_eight_bit() };
        let turns = if job.ensemble { ENSEMBLE } else { 1 };
        for _ in 0..way.passes {
            for _ in 0..turns {
                add(&mut price.cost, cost(plan, size, false));
                add(&mut price.convolutions, cost(plan, size, true));
            }
            size = size.times(plan.spec.scale);
        }
        price
    }
}

/// For a picture of that size that is to be enlarged: `avdsr` works at the large size, the others at the small one.
fn cost(plan: &Plan, of: Size, convolutions: bool) -> Cost {
    match plan.spec.arch {
        Arch::Aedsr | Arch::Apsr => plan.cost(of, convolutions),
        Arch::Avdsr => plan.cost(of.times(plan.spec.scale), convolutions),
    }
}

fn add(sum: &mut Cost, more: Cost) {
    sum.additions += more.additions;
    sum.multiplications += more.multiplications;
    sum.joules += more.joules;
}
