//! When to give up: held-out pictures that get worse while training goes on say that the network learns its training
//! pictures by heart.

/// Judgements in a row without a new best after which a run has shown what it can.
const PATIENCE: u32 = 5;
/// Distance to the best, in dB, below which the last of them counts as noise.
const NOISE: f64 = 0.05;

/// Watches the scores of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patience {
    best: Option<f64>,
    worse: u32,
}

impl Patience {
    /// Takes a judgement, in dB. `true`: it has been falling for long enough, and training on would not help.
    pub fn is_over(&mut self, psnr: f64) -> bool {
        match self.best {
            Some(best) if psnr <= best => {
                self.worse += 1;
                self.worse >= PATIENCE && psnr < best - NOISE
            }
            _ => {
                *self = Self { best: Some(psnr), worse: 0 };
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(scores: &[f64]) -> Vec<bool> {
        let mut patience = Patience::default();
        scores.iter().map(|&score| patience.is_over(score)).collect()
    }

    #[test]
    fn a_long_fall_ends_it_and_a_new_best_starts_anew() {
        assert_eq!(over(&[30.0, 29.9, 29.8, 29.7, 29.6, 29.5]), [false, false, false, false, false, true]);
        assert!(!over(&[30.0, 29.9, 29.8, 29.7, 30.1, 29.6, 29.5, 29.4, 29.3]).contains(&true));
        assert!(!over(&[30.0, 29.99, 29.98, 29.99, 29.98, 29.97, 29.98]).contains(&true), "that is noise");
    }
}
