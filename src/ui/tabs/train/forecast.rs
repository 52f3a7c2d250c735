//! How many steps a run would do, from steps that were timed on this machine.

use crate::session::{JobId, models::ModelRef};

/// What a step's time depends on: model, patches per step, their side, device.
type Of = (ModelRef, usize, usize, String);

/// What is known of a step's time.
#[derive(Default)]
pub(super) struct Forecast {
    of: Option<Of>,
    /// Being measured.
    job: Option<JobId>,
    /// Steps per second.
    speed: Option<f64>,
}

/// How many steps there will be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Steps {
    /// Nobody knows.
    Unknown,
    /// It is being measured.
    Measuring,
    /// About so many.
    About(f64),
}

impl Forecast {
    /// Whether it is known of this, or was asked.
    pub(super) fn is_of(&self, of: &Of) -> bool {
        self.of.as_ref() == Some(of)
    }

    /// The job that measures this, unless it was measured before.
    pub(super) fn ask(&mut self, of: Of) -> Option<JobId> {
        if self.is_of(&of) {
            return None;
        }
        let job = JobId::next();
        *self = Self { of: Some(of), job: Some(job), speed: None };
        Some(job)
    }

    /// Takes what was measured.
    pub(super) fn measured(&mut self, job: JobId, speed: Option<f64>) {
        if self.job == Some(job) {
            (self.job, self.speed) = (None, speed);
        }
    }

    /// Something else came first: it is measured another time. Whether that was this job.
    pub(super) fn cancelled(&mut self, job: JobId) -> bool {
        let own = self.job == Some(job);
        if own {
            *self = Self::default();
        }
        own
    }

    /// Steps in so many seconds.
    pub(super) fn steps(&self, seconds: f64) -> Steps {
        match (self.speed, self.job) {
            (Some(speed), _) => Steps::About(speed * seconds),
            (None, Some(_)) => Steps::Measuring,
            (None, None) => Steps::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_step_is_timed_once() {
        let of = |batch| (ModelRef::Bundled("x2".to_owned()), batch, 32, "cpu".to_owned());
        let mut forecast = Forecast::default();
        assert_eq!(forecast.steps(60.0), Steps::Unknown);
        let job = forecast.ask(of(16)).unwrap();
        assert_eq!((forecast.ask(of(16)), forecast.steps(60.0)), (None, Steps::Measuring));
        forecast.measured(job, Some(0.5));
        assert_eq!((forecast.ask(of(16)), forecast.steps(60.0)), (None, Steps::About(30.0)));
        let other = forecast.ask(of(8)).unwrap();
        forecast.measured(job, Some(9.0));
        assert_eq!(forecast.steps(60.0), Steps::Measuring, "an answer to an old question");
        forecast.measured(other, None);
        assert_eq!((forecast.ask(of(8)), forecast.steps(60.0)), (None, Steps::Unknown), "it cannot be known");
        let again = forecast.ask(of(4)).unwrap();
        assert!(!forecast.cancelled(other) && forecast.cancelled(again));
        assert!(forecast.ask(of(4)).is_some(), "something else came first");
    }
}
