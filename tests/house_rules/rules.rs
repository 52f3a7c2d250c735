//! The rules themselves.

use super::{
    imports::{names_behind, names_behind_supers, tree, uses_of_crate, words},
    shown,
    source::Source,
};

/// Lines at which a file must be split.
const LONGEST: usize = 400;

/// Which rooms each room imports directly; what those import it may import too. Lower never imports higher, and
/// siblings never import each other, with two allowances beyond DESIGN's sketch: training needs pictures and scores,
/// and the command line, being the outermost layer, may use everything that it starts.
const ROOMS: &[(&str, &[&str])] = &[
    ("tensor", &[]),
    ("nn", &["tensor"]),
    ("backend", &["nn"]),
    ("image_io", &["tensor"]),
    ("metrics", &["tensor"]),
    ("infer", &["backend"]),
    ("train", &["backend", "image_io", "metrics"]),
    // One enum that wraps each layer's enum: above the layers, below those who show errors.
    ("error", &["infer", "train"]),
    ("session", &["infer", "train", "image_io", "error"]),
    ("cli", &["session"]),
    ("ui", &["session"]),
    ("main", &["ui", "cli"]),
    ("lib", &[]),
];

/// Crates, and the only places that may name them.
const CRATES: &[(&str, &[&str])] = &[
    ("wgpu", &["src/backend/gpu"]),
    ("image", &["src/image_io"]),
    ("crossbeam_channel", &["src/session"]),
    ("rayon", &["src/backend/cpu/mod.rs", "src/train"]),
    ("egui", UI),
    ("egui_extras", UI),
    ("egui_plot", UI),
    ("eframe", UI),
    ("rfd", UI),
];
const UI: &[&str] = &["src/ui", "src/main.rs"];
const ARCH: &[&str] = &["src/backend/cpu/lanes"];
const UNSAFE: &[&str] = &["src/backend/cpu/lanes", "src/backend/cpu/isa.rs", "src/backend/gpu/pipelines.rs"];

/// The only place that creates, replaces or renames a file.
const GUARD: &[&str] = &["src/image_io/guard.rs"];
/// Who may remove a file: its own.
const REMOVERS: &[&str] = &["src/image_io/guard.rs", "src/session/batch/journal.rs", "src/session/batch/lock.rs"];

/// Ways to create a file, or to put one in another's place: by the type or module that they belong to, and by words of
/// their own.
const CREATING: &[(&str, &[&str])] = &[
    ("fs", &["write", "copy", "rename", "hard_link", "soft_link", "OpenOptions"]),
    ("File", &["create", "create_new", "create_buffered", "options"]),
];
const CREATING_WORDS: &[&str] = &[
    "OpenOptions",
    "create_new",
    "tempfile",
    "persist",
    "persist_noclobber",
    "symlink",
    "save_with_format",
    "save_buffer",
];
const REMOVING: &[(&str, &[&str])] = &[("fs", &["remove_file", "remove_dir", "remove_dir_all"])];

/// Where threads begin: a window only asks for them.
const THREADS: &[&str] = &["src/session"];

/// What prints without regard for what names of files may hold.
const PRINTING: &[&str] = &["print!", "println!", "eprint!", "eprintln!"];
const SPEAKERS: &[&str] = &["src/cli/text.rs", "src/main.rs"];

/// What the compiler accepts but a finished program does not hold.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore"];

/// A size or a place that does not say which number is which: `tensor::Size` and `tensor::Point` do.
const PAIR: &str = "(usize, usize)";

/// Every breach in these files as `path:line: what`, file by file and line by line.
pub(crate) fn breaches(sources: &[Source]) -> Vec<String> {
    let mut all = Vec::new();
    for source in sources {
        let mut found = Vec::new();
        unfinished(source, &mut found);
        length(source, &mut found);
        if source.path.starts_with("src/") {
            head(source, &mut found);
            direction(source, &mut found);
            crates(source, &mut found);
            confined(source, &mut found);
            writing(source, &mut found);
            printing(source, &mut found);
            pairs(source, &mut found);
            found.extend(shown::words(source));
        }
        found.sort();
        all.extend(found.into_iter().map(|(line, what)| format!("{}:{line}: {what}", source.path)));
    }
    all
}

/// A line and what is wrong with it.
type Breaches = Vec<(usize, String)>;

fn unfinished(source: &Source, found: &mut Breaches) {
    for what in UNFINISHED {
        let places = source
            .code
            .match_indices(what)
            .filter(|(at, _)| !source.code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        found.extend(places.map(|(at, _)| (source.line(at), format!("`{what}` may not stay"))));
    }
}

fn pairs(source: &Source, found: &mut Breaches) {
    // `Fn(usize, usize)` takes two arguments.
    let is_type = |at: &usize| !source.code[..*at].ends_with(|c: char| c.is_alphanumeric());
    let places = source.code.match_indices(PAIR).map(|(at, _)| at).filter(is_type);
    found.extend(places.map(|at| (source.line(at), "a bare pair: say it with `Size`, `Point` or names".to_owned())));
}

fn length(source: &Source, found: &mut Breaches) {
    if source.text.lines().count() > LONGEST {
        found.push((LONGEST + 1, format!("the file has more than {LONGEST} lines: split it")));
    }
}

fn head(source: &Source, found: &mut Breaches) {
    if !source.text.starts_with("//!") {
        found.push((1, "begins without `//!`: say what the file is for".to_owned()));
    }
}

fn direction(source: &Source, found: &mut Breaches) {
    let module = module(&source.path);
    let room = module[0];
    let Some(allowed) = importable(room) else {
        found.push((1, format!("`{room}` is a room that no rule knows; add it here")));
        return;
    };
    if room == "lib" {
        return;
    }
    let mut imports = names_behind(&source.code, "crate");
    imports.extend(names_behind(&source.code, "addersr"));
    imports.extend(names_behind_supers(&source.code, module.len()));
    for (at, name) in imports {
        let is_room = ROOMS.iter().any(|(r, _)| *r == name);
        if is_room && name != room && !allowed.contains(&name.as_str()) {
            found.push((source.line(at), format!("`{room}` may not import `{name}`")));
        }
    }
}

/// The module that a file holds, from its room on: `src/a/b.rs` and `src/a/b/mod.rs` are `[a, b]`.
fn module(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.len() > 1 && parts.ends_with(&["mod"]) {
        parts.pop();
    }
    parts
}

/// All rooms below one, directly or not.
fn importable(room: &str) -> Option<Vec<&'static str>> {
    let (_, direct) = ROOMS.iter().find(|(r, _)| *r == room)?;
    let mut all = direct.to_vec();
    for below in *direct {
        all.extend(importable(below)?);
    }
    Some(all)
}

fn crates(source: &Source, found: &mut Breaches) {
    for (name, places) in CRATES {
        for at in uses_of_crate(&source.code, name) {
            belongs(source, at, name, places, found);
        }
    }
}

/// Instructions, the right to be wrong about memory, and threads.
fn confined(source: &Source, found: &mut Breaches) {
    for root in ["std", "core"] {
        for (at, _) in names_behind(&source.code, root).iter().filter(|(_, name)| name == "arch") {
            belongs(source, *at, &format!("{root}::arch"), ARCH, found);
        }
    }
    for word in ["unsafe", "unsafe_code"] {
        for at in words(&source.code, word) {
            belongs(source, at, word, UNSAFE, found);
        }
    }
    if source.path.starts_with("src/") {
        let code = &source.code;
        let named = words(code, "thread").flat_map(|at| tree(code, at + "thread".len()).unwrap_or_default());
        for (at, name) in named.filter(|(_, name)| ["spawn", "Builder", "scope"].contains(&name.as_str())) {
            belongs(source, at, &format!("thread::{name}"), THREADS, found);
        }
    }
}

/// What people read on a terminal goes through one place.
fn printing(source: &Source, found: &mut Breaches) {
    let end = source.code.find("#[cfg(test)]").unwrap_or(source.code.len());
    for what in PRINTING {
        let places = source.code[..end].match_indices(what).map(|(at, _)| at);
        let whole = |at: &usize| !source.code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        places.filter(whole).for_each(|at| belongs(source, at, what, SPEAKERS, found));
    }
}

/// Every file is created through the guard. Tests make what they need.
fn writing(source: &Source, found: &mut Breaches) {
    if source.path.ends_with("tests.rs") {
        return;
    }
    let end = source.code.find("#[cfg(test)]\nmod tests {").unwrap_or(source.code.len());
    let code = &source.code[..end];
    for (ways, places) in [(CREATING, GUARD), (REMOVING, REMOVERS)] {
        for (owner, names) in ways {
            let named = words(code, owner).flat_map(|at| tree(code, at + owner.len()).unwrap_or_default());
            for (at, name) in named.filter(|(_, name)| names.contains(&name.as_str())) {
                belongs(source, at, &format!("{owner}::{name}"), places, found);
            }
        }
    }
    for word in CREATING_WORDS {
        words(code, word).for_each(|at| belongs(source, at, word, GUARD, found));
    }
}

/// Reports what stands outside its places.
fn belongs(source: &Source, at: usize, what: &str, places: &[&str], found: &mut Breaches) {
    let inside = |place: &&str| source.path == **place || source.path.starts_with(&format!("{place}/"));
    if !places.iter().any(inside) {
        found.push((source.line(at), format!("`{what}` belongs into {}", places.join(" or "))));
    }
}
