//! JPEG: the quality that a table of quantisation stands for, and the one that a picture's pixels remember.

use super::blocks::{Block, SIDE};

/// Steps of quantisation of luma, `[down][across]`.
pub type Table = [[u16; SIDE]; SIDE];

/// The table of the standard's annex K, which the Independent JPEG Group scales by the quality.
const BASE: Table = [
    [16, 11, 10, 16, 24, 40, 51, 61],
    [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77],
    [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99],
];

/// The Independent JPEG Group's table of a quality, 1 to 100.
pub(super) fn table(quality: u8) -> Table {
    let quality = u32::from(quality.clamp(1, 100));
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    BASE.map(|row| row.map(|step| ((u32::from(step) * scale + 50) / 100).clamp(1, 255) as u16))
}

/// The quality, 1 to 100, whose table is nearest to this one, by the mean ratio of their steps; the higher of equals.
pub fn quality_of(steps: &Table) -> u8 {
    let distance = |quality: u8| -> f64 {
        let known = table(quality);
        let pairs = known.iter().flatten().zip(steps.iter().flatten());
        pairs.map(|(&a, &b)| (f64::from(a) / f64::from(b.max(1))).ln().abs()).sum()
    };
    let all = (1..=100).rev().map(|quality| (quality, distance(quality)));
    all.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(100, |(quality, _)| quality)
}

/// Qualities that leave something to find: above, most steps are 1.
const FOUND: std::ops::RangeInclusive<u8> = 5..=96;
/// Coefficients whose places down and across add up to no more are looked at: others are mostly zero.
const LOW: usize = 4;
/// Values are counted in parts of a step, up to this many.
const PARTS: f64 = 4.0;
const BINS: usize = 512;
/// Steps that are tried.
const LARGEST: usize = 120;
/// How far the best quality has to stand out, in standard deviations of what chance gives, and how near values have to lie
/// to multiples of its steps: 1 if all are multiples, 0 if none is.
const CERTAIN: f64 = 5.0;
const NEAR: f64 = 0.1;
/// So many coefficients have to tell of it each by itself, so surely: one alone may have the same value all over a slope.
const WITNESSES: usize = 4;
const SURE: f64 = 1.5;
/// As often does a value count at most: drawings have the same few values everywhere, which tell no more than once.
const OFTEN: u32 = 4;
/// From this step on, values are looked at that are nearest to 0: JPEG leaves them so far from it at most, but for a share of
/// them.
const WIDE: f64 = 6.0;
const ROUNDING: f64 = 1.5;
const ASTRAY: f64 = 0.25;

/// The quality of the JPEG compression that these blocks once went through, if they did: values of each coefficient lie
/// near multiples of its step then.
pub(super) fn remembered(blocks: &[Block]) -> Option<u8> {
    let places = (0..SIDE).flat_map(|v| (0..SIDE).map(move |u| (v, u))).filter(|(v, u)| (1..=LOW).contains(&(v + u)));
    let combs: Vec<_> = places.map(|(v, u)| ((v, u), comb(blocks, v, u))).collect();
    let fit = |quality: u8, turned: bool| {
        let table = table(quality);
        let steps = combs.iter().map(|&((v, u), ref comb)| (if turned { table[u][v] } else { table[v][u] }, comb));
        steps.fold(Fit::default(), |sum, (step, comb)| sum.and(comb.get(usize::from(step))))
    };
    // A picture that was turned after it was compressed has a turned table.
    let all = FOUND.flat_map(|quality| [false, true].map(|turned| (quality, fit(quality, turned))));
    let (quality, fit) = all.max_by(|a, b| a.1.certain().total_cmp(&b.1.certain()))?;
    fit.is_found().then_some(quality)
}

/// How well values of coefficients fit to a step each.
#[derive(Clone, Copy, Default)]
struct Fit {
    /// Over all values nearest to another multiple than 0, a wave that is 1 at multiples and −1 between them.
    near: f64,
    /// How many those are.
    count: f64,
    /// Coefficients that tell of their step by themselves.
    witnesses: usize,
    /// Values nearest to 0, where the step is so large that it tells, and those of them that are not 0 but for rounding.
    zero: (f64, f64),
}

impl Fit {
    fn certain(&self) -> f64 {
        self.near / self.count.max(1.0).sqrt()
    }

    /// With those of another coefficient.
    fn and(self, other: Option<&Self>) -> Self {
        let Some(other) = other else { return self };
        Self {
            near: self.near + other.near,
            count: self.count + other.count,
            witnesses: self.witnesses + usize::from(other.certain() > SURE),
            zero: (self.zero.0 + other.zero.0, self.zero.1 + other.zero.1),
        }
    }

    fn is_found(&self) -> bool {
        self.certain() > CERTAIN
            && self.near > NEAR * self.count
            && self.witnesses >= WITNESSES
            && self.zero.1 <= ASTRAY * self.zero.0
    }
}

/// How a coefficient's values fit to each step from 0 on. Nothing for steps below 2, which rounding hides.
fn comb(blocks: &[Block], v: usize, u: usize) -> Vec<Fit> {
    let mut bins = [0u32; BINS];
    for block in blocks {
        let bin = (f64::from(block[v][u].abs()) * PARTS) as usize;
        if let Some(bin) = bins.get_mut(bin) {
            *bin += 1;
        }
    }
    let filled = bins.iter().enumerate().filter(|(_, n)| **n > 0);
    let filled: Vec<(f64, u32)> = filled.map(|(i, &n)| ((i as f64 + 0.5) / PARTS, n)).collect();
    let at = |step: usize| {
        let step = step as f64;
        let mut fit = Fit::default();
        for &(value, n) in &filled {
            if value > step / 2.0 {
                let often = f64::from(n.min(OFTEN));
                fit.near += often * (std::f64::consts::TAU * value / step).cos();
                fit.count += often;
            } else if step >= WIDE {
                fit.zero.0 += f64::from(n);
                fit.zero.1 += if value > ROUNDING { f64::from(n) } else { 0.0 };
            }
        }
        fit
    };
    (0..LARGEST).map(|step| if step < 2 { Fit::default() } else { at(step) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_the_standard_tell_their_quality() {
        for quality in 1..=100 {
            assert_eq!(quality_of(&table(quality)), quality);
        }
        assert_eq!(table(50), BASE);
        assert_eq!(table(75)[0][..4], [8, 6, 5, 8]);
        assert_eq!(table(90)[7][7], 20);
    }

    #[test]
    fn other_tables_tell_the_nearest() {
        // What Photoshop writes at its quality 12, 8 and 5 begins like this; the rest follows the standard's form.
        let off = |quality: u8, by: i32| {
            let mut steps = table(quality);
            steps.iter_mut().flatten().enumerate().for_each(|(i, s)| {
                *s = (i32::from(*s) + if i.is_multiple_of(2) { by } else { -by }).max(1) as u16;
            });
            steps
        };
        for quality in [30, 60, 85] {
            assert!(quality_of(&off(quality, 1)).abs_diff(quality) <= 2, "{quality}");
        }
        assert_eq!(quality_of(&[[1; SIDE]; SIDE]), 100);
        assert_eq!(quality_of(&[[0; SIDE]; SIDE]), 100, "what no encoder may write breaks nothing");
        assert_eq!(quality_of(&[[u16::MAX; SIDE]; SIDE]), 1);
    }
}
