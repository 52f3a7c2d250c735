//! Reading files whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{Error, ErrorKind, Result};
use super::limits::MAX_FILE_BYTES;

/// The folder a file lies in; `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Opens a regular, non-empty file.
pub(super) fn open(path: &Path) -> Result<(File, u64)> {
    // Asked before opening: opening a pipe would wait for somebody to write to it.
    let about = std::fs::metadata(path).map_err(|e| Error::from_reading(path, e))?;
    if about.is_dir() {
        return Err(Error::new(path, ErrorKind::NotAFile { what: "a folder" }));
    }
    if !about.is_file() {
        return Err(Error::new(path, ErrorKind::NotAFile { what: "a pipe or device" }));
    }
    if about.len() == 0 {
        return Err(Error::new(path, ErrorKind::Empty));
    }
    let file = File::open(path).map_err(|e| Error::from_reading(path, e))?;
    Ok((file, about.len()))
}

/// Up to `limit` bytes from the file's beginning.
pub(super) fn read_start(path: &Path, file: &File, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|e| Error::from_reading(path, e))?;
    Ok(bytes)
}

/// All bytes after `start`, which was read before.
pub(super) fn read_rest(path: &Path, file: &File, length: u64, mut start: Vec<u8>) -> Result<Vec<u8>> {
    if length > MAX_FILE_BYTES {
        return Err(Error::new(path, ErrorKind::TooManyBytes { bytes: length, limit: MAX_FILE_BYTES }));
    }
    let rest = usize::try_from(length).unwrap_or(usize::MAX).saturating_sub(start.len());
    start.try_reserve_exact(rest).map_err(|_| Error::new(path, ErrorKind::OutOfMemory { bytes: length }))?;
    // The file may have grown since its length was asked.
    file.take(MAX_FILE_BYTES).read_to_end(&mut start).map_err(|e| Error::from_reading(path, e))?;
    Ok(start)
}
