//! The catalogues against the sources and against each other.

use super::{Language, formatted, plain, speak, text};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Keys with the names of what is filled in.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn inline(expression: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => placeable(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| inline(argument, found));
        }
        _ => {}
    }
}

fn placeable(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(expression) => inline(expression, found),
        Expression::Select { selector, variants } => {
            inline(selector, found);
            variants.iter().for_each(|variant| arguments(&variant.value, found));
        }
    }
}

fn arguments(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            placeable(expression, found);
        }
    }
}

/// The messages of a catalogue, each once.
fn messages(language: Language) -> Keys {
    let resource = parser::parse(language.source()).unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
    let mut keys = Keys::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut found = BTreeSet::new();
            let value = message.value.as_ref();
            arguments(value.unwrap_or_else(|| panic!("{} says nothing", message.id.name)), &mut found);
            assert!(
                keys.insert(message.id.name.to_owned(), found).is_none(),
                "{language:?}: {} twice",
                message.id.name
            );
        }
    }
    keys
}

/// What follows an opening bracket, up to the one that closes it, in pieces between its commas.
fn pieces(code: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut begin, mut before) = (0, false, 0, ' ');
    let mut pieces = Vec::new();
    for (at, sign) in code.char_indices() {
        match sign {
            '"' if before != '\\' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                pieces.push(&code[begin..at]);
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                pieces.push(&code[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        before = sign;
    }
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// Every use in the sources of the window: file, key, arguments.
fn uses() -> Vec<(String, String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui")) {
        let file = entry.expect("sources can be read").into_path();
        if file.extension().is_none_or(|e| e != "rs")
            || file.ends_with("text/mod.rs")
            || file.ends_with("text/tests.rs")
        {
            continue;
        }
        let code = std::fs::read_to_string(&file).expect("sources are text");
        for (at, call) in code.match_indices("text!(") {
            let mut pieces = pieces(&code[at + call.len()..]).into_iter();
            let key = pieces.next().unwrap_or_default().trim_matches('"').to_owned();
            let names = pieces.map(|piece| piece.split('=').next().unwrap_or_default().trim().to_owned()).collect();
            found.push((file.display().to_string(), key, names));
        }
    }
    found
}

#[test]
fn everything_said_is_in_the_catalogue_and_the_other_way_round() {
    let messages = messages(Language::English);
    let uses = uses();
    for (file, key, names) in &uses {
        let known = messages.get(key).unwrap_or_else(|| panic!("{file}: en.ftl has no `{key}`"));
        assert_eq!(known, names, "{file}: what is filled into `{key}`, by en.ftl and by the code");
    }
    let used: BTreeSet<&String> = uses.iter().map(|(_, key, _)| key).collect();
    let unused: Vec<&String> = messages.keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn every_language_says_the_same() {
    let english = messages(Language::English);
    for language in Language::ALL {
        let own = messages(language);
        let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let more: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && more.is_empty(), "{language:?} lacks {missing:?} and has {more:?} for itself");
        for (key, names) in &english {
            assert_eq!(&own[key], names, "{language:?}: what is filled into `{key}`");
        }
    }
}

#[test]
fn messages_are_read_and_filled_in() {
    speak(Language::English);
    assert_eq!(text!("open"), "Open");
    assert_eq!(text!("batch-quality-prefix"), "quality ", "with its space");
    assert_eq!(text!("no-file", path = "a.png"), "There is no file a.png.");
    assert_eq!([1, 2].map(|n| text!("set-duplicate", n = n)), ["1 duplicate", "2 duplicates"]);
    assert!(std::ptr::eq(text!("open"), text!("open")), "made once");
    assert_eq!((plain("no-such-key"), formatted("no-such-key", [])), ("no-such-key", "no-such-key".to_owned()));
}

#[test]
fn every_sign_of_a_latin_language_is_in_the_fonts_that_the_program_brings() {
    use eframe::egui::{Context, FontId, RawInput};
    let context = Context::default();
    crate::ui::theme::apply(&context);
    let mut output = context.run_ui(RawInput::default(), |ui| {
        for language in Language::ALL.into_iter().filter(|language| *language != Language::Chinese) {
            for sign in language.source().chars().filter(|sign| !sign.is_whitespace()) {
                for font in [FontId::proportional(14.0), FontId::monospace(13.0)] {
                    assert!(
                        ui.ctx().fonts_mut(|fonts| fonts.has_glyph(&font, sign)),
                        "{language:?}: {sign} in {font:?}"
                    );
                }
            }
        }
    });
    output.textures_delta.clear();
}
