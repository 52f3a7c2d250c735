//! What a batch is to make of its pictures, in a form that the journal and the window's settings keep.

use super::super::models::{Catalogue, ModelRef};
use crate::{
    image_io::{DEFAULT_TEMPLATE, EncodeOptions, Format, Template, TemplateError},
    infer::{Target, bundled::KindChoice},
    nn::Precision,
    tensor::Size,
};
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

/// The same for every picture of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The folder for results, in which the tree of the folders that are read is kept. `None`: beside each picture.
    pub out: Option<PathBuf>,
    /// How large results are.
    pub target: Target,
    /// The resolution that results state; `None`: their picture's.
    pub dpi: Option<f64>,
    /// The model; `None` takes the one that ships for each picture's enlargement.
    pub model: Option<ModelRef>,
    /// What the pictures are like, where no model is named.
    pub kind: KindChoice,
    /// Share of the network's result, 0 to 1; the rest is what [`Catalogue::faithful`] says.
    pub strength: f32,
    /// The mean over eight flips and rotations.
    pub ensemble: bool,
    /// Arithmetic of adder layers.
    pub precision: Precision,
    /// The format of results.
    pub format: Format,
    /// Results have their picture's format instead; [`Format::or_png`] says what those are that are only read.
    pub same_format: bool,
    /// Colour behind what is transparent.
    pub background: Option<[u8; 3]>,
    /// Quality of JPEG, 1 to 100.
    pub quality: u8,
    /// Leaves out EXIF, XMP, IPTC, texts and resolution.
    pub strip: bool,
    /// Converts colours to sRGB.
    pub srgb: bool,
    /// Names of results, as [`Template`] understands them.
    pub template: String,
    /// Refuses damaged files instead of enlarging what they still hold.
    pub strict: bool,
    /// What to do where a result's name is taken.
    pub on_exists: OnExists,
    /// The part of the pictures that this run does.
    pub shard: Option<Shard>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            out: None,
            target: Target::Factor(2.0),
            dpi: None,
            model: None,
            kind: KindChoice::Auto,
            strength: 1.0,
            ensemble: false,
            precision: Precision::Auto,
            format: Format::Png,
            same_format: false,
            background: None,
            quality: 95,
            strip: false,
            srgb: false,
            template: DEFAULT_TEMPLATE.to_owned(),
            strict: false,
            on_exists: OnExists::Skip,
            shard: None,
        }
    }
}

impl Settings {
    /// What an earlier day has left, as far as it makes sense today: a model may be gone. No shard, which belongs to a run.
    pub fn sensible(mut self, models: &Catalogue) -> Self {
        let default = Self::default();
        self.model = self.model.filter(|model| models.has(model));
        if self.parsed().is_err() {
            self.template = default.template;
        }
        if !matches!(self.target.size(Size::square(1000)), Ok(size) if size.width <= 100_000) {
            self.target = default.target;
        }
        self.format = self.format.or_png();
        let strength = if self.strength.is_finite() { self.strength.clamp(0.0, 1.0) } else { default.strength };
        Self { quality: self.quality.clamp(1, 100), strength, shard: None, ..self }
    }

    /// How the result of a picture of this format is written.
    pub fn encoding(&self, source: Format, overwrite: bool) -> EncodeOptions {
        let format = if self.same_format { source.or_png() } else { self.format };
        let Self { quality, strip, srgb, background, .. } = *self;
        EncodeOptions { format, quality, strip, srgb, overwrite, background }
    }

    /// The template, understood.
    ///
    /// # Errors
    /// If it is none.
    pub fn parsed(&self) -> Result<Template, TemplateError> {
        Template::parse(&self.template)
    }
}

/// What to do where a file of a result's name exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnExists {
    /// The picture is left out, and its row says so.
    #[default]
    Skip,
    /// The result is called `name-2`, `name-3`, and so on.
    Number,
    /// The file is replaced, but never a picture that the batch reads.
    Replace,
}

/// One of several equal parts of a library, the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which part, from 1.
    pub index: u32,
    /// How many parts.
    pub of: u32,
}

impl Shard {
    /// Whether the picture with this path below its folder belongs to this part. The extension does not count, so that
    /// pictures whose results might have one name meet in one part, where that is noticed.
    pub fn has(self, below: &Path) -> bool {
        let below = below.with_extension("");
        let parts = below.components().map(|c| c.as_os_str().as_encoded_bytes());
        // FNV-1a, 64 bits: the same on every machine and in every version, which std's hashes do not promise.
        let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = parts.fold(0xcbf2_9ce4_8422_2325, |hash, part| fnv(part.iter().fold(hash, fnv), &b'/'));
        // Its low bits are the weaker ones.
        ((hash >> 32) ^ hash) % u64::from(self.of) == u64::from(self.index) - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("say I/N, I from 1 to N: 1/4, 2/4, 3/4 and 4/4 make a whole".to_owned()),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_in_exactly_one_shard_and_shards_are_about_equal() {
        let mut counts = [0; 7];
        for i in 0..7000 {
            let path = PathBuf::from(format!("sub{}/IMG_{i:04}.jpg", i % 3));
            let of = |index| Shard { index, of: 7 };
            let homes: Vec<u32> = (1..=7).filter(|&index| of(index).has(&path)).collect();
            assert_eq!(homes.len(), 1, "{path:?}");
            assert!(of(homes[0]).has(&path.with_extension("png")), "whatever the extension");
            counts[homes[0] as usize - 1] += 1;
        }
        assert!(counts.iter().all(|&n| (850..1150).contains(&n)), "{counts:?}");
    }

    #[test]
    fn the_assignment_never_changes() {
        // Machines with different versions of the program may share a library: these must stay.
        let home = |path: &str| (1..=10).find(|&index| Shard { index, of: 10 }.has(Path::new(path)));
        assert_eq!(["a.png", "b/a.png", "b/c.jpg", "ü.png"].map(home), [5, 5, 5, 10].map(Some));
    }

    #[test]
    fn settings_of_an_earlier_day_are_taken_as_far_as_they_make_sense() {
        let models = Catalogue::default();
        let kept = Settings {
            out: Some("results".into()),
            template: "{n}".to_owned(),
            on_exists: OnExists::Number,
            ..Settings::default()
        };
        assert_eq!(kept.clone().sensible(&models), kept);
        let odd = Settings {
            model: Some(ModelRef::File("gone.safetensors".into())),
            template: "{nonsense}".to_owned(),
            target: Target::Width(0),
            quality: 0,
            shard: Some(Shard { index: 1, of: 2 }),
            format: Format::Gif,
            ..Settings::default()
        };
        assert_eq!(odd.sensible(&models), Settings { quality: 1, ..Settings::default() });
        let old: Settings = ron::from_str("(quality: 80)").unwrap();
        assert_eq!(old, Settings { quality: 80, ..Settings::default() });
    }

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, of: 4 }));
        for bad in ["0/4", "5/4", "1/0", "1", "a/b", "-1/4", ""] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
