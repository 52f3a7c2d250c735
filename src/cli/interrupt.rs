//! Ctrl-C: asks the running work to stop. It does so within a tile; files are written aside and renamed when they are
//! whole, so none is left half-written.

use crate::infer::CancelToken;

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
