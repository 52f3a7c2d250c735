//! What the window says stands in its catalogues (`assets/text`), so no view has words of its own.

use super::source::Source;

/// Where words may stand in the sources of the window.
const CATALOGUES: &str = "src/ui/text/";

/// Calls that show what they are given.
const SHOWING: &[&str] = &[
    "label",
    "heading",
    "strong",
    "weak",
    "small",
    "monospace",
    "button",
    "checkbox",
    "colored_label",
    "radio_value",
    "selectable_label",
    "selectable_value",
    "on_hover_text",
    "on_disabled_hover_text",
    "on_hover_text_at_pointer",
    "hint_text",
    "selected_text",
    "alt_text",
    "set_title",
    "add_filter",
    "labeled",
    "selected",
    "slider",
    "section",
    "empty",
    "heading",
    "labelled",
    "choice",
    "legend",
    "axes",
    "tell",
    "tell_of",
    "primary",
    "without_text",
    "RichText::new",
    "Button::new",
    "Label::new",
    "Checkbox::new",
    "CollapsingHeader::new",
    "Window::new",
    "prefix",
    "suffix",
];

/// Calls that name something that nobody sees, so that even two words are none of the catalogue's.
const NAMING: &[&str] = &[
    "unique",
    "with",
    "id_salt",
    "from_id_salt",
    "new",
    "plot",
    "top",
    "bottom",
    "left",
    "right",
    "texture",
    "load_texture",
    "start",
    "var_os",
    "call_method",
    "warn!",
    "strip_prefix",
    "from",
    "with_title",
    "text!",
];

/// Signs of units, the same in every language.
const UNITS: &[&str] = &["MP/s", "MP", "px", "dB", "bit"];

/// A name that is not translated.
const NAME: &str = "AdderSR";

/// Words of its own in a file of the window, each with its line. Tests say what they expect.
pub(crate) fn words(source: &Source) -> Vec<(usize, String)> {
    if !source.path.starts_with("src/ui/") || source.path.starts_with(CATALOGUES) || source.path.ends_with("tests.rs") {
        return Vec::new();
    }
    let end = source.code.find("#[cfg(test)]").unwrap_or(source.code.len());
    let mut found = Vec::new();
    for (at, literal) in source.strings.iter().filter(|(at, _)| *at < end) {
        let plain = without_placeholders(literal);
        let calls = calls(&source.code[..*at]);
        let named = calls.first().is_some_and(|call| NAMING.contains(&last(call)) && !SHOWING.contains(&call.as_str()));
        let shown = calls.iter().any(|call| SHOWING.contains(&call.as_str()) || SHOWING.contains(&last(call)));
        if plain != NAME && !named && (reads_as_text(&plain) || shown && has_word(&plain)) {
            found.push((source.line(*at), format!("`{literal}` belongs into the catalogues in assets/text")));
        }
    }
    found
}

/// The last part of a path.
fn last(call: &str) -> &str {
    call.rsplit("::").next().unwrap_or(call)
}

/// What `format!` leaves of a text, without units.
fn without_placeholders(literal: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0;
    for sign in literal.chars() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => plain.push(sign),
            _ => {}
        }
    }
    UNITS.iter().fold(plain, |plain, unit| plain.replace(unit, "")).trim().to_owned()
}

/// Whether two letters follow each other.
fn has_word(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic))
}

/// Whether it is more than one word, or begins as a sentence does.
fn reads_as_text(text: &str) -> bool {
    let words = text.split(' ').filter(|word| has_word(word)).count();
    words > 1 || has_word(text) && text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The calls that a place stands in, the innermost first, as far as its statement reaches.
fn calls(before: &str) -> Vec<String> {
    let mut depth = 0;
    let mut found = Vec::new();
    for (at, sign) in before.char_indices().rev() {
        match sign {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' if depth > 0 => depth -= 1,
            '{' if depth > 0 => depth -= 1,
            '(' => {
                let name = |c: char| c.is_alphanumeric() || "_:!".contains(c);
                let begin = before[..at].rfind(|c| !name(c)).map_or(0, |at| at + 1);
                found.push(before[begin..at].trim_matches(':').to_owned());
            }
            '{' => break,
            ';' if depth == 0 => break,
            _ => {}
        }
    }
    found
}
