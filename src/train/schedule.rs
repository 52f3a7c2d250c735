//! Learning rate over a run: linear warm-up, then half a cosine down to zero.
//!
//! Progress is a share of the whole run and not a number of steps, so that a run of sixty minutes and one of ten thousand
//! steps use the same curve. The caller knows which it is.

use serde::{Deserialize, Serialize};

/// Shape of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Steps of linear warm-up.
    pub warm_up: u64,
    /// Share of the run after which the decay begins.
    pub hold: f32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { warm_up: 50, hold: 0.0 }
    }
}

impl Schedule {
    /// Factor of the highest rate for step `step` (from 0) at `progress` between 0 and 1.
    pub fn factor(&self, step: u64, progress: f64) -> f32 {
        let warm = if self.warm_up == 0 { 1.0 } else { ((step + 1) as f64 / self.warm_up as f64).min(1.0) };
        let hold = f64::from(self.hold);
        let decayed = ((progress - hold) / (1.0 - hold)).clamp(0.0, 1.0);
        (warm * 0.5 * (1.0 + (std::f64::consts::PI * decayed).cos())) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_holds_and_falls_to_zero() {
        let schedule = Schedule { warm_up: 4, hold: 0.5 };
        assert_eq!([0, 1, 3, 9].map(|s| schedule.factor(s, 0.0)), [0.25, 0.5, 1.0, 1.0]);
        assert_eq!(schedule.factor(9, 0.5), 1.0);
        assert_eq!(schedule.factor(9, 0.75), 0.5);
        assert_eq!(schedule.factor(9, 1.0), 0.0);
        assert_eq!(schedule.factor(9, 7.0), 0.0);
    }
}
