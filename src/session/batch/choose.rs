//! What is made of one picture, before anything is made: size, model, work and name. One rule for a batch and for
//! `addersr upscale`.

use super::{
    super::models::{Catalogue, ModelRef},
    settings::Settings,
};
use crate::{
    backend::Rect,
    error::Error,
    image_io::{Fields, Metadata},
    infer::{self, Job, Strength, Target, Way, bundled::Kind, cropped, tiles::TileSize},
    tensor::Size,
};
use std::{collections::HashMap, path::Path};

/// What is told of a result that no network made.
const BICUBIC_ALONE: &str = "the result is not larger than the picture, so bicubic makes it and not the network";

/// What will be made of one picture.
pub struct Making {
    /// The model.
    pub model: ModelRef,
    /// What it is called.
    pub name: String,
    /// Its work.
    pub job: Job,
    /// How the size is reached.
    pub way: Way,
    /// Of the whole result.
    pub whole: Size,
    /// The part of it that is made, or all of it.
    pub part: Option<Rect>,
    scale: f64,
}

impl Making {
    /// Columns and rows of what is written.
    pub fn size(&self) -> Size {
        self.part.map_or(self.whole, |part| part.size())
    }

    /// What the name of picture `number` is made of.
    pub fn fields<'a>(&'a self, source: &'a Path, number: usize) -> Fields<'a> {
        Fields { source, scale: self.scale, model: &self.name, size: self.size(), number }
    }

    /// What people should know about it.
    pub fn note(&self) -> Option<String> {
        (self.way.passes == 0).then(|| BICUBIC_ALONE.to_owned())
    }
}

/// Chooses by one set of settings.
pub struct Chooser {
    /// The settings.
    pub settings: Settings,
    models: Catalogue,
    /// The bundled model for an enlargement, by the factor's bits and the kind.
    chosen: HashMap<(u64, Kind), ModelRef>,
}

impl Chooser {
    /// By these settings, from these models.
    pub fn new(settings: Settings, models: Catalogue) -> Self {
        Self { settings, models, chosen: HashMap::new() }
    }

    /// What will be made of the picture `source`, or of the part `crop` of it; `found` looks what it is like for an
    /// enlargement by a factor, if that decides.
    ///
    /// # Errors
    /// If the size is impossible, the part does not lie in the picture, or a model cannot be had.
    pub fn making(
        &mut self,
        source: &Path,
        from: Size,
        crop: Option<Rect>,
        found: impl FnOnce(f64) -> Result<Kind, Error>,
    ) -> Result<Making, Error> {
        let failed = |e| Error::infer(source, e);
        let wanted = self.settings.target;
        let crop = crop.map(|crop| cropped(wanted, from, crop)).transpose().map_err(failed)?;
        let (target, part) = crop.map_or((wanted, None), |crop| (crop.whole, Some(crop.part)));
        let whole = target.size(from).map_err(failed)?;
        let factor = infer::factor(from, whole);
        // Named by the factor that was asked for, if one was.
        let scale = if let Target::Factor(asked) = wanted { asked } else { factor };
        let model = self.model(factor, || found(factor))?;
        let job = Job { target, ..self.job(&model, factor)? };
        Ok(Making { name: model.name(), way: job.way(from, whole), model, job, whole, part, scale })
    }

    /// What the file of a result says, made of what the picture's said.
    pub fn metadata(&self, of: Metadata, part: Option<Rect>) -> Metadata {
        of.of_result(part.is_some(), self.settings.dpi)
    }

    /// The model for an enlargement by `factor`; `found` looks what the picture is like, if that decides.
    ///
    /// # Errors
    /// If none ships, or the picture cannot be looked at.
    fn model(&mut self, factor: f64, found: impl FnOnce() -> Result<Kind, Error>) -> Result<ModelRef, Error> {
        if let Some(model) = &self.settings.model {
            return Ok(model.clone());
        }
        let kind = self.settings.kind.said().map_or_else(found, Ok)?;
        let key = (factor.to_bits(), kind);
        if let Some(known) = self.chosen.get(&key) {
            return Ok(known.clone());
        }
        let model = self.models.for_factor(factor, kind)?;
        Ok(self.chosen.entry(key).or_insert(model).clone())
    }

    /// The work of a model on a picture that becomes `factor` times as large.
    ///
    /// # Errors
    /// If the model, or the one that stands for no strength at all, cannot be had.
    pub fn job(&self, model: &ModelRef, factor: f64) -> Result<Job, Error> {
        let model = self.models.get(model)?;
        let Settings { target, ensemble, strength: share, .. } = self.settings;
        let strength = match share < 1.0 {
            true => Some(Strength { share, faithful: self.models.faithful(&model, factor)? }),
            false => None,
        };
        Ok(Job { model, target, tile: TileSize::Automatic, ensemble, strength })
    }
}
