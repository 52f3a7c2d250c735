//! Finding pictures in a folder.

use crate::error::Error;
use crate::image_io;
use std::path::{Path, PathBuf};

/// The files in a folder (not below it) whose names say that they are pictures, in the order of people (2 before 10).
///
/// # Errors
/// If the folder cannot be read or holds none.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Read { file: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() && image_io::Format::from_path(&path).is_some() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(unreadable(std::io::Error::other("no picture is in it; name another folder")));
    }
    files.sort_by(|a, b| natord::compare(&a.to_string_lossy(), &b.to_string_lossy()));
    Ok(files)
}
