//! What all tabs share. A tab gets `&mut Shell` and asks it to open, to tell or to go somewhere; the frame around the tabs
//! does it.

use super::{
    Settings,
    background::Background,
    jobs::{Job, Jobs},
    tabs::TabKind,
    text::text,
};
use crate::{
    backend::Rect,
    infer::{Target, bundled::KindChoice},
    session::{
        Failure, JobId, Shared, Waker, Worker, batch,
        models::ModelRef,
        open::{Open, Opened, Opener, Origin, Photo, Wanted},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(8);
/// How long one stays that offers to open a file.
const OFFER: Duration = Duration::from_secs(20);
/// So many photos are remembered that were open lately.
const RECENT: usize = 10;

/// One sentence for people, shown at the lower edge for a while.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub failed: bool,
    /// A file or folder that it is about, to be opened.
    pub path: Option<PathBuf>,
    since: Instant,
}

impl Notice {
    fn new(text: String, failed: bool, path: Option<PathBuf>) -> Self {
        Self { text, failed, path, since: Instant::now() }
    }
}

/// What Enhance hands to Batch: how its result is made.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchLook {
    /// What the picture is like.
    pub kind: KindChoice,
    /// The size.
    pub target: Target,
    /// The resolution that results state; `None`: their picture's.
    pub dpi: Option<f64>,
    /// How much of the network's effect.
    pub strength: f32,
    /// Whether networks give the mean over eight flips and rotations.
    pub ensemble: bool,
    /// The model; `None` takes the one that ships for the size.
    pub model: Option<ModelRef>,
}

impl BatchLook {
    /// Settings of Batch with this in them.
    pub(super) fn applied(self, settings: batch::Settings) -> batch::Settings {
        let Self { kind, target, dpi, strength, ensemble, model } = self;
        batch::Settings { kind, target, dpi, strength, ensemble, model, ..settings }
    }
}

/// What tabs share.
pub struct Shell {
    /// Device and models, shared with all workers.
    pub shared: Shared,
    /// Wakes the window; every worker gets a clone.
    pub waker: Waker,
    /// The open photo. Tabs compare it by `Arc::ptr_eq` to see that another one was opened.
    pub photo: Option<Arc<Photo>>,
    /// The part of the photo that Enhance shows, in the photo's pixels: what Layers looks at.
    pub view: Option<Rect>,
    /// The model that makes what Enhance shows, if one does: what Layers looks into.
    pub in_use: Option<ModelRef>,
    /// Whether the picture fills the screen, without controls.
    pub full_screen: bool,
    /// What is remembered between runs.
    pub settings: Settings,
    /// What takes long, for the window's title.
    pub jobs: Jobs,
    wanted: Option<(usize, ModelRef)>,
    gone: Vec<(ModelRef, Option<ModelRef>)>,
    batch_look: Option<BatchLook>,
    go_to: Option<TabKind>,
    asks_to_open: bool,
    notices: Vec<Notice>,
    opener: Worker<Opener>,
    opening: Option<JobId>,
    folder: Folder,
    pub(super) background: Background,
}

/// Where paging through the photo's folder is.
#[derive(Default)]
struct Folder {
    /// The photo's file, or the neighbour of it that could not be read; none for the sample and what is pasted.
    file: Option<PathBuf>,
    /// Places to go once the photo is open that is being opened.
    steps: isize,
    /// Whether the last steps went forward.
    forward: bool,
    /// Whether they found no photo.
    ended: bool,
}

impl Shell {
    /// Nothing is open yet.
    pub fn new(waker: Waker, settings: Settings) -> Self {
        let choice = settings.device.parse().unwrap_or_default();
        let shared = Shared::new(choice);
        settings.models.iter().for_each(|file| shared.models.expect(file));
        let opener = Worker::start("open", waker.clone(), Opener::default);
        let mut shell = Self {
            shared,
            waker,
            photo: None,
            view: None,
            in_use: None,
            full_screen: false,
            settings,
            jobs: Jobs::default(),
            wanted: None,
            gone: Vec::new(),
            batch_look: None,
            go_to: None,
            asks_to_open: false,
            notices: Vec::new(),
            opener,
            opening: None,
            folder: Folder::default(),
            background: Background::default(),
        };
        for file in shell.settings.models.clone() {
            shell.read_expected(file);
        }
        shell
    }

    /// Opens a picture in the background and shows Enhance.
    pub fn open(&mut self, origin: Origin) {
        (self.folder.steps, self.folder.ended) = (0, false);
        self.ask(Wanted::Given(origin));
    }

    /// Asks people for a photo, as the button in the bar does.
    pub fn ask_to_open(&mut self) {
        self.asks_to_open = true;
    }

    /// Whether somebody asked for that, once.
    pub(super) fn take_ask_to_open(&mut self) -> bool {
        std::mem::take(&mut self.asks_to_open)
    }

    fn ask(&mut self, wanted: Wanted) {
        let job = JobId::next();
        match self.opener.send(Open { job, wanted }) {
            Ok(()) => self.opening = Some(job),
            Err(failure) => self.failed(&failure),
        }
        self.show(TabKind::Enhance);
    }

    /// Opens the photo so many places behind this one in its folder, or before it (`by` < 0). While one is being opened
    /// the steps add up.
    pub fn step(&mut self, by: isize) {
        self.folder.ended = false;
        self.folder.steps += by;
        self.go_on();
    }

    /// Takes the steps that wait, once it is known from where.
    fn go_on(&mut self) {
        if self.opening.is_some() {
            return;
        }
        let by = std::mem::take(&mut self.folder.steps);
        if let Some(of) = self.folder.file.clone().filter(|_| by != 0) {
            self.folder.forward = by > 0;
            self.ask(Wanted::Neighbour { of, by });
        }
    }

    /// Whether the photo has a folder to page through.
    pub fn has_folder(&self) -> bool {
        self.folder.file.is_some()
    }

    /// Where the folder was found to end by the last steps, if it was: with the first or with the last photo.
    pub fn folder_end(&self) -> Option<&'static str> {
        let words = if self.folder.forward { text!("photo-last") } else { text!("photo-first") };
        self.folder.ended.then_some(words)
    }

    /// Whether a picture is being opened.
    pub fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Opens these files: one photo here, several (or a folder) in Batch. The caller passes paths for Batch on; one that is
    /// not there is told.
    pub fn open_paths(&mut self, paths: &[PathBuf]) -> bool {
        match paths {
            [one] if one.is_file() => {
                self.open(Origin::File(one.clone()));
                true
            }
            [one] if !one.exists() => {
                self.failed(&Failure::Failed(text!("no-file", path = one.display().to_string())));
                true
            }
            _ => false,
        }
    }

    /// Asks Enhance to use a model from now on.
    pub fn use_model(&mut self, model: ModelRef) {
        self.use_model_on(1, model);
    }

    /// The same on a side.
    pub(super) fn use_model_on(&mut self, side: usize, model: ModelRef) {
        self.wanted = Some((side, model));
    }

    /// The model that Enhance was asked to use, and on which side, once.
    pub fn take_wanted_model(&mut self) -> Option<(usize, ModelRef)> {
        self.wanted.take()
    }

    /// Notes that a model is no longer to be had, or under which name it is.
    pub(super) fn model_has_gone(&mut self, model: ModelRef, to: Option<ModelRef>) {
        self.gone.push((model, to));
    }

    /// Models that can no longer be had, and what each is called now, once.
    pub(super) fn take_gone_models(&mut self) -> Vec<(ModelRef, Option<ModelRef>)> {
        std::mem::take(&mut self.gone)
    }

    /// Asks Batch to make its pictures like this from now on, and shows it.
    pub fn batch_like(&mut self, look: BatchLook) {
        self.batch_look = Some(look);
        self.show(TabKind::Batch);
    }

    /// What Batch was asked to make its pictures like, once.
    pub(super) fn take_batch_look(&mut self) -> Option<BatchLook> {
        self.batch_look.take()
    }

    /// Takes how far a job is, once per frame: the share that is done, from 0 to 1, and of what; `None` while there is none.
    pub(super) fn report(&mut self, job: Job, progress: Option<(f64, String)>) {
        self.jobs.report(job, progress, Instant::now());
    }

    /// Brings a tab to the front.
    pub fn show(&mut self, tab: TabKind) {
        self.go_to = Some(tab);
    }

    /// The tab that someone asked for since the last frame.
    pub(super) fn take_go_to(&mut self) -> Option<TabKind> {
        self.go_to.take()
    }

    /// Tells people something.
    pub fn tell(&mut self, text: impl Into<String>) {
        self.notices.push(Notice::new(text.into(), false, None));
    }

    /// Tells people of a file or folder that was made, which they may want to open.
    pub fn tell_of(&mut self, text: impl Into<String>, path: PathBuf) {
        self.notices.push(Notice::new(text.into(), false, Some(path)));
    }

    /// Tells people that something went wrong; being stopped is nothing wrong.
    pub fn failed(&mut self, failure: &Failure) {
        if let Failure::Failed(text) = failure {
            tracing::warn!("{text}");
            self.notices.push(Notice::new(text.clone(), true, None));
        }
    }

    /// What is to be shown now; older notices are dropped.
    pub fn notices(&mut self) -> &[Notice] {
        self.notices.retain(|n| n.since.elapsed() < if n.path.is_some() { OFFER } else { NOTICE });
        &self.notices
    }

    /// Removes a notice that people have read.
    pub(super) fn dismiss(&mut self, index: usize) {
        if index < self.notices.len() {
            self.notices.remove(index);
        }
    }

    /// Tells the opener to end, without waiting.
    pub(super) fn stop(&mut self) {
        self.opener.stop();
    }

    /// Takes what the opener has to tell, and what has ended in the background.
    pub fn poll(&mut self) {
        self.poll_background();
        while let Some(Opened { job, neighbour, result }) = self.opener.poll() {
            if self.opening != Some(job) {
                continue;
            }
            self.opening = None;
            self.folder.file = neighbour.or(self.folder.file.take());
            match result {
                Ok(None) => self.folder.ended = true,
                Ok(Some(photo)) => {
                    for note in &photo.notes {
                        self.tell(format!("{}: {note}", photo.name));
                    }
                    self.view = None;
                    self.folder.file.clone_from(&photo.path);
                    if let Some(path) = &photo.path {
                        remember(&mut self.settings.recent, path);
                    }
                    self.photo = Some(photo);
                }
                Err(failure) => self.failed(&failure),
            }
            self.go_on();
        }
    }
}

/// Puts a photo before those that were open lately. One whose path is no text is left out, as no settings can hold it.
fn remember(recent: &mut Vec<PathBuf>, path: &Path) {
    let Ok(path) = std::path::absolute(path) else { return };
    if path.to_str().is_some() {
        recent.retain(|other| *other != path);
        recent.insert(0, path);
        recent.truncate(RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_photos_open_lately_are_remembered_once_each_the_last_first() {
        let mut recent = Vec::new();
        for n in (0..12).chain([5]) {
            remember(&mut recent, Path::new(&format!("/photos/{n}.jpg")));
        }
        let names = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2].map(|n| PathBuf::from(format!("/photos/{n}.jpg")));
        assert_eq!(recent, names);
        remember(&mut recent, Path::new("here.jpg"));
        assert!(recent[0].is_absolute());
    }
}
