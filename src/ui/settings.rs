//! What is remembered between runs: a small text file in the system's folder for settings.
//!
//! A file that cannot be read is a reason to start with defaults and to say so in the log, never one not to start.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Everything that people set and expect to find again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or what the system says.
    pub theme: Theme,
    /// What computes, as `--device` spells it.
    pub device: String,
    /// Weights files in the list of models.
    pub models: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: Theme::System, device: "auto".to_owned(), models: Vec::new() }
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
        let Some(file) = file() else { return Self::default() };
        let Ok(text) = std::fs::read_to_string(&file) else { return Self::default() };
        ron::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!("{} is not understood ({error}); starting with defaults", file.display());
            Self::default()
        })
    }

    /// Saves them, complete or not at all.
    pub fn save(&self) {
        let Some(file) = file() else { return };
        let write = || -> std::io::Result<()> {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let text =
                ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default()).map_err(std::io::Error::other)?;
            let mut temporary = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(std::path::Path::new(".")))?;
            std::io::Write::write_all(&mut temporary, text.as_bytes())?;
            temporary.persist(&file)?;
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
        let settings =
            Settings { theme: Theme::Dark, device: "GeForce".into(), models: vec!["a b.safetensors".into()] };
        let text = ron::to_string(&settings).unwrap();
        assert_eq!(ron::from_str::<Settings>(&text), Ok(settings));
        assert_eq!(ron::from_str::<Settings>("(device: \"cpu\", gone: 3)").map(|s| s.device), Ok("cpu".to_owned()));
    }
}
