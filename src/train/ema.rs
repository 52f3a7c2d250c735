//! Running mean of the weights: smoother than the last step's, and what gets judged and shipped.

use crate::nn::Params;

/// Share of the old value in a step. It grows with the step, so that the start values are soon forgotten:
/// `min(keep, (1 + step) / (10 + step))`.
pub fn share(keep: f32, step: u64) -> f32 {
    keep.min((1 + step) as f32 / (10 + step) as f32)
}

/// Moves `mean` towards `now`, see [`share`].
pub fn update(mean: &mut Params, now: &Params, keep: f32, step: u64) {
    let keep = share(keep, step);
    for (mean, now) in mean.values.iter_mut().zip(&now.values) {
        for (m, n) in mean.iter_mut().zip(now) {
            *m += (1.0 - keep) * (n - *m);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_start_soon_and_then_keeps_its_share() {
        let (mut mean, now) = (Params { values: vec![vec![0.0]] }, Params { values: vec![vec![1.0]] });
        update(&mut mean, &now, 0.75, 0);
        assert_eq!(mean.values, [[0.9]]);
        mean.values[0][0] = 0.0;
        update(&mut mean, &now, 0.75, 1000);
        assert_eq!(mean.values, [[0.25]]);
    }
}
