//! How B differs from A, as colour: by channel, or luma through a map of colours.

use super::Image;
use crate::tensor::Pixels;
use serde::{Deserialize, Serialize};

/// Which difference of two values in `[0, 1]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// `B − A`: darker or brighter than middle grey.
    Signed,
    /// `|B − A|`.
    #[default]
    Absolute,
    /// `(B − A)²`, what PSNR sums.
    Squared,
}

/// How a difference becomes colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colours {
    /// Every channel on its own.
    #[default]
    Channels,
    /// Luma: dark to bright through blue, red and yellow; signed ones blue (darker) over black to orange (brighter). Told apart
    /// without seeing red and green.
    Map,
}

/// How differences are shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Difference {
    /// Which.
    pub measure: Measure,
    /// Multiplies the difference before it is shown.
    pub gain: f32,
    /// In which colours.
    pub colours: Colours,
}

impl Default for Difference {
    fn default() -> Self {
        // An enlarged photo differs from its bicubic by a few hundredths.
        Self { measure: Measure::Absolute, gain: 8.0, colours: Colours::Channels }
    }
}

impl Difference {
    /// A difference of values in `[0, 1]`, after gain: in `[−1, 1]` if signed, in `[0, 1]` otherwise.
    fn of(&self, a: f32, b: f32) -> f32 {
        let d = b - a;
        match self.measure {
            Measure::Signed => (d * self.gain).clamp(-1.0, 1.0),
            Measure::Absolute => (d.abs() * self.gain).min(1.0),
            Measure::Squared => (d * d * self.gain).min(1.0),
        }
    }

    /// The picture of the difference of two pictures of one size, shrunk by `2^level` after it was taken.
    pub(super) fn image(&self, a: &Pixels, b: &Pixels, level: u32) -> Image {
        let (ta, tb) = (a.rgb(), b.rgb());
        let mut bytes = Vec::with_capacity(ta.data.len());
        for (p, q) in ta.data.chunks_exact(3).zip(tb.data.chunks_exact(3)) {
            match self.colours {
                Colours::Channels => bytes.extend([0, 1, 2].map(|k| {
                    let v = self.of(p[k], q[k]);
                    let shown = if self.measure == Measure::Signed { 0.5 + v / 2.0 } else { v };
                    (shown * 255.0).round() as u8
                })),
                Colours::Map => {
                    let luma = |v: &[f32]| 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
                    bytes.extend(colour(self.measure, self.of(luma(p), luma(q))));
                }
            }
        }
        let pixels =
            Pixels { width: a.width, height: a.height, channels: 3, samples: crate::tensor::Samples::U8(bytes) };
        Image::shrunk(&pixels, level)
    }
}

/// The colour of a value in the map: `[−1, 1]` if signed, `[0, 1]` otherwise.
pub fn colour(measure: Measure, v: f32) -> [u8; 3] {
    // Points of "inferno" (van der Walt, Smith; CC0), and two arms of it for signs.
    const MAP: [[f32; 3]; 6] = [
        [0.0, 0.0, 4.0],
        [66.0, 10.0, 104.0],
        [147.0, 38.0, 103.0],
        [221.0, 81.0, 58.0],
        [252.0, 165.0, 10.0],
        [252.0, 255.0, 164.0],
    ];
    const DARKER: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [0.0, 114.0, 178.0], [190.0, 230.0, 255.0]];
    const BRIGHTER: [[f32; 3]; 3] = [[0.0, 0.0, 0.0], [213.0, 94.0, 0.0], [255.0, 230.0, 170.0]];
    let points: &[[f32; 3]] = match measure {
        Measure::Signed if v < 0.0 => &DARKER,
        Measure::Signed => &BRIGHTER,
        _ => &MAP,
    };
    let at = v.abs().min(1.0) * (points.len() - 1) as f32;
    let below = (at as usize).min(points.len() - 2);
    let part = at - below as f32;
    std::array::from_fn(|k| (points[below][k] * (1.0 - part) + points[below + 1][k] * part).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Samples;

    fn grey(v: u8) -> Pixels {
        Pixels::new(1, 1, 1, Samples::U8(vec![v])).unwrap()
    }

    #[test]
    fn each_measure_shows_what_it_says() {
        let show = |measure, a, b| {
            let d = Difference { measure, gain: 1.0, colours: Colours::Channels };
            d.image(&grey(a), &grey(b), 0).rgba[0]
        };
        assert_eq!(show(Measure::Absolute, 200, 150), 50);
        assert_eq!(show(Measure::Squared, 0, 255), 255);
        assert_eq!(show(Measure::Squared, 0, 51), 10);
        assert_eq!(show(Measure::Signed, 100, 100), 128);
        assert_eq!(show(Measure::Signed, 255, 0), 0);
        assert_eq!(show(Measure::Signed, 0, 255), 255);
    }

    #[test]
    fn the_map_begins_dark_and_ends_bright_and_signs_differ() {
        assert_eq!(colour(Measure::Absolute, 0.0), [0, 0, 4]);
        assert_eq!(colour(Measure::Absolute, 9.0), [252, 255, 164]);
        assert_ne!(colour(Measure::Signed, -0.5), colour(Measure::Signed, 0.5));
        assert_eq!(colour(Measure::Signed, 0.0), [0, 0, 0]);
    }
}
