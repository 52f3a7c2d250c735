//! What the tab remembers between runs of the program.

use super::state::{Dial, Recipe};
use crate::train::degrade::Degradation;
use serde::{Deserialize, Serialize};

/// What the tab remembers between runs: no number of Advanced but the time, because they belong to one set of pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Persisted {
    degradation: Degradation,
    dial: Dial,
    minutes: f64,
    folder: Option<String>,
}

impl Default for Persisted {
    fn default() -> Self {
        Self { degradation: Degradation::Bicubic, dial: Dial::Short, minutes: 3.0, folder: None }
    }
}

impl Persisted {
    /// To be remembered.
    pub(super) fn of(recipe: &Recipe) -> Self {
        let Recipe { degradation, dial, minutes, folder, .. } = recipe.clone();
        Self { degradation, dial, minutes, folder: Some(folder) }
    }

    /// To begin with, where nothing else is said.
    pub(super) fn recipe(&self, fresh: Recipe) -> Recipe {
        let folder = self.folder.clone().filter(|folder| !folder.trim().is_empty()).unwrap_or(fresh.folder);
        let minutes = if self.minutes.is_finite() { self.minutes.clamp(0.1, 10_000.0) } else { fresh.minutes };
        Recipe { degradation: self.degradation, dial: self.dial, minutes, folder, ..fresh }
    }
}
