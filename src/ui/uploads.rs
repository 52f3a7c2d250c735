//! Pictures on their way to the graphics device: so many bytes per frame and no more, whatever arrived.
//!
//! A frame has 16 ms, of which 4 may go to anything but drawing. Converting and copying a picture is such work, and the only
//! one that grows with what workers send, so it is rationed: [`PER_FRAME`] bytes for all views together, or one picture
//! if it is larger. What does not fit is uploaded in the next frame; until then the picture that was there before is drawn.
//! Bytes and not time are counted, so that a test can count them too (`tests/window/frames.rs`); what they cost on a
//! machine is measured by `benches/window.rs`.

use crate::tensor::Size;
use eframe::egui::{ColorImage, Context, Id, TextureHandle, TextureOptions};
use std::{any::Any, collections::HashMap, fmt::Debug, hash::Hash, sync::Arc};

/// Bytes of pixels that are uploaded per frame: two tiles of a picture at full size. Four took 7.8 ms on one core of an AMD EPYC
/// with a software driver (`cargo bench --bench window`).
pub const PER_FRAME: usize = 2 << 20;

/// Frames for which a texture is kept undrawn: flipping and panning come back to it.
const MAX_IDLE_FRAMES: u64 = 120;

/// What a texture shows; kept, so that its address is not given to another one.
type Owner = Arc<dyn Any + Send + Sync>;

struct Held {
    of: Owner,
    options: TextureOptions,
    handle: TextureHandle,
    drawn: u64,
}

/// Textures of one view by what they stand for.
pub(super) struct Uploads<K> {
    all: HashMap<K, Held>,
    /// Frames in which this view was drawn.
    frame: u64,
    /// The window's number of the last of them.
    last: Option<u64>,
}

impl<K> Default for Uploads<K> {
    fn default() -> Self {
        Self { all: HashMap::new(), frame: 0, last: None }
    }
}

impl<K: Clone + Debug + Eq + Hash> Uploads<K> {
    /// The texture of a picture that belongs to `owner`; that of an earlier owner, or none, where this frame has uploaded
    /// enough: the next one goes on. `size`: of what `make` makes.
    pub(super) fn get<T: Any + Send + Sync>(
        &mut self,
        context: &Context,
        key: K,
        owner: &Arc<T>,
        options: TextureOptions,
        size: Size,
        make: impl FnOnce() -> ColorImage,
    ) -> Option<TextureHandle> {
        self.tick(context);
        let owner: Owner = owner.clone();
        let known = self.all.get_mut(&key);
        if let Some(held) = known
            && (Arc::ptr_eq(&held.of, &owner) && held.options == options || !spend(context, size.area() * 4))
        {
            held.drawn = self.frame;
            return Some(held.handle.clone());
        }
        // A known one has paid already.
        if !self.all.contains_key(&key) && !spend(context, size.area() * 4) {
            return None;
        }
        let handle = context.load_texture(format!("{key:?}"), make(), options);
        self.all.insert(key, Held { of: owner, options, handle: handle.clone(), drawn: self.frame });
        Some(handle)
    }

    /// In the first call of a frame, drops what was not drawn for a while.
    fn tick(&mut self, context: &Context) {
        let now = context.cumulative_frame_nr();
        if self.last != Some(now) {
            let frame = self.frame;
            self.all.retain(|_, held| held.drawn + MAX_IDLE_FRAMES >= frame);
            (self.frame, self.last) = (frame + 1, Some(now));
        }
    }
}

/// Takes from what this frame may upload; if there is not enough, another frame is asked for.
fn spend(context: &Context, bytes: usize) -> bool {
    let now = context.cumulative_frame_nr();
    let id = Id::unique("bytes uploaded");
    let (frame, spent) = context.data(|d| d.get_temp::<(u64, usize)>(id)).unwrap_or_default();
    let spent = if frame == now { spent } else { 0 };
    if spent > 0 && spent + bytes > PER_FRAME {
        context.request_repaint();
        return false;
    }
    context.data_mut(|d| d.insert_temp(id, (now, spent + bytes)));
    true
}
