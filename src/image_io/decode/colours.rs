//! Colours that are not stored as RGB.

use crate::tensor::Samples;

/// Inks as Adobe's JPEG files hold them, where the largest value is none, as RGB.
pub(super) fn of_light_inks(samples: Samples) -> Samples {
    match samples {
        Samples::U8(v) => Samples::U8(mixed(&v, 255, |v| v)),
        Samples::U16(v) => Samples::U16(mixed(&v, 65_535, |v| v)),
    }
}

/// Inks where 0 is none, as RGB.
pub(super) fn of_inks(samples: Samples) -> Samples {
    match samples {
        Samples::U8(v) => Samples::U8(mixed(&v, 255, |v| 255 - v)),
        Samples::U16(v) => Samples::U16(mixed(&v, 65_535, |v| 65_535 - v)),
    }
}

/// What four perfect inks leave of white.
fn mixed<T: Copy + Into<u64> + TryFrom<u64>>(v: &[T], top: u64, light: fn(u64) -> u64) -> Vec<T> {
    let colour = |ink: T, black: T| T::try_from((light(ink.into()) * light(black.into()) + top / 2) / top).ok();
    v.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| colour(ink, k))).flatten().collect()
}

/// The inverse of JPEG's full-range BT.601.
pub(super) fn rgb_of_jpeg([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|v| v.round_ties_even() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_and_jpeg_colours() {
        let eight = of_inks(Samples::U8(vec![0, 128, 255, 0, 0, 0, 0, 255]));
        assert_eq!(eight, Samples::U8(vec![255, 127, 0, 0, 0, 0]));
        assert_eq!(of_inks(Samples::U16(vec![0, 65535, 0, 32768])), Samples::U16(vec![32767, 0, 32767]));
        assert_eq!(of_light_inks(Samples::U8(vec![255, 127, 0, 255])), Samples::U8(vec![255, 127, 0]));
        assert_eq!(rgb_of_jpeg([76, 85, 255]), [254, 0, 0]);
        assert_eq!(rgb_of_jpeg([200, 128, 128]), [200, 200, 200]);
    }
}
