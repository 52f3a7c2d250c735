//! Resizing by separable filters: the bicubic of the super-resolution literature, and the baselines beside it.
//!
//! Bicubic here is MATLAB's `imresize`: Keys' kernel with a = −0.5, stretched by the factor when shrinking (so that it
//! averages instead of aliasing), pixels outside the picture mirrored about its edge, weights normalised to sum 1. All
//! published PSNR figures rest on it; other programs' "bicubic" (a = −0.75, no antialiasing) differ by tenths of a dB.
//!
//! The DESIGN puts this file into `image_io`. It lives here because three layers need the same numbers: `aedsr` adds
//! the bicubic of its input inside the network (`backend`), tiles must know which input rows an output row needs
//! (`infer`), and files want low-resolution pictures (`image_io`); `backend` and `infer` may not import `image_io`.
//!
//! An axis is a table, [`Contributions`]; a picture is two, [`Resampler`]. The table holds absolute positions, so a
//! tile computed from a crop uses the same weights in the same order as the whole picture: equal bit for bit.

use std::ops::Range;

use super::alpha::fill_transparent;
pub use super::contributions::{Contributions, Filter};
use super::{Pixels, PixelsError, Point, Shape, Size, Tensor};

/// Both axes of a resize.
#[derive(Clone, Debug, PartialEq)]
pub struct Resampler {
    /// Rows.
    pub rows: Contributions,
    /// Columns.
    pub columns: Contributions,
}

impl Resampler {
    /// From pictures of one size to another.
    ///
    /// # Panics
    /// If a side is zero.
    pub fn new(filter: Filter, from: Size, to: Size) -> Self {
        let axis = |from, to| Contributions::new(filter, from, to);
        Self { rows: axis(from.height, to.height), columns: axis(from.width, to.width) }
    }

    /// The output rectangle `rows` × `columns`, from a crop of the source whose top left pixel is the source's
    /// `origin`. Any number of channels and pictures. Every output is computed on its own, so tiles are
    /// the same bits as the whole.
    ///
    /// Rows are mixed first: an output row is mixed from whole input rows in long vectorisable runs and once only,
    /// then its pixels from the handful of columns that each needs. `f32` throughout: on values in `[0, 1]` the result
    /// lies within 1e-6 of exact arithmetic, a fortieth of a 16-bit step.
    ///
    /// # Panics
    /// If the crop does not hold `self.rows.inputs(rows)` × `self.columns.inputs(columns)`.
    pub fn tile(&self, src: &Tensor, origin: Point, rows: Range<usize>, columns: Range<usize>) -> Tensor {
        let Shape { n, h, w, c } = src.shape;
        let (need_y, need_x) = (self.rows.inputs(rows.clone()), self.columns.inputs(columns.clone()));
        assert!(
            rows.is_empty()
                || columns.is_empty()
                || (need_y.start >= origin.y
                    && need_y.end <= origin.y + h
                    && need_x.start >= origin.x
                    && need_x.end <= origin.x + w),
            "a crop of {w}×{h} at {},{} lacks columns {need_x:?} or rows {need_y:?}",
            origin.x,
            origin.y
        );
        let shape = Shape::new(n, rows.len(), columns.len(), c);
        let mut out = Tensor::zeros(shape);
        if shape.is_empty() {
            return out;
        }
        let mut mixed = vec![0.0f32; need_x.len() * c];
        let runs = out.data.chunks_exact_mut(columns.len() * c);
        for (index, row_out) in runs.enumerate() {
            let (picture, y) = (index / rows.len(), rows.start + index % rows.len());
            let (first, weights) = self.rows.window_f32(y);
            let row_in = |k: usize| {
                let at = ((picture * h + first + k - origin.y) * w + need_x.start - origin.x) * c;
                &src.data[at..at + need_x.len() * c]
            };
            mix_rows(&mut mixed, weights, row_in);
            match c {
                1 => self.mix_columns::<1>(row_out, &mixed, need_x.start, columns.start),
                3 => self.mix_columns::<3>(row_out, &mixed, need_x.start, columns.start),
                4 => self.mix_columns::<4>(row_out, &mixed, need_x.start, columns.start),
                _ => self.mix_columns_any(row_out, &mixed, need_x.start, columns.start, c),
            }
        }
        out
    }

    /// One row of outputs from one row already mixed vertically, `C` channels. `x0`, `x1`: the first input and the
    /// first output column.
    fn mix_columns<const C: usize>(&self, out: &mut [f32], row: &[f32], x0: usize, x1: usize) {
        for (x, pixel) in out.as_chunks_mut::<C>().0.iter_mut().enumerate() {
            let (first, weights) = self.columns.window_f32(x1 + x);
            let taps = row[(first - x0) * C..].as_chunks::<C>().0;
            let mut sum = [0.0f32; C];
            for (tap, &weight) in taps.iter().zip(weights) {
                for k in 0..C {
                    sum[k] += tap[k] * weight;
                }
            }
            *pixel = sum;
        }
    }

    /// [`Self::mix_columns`] for any number of channels.
    fn mix_columns_any(&self, out: &mut [f32], row: &[f32], x0: usize, x1: usize, c: usize) {
        for (x, pixel) in out.chunks_exact_mut(c).enumerate() {
            let (first, weights) = self.columns.window_f32(x1 + x);
            let taps = row[(first - x0) * c..].chunks_exact(c);
            for (tap, &weight) in taps.zip(weights) {
                for (p, &t) in pixel.iter_mut().zip(tap) {
                    *p += t * weight;
                }
            }
        }
    }
}

/// `out = Σ weights[k] · row(k)`, summed in order of k.
fn mix_rows<'a>(out: &mut [f32], weights: &[f32], row: impl Fn(usize) -> &'a [f32]) {
    out.fill(0.0);
    for (k, &weight) in weights.iter().enumerate() {
        for (o, &v) in out.iter_mut().zip(row(k)) {
            *o += v * weight;
        }
    }
}

/// `src` at another size, bicubic.
///
/// # Panics
/// If a side is zero (so do the functions below).
pub fn resize(src: &Tensor, to: Size) -> Tensor {
    resize_with(Filter::Bicubic, src, to)
}

/// `src` at another size.
pub fn resize_with(filter: Filter, src: &Tensor, to: Size) -> Tensor {
    Resampler::new(filter, src.shape.size(), to).tile(src, Point::default(), 0..to.height, 0..to.width)
}

/// A picture at another size: colour and alpha each on its own, the colour under full transparency filled first (see
/// [`super::alpha`]), rounded half to even. Band by band, so that neither picture exists as floats.
///
/// # Errors
/// If a side is zero, or there is no memory for the result.
pub fn resize_pixels(filter: Filter, pixels: &Pixels, to: Size) -> Result<Pixels, PixelsError> {
    let mut out = Pixels::black(to.width, to.height, pixels.channels, pixels.depth())?;
    let filled = fill_transparent(pixels);
    let both = Resampler::new(filter, pixels.size(), to);
    // About a million values of the wider picture at a time.
    let rows_at_once = (1_000_000 / (pixels.width.max(to.width) * 3)).clamp(1, to.height);
    for y in (0..to.height).step_by(rows_at_once) {
        let rows = y..(y + rows_at_once).min(to.height);
        let need = both.rows.inputs(rows.clone());
        let band = |src: &Tensor| both.tile(src, Point::new(0, need.start), rows.clone(), 0..to.width);
        out.write_colour(y, 0, &band(&filled.read_colour(need.start, 0, need.len(), pixels.width)));
        if let Some(alpha) = filled.read_alpha(need.start, 0, need.len(), pixels.width) {
            out.write_alpha(y, 0, &band(&alpha));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{Depth, Samples};
    use safetensors::SafeTensors;

    /// The golden files, written by the reference in exact arithmetic: (name, input, output).
    fn goldens() -> Vec<(String, Tensor, Tensor)> {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/goldens");
        let mut all = Vec::new();
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("bicubic_") {
                let bytes = std::fs::read(&path).unwrap();
                let file = SafeTensors::deserialize(&bytes).unwrap();
                let read = |key| {
                    let view = file.tensor(key).unwrap();
                    let v: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
                    let [n, c, h, w] = view.shape().try_into().unwrap();
                    Tensor::from_nchw(n, c, h, w, &v)
                };
                all.push((name, read("x"), read("y")));
            }
        }
        all
    }

    fn noise(shape: Shape) -> Tensor {
        let mut state = 1u32;
        let data = (0..shape.len()).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        });
        Tensor::from_vec(shape, data.collect())
    }

    #[test]
    fn bicubic_is_that_of_the_reference() {
        let goldens = goldens();
        assert_eq!(goldens.len(), 6);
        for (name, x, y) in goldens {
            let got = resize(&x, y.shape.size());
            let worst = got.data.iter().zip(&y.data).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            // Rounding of the weights and of four products and sums per axis, all below 1 in size.
            assert!(worst < 5e-7, "{name}: {worst:e}");
        }
    }

    #[test]
    fn channels_and_pictures_are_resized_each_on_its_own() {
        for filter in Filter::ALL {
            for c in 1..=5 {
                let x = noise(Shape::new(2, 6, 5, c));
                let size = Size::new(13, 9);
                let got = resize_with(filter, &x, size);
                assert_eq!(got.shape, Shape::new(2, 9, 13, c));
                let (planes_in, planes_out) = (x.to_nchw(), got.to_nchw());
                for (plane, want) in planes_in.chunks(30).zip(planes_out.chunks(9 * 13)) {
                    let alone = resize_with(filter, &Tensor::from_vec(Shape::new(1, 6, 5, 1), plane.to_vec()), size);
                    assert_eq!(alone.data, want, "{filter}, {c} channels");
                }
            }
        }
    }

    #[test]
    fn tiles_are_the_bits_of_the_whole() {
        let x = noise(Shape::new(1, 17, 11, 3));
        for (h, w) in [(34, 22), (40, 31), (8, 5), (17, 11)] {
            for filter in Filter::ALL {
                let whole = resize_with(filter, &x, Size::new(w, h));
                let both = Resampler::new(filter, x.shape.size(), Size::new(w, h));
                for (rows, columns) in [(0..3, 0..2), (h - 3..h, w - 4..w), (2..h - 1, 1..w - 1), (3..7, 0..w)] {
                    let (need_y, need_x) = (both.rows.inputs(rows.clone()), both.columns.inputs(columns.clone()));
                    let crop = x.crop(need_y.start, need_x.start, need_y.len(), need_x.len());
                    let origin = Point::new(need_x.start, need_y.start);
                    let tile = both.tile(&crop, origin, rows.clone(), columns.clone());
                    assert_eq!(tile, whole.crop(rows.start, columns.start, rows.len(), columns.len()));
                }
            }
        }
    }

    #[test]
    fn a_picture_is_resized_as_its_tensors_are() {
        let v = noise(Shape::new(1, 40, 700, 4)).data.iter().map(|v| (v * 65535.0) as u16 | 1).collect();
        let pixels = Pixels::new(700, 40, 4, Samples::U16(v)).unwrap();
        // The first is taller than one band.
        for to in [Size::new(1300, 300), Size::new(99, 13), pixels.size()] {
            let (colour, alpha) = (resize(&pixels.colour(), to), resize(&pixels.alpha().unwrap(), to));
            let want = Pixels::from_tensors(&colour, Some(&alpha), Depth::Sixteen).unwrap();
            assert_eq!(resize_pixels(Filter::Bicubic, &pixels, to).unwrap(), want);
        }
        assert!(resize_pixels(Filter::Bicubic, &pixels, Size::new(5, 0)).is_err());
    }

    #[test]
    fn colour_under_transparency_does_not_bleed() {
        // Left half: black and invisible. Right half: white.
        let v = (0..64).flat_map(|i| if i % 8 < 4 { [0, 0] } else { [255, 255] }).collect();
        let pixels = Pixels::new(8, 8, 2, Samples::U8(v)).unwrap();
        for filter in Filter::ALL {
            let large = resize_pixels(filter, &pixels, Size::new(19, 21)).unwrap();
            assert!(large.colour().data.iter().all(|&v| v == 1.0), "{filter}");
            let alpha = large.alpha().unwrap();
            assert_eq!((alpha.pixel(0, 9, 0), alpha.pixel(0, 9, 18)), (&[0.0][..], &[1.0][..]), "{filter}");
        }
    }

    #[test]
    fn lanczos_keeps_a_ramp_nearly_straight_and_flat_fields_flat() {
        let flat = Tensor::from_vec(Shape::new(1, 5, 5, 1), vec![0.25; 25]);
        for filter in Filter::ALL {
            assert!(
                resize_with(filter, &flat, Size::new(3, 13)).data.iter().all(|v| (v - 0.25).abs() < 1e-6),
                "{filter}"
            );
        }
        let ramp = Tensor::from_vec(Shape::new(1, 1, 16, 1), (0..16).map(|v| v as f32).collect());
        let up = resize_with(Filter::Lanczos3, &ramp, Size::new(32, 1));
        // Output 2j + 1 of a doubling lies at j + 1/4. A windowed sinc bends a ramp by some hundredths.
        assert!((7..9).all(|j| (up.data[2 * j + 1] - (j as f32 + 0.25)).abs() < 0.02), "{:?}", up.data);
    }
}
