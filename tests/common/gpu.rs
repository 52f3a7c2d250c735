//! The graphics device that `tests/gpu` runs the shared test bodies on.

use addersr::backend::gpu::{AdderKernel, Gpu, list};
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

static CHOSEN: AtomicBool = AtomicBool::new(false);

/// From now on tests run on the graphics device and not on the CPU engine.
pub fn choose() {
    CHOSEN.store(true, Ordering::SeqCst);
}

/// Whether they do.
pub fn chosen() -> bool {
    CHOSEN.load(Ordering::SeqCst)
}

/// The best adapter, software among them: slow, and as strict as any other. Or the one that `ADDERSR_GPU` names.
pub fn adapter() -> Option<String> {
    std::env::var("ADDERSR_GPU").ok().or_else(|| list().first().map(|report| report.name.clone()))
}

/// Whether that adapter has 16-bit floats.
pub fn halves() -> bool {
    let name = adapter().unwrap_or_default();
    list().iter().any(|report| report.name == name && report.half_floats)
}

/// The engine, opened once for all tests.
pub fn engine() -> Gpu {
    static ENGINE: OnceLock<Gpu> = OnceLock::new();
    ENGINE.get_or_init(fresh).clone()
}

/// An engine on a device of its own, for tests that spoil it.
pub fn fresh() -> Gpu {
    Gpu::named(&adapter().expect("a graphics adapter")).expect("a graphics device")
}

/// The engine with each of its kernels for adder layers.
pub fn engines() -> Vec<Gpu> {
    vec![engine(), engine().with_adder_kernel(AdderKernel::Naive)]
}
