//! Languages that the window speaks, and which of them the system asks for.

use serde::{Deserialize, Serialize};

/// A language with a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// What every message exists in.
    English,
    /// German.
    German,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Chinese];

    /// What its speakers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Chinese => "简体中文",
        }
    }

    /// What it is called where its own letters cannot be written.
    pub(in crate::ui) fn english_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::Chinese => "Simplified Chinese",
        }
    }

    /// Its tag of BCP 47, by which plurals are chosen.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Chinese => "zh-Hans",
        }
    }

    /// Its catalogue.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../assets/text/en.ftl"),
            Self::German => include_str!("../../../assets/text/de.ftl"),
            Self::Chinese => include_str!("../../../assets/text/zh-CN.ftl"),
        }
    }

    /// What the system is set to: `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and `LANG`, elsewhere the languages that people prefer.
    pub(in crate::ui) fn of_system() -> Self {
        Self::first_of(sys_locale::get_locales())
    }

    /// The first of these that there is.
    fn first_of(locales: impl IntoIterator<Item = String>) -> Self {
        locales.into_iter().find_map(|locale| Self::of(&locale)).unwrap_or(Self::English)
    }

    /// The language of a locale, `de-AT` or `zh-Hans-CN`.
    fn of(locale: &str) -> Option<Self> {
        let locale = locale.to_ascii_lowercase();
        let mut parts = locale.split(['-', '_', '.', '@']);
        match parts.next()? {
            "en" | "c" | "posix" => Some(Self::English),
            "de" => Some(Self::German),
            // Who writes the traditional characters is not given the others.
            "zh" if parts.clone().any(|part| part == "hans") => Some(Self::Chinese),
            "zh" => (!parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&part))).then_some(Self::Chinese),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_system_s_language_is_spoken_if_it_can_be() {
        for (locales, language) in [
            (&[] as &[&str], Language::English),
            (&["de-DE"], Language::German),
            (&["de"], Language::German),
            (&["zh-CN"], Language::Chinese),
            (&["zh"], Language::Chinese),
            (&["zh-Hans-HK"], Language::Chinese),
            (&["zh-TW"], Language::English),
            (&["zh-Hant-CN"], Language::English),
            (&["C", "de-DE"], Language::English),
            (&["en-GB", "de-DE"], Language::English),
            (&["fr-CH", "de-CH"], Language::German),
            (&["den-CA"], Language::English),
        ] {
            assert_eq!(Language::first_of(locales.iter().map(|&l| l.to_owned())), language, "{locales:?}");
        }
    }
}
