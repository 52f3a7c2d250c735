//! What people choose, and what of it is kept between runs.

use crate::{
    backend::Rect,
    image_io::Format,
    infer::{Print, Target, bundled::KindChoice},
    session::{
        models::{Catalogue, ModelRef},
        view::{Difference, ModelChoice},
    },
    tensor::{Size, resample::Filter},
    ui::text::text,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The names of the sides.
pub(super) const LETTERS: [&str; 4] = ["A", "B", "C", "D"];

/// How the sides are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mode {
    /// A left of a line, B right of it.
    #[default]
    Split,
    /// Both, at the same place.
    Beside,
    /// B, and A while a key is held.
    Flip,
    /// What differs.
    Difference,
    /// A to D, at the same place.
    Four,
}

impl Mode {
    pub(super) const ALL: [Self; 5] = [Self::Split, Self::Beside, Self::Flip, Self::Difference, Self::Four];

    /// What it is called, and what it shows.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Split => (text!("mode-split"), text!("mode-split-tip")),
            Self::Beside => (text!("mode-beside"), text!("mode-beside-tip")),
            Self::Flip => (text!("mode-flip"), text!("mode-flip-tip")),
            Self::Difference => (text!("difference"), text!("mode-difference-tip")),
            Self::Four => (text!("mode-four"), text!("mode-four-tip")),
        }
    }
}

/// Everything that undo brings back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    /// A and B.
    pub(super) looks: [ModelChoice; 2],
    /// C and D, which are seen where four are.
    pub(super) more: [ModelChoice; 2],
    /// The size; that of `print`, if there is one.
    pub(super) target: Target,
    /// The size on paper.
    pub(super) print: Option<Print>,
    /// Sizes on paper are in inches, not in centimetres.
    pub(super) inches: bool,
    /// The part of the photo that is exported, in its pixels; `None`: all of it.
    #[serde(skip)]
    pub(super) crop: Option<Rect>,
    pub(super) strength: f32,
    /// The mean over eight flips and rotations.
    pub(super) ensemble: bool,
    pub(super) mode: Mode,
    pub(super) difference: Difference,
    pub(super) reference: Option<PathBuf>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            looks: [ModelChoice::Baseline(Filter::Bicubic), ModelChoice::Auto(KindChoice::Auto)],
            more: [ModelChoice::Auto(KindChoice::Best), ModelChoice::Auto(KindChoice::Photo)],
            target: Target::Factor(2.0),
            print: None,
            inches: false,
            crop: None,
            strength: 1.0,
            ensemble: false,
            mode: Mode::Split,
            difference: Difference::default(),
            reference: None,
        }
    }
}

impl Choice {
    /// What a side shows.
    pub(super) fn look(&self, side: usize) -> &ModelChoice {
        if side < 2 { &self.looks[side] } else { &self.more[side - 2] }
    }

    /// The same, to be changed.
    pub(super) fn look_mut(&mut self, side: usize) -> &mut ModelChoice {
        if side < 2 { &mut self.looks[side] } else { &mut self.more[side - 2] }
    }

    /// What all sides show that this view has.
    pub(super) fn all_looks(&self) -> Vec<ModelChoice> {
        let more = self.more.iter().filter(|_| self.mode == Mode::Four);
        self.looks.iter().chain(more).cloned().collect()
    }

    /// Where a model is shown that can no longer be had, shows what it is now, or what is shown at first.
    pub(super) fn replace(&mut self, gone: &ModelRef, now: Option<ModelRef>) {
        let is_gone = |look: &ModelChoice| matches!(look, ModelChoice::Model(model) if model == gone);
        self.put(now.map(ModelChoice::Model).as_ref(), is_gone);
    }

    /// Where something is shown that is gone, shows `now`, or what is shown at first.
    fn put(&mut self, now: Option<&ModelChoice>, is_gone: impl Fn(&ModelChoice) -> bool) {
        let default = Self::default();
        for side in 0..LETTERS.len() {
            if is_gone(self.look(side)) {
                *self.look_mut(side) = now.unwrap_or(default.look(side)).clone();
            }
        }
    }

    /// Another size, which is none on paper.
    pub(super) fn resize(&mut self, target: Target) {
        (self.target, self.print) = (target, None);
    }

    /// A size on paper.
    pub(super) fn print(&mut self, print: Print) {
        (self.target, self.print) = (print.target(), Some(print));
    }

    /// What of it another day may begin with: no picture of today.
    fn lasting(&self) -> Self {
        let mut kept = Self { reference: None, crop: None, ..self.clone() };
        kept.put(None, |look| matches!(look, ModelChoice::File(_)));
        kept
    }

    /// Makes sense of what an earlier day has left: a model may be gone, a number out of range.
    fn sensible(mut self, models: &Catalogue) -> Self {
        let default = Self::default();
        self.put(None, |look| match look {
            ModelChoice::Model(model) => !models.has(model),
            other => matches!(other, ModelChoice::File(_)),
        });
        if !matches!(self.target.size(Size::square(1000)), Ok(size) if size.width <= 60_000) {
            self.target = default.target;
        }
        self.print = self.print.filter(|print| print.target() == self.target);
        self.strength = if self.strength.is_finite() { self.strength.clamp(0.0, 1.0) } else { default.strength };
        let gain = self.difference.gain;
        self.difference.gain = if gain.is_finite() { gain.clamp(1.0, 64.0) } else { default.difference.gain };
        Self { reference: None, ..self }
    }
}

/// How results were written last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct LastExport {
    /// `None`: as the photo is.
    pub(super) format: Option<Format>,
    pub(super) quality: u8,
    pub(super) metadata: bool,
    /// Colours are converted to sRGB.
    pub(super) srgb: bool,
}

impl Default for LastExport {
    fn default() -> Self {
        Self { format: None, quality: 92, metadata: true, srgb: false }
    }
}

/// What the tab remembers between runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Persisted {
    choice: Choice,
    pub(super) written: LastExport,
}

impl Persisted {
    /// To be remembered.
    pub(super) fn of(choice: &Choice, written: &LastExport) -> Self {
        Self { choice: choice.lasting(), written: written.clone() }
    }

    /// To begin with.
    pub(super) fn choice(&self, models: &Catalogue) -> Choice {
        self.choice.clone().sensible(models)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_without_the_pictures_of_the_day() {
        let models = Catalogue::default();
        let mut choice = Choice { target: Target::Width(4000), strength: 0.5, mode: Mode::Flip, ..Choice::default() };
        choice.looks = [ModelChoice::Baseline(Filter::Lanczos3), ModelChoice::Auto(KindChoice::Camera)];
        choice.difference.gain = 3.0;
        let today = Choice { reference: Some("r.png".into()), ..choice.clone() };
        let written = LastExport { format: Some(Format::Jpeg), quality: 77, metadata: false, srgb: true };
        let text = ron::to_string(&Persisted::of(&today, &written)).unwrap();
        let kept: Persisted = ron::from_str(&text).unwrap();
        assert_eq!((kept.choice(&models), kept.written), (choice.clone(), written));
        let file = Choice { looks: [ModelChoice::File("a.png".into()), ModelChoice::File("b.png".into())], ..choice };
        let looks = Persisted::of(&file, &LastExport::default()).choice(&models).looks;
        assert_eq!(looks, Choice::default().looks);
    }

    #[test]
    fn what_makes_no_sense_any_more_is_as_on_the_first_day() {
        let gone = ModelChoice::Model(ModelRef::File("gone.safetensors".into()));
        let mut choice = Choice { strength: f32::NAN, target: Target::Factor(-1.0), ..Choice::default() };
        choice.looks = [gone, ModelChoice::Model(ModelRef::Trained)];
        choice.difference.gain = 1e9;
        let sensible = choice.sensible(&Catalogue::default());
        assert_eq!(
            (&sensible.looks, sensible.target, sensible.strength),
            (&Choice::default().looks, Target::Factor(2.0), 1.0)
        );
        assert_eq!(sensible.difference.gain, 64.0);
        let old: Persisted = ron::from_str("(choice: (strength: 0.25))").unwrap();
        assert_eq!(old.choice(&Catalogue::default()), Choice { strength: 0.25, ..Choice::default() });
    }
}
