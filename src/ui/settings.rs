//! What is remembered between runs: a small text file in the system's folder for settings.
//!
//! A file that cannot be read is a reason to start with defaults and to say so in the log, never one not to start. A field
//! that an older program did not know gets its default; what a tab finds here it looks at before it believes it, because
//! models and folders go away.

use super::{
    place::WindowPlace,
    tabs::{enhance, train},
    text::Language,
};
use crate::{image_io::Guard, session::batch};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Everything that people set and expect to find again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or what the system says.
    pub theme: Theme,
    /// What the window speaks; `None`: the system's language, or English.
    pub language: Option<Language>,
    /// How large it is drawn; 1 is as the system says.
    pub interface_size: f32,
    /// What computes, as `--device` spells it.
    pub device: String,
    /// Threads to compute with on the CPU, from the next start on; `None`: one per core.
    pub threads: Option<u16>,
    /// Weights files in the list of models.
    pub models: Vec<PathBuf>,
    /// Photos that were open lately, the last one first.
    pub recent: Vec<PathBuf>,
    /// Whether the pictures of the photo's folder are shown below it.
    pub film_strip: bool,
    /// Where the window was.
    pub window: WindowPlace,
    /// What is compared in Enhance, how, and how results are written.
    pub enhance: enhance::Persisted,
    /// What Batch makes of pictures.
    pub batch: batch::Settings,
    /// How Train trains.
    pub train: train::Persisted,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: None,
            interface_size: 1.0,
            device: "auto".to_owned(),
            threads: None,
            models: Vec::new(),
            recent: Vec::new(),
            film_strip: true,
            window: WindowPlace::default(),
            enhance: enhance::Persisted::default(),
            batch: batch::Settings::default(),
            train: train::Persisted::default(),
        }
    }
}

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Settings {
    /// What was saved last, or defaults.
    pub fn load() -> Self {
        file().map(|file| Self::read(&file)).unwrap_or_default()
    }

    fn read(file: &Path) -> Self {
        let Ok(text) = std::fs::read_to_string(file) else { return Self::default() };
        ron::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!("{} is not understood ({error}); starting with defaults", file.display());
            Self::default()
        })
    }

    /// Saves them, complete or not at all.
    pub fn save(&self) {
        if let Some(file) = file() {
            self.write(&file);
        }
    }

    fn write(&self, file: &Path) {
        let write = || -> std::io::Result<()> {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let text =
                ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default()).map_err(std::io::Error::other)?;
            let target = Guard::default().claim(file, true).map_err(std::io::Error::other)?;
            target.write_bytes(text.as_bytes()).map_err(std::io::Error::other)?;
            Ok(())
        };
        if let Err(error) = write() {
            tracing::warn!("settings were not saved: {error}");
        }
    }
}

fn file() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "addersr").map(|dirs| dirs.config_dir().join("settings.ron"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_their_file_and_unknown_or_missing_fields_do_no_harm() {
        let mut settings = Settings {
            theme: Theme::Dark,
            language: Some(Language::German),
            device: "GeForce".into(),
            models: vec!["a b.safetensors".into()],
            ..Settings::default()
        };
        settings.batch.out = Some("large ä".into());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/settings.ron");
        settings.write(&file);
        assert_eq!(Settings::read(&file), settings);
        std::fs::write(&file, "(device: \"cpu\", gone: 3, batch: (quality: 7), train: ())").unwrap();
        let old = Settings::read(&file);
        assert_eq!(
            (old.device.as_str(), old.batch.quality, old.batch.template),
            ("cpu", 7, Settings::default().batch.template)
        );
    }

    #[test]
    fn a_broken_file_never_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.ron");
        assert_eq!(Settings::read(&file), Settings::default(), "there is none");
        let broken = [
            "",
            "(",
            "\u{0}\u{1}",
            "(theme: Purple)",
            "(enhance: 7)",
            "(train: (dial: Endless))",
            "(batch: (target: Factor(\"x\")))",
        ];
        for text in broken {
            std::fs::write(&file, text).unwrap();
            assert_eq!(Settings::read(&file), Settings::default(), "{text}");
        }
        std::fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(Settings::read(&file), Settings::default(), "no text at all");
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert_eq!(Settings::read(&file), Settings::default(), "a folder");
        Settings::default().write(&file);
    }
}
