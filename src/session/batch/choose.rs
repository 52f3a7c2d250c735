//! Which model a picture gets, and the work that follows: one rule for a batch and for `addersr upscale`.

use super::{
    super::models::{Catalogue, ModelRef},
    settings::Settings,
};
use crate::{
    error::Error,
    infer::{Job, Strength, Target, bundled::Kind, tiles::TileSize},
};
use std::collections::HashMap;

/// What is told of a result that no network made.
pub const BICUBIC_ALONE: &str = "the result is not larger than the picture, so bicubic makes it and not the network";

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

    /// The factor that a result is named by, where it is `factor` times as large: the one that was asked for, if one was.
    pub fn scale(&self, factor: f64) -> f64 {
        match self.settings.target {
            Target::Factor(asked) => asked,
            _ => factor,
        }
    }

    /// The model for an enlargement by `factor`; `found` looks what the picture is like, if that decides.
    ///
    /// # Errors
    /// If none ships, or the picture cannot be looked at.
    pub fn model(&mut self, factor: f64, found: impl FnOnce() -> Result<Kind, Error>) -> Result<ModelRef, Error> {
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
