//! Computing one picture after the other.
//!
//! A run is a state between commands: [`Batch::go_on_run`] does a piece and returns. While a picture is computed, any
//! command that arrives stops it after the tile in hand; the command is obeyed, and the picture is gone on with from the
//! next tile. So pausing frees the network at once, adding files works at any time, and nothing is computed twice.

use super::{
    Event, Mode, Progress,
    disk::{Disk, Save, guarded},
    journal::Journal,
    lock::FolderLock,
    queue::Batch,
    row::{BatchState, RowId, Stamp},
    settings::OnExists,
};
use crate::{
    backend::Backend,
    image_io::{Folder, Guard, Picture},
    infer::{Enlarger, InferError, Job},
    session::{Failure, JobId, WorkerContext},
    tensor::Pixels,
};
use std::{
    ops::ControlFlow,
    path::PathBuf,
    time::{Duration, Instant},
};

/// Progress is told at most so often.
const EVERY: Duration = Duration::from_millis(100);

/// A run that has begun.
pub(super) struct Run {
    job: JobId,
    mode: Mode,
    pub(super) journal: Journal,
    disk: Disk,
    /// Where results go, if not beside their pictures.
    folder: Option<Folder>,
    lock: Option<FolderLock>,
    /// The picture being computed, between its tiles.
    current: Option<Current>,
    /// A result that waits for room at the disk.
    result: Option<Save>,
    /// Why it has to end before its end.
    failure: Option<String>,
    /// Pixels computed, without those of the picture in hand.
    done: u64,
    /// Running time until `since`, pauses not counted.
    active: Duration,
    since: Instant,
    told: Instant,
}

struct Current {
    id: RowId,
    picture: Box<Picture>,
    job: Job,
    /// The result as far as it is.
    canvas: Option<Pixels>,
    /// The next tile.
    next: usize,
    seconds: f64,
}

impl Run {
    /// # Errors
    /// If the system gives no threads.
    pub(super) fn new(
        job: JobId,
        journal: Journal,
        folder: Option<(Folder, FolderLock)>,
        guard: Guard,
    ) -> std::io::Result<Self> {
        let now = Instant::now();
        let (folder, lock) = folder.unzip();
        Ok(Self {
            job,
            mode: Mode::Running,
            journal,
            disk: Disk::start(guard, folder.clone())?,
            folder,
            lock,
            current: None,
            result: None,
            failure: None,
            done: 0,
            active: Duration::ZERO,
            since: now,
            told: now,
        })
    }

    fn active(&self) -> f64 {
        let running = if self.mode == Mode::Paused { Duration::ZERO } else { self.since.elapsed() };
        (self.active + running).as_secs_f64()
    }
}

impl Batch {
    pub(super) fn pause(&mut self, desk: &WorkerContext<Self>) {
        let Some(run) = self.run.as_mut().filter(|run| run.mode == Mode::Running) else { return };
        run.active += run.since.elapsed();
        run.mode = Mode::Paused;
        desk.emit(Event::Mode(run.mode));
    }

    pub(super) fn resume(&mut self, desk: &WorkerContext<Self>) {
        let Some(run) = self.run.as_mut().filter(|run| run.mode == Mode::Paused) else { return };
        run.since = Instant::now();
        run.mode = Mode::Running;
        desk.emit(Event::Mode(run.mode));
    }

    pub(super) fn stop(&mut self, desk: &WorkerContext<Self>) {
        let Some(run) = self.run.as_mut().filter(|run| run.mode != Mode::Stopping) else { return };
        run.mode = Mode::Stopping;
        run.current = None;
        desk.emit(Event::Mode(run.mode));
        let begun = self.rows.values_mut().filter(|r| matches!(r.state, BatchState::Reading | BatchState::Working));
        let ids: Vec<RowId> = begun
            .map(|row| {
                row.state = BatchState::Ready;
                row.id
            })
            .collect();
        self.tell_rows(&ids, desk);
    }

    /// Ends the run because of a fault that concerns all pictures.
    fn give_up(&mut self, failure: String, desk: &WorkerContext<Self>) {
        if let Some(run) = &mut self.run {
            run.failure.get_or_insert(failure);
        }
        self.stop(desk);
    }

    /// A piece of the run; whether there is more.
    pub(super) fn go_on_run(&mut self, desk: &WorkerContext<Self>) -> bool {
        self.collect(desk);
        let Some(run) = &mut self.run else { return false };
        if let Some(save) = run.result.take() {
            if run.disk.may_write() {
                run.disk.write(save);
            } else {
                run.result = Some(save);
                run.disk.wait();
            }
            return true;
        }
        match run.mode {
            Mode::Running => self.next_picture(desk),
            _ if run.disk.behind() > 0 => run.disk.wait(),
            Mode::Stopping => self.end(desk, true),
            Mode::Paused | Mode::Idle => return false,
        }
        true
    }

    fn next_picture(&mut self, desk: &WorkerContext<Self>) {
        self.read_ahead(desk);
        let Some(run) = &mut self.run else { return };
        if let Some(current) = run.current.take() {
            self.compute(current, desk);
        } else if let Some((id, picture)) = run.disk.decoded() {
            match picture {
                Ok(picture) => self.begin(id, picture, desk),
                Err(message) => self.fail(id, &message, desk),
            }
        } else if run.disk.is_reading() || run.disk.behind() > 0 {
            run.disk.wait();
        } else {
            self.end(desk, false);
        }
    }

    /// Keeps the reading thread at work.
    fn read_ahead(&mut self, desk: &WorkerContext<Self>) {
        let mut changed = Vec::new();
        let Some(run) = self.run.as_mut().filter(|run| run.mode == Mode::Running) else { return };
        while run.disk.may_read() {
            let Some(row) = self.rows.values_mut().find(|row| row.state == BatchState::Ready) else { break };
            // Names may have been taken since it was planned.
            self.planner.plan(row, &self.scanner);
            if row.state == BatchState::Ready {
                row.state = BatchState::Reading;
                row.stamp = Stamp::of(&row.source);
                run.disk.read(row.id, row.source.clone());
            }
            changed.push(row.id);
        }
        self.tell_rows(&changed, desk);
    }

    /// Notes which results are on the disk.
    fn collect(&mut self, desk: &WorkerContext<Self>) {
        while let Some(run) = &mut self.run
            && let Some((id, saved)) = run.disk.saved()
        {
            match saved {
                Ok(notes) => {
                    let Some(row) = self.rows.get_mut(&id) else { continue };
                    row.notes.extend(notes);
                    row.state = BatchState::Done;
                    let out = row.plan.as_ref().map(|plan| plan.out.clone()).unwrap_or_default();
                    self.scanner.made(&out);
                    let noted = run.journal.saved(row, &out);
                    self.tell_rows(&[id], desk);
                    if let Err(error) = noted {
                        self.give_up(error.to_string(), desk);
                    }
                }
                Err(message) => {
                    self.fail(id, &message, desk);
                    self.check_folder(desk);
                }
            }
        }
    }

    /// Ends the run where the folder for results is gone: what was in it is not made, whatever was told.
    fn check_folder(&mut self, desk: &WorkerContext<Self>) {
        let gone = self.run.as_ref().and_then(|run| run.folder.as_ref()?.check().err());
        let Some(gone) = gone else { return };
        let mut lost = Vec::new();
        for row in self.rows.values_mut().filter(|row| row.state == BatchState::Done) {
            if row.plan.as_ref().is_some_and(|plan| plan.out.symlink_metadata().is_err()) {
                row.state = BatchState::Failed("its result is gone with the folder".to_owned());
                lost.push(row.id);
            }
        }
        self.tell_rows(&lost, desk);
        self.give_up(gone.to_string(), desk);
    }

    fn fail(&mut self, id: RowId, message: &str, desk: &WorkerContext<Self>) {
        if let Some(row) = self.rows.get_mut(&id) {
            // The failed row keeps its plan, but not its name.
            let plan = row.plan.clone();
            self.planner.release(row);
            row.plan = plan;
            row.state = BatchState::Failed(message.to_owned());
        }
        self.tell_rows(&[id], desk);
    }

    fn begin(&mut self, id: RowId, picture: Box<Picture>, desk: &WorkerContext<Self>) {
        let Some(row) = self.rows.get_mut(&id) else { return };
        row.recovered = picture.missing.map(|missing| 1.0 - missing);
        if let Some(kind) = picture.incomplete().filter(|_| self.settings.strict) {
            return self.fail(id, &kind.to_string(), desk);
        }
        row.state = BatchState::Working;
        row.notes.extend(picture.notes.iter().cloned());
        let job = self.planner.job_of(row);
        self.tell_rows(&[id], desk);
        match job {
            Some(Ok(job)) => {
                let current = Current { id, picture, job, canvas: None, next: 0, seconds: 0.0 };
                self.compute(current, desk);
            }
            Some(Err(error)) => self.fail(id, &error.to_string(), desk),
            None => self.fail(id, "the picture changed while it was read; try again", desk),
        }
    }

    /// Computes until the picture is done or a command waits.
    fn compute(&mut self, mut current: Current, desk: &WorkerContext<Self>) {
        let device = match self.shared.device() {
            Ok(device) => device,
            Err(error) => return self.give_up(error.to_string(), desk),
        };
        let began = Instant::now();
        if current.next == 0 {
            match current.job.at_precision(self.settings.precision, device.backend.as_ref()) {
                Ok(job) => current.job = job,
                Err(error) => return self.fail(current.id, &error.to_string(), desk),
            }
        }
        let whole = guarded(|| self.tiles(&mut current, device.backend.as_ref(), desk));
        current.seconds += began.elapsed().as_secs_f64();
        match whole {
            Ok(true) => self.computed(current, desk),
            Ok(false) => {
                if let Some(run) = self.run.as_mut().filter(|run| run.mode != Mode::Stopping) {
                    run.current = Some(current);
                }
            }
            Err(message) => self.fail(current.id, &message, desk),
        }
    }

    /// Computes tiles; whether all are done.
    fn tiles(
        &mut self,
        current: &mut Current,
        backend: &dyn Backend,
        desk: &WorkerContext<Self>,
    ) -> Result<bool, String> {
        let Current { id, picture, job, canvas, next, .. } = current;
        let text = |e: InferError| e.to_string();
        let mut work = Enlarger::new(&picture.pixels, job, backend).map_err(text)?;
        let canvas = match canvas {
            Some(canvas) => canvas,
            None => canvas.insert(work.canvas().map_err(text)?),
        };
        let mut listen = |done: u64, total: u64| {
            self.collect(desk);
            self.read_ahead(desk);
            self.tell(Some((*id, done as f32 / total.max(1) as f32)), desk);
            let ended = self.run.as_ref().is_none_or(|run| run.mode == Mode::Stopping);
            if ended || desk.waiting() || desk.stopping() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match work.go_on(canvas, next, &mut listen, desk.stop()) {
            Ok(()) => Ok(true),
            Err(InferError::Cancelled) => Ok(false),
            Err(error) => Err(text(error)),
        }
    }

    fn computed(&mut self, current: Current, desk: &WorkerContext<Self>) {
        let (Some(run), Some(row)) = (&mut self.run, self.rows.get_mut(&current.id)) else { return };
        let (Some(plan), Some(pixels)) = (&row.plan, current.canvas) else { return };
        row.state = BatchState::Saving;
        row.seconds = Some(current.seconds);
        run.done += plan.cost;
        self.planner.record_run(&plan.model, plan.cost, current.seconds);
        let overwrite = self.settings.on_exists == OnExists::Replace || row.renew.as_ref() == Some(&plan.out);
        let options = self.settings.encoding(current.picture.format, overwrite);
        let noted = run.journal.saving(row, &plan.out, plan.fresh);
        let out: PathBuf = plan.out.clone();
        let meta = self.planner.metadata(current.picture.meta);
        run.result = Some(Save { id: current.id, pixels, meta, out, options });
        self.tell_rows(&[current.id], desk);
        if let Err(error) = noted {
            self.give_up(error.to_string(), desk);
        }
    }

    /// Tells progress, if it is time.
    fn tell(&mut self, current: Option<(RowId, f32)>, desk: &WorkerContext<Self>) {
        let Some(run) = &mut self.run else { return };
        if current.is_some() && run.told.elapsed() < EVERY {
            return;
        }
        run.told = Instant::now();
        let open = |state: &BatchState| matches!(state, BatchState::Ready | BatchState::Reading | BatchState::Working);
        let to_do: u64 = self.rows.values().filter(|row| open(&row.state)).map(|row| row.cost()).sum();
        let total = run.done + to_do;
        let of_current = current.and_then(|(id, share)| Some(self.rows.get(&id)?.cost() as f64 * f64::from(share)));
        let done = run.done + of_current.unwrap_or_default() as u64;
        let speed = done as f64 / run.active().max(1e-9);
        let left = (done > 0).then(|| total.saturating_sub(done) as f64 / speed);
        desk.emit_progress(Event::Progress(Progress { current, done, total, speed, left }));
    }

    fn end(&mut self, desk: &WorkerContext<Self>, stopped: bool) {
        self.check_folder(desk);
        let stopped = stopped || self.run.as_ref().is_some_and(|run| run.failure.is_some());
        self.tell(None, desk);
        let Some(mut run) = self.run.take() else { return };
        // Whoever is told that it has ended may begin another one.
        drop(run.lock.take());
        self.estimate(desk);
        desk.set_current_job(None);
        desk.emit(Event::Mode(Mode::Idle));
        if !stopped && !self.rows.values().any(|row| row.state == BatchState::Ready) {
            run.journal.finish();
        }
        desk.emit(match run.failure {
            Some(failure) => Event::Failed(run.job, Failure::Failed(failure)),
            None => Event::Finished { job: run.job, stopped },
        });
    }
}
