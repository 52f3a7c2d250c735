//! Greys stay the greys that they are: what a network makes of flat ones, turned back.
//!
//! A network for colours turns flat white into 253 or so, which is seen on scanned paper. How it shifts each grey is
//! measured on flat squares; the inverse of that curve is applied to the samples of pictures without colour.

use super::interpret::Floats;
use crate::{
    backend::{Backend, Rect, Route},
    nn::Model,
    tensor::{Pixels, Samples, Size},
};
use std::{borrow::Cow, sync::Arc};

/// Greys that are measured, evenly from black to white.
const LEVELS: usize = 9;

/// The largest shift that is a network's inaccuracy. One that does more means it (or is not trained), and is left alone.
const LARGEST: f32 = 8.0 / 255.0;

/// What the measured greys became, in `[0, 1]`, increasing.
#[derive(Debug, PartialEq)]
pub(super) struct Tone([f32; LEVELS]);

impl Tone {
    /// Of `passes` of a model; `None` if it shifts greys too far, or exchanges them.
    pub(super) fn measure(model: &Model, passes: usize, backend: &dyn Backend) -> Option<Self> {
        // The middle pixel of such a square sees no border; later passes see less of it.
        let halo = model.plan.halo();
        let side = 2 * (halo + (passes - 1) * halo.div_ceil(model.plan.spec.scale)) + 1;
        let mut became = [0.0; LEVELS];
        for (k, became) in became.iter_mut().enumerate() {
            let level = (k * usize::from(u16::MAX) / (LEVELS - 1)) as u16;
            let flat = Pixels::new(side, side, 1, Samples::U16(vec![level; side * side])).ok()?;
            let route = Arc::new(Route::passing(&model.plan, Size::square(side), passes));
            let Size { width: w, height: h } = route.size();
            let mut floats = Floats::new(Arc::new(Cow::Owned(flat)), route, model, false, backend);
            let middle = floats.read(Rect { y: h / 2, x: w / 2, h: 1, w: 1 });
            *became = middle.data.iter().sum::<f32>() / middle.data.len() as f32;
        }
        Self::new(became)
    }

    fn new(became: [f32; LEVELS]) -> Option<Self> {
        let near = |(k, v): (usize, &f32)| (v - k as f32 / (LEVELS - 1) as f32).abs() <= LARGEST;
        let good = became.iter().enumerate().all(near) && became.windows(2).all(|pair| pair[0] < pair[1]);
        good.then_some(Self(became))
    }

    /// The grey that became `v`.
    fn undo(&self, v: f32) -> f32 {
        let above = self.0.partition_point(|&became| became < v).clamp(1, LEVELS - 1);
        let (low, high) = (self.0[above - 1], self.0[above]);
        ((above - 1) as f32 + (v - low) / (high - low)) / (LEVELS - 1) as f32
    }

    /// Brings the samples of a grey picture back.
    pub(super) fn apply(&self, grey: &mut Pixels) {
        let most = grey.depth().max();
        let undone = |v: f32| (self.undo(v / most) * most).round().clamp(0.0, most);
        match &mut grey.samples {
            Samples::U8(samples) => {
                let table: Vec<u8> = (0..=u8::MAX).map(|v| undone(f32::from(v)) as u8).collect();
                samples.iter_mut().for_each(|v| *v = table[usize::from(*v)]);
            }
            Samples::U16(samples) => samples.iter_mut().for_each(|v| *v = undone(f32::from(*v)) as u16),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_grey_became_is_turned_back_and_what_is_right_is_left() {
        let right: [f32; LEVELS] = std::array::from_fn(|k| k as f32 / 8.0);
        let mut ramp = Pixels::new(256, 1, 1, Samples::U8((0..=255).collect())).unwrap();
        let before = ramp.clone();
        Tone::new(right).unwrap().apply(&mut ramp);
        assert_eq!(ramp, before);
        // Everything two of 255 steps darker, and black brighter.
        let dark = right.map(|v| (v - 2.0 / 255.0).max(1.0 / 255.0));
        let tone = Tone::new(dark).unwrap();
        let of = |v: u8| {
            let mut one = Pixels::new(1, 1, 1, Samples::U8(vec![v])).unwrap();
            tone.apply(&mut one);
            one.samples
        };
        assert_eq!(of(253), Samples::U8(vec![255]));
        assert_eq!(of(255), Samples::U8(vec![255]));
        assert_eq!(of(126), Samples::U8(vec![128]));
        assert_eq!(of(1), Samples::U8(vec![0]));
        assert!(Tone::new(right.map(|v| 0.9 * v)).is_none(), "too far");
        assert!(Tone::new(std::array::from_fn(|k| if k == 4 { 0.5 } else { right[k] })).is_some());
    }
}
