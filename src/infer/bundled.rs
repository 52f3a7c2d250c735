//! The models that ship inside the program, and which of them serves an enlargement.
//!
//! To add one: put `NAME.safetensors` and its card `NAME.md` into `assets/models` and its name into the list below. Scale
//! and architecture come from the weights' own metadata, so there is nothing else to keep in step.

use crate::nn::{Model, WeightsError};

/// Weights inside the program.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The weights file.
    pub weights: &'static [u8],
    /// The model card, Markdown: data, recipe, steps, scores, licence.
    pub card: &'static str,
}

macro_rules! bundled {
    ($($name:literal),* $(,)?) => {
        &[$(Bundled {
            name: $name,
            weights: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/", $name, ".safetensors")),
            card: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models/", $name, ".md")),
        }),*]
    };
}

/// All of them; among models of one scale the first is the default.
pub const BUNDLED: &[Bundled] = bundled![];

impl Bundled {
    /// The one of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        BUNDLED.iter().find(|b| b.name == name)
    }

    /// Reads the weights.
    ///
    /// # Errors
    /// If they are damaged: the program was built from a damaged source.
    pub fn model(&self) -> Result<Model, WeightsError> {
        Model::from_bytes(self.weights)
    }

    /// The best for an enlargement: the smallest whole scale that reaches `factor`, else the largest there is, which is
    /// then applied repeatedly. `None` if no model ships.
    ///
    /// # Errors
    /// If weights are damaged.
    pub fn for_factor(factor: f64) -> Result<Option<(&'static Self, Model)>, WeightsError> {
        let mut best: Option<(&'static Self, Model)> = None;
        for bundled in BUNDLED {
            let model = bundled.model()?;
            let scale = model.plan.spec.scale;
            let better = best.as_ref().is_none_or(|(_, b)| {
                let (reaches, best) = (scale as f64 >= factor, b.plan.spec.scale);
                let best_reaches = best as f64 >= factor;
                if best_reaches { reaches && scale < best } else { scale > best }
            });
            if better {
                best = Some((bundled, model));
            }
        }
        Ok(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_whole_and_has_a_card() {
        for bundled in BUNDLED {
            bundled.model().unwrap_or_else(|e| panic!("{}: {e}", bundled.name));
            assert!(bundled.card.starts_with('#'), "{} has no card", bundled.name);
        }
    }
}
