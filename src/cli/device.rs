//! Which backend computes.

use crate::{
    backend::{
        Backend, Choice, cpu,
        gpu::{AdderKernel, DeviceError, Gpu},
    },
    error::Error,
};
use std::str::FromStr;

/// Help of every `--device`.
pub(super) const HELP: &str = "What computes: auto (a graphics card if there is one, else the CPU), cpu, reference (plain \
    loops that define every result: slow, for checking), or part of a name from `addersr devices`";

/// `--device`.
#[derive(Clone, Debug, Default)]
pub(super) struct Device(Choice);

impl FromStr for Device {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Device {
    /// The choice, for work that opens the device itself; sets the number of threads.
    pub(super) fn choice(&self, threads: Option<u16>) -> Choice {
        set_threads(threads);
        self.0.clone()
    }

    /// The backend, with this many threads if it uses several.
    ///
    /// # Errors
    /// If a device was named that is not there or refuses.
    pub(super) fn backend(&self, threads: Option<u16>) -> Result<Box<dyn Backend>, Error> {
        set_threads(threads);
        let backend = self.0.open()?;
        tracing::info!("computing on {}", backend.name());
        Ok(backend)
    }

    /// A graphics device with the network's first `until` operations on the CPU, and perhaps 16-bit differences.
    ///
    /// # Errors
    /// Also if no graphics device was chosen, or it has no 16-bit floats.
    pub(super) fn graphics(&self, threads: Option<u16>, until: usize, half: bool) -> Result<Box<dyn Backend>, Error> {
        set_threads(threads);
        let gpu = match &self.0 {
            Choice::Named(name) => Some(Gpu::named(name)?),
            Choice::Auto => Gpu::best()?,
            Choice::Cpu | Choice::Reference => None,
        };
        let none = || Error::Usage("--cpu-until and --half need a graphics device: name one with --device".to_owned());
        let gpu = gpu.ok_or_else(none)?.with_cpu_until(until);
        if half && !gpu.info().half_floats {
            return Err(Error::Usage(format!("{} has no 16-bit floats: leave out --half", gpu.info().name)));
        }
        Ok(Box::new(if half { gpu.with_adder_kernel(AdderKernel::Half) } else { gpu }))
    }
}

pub(super) fn set_threads(threads: Option<u16>) {
    if threads.is_some_and(|n| !cpu::set_threads(n.into())) {
        tracing::warn!("--threads came too late: work has begun already");
    }
}

impl From<DeviceError> for Error {
    fn from(error: DeviceError) -> Self {
        Self::Device(error)
    }
}
