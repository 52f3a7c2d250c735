//! From planes of brightness and colour to pixels.

use super::planes::{Planes, damaged};
use super::{Result, buffer};
use crate::image_io::error::ErrorKind;
use crate::tensor::{Depth, Pixels, Samples, Size};

/// What turns brightness and colour into red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Matrix {
    /// They are green, blue and red already.
    Identity,
    /// Sums and differences.
    YCgCo,
    /// The parts of red and blue in the brightness.
    Weights(f32, f32),
}

fn matrix(code: u16) -> Result<Matrix> {
    Ok(match code {
        0 => Matrix::Identity,
        1 => Matrix::Weights(0.2126, 0.0722),
        4 => Matrix::Weights(0.30, 0.11),
        // Not stated: what JPEG does, and all readers.
        2 | 5 | 6 => Matrix::Weights(0.299, 0.114),
        7 => Matrix::Weights(0.212, 0.087),
        8 => Matrix::YCgCo,
        9 => Matrix::Weights(0.2627, 0.0593),
        _ => {
            return Err(ErrorKind::Unsupported { what: format!("a file whose colours are coded in way {code}") });
        }
    })
}

/// Pixels of a picture, whose alpha may be a picture of its own.
pub(super) fn pixels(picture: &Planes, (code, full): (u16, bool), alpha: Option<&Planes>) -> Result<Pixels> {
    let colours = if picture.planes.len() == 1 { 1 } else { 3 };
    if alpha.is_some_and(|alpha| (alpha.width, alpha.height) != (picture.width, picture.height)) {
        return Err(damaged("its transparency has another size than the picture"));
    }
    let matrix = matrix(code)?;
    if matrix == Matrix::Identity && colours == 3 && picture.shared != Size::square(1) {
        return Err(damaged("red, green and blue of different sizes"));
    }
    let channels = colours + usize::from(alpha.is_some());
    let len = picture.width * picture.height * channels;
    let samples = match depth(picture.bits) {
        Depth::Eight => Samples::U8(filled(picture, matrix, full, alpha, buffer(len)?, |v| (v * 255.0).round() as u8)),
        Depth::Sixteen => {
            Samples::U16(filled(picture, matrix, full, alpha, buffer(len)?, |v| (v * 65_535.0).round() as u16))
        }
    };
    Ok(Pixels { width: picture.width, height: picture.height, channels, samples })
}

/// What samples of so many bits become.
pub(super) fn depth(bits: u8) -> Depth {
    if bits > 8 { Depth::Sixteen } else { Depth::Eight }
}

fn filled<T: Copy>(
    picture: &Planes,
    matrix: Matrix,
    full: bool,
    alpha: Option<&Planes>,
    mut out: Vec<T>,
    to: impl Fn(f32) -> T,
) -> Vec<T> {
    let (width, colours) = (picture.width, if picture.planes.len() == 1 { 1 } else { 3 });
    let channels = colours + usize::from(alpha.is_some());
    let light = scale(picture.bits, full, false);
    let tint = scale(picture.bits, full, true);
    let clear = alpha.map(|alpha| scale(alpha.bits, alpha.codes.1, false));
    let (mut cb, mut cr) = (vec![0.0; width], vec![0.0; width]);
    for (y, row) in out.chunks_exact_mut(width * channels).enumerate() {
        if colours == 3 {
            colour_row(picture, 1, y, &mut cb);
            colour_row(picture, 2, y, &mut cr);
        }
        let brightness = &picture.planes[0][y * width..][..width];
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            let l = light(brightness[x].into());
            if colours == 1 {
                pixel[0] = to(l.clamp(0.0, 1.0));
            } else {
                let rgb = match matrix {
                    Matrix::Identity => [light(cr[x]), l, light(cb[x])],
                    Matrix::YCgCo => {
                        let (g, o) = (tint(cb[x]), tint(cr[x]));
                        [l - g + o, l + g, l - g - o]
                    }
                    Matrix::Weights(red, blue) => {
                        let (b, r) = (tint(cb[x]), tint(cr[x]));
                        let (r, b) = (l + 2.0 * (1.0 - red) * r, l + 2.0 * (1.0 - blue) * b);
                        [r, (l - red * r - blue * b) / (1.0 - red - blue), b]
                    }
                };
                pixel.iter_mut().zip(rgb).for_each(|(p, v)| *p = to(v.clamp(0.0, 1.0)));
            }
            if let (Some(alpha), Some(clear)) = (alpha, &clear) {
                pixel[colours] = to(clear(alpha.planes[0][y * width + x].into()).clamp(0.0, 1.0));
            }
        }
    }
    out
}

/// From stored values to 0..1, or for colour -0.5..0.5.
fn scale(bits: u8, full: bool, colour: bool) -> impl Fn(f32) -> f32 {
    let step = f32::from(1u16 << (bits - 8));
    let top = f32::from((1u16 << bits) - 1);
    let (zero, range) = match (full, colour) {
        (true, false) => (0.0, top),
        (true, true) => (128.0 * step, top),
        (false, false) => (16.0 * step, 219.0 * step),
        (false, true) => (128.0 * step, 224.0 * step),
    };
    move |v| (v - zero) / range
}

/// A row of colour at the size of the picture. A shared colour is that of the middle of its pixels; between two, pixels
/// take three parts of the nearer and one of the other, as other readers do.
fn colour_row(picture: &Planes, plane: usize, y: usize, row: &mut [f32]) {
    let (Size { width: w, height: h }, samples) = (picture.size(plane), &picture.planes[plane]);
    let near = |at: usize, shared: usize, length: usize| {
        if shared == 1 {
            return (at, at);
        }
        let middle = at / 2;
        (middle, if at.is_multiple_of(2) { middle.saturating_sub(1) } else { (middle + 1).min(length - 1) })
    };
    let (y1, y2) = near(y, picture.shared.height, h);
    let (one, two) = (&samples[y1 * w..][..w], &samples[y2 * w..][..w]);
    for (x, out) in row.iter_mut().enumerate() {
        let (x1, x2) = near(x, picture.shared.width, w);
        let mixed = |row: &[u16]| 0.75 * f32::from(row[x1]) + 0.25 * f32::from(row[x2]);
        *out = 0.75 * mixed(one) + 0.25 * mixed(two);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planes(bits: u8, shared: [usize; 2], planes: &[&[u16]]) -> Planes {
        let (planes, [across, down]) = (planes.iter().map(|p| p.to_vec()).collect(), shared);
        Planes { width: 4, height: 1, bits, shared: Size::new(across, down), planes, codes: ([1, 13, 6], true) }
    }

    #[test]
    fn full_and_limited_values_become_the_same_pixels() {
        let eight = pixels(&planes(8, [1, 1], &[&[0, 51, 255, 255]]), (6, true), None).unwrap();
        assert_eq!(eight.samples, Samples::U8(vec![0, 51, 255, 255]));
        let limited = pixels(&planes(8, [1, 1], &[&[16, 0, 235, 255]]), (6, false), None).unwrap();
        assert_eq!(limited.samples, Samples::U8(vec![0, 0, 255, 255]));
        let ten = pixels(&planes(10, [1, 1], &[&[64, 0, 940, 502]]), (6, false), None).unwrap();
        assert_eq!(ten.samples, Samples::U16(vec![0, 0, 65_535, 32_768]));
    }

    #[test]
    fn each_matrix_gives_its_red() {
        // Red of 255 in each coding, by its definition.
        for (code, y, cb, cr) in [(6, 76, 85, 255), (1, 54, 99, 255), (9, 67, 92, 255), (0, 0, 0, 255)] {
            let red = planes(8, [2, 1], &[&[y; 4], &[cb; 2], &[cr; 2]]);
            let red = if code == 0 { planes(8, [1, 1], &[&[y; 4], &[cb; 4], &[cr; 4]]) } else { red };
            let Samples::U8(v) = pixels(&red, (code, true), None).unwrap().samples else { panic!("8 bits") };
            assert!(v[0] >= 254 && v[1] <= 1 && v[2] <= 1, "{code}: {v:?}");
        }
        assert!(pixels(&planes(8, [1, 1], &[&[0; 4]]), (14, true), None).is_err());
    }

    #[test]
    fn shared_colours_are_mixed_between_their_middles() {
        let mut row = [0.0; 4];
        colour_row(&planes(8, [2, 1], &[&[0; 4], &[0, 100], &[0; 2]]), 1, 0, &mut row);
        assert_eq!(row, [0.0, 25.0, 75.0, 100.0]);
    }
}
