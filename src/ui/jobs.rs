//! Work that takes long: how far it is, for the window's title; and that it has ended, for people who look elsewhere.

use super::text::text;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Of what took longer, the end is told in a window that is not in front.
const LONG: Duration = Duration::from_secs(10);

/// What people wait for. Of several the first stands in the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Results of Enhance are written.
    Export,
    /// A batch runs.
    Batch,
    /// A model is trained.
    Training,
    /// What is in view is enlarged: its end is seen, and told nowhere else.
    View,
}

/// How far one is.
struct State {
    share: f64,
    name: String,
    began: Instant,
}

/// What runs.
#[derive(Default)]
pub struct Jobs {
    running: BTreeMap<Job, State>,
    ended: Vec<String>,
}

impl Jobs {
    /// Takes how far a job is: the share that is done, from 0 to 1, and of what; `None` while there is none.
    pub fn report(&mut self, job: Job, progress: Option<(f64, String)>, now: Instant) {
        let Some((share, name)) = progress else {
            let ended = self.running.remove(&job);
            let long = ended.filter(|state| now.saturating_duration_since(state.began) >= LONG);
            self.ended.extend(long.and_then(|state| ended_words(job, &state.name)));
            return;
        };
        let began = self.running.get(&job).map_or(now, |state| state.began);
        self.running.insert(job, State { share, name, began });
    }

    /// What stands in the title: "37 % · photo.jpg".
    pub fn title(&self) -> Option<String> {
        let state = self.running.values().next()?;
        let name = if state.name.is_empty() { String::new() } else { format!(" · {}", state.name) };
        Some(format!("{:.0} %{name}", 100.0 * state.share))
    }

    /// What has ended since the last call, after a long time, in words.
    pub(super) fn take_ended(&mut self) -> Vec<String> {
        std::mem::take(&mut self.ended)
    }
}

/// That a job has ended: well or not, the window says.
fn ended_words(job: Job, name: &str) -> Option<String> {
    match job {
        Job::Export => Some(text!("ended-export", name = name)),
        Job::Batch => Some(text!("ended-batch").to_owned()),
        Job::Training => Some(text!("ended-training", name = name)),
        Job::View => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_shows_the_job_that_people_wait_for_most() {
        let (mut jobs, now) = (Jobs::default(), Instant::now());
        assert_eq!(jobs.title(), None);
        for (job, share, name, title) in [
            (Job::View, 0.5, "p.jpg", "50 % · p.jpg"),
            (Job::Training, 0.034, "mine", "3 % · mine"),
            (Job::Batch, 0.25, "", "25 %"),
            (Job::Export, 1.0, "out.png", "100 % · out.png"),
        ] {
            jobs.report(job, Some((share, name.to_owned())), now);
            assert_eq!(jobs.title().as_deref(), Some(title));
        }
        jobs.report(Job::Export, None, now);
        assert_eq!(jobs.title().as_deref(), Some("25 %"));
    }

    #[test]
    fn only_the_end_of_what_took_long_is_told_and_once() {
        let (mut jobs, began) = (Jobs::default(), Instant::now());
        for job in [Job::Export, Job::Batch, Job::Training, Job::View] {
            jobs.report(job, Some((0.0, "a.png".to_owned())), began);
        }
        // One file after another is one job.
        jobs.report(Job::Export, Some((0.0, "b.png".to_owned())), began + LONG / 2);
        jobs.report(Job::Batch, None, began + LONG - Duration::from_millis(1));
        for job in [Job::Export, Job::Training, Job::View, Job::Batch] {
            jobs.report(job, None, began + LONG);
        }
        assert_eq!(jobs.take_ended(), ["Export has ended: b.png", "Training has ended: a.png"]);
        assert!(jobs.take_ended().is_empty());
    }
}
