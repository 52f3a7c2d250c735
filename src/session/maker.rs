//! What makes a result as somebody chose it: the same for what is shown, tried and exported.

use super::{models::Catalogue, open::Photo, view::ModelChoice};
use crate::{
    error::Error,
    image_io, infer,
    nn::Model,
    tensor::{Pixels, Size, resample::Filter},
};
use std::sync::Arc;

/// What makes a result.
pub(super) enum Maker {
    /// A filter, from the photo.
    Filter(Filter),
    /// Bicubic, from another picture.
    Picture(Pixels),
    /// A network.
    Network {
        /// What the model is called.
        name: String,
        /// It.
        model: Arc<Model>,
        /// The one whose result stands for no strength at all; without, bicubic's does.
        faithful: Option<Arc<Model>>,
    },
}

impl ModelChoice {
    /// What makes a result of that size from a photo so.
    ///
    /// # Errors
    /// If a model or the other picture cannot be had.
    pub(super) fn maker(&self, models: &Catalogue, photo: &Photo, size: Size) -> Result<Maker, Error> {
        let model = match self {
            Self::Baseline(filter) => return Ok(Maker::Filter(*filter)),
            Self::File(file) => return Ok(Maker::Picture(image_io::decode(file)?.pixels)),
            Self::Auto(kind) => models.for_photo(photo, size, *kind)?,
            Self::Model(model) => model.clone(),
        };
        let (name, model) = (model.name(), models.get(&model)?);
        let faithful = models.faithful(&model, infer::factor(photo.pixels.size(), size))?;
        Ok(Maker::Network { name, model, faithful })
    }
}
