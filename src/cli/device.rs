//! Which backend computes.

use crate::backend::{
    Backend,
    cpu::{self, Cpu},
    reference::Reference,
};

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
    pub(super) fn backend(self, threads: Option<u16>) -> Box<dyn Backend> {
        if threads.is_some_and(|n| !cpu::set_threads(n.into())) {
            tracing::warn!("--threads came too late: work has begun already");
        }
        match self {
            Self::Auto | Self::Cpu => Box::new(Cpu::new()),
            Self::Reference => Box::new(Reference),
        }
    }
}
