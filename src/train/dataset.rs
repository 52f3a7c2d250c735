//! Pictures to train on and pictures to be judged by.
//!
//! The held-out part is chosen by file and by name alone (a hash), so it does not change when pictures are added or the
//! run is resumed, and no patch of a held-out picture is ever trained on. Bicubic small pictures are made once; other
//! degradations are drawn anew with each patch.

use super::{
    degrade::{self, Degradation},
    error::TrainError,
    given, rehearsal,
    settings::Settings,
};
use crate::{
    image_io,
    tensor::{Depth, Pixels, Samples},
};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A large picture, its small one, and where in it there is something to learn.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Its file.
    pub path: PathBuf,
    /// The truth, 8-bit RGB, cropped to a multiple of the scale.
    pub large: Pixels,
    /// What the network sees, 8-bit RGB.
    pub small: Pixels,
    /// Its file, where it was given.
    pub given: Option<PathBuf>,
    /// Sums of gradient magnitudes over all small pixels above and left: `(h + 1) × (w + 1)` values.
    energy: Vec<u64>,
}

/// What a run works with.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Trained on.
    pub train: Vec<Pair>,
    /// Judged by.
    pub held_out: Vec<Pair>,
    /// Mean gradient energy of a small pixel in the training pictures.
    pub typical_energy: f64,
    /// Pictures of other kinds of which a share of the patches is drawn, and their mean energy; see [`rehearsal`].
    pub rehearsed: Option<(Vec<Pair>, f64)>,
    /// Files that were left out, with the reason.
    pub skipped: Vec<(PathBuf, String)>,
    /// Enlargement.
    pub scale: usize,
}

/// Share of the files that is held out, in percent, and its limits in pictures.
const HELD_OUT_PERCENT: usize = 5;
const MOST_HELD_OUT: usize = 8;

impl Pair {
    fn load(path: &Path, scale: usize, least: usize, degradation: Degradation) -> Result<Self, TrainError> {
        if degradation == Degradation::Given {
            return Self::given(path, scale, least);
        }
        Self::new(path, rgb8(&image_io::decode(path)?.pixels), scale, least, degradation)
    }

    /// The pair of an 8-bit RGB picture of at least `least` small pixels.
    pub(super) fn new(
        path: &Path,
        large: Pixels,
        scale: usize,
        least: usize,
        degradation: Degradation,
    ) -> Result<Self, TrainError> {
        if large.width.min(large.height) < least * scale {
            return Err(TrainError::NoPictures { found: 1, folders: path.display().to_string(), need: least * scale });
        }
        let large = large.crop(0, 0, large.height / scale * scale, large.width / scale * scale)?;
        let small = degrade::shrink_for_judging(&large, scale, degradation, path)?;
        Ok(Self::of(path, large, small, None))
    }

    /// Of two 8-bit RGB pictures whose sizes fit.
    pub(super) fn of(path: &Path, large: Pixels, small: Pixels, given: Option<PathBuf>) -> Self {
        let energy = energy(&small);
        Self { path: path.to_owned(), large, small, given, energy }
    }

    /// Sum of gradient magnitudes (8-bit steps) in a square of the small picture.
    pub fn energy(&self, y: usize, x: usize, side: usize) -> u64 {
        let at = |y: usize, x: usize| self.energy[y * (self.small.width + 1) + x];
        at(y + side, x + side) + at(y, x) - at(y, x + side) - at(y + side, x)
    }
}

impl Dataset {
    /// Reads all pictures in these folders and below (a file stands for itself). `judges`, if any, are folders or files of
    /// pictures to hold out instead of a share of the others. `patch` is the side of a patch in small pixels. With
    /// [`Degradation::Given`] the folders hold pairs, and a large picture stands for each.
    ///
    /// # Errors
    /// If a folder cannot be read or no picture is large enough. Single unreadable pictures are listed in `skipped`.
    pub fn load(
        folders: &[PathBuf],
        judges: &[PathBuf],
        scale: usize,
        patch: usize,
        degradation: Degradation,
    ) -> Result<Self, TrainError> {
        let pairs = degradation == Degradation::Given;
        let find = if pairs { given::find_large } else { find };
        let mut files = find(folders)?;
        let (found, mut skipped) = (files.len(), Vec::new());
        if pairs {
            skipped = given::without_large(folders, &files)?;
        }
        let held_files = if judges.is_empty() {
            let held = held_out(&files);
            files.retain(|f| !held.contains(f));
            held
        } else {
            find(judges)?
        };
        let mut load = |files: Vec<PathBuf>| -> Vec<Pair> {
            let loaded: Vec<_> = files.par_iter().map(|f| Pair::load(f, scale, patch, degradation)).collect();
            let mut pairs = Vec::new();
            for (file, pair) in files.into_iter().zip(loaded) {
                match pair {
                    Ok(pair) => pairs.push(pair),
                    Err(TrainError::NoPictures { need, .. }) => {
                        skipped.push((file, format!("smaller than {need} pixels")))
                    }
                    Err(TrainError::Pair { reason, .. }) => skipped.push((file, reason)),
                    Err(error) => skipped.push((file, error.to_string())),
                }
            }
            pairs
        };
        let (train, held_out) = (load(files), load(held_files));
        if train.is_empty() {
            let folders = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
            if let (true, Some((file, reason))) = (pairs, skipped.first()) {
                return Err(TrainError::NoPairs { found, folders, first: format!("{} {reason}", file.display()) });
            }
            return Err(TrainError::NoPictures { found, folders, need: patch * scale });
        }
        let typical_energy = typical_energy(&train);
        Ok(Self { train, held_out, typical_energy, rehearsed: None, skipped, scale })
    }

    /// Every file that was read or could not be.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let pairs = self.train.iter().chain(&self.held_out);
        let pairs = pairs.flat_map(|pair| std::iter::once(pair.path.as_path()).chain(pair.given.as_deref()));
        pairs.chain(self.skipped.iter().map(|(file, _)| file.as_path()))
    }

    /// With the pictures that a run of these settings rehearses, if it does.
    ///
    /// # Errors
    /// If they are smaller than its patches.
    pub fn rehearsing(mut self, settings: &Settings) -> Result<Self, TrainError> {
        if settings.rehearsal > 0.0 {
            let pairs = rehearsal::pairs(self.scale, settings.patch, settings.degradation)?;
            let typical = typical_energy(&pairs);
            self.rehearsed = Some((pairs, typical));
        }
        Ok(self)
    }
}

/// Mean gradient energy of a small pixel.
fn typical_energy(pairs: &[Pair]) -> f64 {
    let total: u64 = pairs.iter().filter_map(|p| p.energy.last()).sum();
    let area: usize = pairs.iter().map(|p| p.small.area()).sum();
    total as f64 / area as f64
}

/// Which of the files are to be held out: a share, chosen by name alone; none of a single one.
pub fn held_out(files: &[PathBuf]) -> Vec<PathBuf> {
    let count = (files.len() * HELD_OUT_PERCENT / 100).clamp(usize::from(files.len() > 1), MOST_HELD_OUT);
    let mut files = files.to_vec();
    files.sort_by_key(|f| hash(f));
    files.truncate(count);
    files
}

/// Picture files in folders and below, sorted; a file stands for itself.
///
/// # Errors
/// If a folder cannot be searched.
pub fn find(folders: &[PathBuf]) -> Result<Vec<PathBuf>, TrainError> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in walkdir::WalkDir::new(folder).follow_links(true) {
            let entry = entry.map_err(|e| TrainError::Folder { folder: folder.clone(), reason: e.to_string() })?;
            if entry.file_type().is_file() && image_io::Format::from_path(entry.path()).is_some() {
                files.push(entry.into_path());
            }
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// FNV-1a of the file's name, the same on every machine and in every run.
pub(super) fn hash(path: &Path) -> u64 {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// The colour of a picture as training sees it: 8-bit RGB.
pub fn rgb8(pixels: &Pixels) -> Pixels {
    let eight = pixels.to_eight();
    let colour = eight.colour_channels();
    if let (3, false) = (colour, eight.has_alpha()) {
        return eight;
    }
    // 8 bits to floats and back is exact.
    match Pixels::from_tensors(&eight.rgb(), None, Depth::Eight) {
        Ok(rgb) => rgb,
        Err(error) => unreachable!("three channels of a picture that was decoded: {error}"),
    }
}

fn energy(small: &Pixels) -> Vec<u64> {
    let Samples::U8(samples) = &small.samples else { return vec![0; (small.width + 1) * (small.height + 1)] };
    let (w, h, c) = (small.width, small.height, small.channels);
    let luma = |y: usize, x: usize| i64::from(samples[(y * w + x) * c + c / 2]); // green stands for luma
    let mut sums = vec![0u64; (w + 1) * (h + 1)];
    for y in 0..h {
        let mut row = 0;
        for x in 0..w {
            let here = luma(y, x);
            let (right, below) = (luma(y, (x + 1).min(w - 1)), luma((y + 1).min(h - 1), x));
            row += (here - right).unsigned_abs() + (here - below).unsigned_abs();
            sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_of_a_square_counts_its_edges() {
        let mut samples = vec![0; 6 * 4 * 3];
        samples[(6 + 2) * 3 + 1] = 10; // one bright pixel at (1, 2)
        let small = Pixels { width: 6, height: 4, channels: 3, samples: Samples::U8(samples) };
        let pair = Pair { path: "x".into(), large: small.clone(), energy: energy(&small), small, given: None };
        assert_eq!(pair.energy(0, 0, 4), 40, "left, above, right, below");
        assert_eq!(pair.energy(2, 3, 2), 0);
    }
}
