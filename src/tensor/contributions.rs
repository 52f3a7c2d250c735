//! One axis of a resize as a table: which inputs make each output, and by how much.
//!
//! Positions are absolute and the weights of an output depend on nothing but the two lengths. Whoever computes only a
//! part of a picture (a tile, a band, a network's shortcut) therefore gets the same bits as whoever computes it all.
//! Weights are worked out in `f64`, once per axis, and kept in both precisions.

use std::ops::Range;

/// How pixels are mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Filter {
    /// The nearest pixel, unmixed.
    Nearest,
    /// Keys' cubic, a = −0.5: four pixels per axis.
    Bicubic,
    /// Windowed sinc of three lobes: six pixels per axis.
    Lanczos3,
}

impl Filter {
    /// All of them, in the order the app lists them.
    pub const ALL: [Filter; 3] = [Filter::Nearest, Filter::Bicubic, Filter::Lanczos3];

    /// Half the kernel's width, in pixels of the coarser grid.
    fn radius(self) -> f64 {
        match self {
            Filter::Nearest => 0.5,
            Filter::Bicubic => 2.0,
            Filter::Lanczos3 => 3.0,
        }
    }

    /// The kernel at distance `t`.
    fn at(self, t: f64) -> f64 {
        let t = t.abs();
        match self {
            Filter::Nearest => f64::from(t <= 0.5),
            Filter::Bicubic if t <= 1.0 => (1.5 * t - 2.5) * t * t + 1.0,
            Filter::Bicubic if t < 2.0 => ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0,
            Filter::Lanczos3 if t < 1e-9 => 1.0,
            Filter::Lanczos3 if t < 3.0 => {
                let a = std::f64::consts::PI * t;
                3.0 * a.sin() * (a / 3.0).sin() / (a * a)
            }
            _ => 0.0,
        }
    }
}

impl std::fmt::Display for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Filter::Nearest => "nearest",
            Filter::Bicubic => "bicubic",
            Filter::Lanczos3 => "Lanczos",
        })
    }
}

/// Which inputs make each output of one axis, and by how much.
///
/// Output `i` is `Σ_k weights[k] · input[first + k]`. Mirrored pixels at the edge are folded into the real ones, so
/// all positions lie in the picture and are consecutive.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// Inputs along the axis.
    pub n_in: usize,
    /// Outputs along the axis.
    pub n_out: usize,
    /// For every output its first input.
    first: Vec<usize>,
    /// Output `i` owns `weights[starts[i]..starts[i + 1]]`.
    starts: Vec<usize>,
    weights: Vec<f64>,
    /// The same, rounded once.
    weights_f32: Vec<f32>,
}

impl Contributions {
    /// The table that takes `n_in` inputs to `n_out` outputs.
    ///
    /// # Panics
    /// If either is zero.
    pub fn new(filter: Filter, n_in: usize, n_out: usize) -> Self {
        assert!(n_in > 0 && n_out > 0, "{n_in} inputs to {n_out} outputs");
        let mut table =
            Self { n_in, n_out, first: Vec::new(), starts: vec![0], weights: Vec::new(), weights_f32: Vec::new() };
        for i in 0..n_out {
            let (first, weights) = if filter == Filter::Nearest {
                // The kernel's edges would tie between two pixels; whole numbers cannot.
                ((2 * i as u128 + 1) * n_in as u128 / (2 * n_out as u128), vec![1.0])
            } else {
                let (first, weights) = window(filter, n_in, n_out, i);
                (first as u128, weights)
            };
            table.first.push(first as usize);
            table.weights_f32.extend(weights.iter().map(|&w| w as f32));
            table.weights.extend(weights);
            table.starts.push(table.weights.len());
        }
        table
    }

    /// Output `i`: its first input, and the weights from there on.
    pub fn window(&self, i: usize) -> (usize, &[f64]) {
        (self.first[i], &self.weights[self.starts[i]..self.starts[i + 1]])
    }

    /// [`Contributions::window`] with weights rounded to `f32`.
    pub fn window_f32(&self, i: usize) -> (usize, &[f32]) {
        (self.first[i], &self.weights_f32[self.starts[i]..self.starts[i + 1]])
    }

    /// The inputs that the outputs `range` need; empty for an empty range.
    pub fn inputs(&self, range: Range<usize>) -> Range<usize> {
        let windows = range.map(|i| (self.first[i], self.first[i] + self.starts[i + 1] - self.starts[i]));
        windows
            .fold(None, |all: Option<Range<usize>>, (from, to)| match all {
                None => Some(from..to),
                Some(r) => Some(r.start.min(from)..r.end.max(to)),
            })
            .unwrap_or(0..0)
    }
}

/// One output's weights over consecutive inputs, mirrored ones folded in, without zeros at either end.
fn window(filter: Filter, n_in: usize, n_out: usize, i: usize) -> (usize, Vec<f64>) {
    let scale = n_out as f64 / n_in as f64;
    let stretch = scale.min(1.0);
    let width = 2.0 * filter.radius() / stretch;
    let centre = (i as f64 + 0.5) / scale - 0.5;
    let left = (centre - width / 2.0).floor() as i64;
    let positions = left..left + width.ceil() as i64 + 2;
    let raw: Vec<f64> = positions.clone().map(|j| filter.at((centre - j as f64) * stretch)).collect();
    let sum: f64 = raw.iter().sum();

    // Symmetric: …, 1, 0 | 0, 1, …, n-1 | n-1, n-2, …; a period of 2n covers pictures narrower than the kernel.
    let n = n_in as i64;
    let mirror = |j: i64| {
        let j = j.rem_euclid(2 * n);
        (if j < n { j } else { 2 * n - 1 - j }) as usize
    };
    let used: Vec<(usize, f64)> =
        positions.zip(raw).filter(|&(_, w)| w != 0.0).map(|(j, w)| (mirror(j), w / sum)).collect();
    let first = used.iter().map(|u| u.0).min().unwrap_or(0);
    let last = used.iter().map(|u| u.0).max().unwrap_or(0);
    let mut weights = vec![0.0; last - first + 1];
    for (j, w) in used {
        weights[j - first] += w;
    }
    (first, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dense(filter: Filter, n_in: usize, n_out: usize) -> Vec<Vec<f64>> {
        let table = Contributions::new(filter, n_in, n_out);
        let row = |i| {
            let (first, weights) = table.window(i);
            let mut row = vec![0.0; n_in];
            row[first..first + weights.len()].copy_from_slice(weights);
            row
        };
        (0..n_out).map(row).collect()
    }

    #[test]
    fn doubling_has_the_weights_of_the_textbook() {
        // Keys' kernel at 1/4, 3/4, 5/4, 7/4: multiples of 1/128.
        let rows = dense(Filter::Bicubic, 8, 16);
        let eighths = |v: [f64; 4]| v.map(|v| v / 128.0);
        assert_eq!(rows[8][2..6], eighths([-3.0, 29.0, 111.0, -9.0]));
        assert_eq!(rows[9][3..7], eighths([-9.0, 111.0, 29.0, -3.0]));
        // At the edge the outer two fold back: pixel -1 onto 0, pixel -2 onto 1.
        assert_eq!(rows[0][..3], [140.0 / 128.0, -12.0 / 128.0, 0.0]);
    }

    #[test]
    fn the_same_size_is_the_identity_and_every_row_sums_to_one() {
        for filter in Filter::ALL {
            for (i, row) in dense(filter, 7, 7).iter().enumerate() {
                assert!(
                    row.iter().enumerate().all(|(j, &w)| (w - f64::from(i == j)).abs() < 1e-12),
                    "{filter} {row:?}"
                );
            }
            for (n_in, n_out) in [(1, 5), (2, 9), (3, 1), (5, 4), (100, 3), (3, 100), (7, 2), (1, 1)] {
                for row in dense(filter, n_in, n_out) {
                    assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{filter} {n_in} to {n_out}: {row:?}");
                }
            }
        }
    }

    #[test]
    fn nearest_repeats_and_picks_the_middle() {
        let picks = |n_in, n_out| {
            let table = Contributions::new(Filter::Nearest, n_in, n_out);
            (0..n_out).map(|i| table.window(i).0).collect::<Vec<_>>()
        };
        assert_eq!(picks(2, 6), [0, 0, 0, 1, 1, 1]);
        assert_eq!(picks(9, 3), [1, 4, 7]);
        assert_eq!(picks(2, 3), [0, 1, 1]);
    }

    #[test]
    fn the_inputs_of_a_range_are_those_of_its_outputs() {
        let table = Contributions::new(Filter::Bicubic, 10, 20);
        assert_eq!(table.inputs(8..10), 2..7);
        assert_eq!(table.inputs(0..1), 0..2);
        assert_eq!(table.inputs(0..20), 0..10);
        assert_eq!(table.inputs(5..5), 0..0);
    }
}
