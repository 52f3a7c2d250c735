//! The models that ship inside the program, and which of them serves an enlargement.
//!
//! To add one: put `NAME.safetensors` and its card `NAME.md` into `assets/models` and its name into the list below. Scale
//! and architecture come from the weights' own metadata, so there is nothing else to keep in step.

use super::Way;
use crate::{
    nn::{Model, WeightsError},
    tensor::Size,
};
use std::{collections::BTreeMap, sync::LazyLock};

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

/// What pictures a model was trained for, and with how much work it makes the best of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Pictures that were scaled down cleanly: sharp, without noise or compression.
    Clean,
    /// The same, by the slower of the models for them, which is the better one.
    Best,
    /// Photos as they come: blurred, noisy, compressed. A model for clean pictures would sharpen the blocks of a JPEG.
    Camera,
    /// The same, where a sharper result is worth more than one that is proven: trained on what a convolutional teacher makes.
    Photo,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Clean => "clean",
            Self::Best => "best",
            Self::Camera => "camera",
            Self::Photo => "photo",
        })
    }
}

impl Kind {
    /// The kind that a model's card states: the degradation in its recipe. Which of two models of a kind is the better one no
    /// card says: see [`Bundled::kind`].
    pub fn of(card: &BTreeMap<String, String>) -> Self {
        let recipe = card.get("recipe").and_then(|r| serde_json::from_str::<serde_json::Value>(r).ok());
        let degradation = recipe.as_ref().and_then(|r| r.get("degradation")).and_then(|d| d.as_str());
        match degradation {
            Some("camera" | "jpeg") => Self::Camera,
            Some("given") => Self::Photo,
            _ => Self::Clean,
        }
    }
}

/// What somebody says of their pictures: of what kind they are, or that each is to be looked at.
///
/// Spelt `auto`, `clean`, `best`, `camera`, `photo` on the command line and in settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KindChoice {
    /// Of the kind that each turns out to be.
    #[default]
    Auto,
    /// As [`Kind::Clean`].
    Clean,
    /// As [`Kind::Best`].
    Best,
    /// As [`Kind::Camera`].
    Camera,
    /// As [`Kind::Photo`].
    Photo,
}

impl KindChoice {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Clean, Self::Best, Self::Camera, Self::Photo];

    /// The kind that is said; `None` if pictures are to be looked at.
    pub fn said(self) -> Option<Kind> {
        match self {
            Self::Auto => None,
            Self::Clean => Some(Kind::Clean),
            Self::Best => Some(Kind::Best),
            Self::Camera => Some(Kind::Camera),
            Self::Photo => Some(Kind::Photo),
        }
    }
}

impl std::str::FromStr for KindChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "clean" => Ok(Self::Clean),
            "best" => Ok(Self::Best),
            "camera" => Ok(Self::Camera),
            "photo" => Ok(Self::Photo),
            other => Err(format!("{other} is no kind of picture: auto, clean, best, camera or photo")),
        }
    }
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

/// All of them; among models of one scale and kind the first is the default. Not a constant: the compiler would put its
/// megabytes into the program once for each part that it compiles by itself.
pub static BUNDLED: &[Bundled] =
    bundled!["x2", "x2-best", "x3", "x3-best", "x4", "x4-best", "x2-camera", "x4-camera", "x4-photo", "x4-photo-fast"];

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

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.header().kind
    }

    /// How many times as large its results are.
    pub fn scale(&self) -> usize {
        self.header().scale
    }

    /// Whether it carries an 8-bit form.
    pub fn is_eight_bit(&self) -> bool {
        self.header().coded
    }

    /// What the head of the weights file says; read once for all, so that a window may ask in every frame.
    fn header(&self) -> Header {
        static HEADERS: LazyLock<Vec<(&str, Header)>> =
            LazyLock::new(|| BUNDLED.iter().map(|b| (b.name, Header::read(b).unwrap_or_default())).collect());
        HEADERS.iter().find(|(name, _)| *name == self.name).map(|(_, header)| *header).unwrap_or_default()
    }

    /// The best for an enlargement of pictures of that kind: the smallest scale of those that get there with the least
    /// work. `None` if no model of that kind ships. Reads no weights.
    pub fn for_factor(factor: f64, kind: Kind) -> Option<&'static Self> {
        let models: Vec<&Self> = BUNDLED.iter().filter(|bundled| bundled.kind() == kind).collect();
        let scales: Vec<usize> = models.iter().map(|bundled| bundled.scale()).collect();
        best(&scales, factor).map(|i| models[i])
    }
}

/// What is known of weights before they are read. By default what would be said of a damaged file, of which none ships: see the
/// tests below.
#[derive(Clone, Copy, Debug)]
struct Header {
    kind: Kind,
    scale: usize,
    coded: bool,
}

impl Default for Header {
    fn default() -> Self {
        Self { kind: Kind::Clean, scale: 1, coded: false }
    }
}

impl Header {
    fn read(bundled: &Bundled) -> Result<Self, WeightsError> {
        let (spec, card) = Model::description(bundled.weights)?;
        let kind = if bundled.name.ends_with("-best") { Kind::Best } else { Kind::of(&card) };
        Ok(Self { kind, scale: spec.scale, coded: Model::carries_codes(bundled.weights)? })
    }
}

/// Which of these scales serves an enlargement by `factor`; the first of equals.
fn best(scales: &[usize], factor: f64) -> Option<usize> {
    // Of a picture large enough that rounding to pixels does not count.
    const SIDE: usize = 10_000;
    let to = (SIDE as f64 * factor).clamp(1.0, 1e9) as usize;
    let reads = |scale| Way::new(scale, Size::square(SIDE), Size::square(to)).reads();
    (0..scales.len()).min_by_key(|&i| (reads(scales[i]), scales[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_scale_that_suffices_is_chosen() {
        let scales = [4, 2, 3, 2];
        for (factor, index) in
            [(1.0, 1), (2.0, 1), (2.1, 2), (3.0, 2), (3.5, 0), (4.0, 0), (8.0, 0), (9.0, 2), (20.0, 0)]
        {
            assert_eq!(best(&scales, factor), Some(index), "×{factor}");
        }
        assert_eq!(best(&[2, 4, 4], 9.0), Some(1));
        assert_eq!(best(&[], 2.0), None);
    }

    #[test]
    fn what_ships_is_whole_and_has_a_card() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/models")).unwrap();
        let files = folder.filter(|entry| entry.as_ref().unwrap().path().extension().unwrap() == "safetensors");
        assert_eq!(files.count(), BUNDLED.len(), "weights in assets/models, and names in the list");
        for bundled in BUNDLED {
            let model = bundled.model().unwrap_or_else(|e| panic!("{}: {e}", bundled.name));
            let of_weights = (model.plan.is_eight_bit(), model.plan.scale());
            assert_eq!((bundled.is_eight_bit(), bundled.scale()), of_weights, "{}: header and weights", bundled.name);
            assert!(bundled.card.starts_with('#'), "{} has no card", bundled.name);
        }
    }

    #[test]
    fn each_kind_has_its_model_for_each_size() {
        let named = |factor, kind| Bundled::for_factor(factor, kind).map(|bundled| bundled.name);
        for (kind, names) in [
            (Kind::Clean, ["x2", "x3", "x4"]),
            (Kind::Best, ["x2-best", "x3-best", "x4-best"]),
            (Kind::Camera, ["x2-camera", "x4-camera", "x4-camera"]),
            (Kind::Photo, ["x4-photo"; 3]),
        ] {
            assert_eq!([2.0, 3.0, 4.0].map(|factor| named(factor, kind)), names.map(Some), "{kind}");
            assert!(names.iter().all(|name| Bundled::named(name).unwrap().kind() == kind));
        }
    }
}
