//! What a batch tells while it runs: rows as they are printed, how far it is, how it ended.

use super::{
    Context,
    batch::{Args, duration},
    text,
};
use crate::{
    error::Error,
    image_io::Target,
    session::{
        Failure, Worker,
        batch::{self, Batch, BatchState, Command, Counts, Event, Row, RowId},
    },
};
use std::{
    collections::BTreeMap,
    process::ExitCode,
    time::{Duration, Instant},
};

/// How a run ended.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Finished,
    Stopped,
    /// By something that concerns all pictures, which was told.
    Failed,
}

/// What the worker told.
pub(super) struct Watch {
    rows: BTreeMap<RowId, Row>,
    /// Of the models before this one.
    before: Vec<Row>,
    told: Instant,
}

/// How often a line says how far it is, where standard error is a file.
const EVERY: Duration = Duration::from_secs(30);

impl Watch {
    /// Nothing was told yet.
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new(), before: Vec::new(), told: Instant::now() }
    }

    /// Begins with the next model, which makes rows of its own.
    pub(super) fn next_model(&mut self) {
        self.before.extend(std::mem::take(&mut self.rows).into_values());
    }

    pub(super) fn until_planned(&mut self, worker: &Worker<Batch>, context: &Context) -> Result<(), Error> {
        while !context.cancel.is_cancelled() {
            match worker.wait(Duration::from_millis(200)) {
                Some(Event::Rows(rows)) => self.rows.extend(rows.into_iter().map(|row| (row.id, row))),
                Some(Event::Planned(true)) => return Ok(()),
                Some(Event::Refused(reason)) => return Err(Error::Usage(reason)),
                _ => {}
            }
        }
        Err(Error::Interrupted)
    }

    pub(super) fn until_finished(&mut self, worker: &Worker<Batch>, context: &Context) -> Result<End, Error> {
        let mut asked = false;
        loop {
            if context.cancel.is_cancelled() && !asked {
                asked = true;
                worker.send(Command::Stop).map_err(|failure| Error::Usage(failure.to_string()))?;
            }
            match worker.wait(Duration::from_millis(50)) {
                Some(Event::Rows(rows)) => {
                    for row in rows {
                        self.row(row)?;
                    }
                }
                Some(Event::Progress(progress)) if self.told.elapsed() > EVERY => {
                    self.told = Instant::now();
                    let left = progress.left.map(|s| format!(", {} left", duration(s))).unwrap_or_default();
                    let speed = progress.speed / 1e6;
                    let counts = Counts::of(self.rows.values());
                    text::tell!("{} of {} done, {speed:.2} MP/s{left}", counts.done, counts.done + counts.to_do);
                }
                Some(Event::Finished { stopped, .. }) => return Ok(if stopped { End::Stopped } else { End::Finished }),
                Some(Event::Failed(_, Failure::Cancelled)) => return Ok(End::Stopped),
                Some(Event::Failed(_, Failure::Failed(reason)) | Event::Refused(reason)) => {
                    text::tell!("error: {reason}");
                    return Ok(End::Failed);
                }
                _ => {}
            }
        }
    }

    /// Notes a row, and prints it if it has come to an end.
    fn row(&mut self, row: Row) -> Result<(), Error> {
        let before = self.rows.get(&row.id).map(|row| row.state.clone());
        if before.as_ref() != Some(&row.state) {
            let file = text::name(&row.source);
            match &row.state {
                BatchState::Done if before.is_some() => {
                    row.notes.iter().for_each(|note| text::tell!("note: {file}: {note}"));
                    if let Some(plan) = &row.plan {
                        let (out, size, seconds) = (text::name(&plan.out), plan.size, row.seconds.unwrap_or_default());
                        text::print(&format!("{out}: {size} pixels in {seconds:.1} s\n"))?;
                    }
                }
                BatchState::Failed(reason) | BatchState::Refused(reason) => text::tell!("error: {file}: {reason}"),
                BatchState::Skipped(reason) => text::tell!("skipped: {file}: {reason}"),
                _ => {}
            }
        }
        self.rows.insert(row.id, row);
        Ok(())
    }

    /// Rows of all models so far.
    fn all(&self) -> impl Iterator<Item = &Row> {
        self.before.iter().chain(self.rows.values())
    }

    /// What would be made.
    pub(super) fn plan(&self) -> String {
        let mut table = String::new();
        for row in self.all() {
            let file = text::name(&row.source);
            let line = match (&row.plan, row.state.reason()) {
                (_, Some(reason)) => format!("{file}: {}: {reason}", row.state.word()),
                (Some(plan), None) => {
                    let (size, out) = (plan.size, text::name(&plan.out));
                    let from = row.input.map(|size| size.to_string()).unwrap_or_default();
                    let time = plan.estimate.map(|s| format!(", about {}", duration(s))).unwrap_or_default();
                    let way = if plan.way.is_long() { format!(" ({})", plan.way) } else { String::new() };
                    let source = row.source_words().map(|words| format!(" for {words}")).unwrap_or_default();
                    format!("{file}: {from} to {size}, {}{source}{way}{time}: {out}", plan.model.name())
                }
                (None, None) => file,
            };
            table.push_str(&text::one_line(&line));
            table.push('\n');
        }
        let seconds: f64 =
            self.all().filter_map(|row| row.plan.as_ref()?.estimate.filter(|_| row.state == BatchState::Ready)).sum();
        let counts = Counts::of(self.all());
        table + &format!("{} of {} pictures would be made, in about {}\n", counts.to_do, counts.all, duration(seconds))
    }

    /// Report, last line and exit code.
    pub(super) fn finish(&self, args: &Args, report: Option<&Target>, end: End) -> Result<ExitCode, Error> {
        let rows: Vec<Row> = self.all().cloned().collect();
        if let Some(report) = report {
            batch::write_report(&rows, report)?;
        }
        let counts = Counts::of(&rows);
        if !args.dry_run && end != End::Failed {
            let rest = if counts.to_do > 0 { format!(", {} left for --resume", counts.to_do) } else { String::new() };
            let Counts { all, done, skipped, failed, .. } = counts;
            text::tell!("{done} of {all} done, {skipped} skipped, {failed} failed{rest}");
        }
        match end {
            End::Failed => Ok(ExitCode::FAILURE),
            End::Stopped => Err(Error::Interrupted),
            End::Finished if rows.is_empty() && args.shard.is_none() => {
                Err(Error::Usage("no picture is in there; name another folder".to_owned()))
            }
            End::Finished => Ok(ExitCode::from(u8::from(counts.failed > 0))),
        }
    }
}
