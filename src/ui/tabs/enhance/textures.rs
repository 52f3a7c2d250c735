//! Tiles on the graphics card: brought there when they are first drawn, a few per frame.

use crate::session::view::{Image, Layer};
use eframe::egui::{ColorImage, Context, TextureFilter, TextureHandle, TextureOptions};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a frame may take for it.
const PER_FRAME: Duration = Duration::from_millis(3);

/// Frames for which a texture is kept undrawn: flipping and panning come back to it.
const LINGER: u64 = 120;

struct Texture {
    of: Arc<Image>,
    crisp: bool,
    handle: TextureHandle,
    frame: u64,
}

#[derive(Default)]
pub(super) struct Textures {
    all: HashMap<(Layer, usize), Texture>,
    frame: u64,
    until: Option<Instant>,
}

impl Textures {
    /// Begins a frame, and drops what was not drawn for a while.
    pub(super) fn begin(&mut self) {
        let last = self.frame;
        self.all.retain(|_, texture| texture.frame + LINGER >= last);
        self.frame += 1;
        self.until = Some(Instant::now() + PER_FRAME);
    }

    /// The texture of a tile; an older one, or none, where this frame has no time left: the next one goes on. `crisp`:
    /// pixels keep their edges when enlarged.
    pub(super) fn get(
        &mut self,
        ctx: &Context,
        key: (Layer, usize),
        image: &Arc<Image>,
        crisp: bool,
    ) -> Option<&TextureHandle> {
        let fresh = self.all.get(&key).is_some_and(|t| Arc::ptr_eq(&t.of, image) && t.crisp == crisp);
        if !fresh && self.until.is_some_and(|until| Instant::now() < until) {
            let pixels = ColorImage::from_rgba_premultiplied([image.width, image.height], &image.rgba);
            let magnification = if crisp { TextureFilter::Nearest } else { TextureFilter::Linear };
            let options = TextureOptions { magnification, ..TextureOptions::LINEAR };
            let handle = ctx.load_texture(format!("{key:?}"), pixels, options);
            self.all.insert(key, Texture { of: image.clone(), crisp, handle, frame: 0 });
        } else if !fresh {
            ctx.request_repaint();
        }
        let texture = self.all.get_mut(&key)?;
        texture.frame = self.frame;
        Some(&texture.handle)
    }
}
