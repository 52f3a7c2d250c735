//! What is wanted: a model and a size. The window, the batch and the command line all build the same [`Job`].

use super::{InferError, Strength, at_precision, tiles::TileSize};
use crate::{
    backend::Backend,
    nn::{Model, Precision},
    tensor::Size,
};
use std::sync::Arc;

/// The size that is wanted. Proportions are kept, to the nearest pixel.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Target {
    /// So many times as wide and as high.
    Factor(f64),
    /// So many columns.
    Width(usize),
    /// So many rows.
    Height(usize),
    /// So many pixels along the longer side.
    LongEdge(usize),
}

/// How many times as large a picture of one size is as one of another: the longer sides decide, which rounding disturbs
/// least.
pub fn factor(from: Size, to: Size) -> f64 {
    to.longest() as f64 / from.longest() as f64
}

impl Target {
    /// The size that a picture gets.
    ///
    /// # Errors
    /// If the target is no number above zero, or the result has more pixels than can be counted.
    pub fn size(self, of: Size) -> Result<Size, InferError> {
        let side = |side: usize, of: usize| if side > 0 { side as f64 / of as f64 } else { f64::NAN };
        let factor = match self {
            Self::Factor(f) => f,
            Self::Width(w) => side(w, of.width),
            Self::Height(h) => side(h, of.height),
            Self::LongEdge(l) => side(l, of.longest()),
        };
        if !(factor.is_finite() && factor > 0.0) {
            return Err(InferError::Target(self.to_string()));
        }
        // Far above what any memory or format holds, far below where usize or f64 lose count.
        const LIMIT: f64 = (1u64 << 31) as f64;
        let scaled = |n: usize| (n as f64 * factor).round().max(1.0);
        let (w, h) = (scaled(of.width), scaled(of.height));
        if w > LIMIT || h > LIMIT {
            let bytes = (w * h) as u128;
            return Err(InferError::TooLarge { width: w as usize, height: h as usize, bytes });
        }
        Ok(Size::new(w as usize, h as usize))
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Factor(factor) => write!(f, "{factor} times its size"),
            Self::Width(w) => write!(f, "a width of {w} pixels"),
            Self::Height(h) => write!(f, "a height of {h} pixels"),
            Self::LongEdge(l) => write!(f, "a long edge of {l} pixels"),
        }
    }
}

/// One picture's worth of work, without the picture.
///
/// How the size is reached, a [`Way`]: the network enlarges by its own whole factor, again and again until the result is at
/// least as large as wanted (so ×4 with a ×2 model is two passes), then an antialiased bicubic brings it to the exact size.
/// From ×4 on it need only be half as large: another pass would cost 16 times as much and be no better (measured on Set14,
/// `docs/results.md`). A target that is not larger than the picture needs no network: it is reached by bicubic alone.
#[derive(Clone, Debug)]
pub struct Job {
    /// The network. Shared, because a batch uses one for many pictures.
    pub model: Arc<Model>,
    /// The size that is wanted.
    pub target: Target,
    /// How the picture is cut. Changes memory and speed, never the result.
    pub tile: TileSize,
    /// The mean over eight flips and rotations of the picture: a little better, eight times the time.
    pub ensemble: bool,
    /// How strong the effect is; `None`: the network's result as it is.
    pub strength: Option<Strength>,
}

/// How a size is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// How often the network is applied; 0 if bicubic alone reaches the size.
    pub passes: usize,
    /// By how much the network enlarges each time.
    pub scale: usize,
    /// By how much bicubic enlarges what the network has made.
    pub rest: f64,
}

/// From this enlargement on bicubic may do the rest,
const ENOUGH: usize = 4;
/// up to this factor.
const REST: usize = 2;

impl Way {
    /// From one size to another, by a network of this scale.
    pub fn new(scale: usize, from: Size, to: Size) -> Self {
        let (mut factor, mut passes) = (1, 0);
        let reaches = |factor: usize| from.width * factor >= to.width && from.height * factor >= to.height;
        // A network of scale 1 restores without enlarging: once, and bicubic does the rest.
        while !(reaches(factor) || factor >= ENOUGH && reaches(REST * factor)) && (scale > 1 || passes == 0) {
            factor *= scale;
            passes += 1;
        }
        let rest = to.longest() as f64 / (from.longest() * factor) as f64;
        Self { passes, scale, rest }
    }

    /// Pixels that the passes read for each one of the original.
    pub(super) fn reads(self) -> u64 {
        (0..self.passes as u32).map(|pass| (self.scale as u64).pow(2 * pass)).sum()
    }

    /// Whether bicubic enlarges what the network has made by more than a rounding.
    pub fn has_rest(self) -> bool {
        self.rest > 1.005
    }

    /// Whether it is more than one pass, or bicubic enlarges: what people should know before it starts.
    pub fn is_long(self) -> bool {
        self.passes > 1 || self.passes == 1 && self.has_rest()
    }
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.passes {
            0 => return write!(f, "bicubic only"),
            1 => write!(f, "×{}", self.scale)?,
            2 => write!(f, "×{} twice", self.scale)?,
            passes => write!(f, "×{} {passes} times", self.scale)?,
        }
        if self.has_rest() { write!(f, ", then bicubic ×{:.2}", self.rest) } else { Ok(()) }
    }
}

impl Job {
    /// How `to` is reached from `from`.
    pub fn way(&self, from: Size, to: Size) -> Way {
        Self::way_of(&self.model, from, to)
    }

    /// The same for another network.
    pub(super) fn way_of(model: &Model, from: Size, to: Size) -> Way {
        Way::new(model.plan.spec.scale, from, to)
    }

    /// Pixels that have to be computed to reach `to` from `from`: those of the result of every pass (of bicubic, where the
    /// network is not needed). What time is in proportion to.
    pub fn effort(&self, from: Size, to: Size) -> u64 {
        let of = |model: &Model| match Self::way_of(model, from, to) {
            Way { passes: 0, .. } => to.area() as u64,
            way => way.reads() * from.times(way.scale).area() as u64,
        };
        of(&self.model) + self.faithful().map_or(0, of)
    }

    /// The same with its models as this backend is to get them.
    ///
    /// # Errors
    /// As [`at_precision`].
    pub fn at_precision(&self, wish: Precision, backend: &dyn Backend) -> Result<Self, InferError> {
        let mut job = self.clone();
        job.model = at_precision(&job.model, wish, backend)?;
        if let Some(faithful) = job.strength.as_mut().and_then(|strength| strength.faithful.as_mut()) {
            *faithful = at_precision(faithful, wish, backend)?;
        }
        Ok(job)
    }

    /// The model whose result is mixed in.
    pub(super) fn faithful(&self) -> Option<&Model> {
        self.strength.as_ref().filter(|s| s.share < 1.0)?.faithful.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec, Params};

    fn job(scale: usize) -> Job {
        let plan = ModelSpec::new(Arch::Aedsr, scale, 4, 1).plan();
        let params = Params::zeros(&plan);
        let model = Arc::new(Model { plan, params, card: Default::default() });
        Job { model, target: Target::Factor(2.0), tile: TileSize::Automatic, ensemble: false, strength: None }
    }

    #[test]
    fn sizes_keep_proportions_to_the_nearest_pixel() {
        let wide = Size::new(100, 50);
        assert_eq!(Target::Factor(2.5).size(Size::new(101, 50)), Ok(Size::new(253, 125)));
        assert_eq!(Target::Width(300).size(wide), Ok(Size::new(300, 150)));
        assert_eq!(Target::Height(300).size(wide), Ok(Size::new(600, 300)));
        assert_eq!(Target::LongEdge(300).size(wide.transposed()), Ok(Size::new(150, 300)));
        assert_eq!(Target::Factor(0.001).size(wide), Ok(Size::square(1)));
    }

    #[test]
    fn impossible_targets_are_refused_with_what_was_asked() {
        for (target, word) in [
            (Target::Factor(0.0), "0 times"),
            (Target::Factor(f64::NAN), "NaN"),
            (Target::Factor(-2.0), "-2"),
            (Target::Width(0), "width of 0"),
            (Target::Height(0), "height of 0"),
            (Target::LongEdge(0), "long edge of 0"),
        ] {
            let message = target.size(Size::square(10)).unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
        for target in [Target::Factor(1e300), Target::Width(usize::MAX)] {
            assert!(matches!(target.size(Size::square(10)), Err(InferError::TooLarge { .. })));
        }
    }

    #[test]
    fn the_network_is_applied_until_the_result_is_large_enough() {
        let (two, three, one) = (job(2), job(3), job(1));
        let passes = |job: &Job, to| job.way(Size::square(10), Size::square(to)).passes;
        for (job, to, needed) in [
            (&two, 20, 1),
            (&two, 25, 2),
            (&two, 40, 2),
            (&two, 15, 1),
            (&two, 10, 0),
            (&two, 5, 0),
            (&three, 20, 1),
            (&one, 40, 1),
        ] {
            assert_eq!(passes(job, to), needed, "to {to}");
        }
        let effort = |to| two.effort(Size::square(10), Size::square(to));
        assert_eq!([20, 30, 5].map(effort), [400, 400 + 1600, 25]);
    }

    #[test]
    fn from_four_times_on_bicubic_may_double_what_the_network_has_made() {
        let way = |scale, side| Way::new(scale, Size::new(10, 5), Size::new(side, side / 2));
        let said = |scale, side| way(scale, side).to_string();
        assert_eq!(way(4, 40), Way { passes: 1, scale: 4, rest: 1.0 });
        assert_eq!(way(4, 80), Way { passes: 1, scale: 4, rest: 2.0 });
        assert_eq!(way(4, 82).passes, 2);
        assert_eq!(said(4, 42), "×4, then bicubic ×1.05");
        assert_eq!(said(3, 40), "×3 twice");
        assert_eq!(said(3, 180), "×3 twice, then bicubic ×2.00");
        assert_eq!(said(2, 100), "×2 3 times, then bicubic ×1.25");
        assert_eq!(said(2, 10), "bicubic only");
        assert_eq!([way(4, 40), way(4, 42), way(3, 40), way(2, 10)].map(Way::is_long), [false, true, true, false]);
    }
}
