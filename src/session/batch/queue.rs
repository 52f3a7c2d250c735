//! The worker: what every command does, and what is done while none waits: look at files, estimate times, run.

use super::{
    Command, Event, Mode,
    journal::Journal,
    lock::FolderLock,
    plan::Planner,
    report,
    row::{BatchState, Row, RowId},
    run::Run,
    scan::{Scanner, Source, Step},
    settings::Settings,
};
use crate::{
    backend::Choice,
    error::Error,
    image_io::{self, Folder},
    infer::bundled::Kind,
    session::{Failure, JobId, Shared, Work, WorkerContext},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Files are looked at for so long before commands and progress have their turn.
const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// The batch worker's state.
pub struct Batch {
    pub(super) shared: Shared,
    pub(super) settings: Settings,
    pub(super) planner: Planner,
    pub(super) scanner: Scanner,
    pub(super) rows: BTreeMap<RowId, Row>,
    next: RowId,
    /// Groups that were added together.
    added: Vec<Vec<PathBuf>>,
    removed: HashSet<PathBuf>,
    /// A journal that was taken up and not gone on with yet, and what it says is done.
    reopened: Option<Journal>,
    restored: HashMap<PathBuf, (PathBuf, Option<f64>)>,
    kinds: HashMap<PathBuf, Kind>,
    stale: HashMap<PathBuf, PathBuf>,
    /// Whether what is being looked at comes from that journal.
    reopening: bool,
    /// Rows to be planned anew.
    to_plan: VecDeque<RowId>,
    /// Whether the list has been said to be planned.
    said_planned: bool,
    /// The device that speeds were measured on.
    pub(super) measured_on: Option<Choice>,
    pub(super) run: Option<Run>,
}

impl Batch {
    /// An empty list with default settings.
    pub fn new(shared: Shared) -> Self {
        Self::with_settings(shared, Settings::default())
    }

    /// An empty list with these settings, which make sense.
    pub fn with_settings(shared: Shared, settings: Settings) -> Self {
        let template = settings.parsed().unwrap_or_default();
        let planner = Planner::new(settings.clone(), template, shared.models.clone());
        Self {
            shared,
            planner,
            scanner: Scanner::new(settings.out.as_deref(), settings.shard),
            settings,
            rows: BTreeMap::new(),
            next: 0,
            added: Vec::new(),
            removed: HashSet::new(),
            reopened: None,
            restored: Default::default(),
            kinds: Default::default(),
            stale: Default::default(),
            reopening: false,
            to_plan: VecDeque::new(),
            said_planned: true,
            measured_on: None,
            run: None,
        }
    }

    fn set(&mut self, settings: Settings) -> Result<(), Error> {
        let template = settings.parsed().map_err(|e| Error::Usage(e.to_string()))?;
        let mut planner = Planner::new(settings.clone(), template, self.shared.models.clone());
        planner.keep_speeds(&self.planner);
        if let Some(journal) = self.journal() {
            journal.settings(&settings)?;
        }
        self.planner = planner;
        if settings.shard != self.settings.shard && self.rows.is_empty() {
            self.scanner = Scanner::new(settings.out.as_deref(), settings.shard);
        }
        self.scanner.set_out(settings.out.as_deref());
        self.settings = settings;
        for row in self.rows.values_mut() {
            match &row.plan {
                Some(plan) if row.state.is_active() || row.state == BatchState::Done => self.planner.claim(&plan.out),
                _ => {
                    // Names of the old plan are not the new planner's to give free.
                    row.plan = None;
                    self.to_plan.push_back(row.id);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, paths: Vec<PathBuf>) -> Result<(), Error> {
        if let Some(journal) = self.journal() {
            journal.added(&paths)?;
        }
        self.scanner.add(&paths);
        self.added.push(paths);
        Ok(())
    }

    fn journal(&mut self) -> Option<&mut Journal> {
        self.run.as_mut().map(|run| &mut run.journal).or(self.reopened.as_mut())
    }

    fn remove(&mut self, ids: &[RowId]) -> Result<Vec<RowId>, Error> {
        let mut gone = Vec::new();
        for id in ids {
            if self.rows.get(id).is_some_and(|row| !row.state.is_active())
                && let Some(mut row) = self.rows.remove(id)
            {
                self.planner.release(&mut row);
                self.scanner.forget(&row.source);
                self.removed.insert(row.source.clone());
                if let Some(journal) = self.journal() {
                    journal.removed([&row.source])?;
                }
                gone.push(*id);
            }
        }
        Ok(gone)
    }

    /// Makes rows again that are done: their results are replaced when the new ones are complete.
    fn again(&mut self, ids: &[RowId]) {
        for id in ids {
            if let Some(row) = self.rows.get_mut(id).filter(|row| row.state == BatchState::Done) {
                let made = row.plan.as_ref().map(|plan| plan.out.clone());
                if let Some(out) = &made {
                    self.planner.unclaim(out);
                    self.scanner.guard().forget_result(out);
                }
                (row.plan, row.renew, row.state) = (None, made, BatchState::Ready);
                self.to_plan.push_back(*id);
            }
        }
    }

    fn clear(&mut self) -> Result<Vec<RowId>, Error> {
        let gone = std::mem::take(&mut self.rows).into_keys().collect();
        self.scanner = Scanner::new(self.settings.out.as_deref(), self.settings.shard);
        self.added.clear();
        self.removed.clear();
        self.restored.clear();
        self.stale.clear();
        self.to_plan.clear();
        if let Some(journal) = self.reopened.take() {
            journal.finish();
        }
        self.set(self.settings.clone())?;
        Ok(gone)
    }

    fn reopen(&mut self, path: &Path) -> Result<Vec<RowId>, Error> {
        let (journal, restored) = Journal::open(path)?;
        let gone = self.clear()?;
        self.set(restored.settings)?;
        self.scanner = Scanner::new(self.settings.out.as_deref(), self.settings.shard);
        restored.folders.iter().for_each(|folder| image_io::sweep(folder));
        restored.saved.values().for_each(|(out, _)| self.scanner.made(out));
        restored.stale.values().for_each(|out| self.scanner.made(out));
        for group in restored.added {
            self.add(group)?;
        }
        (self.restored, self.kinds, self.stale) = (restored.saved, restored.kinds, restored.stale);
        (self.removed, self.reopening) = (restored.removed, true);
        self.reopened = Some(journal);
        Ok(gone)
    }

    fn start(&mut self, job: JobId, journal: &Path) -> Result<(), Error> {
        let mut folder = None;
        if let Some(out) = &self.settings.out {
            let made = Folder::make(out).map_err(|source| Error::Write { file: out.clone(), source })?;
            self.scanner.set_out(Some(out));
            folder = Some((made, FolderLock::take(out, self.settings.shard)?));
        }
        self.shared.device()?;
        let journal = match self.reopened.take() {
            Some(journal) => journal,
            None => {
                let mut journal = Journal::create(journal, &self.settings, &self.added)?;
                journal.removed(&self.removed)?;
                for row in self.rows.values().filter(|row| row.state == BatchState::Done) {
                    if let Some(plan) = &row.plan {
                        journal.saved(row, &plan.out)?;
                    }
                }
                journal
            }
        };
        let threads = |source| Error::Read { file: "a thread of the system".into(), source };
        self.run = Some(Run::new(job, journal, folder, self.scanner.guard().clone()).map_err(threads)?);
        Ok(())
    }

    /// A little of what has to be looked at; whether there was anything.
    fn look(&mut self, desk: &WorkerContext<Self>) -> bool {
        let began = Instant::now();
        let mut changed = Vec::new();
        let (mut more, mut looked) = (true, false);
        while more && began.elapsed() < POLL_INTERVAL && !desk.stopping() {
            more = match self.to_plan.pop_front() {
                Some(id) => {
                    changed.extend(self.plan(id));
                    true
                }
                None => match self.scanner.step() {
                    None => false,
                    Some(step) => {
                        changed.extend(self.found(step));
                        true
                    }
                },
            };
            looked |= more;
        }
        self.tell_rows(&changed, desk);
        if more && self.said_planned {
            desk.emit(Event::Planned(false));
        }
        self.said_planned &= !looked;
        self.reopening &= more;
        more
    }

    fn plan(&mut self, id: RowId) -> Option<RowId> {
        let row = self.rows.get_mut(&id).filter(|row| !row.state.is_active() && row.state != BatchState::Done)?;
        self.planner.plan(row, &self.scanner);
        Some(id)
    }

    fn found(&mut self, step: Step) -> Option<RowId> {
        let (source, refused) = match step {
            Step::Picture(source) if self.reopening && self.removed.contains(&source.path) => return None,
            Step::Picture(source) => (source, None),
            Step::Unreadable(path, reason) => {
                (Source { path, below: PathBuf::new(), number: 0, named: false }, Some(reason))
            }
            Step::Other => return None,
        };
        self.removed.remove(&source.path);
        let id = self.next;
        self.next += 1;
        let mut row = Row::new(id, source.path, source.below, source.number);
        (row.named, row.renew) = (source.named, self.stale.remove(&row.source));
        match (self.restored.remove(&row.source), refused) {
            (_, Some(reason)) => row.state = BatchState::Refused(format!("cannot be looked at: {reason}")),
            (Some((out, seconds)), None) => {
                row.kind = self.kinds.remove(&row.source);
                self.planner.plan_done(&mut row, out, seconds);
            }
            (None, None) => self.planner.plan(&mut row, &self.scanner),
        }
        self.rows.insert(id, row);
        Some(id)
    }

    /// Tells rows, so many at a time that no event is large.
    pub(super) fn tell_rows(&self, ids: &[RowId], desk: &WorkerContext<Self>) {
        for ids in ids.chunks(256) {
            desk.emit(Event::Rows(ids.iter().filter_map(|id| self.rows.get(id).cloned()).collect()));
        }
    }

    fn refuse(desk: &WorkerContext<Self>, error: &Error) {
        desk.emit(Event::Refused(error.to_string()));
    }
}

impl Work for Batch {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, desk: &WorkerContext<Self>) {
        let idle = self.run.is_none();
        let done = match command {
            Command::Set(settings) => self.set(*settings),
            Command::Add(paths) => self.add(paths),
            Command::Remove(ids) => self.remove(&ids).map(|gone| desk.emit(Event::Removed(gone))),
            Command::Clear if idle => self.clear().map(|gone| desk.emit(Event::Removed(gone))),
            Command::Reopen(path) if idle => self.reopen(&path).map(|gone| {
                desk.emit(Event::Removed(gone));
                desk.emit(Event::Set(Box::new(self.settings.clone())));
            }),
            Command::Start { job, journal } if idle => {
                match self.start(job, &journal) {
                    Ok(()) => {
                        desk.set_current_job(Some(job));
                        desk.emit(Event::Mode(Mode::Running));
                    }
                    Err(error) => desk.emit(Event::Failed(job, error.into())),
                }
                Ok(())
            }
            Command::Start { job, .. } => {
                desk.emit(Event::Failed(job, Failure::Failed("the batch runs already".to_owned())));
                Ok(())
            }
            Command::Clear | Command::Reopen(_) => {
                Err(Error::Usage("the batch runs; stop it first, then empty the list".to_owned()))
            }
            Command::Pause => {
                self.pause(desk);
                Ok(())
            }
            Command::Resume => {
                self.resume(desk);
                Ok(())
            }
            Command::Stop => {
                self.stop(desk);
                Ok(())
            }
            Command::Retry => {
                let wrong = |row: &&Row| matches!(row.state, BatchState::Failed(_) | BatchState::Refused(_));
                self.to_plan.extend(self.rows.values().filter(wrong).map(|row| row.id));
                Ok(())
            }
            Command::Again(ids) => {
                self.again(&ids);
                Ok(())
            }
            Command::Report(path) => {
                let rows: Vec<Row> = self.rows.values().cloned().collect();
                // Whoever chose the name has agreed to replace what is there, unless it is a picture of this list.
                let written = self.scanner.guard().claim(&path, true).map_err(Error::from);
                written.and_then(|to| report::write(&rows, &to)).map(|()| desk.emit(Event::Reported(path)))
            }
        };
        if let Err(error) = done {
            Self::refuse(desk, &error);
        }
    }

    fn go_on(&mut self, desk: &WorkerContext<Self>) -> bool {
        if self.look(desk) || self.benchmark_next(desk) {
            return true;
        }
        if !self.said_planned {
            self.said_planned = true;
            desk.emit(Event::Planned(true));
        }
        self.go_on_run(desk)
    }

    fn failed(job: JobId, failure: Failure) -> Event {
        Event::Failed(job, failure)
    }
}
