//! A whole run in one safetensors file, so that it goes on as if it had never stopped.
//!
//! The file holds parameters, their running mean and the optimiser's memory under `now.`, `mean.`, `first.` and
//! `second.`, and in its metadata the model's description, the settings and the counters. A crash leaves the
//! previous one.

use super::{error::TrainError, evaluate::Score, optim::State, settings::Settings, trainer::Progress};
use crate::{
    image_io::Target,
    nn::{
        ModelSpec, Params, Plan, WeightsError,
        weights::{read_tensors, write_tensors},
    },
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a run knows besides its state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// Seconds trained so far.
    pub seconds: f64,
    /// Best score so far and the step it was reached at.
    pub best: Option<(u64, Score)>,
    /// Score of the weights that the run began with.
    #[serde(default)]
    pub start: Option<Score>,
}

/// A run on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The network.
    pub spec: ModelSpec,
    /// Its options.
    pub settings: Settings,
    /// Its state.
    pub progress: Progress,
    /// The rest.
    pub counters: Counters,
    /// What whoever started the run needs in order to go on with it: see [`Plan::note`](super::run::Plan::note).
    pub note: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    settings: Settings,
    counters: Counters,
    step: u64,
    optimiser_steps: u64,
    rate_factor: f32,
    restarts: u32,
    #[serde(default)]
    note: String,
}

const KEY: &str = "addersr_checkpoint";

impl Checkpoint {
    /// The bytes of its file.
    ///
    /// # Errors
    /// If values do not fit the plan's shapes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        let plan = self.spec.plan();
        let progress = &self.progress;
        let parts = [
            ("now", &progress.params),
            ("mean", &progress.mean),
            ("first", &progress.optimiser.first),
            ("second", &progress.optimiser.second),
        ];
        let mut tensors = Vec::new();
        for (part, params) in parts {
            for (spec, values) in plan.params.iter().zip(&params.values) {
                tensors.push((format!("{part}.{}", spec.name), spec.shape.clone(), values.as_slice()));
            }
        }
        let header = Header {
            settings: self.settings.clone(),
            counters: self.counters.clone(),
            step: progress.step,
            optimiser_steps: progress.optimiser.steps,
            rate_factor: progress.rate_factor,
            restarts: progress.restarts,
            note: self.note.clone(),
        };
        let mut meta = self.spec.to_metadata();
        let header = serde_json::to_string(&header).map_err(|e| WeightsError::Format(e.to_string()))?;
        meta.insert(KEY.to_owned(), header);
        write_tensors(&tensors, meta)
    }

    /// Reads and checks the bytes of a checkpoint.
    ///
    /// # Errors
    /// If they are damaged or do not fit the network that they describe.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (mut named, meta) = read_tensors(bytes)?;
        let header = meta.get(KEY).ok_or_else(|| WeightsError::Format("it holds no training run".into()))?;
        let header: Header = serde_json::from_str(header).map_err(|e| WeightsError::Format(e.to_string()))?;
        let spec = ModelSpec::from_metadata(&meta)?;
        let plan = spec.plan();
        let mut part = |prefix: &str| -> Result<Params, WeightsError> {
            let mut own = Default::default();
            let prefix = format!("{prefix}.");
            let names: Vec<String> = named.keys().filter(|k| k.starts_with(&prefix)).cloned().collect();
            for name in names {
                if let Some(tensor) = named.remove(&name) {
                    std::collections::HashMap::insert(&mut own, name[prefix.len()..].to_owned(), tensor);
                }
            }
            Params::from_named(&plan, &mut own)
        };
        let progress = Progress {
            params: part("now")?,
            mean: part("mean")?,
            optimiser: State { first: part("first")?, second: part("second")?, steps: header.optimiser_steps },
            step: header.step,
            rate_factor: header.rate_factor,
            restarts: header.restarts,
        };
        let Header { settings, counters, note, .. } = header;
        Ok(Self { spec, settings, progress, counters, note })
    }

    /// Writes it, replacing an older one of the same run.
    ///
    /// # Errors
    /// If the file cannot be written; the older one is then still there.
    pub fn save(&self, target: &Target) -> Result<(), TrainError> {
        let failed = |source| TrainError::Checkpoint { path: target.path().to_owned(), source };
        Ok(target.write_bytes(&self.to_bytes().map_err(failed)?)?)
    }

    /// Reads one.
    ///
    /// # Errors
    /// If the file cannot be read or is no checkpoint.
    pub fn load(path: &Path) -> Result<Self, TrainError> {
        let failed = |source| TrainError::Checkpoint { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(|e| failed(WeightsError::Format(e.to_string())))?;
        Self::from_bytes(&bytes).map_err(failed)
    }
}

/// The plan of a checkpoint's network.
impl Checkpoint {
    /// Operations in order.
    pub fn plan(&self) -> Plan {
        self.spec.plan()
    }
}
