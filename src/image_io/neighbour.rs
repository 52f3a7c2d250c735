//! The pictures of a folder as people page through them: in natural order, `IMG_9` before `IMG_10`.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::is_picture;

/// The picture so many places behind (`by` > 0) or before a file in its folder, or the last there is in that direction;
/// `None` if there is none. The file itself may be gone by now: its place is where it would stand. Hidden files are left
/// out.
///
/// # Errors
/// If the folder cannot be read.
pub fn neighbour(file: &Path, by: isize) -> Result<Option<PathBuf>> {
    let all = pictures_beside(file)?;
    let before = all.iter().filter(|other| compare(other, file) == Ordering::Less).count() as isize;
    let there = all.get(before as usize).is_some_and(|at| compare(at, file) == Ordering::Equal);
    let wanted = if !there && by > 0 { before + by - 1 } else { before + by };
    let found = wanted.clamp(0, (all.len() as isize - 1).max(0));
    let moved = if by > 0 { found >= before + isize::from(there) } else { found < before };
    Ok(if moved { all.into_iter().nth(found as usize) } else { None })
}

/// All pictures in the folder of a file, which may be gone by now, in natural order; hidden ones are left out.
///
/// # Errors
/// If the folder cannot be read.
pub fn pictures_beside(file: &Path) -> Result<Vec<PathBuf>> {
    let named = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = named.unwrap_or(Path::new("."));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::from_reading(folder, e))? {
        let Ok(entry) = entry else { continue };
        let path = file.with_file_name(entry.file_name());
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && path.is_file() && is_picture(&path) {
            all.push(path);
        }
    }
    all.sort_by(|a, b| compare(a, b));
    Ok(all)
}

/// Files of one folder by their names.
fn compare(a: &Path, b: &Path) -> Ordering {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_owned();
    let (a, b) = (name(a), name(b));
    natord::compare(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_follow_each_other_as_people_count_and_end_at_the_ends() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a10.png", "a9.JPG", "b.webp", "notes.txt", ".hidden.png"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("a11.png")).unwrap();
        let of = |name: &str, by| {
            let found = neighbour(&folder.path().join(name), by).unwrap();
            found.map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        };
        for (name, by, expected) in [
            ("a9.JPG", 1, Some("a10.png")),
            ("a10.png", 1, Some("b.webp")),
            ("b.webp", 1, None),
            ("b.webp", -1, Some("a10.png")),
            ("b.webp", -2, Some("a9.JPG")),
            ("a9.JPG", -1, None),
            ("a10.png", -5, Some("a9.JPG")),
            ("a9.JPG", 5, Some("b.webp")),
            // Where files would stand that are gone.
            ("a9a.png", 1, Some("a10.png")),
            ("a9a.png", -1, Some("a9.JPG")),
            ("c.png", 1, None),
            ("c.png", -1, Some("b.webp")),
            ("a.png", -1, None),
            ("a.png", 2, Some("a10.png")),
        ] {
            assert_eq!(of(name, by).as_deref(), expected, "{name} {by}");
        }
        let empty = folder.path().join("a11.png");
        assert_eq!(neighbour(&empty.join("x.png"), 1).unwrap(), None);
        assert_eq!(neighbour(&empty.join("x.png"), -1).unwrap(), None);
        let gone = neighbour(&folder.path().join("gone/x.png"), 1).unwrap_err();
        assert!(gone.to_string().contains("gone"), "{gone}");
    }
}
