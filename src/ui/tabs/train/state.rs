//! What the tab knows: the set, the recipe, the run. No egui types, so that it is tested without a window.

use super::{
    forecast::{Forecast, Steps},
    run::Run,
};
use crate::{
    session::{
        JobId,
        models::ModelRef,
        trainer::{Event, Found, Start, Verdict},
    },
    train::{Settings, TUNING_RATE, TUNING_REHEARSAL, dataset::held_out, degrade::Degradation},
    ui::text::text,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// How long to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Dial {
    /// To see whether it helps.
    Short,
    /// Most of what there is to gain.
    Normal,
    /// For many pictures.
    Long,
    /// As set under Advanced.
    Own,
}

impl Dial {
    /// What can be chosen at a glance.
    pub(super) const ALL: [Self; 3] = [Self::Short, Self::Normal, Self::Long];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Short => text!("dial-short"),
            Self::Normal => text!("dial-normal"),
            Self::Long => text!("dial-long"),
            Self::Own => text!("dial-own"),
        }
    }

    /// Minutes of training.
    pub(super) fn minutes(self) -> Option<f64> {
        match self {
            Self::Short => Some(3.0),
            Self::Normal => Some(15.0),
            Self::Long => Some(60.0),
            Self::Own => None,
        }
    }
}

/// How to train: everything that undo brings back.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recipe {
    /// How small pictures are made.
    pub(super) degradation: Degradation,
    /// How long.
    pub(super) dial: Dial,
    /// Minutes, if the dial is at none of its marks.
    pub(super) minutes: f64,
    /// Highest learning rate.
    pub(super) rate: f32,
    /// Share of the patches that keep other kinds of picture in mind.
    pub(super) rehearsal: f32,
    /// Patches per step.
    pub(super) batch: usize,
    /// Side of a patch in small pixels.
    pub(super) patch: usize,
    /// Seed.
    pub(super) seed: u64,
    /// Folder for the models.
    pub(super) folder: String,
    /// What the model will be called; if nothing, after the one that it starts from.
    pub(super) name: String,
}

/// Something for people.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Notice {
    /// Good news.
    Info(String),
    /// Something went wrong.
    Failed(crate::session::Failure),
}

/// The tab's state.
pub(super) struct TrainState {
    /// Files and folders that were given.
    pub(super) paths: Vec<PathBuf>,
    /// Pictures found in them.
    pub(super) found: Vec<Found>,
    /// Files that are held out.
    pub(super) held_out: BTreeSet<PathBuf>,
    /// Whether somebody chose them by hand.
    chosen: bool,
    /// Judging the set.
    pub(super) judging: Option<JobId>,
    /// Writing a model.
    pub(super) exporting: Option<JobId>,
    /// Where the run starts from.
    pub(super) init: ModelRef,
    /// Its enlargement.
    pub(super) scale: usize,
    /// How it is trained.
    pub(super) recipe: Recipe,
    /// How fast a run would be.
    forecast: Forecast,
    /// Taking up a run that was saved.
    reopening: Option<JobId>,
    /// The run, or the last one.
    pub(super) run: Option<Run>,
}

impl TrainState {
    /// Nothing is given yet.
    pub(super) fn new(init: ModelRef, scale: usize, folder: PathBuf) -> Self {
        let settings = Settings::default();
        Self {
            paths: Vec::new(),
            found: Vec::new(),
            held_out: BTreeSet::new(),
            chosen: false,
            judging: None,
            exporting: None,
            init,
            scale,
            recipe: Recipe {
                degradation: Degradation::Bicubic,
                dial: Dial::Short,
                minutes: 3.0,
                rate: TUNING_RATE,
                rehearsal: TUNING_REHEARSAL,
                batch: settings.batch,
                patch: settings.patch,
                seed: settings.seed,
                folder: folder.to_string_lossy().into_owned(),
                name: String::new(),
            },
            forecast: Forecast::default(),
            reopening: None,
            run: None,
        }
    }

    /// Adds files and folders to the set; `false` if all were there.
    pub(super) fn add(&mut self, paths: &[PathBuf]) -> bool {
        let before = self.paths.len();
        for path in paths {
            if !self.paths.contains(path) {
                self.paths.push(path.clone());
            }
        }
        self.paths.len() > before
    }

    /// Forgets the set.
    pub(super) fn clear(&mut self) {
        self.paths.clear();
        self.found.clear();
        self.held_out.clear();
        self.chosen = false;
        self.judging = None;
    }

    /// Begins judging anew; what is asked of the worker.
    pub(super) fn judge(&mut self) -> (JobId, Vec<PathBuf>) {
        let job = JobId::next();
        self.judging = Some(job);
        self.found.clear();
        (job, self.paths.clone())
    }

    /// Smallest side of a picture that can be used.
    pub(super) fn least(&self) -> usize {
        self.recipe.patch * self.scale
    }

    /// What becomes of a picture.
    pub(super) fn verdict(&self, found: &Found) -> Verdict {
        found.verdict(self.least())
    }

    /// Files that are used: trained on, and held out.
    pub(super) fn split(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let used = self.found.iter().filter(|f| self.verdict(f).is_used()).map(|f| f.path.clone());
        used.partition(|path| !self.held_out.contains(path))
    }

    /// Holds a picture out, or trains on it.
    pub(super) fn hold_out(&mut self, path: &Path, out: bool) {
        self.chosen = true;
        if out {
            self.held_out.insert(path.to_owned());
        } else {
            self.held_out.remove(path);
        }
    }

    /// Chooses what is held out as the command line does, unless somebody chose by hand.
    pub(super) fn choose_held_out(&mut self) {
        if self.chosen {
            return;
        }
        let used: Vec<PathBuf> =
            self.found.iter().filter(|f| self.verdict(f).is_used()).map(|f| f.path.clone()).collect();
        self.held_out = held_out(&used).into_iter().collect();
    }

    /// Whether a run is under way.
    pub(super) fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_under_way)
    }

    /// Why training cannot begin, if it cannot.
    pub(super) fn obstacle(&self) -> Option<String> {
        let (train, held_out) = self.split();
        if self.judging.is_some() {
            return Some(text!("obstacle-judging").to_owned());
        }
        if train.is_empty() && held_out.is_empty() {
            return Some(text!("obstacle-none", side = self.least()));
        }
        if train.is_empty() {
            return Some(text!("obstacle-all-out").to_owned());
        }
        if held_out.is_empty() && train.len() > 1 {
            return Some(text!("obstacle-none-out").to_owned());
        }
        if self.recipe.folder.trim().is_empty() {
            return Some(text!("obstacle-folder").to_owned());
        }
        if self.recipe.name.contains(['/', '\\']) {
            return Some(text!("obstacle-name").to_owned());
        }
        None
    }

    /// Minutes of training.
    pub(super) fn minutes(&self) -> f64 {
        self.recipe.dial.minutes().unwrap_or(self.recipe.minutes)
    }

    /// Begins a run; what is asked of the worker.
    pub(super) fn start(&mut self, exists: impl Fn(&Path) -> bool) -> Start {
        let start = self.planned(exists);
        self.run = Some(Run::new(&start));
        start
    }

    /// The run that would begin now.
    fn planned(&self, exists: impl Fn(&Path) -> bool) -> Start {
        let job = JobId::next();
        let (train, held_out) = self.split();
        let (recipe, minutes) = (&self.recipe, self.minutes());
        let settings = Settings {
            rate: recipe.rate,
            // Pictures that ship would teach another way of shrinking than the one that these pairs have.
            rehearsal: if recipe.degradation == Degradation::Given { 0.0 } else { recipe.rehearsal },
            batch: recipe.batch,
            patch: recipe.patch,
            seed: recipe.seed,
            degradation: recipe.degradation,
            ..Settings::default()
        };
        let folder = PathBuf::from(recipe.folder.trim());
        let name = |n: u32| {
            let name = match (recipe.name.trim(), n) {
                ("", n) => format!("{} tuned {n}", self.init.name()),
                (name, 1) => name.to_owned(),
                (name, n) => format!("{name} {n}"),
            };
            folder.join(format!("{name}.safetensors"))
        };
        // No run overwrites what another one left.
        let output = (1..).map(name).find(|file| !exists(file)).unwrap_or_else(|| name(0));
        let seconds = minutes * 60.0;
        let judgements = if minutes < 10.0 { 12 } else { 24 };
        Start { job, init: self.init.clone(), train, held_out, settings, seconds, judgements, output }
    }

    /// The run to measure, if it would begin and nobody knows how fast it would be on this device.
    pub(super) fn unmeasured(&mut self, device: &str) -> Option<Start> {
        let of = (self.init.clone(), self.recipe.batch, self.recipe.patch, device.to_owned());
        // Asked in every frame: what goes through all pictures comes last.
        if self.is_running() || self.forecast.is_of(&of) || self.obstacle().is_some() {
            return None;
        }
        let job = self.forecast.ask(of)?;
        Some(Start { job, ..self.planned(|_| false) })
    }

    /// Steps that the run would do, as far as that is known.
    pub(super) fn forecast(&self) -> Steps {
        self.forecast.steps(60.0 * self.minutes())
    }

    /// Begins taking up a run that was saved; what is asked of the worker goes by this id.
    pub(super) fn reopen(&mut self) -> JobId {
        *self.reopening.insert(JobId::next())
    }

    /// A saved run goes on: the recipe shows what it is made with.
    fn reopened(&mut self, start: Start) {
        self.run = Some(Run::new(&start));
        let Settings { degradation, rate, rehearsal, batch, patch, seed, .. } = start.settings;
        let (dial, minutes) = (Dial::Own, start.seconds / 60.0);
        let folder = start.output.parent().unwrap_or(Path::new("")).to_string_lossy().into_owned();
        let name = String::new();
        self.recipe = Recipe { degradation, dial, minutes, rate, rehearsal, batch, patch, seed, folder, name };
        self.init = start.init;
    }

    /// Takes what the worker tells; what people should know of it.
    pub(super) fn apply(&mut self, event: Event) -> Option<Notice> {
        match event {
            Event::Found(job, found) if self.judging == Some(job) => self.found.push(*found),
            Event::Judged(job) if self.judging == Some(job) => {
                self.judging = None;
                self.choose_held_out();
                if self.found.is_empty() {
                    self.paths.clear();
                    return Some(Notice::Info(text!("set-empty").to_owned()));
                }
            }
            Event::Measured(job, speed) => self.forecast.measured(job, speed),
            Event::Exported(job, file) if self.exporting == Some(job) => {
                self.exporting = None;
                return Some(Notice::Info(text!("written", path = file.display().to_string())));
            }
            Event::Reopened(job, start) if self.reopening == Some(job) => {
                self.reopening = None;
                self.reopened(*start);
            }
            Event::Restarted(job, step) => {
                let run = self.run.as_mut().filter(|run| run.job == job)?;
                run.restarts += 1;
                return Some(Notice::Info(text!("train-restarted", step = step)));
            }
            Event::Failed(job, failure) => return self.failed(job, failure),
            other => {
                if let Some(run) = &mut self.run {
                    run.apply(other);
                }
            }
        }
        None
    }

    fn failed(&mut self, job: JobId, failure: crate::session::Failure) -> Option<Notice> {
        if self.forecast.cancelled(job) {
            return None;
        }
        if self.judging == Some(job) {
            self.judging = None;
        } else if self.exporting == Some(job) {
            self.exporting = None;
        } else if self.reopening == Some(job) {
            self.reopening = None;
        } else if self.run.as_ref().is_none_or(|run| run.job != job) {
            return None;
        } else if let Some(run) = &mut self.run {
            run.fail();
        }
        Some(Notice::Failed(failure))
    }
}
