//! Tiles on the graphics device.

use crate::{
    session::view::{Image, Layer},
    ui::uploads::Uploads,
};
use eframe::egui::{ColorImage, Context, TextureFilter, TextureHandle, TextureOptions};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Textures(Uploads<(Layer, usize)>);

impl Textures {
    /// The texture of a tile, or of what was there before, or none yet. `crisp`: pixels keep their edges when enlarged.
    pub(super) fn get(
        &mut self,
        ctx: &Context,
        key: (Layer, usize),
        image: &Arc<Image>,
        crisp: bool,
    ) -> Option<TextureHandle> {
        let magnification = if crisp { TextureFilter::Nearest } else { TextureFilter::Linear };
        let options = TextureOptions { magnification, ..TextureOptions::LINEAR };
        let (width, height) = (image.width, image.height);
        let make = || ColorImage::from_rgba_premultiplied([width, height], &image.rgba);
        self.0.get(ctx, key, image, options, (width, height), make)
    }
}
