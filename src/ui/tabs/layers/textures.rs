//! Pictures on the graphics device, each uploaded once.

use crate::session::layers::paint::Picture;
use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};
use std::{any::Any, collections::HashMap, sync::Arc};

/// What a texture shows; kept, so that its address is not given to another one.
type Owner = Arc<dyn Any + Send + Sync>;

/// Textures by place in the tab.
#[derive(Default)]
pub(super) struct Textures(HashMap<&'static str, (Owner, TextureHandle)>);

impl Textures {
    /// The texture of a picture that belongs to `owner`; uploaded again when another owner comes to this place.
    pub(super) fn get<T: Any + Send + Sync>(
        &mut self,
        context: &Context,
        place: &'static str,
        owner: &Arc<T>,
        picture: &Picture,
    ) -> TextureHandle {
        let owner: Owner = owner.clone();
        if let Some((of, texture)) = self.0.get(place)
            && Arc::ptr_eq(of, &owner)
        {
            return texture.clone();
        }
        let texture = context.load_texture(place, image(context, picture), TextureOptions::NEAREST);
        self.0.insert(place, (owner, texture.clone()));
        texture
    }
}

/// The picture, or every n-th pixel of it where the device takes no texture so large.
fn image(context: &Context, picture: &Picture) -> ColorImage {
    let most = context.input(|i| i.max_texture_side);
    let step = picture.width.max(picture.height).div_ceil(most).max(1);
    if step == 1 {
        return ColorImage::from_rgba_premultiplied([picture.width, picture.height], &picture.rgba);
    }
    let (w, h) = (picture.width / step, picture.height / step);
    let pixel = |i: usize| (i / w * step * picture.width + i % w * step) * 4;
    let rgba: Vec<u8> = (0..w * h).flat_map(|i| picture.rgba[pixel(i)..pixel(i) + 4].iter().copied()).collect();
    ColorImage::from_rgba_premultiplied([w, h], &rgba)
}
