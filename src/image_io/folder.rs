//! A folder that results go into, remembered by what it is: a disk that was unplugged, or a folder that somebody removed,
//! is not made anew in silence while an hour of results is missing.

use std::path::{Path, PathBuf};

use file_id::FileId;

use super::error::{Error, ErrorKind, Result};

/// A folder that exists, and should go on to.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    id: Option<FileId>,
}

impl Folder {
    /// Makes the folder if need be.
    ///
    /// # Errors
    /// The system's.
    pub fn make(path: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned(), id: file_id::get_file_id(path).ok() })
    }

    /// Whether it is still there, and still the same.
    ///
    /// # Errors
    /// If not.
    pub fn check(&self) -> Result<()> {
        let now = file_id::get_file_id(&self.path).ok();
        if now.is_some() && now == self.id || self.id.is_none() && self.path.is_dir() {
            Ok(())
        } else {
            Err(Error::new(&self.path, ErrorKind::FolderGone))
        }
    }

    /// Makes the folders between this one and a file in it, but never this one.
    ///
    /// # Errors
    /// If it is gone, or the system refuses.
    pub fn make_below(&self, file: &Path) -> Result<()> {
        self.check()?;
        let below = file.parent().and_then(|folder| folder.strip_prefix(&self.path).ok()).unwrap_or(Path::new(""));
        let mut folder = self.path.clone();
        for name in below {
            folder.push(name);
            match std::fs::create_dir(&folder) {
                Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(Error::from_writing(file, e)),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_gone_or_another_is_told_and_not_made_anew() {
        let room = tempfile::tempdir().unwrap();
        let path = room.path().join("deep/out");
        let folder = Folder::make(&path).unwrap();
        folder.make_below(&path.join("a/b/c.png")).unwrap();
        assert!(path.join("a/b").is_dir() && !path.join("a/b/c.png").exists());
        std::fs::rename(&path, room.path().join("moved")).unwrap();
        assert!(matches!(folder.make_below(&path.join("a/c.png")), Err(Error { kind: ErrorKind::FolderGone, .. })));
        assert!(!path.exists());
        std::fs::create_dir(&path).unwrap();
        assert!(folder.make_below(&path.join("a/c.png")).is_err(), "another one of that name");
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
    }
}
