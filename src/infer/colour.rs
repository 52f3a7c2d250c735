//! What one model makes of a picture's colour, rectangle by rectangle, in samples.
//!
//! Where a backend takes samples, its device walks the whole route, only samples cross the bus, and what is wanted next is
//! begun before it is waited for. Otherwise, and where the device could not, floats walk it. For one pass of a colour
//! network both give the same samples; elsewhere a device mixes colours and rows in an order of its own, and a sample in
//! some thousands differs by one. The mean over eight views is walked in floats: next to eight passes of a network the bus
//! is nothing.

use super::{InferError, interpret::Floats, tone::Tone};
use crate::{
    backend::{Backend, LayerTime, PixelPipeline, Rect, Route},
    nn::Model,
    tensor::{Pixels, Point, Size, alpha::fill_transparent},
};
use std::{borrow::Cow, collections::VecDeque, sync::Arc};

/// The colour of one enlargement.
pub(super) struct Colour<'a> {
    original: Arc<Cow<'a, Pixels>>,
    route: Arc<Route>,
    floats: Floats<'a>,
    device: Option<Box<dyn PixelPipeline>>,
    /// Rectangles of the result that the device has begun, in order.
    begun: VecDeque<Rect>,
    /// Whether the picture has no colour, however it is stored.
    grey: bool,
    /// What brings greys back that the network shifts.
    tone: Option<Tone>,
}

impl<'a> Colour<'a> {
    /// To `size`, in so many passes of a model.
    ///
    /// A picture without colour that is stored as RGB is enlarged as the grey picture that it is: a network for colours
    /// would give its edges coloured fringes. One that is all one colour stays so: a network would shade its edges.
    pub(super) fn new(
        pixels: &'a Pixels,
        model: &Model,
        passes: usize,
        size: Size,
        ensemble: bool,
        backend: &dyn Backend,
    ) -> Self {
        let original = Arc::new(prepared(pixels));
        let passes = if original.is_flat() { 0 } else { passes };
        let route = Arc::new(Route::new(&model.plan, pixels.size(), passes, size));
        let grey = original.is_grey();
        let tone = if grey && passes > 0 { Tone::measure(model, passes, backend) } else { None };
        let short = passes > 0 && !ensemble;
        let device = short.then(|| backend.pixel_pipeline(&model.plan, &model.params)).flatten();
        let floats = Floats::new(original.clone(), route.clone(), model, ensemble, backend);
        Self { original, route, floats, device, begun: VecDeque::new(), grey, tone }
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    pub(super) fn times(&self) -> Vec<LayerTime> {
        self.floats.times()
    }

    /// Lets the device begin these rectangles, as far as it has not.
    fn begin(&mut self, rects: &[Rect]) {
        let Some(device) = &mut self.device else { return };
        for &rect in rects {
            if !self.begun.contains(&rect) {
                let Rect { y, x, h, w } = self.route.reads(rect);
                device.begin(self.original.crop_colour(y, x, h, w), &self.route, rect);
                self.begun.push_back(rect);
            }
        }
    }

    /// What the device makes of a rectangle that it has begun, if it can. Others begun before it are dropped.
    fn finish(&mut self, rect: Rect) -> Option<Pixels> {
        let device = self.device.as_mut()?;
        let at = self.begun.iter().position(|begun| *begun == rect)?;
        let mut colour = None;
        for _ in 0..=at {
            self.begun.pop_front();
            colour = device.finish();
        }
        colour
    }

    /// Computes a rectangle of the result into `canvas`, whose alpha it leaves alone, with its corner there. `ahead` will be
    /// wanted next.
    pub(super) fn draw(
        &mut self,
        rect: Rect,
        ahead: &[Rect],
        canvas: &mut Pixels,
        Point { x, y }: Point,
    ) -> Result<(), InferError> {
        self.begin(&[rect]);
        self.begin(ahead);
        let colour = self.finish(rect);
        if !self.grey {
            match colour {
                Some(colour) => canvas.paste_colour(y, x, &colour),
                None => canvas.write_colour(y, x, &self.floats.read(rect)),
            }
            return Ok(());
        }
        let mut grey = match colour {
            Some(grey) => grey,
            None => {
                let mut grey = Pixels::black(rect.w, rect.h, 1, canvas.depth())?;
                grey.write_colour(0, 0, &self.floats.read(rect));
                grey
            }
        };
        if let Some(tone) = &self.tone {
            tone.apply(&mut grey);
        }
        // One channel fills all three of an RGB picture.
        canvas.write_colour(y, x, &grey.colour());
        Ok(())
    }
}

/// The picture as it is enlarged: colour under what is transparent taken from its surroundings, and grey if it has none.
pub(super) fn prepared(pixels: &Pixels) -> Cow<'_, Pixels> {
    let filled = fill_transparent(pixels);
    filled.neutral().map_or(filled, Cow::Owned)
}
