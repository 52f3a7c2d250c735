//! Enlarging a picture with holes: the colour stored under fully transparent pixels must not show.
//!
//! A file may hold any colour under alpha 0, mostly black, white or rubbish. Every filter and every network mixes
//! neighbours, so that colour would creep into the visible pixels along the edge of the hole as a dark or coloured
//! rim. There are two remedies:
//!
//! * multiply by alpha before and divide after. It is exact for linear filters, but a network then sees every hole as a
//!   black object with an edge to be sharpened, its errors are divided by small alphas, and 8-bit colour under
//!   low alpha loses its precision;
//! * **fill the holes from their surroundings** ([`fill_transparent`]), enlarge colour and alpha on their own, and
//!   let alpha do the cutting. The network sees the smooth continuation of the picture, which is what it was trained
//!   on, and visible pixels keep their colour exactly.
//!
//! The second is done here. Pixels with any alpha above 0 count as visible: a soft shadow is black at a low alpha, and
//! that black is meant.

use std::borrow::Cow;

use super::{Pixels, Samples};

/// The picture with the colour of fully transparent pixels replaced, ring by ring from the visible ones inwards, each
/// by the mean of its already coloured neighbours (8 of them). Alpha and visible pixels stay as they are. Borrowed
/// where there is nothing to do: no alpha, no hole, or nothing visible.
pub fn fill_transparent(pixels: &Pixels) -> Cow<'_, Pixels> {
    if !pixels.has_alpha() {
        return Cow::Borrowed(pixels);
    }
    let (w, h, c) = (pixels.width, pixels.height, pixels.channels);
    let samples = match &pixels.samples {
        Samples::U8(v) => fill(v, w, h, c).map(Samples::U8),
        Samples::U16(v) => fill(v, w, h, c).map(Samples::U16),
    };
    match samples {
        Some(samples) => Cow::Owned(Pixels { samples, ..*pixels }),
        None => Cow::Borrowed(pixels),
    }
}

/// The picture on a ground of one colour (8-bit RGB, in the picture's own colour space), without alpha: what a viewer shows
/// that puts it there. Grey stays grey on a grey ground. As it is where there is no alpha.
pub fn flatten(pixels: Pixels, ground: [u8; 3]) -> Pixels {
    if !pixels.has_alpha() {
        return pixels;
    }
    let neutral = ground[0] == ground[1] && ground[1] == ground[2];
    let channels = if pixels.is_grey() && neutral { 1 } else { 3 };
    let samples = match &pixels.samples {
        Samples::U8(v) => Samples::U8(over(v, pixels.channels, channels, ground.map(u32::from), u8::MAX.into())),
        Samples::U16(v) => {
            Samples::U16(over(v, pixels.channels, channels, ground.map(|c| u32::from(c) * 257), u16::MAX.into()))
        }
    };
    Pixels { channels, samples, ..pixels }
}

fn over<T: Copy + Into<u32> + TryFrom<u32> + Default>(
    v: &[T],
    c: usize,
    out: usize,
    ground: [u32; 3],
    max: u32,
) -> Vec<T> {
    let mut flat = Vec::with_capacity(v.len() / c * out);
    for pixel in v.chunks_exact(c) {
        let alpha = u64::from(pixel[c - 1].into());
        for (k, &below) in ground.iter().enumerate().take(out) {
            let above = u64::from(pixel[if c == 2 { 0 } else { k }].into());
            let max = u64::from(max);
            let mixed = (above * alpha + u64::from(below) * (max - alpha) + max / 2) / max;
            flat.push(u32::try_from(mixed).ok().and_then(|m| T::try_from(m).ok()).unwrap_or_default());
        }
    }
    flat
}

/// `None` if there is nothing to fill, or nothing to fill from.
fn fill<T: Copy + Default + PartialEq + Into<u32> + TryFrom<u32>>(
    samples: &[T],
    w: usize,
    h: usize,
    c: usize,
) -> Option<Vec<T>> {
    // Whether a pixel has a colour to give. A ring is settled only after all of it was computed, so that the result
    // does not depend on the order of pixels within it.
    let mut settled: Vec<bool> = samples.chunks_exact(c).map(|p| p[c - 1] != T::default()).collect();
    if settled.iter().all(|&s| s) || !settled.iter().any(|&s| s) {
        return None;
    }
    let around = |at: usize| {
        let (y, x) = (at / w, at % w);
        let rows = y.saturating_sub(1)..(y + 2).min(h);
        rows.flat_map(move |ny| (x.saturating_sub(1)..(x + 2).min(w)).map(move |nx| ny * w + nx))
    };
    let mut out = samples.to_vec();
    let mut queued = settled.clone();
    let mut ring: Vec<usize> = (0..w * h).filter(|&at| !settled[at] && around(at).any(|near| settled[near])).collect();
    ring.iter().for_each(|&at| queued[at] = true);
    while !ring.is_empty() {
        for &at in &ring {
            let (mut sum, mut count) = ([0u32; 3], 0u32);
            for near in around(at).filter(|&near| settled[near]) {
                count += 1;
                for k in 0..c - 1 {
                    sum[k] += out[near * c + k].into();
                }
            }
            for k in 0..c - 1 {
                // Nearest; a mean of samples fits a sample.
                out[at * c + k] = T::try_from((sum[k] + count / 2) / count).unwrap_or_default();
            }
        }
        ring.iter().for_each(|&at| settled[at] = true);
        let mut next = Vec::new();
        for &at in &ring {
            for near in around(at) {
                if !queued[near] {
                    queued[near] = true;
                    next.push(near);
                }
            }
        }
        ring = next;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_shows_through_as_far_as_alpha_lets_it() {
        let grey = Pixels::new(3, 1, 2, Samples::U8(vec![200, 255, 200, 0, 100, 51])).unwrap();
        let flat = flatten(grey.clone(), [10, 10, 10]);
        assert_eq!((flat.channels, flat.samples), (1, Samples::U8(vec![200, 10, 28])));
        let flat = flatten(grey, [10, 20, 30]);
        assert_eq!((flat.channels, flat.samples), (3, Samples::U8(vec![200, 200, 200, 10, 20, 30, 28, 36, 44])));
        let rgb = Pixels::new(1, 1, 4, Samples::U16(vec![65_535, 0, 257, 0])).unwrap();
        assert_eq!(flatten(rgb, [255, 0, 1]).samples, Samples::U16(vec![65_535, 0, 257]));
        let opaque = Pixels::new(1, 1, 3, Samples::U8(vec![1, 2, 3])).unwrap();
        assert_eq!(flatten(opaque.clone(), [9, 9, 9]), opaque);
    }

    #[test]
    fn holes_take_the_colour_around_them_ring_by_ring() {
        let p = Pixels::new(4, 1, 2, Samples::U8(vec![10, 255, 99, 0, 99, 0, 99, 0])).unwrap();
        assert_eq!(fill_transparent(&p).samples, Samples::U8(vec![10, 255, 10, 0, 10, 0, 10, 0]));
        let p = Pixels::new(3, 1, 2, Samples::U16(vec![100, 1, 7, 0, 401, 65535])).unwrap();
        assert_eq!(fill_transparent(&p).samples, Samples::U16(vec![100, 1, 251, 0, 401, 65535]));
    }

    #[test]
    fn diagonal_neighbours_count_and_visible_pixels_stay() {
        let p =
            Pixels::new(2, 2, 4, Samples::U8(vec![0, 9, 9, 0, 40, 50, 60, 7, 20, 30, 40, 255, 0, 0, 90, 3])).unwrap();
        let filled = fill_transparent(&p);
        assert_eq!(filled.samples, Samples::U8(vec![20, 27, 63, 0, 40, 50, 60, 7, 20, 30, 40, 255, 0, 0, 90, 3]));
    }

    #[test]
    fn nothing_to_do_copies_nothing() {
        for v in [vec![1, 255, 2, 1], vec![1, 0, 2, 0]] {
            let p = Pixels::new(2, 1, 2, Samples::U8(v)).unwrap();
            assert!(matches!(fill_transparent(&p), Cow::Borrowed(_)));
        }
        let p = Pixels::new(2, 1, 1, Samples::U8(vec![0, 0])).unwrap();
        assert!(matches!(fill_transparent(&p), Cow::Borrowed(_)));
    }
}
