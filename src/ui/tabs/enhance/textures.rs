//! Tiles on the graphics device, and what lies under and over them.

use super::seams::{SeamKey, Seams};
use crate::{
    session::view::{Image, Layer},
    tensor::Size,
    ui::uploads::Uploads,
};
use eframe::egui::{ColorImage, Context, TextureFilter, TextureHandle, TextureOptions};
use std::sync::Arc;

/// What a texture stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum TextureKey {
    /// The photo, small.
    Photo,
    Tile(Layer, usize),
    Seam(SeamKey),
}

#[derive(Default)]
pub(super) struct Textures {
    uploads: Uploads<TextureKey>,
    pub(super) seams: Seams,
}

impl Textures {
    /// The texture of a tile, or of what was there before, or none yet. `crisp`: pixels keep their edges when enlarged.
    pub(super) fn get(
        &mut self,
        ctx: &Context,
        key: TextureKey,
        image: &Arc<Image>,
        crisp: bool,
    ) -> Option<TextureHandle> {
        let magnification = if crisp { TextureFilter::Nearest } else { TextureFilter::Linear };
        let options = TextureOptions { magnification, ..TextureOptions::LINEAR };
        let (width, height) = (image.width, image.height);
        let make = || ColorImage::from_rgba_premultiplied([width, height], &image.rgba);
        self.uploads.get(ctx, key, image, options, Size { width, height }, make)
    }
}
