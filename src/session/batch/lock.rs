//! One batch at a time in an output folder: two would make the same pictures, or number them around each other.
//!
//! A hidden file in the folder is locked while a batch is at work, by the parts of a sharded one together. The system gives
//! the lock free when the process ends, however it ends; the last one removes the file. File systems that know no locks
//! are worked in without.

use super::settings::Shard;
use crate::{error::Error, image_io};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

/// Whether a batch is at work in that folder that leaves no room for a whole one, or for that part of one.
pub fn is_busy(folder: &Path, shard: Option<Shard>) -> bool {
    FolderLock::is_taken(folder, shard)
}

/// The lock on a folder, until it is dropped.
pub(super) struct FolderLock {
    file: File,
    path: PathBuf,
}

/// Who else is at work.
const BUSY: &str = "another addersr batch is at work in this folder; wait for it, stop it, or choose another folder";

impl FolderLock {
    /// Locks a folder that exists, for all of a batch or for a part of it.
    ///
    /// # Errors
    /// If another batch is at work there, or the file cannot be made.
    pub(super) fn take(folder: &Path, shard: Option<Shard>) -> Result<Self, Error> {
        let path = folder.join(".addersr-lock");
        let busy = || Error::Read { file: folder.to_owned(), source: std::io::Error::other(BUSY) };
        loop {
            let failed = |source| Error::Write { file: path.clone(), source };
            let file = image_io::open_own(&path, true).map_err(failed)?;
            match if shard.is_some() { file.try_lock_shared() } else { file.try_lock() } {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy()),
                Err(TryLockError::Error(error)) => {
                    tracing::warn!("{} cannot be locked: {error}", path.display());
                    return Ok(Self { file, path });
                }
            }
            // The last holder may have removed the file between opening and locking; another one stands there then.
            let same = || -> std::io::Result<bool> {
                Ok(same_file::Handle::from_file(file.try_clone()?)? == same_file::Handle::from_path(&path)?)
            };
            if same().unwrap_or(false) {
                return Ok(Self { file, path });
            }
        }
    }

    /// Whether a whole batch, or that part of one, could not begin there now.
    fn is_taken(folder: &Path, shard: Option<Shard>) -> bool {
        let Ok(file) = image_io::open_own(&folder.join(".addersr-lock"), false) else { return false };
        let tried = if shard.is_some() { file.try_lock_shared() } else { file.try_lock() };
        matches!(tried, Err(TryLockError::WouldBlock))
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Other parts may be at work still.
        let _ = self.file.unlock();
        if self.file.try_lock().is_ok() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_batch_is_alone_and_parts_are_together() {
        let folder = tempfile::tempdir().unwrap();
        let take = |shard: Option<&str>| FolderLock::take(folder.path(), shard.map(|s| s.parse().unwrap()));
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        let whole = take(None).unwrap();
        assert!(take(None).err().unwrap().to_string().contains("at work"));
        assert!(take(Some("1/2")).is_err() && FolderLock::is_taken(folder.path(), None));
        drop(whole);
        assert_eq!(files(), 0);
        let (one, two) = (take(Some("1/2")).unwrap(), take(Some("2/2")).unwrap());
        assert!(take(None).is_err());
        drop(one);
        assert_eq!(files(), 1);
        assert!(take(None).is_err());
        drop(two);
        assert_eq!(files(), 0);
        assert!(!FolderLock::is_taken(folder.path(), None));
    }
}
