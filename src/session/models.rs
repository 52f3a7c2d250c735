//! Which model a name means: one that ships, one that is registered without weights, or a file; and the catalogue that a
//! window offers.

use super::open::Photo;
use crate::{
    error::Error,
    image_io::{Guard, remove_own},
    infer::{
        self, Bundled,
        bundled::{Kind, KindChoice},
    },
    nn::{Model, ModelSpec, Plan, models::REGISTRY},
    tensor::Size,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A model with the name that it goes by in file names and tables.
#[derive(Clone)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The model.
    pub model: Arc<Model>,
}

/// Larger files are not read to find out that they are no weights; the paper's largest network has 150 MB.
const LARGEST_FILE: u64 = 4 << 30;

/// The model of that name or file.
///
/// # Errors
/// If there is none, it ships no weights, or the file cannot be used.
pub fn load(name: &str) -> Result<Named, Error> {
    if let Some(bundled) = Bundled::named(name) {
        return from_bundled(bundled);
    }
    let file = Path::new(name);
    if !file.exists() && ModelSpec::named(name).is_some() {
        return Err(Error::NoWeights(name.to_owned()));
    }
    from_file(file)
}

/// The best bundled model for an enlargement of pictures of that kind.
///
/// # Errors
/// If none ships.
pub fn for_factor(factor: f64, kind: Kind) -> Result<Named, Error> {
    from_bundled(Bundled::for_factor(factor, kind).ok_or(Error::NoModel)?)
}

/// A description with, where there are weights, the card: for `info`.
///
/// # Errors
/// If there is no such model, or the file cannot be used.
pub fn describe(name: &str) -> Result<(String, Plan, BTreeMap<String, String>), Error> {
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

/// The model in a weights file, as it is now.
pub(super) fn from_file(file: &Path) -> Result<Named, Error> {
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
    let model = Model::from_bytes(&std::fs::read(file).map_err(unreadable)?).map_err(|e| weights(file, e))?;
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

/// Which model is meant, by something that can be written into settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum ModelRef {
    /// One that ships.
    Bundled(String),
    /// A weights file.
    File(PathBuf),
    /// The best of the training that runs in this window, or ran last.
    Trained,
    /// A model that carries an 8-bit form, computed in f32 all the same: to compare both.
    Floats(Box<ModelRef>),
}

impl ModelRef {
    /// What a command line means: a name that ships, else a file, else a name whose error says what there is.
    pub fn named(name: &str) -> Self {
        let file = Path::new(name);
        if Bundled::named(name).is_none() && file.exists() {
            Self::File(file.into())
        } else {
            Self::Bundled(name.into())
        }
    }

    /// Its name in lists and file names.
    pub fn name(&self) -> String {
        match self {
            Self::Bundled(name) => name.clone(),
            Self::File(file) => file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Trained => "trained here".to_owned(),
            Self::Floats(model) => format!("{} in f32", model.name()),
        }
    }
}

/// The models that a window offers. Clones are the same catalogue.
#[derive(Clone, Default)]
pub struct Catalogue(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    loaded: BTreeMap<ModelRef, Arc<Model>>,
    files: Vec<PathBuf>,
    /// The best of a training run, and how many there have been.
    trained: Option<Arc<Model>>,
    trainings: u64,
}

impl Catalogue {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Every change is one assignment, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that can be chosen: the one being trained, files that were added (the latest first), what ships.
    pub fn list(&self) -> Vec<ModelRef> {
        let entries = self.entries();
        let bundled = crate::infer::bundled::BUNDLED.iter().map(|b| ModelRef::Bundled(b.name.to_owned()));
        let files = entries.files.iter().rev().cloned().map(ModelRef::File);
        entries.trained.is_some().then_some(ModelRef::Trained).into_iter().chain(files).chain(bundled).collect()
    }

    /// The same, and behind each model that carries an 8-bit form that model in f32. Reads no weights, so that a window may
    /// ask in every frame.
    pub fn in_both_precisions(&self) -> Vec<ModelRef> {
        let coded = |model: &ModelRef| match model {
            ModelRef::Bundled(name) => Bundled::named(name).is_some_and(Bundled::is_eight_bit),
            ModelRef::Trained => self.entries().trained.as_ref().is_some_and(|m| m.plan.is_eight_bit()),
            other => self.entries().loaded.get(other).is_some_and(|m| m.plan.is_eight_bit()),
        };
        let floats = |model: &ModelRef| coded(model).then(|| ModelRef::Floats(Box::new(model.clone())));
        self.list().into_iter().flat_map(|model| [floats(&model), Some(model)].into_iter().rev().flatten()).collect()
    }

    /// The model. Reads it from disk the first time.
    ///
    /// # Errors
    /// If it is not there or damaged.
    pub fn get(&self, model: &ModelRef) -> Result<Arc<Model>, Error> {
        if let ModelRef::Trained = model {
            return self.entries().trained.clone().ok_or_else(|| Error::NoWeights("the model trained here".to_owned()));
        }
        if let Some(loaded) = self.entries().loaded.get(model) {
            return Ok(loaded.clone());
        }
        let loaded = match model {
            ModelRef::File(file) => from_file(file)?.model,
            ModelRef::Floats(inner) => Arc::new(self.get(inner)?.without_codes()),
            other => load(&other.name())?.model,
        };
        // One that is still being trained changes.
        if !matches!(model, ModelRef::Floats(inner) if **inner == ModelRef::Trained) {
            self.entries().loaded.insert(model.clone(), loaded.clone());
        }
        Ok(loaded)
    }

    /// Puts a weights file into the list without a look at it, which [`add`](Self::add) takes.
    pub fn expect(&self, file: &Path) {
        let files = &mut self.entries().files;
        if !files.iter().any(|f| f == file) {
            files.push(file.to_owned());
        }
    }

    /// Adds a weights file to the list, if it can be used.
    ///
    /// # Errors
    /// If it cannot.
    pub fn add(&self, file: &Path) -> Result<ModelRef, Error> {
        let model = ModelRef::File(file.to_owned());
        let loaded = from_file(file)?.model;
        self.entries().loaded.insert(model.clone(), loaded);
        self.expect(file);
        Ok(model)
    }

    /// Gives a weights file of the list another name, in its folder: where it is now.
    ///
    /// # Errors
    /// If the name is none for a file, is taken, or the file cannot be moved.
    pub fn rename(&self, file: &Path, name: &str) -> Result<PathBuf, Error> {
        let name = name.trim();
        if name.is_empty() || name.contains(['/', '\\']) {
            return Err(Error::Usage("a model's name needs letters, and no / or \\".to_owned()));
        }
        let to = file.with_file_name(format!("{name}.safetensors"));
        if to == file {
            return Ok(to);
        }
        let bytes = std::fs::read(file).map_err(|source| Error::Read { file: file.to_owned(), source })?;
        Guard::default().claim(&to, false)?.write_bytes(&bytes)?;
        let at = self.entries().files.iter().position(|f| f == file);
        self.add(&to)?;
        self.delete(file)?;
        if let Some(at) = at {
            // In the place of the old one.
            let mut entries = self.entries();
            entries.files.retain(|f| *f != to);
            let at = at.min(entries.files.len());
            entries.files.insert(at, to.clone());
        }
        Ok(to)
    }

    /// Writes a copy of a weights file of the list to where somebody chose, agreeing to replace what is there.
    ///
    /// # Errors
    /// If it cannot be read, or not written there.
    pub fn export(&self, file: &Path, to: &Path) -> Result<(), Error> {
        let bytes = std::fs::read(file).map_err(|source| Error::Read { file: file.to_owned(), source })?;
        Ok(Guard::new([file]).claim(to, true)?.write_bytes(&bytes)?)
    }

    /// Removes a weights file of the list from the disk, and from the list. Networks that are loaded stay in use.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn delete(&self, file: &Path) -> Result<(), Error> {
        remove_own(file).map_err(|source| Error::Write { file: file.to_owned(), source })?;
        self.forget(file);
        Ok(())
    }

    /// Takes a weights file out of the list. Networks that are loaded stay in use.
    pub fn forget(&self, file: &Path) {
        let mut entries = self.entries();
        entries.files.retain(|f| f != file);
        let model = ModelRef::File(file.to_owned());
        entries.loaded.remove(&ModelRef::Floats(Box::new(model.clone())));
        entries.loaded.remove(&model);
    }

    /// Puts the best weights of a training run into the list. Networks that are loaded already are not changed.
    pub fn set_trained(&self, model: Arc<Model>) {
        let mut entries = self.entries();
        (entries.trained, entries.trainings) = (Some(model), entries.trainings + 1);
    }

    /// Grows by one whenever [`ModelRef::Trained`] means a better model than before.
    pub fn trainings(&self) -> u64 {
        self.entries().trainings
    }

    /// Whether a model can be had: of one that settings name from an earlier day, that is not certain.
    pub fn has(&self, model: &ModelRef) -> bool {
        match model {
            ModelRef::Floats(of) => self.has(of),
            other => self.list().contains(other),
        }
    }

    /// The bundled model that serves an enlargement of a photo, of the kind that somebody says or that was found.
    ///
    /// # Errors
    /// If none ships.
    pub fn for_photo(&self, photo: &Photo, to: Size, kind: KindChoice) -> Result<ModelRef, Error> {
        let factor = infer::factor(photo.pixels.size(), to);
        self.for_factor(factor, kind.said().unwrap_or_else(|| photo.source.kind(factor)))
    }

    /// What no strength at all means for a model: for one of [`Kind::Photo`] the camera model that serves the enlargement,
    /// for others `None`, which is bicubic.
    ///
    /// # Errors
    /// If none ships.
    pub fn faithful(&self, model: &Model, factor: f64) -> Result<Option<Arc<Model>>, Error> {
        if Kind::of(&model.card) != Kind::Photo {
            return Ok(None);
        }
        Ok(Some(self.get(&self.for_factor(factor, Kind::Camera)?)?))
    }

    /// The bundled model that serves an enlargement of pictures of that kind.
    ///
    /// # Errors
    /// If none ships.
    pub fn for_factor(&self, factor: f64, kind: Kind) -> Result<ModelRef, Error> {
        let bundled = Bundled::for_factor(factor, kind).ok_or(Error::NoModel)?;
        Ok(ModelRef::Bundled(bundled.name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_can_be_had_by_name() {
        let catalogue = Catalogue::default();
        let all = catalogue.list();
        assert!(!all.is_empty());
        for model in &all {
            let loaded = catalogue.get(model).unwrap();
            assert!(Arc::ptr_eq(&loaded, &catalogue.get(model).unwrap()), "{model:?} is read once");
        }
        assert!(all.contains(&catalogue.for_factor(2.0, Kind::Clean).unwrap()));
    }

    #[test]
    fn a_model_with_an_8_bit_form_is_offered_in_f32_too() {
        let catalogue = Catalogue::default();
        let all = catalogue.in_both_precisions();
        let x2 = all.iter().position(|m| m.name() == "x2").unwrap();
        assert_eq!(all[x2 + 1].name(), "x2 in f32");
        let (coded, floats) = (catalogue.get(&all[x2]).unwrap(), catalogue.get(&all[x2 + 1]).unwrap());
        assert!(coded.plan.is_eight_bit() && !floats.plan.is_eight_bit());
        assert_eq!(coded.params, floats.params);
        assert!(Arc::ptr_eq(&floats, &catalogue.get(&all[x2 + 1]).unwrap()), "it is made once");
        catalogue.set_trained(floats);
        assert_eq!(
            catalogue.in_both_precisions()[..2],
            [ModelRef::Trained, all[0].clone()],
            "first, and it has no codes"
        );
    }

    #[test]
    fn own_models_stand_first_and_are_renamed_and_deleted() {
        let (catalogue, folder) = (Catalogue::default(), tempfile::tempdir().unwrap());
        let bytes = catalogue.get(&ModelRef::Bundled("x2".into())).unwrap().to_bytes().unwrap();
        let file = |name: &str| folder.path().join(format!("{name}.safetensors"));
        for name in ["cats", "dogs"] {
            std::fs::write(file(name), &bytes).unwrap();
            catalogue.add(&file(name)).unwrap();
        }
        let first = |n: usize| catalogue.list()[..n].iter().map(ModelRef::name).collect::<Vec<_>>();
        assert_eq!(first(3), ["dogs", "cats", "x2"]);
        assert_eq!(catalogue.rename(&file("cats"), " my cats ").unwrap(), file("my cats"));
        assert_eq!(first(3), ["dogs", "my cats", "x2"], "in the same place");
        assert!(file("my cats").exists() && !file("cats").exists());
        for bad in ["", "a/b", "dogs"] {
            assert!(catalogue.rename(&file("my cats"), bad).is_err(), "{bad}");
        }
        assert!(catalogue.get(&ModelRef::File(file("my cats"))).is_ok(), "nothing was lost by that");
        catalogue.export(&file("my cats"), &file("given away")).unwrap();
        assert_eq!(std::fs::read(file("given away")).unwrap(), bytes);
        assert!(catalogue.export(&file("my cats"), &file("my cats")).is_err(), "never onto itself");
        catalogue.delete(&file("dogs")).unwrap();
        assert_eq!((first(2), file("dogs").exists()), (vec!["my cats".to_owned(), "x2".to_owned()], false));
        assert!(catalogue.delete(&file("dogs")).is_err());
    }

    #[test]
    fn a_missing_file_and_a_run_that_never_was_are_refused() {
        let catalogue = Catalogue::default();
        assert!(catalogue.add(Path::new("no/such.safetensors")).unwrap_err().to_string().contains("no/such"));
        assert!(catalogue.get(&ModelRef::Trained).is_err() && !catalogue.has(&ModelRef::Trained));
        catalogue.set_trained(catalogue.get(&catalogue.for_factor(2.0, Kind::Clean).unwrap()).unwrap());
        assert!(catalogue.has(&ModelRef::Trained) && catalogue.trainings() == 1);
    }
}
