//! Every file that this program writes is created here and nowhere else (`tests/house_rules` checks that): pictures,
//! models, checkpoints, reports, logs, maps, settings.
//!
//! A [`Guard`] knows what a run reads. It gives a [`Target`] for a name before any work, or says why not: the name is
//! that of a source, a file is there and nobody allowed to replace it, the folder is missing. Files are compared by what
//! they are (device and inode, or Windows' file id), not by how they are spelt: a hard link, a bind mount or another
//! upper case is the same file. Crates that were looked at: `same-file` keeps every file open, which a batch of 100,000
//! sources cannot; `file-id` (of the notify project) gives the bare number.
//!
//! A file is complete or not there at all. It is written under a temporary name in the target's own folder (a rename
//! works within one file system only), flushed to the disk, and renamed in a way that never replaces what appeared
//! meanwhile. Exceptions are files that grow line by line: a training's log and a batch's journal.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use file_id::FileId;

use super::error::{Error, ErrorKind, Result};
use super::file::folder_of;

/// What a run reads, and what it has written so far. Clones are the same guard.
#[derive(Clone, Debug, Default)]
pub struct Guard(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    sources: Files,
    results: Files,
    /// Real paths of living targets.
    claimed: HashSet<PathBuf>,
}

/// Files by what they are; by their real path as well, for file systems that number a file anew each time it is asked for.
#[derive(Debug, Default)]
struct Files {
    ids: HashSet<FileId>,
    paths: HashSet<PathBuf>,
}

impl Files {
    fn insert(&mut self, path: &Path) {
        self.ids.extend(file_id::get_file_id(path));
        self.paths.insert(real(path));
    }

    fn contains(&self, path: &Path) -> bool {
        self.paths.contains(&real(path)) || file_id::get_file_id(path).is_ok_and(|id| self.ids.contains(&id))
    }
}

/// The path without links and detours, of a file that need not exist yet.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| match (std::fs::canonicalize(folder_of(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    })
}

impl Guard {
    /// A guard over these files.
    pub fn new<P: AsRef<Path>>(sources: impl IntoIterator<Item = P>) -> Self {
        let guard = Self::default();
        sources.into_iter().for_each(|source| guard.protect(source.as_ref()));
        guard
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change is one insertion or removal, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more file that is read and never replaced.
    pub fn protect(&self, source: &Path) {
        self.known().sources.insert(source);
    }

    /// Whether that is a file this run reads, by whatever path or link.
    pub fn is_source(&self, path: &Path) -> bool {
        self.known().sources.contains(path)
    }

    /// Whether that is a file this run has written.
    pub fn is_result(&self, path: &Path) -> bool {
        self.known().results.contains(path)
    }

    /// A result that is to be made again, and may be replaced then.
    pub fn forget_result(&self, path: &Path) {
        let mut known = self.known();
        known.results.paths.remove(&real(path));
        if let Ok(id) = file_id::get_file_id(path) {
            known.results.ids.remove(&id);
        }
    }

    /// Whether a file may be written under this name, as far as the name itself says. Asks for nothing to be written, and
    /// the folder need not exist yet.
    ///
    /// # Errors
    /// If it is a source, a result of this run, a folder or a device, too long, or there and `overwrite` is false.
    pub fn check(&self, path: &Path, overwrite: bool) -> Result<()> {
        {
            let known = self.known();
            // Not even where overwriting is allowed.
            if known.sources.contains(path) {
                return Err(Error::new(path, ErrorKind::SameFile));
            }
            if known.claimed.contains(&real(path)) || known.results.contains(path) {
                return Err(Error::new(path, ErrorKind::SameName));
            }
        }
        check_name(path)?;
        refuse_taken(path, overwrite)
    }

    /// A name to write under, found out before the work; `overwrite` allows to replace what is there, but never a source.
    /// No second target of this name is given while this one lives.
    ///
    /// # Errors
    /// As [`check`](Self::check), and if the folder is missing or read-only.
    pub fn claim(&self, path: &Path, overwrite: bool) -> Result<Target> {
        self.check(path, overwrite)?;
        prepare(path, overwrite)?;
        let real = real(path);
        self.known().claimed.insert(real.clone());
        Ok(Target { guard: self.clone(), path: path.to_owned(), real, overwrite, written: AtomicBool::new(false) })
    }
}

/// The permission to write one file. It may be written several times: what it replaces then is its own.
#[derive(Debug)]
pub struct Target {
    guard: Guard,
    path: PathBuf,
    real: PathBuf,
    overwrite: bool,
    written: AtomicBool,
}

impl Target {
    /// Where.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a name that is a source, which may have shown since it was claimed: by what was read, or by a link.
    ///
    /// # Errors
    /// If it is.
    pub fn refuse_source(&self) -> Result<()> {
        if self.guard.is_source(&self.path) { Err(Error::new(&self.path, ErrorKind::SameFile)) } else { Ok(()) }
    }

    /// Lets `fill` write a file that appears under its name only when it is complete and on the disk.
    ///
    /// # Errors
    /// If the folder is gone or read-only, the disk is full, a file appeared there meanwhile that may not be replaced, or
    /// `fill` fails. Then nothing has changed and nothing is left behind.
    pub fn write<T>(&self, fill: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T>) -> Result<T> {
        let overwrite = self.overwrite || self.written.load(Ordering::Relaxed);
        self.refuse_source()?;
        let (target, mut temporary) = prepare(&self.path, overwrite)?;
        let failed = |e: io::Error| Error::from_writing(&self.path, e);
        let mut buffered = BufWriter::with_capacity(1 << 16, temporary.as_file_mut());
        let result = match fill(&mut buffered) {
            Ok(result) => result,
            Err(error) => {
                // What is still buffered is not written: dropping the buffer would try.
                let _ = buffered.into_parts();
                return Err(error);
            }
        };
        buffered.flush().map_err(failed)?;
        drop(buffered);
        temporary.as_file().sync_all().map_err(failed)?;
        rename(temporary, &target, overwrite).map_err(failed)?;
        sync_folder(folder_of(&target));
        self.guard.known().results.insert(&self.path);
        self.written.store(true, Ordering::Relaxed);
        Ok(result)
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.write(|file| file.write_all(bytes).map_err(|e| Error::from_writing(&self.path, e)))
    }

    /// Opens a file that grows line by line: empty, or to go on where it ends.
    ///
    /// # Errors
    /// If it cannot be created or opened.
    pub fn open_log(&self, go_on: bool) -> Result<File> {
        if !(go_on && self.path.exists()) {
            self.write(|_| Ok(()))?;
        }
        File::options().append(true).open(&self.path).map_err(|e| Error::from_writing(&self.path, e))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.guard.known().claimed.remove(&self.real);
    }
}

/// Opens a file of this program's own making to read it and to write into it, made if it is not there and `create` says
/// so: a journal, a lock. Its content stays; whoever opens it makes sure that it is what it should be.
///
/// # Errors
/// The system's.
pub fn open_own(path: &Path, create: bool) -> io::Result<File> {
    File::options().read(true).write(true).create(create).truncate(false).open(path)
}

/// Removes a file of the program's own that somebody wants gone: a model that was trained here.
///
/// # Errors
/// The system's.
pub fn remove_own(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}

/// Removes temporary files that a killed process left in a folder. Files that a living one writes are locked, and stay.
/// Failures are ignored: the leftovers are hidden.
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

/// Whether the file system takes such a name, asked without creating anything. Folders that do not exist yet are asked
/// for one by one in the last one that does.
///
/// # Errors
/// If the name, or that of a folder, is too long.
pub fn check_name(path: &Path) -> Result<()> {
    let here = |folder| if folder == Path::new("") { Path::new(".") } else { folder };
    let folder = path.ancestors().skip(1).map(here).find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let missing = path.strip_prefix(folder).unwrap_or(path);
    let mut asked = std::iter::once(path.to_owned()).chain(missing.iter().map(|name| folder.join(name)));
    let too_long = |asked: PathBuf| asked.symlink_metadata().is_err_and(|e| e.kind() == io::ErrorKind::InvalidFilename);
    if asked.any(too_long) { Err(Error::new(path, ErrorKind::NameTooLong)) } else { Ok(()) }
}

/// Refuses a name under which something is that may not be replaced.
fn refuse_taken(path: &Path, overwrite: bool) -> Result<()> {
    match path.symlink_metadata() {
        Ok(_) if path.is_dir() => Err(Error::new(path, ErrorKind::TargetIsFolder)),
        Ok(_) if !overwrite => Err(Error::new(path, ErrorKind::Exists)),
        // Renaming over /dev/null would replace it for everybody.
        Ok(_) if path.exists() && !path.is_file() => {
            Err(Error::new(path, ErrorKind::NotAFile { what: "a pipe or device" }))
        }
        _ => Ok(()),
    }
}

/// The file that will be replaced or appear, and a temporary file beside it, which is removed when dropped.
fn prepare(path: &Path, overwrite: bool) -> Result<(PathBuf, tempfile::NamedTempFile)> {
    refuse_taken(path, overwrite)?;
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

/// Gives the temporary file its name. On failure it is removed.
fn rename(temporary: tempfile::NamedTempFile, target: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        return temporary.persist(target).map(drop).map_err(|e| e.error);
    }
    match temporary.persist_noclobber(target) {
        Ok(_) => Ok(()),
        // Some memory cards and network disks can neither rename without replacing nor link. There an empty file takes
        // the name, which fails if somebody else has it, and is replaced at once.
        Err(e) if e.error.kind() != io::ErrorKind::AlreadyExists && target.symlink_metadata().is_err() => {
            drop(File::create_new(target)?);
            e.file.persist(target).map(drop).map_err(|e| {
                let _ = std::fs::remove_file(target);
                e.error
            })
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

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
