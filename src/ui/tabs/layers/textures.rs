//! Pictures on the graphics device: every channel on its own, so that only those in sight are uploaded and none is larger
//! than a device takes.

use crate::{
    session::layers::{Map, paint::Picture},
    tensor::{Point, Size},
    ui::uploads::Uploads,
};
use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};
use std::{any::Any, sync::Arc};

/// What a texture stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TextureKey {
    /// The photo, small.
    Photo,
    /// All layers, small.
    Strip,
    /// A channel.
    Own(usize),
    /// A channel of the other model.
    Other(usize),
    /// Before the power activation (0), after it (1), the difference (2).
    Power(usize),
    /// A kernel.
    Kernel,
}

#[derive(Default)]
pub(super) struct Textures(Uploads<TextureKey>);

impl Textures {
    /// The texture of a picture that belongs to `owner`; what was there before, or none, until it is uploaded.
    pub(super) fn get<T: Any + Send + Sync>(
        &mut self,
        context: &Context,
        place: TextureKey,
        owner: &Arc<T>,
        picture: &Picture,
    ) -> Option<TextureHandle> {
        let (w, h) = (picture.width, picture.height);
        let make = || ColorImage::from_rgba_premultiplied([w, h], &picture.rgba);
        self.0.get(context, place, owner, TextureOptions::NEAREST, Size::new(w, h), make)
    }

    /// The same of channel `k` of a map.
    pub(super) fn channel(
        &mut self,
        context: &Context,
        place: TextureKey,
        map: &Arc<Map>,
        k: usize,
    ) -> Option<TextureHandle> {
        let cell = map.atlas.cell;
        let make = || {
            let (all, Size { width: w, height: h }) = (&map.atlas.picture, cell);
            let Point { x, y } = map.atlas.corner(k);
            let row = |r: usize| &all.rgba[((y + r) * all.width + x) * 4..][..w * 4];
            let rgba: Vec<u8> = (0..h).flat_map(row).copied().collect();
            ColorImage::from_rgba_premultiplied([w, h], &rgba)
        };
        self.0.get(context, place, map, TextureOptions::NEAREST, cell, make)
    }
}
