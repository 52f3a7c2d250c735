//! Reading files whole, and writing them so that a half-written one never bears the target's name.
//!
//! A new file is written under a temporary name in the target's own folder (a rename works within one file system
//! only), flushed to the disk, and renamed. Whatever fails in between, the target is either untouched or complete, and
//! the temporary file is removed.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

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

/// Lets `write` fill a file that appears under the name `path` only when it is complete and on the disk.
///
/// # Errors
/// If the folder is missing or read-only, the disk is full, the target exists and `overwrite` is false, or `write`
/// fails. Then nothing has changed and nothing is left behind.
pub fn write_atomically<T>(
    path: &Path,
    overwrite: bool,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T>,
) -> Result<T> {
    let (target, mut temporary) = prepare(path, overwrite)?;
    let failed = |e: io::Error| Error::from_writing(path, e);
    let mut buffered = BufWriter::with_capacity(1 << 16, temporary.as_file_mut());
    let result = write(&mut buffered)?;
    buffered.flush().map_err(failed)?;
    drop(buffered);
    temporary.as_file().sync_all().map_err(failed)?;
    rename(temporary, &target, overwrite).map_err(failed)?;
    sync_folder(folder_of(&target));
    Ok(result)
}

/// Whether [`write_atomically`] would get as far as writing: for work that takes an hour to learn it at the start.
///
/// # Errors
/// If the folder is missing or read-only, or the target exists and `overwrite` is false.
pub fn check_target(path: &Path, overwrite: bool) -> Result<()> {
    prepare(path, overwrite).map(drop)
}

/// The file that will be replaced or appear, and a temporary file beside it, which is removed when dropped.
fn prepare(path: &Path, overwrite: bool) -> Result<(PathBuf, tempfile::NamedTempFile)> {
    // Found out before the work and not after it; the rename below decides in earnest.
    match path.symlink_metadata() {
        Ok(_) if path.is_dir() => return Err(Error::new(path, ErrorKind::TargetIsFolder)),
        Ok(_) if !overwrite => return Err(Error::new(path, ErrorKind::Exists)),
        // Renaming over /dev/null would replace it for everybody.
        Ok(_) if path.exists() && !path.is_file() => {
            return Err(Error::new(path, ErrorKind::NotAFile { what: "a pipe or device" }));
        }
        _ => {}
    }
    // A link stays a link: what it leads to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.into());
    loop {
        let temporary = create_beside(&target).map_err(|e| Error::from_writing(path, without_path(e)))?;
        // The lock tells `sweep` that somebody is at work; file systems without locks are not swept.
        let _ = temporary.as_file().lock();
        // A sweep may have come between creating and locking.
        if temporary.path().exists() {
            return Ok((target, temporary));
        }
    }
}

const PREFIX: &str = ".addersr-";
const SUFFIX: &str = ".part";

fn create_beside(target: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        // Temporary files are private by default, but this one becomes a picture like any other: let the umask decide.
        use std::os::unix::fs::PermissionsExt;
        temporary.permissions(std::fs::Permissions::from_mode(0o666));
    }
    temporary.tempfile_in(folder_of(target))
}

/// Removes temporary files that a killed process left in a folder. Files that a living one writes are locked, and stay.
/// Failures are none: the leftovers are hidden and in nobody's way.
pub fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(PREFIX) && n.ends_with(SUFFIX));
        if !ours || !entry.file_type().is_ok_and(|t| t.is_file()) {
            continue;
        }
        if let Ok(file) = File::options().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            // While the lock is held.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Gives the temporary file its name. On failure it is removed.
fn rename(temporary: tempfile::NamedTempFile, target: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        return temporary.persist(target).map(drop).map_err(|e| e.error);
    }
    match temporary.persist_noclobber(target) {
        Ok(_) => Ok(()),
        // Memory cards and some network disks cannot rename without replacing. There the check and the rename are two
        // steps; nobody else is likely to create this very file between them.
        Err(e) if e.error.kind() != io::ErrorKind::AlreadyExists && !target.exists() => {
            e.file.persist(target).map(drop).map_err(|e| e.error)
        }
        Err(e) => Err(e.error),
    }
}

/// `tempfile` adds the temporary name to the system's reason; our message names the target instead.
fn without_path(error: io::Error) -> io::Error {
    let kind = error.kind();
    match error
        .raw_os_error()
        .or_else(|| std::error::Error::source(&error)?.downcast_ref::<io::Error>()?.raw_os_error())
    {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::from(kind),
    }
}

/// Makes the new name itself durable where the system can. A failure is no reason to report the picture as lost: it is
/// on the disk, only its name may need a moment.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|f| f.sync_all());
    }
}

/// Whether two names lead to one file: the same path, or links to it.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    let whole = |p: &Path| -> Option<PathBuf> {
        std::fs::canonicalize(p).ok().or_else(|| {
            // The file itself may not exist yet.
            Some(std::fs::canonicalize(folder_of(p)).ok()?.join(p.file_name()?))
        })
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_writes_any_more_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let names = || {
            let entries = std::fs::read_dir(folder.path()).unwrap();
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
        };
        std::fs::write(folder.path().join(".addersr-dead.part"), b"half").unwrap();
        write_atomically(&folder.path().join("a.png"), false, |_| {
            assert_eq!(names().len(), 2);
            sweep(folder.path());
            let left = names();
            assert!(left.len() == 1 && !left[0].contains("dead"), "{left:?}");
            Ok(())
        })
        .unwrap();
        assert_eq!(names(), ["a.png"]);
    }
}
