//! Paths that comments and pages name: each must lead somewhere.

use std::path::Path;

/// Folders of the repository that are read and that a path may begin with.
const FOLDERS: &[&str] =
    &["src", "tests", "benches", "examples", "shaders", "assets", "docs", "packaging", ".ci", ".github"];
/// Endings by which a name alone is a path.
const ENDINGS: &[&str] = &[".rs", ".wgsl", ".py"];

/// All files of the repository, from its root on, with slashes.
pub(crate) fn files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    for folder in FOLDERS.iter().map(|f| root.join(f)).filter(|f| f.exists()) {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let parts: Vec<_> =
                    entry.path().strip_prefix(root).unwrap().iter().map(|p| p.to_str().unwrap()).collect();
                all.push(parts.join("/"));
            }
        }
    }
    all
}

/// The text of every file that may name paths.
pub(crate) fn texts(files: &[String]) -> Vec<(&str, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The rules' own tests name files that do not exist.
    let read = |path: &&String| {
        [".rs", ".wgsl", ".md"].iter().any(|e| path.ends_with(e)) && !path.starts_with("tests/house_rules/")
    };
    files.iter().filter(read).map(|p| (p.as_str(), std::fs::read_to_string(root.join(p)).unwrap())).collect()
}

/// Lines of a file that name what is not among `files`, as `path:line: what`.
pub(crate) fn stale(path: &str, text: &str, files: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let said = if path.ends_with(".md") { line } else { comment(line) };
        for name in said.split(|c: char| !(c.is_alphanumeric() || "_./-".contains(c))) {
            let name = name.trim_end_matches(['.', '/']);
            if is_path(name) && !exists(name, files) {
                found.push(format!("{path}:{}: there is no `{name}`", i + 1));
            }
        }
    }
    found
}

/// The comment that a line is or ends with.
fn comment(line: &str) -> &str {
    let whole = line.trim_start();
    if whole.starts_with("//") { whole } else { line.find("; // ").map_or("", |at| &line[at..]) }
}

fn is_path(name: &str) -> bool {
    let rooted = name.split_once('/').is_some_and(|(first, rest)| FOLDERS.contains(&first) && !rest.is_empty());
    let named = ENDINGS.iter().any(|e| name.strip_suffix(e).is_some_and(|stem| !stem.is_empty()));
    rooted || (named && !name.starts_with(['.', '/']))
}

fn exists(name: &str, files: &[String]) -> bool {
    let (folder, source, below) = (format!("{name}/"), format!("{name}.rs"), format!("/{name}"));
    files.iter().any(|file| file == name || *file == source || file.starts_with(&folder) || file.ends_with(&below))
}
