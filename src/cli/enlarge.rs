//! What `upscale` and `batch` are both told: how large, by which model, on what, and how results are written.

use super::{
    device::{self, Device},
    models,
    outputs::{FormatArg, Size},
    precision, text,
};
use crate::{
    error::Error,
    image_io::Format,
    infer::bundled::KindChoice,
    session::{batch::Settings, models::ModelRef},
};
use std::path::PathBuf;

/// Options of every command that enlarges files.
#[derive(clap::Args)]
pub(super) struct Enlarge {
    #[command(flatten)]
    size: Size,
    #[arg(long, value_name = "NAME|FILE[,…]", help = models::HELP)]
    model: Option<String>,
    /// What the photos are like, where no --model is given: auto (each is looked at, and what was found is told), clean
    /// (sharp, scaled down without loss), best (the same, better and slower), camera (blurred, noisy, or compressed) or photo (the same, enlarged more
    /// sharply; always by ×4 and then brought to the size)
    #[arg(long, value_name = "KIND", default_value = "auto", conflicts_with = "model")]
    kind: KindChoice,
    /// How much of the network's result, in percent; 0 is the camera model's for photo models, bicubic's for others
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    strength: u8,
    /// Enlarge eight flips and rotations and take their mean: a little better, eight times the time
    #[arg(long)]
    ensemble: bool,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    pub(super) device: Device,
    #[arg(long, value_enum, default_value_t, help = precision::HELP)]
    precision: precision::Wish,
    /// Format to write [default: as OUT or the template is named, else png]
    #[arg(long, value_enum)]
    pub(super) format: Option<FormatArg>,
    /// JPEG quality
    #[arg(long, value_name = "Q", default_value_t = 95, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Names of the results, from {name}, {scale}, {model}, {w}, {h}, {n} [default: {name}_x{scale}]
    #[arg(long, value_name = "TEMPLATE")]
    pub(super) template: Option<String>,
    /// Colour behind what is transparent, like white or #ffeedd; without it results stay transparent, and JPEG is refused
    #[arg(long, value_name = "COLOUR", value_parser = text::colour)]
    background: Option<[u8; 3]>,
    /// Leave out EXIF, XMP, IPTC, texts and DPI; colours keep their meaning
    #[arg(long)]
    strip_metadata: bool,
    /// Convert colours to sRGB and leave the profile out
    #[arg(long)]
    srgb: bool,
    /// Refuse damaged files instead of enlarging what they still hold
    #[arg(long)]
    strict: bool,
}

impl Enlarge {
    /// What `--model` names.
    pub(super) fn models(&self) -> Vec<&str> {
        models::named(self.model.as_deref())
    }

    /// What is made by each of `--model`, in `out` or beside each picture; without `--model` it is one thing.
    ///
    /// # Errors
    /// If the template is none, or the results of several models would have one name.
    pub(super) fn settings(&self, out: Option<PathBuf>) -> Result<Vec<Settings>, Error> {
        let names = self.models();
        let template = models::template(self.template.as_deref(), names.len())?;
        let settings = Settings {
            out,
            target: self.size.target(),
            dpi: self.size.dpi(),
            model: None,
            kind: self.kind,
            strength: f32::from(self.strength) / 100.0,
            ensemble: self.ensemble,
            precision: self.precision.into(),
            format: self.format.and_then(FormatArg::format).unwrap_or(Format::Png),
            same_format: self.format.is_some_and(|asked| asked.format().is_none()),
            background: self.background,
            quality: self.quality,
            strip: self.strip_metadata,
            srgb: self.srgb,
            template: template.to_owned(),
            strict: self.strict,
            ..Settings::default()
        };
        settings.parsed().map_err(|e| Error::Usage(e.to_string()))?;
        let each = |name: &&str| Settings { model: Some(ModelRef::named(name)), ..settings.clone() };
        Ok(if names.is_empty() { vec![settings] } else { names.iter().map(each).collect() })
    }
}
