//! Ctrl-C: asks the running work to stop. It does so within a tile; files are written aside and renamed when they are
//! whole, so none is left half-written.

use crate::infer::CancelToken;

/// A file that outgrows a limit of the process (`ulimit -f`) is an error to be told, not the end of the program.
pub(super) fn outlive_file_limits() {
    #[cfg(unix)]
    // That there is a handler is enough: the write that did it fails.
    static OUTGREW: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    #[cfg(unix)]
    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, &OUTGREW) {
        tracing::warn!("a limit on file sizes will end the program: {error}");
    }
}

/// A token that Ctrl-C (also SIGTERM and SIGHUP) raises.
pub(super) fn token() -> CancelToken {
    let token = CancelToken::new();
    let raised = token.clone();
    // It can only fail when a handler is set already, by whoever uses this as a library.
    if let Err(error) = ctrlc::set_handler(move || raised.cancel()) {
        tracing::warn!("Ctrl-C will not stop tidily: {error}");
    }
    token
}
