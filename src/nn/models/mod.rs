//! The models: what a network's description ([`ModelSpec`]) is, and the registry that turns it into a [`Plan`].
//!
//! All architectures come in any size; the paper's sizes are registered by name even where no weights ship. The knobs
//! beyond channels and depth exist because the paper's ablation (AdderSR §4.3) and the search for a training recipe
//! (`train`) need them; their defaults are the paper's network.

mod aedsr;
mod apsr;
mod avdsr;

use super::{Op, Plan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arch {
    /// EDSR's layout with adder units: works on the small RGB picture, ends with a pixel shuffle.
    Aedsr,
    /// The same, each block with a 1×1 convolution at its end.
    Apsr,
    /// VDSR's layout with adder units: works on the bicubic-enlarged luma.
    Avdsr,
}

impl Arch {
    /// What its depth counts.
    pub fn parts(self) -> &'static str {
        match self {
            Self::Aedsr | Self::Apsr => "blocks",
            Self::Avdsr => "units",
        }
    }
}

/// As in files and on the command line.
impl std::fmt::Display for Arch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&word(*self))
    }
}

/// What the body's layers compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// Adder layers, the point of the program.
    Adder,
    /// Convolutions: the twin that every comparison needs.
    Conv,
}

/// How many exponents a power activation learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PowerKind {
    /// No power activation.
    None,
    /// One exponent for the whole layer (the paper).
    Layer,
    /// One exponent per channel.
    Channel,
}

/// Everything that decides a network's plan. Stored in the weights' metadata.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// Architecture.
    pub arch: Arch,
    /// Enlargement it is made for, 2 to 4 (1 to 8 accepted).
    pub scale: usize,
    /// Channels of the body.
    pub channels: usize,
    /// Blocks of two units (`aedsr`, `apsr`) or units (`avdsr`).
    pub depth: usize,
    /// Adder layers or convolutions in the body.
    pub unit: UnitKind,
    /// Whether units have the identity self-shortcut.
    pub self_shortcut: bool,
    /// Power activation.
    pub power: PowerKind,
    /// Factor of the body's output where a block's skip is added (not `avdsr`).
    pub residual_scale: f32,
}

/// Why a description is not one of a network.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SpecError {
    /// A metadata entry is missing.
    #[error("the metadata has no entry `{0}`; the file was not written by a program that knows this format")]
    Missing(&'static str),
    /// A metadata entry has a value that nothing is known about.
    #[error("the metadata entry `{key}` is `{value}`; expected {expected}")]
    Invalid {
        /// Entry.
        key: &'static str,
        /// What it says.
        value: String,
        /// What would be understood.
        expected: &'static str,
    },
}

/// Models known by name: (name, what it is, description).
pub const REGISTRY: &[(&str, &str, ModelSpec)] = &[
    ("aedsr", "32 channels × 8 blocks: the size that ships", ModelSpec::new(Arch::Aedsr, 2, 32, 8)),
    ("apsr", "the same, each block with a 1×1 convolution at its end", ModelSpec::new(Arch::Apsr, 2, 32, 8)),
    ("avdsr", "64 channels × 18 units: the paper's VDSR", ModelSpec::new(Arch::Avdsr, 2, 64, 18)),
    ("aedsr-paper", "256 channels × 32 blocks: the paper's EDSR", ModelSpec::new(Arch::Aedsr, 2, 256, 32)),
];

impl ModelSpec {
    /// The paper's network in the given size.
    pub const fn new(arch: Arch, scale: usize, channels: usize, depth: usize) -> Self {
        Self {
            arch,
            scale,
            channels,
            depth,
            unit: UnitKind::Adder,
            self_shortcut: true,
            power: PowerKind::Layer,
            residual_scale: 1.0,
        }
    }

    /// The registered description of that name.
    pub fn named(name: &str) -> Option<Self> {
        REGISTRY.iter().find(|(n, _, _)| *n == name).map(|&(_, _, spec)| spec)
    }

    /// The same network with convolutions instead of adder layers and no power activation: the ordinary network of the
    /// same size (VDSR, EDSR with batch norm).
    pub fn convolutional_twin(self) -> Self {
        Self { unit: UnitKind::Conv, power: PowerKind::None, self_shortcut: false, ..self }
    }

    /// The operations in order.
    pub fn plan(&self) -> Plan {
        match self.arch {
            Arch::Aedsr => aedsr::plan(self),
            Arch::Apsr => apsr::plan(self),
            Arch::Avdsr => avdsr::plan(self),
        }
    }

    /// As metadata of a weights file (SPEC 3). Knobs at their default are left out.
    pub fn to_metadata(&self) -> BTreeMap<String, String> {
        let depth = self.arch.parts();
        let default = Self::new(self.arch, self.scale, self.channels, self.depth);
        let mut meta = BTreeMap::from([
            ("format_version".to_owned(), FORMAT_VERSION.to_owned()),
            ("arch".to_owned(), word(self.arch)),
            ("scale".to_owned(), self.scale.to_string()),
            ("channels".to_owned(), self.channels.to_string()),
            (depth.to_owned(), self.depth.to_string()),
        ]);
        let mut knob = |key: &str, value: String, usual: String| {
            if value != usual {
                meta.insert(key.to_owned(), value);
            }
        };
        knob("unit", word(self.unit), word(default.unit));
        knob("self_shortcut", self.self_shortcut.to_string(), default.self_shortcut.to_string());
        knob("power", word(self.power), word(default.power));
        knob("residual_scale", self.residual_scale.to_string(), default.residual_scale.to_string());
        meta
    }

    /// From metadata of a weights file.
    ///
    /// # Errors
    /// If an entry is missing or out of range.
    pub fn from_metadata(meta: &BTreeMap<String, String>) -> Result<Self, SpecError> {
        let version = meta.get("format_version").ok_or(SpecError::Missing("format_version"))?;
        if version != FORMAT_VERSION {
            return Err(invalid("format_version", version, "1; a newer addersr may have written it"));
        }
        let arch: Arch = parse(meta, "arch", "aedsr, apsr or avdsr")?.ok_or(SpecError::Missing("arch"))?;
        let depth = arch.parts();
        let number = |key: &'static str, max: usize, expected: &'static str| {
            let text = meta.get(key).ok_or(SpecError::Missing(key))?;
            match text.parse() {
                Ok(v) if (1..=max).contains(&v) => Ok(v),
                _ => Err(invalid(key, text, expected)),
            }
        };
        let default = Self::new(
            arch,
            number("scale", 8, "a whole number from 1 to 8")?,
            number("channels", 1024, "a whole number from 1 to 1024")?,
            number(depth, 256, "a whole number from 1 to 256")?,
        );
        let residual_scale: f32 = parse(meta, "residual_scale", "a number")?.unwrap_or(default.residual_scale);
        if !residual_scale.is_finite() {
            return Err(invalid("residual_scale", &residual_scale.to_string(), "a finite number"));
        }
        Ok(Self {
            unit: parse(meta, "unit", "adder or conv")?.unwrap_or(default.unit),
            self_shortcut: parse(meta, "self_shortcut", "true or false")?.unwrap_or(default.self_shortcut),
            power: parse(meta, "power", "none, layer or channel")?.unwrap_or(default.power),
            residual_scale,
            ..default
        })
    }
}

/// Version of the weights' metadata that this program reads and writes.
pub const FORMAT_VERSION: &str = "1";

fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        other => unreachable!("unit variants serialise as strings, not {other:?}"),
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    meta: &BTreeMap<String, String>,
    key: &'static str,
    expected: &'static str,
) -> Result<Option<T>, SpecError> {
    let Some(text) = meta.get(key) else { return Ok(None) };
    // Words are JSON strings without quotes; numbers and booleans are JSON as they are.
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_value(serde_json::Value::String(text.clone())))
        .map(Some)
        .map_err(|_| invalid(key, text, expected))
}

fn invalid(key: &'static str, value: &str, expected: &'static str) -> SpecError {
    SpecError::Invalid { key, value: value.to_owned(), expected }
}

/// Appends one unit: layer → batch norm → + input → ReLU → power activation (AdderSR §3; order confirmed by its
/// authors) and returns the index of its last node.
fn unit(plan: &mut Plan, input: usize, prefix: &str, relu: bool) -> usize {
    let spec = plan.spec;
    let c = spec.channels;
    let mut at = match spec.unit {
        UnitKind::Adder => {
            let name = format!("{prefix}.adder");
            plan.push(name.clone(), Op::Adder { cin: c, cout: c, k: 3 }, &[input], &name)
        }
        UnitKind::Conv => {
            let name = format!("{prefix}.conv");
            plan.push(name.clone(), Op::Conv { cin: c, cout: c, k: 3, bias: false }, &[input], &name)
        }
    };
    let name = format!("{prefix}.bn");
    at = plan.push(name.clone(), Op::BatchNorm { channels: c }, &[at], &name);
    if spec.self_shortcut {
        at = plan.push(format!("{prefix}.shortcut"), Op::Add { scale: 1.0 }, &[at, input], "");
    }
    if relu {
        at = plan.push(format!("{prefix}.relu"), Op::Relu, &[at], "");
    }
    let alphas = match spec.power {
        PowerKind::None => return at,
        PowerKind::Layer => 1,
        PowerKind::Channel => c,
    };
    let name = format!("{prefix}.power");
    plan.push(name.clone(), Op::Power { alphas }, &[at], &name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Size;

    #[test]
    fn metadata_round_trip_keeps_every_knob() {
        for &(_, _, spec) in REGISTRY {
            assert_eq!(ModelSpec::from_metadata(&spec.to_metadata()), Ok(spec));
            let odd = ModelSpec { power: PowerKind::Channel, residual_scale: 0.2, ..spec.convolutional_twin() };
            assert_eq!(ModelSpec::from_metadata(&odd.to_metadata()), Ok(odd));
        }
    }

    #[test]
    fn metadata_out_of_range_is_refused() {
        let mut meta = REGISTRY[0].2.to_metadata();
        meta.insert("channels".into(), "0".into());
        let message = ModelSpec::from_metadata(&meta).unwrap_err().to_string();
        assert_eq!(message, "the metadata entry `channels` is `0`; expected a whole number from 1 to 1024");
        meta.remove("channels");
        assert_eq!(ModelSpec::from_metadata(&meta), Err(SpecError::Missing("channels")));
    }

    #[test]
    fn vdsr_costs_what_the_paper_says() {
        // SPEC 2: at 1280×720 output VDSR costs 612.6 GMAC, and adders take 2.55 times less energy.
        let plan = ModelSpec::named("avdsr").unwrap().plan();
        let hd = Size::new(1280, 720);
        let conv = plan.cost(hd, true);
        // (the paper leaves batch norm and activations out: half a percent).
        assert!((conv.multiplications as f64 / 612.6e9 - 1.0).abs() < 0.006, "{conv:?}");
        assert!((conv.joules / plan.cost(hd, false).joules - 2.55).abs() < 0.03);
    }

    #[test]
    fn receptive_radius_counts_every_window() {
        assert_eq!(ModelSpec::new(Arch::Avdsr, 2, 8, 3).plan().halo(), 5);
        assert_eq!(ModelSpec::new(Arch::Aedsr, 2, 8, 3).plan().halo(), 8);
    }

    #[test]
    fn what_is_computed_shrinks_from_the_halo_to_what_is_wanted() {
        for (name, _, spec) in REGISTRY {
            let plan = spec.plan();
            let margins = plan.margins();
            assert_eq!((margins[0], margins[margins.len() - 1]), (plan.halo(), 0), "{name}");
            for node in &plan.nodes {
                assert!(
                    node.inputs.iter().all(|&input| margins[input] + plan.nodes[input].radius <= plan.halo()),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn only_what_lies_behind_something_learnt_needs_gradients() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 8, 1).plan();
        let needs = plan.requires_grad();
        let without: Vec<&str> =
            plan.nodes.iter().zip(&needs).filter(|(_, n)| !**n).map(|(n, _)| &n.name[..]).collect();
        assert_eq!(without, ["input", "centred", "bicubic"]);
    }
}
