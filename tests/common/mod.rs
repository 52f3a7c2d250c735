//! Shared by the integration tests.

use std::path::PathBuf;

/// The folder of data that is never part of the project: `ADDERSR_SHARED`, or `../shared` beside the crate. Tests that
/// need it call this, say that they are skipped and pass where it is missing.
pub(crate) fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("ADDERSR_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let found = named.into_iter().chain([beside]).find(|p| p.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: this test needs the shared data (../shared, or the folder in ADDERSR_SHARED)");
    }
    found
}
