//! All that the window says, in catalogues: one file of Mozilla's Fluent per language in `assets/text`, so that a second
//! language is a file. Where a catalogue lacks a message, the English one stands in.
//!
//! Looked at: `fluent-templates` and `i18n-embed` (both put files, macros and a loader around what is here forty lines),
//! `rust-i18n` (no plurals), gettext (a C library, and English sentences as keys).
//!
//! A message without arguments is made once and borrowed from then on; one with arguments costs its string, as `format!`
//! would. The language belongs to a thread, the window's: tests on other threads may speak another one.

mod duration;
mod language;
mod names;
#[cfg(test)]
mod tests;

pub(in crate::ui) use duration::duration;
pub use language::Language;
pub(in crate::ui) use names::{
    curve_name, formula, layer_form, look_name, model_name, op_name, op_what, source_name, way_name,
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::Entry;
use std::{cell::Cell, collections::HashMap, sync::OnceLock};

/// What the window says under a key: `text!("open")`, and with arguments `text!("done-of", done = 3, all = 5)`.
macro_rules! text {
    ($key:literal) => {
        $crate::ui::text::plain($key)
    };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::ui::text::formatted($key, [$((stringify!($name), ::fluent_bundle::FluentValue::from($value))),+])
    };
}
pub(in crate::ui) use text;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// Sets the language of this thread's window.
pub(in crate::ui) fn speak(language: Language) {
    SPOKEN.set(language);
}

/// One language's messages.
struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Those without arguments.
    plain: HashMap<String, String>,
}

impl Catalogue {
    fn new(language: Language) -> Self {
        let (resource, errors) = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) => (resource, Vec::new()),
            Err((rest, errors)) => (rest, errors),
        };
        debug_assert!(errors.is_empty(), "{language:?}: {errors:?}");
        let keys = resource.entries().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        });
        let keys: Vec<String> = keys.collect();
        let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        // Marks around arguments are for mixed directions, and a label that is compared would have them too.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let mut plain = HashMap::new();
        for key in keys {
            let mut errors = Vec::new();
            let pattern = bundle.get_message(&key).and_then(|message| message.value());
            let Some(value) = pattern.map(|pattern| bundle.format_pattern(pattern, None, &mut errors)) else {
                continue;
            };
            // What wants arguments has failed without.
            if errors.is_empty() {
                plain.insert(key, value.into_owned());
            }
        }
        Self { bundle, plain }
    }

    /// The catalogue of a language, read once.
    fn of(language: Language) -> &'static Self {
        static ALL: [OnceLock<Catalogue>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
        ALL[language as usize].get_or_init(|| Self::new(language))
    }

    fn formatted(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(text)
    }
}

/// A message without arguments; by [`text!`].
pub(in crate::ui) fn plain(key: &'static str) -> &'static str {
    let of = |language| Catalogue::of(language).plain.get(key).map(String::as_str);
    of(SPOKEN.get()).or_else(|| of(Language::English)).unwrap_or(key)
}

/// A message with arguments; by [`text!`].
pub(in crate::ui) fn formatted<const N: usize>(
    key: &'static str,
    args: [(&'static str, FluentValue<'_>); N],
) -> String {
    let args: FluentArgs<'_> = args.into_iter().collect();
    let of = |language| Catalogue::of(language).formatted(key, &args);
    of(SPOKEN.get()).or_else(|| of(Language::English)).unwrap_or_else(|| key.to_owned())
}
