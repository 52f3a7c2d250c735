//! What a picture went through before it came here: JPEG compression, noise, and softness, read from its pixels.
//!
//! Luma of squares spread over the picture is cut into blocks of 8×8 where JPEG would have cut it, and transformed by
//! cosines. Values of a coefficient that lie at multiples of one step tell of JPEG and of its quality, exactly in most
//! pictures; what is left of the finest coefficients where the picture is quiet is noise; what they lack where it is busy is
//! softness. So a picture of any size takes some milliseconds. `docs/source-detection.md` says what each measure was chosen
//! by.
//!
//! Looked at: `rustdct`, whose transforms of any length are no help with one of eight. No kept crate estimates a JPEG's quality
//! or noise.

mod bands;
mod blocks;
mod cut;
mod jpeg;

pub use jpeg::{Table, quality_of};

use crate::tensor::{Pixels, Point};

/// What a picture remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traces {
    /// The lowest quality of JPEG compression that it went through, 1 to 100 by the tables of the Independent JPEG Group;
    /// `None` if there are no traces of any. Pixels alone tell 5 to 96.
    pub jpeg: Option<u8>,
    /// Standard deviation of luma's noise, in steps of 255.
    pub noise: f32,
    /// How far fine detail lies below coarser detail, in octaves of energy; `None` where there is no detail to tell by. Sharp
    /// pictures have 3 to 6, blurred or enlarged ones more.
    pub softness: Option<f32>,
}

/// Looks at a picture of any size; smaller than a block of 8×8 pixels it shows nothing. Alpha says only which parts are left
/// out. `steps` are those by which its file says that luma was quantised, if it is a JPEG file; pixels may remember coarser
/// ones.
pub fn traces(pixels: &Pixels, steps: Option<&Table>) -> Traces {
    let stated = steps.map(quality_of);
    let cuts = cut::cuts(pixels);
    let of = |phase| {
        let blocks = blocks::blocks(&cuts, phase);
        let remembered = jpeg::remembered(&blocks);
        (blocks, remembered)
    };
    let (mut blocks, mut remembered) = of(Point::default());
    // Most pictures begin where a block does; of others the steps between blocks show where.
    let phase = blocks::phase(&cuts);
    if remembered.is_none() && phase != Point::default() {
        let there = of(phase);
        if there.1.is_some() {
            (blocks, remembered) = there;
        }
    }
    let jpeg = remembered.into_iter().chain(stated).min();
    match bands::measure(&blocks, jpeg) {
        Some((noise, softness)) => Traces { jpeg, noise, softness },
        None => Traces { jpeg, ..Traces::default() },
    }
}

#[cfg(test)]
mod tests;
