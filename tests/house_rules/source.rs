//! A source file as text, and as code: the same lines with comments, strings and characters blanked out.

use std::path::Path;

/// One file.
pub(crate) struct Source {
    /// Path from the repository's root, with slashes.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Without comments and literals; every line keeps its number.
    pub(crate) code: String,
    /// Its strings, each with the place in [`code`](Self::code) where it begins.
    pub(crate) strings: Vec<(usize, String)>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (code, strings) = blank(text);
        Self { path: path.to_owned(), text: text.to_owned(), code, strings }
    }

    /// All Rust files below these folders of the repository that exist, in order.
    pub(crate) fn tree(folders: &[&str]) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = Vec::new();
        for folder in folders.iter().map(|f| root.join(f)).filter(|f| f.exists()) {
            for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
                let path = entry.unwrap().into_path();
                if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let parts: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|p| p.to_str().unwrap()).collect();
                    sources.push(Self::new(&parts.join("/"), &text));
                }
            }
        }
        sources
    }

    /// The number of the line that holds the byte `at` of [`code`](Self::code).
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.code[..at].matches('\n').count()
    }
}

/// Replaces comments and literals by spaces, newlines excepted; and the strings, with where they begin in what is left.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let (skip, keep) = match literal(rest, word) {
            Some(length) => (length, false),
            None => (first.len_utf8(), true),
        };
        let (part, after) = rest.split_at(skip);
        if !keep && (first == '"' || first == 'r') {
            strings.push((code.len(), part.trim_start_matches('r').trim_matches(['#', '"']).to_owned()));
        }
        code.extend(part.chars().map(|c| if keep || c == '\n' { c } else { ' ' }));
        rest = after;
    }
    (code, strings)
}

/// Length of the comment, string or character with which `rest` begins. `word`: a name goes on before it, so that an `r`
/// begins no raw string.
fn literal(rest: &str, word: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if let Some(inner) = rest.strip_prefix('"') {
        return Some(1 + until(inner, '"'));
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        // A character ends after one sign or an escape; a lifetime does not end.
        let mut signs = inner.chars();
        let escaped = signs.next()? == '\\';
        return if escaped || signs.next() == Some('\'') { Some(1 + until(inner, '\'')) } else { None };
    }
    let raw = if word { None } else { rest.strip_prefix('r').or_else(|| rest.strip_prefix("br")) }?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let inner = raw[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let closed = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    Some(rest.len() - inner.len() + closed)
}

/// Length up to and with the first `quote` that no backslash precedes.
fn until(inner: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, sign) in inner.char_indices() {
        if sign == quote && !escaped {
            return at + sign.len_utf8();
        }
        escaped = sign == '\\' && !escaped;
    }
    inner.len()
}

/// Length of a comment that may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}
