//! Which backend computes: by itself, or by name.

use super::{
    Backend,
    cpu::Cpu,
    gpu::{DeviceError, Gpu},
    reference::Reference,
};
use std::str::FromStr;

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The fastest: a graphics device if there is one that is no software, else the CPU engine. A software device is the
    /// CPU in disguise, and slower than the CPU engine.
    #[default]
    Auto,
    /// The vectorised engine.
    Cpu,
    /// Plain loops that define every result.
    Reference,
    /// The graphics device whose name contains this, in any case.
    Named(String),
}

impl FromStr for Choice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim() {
            "auto" | "" => Self::Auto,
            "cpu" => Self::Cpu,
            "reference" => Self::Reference,
            name => Self::Named(name.to_owned()),
        })
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Reference => "reference",
            Self::Named(name) => name,
        })
    }
}

impl Choice {
    /// The backend. Where it was left open, a graphics device that refuses is no failure: the CPU does the work, and a line
    /// says so.
    ///
    /// # Errors
    /// If a device was named that is not there or refuses.
    pub fn open(&self) -> Result<Box<dyn Backend>, DeviceError> {
        Ok(match self {
            Self::Auto => match Gpu::best() {
                Ok(Some(gpu)) => Box::new(gpu),
                Ok(None) => Box::new(Cpu::new()),
                Err(error) => {
                    tracing::warn!("{error}; the CPU does the work");
                    Box::new(Cpu::new())
                }
            },
            Self::Cpu => Box::new(Cpu::new()),
            Self::Reference => Box::new(Reference),
            Self::Named(name) => Box::new(Gpu::named(name)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names() {
        for (text, choice) in [("auto", Choice::Auto), ("cpu", Choice::Cpu), ("reference", Choice::Reference)] {
            assert_eq!(text.parse(), Ok(choice.clone()));
            assert_eq!(choice.to_string(), text);
        }
        assert_eq!("GeForce RTX".parse(), Ok(Choice::Named("GeForce RTX".to_owned())));
    }

    #[test]
    fn an_unknown_device_is_refused_by_name() {
        let error = Choice::Named("no such device".to_owned()).open().err().unwrap().to_string();
        assert!(error.starts_with("there is no graphics device `no such device`"), "{error}");
    }

    #[test]
    fn software_is_never_chosen_by_itself() {
        let name = Choice::Auto.open().unwrap().name();
        assert!(!name.contains("llvmpipe") && !name.contains("SwiftShader"), "{name}");
    }
}
