//! How much of a channel is fine detail: its amplitudes by frequency.
//!
//! The middle of the channel, mean removed, faded out at the edges by a Hann window (a cut edge would look like detail),
//! through a two-dimensional Fourier transform; amplitudes of equal distance from zero frequency are averaged.
//!
//! The transform is the plain sum, once along rows and once along columns: on 128 × 128 values that is 8 million complex
//! products, a few milliseconds, and works for any size.

/// Longest side that is looked at; larger channels are cut around the middle.
const SIDE: usize = 128;
/// Points of the curve, from zero to half the sampling rate.
const BINS: usize = 32;

/// Amplitude by frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// (cycles per pixel, mean amplitude per pixel), up to 0.5; without frequencies that the channel is too small for.
    pub amplitude: Vec<[f64; 2]>,
    /// Share of the energy (mean removed) above a quarter of the sampling rate. 0 for a channel of one value.
    pub high: f64,
}

impl Spectrum {
    /// Of values row by row, `width` to a row.
    pub fn of(plane: &[f32], width: usize) -> Self {
        let height = plane.len() / width.max(1);
        let (w, h) = (width.min(SIDE), height.min(SIDE));
        let (left, top) = ((width - w) / 2, (height - h) / 2);
        let cut = (0..h).flat_map(|y| (0..w).map(move |x| f64::from(plane[(top + y) * width + left + x])));
        let values: Vec<f64> = cut.collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let hann = |i: usize, n: usize| (std::f64::consts::PI * (i as f64 + 0.5) / n as f64).sin().powi(2);
        let faded = values.iter().enumerate().map(|(i, v)| (v - mean) * hann(i / w, h) * hann(i % w, w));
        let data = transform(faded.map(|v| (v, 0.0)).collect(), w, h);
        let signed = |i: usize, n: usize| i.min(n - i) as f64 / n as f64;
        let (mut sums, mut counts) = ([0.0; BINS], [0usize; BINS]);
        let (mut all, mut high) = (0.0, 0.0);
        for (i, v) in data.iter().enumerate().skip(1) {
            let frequency = signed(i / w, h).hypot(signed(i % w, w));
            all += energy(v);
            if frequency > 0.25 {
                high += energy(v);
            }
            let bin = (frequency * 2.0 * BINS as f64) as usize;
            if bin < BINS {
                sums[bin] += energy(v).sqrt() / (w * h) as f64;
                counts[bin] += 1;
            }
        }
        let middle = |bin: usize| (bin as f64 + 0.5) / (2 * BINS) as f64;
        let amplitude = (0..BINS).filter(|&b| counts[b] > 0).map(|b| [middle(b), sums[b] / counts[b] as f64]).collect();
        Self { amplitude, high: if all > 0.0 { high / all } else { 0.0 } }
    }
}

/// Real and imaginary part.
type Complex = (f64, f64);

fn energy(v: &Complex) -> f64 {
    v.0 * v.0 + v.1 * v.1
}

/// The Fourier transform of `h` rows of `w` values.
fn transform(data: Vec<Complex>, w: usize, h: usize) -> Vec<Complex> {
    // Along the rows of the transposed, twice: the second brings the order back.
    along_rows(&along_rows(&data, w, h), h, w)
}

/// Every row of `w` values transformed; the result transposed, `w` rows of `h`.
fn along_rows(data: &[Complex], w: usize, h: usize) -> Vec<Complex> {
    let turn = |i: usize| (-2.0 * std::f64::consts::PI * i as f64 / w as f64).sin_cos();
    let turns: Vec<Complex> = (0..w).map(turn).map(|(sin, cos)| (cos, sin)).collect();
    let mut out = vec![(0.0, 0.0); w * h];
    for (y, row) in data.chunks_exact(w).enumerate() {
        for k in 0..w {
            let (mut sum, mut at) = ((0.0, 0.0), 0);
            for v in row {
                let t = turns[at];
                sum = (sum.0 + v.0 * t.0 - v.1 * t.1, sum.1 + v.0 * t.1 + v.1 * t.0);
                at = if at + k < w { at + k } else { at + k - w };
            }
            out[k * h + y] = sum;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wave of so many cycles per pixel along a row.
    fn wave(frequency: f64) -> Vec<f32> {
        (0..64 * 64).map(|i| (2.0 * std::f64::consts::PI * frequency * (i % 64) as f64).cos() as f32).collect()
    }

    #[test]
    fn a_wave_shows_at_its_frequency() {
        for (frequency, high) in [(0.125, 0.0), (0.375, 1.0)] {
            let s = Spectrum::of(&wave(frequency), 64);
            let peak = s.amplitude.iter().max_by(|a, b| a[1].total_cmp(&b[1])).unwrap();
            assert!((peak[0] - frequency).abs() < 0.03, "{frequency}: {peak:?}");
            assert!((s.high - high).abs() < 1e-6, "{frequency}: {}", s.high);
        }
    }

    #[test]
    fn one_value_everywhere_has_no_detail_and_small_or_odd_sizes_do_no_harm() {
        assert_eq!(Spectrum::of(&[3.0; 49], 7).high, 0.0);
        assert_eq!(Spectrum::of(&[3.0], 1).high, 0.0);
        assert!(Spectrum::of(&[1.0, -1.0, 1.0, -1.0, 1.0, -1.0], 3).high > 0.5);
        assert!(Spectrum::of(&vec![1.0; 300 * 150], 300).amplitude.len() <= BINS);
    }
}
