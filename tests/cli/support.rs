//! A folder, a tiny model, tiny pictures, and the program.

use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    nn::{Arch, Model, ModelSpec, ParamKind, Params},
    tensor::{Depth, Pixels, Samples},
};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A temporary folder with `m.safetensors` in it, in which the program runs.
pub(crate) struct Room {
    folder: tempfile::TempDir,
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Room {
    pub(crate) fn new() -> Self {
        let room = Self { folder: tempfile::tempdir().unwrap() };
        room.write("m.safetensors", &model(8, 1).to_bytes().unwrap());
        room
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A picture file, its format by its name.
    pub(crate) fn picture(&self, name: impl AsRef<Path>, pixels: &Pixels) -> PathBuf {
        let path = self.path(&name);
        let format = Format::from_path(&path).unwrap();
        image_io::encode(pixels, &Metadata::default(), &path, &EncodeOptions::new(format)).unwrap();
        path
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_addersr"));
        command.current_dir(self.folder.path()).env_remove("ADDERSR_LOG").env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs the program with these arguments.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Said {
        said(self.command().args(args).output().unwrap())
    }

    /// The same without a screen.
    #[cfg(target_os = "linux")]
    pub(crate) fn run_headless<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Said {
        let mut command = self.command();
        for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(variable);
        }
        said(command.args(args).output().unwrap())
    }

    /// Runs `addersr upscale --model m.safetensors` with these arguments besides.
    pub(crate) fn upscale<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Said {
        said(self.command().args(["upscale", "--model", "m.safetensors"]).args(args).output().unwrap())
    }

    pub(crate) fn decode(&self, name: impl AsRef<Path>) -> Pixels {
        image_io::decode(&self.path(name)).unwrap().pixels
    }

    /// Names of all files, hidden ones too, in alphabetical order, without the model.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name != "m.safetensors")
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn said(output: Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Said {
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Asserts a failure told in one line that names the file and holds these words.
    pub(crate) fn failed(self, code: i32, file: &str, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        let errors: Vec<&str> = self.err.lines().filter(|l| l.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "one sentence: {self:?}");
        assert!(errors[0].contains(file), "names {file}: {self:?}");
        for word in words {
            assert!(errors[0].contains(word), "says {word:?}: {self:?}");
        }
        assert!(!self.err.contains("panicked") && !self.err.contains("RUST_BACKTRACE"), "{self:?}");
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

/// An `aedsr` ×2 of any size whose values are the same every time and make a difference everywhere.
pub(crate) fn model(channels: usize, depth: usize) -> Model {
    let plan = ModelSpec::new(Arch::Aedsr, 2, channels, depth).plan();
    let mut params = Params::zeros(&plan);
    let mut random = noise(1);
    for (spec, values) in plan.params.iter().zip(&mut params.values) {
        for v in values {
            *v = match spec.kind {
                ParamKind::RunningVar | ParamKind::Alpha => 1.0 + 0.2 * random(),
                _ => 0.1 * random(),
            };
        }
    }
    let card = [("data".to_owned(), "none: random values for tests".to_owned())].into();
    Model { plan, params, card }
}

/// Numbers in [-1, 1).
pub(crate) fn noise(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}

/// A smooth picture with a little noise.
pub(crate) fn photo(width: usize, height: usize, channels: usize, depth: Depth) -> Pixels {
    let mut random = noise(7);
    let mut value = |i: usize| {
        let (pixel, c) = (i / channels, i % channels);
        let (y, x) = (pixel / width, pixel % width);
        let wave = ((x as f32 / 5.0).sin() + (y as f32 / (3.0 + c as f32)).cos()) / 5.0 + 0.5;
        (wave + 0.05 * random()).clamp(0.0, 1.0) * depth.max()
    };
    let n = width * height * channels;
    let samples = match depth {
        Depth::Eight => Samples::U8((0..n).map(|i| value(i) as u8).collect()),
        Depth::Sixteen => Samples::U16((0..n).map(|i| value(i) as u16).collect()),
    };
    Pixels::new(width, height, channels, samples).unwrap()
}

/// The usual picture: 8-bit RGB.
pub(crate) fn rgb(width: usize, height: usize) -> Pixels {
    photo(width, height, 3, Depth::Eight)
}
