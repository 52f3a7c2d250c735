//! Which backend computes.

use crate::backend::{Backend, reference::Reference};

/// `--device`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Device {
    /// The fastest there is
    #[default]
    Auto,
    /// The vectorised engine
    Cpu,
    /// Plain loops that define every result: slow, for checking
    Reference,
}

impl Device {
    /// The backend, with this many threads if it uses several.
    pub(super) fn backend(self, _threads: Option<u16>) -> Box<dyn Backend> {
        match self {
            Self::Auto | Self::Cpu | Self::Reference => Box::new(Reference),
        }
    }
}
