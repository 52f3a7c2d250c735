//! The way from an original to its enlargement: passes of a network, and the bicubic before, between and behind them.
//!
//! It is laid out once per picture and walked tile by tile, in floats (`infer/interpret.rs`) or in samples on a device
//! (`backend/gpu/pixel_pipeline.rs`). Every rectangle that is computed on the way follows from the wanted one, and from
//! nothing else: a result is the same bits however it is tiled.

use super::{Rect, Tile};
use crate::{
    nn::{Arch, Plan},
    tensor::{
        Size,
        resample::{Filter, Resampler},
    },
};

/// One step of the way.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// The network, which takes colour and gives colour, clamped (`aedsr`, `apsr`).
    Colour,
    /// The network on luma at its own size, chroma kept; clamped (`avdsr`).
    Luma,
    /// Bicubic, not clamped.
    Resize(Box<Resampler>),
}

/// All steps, in order.
#[derive(Clone, Debug)]
pub struct Route {
    plan: Plan,
    links: Vec<Link>,
    /// Before each link, and of the result.
    sizes: Vec<Size>,
}

impl Route {
    /// `passes` times the plan's network from a picture of `size`, then bicubic to `wanted` where that is another size.
    pub fn new(plan: &Plan, size: Size, passes: usize, wanted: Size) -> Self {
        let mut route = Self::passing(plan, size, passes);
        if route.size() != wanted {
            route.resize(wanted);
        }
        route
    }

    /// `passes` times the plan's network, and nothing behind them.
    pub fn passing(plan: &Plan, size: Size, passes: usize) -> Self {
        let mut route = Self { plan: plan.clone(), links: Vec::new(), sizes: vec![size] };
        for _ in 0..passes {
            let to = route.size().times(plan.spec.scale);
            route.links_before_network();
            let link = match plan.spec.arch {
                Arch::Aedsr | Arch::Apsr => Link::Colour,
                Arch::Avdsr => Link::Luma,
            };
            route.push(link, to);
        }
        route
    }

    /// Only what comes before a network reads a picture of `size`: `avdsr` reads one that is as large as its result.
    pub fn before_network(plan: &Plan, size: Size) -> Self {
        let mut route = Self { plan: plan.clone(), links: Vec::new(), sizes: vec![size] };
        route.links_before_network();
        route
    }

    fn links_before_network(&mut self) {
        let by = self.plan.spec.scale / self.plan.scale();
        if by > 1 {
            self.resize(self.size().times(by));
        }
    }

    fn push(&mut self, link: Link, size: Size) {
        self.links.push(link);
        self.sizes.push(size);
    }

    fn resize(&mut self, to: Size) {
        self.push(Link::Resize(Box::new(Resampler::new(Filter::Bicubic, self.size(), to))), to);
    }

    /// Columns and rows of the result.
    pub fn size(&self) -> Size {
        self.sizes[self.sizes.len() - 1]
    }

    /// How often it passes through the network.
    pub fn passes(&self) -> usize {
        self.links.iter().filter(|link| !matches!(link, Link::Resize(_))).count()
    }

    /// Columns and rows of what the last pass reads; of the result if there is none.
    pub fn last_input(&self) -> Size {
        let last = self.links.iter().rposition(|link| !matches!(link, Link::Resize(_)));
        last.map_or(self.size(), |i| self.sizes[i])
    }

    /// The bicubic behind all passes, if there is one.
    pub(crate) fn behind_passes(&self) -> Option<&Resampler> {
        match self.links.last() {
            Some(Link::Resize(by)) => Some(by),
            _ => None,
        }
    }

    /// The network's own scale: output pixels per pixel of what it reads.
    pub(crate) fn scale(&self) -> usize {
        self.plan.scale()
    }

    /// The part of the original that a rectangle of the result needs.
    pub fn reads(&self, rect: Rect) -> Rect {
        self.rects(rect)[0]
    }

    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// The rectangle that is needed before each link, and the wanted one.
    pub(crate) fn rects(&self, wanted: Rect) -> Vec<Rect> {
        let mut rects = vec![wanted];
        for (i, link) in self.links.iter().enumerate().rev() {
            let r = rects[rects.len() - 1];
            rects.push(match link {
                Link::Resize(by) => Self::needed(by, r),
                Link::Colour | Link::Luma => self.tile(i, r).input,
            });
        }
        rects.reverse();
        rects
    }

    /// The rectangle that a resampler reads for one behind it.
    pub(crate) fn needed(by: &Resampler, r: Rect) -> Rect {
        let (ys, xs) = (by.rows.inputs(r.rows()), by.columns.inputs(r.columns()));
        Rect { y: ys.start, x: xs.start, h: ys.len(), w: xs.len() }
    }

    /// What the network of link `i` computes for a rectangle behind it: as little as covers it.
    pub(crate) fn tile(&self, i: usize, r: Rect) -> Tile {
        let s = self.plan.scale();
        let (y, x) = (r.y / s, r.x / s);
        let output = Rect { y, x, h: (r.y + r.h).div_ceil(s) - y, w: (r.x + r.w).div_ceil(s) - x };
        Tile::new(&self.plan, self.sizes[i], output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::ModelSpec;

    #[test]
    fn every_link_gets_what_it_needs() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let halo = plan.halo();
        let (size, wanted) = (Size::new(80, 100), Size::new(312, 390));
        let route = Route::new(&plan, size, 2, wanted);
        assert_eq!(route.size(), wanted);
        let rects = route.rects(Rect { y: 201, x: 101, h: 3, w: 2 });
        assert_eq!(rects.len(), 4);
        // Shrinking by 400/390 about row 201 reads some five rows around 206; then half, grown by the halo, twice.
        let Rect { y, h, .. } = rects[2];
        assert!((202..206).contains(&y) && y + h > 208, "{:?}", rects[2]);
        let half = Rect { y: y / 2, x: 0, h: (y + h).div_ceil(2) - y / 2, w: 0 };
        assert_eq!((rects[1].y, rects[1].h), (half.y - halo, half.h + 2 * halo));
        assert_eq!(rects[0].y, rects[1].y / 2 - halo);
        assert_eq!(route.reads(Rect::whole(wanted)), Rect::whole(size));
    }

    #[test]
    fn luma_goes_through_bicubic_first() {
        let plan = ModelSpec::new(Arch::Avdsr, 3, 4, 1).plan();
        let size = Size::new(8, 10);
        let route = Route::new(&plan, size, 1, size.times(3));
        assert!(matches!(route.links(), [Link::Resize(_), Link::Luma]));
        assert_eq!(Route::new(&plan, size, 0, Size::new(9, 7)).links().len(), 1);
        let route = Route::new(&plan, size, 2, Size::new(70, 80));
        assert_eq!((route.passes(), route.last_input()), (2, size.times(9)));
        assert!(route.behind_passes().is_some() && Route::passing(&plan, size, 2).behind_passes().is_none());
        assert_eq!(Route::before_network(&plan, size).size(), size.times(3));
    }
}
