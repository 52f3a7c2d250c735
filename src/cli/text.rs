//! Numbers for people, and JSON for scripts.

use crate::error::Error;
pub(super) use crate::session::numbers::si;
use serde::Serialize;
use std::{io::Write, path::Path};

/// A path as text; where it is no UTF-8, with replacement characters.
pub(super) fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Writes a document and a line end to standard output.
///
/// # Errors
/// If standard output is closed.
pub(super) fn print_json(document: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(document).map_err(|e| Error::Output(e.into()))?;
    print(&format!("{text}\n"))
}

/// Writes text to standard output. Unlike `print!`, a closed pipe (`| head`) is no panic.
///
/// # Errors
/// If standard output is closed.
pub(super) fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}
