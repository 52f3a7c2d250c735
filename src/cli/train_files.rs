//! The files that a training writes: the model, the run itself, its log.

use crate::{
    error::Error,
    image_io::{self, Guard, Target},
    train::{checkpoint::Checkpoint, dataset::Dataset},
};
use std::{io::BufRead, path::Path};

/// The three files of a run.
pub(super) struct Files {
    guard: Guard,
    pub(super) output: Target,
    pub(super) checkpoint: Target,
    pub(super) log: Target,
}

/// The first line of a log.
pub(super) const LOG_HEAD: &str = "step,seconds,rate,loss,held_out_psnr,held_out_ssim";

impl Files {
    /// Found out before any work. Only --out is named: what lies beside it is replaced if it is an earlier run's, and
    /// gone on with by --resume.
    pub(super) fn claim(out: &Path, models: &[&Option<String>], overwrite: bool, resume: bool) -> Result<Self, Error> {
        let models = models.iter().copied().flatten();
        let guard = Guard::new(models.filter(|name| Path::new(name).exists()));
        let (checkpoint, log) = (out.with_extension("checkpoint"), out.with_extension("csv"));
        let told = overwrite || resume;
        if resume {
            // First of all there has to be a run.
            Checkpoint::load(&checkpoint)?;
        }
        for (path, what, is_ours) in [
            (&checkpoint, "a training's checkpoint", Checkpoint::load(&checkpoint).is_ok()),
            (&log, "a training's log", first_line(&log).as_deref() == Some(LOG_HEAD)),
        ] {
            if told && path.symlink_metadata().is_ok() && !is_ours {
                return Err(image_io::Error::new(path, image_io::ErrorKind::NotOurs { what }).into());
            }
        }
        Ok(Self {
            output: guard.claim(out, told)?,
            checkpoint: guard.claim(&checkpoint, told)?,
            log: guard.claim(&log, told)?,
            guard,
        })
    }

    /// Now that the pictures are known: none of them is written to.
    pub(super) fn protect(&self, data: &Dataset) -> Result<(), Error> {
        data.files().for_each(|file| self.guard.protect(file));
        [&self.output, &self.checkpoint, &self.log].into_iter().try_for_each(|t| Ok(t.refuse_source()?))
    }
}

fn first_line(file: &Path) -> Option<String> {
    let mut line = String::new();
    std::io::BufReader::new(std::fs::File::open(file).ok()?).read_line(&mut line).ok()?;
    Some(line.trim_end().to_owned())
}
