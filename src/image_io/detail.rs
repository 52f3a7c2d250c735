//! What libraries say of a file, without the insides of their programs: values as Rust's debug format spells them, and lines of
//! their sources.

/// The same in words: `ChunkType { type: IDAT, critical: true }` is `IDAT`, `Unknown(9)` is `Unknown 9`, `DistanceTooFarBack` is
/// `distance too far back`.
pub(super) fn plain_detail(detail: &str) -> String {
    // Some break their messages into lines.
    let words = without_structures(detail);
    let words = words.split_whitespace().filter(|word| !word.contains(".rs:"));
    let words = words.map(|word| without_calls(&without_paths(word))).collect::<Vec<_>>().join(" ");
    words.split(' ').map(spaced).collect::<Vec<_>>().join(" ")
}

/// Structures become their first value.
fn without_structures(detail: &str) -> String {
    let mut text = String::new();
    let mut rest = detail;
    while let Some(at) = rest.find(" { ") {
        let Some(end) = closing(&rest[at..]).map(|end| at + end) else { break };
        let named = rest[..at].trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == ':').len();
        text.push_str(&rest[..named]);
        let first = rest[at + 3..end].split(',').next().unwrap_or_default();
        let value = first.split_once(": ").map_or(first, |(_, value)| value);
        text.push_str(value.split(" {").next().unwrap_or_default().trim().trim_matches('"'));
        rest = rest[end + 1..].trim_start();
        if !rest.is_empty() && !rest.starts_with([',', '.', ';', ')']) {
            text.push(' ');
        }
    }
    text + rest
}

/// Where the first brace of a text is closed again.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        (c == '}' && depth == 0).then_some(at)
    })
}

/// Of a path of modules the last name is left.
fn without_paths(word: &str) -> String {
    let mut word = word.to_owned();
    while let Some(at) = word.find("::") {
        let from = word[..at].trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        word.replace_range(from..at + 2, "");
    }
    word
}

/// Tuples with a name, and lists, lose their brackets.
fn without_calls(word: &str) -> String {
    let named = |name: &str| name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
    let word = word.replace(['[', ']'], "");
    match word.split_once('(') {
        Some((name, inside)) if named(name) => {
            format!("{name} {}", without_calls(&inside.replacen(')', "", 1))).trim_end().to_owned()
        }
        _ => word,
    }
}

/// A name of several words as these words.
fn spaced(word: &str) -> String {
    let name = word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '`');
    let humps = || name.char_indices().filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at);
    let long = |at: usize| name[at + 1..].starts_with(|c: char| c.is_ascii_lowercase());
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphabetic());
    if !is_name || humps().count() < 2 || !humps().all(long) {
        return word.to_owned();
    }
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    word.replacen(name, &words, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_words_and_not_the_insides_of_a_library() {
        for (says, is) in [
            (
                "CRC error: expected 0x5b24c7d5 have 0x5b24c7d6 while decoding ChunkType { type: IDAT, critical: true, \
                 private: false } chunk.",
                "CRC error: expected 0x5b24c7d5 have 0x5b24c7d6 while decoding IDAT chunk.",
            ),
            ("Bad { inner: Other { code: 3 } }, sadly", "Other, sadly"),
            ("Unknown chunk: ChunkType { type: ID\\u{14}T, critical: true }", "Unknown chunk: ID\\u{14}T"),
            ("a fault at /home/x/.cargo/registry/png-0.18/src/a.rs:12:5 in\n it", "a fault at in it"),
            ("a sentence { with", "a sentence { with"),
            ("Corrupt deflate stream. DistanceTooFarBack", "Corrupt deflate stream. distance too far back"),
            ("compression method Unknown(9) is unsupported", "compression method Unknown 9 is unsupported"),
            ("read of jxl_image::color::TransferFunction", "read of transfer function"),
            ("PadZeroToByte() read non-zero bits", "pad zero to byte read non-zero bits"),
            ("bits per sample: [8, 8, 16]", "bits per sample: 8, 8, 16"),
            ("sample format [Unknown(184), Some(Unknown(3))]", "sample format Unknown 184, Some Unknown 3"),
            ("a WebP file (of 3) with tag `BitsPerSample`", "a WebP file (of 3) with tag `BitsPerSample`"),
            ("nothing special", "nothing special"),
        ] {
            assert_eq!(plain_detail(says), is);
        }
    }
}
