//! What can be said of a channel in numbers, and which values black and white stand for.

use crate::tensor::Tensor;
use serde::Serialize;

/// Numbers about one channel over a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistics {
    /// Smallest value.
    pub min: f32,
    /// Largest value.
    pub max: f32,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub std: f64,
    /// Share of values that are exactly zero.
    pub zeros: f64,
}

impl Statistics {
    /// Of these values; at least one.
    pub fn of(plane: &[f32]) -> Self {
        let n = plane.len() as f64;
        let mean = plane.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
        let variance = plane.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n;
        Self {
            min: plane.iter().copied().fold(f32::INFINITY, f32::min),
            max: plane.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            mean,
            std: variance.sqrt(),
            zeros: plane.iter().filter(|&&v| v == 0.0).count() as f64 / n,
        }
    }

    /// Whether the channel says nothing here: one value everywhere.
    pub fn dead(&self) -> bool {
        self.min == self.max
    }

    /// Mean square of the values.
    pub fn energy(&self) -> f64 {
        self.mean * self.mean + self.std * self.std
    }
}

/// The values of one channel of `[1, h, w, c]`, row by row.
pub fn plane(values: &Tensor, channel: usize) -> Vec<f32> {
    values.data[channel..].iter().step_by(values.shape.c).copied().collect()
}

/// The values of black and white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The value that is shown darkest.
    pub black: f32,
    /// The value that is shown brightest.
    pub white: f32,
}

impl Range {
    /// Symmetric about zero where values have both signs, else from the smallest to the largest: the sums of an adder
    /// layer, all far below zero, would be one flat colour on any scale that shows zero.
    pub fn around(min: f32, max: f32) -> Self {
        if min < 0.0 && max > 0.0 {
            return Self::symmetric(min, max);
        }
        // Where all are equal any scale will do, but not one of width zero.
        Self { black: min, white: if max > min { max } else { min + 1.0 } }
    }

    /// As far on both sides of zero as the larger of these.
    pub fn symmetric(min: f32, max: f32) -> Self {
        let most = max.abs().max(min.abs());
        let most = if most > 0.0 { most } else { 1.0 };
        Self { black: -most, white: most }
    }

    /// [`around`](Self::around) all of these values.
    pub fn of(values: &[f32]) -> Self {
        let (min, max) = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)));
        Self::around(min, max)
    }

    /// Around all but one in a hundred values at each end, so that single outliers do not darken the rest.
    pub fn percentile(values: &[f32]) -> Self {
        let mut sorted = values.to_vec();
        let (low, high) = (sorted.len() / 100, sorted.len() - 1 - sorted.len() / 100);
        let min = *sorted.select_nth_unstable_by(low, f32::total_cmp).1;
        let max = *sorted.select_nth_unstable_by(high, f32::total_cmp).1;
        Self::around(min, max)
    }

    /// The sample that stands for `value`, `0..=max`, rounded.
    pub fn level(self, value: f32, max: f32) -> f32 {
        ((value - self.black) / (self.white - self.black) * max).round_ties_even().clamp(0.0, max)
    }
}

/// How often values fall into each of equally wide bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Left edge of the first bin.
    pub from: f64,
    /// Width of a bin.
    pub width: f64,
    /// Values per bin.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Of these values between their extremes.
    pub fn of(values: &[f32], bins: usize) -> Self {
        let s = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)));
        let (from, to) = (f64::from(s.0), f64::from(s.1));
        let width = if to > from { (to - from) / bins as f64 } else { 1.0 };
        let mut counts = vec![0; bins];
        for &v in values {
            let bin = ((f64::from(v) - from) / width) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        Self { from, width, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_four_values() {
        let s = Statistics::of(&[0.0, -2.0, 4.0, 2.0]);
        assert_eq!((s.min, s.max, s.mean, s.zeros), (-2.0, 4.0, 1.0, 0.25));
        assert!((s.energy() - 6.0).abs() < 1e-12, "mean² + variance, rounded twice");
        assert!(!s.dead() && Statistics::of(&[0.0, 0.0]).dead());
    }

    #[test]
    fn black_and_white_keep_zero_in_the_middle_only_where_values_change_sign() {
        assert_eq!(Range::of(&[0.5, 2.0]), Range { black: 0.5, white: 2.0 });
        assert_eq!(Range::of(&[-2176.0, -2158.0]), Range { black: -2176.0, white: -2158.0 });
        assert_eq!(Range::of(&[-3.0, 2.0]), Range { black: -3.0, white: 3.0 });
        assert_eq!(Range::of(&[0.0]), Range { black: 0.0, white: 1.0 });
        let mut values = vec![1.0; 300];
        values[7] = 1000.0;
        assert_eq!(Range::percentile(&values), Range { black: 1.0, white: 2.0 });
        assert_eq!(Range { black: -1.0, white: 1.0 }.level(0.0, 255.0), 128.0);
    }

    #[test]
    fn every_value_is_counted_once() {
        let h = Histogram::of(&[0.0, 1.0, 2.0, 4.0], 4);
        assert_eq!(h.counts, [1, 1, 1, 1]);
        assert_eq!(Histogram::of(&[3.0; 5], 4).counts.iter().sum::<u64>(), 5);
    }
}
