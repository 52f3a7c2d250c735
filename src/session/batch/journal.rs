//! What a batch has done, on the disk: a batch that was killed can be gone on with.
//!
//! One line of JSON per fact, appended and flushed to the disk, so that a kill at any moment costs at most the line that
//! was being written; a torn last line is cut off on opening. What was decided (settings, what was added) and what is
//! irrevocable (a result is about to appear, has appeared) is written; the plan is not, because it follows from them.
//!
//! Each result exactly once: a line says that a result is about to appear and whether something had that name before. It
//! then appears by one rename. So a fresh name that exists is the complete result, whether or not the line that says
//! "done" was still written.
//!
//! The file is locked while a batch is at work: two processes cannot go on with one batch.

use super::{
    name::Name,
    row::{Row, Stamp},
    settings::Settings,
};
use crate::{error::Error, image_io, infer::bundled::Kind};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    fs::{File, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Grows when old journals can no longer be read.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// The first line: which program, and the folder that relative names start from.
    Begun { version: u32, folder: Name },
    /// From here on.
    Settings(Settings),
    /// Files and folders that were added together.
    Added(Vec<Name>),
    /// Pictures that were taken out of the list.
    Removed(Vec<Name>),
    /// A result is about to appear; nothing had that name before if `fresh`.
    Saving {
        file: Name,
        out: Name,
        fresh: bool,
        #[serde(default)]
        stamp: Option<Stamp>,
    },
    /// It is there.
    Saved {
        file: Name,
        out: Name,
        seconds: f64,
        #[serde(default)]
        stamp: Option<Stamp>,
        /// The kind of model that the picture's source chose.
        #[serde(default)]
        kind: Option<Kind>,
    },
}

/// An open, locked journal.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
}

/// What a journal tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// How pictures are to be made.
    pub settings: Settings,
    /// What was added, in groups that were added together.
    pub added: Vec<Vec<PathBuf>>,
    /// Results that are on the disk, by picture: the file and the seconds it took (unknown for the last one before a kill).
    pub saved: HashMap<PathBuf, (PathBuf, Option<f64>)>,
    /// Kinds of models that they were made with, where what a picture is like chose it.
    pub kinds: HashMap<PathBuf, Kind>,
    /// Results of pictures that were changed since: they are to be made again in their place.
    pub stale: HashMap<PathBuf, PathBuf>,
    /// Pictures that were taken out of the list.
    pub removed: HashSet<PathBuf>,
    /// Folders that results were written to.
    pub folders: HashSet<PathBuf>,
}

impl Journal {
    /// A new journal, in place of one that may be there.
    ///
    /// # Errors
    /// If it cannot be written, or another process works with it.
    pub(super) fn create(path: &Path, settings: &Settings, added: &[Vec<PathBuf>]) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| write_error(folder, source))?;
        }
        let mut journal = Self::locked(path, true)?;
        let mut start = Vec::new();
        // What is there may be an earlier journal, and is nothing else.
        (&journal.file).take(64).read_to_end(&mut start).map_err(|source| read_error(path, source))?;
        if !start.is_empty() && !start.starts_with(b"{\"begun\":") {
            return Err(read_error(path, std::io::Error::other("it is no journal of a batch; move it away")));
        }
        journal.file.rewind().map_err(|source| write_error(path, source))?;
        journal.file.set_len(0).map_err(|source| write_error(path, source))?;
        journal.note(&Line::Begun { version: VERSION, folder: Name(current_folder()) })?;
        journal.settings(settings)?;
        added.iter().try_for_each(|group| journal.added(group))?;
        Ok(journal)
    }

    /// Goes on with a journal.
    ///
    /// # Errors
    /// If it cannot be read or written, makes no sense, or another process works with it.
    pub(super) fn open(path: &Path) -> Result<(Self, Restored), Error> {
        let mut journal = Self::locked(path, false)?;
        let mut bytes = Vec::new();
        journal.file.read_to_end(&mut bytes).map_err(|source| read_error(path, source))?;
        let whole = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let failed = |source| write_error(path, source);
        journal.file.set_len(whole as u64).map_err(failed)?;
        journal.file.seek(SeekFrom::End(0)).map_err(failed)?;
        let restored = restore(path, &bytes[..whole])?;
        Ok((journal, restored))
    }

    fn locked(path: &Path, create: bool) -> Result<Self, Error> {
        let file = image_io::open_own(path, create).map_err(|source| write_error(path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let busy = "another addersr is at work on this batch; wait for it or stop it";
                return Err(read_error(path, std::io::Error::other(busy)));
            }
            // Some network disks know no locks; going on without is what everybody does there.
            Err(TryLockError::Error(error)) => tracing::warn!("{} cannot be locked: {error}", path.display()),
        }
        Ok(Self { file, path: path.to_owned() })
    }

    fn note(&mut self, line: &Line) -> Result<(), Error> {
        let failed = |source| write_error(&self.path, source);
        let mut text = serde_json::to_vec(line).map_err(|e| failed(e.into()))?;
        text.push(b'\n');
        self.file.write_all(&text).and_then(|()| self.file.sync_data()).map_err(failed)
    }

    pub(super) fn settings(&mut self, settings: &Settings) -> Result<(), Error> {
        self.note(&Line::Settings(settings.clone()))
    }

    pub(super) fn added(&mut self, paths: &[PathBuf]) -> Result<(), Error> {
        self.note(&Line::Added(paths.iter().cloned().map(Name).collect()))
    }

    pub(super) fn removed<'a>(&mut self, files: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Error> {
        self.note(&Line::Removed(files.into_iter().cloned().map(Name).collect()))
    }

    /// The result of `row` is about to appear.
    pub(super) fn saving(&mut self, row: &Row, out: &Path, fresh: bool) -> Result<(), Error> {
        let stamp = row.stamp;
        self.note(&Line::Saving { file: Name(row.source.clone()), out: Name(out.to_owned()), fresh, stamp })
    }

    /// It is there.
    pub(super) fn saved(&mut self, row: &Row, out: &Path) -> Result<(), Error> {
        let (file, out) = (Name(row.source.clone()), Name(out.to_owned()));
        let seconds = row.seconds.unwrap_or_default();
        self.note(&Line::Saved { file, out, seconds, stamp: row.stamp, kind: row.kind })
    }

    /// Removes the journal: there is nothing left to go on with.
    pub(super) fn finish(self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!("{} cannot be removed: {error}", self.path.display());
        }
    }
}

/// Forgets what could be gone on with.
///
/// # Errors
/// If the journal cannot be removed.
pub fn discard(path: &Path) -> Result<(), Error> {
    std::fs::remove_file(path).map_err(|source| write_error(path, source))
}

/// What could be gone on with, if there is such a journal and nobody is at work on it. Leaves it as it is.
pub fn unfinished(path: &Path) -> Option<Restored> {
    let mut file = File::open(path).ok()?;
    if let Err(TryLockError::WouldBlock) = file.try_lock_shared() {
        return None;
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let whole = bytes.iter().rposition(|&b| b == b'\n')?;
    restore(path, &bytes[..=whole]).ok()
}

fn restore(path: &Path, bytes: &[u8]) -> Result<Restored, Error> {
    let nonsense = |what: String| read_error(path, std::io::Error::other(what));
    let mut lines = bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    let parse = |line: &[u8]| serde_json::from_slice::<Line>(line).map_err(|e| nonsense(format!("no journal ({e})")));
    let first = lines.next().ok_or_else(|| nonsense("it is empty; begin anew".into()))?;
    let Line::Begun { version, folder } = parse(first)? else { return Err(nonsense("no journal".into())) };
    if version != VERSION {
        return Err(nonsense("it is from another version of this program; begin anew".into()));
    }
    let (added, saved, kinds, stale, removed, folders) = Default::default();
    let mut restored = Restored { settings: Settings::default(), added, saved, kinds, stale, removed, folders };
    let mut stamps = HashMap::new();
    for line in lines {
        match parse(line)? {
            Line::Begun { .. } => return Err(nonsense("it begins twice".into())),
            Line::Settings(settings) => restored.settings = settings,
            Line::Added(names) => {
                restored.removed.retain(|file| !names.iter().any(|added| file.starts_with(&added.0)));
                restored.added.push(names.into_iter().map(|n| n.0).collect());
            }
            Line::Removed(names) => restored.removed.extend(names.into_iter().map(|n| n.0)),
            Line::Saving { file, out, fresh, stamp } => {
                restored.folders.extend(out.0.parent().map(PathBuf::from));
                stamps.insert(file.0.clone(), stamp);
                if fresh && out.0.symlink_metadata().is_ok() {
                    restored.saved.insert(file.0, (out.0, None));
                }
            }
            Line::Saved { file, out, seconds, stamp, kind } => {
                stamps.insert(file.0.clone(), stamp);
                restored.kinds.extend(kind.map(|kind| (file.0.clone(), kind)));
                restored.saved.insert(file.0, (out.0, Some(seconds)));
            }
        }
    }
    // Someone may have removed a result since; then it is to be made again.
    restored.saved.retain(|_, (out, _)| out.exists());
    // Someone may have changed a picture since; a picture that is gone cannot be made again.
    let changed = |file: &Path| match (stamps.get(file).copied().flatten(), Stamp::of(file)) {
        (Some(before), Some(now)) => before != now,
        _ => false,
    };
    let stale = restored.saved.extract_if(|file, _| changed(file)).map(|(file, (out, _))| (file, out)).collect();
    restored.stale = stale;
    if restored.added.iter().flatten().any(|p| p.is_relative()) && folder.0 != current_folder() {
        return Err(nonsense(format!("the batch was begun in {}; continue from there", folder.0.display())));
    }
    Ok(restored)
}

fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

fn read_error(file: &Path, source: std::io::Error) -> Error {
    Error::Read { file: file.to_owned(), source }
}

fn write_error(file: &Path, source: std::io::Error) -> Error {
    Error::Write { file: file.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(folder: &Path) -> (PathBuf, Journal, Vec<Vec<PathBuf>>) {
        let path = folder.join("deep/journal");
        let added = vec![vec![folder.join("a"), folder.join("b")], vec![folder.join("c.png")]];
        let journal = Journal::create(&path, &Settings::default(), &added).unwrap();
        (path, journal, added)
    }

    fn row(source: PathBuf) -> Row {
        let stamp = Stamp::of(&source);
        Row { seconds: Some(2.5), stamp, ..Row::new(0, source, PathBuf::new(), 1) }
    }

    #[test]
    fn a_picture_that_was_changed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (path, mut journal, _) = begun(folder.path());
        for name in ["same", "longer", "later", "removed"] {
            std::fs::write(at(name), b"photo").unwrap();
            std::fs::write(at(&format!("{name}.out")), b"x").unwrap();
            let row = row(at(name));
            journal.saving(&row, &at(&format!("{name}.out")), true).unwrap();
            journal.saved(&row, &at(&format!("{name}.out"))).unwrap();
        }
        drop(journal);
        std::fs::write(at("longer"), b"photo, edited").unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
        std::fs::File::options().write(true).open(at("later")).unwrap().set_modified(later).unwrap();
        std::fs::remove_file(at("removed")).unwrap();
        let restored = unfinished(&path).unwrap();
        let mut saved: Vec<_> = restored.saved.into_keys().collect();
        saved.sort();
        assert_eq!(saved, [at("removed"), at("same")]);
        assert_eq!(restored.stale, ["longer", "later"].map(|n| (at(n), at(&format!("{n}.out")))).into());
    }

    #[test]
    fn what_is_on_the_disk_is_told_whatever_the_last_line_says() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (path, mut journal, added) = begun(folder.path());
        for (file, fresh) in
            [("saved", true), ("appeared", true), ("not yet", true), ("replaced", false), ("gone", true)]
        {
            journal.saving(&row(at(file)), &at(&format!("{file}.out")), fresh).unwrap();
            if file != "not yet" && file != "gone" {
                std::fs::write(at(&format!("{file}.out")), b"x").unwrap();
            }
        }
        journal.saved(&row(at("saved")), &at("saved.out")).unwrap();
        journal.saved(&row(at("gone")), &at("gone.out")).unwrap();
        drop(journal);
        // Killed in the middle of a line.
        let mut bytes = std::fs::read(&path).unwrap();
        let whole = bytes.len();
        bytes.extend(b"{\"saved\":{\"file\":\"/not");
        std::fs::write(&path, &bytes).unwrap();

        let offered = unfinished(&path).unwrap();
        let (mut journal, restored) = Journal::open(&path).unwrap();
        assert_eq!(offered, restored);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), whole as u64, "the torn line is cut off");
        assert_eq!((&restored.settings, &restored.added), (&Settings::default(), &added));
        let expected = [("saved", Some(2.5)), ("appeared", None)];
        let expected = expected.map(|(file, s)| (at(file), (at(&format!("{file}.out")), s)));
        assert_eq!(restored.saved, expected.into());

        let changed = Settings { quality: 50, ..Settings::default() };
        journal.settings(&changed).unwrap();
        journal.removed([&at("appeared")]).unwrap();
        assert!(unfinished(&path).is_none(), "nothing is offered while somebody is at work");
        assert!(Journal::open(&path).err().unwrap().to_string().contains("at work"));
        drop(journal);
        let restored = unfinished(&path).unwrap();
        assert_eq!(restored.settings, changed);
        assert_eq!((restored.removed, restored.folders), ([at("appeared")].into(), [folder.path().to_owned()].into()));
    }

    #[test]
    fn a_finished_batch_leaves_nothing_and_nonsense_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, journal, _) = begun(folder.path());
        journal.finish();
        assert!(!path.exists() && unfinished(&path).is_none());
        for nonsense in ["", "\n", "{}\n", "{\"begun\":{\"version\":99,\"folder\":\"/\"}}\n", "no json\n"] {
            std::fs::write(&path, nonsense).unwrap();
            assert!(Journal::open(&path).is_err(), "{nonsense:?}");
            assert!(unfinished(&path).is_none(), "{nonsense:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_keep_their_bytes() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(OsStr::from_bytes(b"caf\xe9"));
        let path = folder.path().join("j");
        drop(Journal::create(&path, &Settings::default(), &[vec![odd.clone()]]).unwrap());
        assert_eq!(unfinished(&path).unwrap().added, [[odd]]);
    }
}
