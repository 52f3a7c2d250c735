//! A thread that works for a window: commands in, events out, over bounded channels.
//!
//! The window never waits: [`Worker::send`] refuses when the channel is full (a bug or a flood, and said so), and
//! [`Worker::poll`] takes what is there. The thread may wait: for a command, and with a result for room in the channel,
//! which is what bounds memory when tiles come faster than they are drawn. Progress may be dropped, results may not.
//!
//! A panic ends neither the thread nor the program: the job in hand is reported as failed and the [`Work`] is built anew,
//! because what a panic left behind cannot be trusted.

use super::{Failure, JobId};
use crate::infer::CancelToken;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, TrySendError, bounded};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Commands that may wait. A person cannot give so many before the thread looks.
const COMMANDS: usize = 256;
/// Events that may wait for the window.
const EVENTS: usize = 64;
/// How long after [`Worker::stop`] dropping a worker waits for the thread to see that it should end.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// Called after every event: a window asks for a repaint then.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// What a worker does. Lives on the worker's thread.
pub trait Work {
    /// What it is asked.
    type Command: Send + 'static;
    /// What it tells.
    type Event: Send + 'static;

    /// Does what a command asks. Long work looks at [`WorkerContext::stopping`] (or at [`WorkerContext::stop`]) and at further commands
    /// ([`WorkerContext::next`]) between tiles, steps or files.
    fn handle(&mut self, command: Self::Command, context: &WorkerContext<Self>);

    /// Does a piece of what is left to do while no command waits; `false` if nothing is left. Most work needs none.
    fn go_on(&mut self, _desk: &WorkerContext<Self>) -> bool {
        false
    }

    /// The event that ends a job without its result.
    fn failed(job: JobId, failure: Failure) -> Self::Event;
}

/// The thread's side of the channels. Work that computes on several threads may share it among them.
pub struct WorkerContext<W: Work + ?Sized> {
    commands: Receiver<W::Command>,
    events: Sender<W::Event>,
    stop: CancelToken,
    waker: Waker,
    job: Mutex<Option<JobId>>,
}

impl<W: Work + ?Sized> WorkerContext<W> {
    /// Tells an event, waiting for room.
    pub fn emit(&self, event: W::Event) {
        // A closed channel means that the window is gone, and `stop` is raised.
        if self.events.send(event).is_ok() {
            (self.waker)();
        }
    }

    /// Tells an event, or drops it where there is no room: for progress only.
    pub fn emit_progress(&self, event: W::Event) {
        if self.events.try_send(event).is_ok() {
            (self.waker)();
        }
    }

    /// The next command if one waits: for work that can be changed while it runs.
    pub fn next(&self) -> Option<W::Command> {
        self.commands.try_recv().ok()
    }

    /// Waits for the next command, for work that keeps something open between commands; `None` when the window is gone.
    pub fn wait(&self) -> Option<W::Command> {
        self.commands.recv().ok()
    }

    /// Whether a command waits.
    pub fn waiting(&self) -> bool {
        !self.commands.is_empty()
    }

    /// Raised when the worker is dropped; pass it to work that checks a token.
    pub fn stop(&self) -> &CancelToken {
        &self.stop
    }

    /// Whether the thread should end.
    pub fn stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Notes the job in hand, which is reported as failed should its work panic; `None` when it has ended.
    pub fn set_current_job(&self, job: Option<JobId>) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }
}

/// The other end of a [`Worker::manual`].
pub struct TestDriver<W: Work> {
    commands: Receiver<W::Command>,
    events: Sender<W::Event>,
}

impl<W: Work> TestDriver<W> {
    /// The next command that was given.
    pub fn next(&self) -> Option<W::Command> {
        self.commands.try_recv().ok()
    }

    /// Tells an event; gives it back while there is no room.
    ///
    /// # Errors
    /// The event, if as many wait as may, or if the worker is gone.
    pub fn send(&self, event: W::Event) -> Result<(), W::Event> {
        self.events.try_send(event).map_err(|error| error.into_inner())
    }
}

/// The window's side: a handle on the thread. Dropping it stops the thread.
pub struct Worker<W: Work> {
    commands: Option<Sender<W::Command>>,
    events: Option<Receiver<W::Event>>,
    stop: CancelToken,
    thread: Option<JoinHandle<()>>,
    name: &'static str,
    /// When it was told to stop.
    stopped: Option<Instant>,
}

impl<W: Work + 'static> Worker<W> {
    /// Starts a thread that works with what `make` builds (on that thread, and again after a panic).
    ///
    /// # Panics
    /// If the system gives no thread: nothing works then.
    #[expect(clippy::expect_used, reason = "a system without threads runs no part of this program")]
    pub fn start(name: &'static str, waker: Waker, make: impl Fn() -> W + Send + 'static) -> Self {
        let (commands, received) = bounded(COMMANDS);
        let (sent, events) = bounded(EVENTS);
        let stop = CancelToken::new();
        let context_stop = stop.clone();
        let run = move || {
            let context =
                WorkerContext { commands: received, events: sent, stop: context_stop, waker, job: Mutex::new(None) };
            serve(&context, &make);
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run).expect("a thread");
        Self { commands: Some(commands), events: Some(events), stop, thread: Some(thread), name, stopped: None }
    }

    /// A handle without a thread: whoever holds the other end does the work. For tests of views, in which nothing may
    /// depend on how fast work goes.
    pub fn manual() -> (Self, TestDriver<W>) {
        let (commands, received) = bounded(COMMANDS);
        let (sent, events) = bounded(EVENTS);
        let worker = Self {
            commands: Some(commands),
            events: Some(events),
            stop: CancelToken::new(),
            thread: None,
            name: "manual",
            stopped: None,
        };
        (worker, TestDriver { commands: received, events: sent })
    }

    /// Gives a command, without waiting.
    ///
    /// # Errors
    /// If more commands wait than anyone could have given: the thread hangs.
    pub fn send(&self, command: W::Command) -> Result<(), Failure> {
        let Some(commands) = &self.commands else { return Err(Failure::Cancelled) };
        commands.try_send(command).map_err(|error| {
            let what = match error {
                TrySendError::Full(_) => "does not answer",
                TrySendError::Disconnected(_) => "has ended",
            };
            Failure::Failed(format!("the {} thread {what}; restart the program", self.name))
        })
    }

    /// The next event if there is one.
    pub fn poll(&self) -> Option<W::Event> {
        self.events.as_ref()?.try_recv().ok()
    }

    /// Waits for an event: for tests and for the command line.
    pub fn wait(&self, at_most: Duration) -> Option<W::Event> {
        self.events.as_ref()?.recv_timeout(at_most).ok()
    }
}

impl<W: Work> Worker<W> {
    /// Tells the thread to end, without waiting. Several workers that are told first and dropped then end side by side, so
    /// that a window with many closes as quickly as one with a single worker.
    pub fn stop(&mut self) {
        self.stopped.get_or_insert_with(Instant::now);
        self.stop.cancel();
        // Both ends close, so that the thread waits for nothing.
        self.commands = None;
        self.events = None;
    }
}

impl<W: Work> Drop for Worker<W> {
    fn drop(&mut self) {
        self.stop();
        let Some(thread) = self.thread.take() else { return };
        let began = self.stopped.unwrap_or_else(Instant::now);
        while !thread.is_finished() && began.elapsed() < STOP_TIMEOUT {
            std::thread::sleep(Duration::from_millis(2));
        }
        if thread.is_finished() {
            // What it panicked with was reported already.
            let _ = thread.join();
        } else {
            tracing::warn!("the {} thread is still inside a tile; leaving it behind", self.name);
        }
    }
}

/// The thread's life.
fn serve<W: Work>(context: &WorkerContext<W>, make: &dyn Fn() -> W) {
    let mut work = make();
    let mut more = false;
    while !context.stopping() {
        let command = match context.commands.try_recv() {
            Ok(command) => Some(command),
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) if more => None,
            Err(TryRecvError::Empty) => match context.commands.recv_timeout(Duration::from_secs(3600)) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            },
        };
        let attempt = catch_unwind(AssertUnwindSafe(|| match command {
            Some(command) => {
                work.handle(command, context);
                true
            }
            None => work.go_on(context),
        }));
        more = attempt.unwrap_or_else(|panic| {
            let message = message(panic.as_ref());
            tracing::error!("panic on a worker thread: {message}");
            let job = context.job.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(job) = job {
                context.emit(W::failed(
                    job,
                    Failure::Failed(format!("a fault in the program: {message}; please report it")),
                ));
            }
            work = make();
            false
        });
    }
}

/// What a panic said.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts to a number, panics at 13.
    struct Counter {
        left: u32,
        job: Option<JobId>,
    }

    impl Work for Counter {
        type Command = (JobId, u32);
        type Event = (JobId, Result<u32, Failure>);

        fn handle(&mut self, (job, to): Self::Command, context: &WorkerContext<Self>) {
            context.set_current_job(Some(job));
            assert_ne!(to, 13, "unlucky");
            (self.left, self.job) = (to, Some(job));
        }

        fn go_on(&mut self, context: &WorkerContext<Self>) -> bool {
            let Some(job) = self.job else { return false };
            if self.left > 0 {
                self.left -= 1;
            } else {
                context.set_current_job(None);
                context.emit((job, Ok(0)));
                self.job = None;
            }
            true
        }

        fn failed(job: JobId, failure: Failure) -> Self::Event {
            (job, Err(failure))
        }
    }

    fn counter() -> Worker<Counter> {
        Worker::start("counter", Arc::new(|| {}), || Counter { left: 0, job: None })
    }

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn a_panic_fails_its_job_and_the_next_one_works() {
        let worker = counter();
        let (bad, good) = (JobId::next(), JobId::next());
        worker.send((bad, 13)).unwrap();
        let (job, result) = worker.wait(SOON).unwrap();
        assert_eq!(job, bad);
        assert!(matches!(result, Err(Failure::Failed(reason)) if reason.contains("unlucky")));
        worker.send((good, 5)).unwrap();
        assert_eq!(worker.wait(SOON), Some((good, Ok(0))));
    }

    #[test]
    fn dropping_the_handle_ends_a_thread_that_waits_with_a_result() {
        let worker = counter();
        for _ in 0..COMMANDS {
            // More results than there is room for: the thread stands in `emit`.
            while worker.send((JobId::next(), 0)).is_err() {}
        }
        let began = Instant::now();
        drop(worker);
        assert!(began.elapsed() < STOP_TIMEOUT + SOON, "the drop returns");
    }

    #[test]
    fn every_event_wakes_the_window() {
        let woken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = woken.clone();
        let wake = Arc::new(move || {
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        });
        let worker = Worker::start("counter", wake, || Counter { left: 0, job: None });
        worker.send((JobId::next(), 1)).unwrap();
        assert!(worker.wait(SOON).is_some());
        drop(worker);
        assert_eq!(woken.load(std::sync::atomic::Ordering::SeqCst), 1);
    }
}
