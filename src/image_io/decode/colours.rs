//! Colours that are not stored as RGB.

use crate::image_io::metadata::Metadata;
use crate::image_io::profile;
use crate::tensor::{Pixels, Samples};

/// Inks (0 is none) as sRGB: through the profile of the file, which is used up by that, or else as perfect inks would
/// mix, with a note.
pub(super) fn of_inks(inks: Samples, meta: &mut Metadata, notes: &mut Vec<String>) -> Samples {
    let profile = meta.icc.take();
    if let Some(colours) = profile.as_deref().and_then(|profile| profile::of_inks(profile, &inks)) {
        return colours;
    }
    let why = if profile.is_some() {
        "the file's colour profile is not one for CMYK"
    } else {
        "the file has no colour profile"
    };
    notes.push(format!("{why}, so its inks (CMYK) were mixed by a simple rule; colours may be off"));
    match inks {
        Samples::U8(v) => Samples::U8(mixed(&v, 255)),
        Samples::U16(v) => Samples::U16(mixed(&v, 65_535)),
    }
}

/// Inks with alpha.
pub(super) fn of_inks_with_alpha(inks: Samples, meta: &mut Metadata, notes: &mut Vec<String>) -> Samples {
    fn split<T: Copy>(v: &[T]) -> (Vec<T>, Vec<T>) {
        let pixels = v.as_chunks::<5>().0;
        (pixels.iter().flat_map(|p| &p[..4]).copied().collect(), pixels.iter().map(|p| p[4]).collect())
    }
    fn join<T: Copy>(colours: &[T], alpha: &[T]) -> Vec<T> {
        colours.as_chunks::<3>().0.iter().zip(alpha).flat_map(|(&[r, g, b], &a)| [r, g, b, a]).collect()
    }
    match inks {
        Samples::U8(v) => {
            let (inks, alpha) = split(&v);
            match of_inks(Samples::U8(inks), meta, notes) {
                Samples::U8(colours) => Samples::U8(join(&colours, &alpha)),
                other => other,
            }
        }
        Samples::U16(v) => {
            let (inks, alpha) = split(&v);
            match of_inks(Samples::U16(inks), meta, notes) {
                Samples::U16(colours) => Samples::U16(join(&colours, &alpha)),
                other => other,
            }
        }
    }
}

/// CIE L*a*b* (D50; a and b as two's complement if `signed`, else shifted by half) as sRGB.
pub(super) fn of_lab(lab: Pixels, signed: bool) -> Pixels {
    let samples = match &lab.samples {
        Samples::U8(v) => {
            let part = |v: u8| if signed { f64::from(v as i8) } else { f64::from(v) - 128.0 };
            let colour = |&[l, a, b]: &[u8; 3]| rgb_of_lab([f64::from(l) / 2.55, part(a), part(b)]);
            Samples::U8(v.as_chunks().0.iter().flat_map(|p| colour(p).map(|c| (c * 255.0).round() as u8)).collect())
        }
        Samples::U16(v) => {
            let part = |v: u16| if signed { f64::from(v as i16) / 256.0 } else { f64::from(v) / 256.0 - 128.0 };
            let colour = |&[l, a, b]: &[u16; 3]| rgb_of_lab([f64::from(l) / 655.35, part(a), part(b)]);
            Samples::U16(
                v.as_chunks().0.iter().flat_map(|p| colour(p).map(|c| (c * 65_535.0).round() as u16)).collect(),
            )
        }
    };
    Pixels { samples, ..lab }
}

/// Lab as numbers, with lightness of 0 to 100, as `of_lab` takes it, signed.
pub(super) fn lab_of_floats(v: &[f32]) -> Vec<u16> {
    let signed = |v: f32| (v * 256.0).round().clamp(-32_768.0, 32_767.0) as i16 as u16;
    let light = |l: f32| (l * 655.35).round().clamp(0.0, 65_535.0) as u16;
    v.as_chunks::<3>().0.iter().flat_map(|&[l, a, b]| [light(l), signed(a), signed(b)]).collect()
}

/// L (0 to 100), a and b as sRGB, 0 to 1.
fn rgb_of_lab([l, a, b]: [f64; 3]) -> [f64; 3] {
    let y = (l + 16.0) / 116.0;
    let cube = |t: f64| if t > 6.0 / 29.0 { t * t * t } else { (t - 16.0 / 116.0) * 108.0 / 841.0 };
    // D50, as profiles connect.
    let [x, y, z] = [0.9642 * cube(y + a / 500.0), cube(y), 0.8249 * cube(y - b / 200.0)];
    let linear = [
        3.134_136 * x - 1.617_386 * y - 0.490_662 * z,
        -0.978_796 * x + 1.916_254 * y + 0.033_443 * z,
        0.071_955 * x - 0.228_977 * y + 1.405_386 * z,
    ];
    linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
    })
}

/// What four perfect inks leave of white.
fn mixed<T: Copy + Into<u64> + TryFrom<u64>>(v: &[T], top: u64) -> Vec<T> {
    let light = |ink: T| top - ink.into();
    let colour = |ink: T, black: T| T::try_from((light(ink) * light(black) + top / 2) / top).ok();
    v.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| colour(ink, k))).flatten().collect()
}

/// The negative.
pub(super) fn inverted(samples: Samples) -> Samples {
    match samples {
        Samples::U8(v) => Samples::U8(v.into_iter().map(|v| 255 - v).collect()),
        Samples::U16(v) => Samples::U16(v.into_iter().map(|v| 65_535 - v).collect()),
    }
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
        let mix = |inks| {
            let (mut meta, mut notes) = (Metadata { icc: Some(vec![1; 200]), ..Metadata::default() }, Vec::new());
            let colours = of_inks(inks, &mut meta, &mut notes);
            assert!(meta.icc.is_none() && notes.len() == 1, "{notes:?}");
            colours
        };
        assert_eq!(mix(Samples::U8(vec![0, 128, 255, 0, 0, 0, 0, 255])), Samples::U8(vec![255, 127, 0, 0, 0, 0]));
        assert_eq!(mix(Samples::U16(vec![0, 65535, 0, 32768])), Samples::U16(vec![32767, 0, 32767]));
        assert_eq!(inverted(Samples::U8(vec![0, 200])), Samples::U8(vec![255, 55]));
        assert_eq!(rgb_of_jpeg([76, 85, 255]), [254, 0, 0]);
        assert_eq!(rgb_of_jpeg([200, 128, 128]), [200, 200, 200]);
    }
}
