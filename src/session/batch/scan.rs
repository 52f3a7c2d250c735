//! Finding pictures, a step at a time: a folder on a network disk may take minutes, and nobody should wait for it.

use super::settings::Shard;
use crate::image_io::{self, Guard, Template};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// A picture that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// The folder that its result goes to, below the output folder.
    pub(super) below: PathBuf,
    /// Position among all pictures of all shards, from 1.
    pub(super) number: usize,
    /// Named by itself, and not found in a folder.
    pub(super) named: bool,
}

/// What one step found.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    Picture(Source),
    /// A file or folder that cannot be looked at, and why.
    Unreadable(PathBuf, String),
    /// No picture.
    Other,
}

struct Walk {
    root: PathBuf,
    /// What goes before the path below the root.
    prefix: PathBuf,
    entries: walkdir::IntoIter,
}

/// Walks through what was added, in the order of people (2 before 10), every file once. Hidden files are left out, and so
/// is the output folder.
#[derive(Default)]
pub(super) struct Scanner {
    waiting: VecDeque<(PathBuf, PathBuf)>,
    walk: Option<Walk>,
    /// The output folder's real path.
    out: Option<PathBuf>,
    shard: Option<Shard>,
    /// Real paths of all pictures so far, those of other shards too.
    seen: HashSet<PathBuf>,
    /// All pictures so far, whatever they are called: none of them is ever replaced.
    guard: Guard,
    /// Real paths of results: beside the pictures they would be found as pictures.
    made: HashSet<PathBuf>,
    number: usize,
    /// Names without extensions of all pictures, by folder.
    stems: HashMap<PathBuf, HashSet<OsString>>,
}

impl Scanner {
    /// Results go to `out`, which is not read; only pictures of `shard` are told.
    pub(super) fn new(out: Option<&Path>, shard: Option<Shard>) -> Self {
        Self { out: out.and_then(|o| std::fs::canonicalize(o).ok()), shard, ..Self::default() }
    }

    /// The output folder from now on.
    pub(super) fn set_out(&mut self, out: Option<&Path>) {
        self.out = out.and_then(|o| std::fs::canonicalize(o).ok());
    }

    /// Files and folders. The tree below a folder is kept; of several folders at once each keeps its own name, too.
    pub(super) fn add(&mut self, paths: &[PathBuf]) {
        let several = paths.iter().filter(|p| p.is_dir()).count() > 1;
        for path in paths {
            let name = path.file_name().filter(|_| several && path.is_dir());
            self.waiting.push_back((path.clone(), name.map(PathBuf::from).unwrap_or_default()));
        }
    }

    /// What must not be replaced.
    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The picture beside this one of which it could be the result, by its name.
    pub(super) fn origin(&self, file: &Path, template: &Template) -> Option<String> {
        let stems = self.stems.get(file.parent()?)?;
        let stem = file.file_stem()?;
        let text = stem.to_string_lossy();
        // A name that is no text is compared by its bytes: they stand in its result's name.
        let part = |name: &OsStr| {
            let (bytes, whole) = (name.as_encoded_bytes(), stem.as_encoded_bytes());
            !bytes.is_empty() && whole.windows(bytes.len()).any(|w| w == bytes)
        };
        let odd = |name: &str| stems.iter().any(|s| s.to_str().is_none() && s.to_string_lossy() == name && part(s));
        let beside = |name: &&str| stems.contains(OsStr::new(name)) || stem.to_str().is_none() && odd(name);
        template.could_be_made_from(&text).into_iter().find(beside).map(str::to_owned)
    }

    /// A result of this batch, which is no picture to enlarge when its folder is looked at again.
    pub(super) fn made(&mut self, file: &Path) {
        self.made.extend(std::fs::canonicalize(file));
    }

    /// Forgets that a picture was found, so that it can be added again.
    pub(super) fn forget(&mut self, file: &Path) {
        if let Ok(real) = std::fs::canonicalize(file) {
            self.seen.remove(&real);
        }
    }

    /// Looks at one more file; `None` when there is nothing left to look at.
    pub(super) fn step(&mut self) -> Option<Step> {
        if let Some(walk) = &mut self.walk {
            let Some(entry) = walk.entries.next() else {
                self.walk = None;
                return Some(Step::Other);
            };
            let root = walk.root.clone();
            return Some(match entry {
                Err(error) => {
                    let path = error.path().unwrap_or(&root).to_owned();
                    let reason =
                        error.into_io_error().map_or("a link that leads back to itself".into(), |e| e.to_string());
                    Step::Unreadable(path, reason)
                }
                Ok(entry) if is_hidden(&entry) || self.out.as_deref().is_some_and(|out| leads_to(&entry, out)) => {
                    if entry.file_type().is_dir() {
                        walk.entries.skip_current_dir();
                    }
                    Step::Other
                }
                Ok(entry) if entry.file_type().is_file() && image_io::is_picture(entry.path()) => {
                    let below = walk.prefix.join(entry.path().strip_prefix(&root).unwrap_or(entry.path()));
                    self.found(entry.into_path(), &below, false)
                }
                Ok(_) => Step::Other,
            });
        }
        let (path, prefix) = self.waiting.pop_front()?;
        if !path.is_dir() {
            let below = prefix.join(path.file_name().unwrap_or_default());
            return Some(self.found(path, &below, true));
        }
        let entries = walkdir::WalkDir::new(&path).follow_links(true).sort_by(|a, b| {
            natord::compare(&a.file_name().to_string_lossy(), &b.file_name().to_string_lossy())
                .then_with(|| a.file_name().cmp(b.file_name()))
        });
        let mut entries = entries.into_iter();
        // The root itself, which may be called `.`.
        if let Some(Err(error)) = entries.next() {
            return Some(Step::Unreadable(path, error.to_string()));
        }
        self.walk = Some(Walk { root: path, prefix, entries });
        Some(Step::Other)
    }

    fn found(&mut self, path: PathBuf, below: &Path, named: bool) -> Step {
        let real = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if self.made.contains(&real) || !self.seen.insert(real) {
            return Step::Other;
        }
        self.guard.protect(&path);
        if let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) {
            self.stems.entry(folder.to_owned()).or_default().insert(stem.to_owned());
        }
        self.number += 1;
        if self.shard.is_some_and(|shard| !shard.has(below)) {
            return Step::Other;
        }
        let below = below.parent().unwrap_or(Path::new("")).to_owned();
        Step::Picture(Source { path, below, number: self.number, named })
    }
}

/// Thumbnails, resource forks, our own unfinished files: `.name`.
fn is_hidden(entry: &walkdir::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn leads_to(entry: &walkdir::DirEntry, folder: &Path) -> bool {
    entry.file_type().is_dir() && std::fs::canonicalize(entry.path()).is_ok_and(|real| real == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        folder
    }

    /// (path below the folder, folder of the result, number) of everything found.
    fn all(scanner: &mut Scanner, folder: &Path) -> Vec<(String, String, usize)> {
        let steps = std::iter::from_fn(|| scanner.step());
        let text = |p: &Path| p.to_string_lossy().replace('\\', "/");
        steps
            .filter_map(|step| match step {
                Step::Picture(s) => Some((text(s.path.strip_prefix(folder).unwrap()), text(&s.below), s.number)),
                Step::Unreadable(path, reason) => panic!("{path:?}: {reason}"),
                Step::Other => None,
            })
            .collect()
    }

    #[test]
    fn finds_pictures_in_the_order_of_people_and_keeps_the_tree() {
        let folder =
            tree(&["b/10.png", "b/2.JPG", "a/deep/x.tif", "note.txt", ".hidden/y.png", "b/._2.jpg", "out/z.png"]);
        let mut scanner = Scanner::new(Some(&folder.path().join("out")), None);
        scanner.add(&[folder.path().to_owned()]);
        let found = all(&mut scanner, folder.path());
        let expected = [("a/deep/x.tif", "a/deep", 1), ("b/2.JPG", "b", 2), ("b/10.png", "b", 3)];
        assert_eq!(found, expected.map(|(a, b, n)| (a.to_owned(), b.to_owned(), n)));
        scanner.add(&[folder.path().join("b/2.JPG"), folder.path().join("b")]);
        assert_eq!(all(&mut scanner, folder.path()), [], "nothing is found twice");
    }

    #[test]
    fn several_folders_keep_their_names_and_single_files_have_none() {
        let folder = tree(&["a/1.png", "b/1.png", "c.png"]);
        let mut scanner = Scanner::new(None, None);
        scanner.add(&["a", "b", "c.png"].map(|name| folder.path().join(name)));
        let below: Vec<String> = all(&mut scanner, folder.path()).into_iter().map(|(_, below, _)| below).collect();
        assert_eq!(below, ["a", "b", ""]);
    }

    #[test]
    fn shards_number_pictures_as_the_whole_does() {
        let names: Vec<String> = (0..40).map(|i| format!("{i}.png")).collect();
        let folder = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let run = |shard| {
            let mut scanner = Scanner::new(None, shard);
            scanner.add(&[folder.path().to_owned()]);
            all(&mut scanner, folder.path())
        };
        let whole = run(None);
        let mut parts: Vec<_> = (1..=3).flat_map(|index| run(Some(Shard { index, of: 3 }))).collect();
        parts.sort_by_key(|(_, _, number)| *number);
        assert_eq!(parts, whole);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_told_and_ends() {
        let folder = tree(&["a/1.png"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
        let mut scanner = Scanner::new(None, None);
        scanner.add(&[folder.path().to_owned()]);
        let steps: Vec<Step> = std::iter::from_fn(|| scanner.step()).collect();
        assert!(steps.iter().any(|s| matches!(s, Step::Unreadable(path, _) if path.ends_with("loop"))), "{steps:?}");
        assert_eq!(steps.iter().filter(|s| matches!(s, Step::Picture(_))).count(), 1);
    }
}
