//! Colour management, with `moxcms` (which `image` brings): inks through their profile, colour that a PNG file states in
//! chunks of its own as a profile, and pixels as sRGB.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, Layout,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics, TransformOptions, XyY,
};

use crate::tensor::{Pixels, Samples};

/// Four inks (0 is none) as sRGB; `None` if the profile is not for four inks, or none at all.
pub(super) fn of_inks(profile: &[u8], inks: &Samples) -> Option<Samples> {
    let from = ColorProfile::new_from_slice(profile).ok().filter(|p| p.color_space == DataColorSpace::Cmyk)?;
    through(&from, Layout::Rgba, inks, 4, Layout::Rgb, 3)
}

/// Pixels with a profile as sRGB; `None` if the profile does not describe them.
pub(super) fn to_srgb(profile: &[u8], pixels: &Pixels) -> Option<Pixels> {
    let from = ColorProfile::new_from_slice(profile).ok()?;
    // Grey of any curve becomes colour of equal parts, of which one is kept.
    let (layout, to) = match pixels.channels {
        1 => (Layout::Gray, Layout::Rgb),
        2 => (Layout::GrayAlpha, Layout::Rgba),
        3 => (Layout::Rgb, Layout::Rgb),
        _ => (Layout::Rgba, Layout::Rgba),
    };
    let channels = if pixels.has_alpha() { 4 } else { 3 };
    let samples = through(&from, layout, &pixels.samples, pixels.channels, to, channels)?;
    let samples = if pixels.channels < 3 { grey_of(samples, channels) } else { samples };
    Some(Pixels { samples, ..*pixels })
}

fn through(
    from: &ColorProfile,
    layout: Layout,
    v: &Samples,
    inputs: usize,
    to: Layout,
    outputs: usize,
) -> Option<Samples> {
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    match v {
        Samples::U8(v) => {
            let transform = from.create_transform_8bit(layout, &srgb, to, options).ok()?;
            let mut out = vec![0; v.len() / inputs * outputs];
            transform.transform(v, &mut out).ok()?;
            Some(Samples::U8(out))
        }
        Samples::U16(v) => {
            let transform = from.create_transform_16bit(layout, &srgb, to, options).ok()?;
            let mut out = vec![0; v.len() / inputs * outputs];
            transform.transform(v, &mut out).ok()?;
            Some(Samples::U16(out))
        }
    }
}

/// One of the equal colours, and alpha.
fn grey_of(samples: Samples, channels: usize) -> Samples {
    fn pick<T: Copy>(v: &[T], channels: usize) -> Vec<T> {
        v.chunks_exact(channels).flat_map(|p| std::iter::once(p[0]).chain(p.get(3).copied())).collect()
    }
    match samples {
        Samples::U8(v) => Samples::U8(pick(&v, channels)),
        Samples::U16(v) => Samples::U16(pick(&v, channels)),
    }
}

/// A profile of the colour that code points (primaries, transfer, matrix, range) name; `None` for sRGB and for codes that
/// name nothing.
pub(super) fn of_code_points([primaries, transfer, matrix, full]: [u8; 4]) -> Option<Vec<u8>> {
    if (primaries, transfer) == (1, 13) {
        return None;
    }
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
        matrix_coefficients: MatrixCoefficients::try_from(matrix).ok()?,
        full_range: full != 0,
    });
    // Without a curve it is none: the codes name nothing.
    profile.red_trc.as_ref()?;
    profile.encode().ok()
}

/// White and the three primaries, each as x and y.
pub(super) type Corners = [(f32, f32); 4];

/// Those of sRGB.
const SRGB: Corners = [(0.3127, 0.329), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06)];

/// A profile of colour that is stated as gamma (of the file, about 0.45) and primaries; what is not stated is as in sRGB.
/// `None` if that is sRGB, or makes no sense.
pub(super) fn of_gamma(gamma: Option<f32>, corners: Option<Corners>, grey: bool) -> Option<Vec<u8>> {
    let usual = gamma.is_none_or(|g| (g - 0.45455).abs() < 0.001);
    let corners = corners.unwrap_or(SRGB);
    let near = corners.iter().zip(&SRGB).all(|(a, b)| (a.0 - b.0).abs() < 0.002 && (a.1 - b.1).abs() < 0.002);
    let sensible = gamma.is_none_or(|g| g > 0.05 && g < 5.0) && corners.iter().all(|c| c.1 > 0.001);
    if usual && (near || grey) || !sensible {
        return None;
    }
    if grey {
        return ColorProfile::new_gray_with_gamma(1.0 / gamma?).encode().ok();
    }
    let mut profile = ColorProfile::new_srgb();
    let [white, red, green, blue] = corners;
    let corner = |(x, y)| Chromaticity { x, y };
    let primaries = ColorPrimaries { red: corner(red), green: corner(green), blue: corner(blue) };
    profile.update_rgb_colorimetry(XyY { x: white.0.into(), y: white.1.into(), yb: 1.0 }, primaries);
    profile.description = None;
    if let Some(gamma) = gamma.filter(|_| !usual) {
        let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
        (profile.red_trc, profile.green_trc, profile.blue_trc) =
            (Some(curve.clone()), Some(curve.clone()), Some(curve));
    }
    profile.encode().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_srgb_needs_no_profile() {
        assert!(of_code_points([1, 13, 0, 1]).is_none() && of_code_points([2, 2, 0, 1]).is_none());
        assert!(of_gamma(Some(0.45455), None, false).is_none() && of_gamma(None, Some(SRGB), false).is_none());
        assert!(of_gamma(Some(0.0), None, false).is_none() && of_gamma(None, Some([(0.3, 0.0); 4]), false).is_none());
    }

    #[test]
    fn a_stated_gamma_is_what_the_profile_does() {
        let profile = of_gamma(Some(1.0 / 1.8), None, false).unwrap();
        let grey = Pixels::new(1, 1, 3, Samples::U8(vec![100; 3])).unwrap();
        let Samples::U8(v) = to_srgb(&profile, &grey).unwrap().samples else { panic!("8 bits stay 8") };
        // (100 / 255) ^ 1.8 as sRGB.
        let linear = (100.0f64 / 255.0).powf(1.8);
        let want = (1.055 * linear.powf(1.0 / 2.4) - 0.055) * 255.0;
        assert!(v.iter().all(|&v| (f64::from(v) - want).abs() < 1.5), "{v:?} {want}");
        let profile = of_gamma(Some(1.0), None, true).unwrap();
        let grey = Pixels::new(1, 1, 2, Samples::U16(vec![32_768, 777])).unwrap();
        let Samples::U16(v) = to_srgb(&profile, &grey).unwrap().samples else { panic!("16 bits stay 16") };
        assert!(v[0].abs_diff(48_194) < 200 && v[1] == 777, "{v:?}");
    }

    #[test]
    fn code_points_name_display_p3() {
        let profile = of_code_points([12, 13, 0, 1]).unwrap();
        let red = Pixels::new(1, 1, 3, Samples::U8(vec![200, 100, 100])).unwrap();
        let Samples::U8(v) = to_srgb(&profile, &red).unwrap().samples else { panic!("8 bits stay 8") };
        assert!(v[0] > 205 && v[1] < 100, "more saturated in sRGB's numbers: {v:?}");
    }
}
