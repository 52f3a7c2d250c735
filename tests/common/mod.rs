//! What the tests share: the list of backends, one layer run alone, golden files, comparison with a tolerance.
#![allow(dead_code, unreachable_pub, reason = "every test is a crate of its own and uses its own part")]

/// Makes tests of functions that run on [`backends`], and a list of them that `tests/gpu` runs on the GPU.
#[allow(unused_macros, reason = "only tests with bodies for every backend use it")]
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        #[allow(dead_code, reason = "read by tests/gpu")]
        pub(crate) const TESTS: &[(&str, fn())] = &[$((stringify!($name), $name)),*];
        mod test {
            $(#[test] fn $name() { super::$name() })*
        }
    };
}

pub mod compare;
pub mod golden;
pub mod gpu;
pub mod layer;
pub mod models;
pub mod numbers;
pub mod pictures;

use addersr::{
    backend::{Backend, cpu::Cpu, reference::Reference},
    nn::{Arch, ModelSpec, Plan},
};
use std::path::PathBuf;

/// The plain loops, and every instruction set that this machine has; in `tests/gpu` the graphics device instead. One test
/// body runs on each of them.
pub fn backends() -> Vec<Box<dyn Backend>> {
    let mut backends: Vec<Box<dyn Backend>> = vec![Box::new(Reference)];
    if gpu::chosen() {
        backends.extend(gpu::engines().into_iter().map(|gpu| Box::new(gpu) as Box<dyn Backend>));
        return backends;
    }
    backends.extend(Cpu::all().into_iter().map(|cpu| Box::new(cpu) as Box<dyn Backend>));
    backends
}

/// Runs a test body on every backend; the last name printed is the one that failed.
pub fn on_every_backend(body: impl Fn(&dyn Backend)) {
    for backend in backends() {
        println!("backend: {}", backend.name());
        body(backend.as_ref());
    }
}

/// A plan to which a test pushes its own nodes; what model it says it is does not matter.
pub fn empty_plan() -> Plan {
    Plan::new(ModelSpec::new(Arch::Aedsr, 1, 1, 1))
}

/// The folder of data that is never part of the project: `ADDERSR_SHARED`, or `../shared` beside the crate. Tests that
/// need it call this, say that they are skipped and pass where it is missing.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ADDERSR_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let found = named.into_iter().chain([beside]).find(|p| p.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: this test needs the shared data (../shared, or the folder in ADDERSR_SHARED)");
    }
    found
}
