//! Cutting a picture into tiles, and how large they may be.
//!
//! A network needs a halo around a tile (its receptive radius), which is computed for nothing: large tiles waste less.
//! But a tile's values at every layer need memory: small tiles need less. The automatic size is the largest square whose
//! peak stays inside [`BUDGET`]. Whoever computes them takes them from a [`Walk`].

use super::{CancelToken, InferError, Progress};
use crate::{backend::Rect, nn::Plan, tensor::Size};
use std::collections::VecDeque;

/// Bytes that the values of one tile may take. With the samples of a 24-megapixel photo and of its fourfold (360 MB) and
/// an encoder at work this stays well below 1.5 GB.
pub const BUDGET: usize = 256 << 20;

/// Longest side of an automatic tile. Beyond it the halo's share is small, while stopping and progress become coarse.
const LONGEST: usize = 512;

/// The same where an engine computes in sweeps, whose memory is that of a few rows: a fast one, which is soon through it.
const LONGEST_SWEPT: usize = 768;

/// Shortest side of an automatic tile, whatever the budget: below it nearly all work is halo.
const SHORTEST: usize = 32;

/// How a picture is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TileSize {
    /// By the plan's need of memory and [`BUDGET`].
    #[default]
    Automatic,
    /// Squares of this many pixels of the network's input.
    Side(usize),
}

impl TileSize {
    /// Bytes that the values of one tile take at most, of a picture of that size, as far as [`BUDGET`].
    pub(super) fn bytes(self, plan: &Plan, sweeps: bool, picture: Size) -> u128 {
        let grown = |of: usize| (self.side(plan, sweeps).min(of) + 2 * plan.halo()) as u128;
        (grown(picture.width) * grown(picture.height) * 4 * peak(plan) as u128).min(BUDGET as u128)
    }

    /// Side of a tile in pixels of the network's input, for an engine that computes in [sweeps](crate::backend::Backend::sweeps)
    /// or not.
    pub fn side(self, plan: &Plan, sweeps: bool) -> usize {
        match self {
            Self::Side(side) => side.max(1),
            Self::Automatic if sweeps => LONGEST_SWEPT,
            Self::Automatic => {
                let with_halo = (BUDGET / (4 * peak(plan))).isqrt();
                // Whole multiples of 8: rows of a tile then start where vectors like to.
                (with_halo.saturating_sub(2 * plan.halo()) / 8 * 8).clamp(SHORTEST, LONGEST)
            }
        }
    }
}

/// Values alive at once per input pixel, at the worst moment of a walk through the plan that frees every value after its
/// last reader. Backends that fuse operations need less.
fn peak(plan: &Plan) -> usize {
    let last = plan.last_use();
    let size = |j: usize| plan.nodes[j].channels * plan.nodes[j].scale * plan.nodes[j].scale;
    let alive = |i: usize| (0..=i).filter(|&j| last[j] >= i).map(size).sum::<usize>();
    (0..plan.nodes.len()).map(alive).max().unwrap_or(1)
}

/// Rectangles of at most that size that cover `of` once, row by row.
pub fn cut(of: Rect, tile: Size) -> impl Iterator<Item = Rect> {
    let (tile_h, tile_w) = (tile.height.max(1), tile.width.max(1));
    let (bottom, right) = (of.y + of.h, of.x + of.w);
    (of.y..bottom).step_by(tile_h).flat_map(move |y| {
        (of.x..right).step_by(tile_w).map(move |x| Rect { y, x, h: tile_h.min(bottom - y), w: tile_w.min(right - x) })
    })
}

/// One rectangle of a result after the other until all are there, each with the next one, so that a device can begin that
/// meanwhile. Tells how far it is, and ends where it is asked to.
pub struct Walk {
    left: VecDeque<Rect>,
    /// Pixels of the rectangle in hand, of those before it, and of all.
    current: u64,
    done: u64,
    total: u64,
}

impl Walk {
    /// Through these, in their order; `there`: those that need no computing any more.
    pub fn new(left: impl IntoIterator<Item = Rect>, there: impl IntoIterator<Item = Rect>) -> Self {
        let left: VecDeque<Rect> = left.into_iter().collect();
        let area = |rect: Rect| rect.size().area() as u64;
        let done = there.into_iter().map(area).sum();
        let total = done + left.iter().copied().map(area).sum::<u64>();
        Self { left, current: 0, done, total }
    }

    /// The rectangle that is computed now, and the next one.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn next(
        &mut self,
        progress: &mut dyn Progress,
        cancel: &CancelToken,
    ) -> Result<Option<(Rect, Option<Rect>)>, InferError> {
        self.done += std::mem::take(&mut self.current);
        let told = progress.advance(self.done, self.total);
        let Some(rect) = self.left.pop_front() else { return Ok(None) };
        if told.is_break() || cancel.is_cancelled() {
            return Err(InferError::Cancelled);
        }
        self.current = rect.size().area() as u64;
        Ok(Some((rect, self.left.front().copied())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};
    use std::ops::ControlFlow;

    #[test]
    fn tiles_cover_every_pixel_once() {
        for (of, tile) in [
            (Rect::whole(Size::new(7, 10)), Size::new(3, 4)),
            (Rect { y: 5, x: 2, h: 9, w: 8 }, Size::new(8, 9)),
            (Rect::whole(Size::square(3)), Size::new(1, 100)),
            (Rect::whole(Size::square(1)), Size::square(0)),
        ] {
            let mut count = vec![0; (of.y + of.h) * (of.x + of.w)];
            for t in cut(of, tile) {
                for y in t.y..t.y + t.h {
                    for x in t.x..t.x + t.w {
                        count[y * (of.x + of.w) + x] += 1;
                    }
                }
            }
            assert_eq!(count.iter().sum::<usize>(), of.h * of.w);
            assert!(count.iter().all(|&c| c <= 1));
        }
    }

    #[test]
    fn a_walk_names_what_comes_next_and_counts_what_is_there() {
        let rects: Vec<Rect> =
            cut(Rect::whole(Size::new(4, 2)), Size::square(2)).chain([Rect::whole(Size::square(1))]).collect();
        let mut walk = Walk::new(rects[1..].iter().copied(), rects[..1].iter().copied());
        let (mut told, cancel) = (Vec::new(), CancelToken::new());
        let mut listen = |done, total| {
            told.push((done, total));
            ControlFlow::Continue(())
        };
        assert_eq!(walk.next(&mut listen, &cancel), Ok(Some((rects[1], Some(rects[2])))));
        assert_eq!(walk.next(&mut listen, &cancel), Ok(Some((rects[2], None))));
        assert_eq!(walk.next(&mut listen, &cancel), Ok(None));
        assert_eq!(told, [(4, 9), (8, 9), (9, 9)]);
        let mut walk = Walk::new(rects, []);
        cancel.cancel();
        assert_eq!(walk.next(&mut crate::infer::Silent, &cancel), Err(InferError::Cancelled));
        let mut enough = |_, _| ControlFlow::Break(());
        assert_eq!(walk.next(&mut enough, &CancelToken::new()), Err(InferError::Cancelled));
    }

    #[test]
    fn automatic_tiles_stay_inside_the_budget() {
        for (channels, depth) in [(8, 1), (32, 8), (64, 16), (256, 32)] {
            let plan = ModelSpec::new(Arch::Aedsr, 2, channels, depth).plan();
            let side = TileSize::Automatic.side(&plan, false);
            let bytes = (side + 2 * plan.halo()).pow(2) * peak(&plan) * 4;
            assert!((SHORTEST..=LONGEST).contains(&side));
            assert!(bytes <= BUDGET, "{channels} channels: tile {side}, {bytes} bytes");
        }
    }

    #[test]
    fn peak_counts_skips_that_stay_alive() {
        // input 3, head 32, block skip (the same 32), unit's input, batch norm's output and the sum that reads both.
        let plan = ModelSpec::new(Arch::Aedsr, 2, 32, 2).plan();
        assert!(peak(&plan) >= 3 + 4 * 32, "{}", peak(&plan));
        assert!(peak(&plan) <= 3 + 3 + 5 * 32, "{}", peak(&plan));
    }
}
