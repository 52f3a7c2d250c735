//! How strong the effect is: a result mixed with a more faithful one of the same picture.
//!
//! For a photo model the faithful one is the camera model's, for others bicubic's. Samples are mixed, not floats, so that
//! no strength at all gives the faithful result and full strength the other one, both to the bit.

use crate::{
    nn::Model,
    tensor::{Pixels, Samples},
};
use std::sync::Arc;

/// How much of a network's result is taken, and what the rest is.
#[derive(Clone, Debug)]
pub struct Strength {
    /// Share of the network's result, 0 to 1.
    pub share: f32,
    /// Whose result the rest is; `None`: bicubic's.
    pub faithful: Option<Arc<Model>>,
}

/// `share` of a picture and the rest of another one of the same size, channels and depth.
pub(crate) fn mix(picture: &mut Pixels, other: &Pixels, share: f32) {
    let mixed = |p: f32, o: f32| (o + (p - o) * share).round();
    match (&mut picture.samples, &other.samples) {
        (Samples::U8(p), Samples::U8(o)) => {
            p.iter_mut().zip(o).for_each(|(p, &o)| *p = mixed(f32::from(*p), f32::from(o)) as u8);
        }
        (Samples::U16(p), Samples::U16(o)) => {
            p.iter_mut().zip(o).for_each(|(p, &o)| *p = mixed(f32::from(*p), f32::from(o)) as u16);
        }
        _ => unreachable!("both come from one photo"),
    }
}
