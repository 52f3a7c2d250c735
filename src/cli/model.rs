//! Which model a name on the command line means: one that ships, one that is registered without weights, or a file.

use crate::{
    error::Error,
    infer::Bundled,
    nn::{Model, ModelSpec, Plan, models::REGISTRY},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A model with the name that it goes by in file names and tables.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) model: Arc<Model>,
}

/// Larger files are not read to find out that they are no weights; the paper's largest network has 150 MB.
const LARGEST_FILE: u64 = 4 << 30;

/// The model of that name or file.
///
/// # Errors
/// If there is none, it ships no weights, or the file cannot be used.
pub(super) fn load(name: &str) -> Result<Named, Error> {
    if let Some(bundled) = Bundled::named(name) {
        return from_bundled(bundled);
    }
    let file = Path::new(name);
    if !file.exists() && ModelSpec::named(name).is_some() {
        return Err(Error::NoWeights(name.to_owned()));
    }
    from_file(file)
}

/// The best bundled model for an enlargement.
///
/// # Errors
/// If none ships.
pub(super) fn for_factor(factor: f64) -> Result<Named, Error> {
    let chosen = Bundled::for_factor(factor).map_err(|source| weights(Path::new("(bundled)"), source))?;
    let (bundled, model) = chosen.ok_or(Error::NoModel)?;
    Ok(Named { name: bundled.name.to_owned(), model: Arc::new(model) })
}

/// A description with, where there are weights, the card: for `info`.
///
/// # Errors
/// If there is no such model, or the file cannot be used.
pub(super) fn describe(name: &str) -> Result<(String, Plan, BTreeMap<String, String>), Error> {
    match ModelSpec::named(name) {
        Some(spec) if Bundled::named(name).is_none() && !Path::new(name).exists() => {
            Ok((name.to_owned(), spec.plan(), BTreeMap::new()))
        }
        _ => {
            let named = load(name)?;
            Ok((named.name, named.model.plan.clone(), named.model.card.clone()))
        }
    }
}

fn from_bundled(bundled: &Bundled) -> Result<Named, Error> {
    let model = bundled.model().map_err(|source| weights(Path::new(bundled.name), source))?;
    Ok(Named { name: bundled.name.to_owned(), model: Arc::new(model) })
}

fn from_file(file: &Path) -> Result<Named, Error> {
    let unreadable = |source| Error::Read { file: file.to_owned(), source };
    let meta = match std::fs::metadata(file) {
        Ok(meta) => meta,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::UnknownModel { name: file.to_owned(), known: known() });
        }
        Err(e) => return Err(unreadable(e)),
    };
    if !meta.is_file() {
        return Err(unreadable(std::io::Error::other("it is no regular file")));
    }
    if meta.len() > LARGEST_FILE {
        return Err(unreadable(std::io::Error::other("it is larger than any model (4 GB)")));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let model = Model::from_bytes(&bytes).map_err(|source| weights(file, source))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Named { name, model: Arc::new(model) })
}

fn weights(file: &Path, source: crate::nn::WeightsError) -> Error {
    Error::Weights { file: PathBuf::from(file), source }
}

/// Names that could have been meant.
fn known() -> String {
    let bundled = crate::infer::bundled::BUNDLED.iter().map(|b| b.name);
    let names: Vec<&str> = bundled.chain(REGISTRY.iter().map(|(name, _, _)| *name)).collect();
    names.join(", ")
}
