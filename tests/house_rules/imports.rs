//! Which names stand behind `crate::`, `super::` or the name of another crate, in paths and in `use` trees.

/// A name and the byte at which it stands.
pub(crate) type Found = (usize, String);

fn part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The places where `word` stands by itself.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        !before.ends_with(part_of_word) && !after.starts_with(part_of_word)
    })
}

/// Whether a path goes on before this place: what stands here is a name within something else.
fn continues(code: &str, at: usize) -> bool {
    code[..at].trim_end().ends_with("::")
}

/// The names that follow `root::`, those of a `{…}` tree each.
pub(crate) fn names_behind(code: &str, root: &str) -> Vec<Found> {
    let starts = words(code, root).filter(|&at| !continues(code, at));
    starts.flat_map(|at| tree(code, at + root.len()).unwrap_or_default()).collect()
}

/// The names that follow as many `super::` as lead from a module `depth` levels deep to the crate's root.
pub(crate) fn names_behind_supers(code: &str, depth: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for at in words(code, "super").filter(|&at| !continues(code, at)) {
        let mut end = at + "super".len();
        let mut count = 1;
        while let Some([(next, name)]) = tree(code, end).as_deref()
            && name == "super"
        {
            count += 1;
            end = next + "super".len();
        }
        if count == depth {
            found.extend(tree(code, end).unwrap_or_default());
        }
    }
    found
}

/// The name behind `::` at this place, or all names of the tree there; `None` if no path goes on.
pub(crate) fn tree(code: &str, at: usize) -> Option<Vec<Found>> {
    let offset = |rest: &str| code.len() - rest.len();
    let rest = code[at..].trim_start().strip_prefix("::")?.trim_start();
    let Some(group) = rest.strip_prefix('{') else {
        return Some(vec![(offset(rest), name(rest))]);
    };
    let mut found = Vec::new();
    let (mut depth, mut begins) = (1, true);
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => begins = true,
            c if depth == 1 && begins && part_of_word(c) => {
                found.push((offset(group) + i, name(&group[i..])));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    Some(found)
}

fn name(rest: &str) -> String {
    rest.chars().take_while(|&c| part_of_word(c)).collect()
}

/// The places where the crate `name` is used: as the root of a path or by a bare `use`.
pub(crate) fn uses_of_crate(code: &str, name: &str) -> Vec<usize> {
    let used = |&at: &usize| {
        let after = code[at + name.len()..].trim_start();
        let by_use = code[..at].trim_end().ends_with("use") && (after.starts_with(';') || after.starts_with("as "));
        !continues(code, at) && (after.starts_with("::") || by_use)
    };
    words(code, name).filter(used).collect()
}
