//! What the Batch tab knows, without a window: rows, settings, how far it is.

use crate::{
    image_io::{Fields, Template},
    session::{
        Failure, JobId,
        batch::{BatchState, Counts, Event, Mode, Progress, Restored, Row, RowId, Settings},
    },
    tensor::Size,
    ui::text::text,
};
use std::{
    cell::OnceCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What people are told.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// All is well.
    Info(String),
    /// A run has ended; the folder where its results are, if there are any.
    Finished(String, Option<PathBuf>),
    /// Something went wrong.
    Failed(Failure),
}

/// The tab's state.
pub struct BatchTabState {
    /// As shown; the worker may be a moment behind.
    pub settings: Settings,
    /// All rows.
    pub rows: BTreeMap<RowId, Row>,
    /// Whether it runs.
    pub mode: Mode,
    /// Whether files are still being looked at.
    pub scanning: bool,
    /// How far the run is.
    pub progress: Progress,
    /// The run that was asked for last.
    pub job: Option<JobId>,
    /// A batch that was not finished, to be gone on with.
    pub offer: Option<Restored>,
    /// Of the rows as they are: counted once, not in every frame, for they may be tens of thousands.
    summary: OnceCell<Summary>,
}

/// What all rows come to.
#[derive(Clone, Copy)]
struct Summary {
    counts: Counts,
    /// Megapixels of what is ready: of the pictures, and of what they become.
    megapixels: Option<(f64, f64)>,
    /// Seconds that it will take.
    estimate: Option<f64>,
}

impl Summary {
    fn of(rows: &BTreeMap<RowId, Row>) -> Self {
        let ready = || rows.values().filter(|row| row.state == BatchState::Ready);
        let area = |size: Size| size.area() as f64 / 1e6;
        let sizes = ready().filter_map(|row| Some((area(row.input?), area(row.plan.as_ref()?.size))));
        Self {
            counts: Counts::of(rows.values()),
            megapixels: sizes.reduce(|(a, b), (from, to)| (a + from, b + to)),
            estimate: ready().map(|row| row.plan.as_ref()?.estimate).sum(),
        }
    }
}

impl BatchTabState {
    /// An empty list, perhaps with an offer to go on.
    pub fn new(offer: Option<Restored>) -> Self {
        Self {
            settings: Settings::default(),
            rows: BTreeMap::new(),
            mode: Mode::Idle,
            scanning: false,
            progress: Progress::default(),
            job: None,
            offer,
            summary: OnceCell::new(),
        }
    }

    /// Takes an event; perhaps people are to be told something.
    pub fn apply(&mut self, event: Event) -> Option<Notice> {
        match event {
            Event::Set(settings) => self.settings = *settings,
            Event::Rows(rows) => {
                self.summary.take();
                self.rows.extend(rows.into_iter().map(|row| (row.id, row)));
            }
            Event::Removed(ids) => {
                self.summary.take();
                for id in &ids {
                    self.rows.remove(id);
                }
            }
            Event::Planned(done) => self.scanning = !done,
            Event::Mode(mode) => self.mode = mode,
            Event::Progress(progress) => self.progress = progress,
            Event::Finished { job, stopped } if self.job == Some(job) => {
                self.job = None;
                let counts = self.counts();
                let (done, all, failed) = (counts.done, counts.all, counts.failed);
                let text = if stopped {
                    text!("batch-stopped", done = done, all = all, failed = failed)
                } else {
                    text!("batch-finished", done = done, all = all, failed = failed)
                };
                return Some(Notice::Finished(text, self.folder()));
            }
            Event::Failed(job, failure) if self.job == Some(job) => {
                self.job = None;
                return Some(Notice::Failed(failure));
            }
            Event::Finished { .. } | Event::Failed(..) => {}
            Event::Refused(reason) => return Some(Notice::Failed(Failure::Failed(reason))),
            Event::Reported(path) => {
                return Some(Notice::Info(text!("written", path = path.display().to_string())));
            }
        }
        None
    }

    /// How many are what.
    pub fn counts(&self) -> Counts {
        self.summary().counts
    }

    fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Summary::of(&self.rows))
    }

    /// Whether something is being made, or was begun.
    pub fn is_running(&self) -> bool {
        self.mode != Mode::Idle
    }

    /// How far it is, and which picture is in hand.
    pub(super) fn job(&self) -> Option<(f64, String)> {
        let row = self.progress.current.and_then(|(id, _)| self.rows.get(&id));
        let name = row.and_then(|row| row.source.file_name()).unwrap_or_default().to_string_lossy().into_owned();
        self.is_running().then(|| (f64::from(self.share()), name))
    }

    /// What the button says: "Export 214 of 220".
    pub fn export_label(&self) -> String {
        let counts = self.counts();
        text!("batch-export", n = counts.to_do, all = counts.all)
    }

    /// Where results are: the folder that was chosen for them, or that of the first one.
    fn folder(&self) -> Option<PathBuf> {
        let done = self.rows.values().filter(|row| row.state == BatchState::Done);
        let first = done.filter_map(|row| row.plan.as_ref()).next()?;
        self.settings.out.clone().or_else(|| first.out.parent().map(Path::to_owned))
    }

    /// Megapixels of everything ready: of the pictures, and of what they become.
    pub fn megapixels(&self) -> Option<(f64, f64)> {
        self.summary().megapixels
    }

    /// Seconds that everything ready will take, as far as that is known.
    pub fn estimate(&self) -> Option<f64> {
        self.summary().estimate
    }

    /// From 0 to 1.
    pub fn share(&self) -> f32 {
        if self.progress.total == 0 { 0.0 } else { (self.progress.done as f64 / self.progress.total as f64) as f32 }
    }

    /// The name that this template gives the first picture (or one called photo.jpg), or what is wrong with it.
    ///
    /// # Errors
    /// A sentence about the template.
    pub fn example(&self, template: &str) -> Result<String, String> {
        let template = Template::parse(template).map_err(|e| e.to_string())?;
        let first = self.rows.values().find_map(|row| Some((row, row.plan.as_ref()?)));
        let photo = PathBuf::from("photo.jpg");
        let model = first.map_or_else(|| "x2".to_owned(), |(_, plan)| plan.model.name());
        let (source, size, number): (&Path, _, _) = match first {
            Some((row, plan)) => (&row.source, plan.size, row.number),
            None => (&photo, Size::new(3000, 2000), 1),
        };
        let scale = match self.settings.target {
            crate::infer::Target::Factor(factor) => factor,
            _ => first.and_then(|(row, _)| Some(size.width as f64 / row.input?.width as f64)).unwrap_or(2.0),
        };
        let fields = Fields { source, scale, model: &model, size, number };
        Ok(template.file_name(&fields, self.settings.format).to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_run_s_end_is_no_news_and_the_own_one_is() {
        let mut state = BatchTabState::new(None);
        let (old, own) = (JobId::next(), JobId::next());
        state.job = Some(own);
        assert_eq!(state.apply(Event::Finished { job: old, stopped: false }), None);
        let told = state.apply(Event::Finished { job: own, stopped: true });
        assert_eq!(told, Some(Notice::Finished("Stopped: 0 of 0 done".to_owned(), None)));
        assert_eq!(state.apply(Event::Finished { job: own, stopped: true }), None, "once");
    }

    #[test]
    fn the_example_is_live_and_nonsense_is_explained() {
        let state = BatchTabState::new(None);
        assert_eq!(state.example("{n}-{name}_{w}").unwrap(), "1-photo_3000.png");
        assert!(state.example("{nam}").unwrap_err().contains("{name}"));
    }
}
