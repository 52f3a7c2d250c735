//! Colours that are not stored as RGB.

use crate::image_io::metadata::Metadata;
use crate::image_io::profile;
use crate::tensor::Samples;

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
