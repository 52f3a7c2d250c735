//! What the tab knows of a run: its curve, its judgements, what people are told of it.

use crate::{
    session::{
        JobId,
        trainer::{Crop, Ended, Event, Scored, Start, Stepped},
    },
    train::evaluate::Score,
    ui::text::text,
};
use std::path::PathBuf;

/// Points of the loss curve; when there are more, neighbours are joined.
const MOST_POINTS: usize = 4000;
/// Share that the smoothed loss keeps of its past.
const SMOOTH: f64 = 0.97;
/// Less than this, in dB, is no gain that anyone would see.
const GAIN: f64 = 0.01;

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Reading pictures, judging the start.
    Preparing,
    /// Training.
    Running,
    /// Waiting.
    Paused,
    /// Was asked to stop.
    Stopping,
    /// Over.
    Over(Ended),
    /// Ended by an error.
    Failed,
}

/// One point of the loss curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Step.
    pub(super) step: f64,
    /// Loss as it was.
    pub(super) raw: f64,
    /// Smoothed.
    pub(super) smooth: f64,
}

/// A run.
pub(super) struct Run {
    /// Its id.
    pub(super) job: JobId,
    /// Where it started from.
    pub(super) init: String,
    /// Seconds it is to last.
    pub(super) seconds: f64,
    /// Where its best model is.
    pub(super) output: PathBuf,
    /// Pictures that it is trained on.
    pub(super) trained_on: usize,
    /// Pictures that it is judged by.
    pub(super) held_out: usize,
    /// What it is doing.
    pub(super) phase: Phase,
    /// Scores of bicubic and of the start.
    pub(super) began: Option<(Score, Score)>,
    /// Pieces that are shown.
    pub(super) crops: Vec<Crop>,
    /// The loss.
    pub(super) curve: Vec<Point>,
    /// The latest report.
    pub(super) latest: Option<Stepped>,
    /// Steps per second.
    pub(super) speed: Option<f64>,
    /// All judgements.
    pub(super) scored: Vec<Scored>,
    /// The best.
    pub(super) best: Option<(u64, Score)>,
    /// How often it had to go back.
    pub(super) restarts: u32,
}

impl Run {
    /// One that begins.
    pub(super) fn new(start: &Start) -> Self {
        Self {
            job: start.job,
            init: start.init.name(),
            seconds: start.seconds,
            output: start.output.clone(),
            trained_on: start.train.len(),
            held_out: start.held_out.len(),
            phase: Phase::Preparing,
            began: None,
            crops: Vec::new(),
            curve: Vec::new(),
            latest: None,
            speed: None,
            scored: Vec::new(),
            best: None,
            restarts: 0,
        }
    }

    /// Whether it goes on.
    pub(super) fn is_under_way(&self) -> bool {
        !matches!(self.phase, Phase::Over(_) | Phase::Failed)
    }

    /// Whether there is a model to use.
    pub(super) fn has_model(&self) -> bool {
        self.best.is_some()
    }

    /// An error ended it.
    pub(super) fn fail(&mut self) {
        self.phase = Phase::Failed;
    }

    /// Takes an event of its own.
    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::Started(job, bicubic, start, crops) if job == self.job => {
                (self.began, self.crops) = (Some((bicubic, start)), crops);
                if self.phase == Phase::Preparing {
                    self.phase = Phase::Running;
                }
            }
            Event::Stepped(job, stepped) if job == self.job => self.stepped(stepped),
            Event::Paused(job, paused) if job == self.job && self.phase != Phase::Stopping => {
                self.phase = if paused { Phase::Paused } else { Phase::Running };
            }
            Event::Scored(job, scored) if job == self.job => {
                if scored.best {
                    self.best = Some((scored.step, scored.score));
                }
                self.scored.push(scored);
            }
            Event::Finished(job, best, ended, _) if job == self.job => {
                (self.best, self.phase) = (best, Phase::Over(ended));
            }
            _ => {}
        }
    }

    fn stepped(&mut self, stepped: Stepped) {
        if let Some(before) = self.latest.filter(|b| stepped.seconds > b.seconds && stepped.step > b.step) {
            let now = (stepped.step - before.step) as f64 / (stepped.seconds - before.seconds);
            self.speed = Some(self.speed.map_or(now, |speed| speed + 0.1 * (now - speed)));
        }
        let raw = f64::from(stepped.loss);
        let smooth = self.curve.last().map_or(raw, |last| SMOOTH * last.smooth + (1.0 - SMOOTH) * raw);
        self.curve.push(Point { step: stepped.step as f64, raw, smooth });
        if self.curve.len() > MOST_POINTS {
            let joined = self.curve.chunks(2).map(|pair| {
                let raw = pair.iter().map(|p| p.raw).sum::<f64>() / pair.len() as f64;
                Point { raw, ..pair[pair.len() - 1] }
            });
            self.curve = joined.collect();
        }
        self.latest = Some(stepped);
    }

    /// Seconds that are left.
    pub(super) fn left(&self) -> f64 {
        self.latest.map_or(self.seconds, |l| (self.seconds - l.seconds).max(0.0))
    }

    /// Share that is behind.
    pub(super) fn share(&self) -> f64 {
        match self.phase {
            Phase::Over(Ended::Done) => 1.0,
            _ => self.latest.map_or(0.0, |l| l.share.min(1.0)),
        }
    }

    /// Gain over the start in dB, where pictures were held out.
    pub(super) fn gain(&self) -> Option<f64> {
        let ((_, best), (_, start)) = (self.best?, self.began?);
        (self.held_out > 0).then_some(best.psnr - start.psnr)
    }

    /// How it went, in a sentence, and whether that is good news.
    pub(super) fn verdict(&self) -> Option<(bool, String)> {
        let Phase::Over(ended) = self.phase else { return None };
        let why = match ended {
            Ended::Done => None,
            Ended::Stopped => Some(text!("verdict-stopped")),
            Ended::Falling => Some(text!("verdict-falling")),
        };
        let (good, what) = self.result();
        Some((good, why.into_iter().chain([what.as_str()]).collect::<Vec<_>>().join(" ")))
    }

    /// What came of it, and whether that is good news.
    fn result(&self) -> (bool, String) {
        let (Some((step, best)), Some((_, start))) = (self.best, self.began) else {
            return (false, text!("verdict-no-model").to_owned());
        };
        let decibels = |value: f64| format!("{value:.2}");
        match self.gain() {
            None => (true, text!("verdict-not-measured").to_owned()),
            Some(gain) if gain < GAIN => {
                let (best, start) = (decibels(best.psnr), decibels(start.psnr));
                (false, text!("verdict-no-better", best = best, start = start, model = self.init.as_str()))
            }
            Some(gain) => {
                let (gain, best) = (decibels(gain), decibels(best.psnr));
                (true, text!("verdict-better", gain = gain, model = self.init.as_str(), best = best, step = step))
            }
        }
    }
}
