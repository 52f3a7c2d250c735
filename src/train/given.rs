//! Small and large versions that somebody has: two scans of a print, a camera's JPEG and its raw, a network's results.
//!
//! A folder of pairs holds `lr/NAME` and `hr/NAME`, whose endings may differ. The large picture stands for the pair
//! wherever one picture is meant; its small one is found from its path alone.

use super::{
    dataset::{Pair, find, rgb8},
    error::TrainError,
};
use crate::image_io::{self, Format};
use crate::tensor::Size;
use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    path::{Component, Path, PathBuf},
};

const LARGE: &str = "hr";
const SMALL: &str = "lr";

/// The large pictures of these folders of pairs, sorted; a file stands for itself.
///
/// # Errors
/// If a folder holds no `lr` and `hr`, or cannot be searched.
pub fn find_large(folders: &[PathBuf]) -> Result<Vec<PathBuf>, TrainError> {
    let mut places = Vec::new();
    for folder in folders {
        if folder.is_dir() {
            if !folder.join(LARGE).is_dir() || !folder.join(SMALL).is_dir() {
                return Err(TrainError::NoPairFolders(folder.clone()));
            }
            places.push(folder.join(LARGE));
        } else {
            places.push(folder.clone());
        }
    }
    find(&places)
}

/// Small pictures in these folders of pairs that no large one belongs to, each with the reason why it is left out.
///
/// # Errors
/// If a folder cannot be searched.
pub(super) fn without_large(folders: &[PathBuf], large: &[PathBuf]) -> Result<Vec<(PathBuf, String)>, TrainError> {
    let used: BTreeSet<PathBuf> = large.iter().filter_map(|file| small_stem(file).ok()).collect();
    let places: Vec<PathBuf> = folders.iter().filter(|f| f.is_dir()).map(|f| f.join(SMALL)).collect();
    let alone = find(&places)?.into_iter().filter(|file| !used.contains(&file.with_extension("")));
    Ok(alone.map(|file| (file, format!("has no large version in `{LARGE}`"))).collect())
}

/// Where the small version of a large picture lies, without its ending: in `lr` instead of `hr`.
fn small_stem(large: &Path) -> Result<PathBuf, String> {
    let parts: Vec<Component<'_>> = large.components().collect();
    let Some(at) = parts.iter().rposition(|part| part.as_os_str() == OsStr::new(LARGE)) else {
        return Err(format!("lies in no folder `{LARGE}`, beside which `{SMALL}` would hold its small version"));
    };
    let name = |i: usize| if i == at { OsStr::new(SMALL) } else { parts[i].as_os_str() };
    Ok((0..parts.len()).map(name).collect::<PathBuf>().with_extension(""))
}

/// The small version of a large picture: the file of the same name, whatever its ending, in `lr` instead of `hr`.
///
/// # Errors
/// A sentence for people, if there is none or more than one.
pub fn small_of(large: &Path) -> Result<PathBuf, String> {
    let stem = small_stem(large)?;
    let with = |ending: &str| {
        PathBuf::from([stem.as_os_str(), OsStr::new("."), OsStr::new(ending)].into_iter().collect::<OsString>())
    };
    let endings = || Format::ALL.iter().flat_map(|format| format.extensions());
    let exist = |files: &mut dyn Iterator<Item = PathBuf>| files.filter(|f| f.is_file()).collect::<Vec<_>>();
    let mut there = exist(&mut endings().map(|ending| with(ending)));
    if there.is_empty() {
        // In capitals, as cameras write it.
        there = exist(&mut endings().map(|ending| with(&ending.to_uppercase())));
    }
    match there.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!("has no small version {} (any ending)", with("*").display())),
        [first, second, ..] => Err(format!("has two small versions, {} and {}", first.display(), second.display())),
    }
}

/// Whether a large picture is `scale` times its small version.
///
/// # Errors
/// A sentence for people, if it is not.
pub fn check(large: Size, small: Size, scale: usize) -> Result<(), String> {
    if large == small.times(scale) {
        return Ok(());
    }
    Err(format!("is {large:#}, not {scale} times {small:#}"))
}

impl Pair {
    /// The pair of a large picture whose small version is given.
    pub(super) fn given(path: &Path, scale: usize, least: usize) -> Result<Self, TrainError> {
        let wrong = |reason| TrainError::Pair { path: path.to_owned(), reason };
        let given = small_of(path).map_err(wrong)?;
        let small = rgb8(&image_io::decode(&given)?.pixels);
        let large = rgb8(&image_io::decode(path)?.pixels);
        check(large.size(), small.size(), scale).map_err(wrong)?;
        if small.width.min(small.height) < least {
            return Err(TrainError::NoPictures { found: 1, folders: path.display().to_string(), need: least * scale });
        }
        Ok(Self::of(path, large, small, Some(given)))
    }
}
