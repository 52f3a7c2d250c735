//! Training beside a window: on threads of its own, one fewer than there are cores, so that what people look at stays quick.
//!
//! The engine's usual threads are shared by the whole process. A training step that takes all of them makes every tile of
//! Enhance wait in the same queue. The command line trains with all cores (`--threads` says otherwise).

use super::error::TrainError;

/// Runs the work on a pool of (cores − 1, at least 1) threads; all that it computes is computed there. A panic goes on in
/// the caller.
///
/// # Errors
/// If the system gives no threads.
pub fn on_own_threads<R: Send>(work: impl FnOnce() -> R + Send) -> Result<R, TrainError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(cores.saturating_sub(1).max(1))
        .thread_name(|n| format!("train {n}"))
        .build()
        .map_err(|error| TrainError::Threads(error.to_string()))?;
    Ok(pool.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{Backend, cpu::Cpu};

    #[test]
    fn one_core_is_left_alone_and_panics_arrive() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let expected = cores.saturating_sub(1).max(1);
        let (threads, name) = on_own_threads(|| (rayon::current_num_threads(), Cpu::new().name())).unwrap();
        assert_eq!(threads, expected);
        assert!(name.contains(&format!("{expected} thread")), "the engine computes there: {name}");
        let panic = std::panic::catch_unwind(|| on_own_threads(|| panic!("in there")));
        assert!(panic.is_err());
    }
}
