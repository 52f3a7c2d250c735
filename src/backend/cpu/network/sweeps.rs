//! In which order the rows of a tile are computed.
//!
//! Group by group, each value whole, needs memory for whole values, which are larger than caches. In sweeps every group computes a
//! few rows in turn, as soon as what they read is there: values are read while they are in the cache, and of most of them only
//! some rows are kept.

use super::{
    super::{sliding::SIDE, threads},
    BAND, CpuNetwork,
};
use crate::{
    backend::{Rect, Tile},
    nn::{Op, Plan},
};
use std::ops::Range;

/// Threads up to which sweeps are worth it: each takes a band of every sweep, and with many of them a sweep is nearly a whole tile.
const MOST_THREADS: usize = 8;

/// Whether a plan is computed in sweeps where windows slide: all its large values then lie in blocks.
pub(crate) fn in_sweeps(plan: &Plan) -> bool {
    let in_blocks = |i: usize| match plan.nodes[i].op {
        Op::Adder { k, .. } => k == SIDE && plan.nodes[plan.nodes[i].inputs[0]].codes.is_some(),
        Op::Conv { k, .. } => k == 1 || k == SIDE,
        _ => true,
    };
    plan.is_eight_bit() && (0..plan.nodes.len()).all(in_blocks) && threads() <= MOST_THREADS
}

/// That a group reads another's value, so many rows beyond its own.
struct Read {
    group: usize,
    reach: usize,
}

/// The order, and how many rows of each group's value are kept. All rows are those of the group's region, in input pixels.
pub(super) struct Sweeps {
    /// By sweep and group.
    pub(super) rows: Vec<Vec<Range<usize>>>,
    /// By group.
    pub(super) kept: Vec<usize>,
}

impl CpuNetwork {
    /// Sweeps of a band for each thread, or a single one of everything.
    pub(super) fn sweeps(&self, groups: &[Vec<usize>], tile: &Tile) -> Sweeps {
        if self.in_sweeps {
            return self.in_steps(groups, tile, BAND * threads());
        }
        let kept: Vec<_> = self.regions(groups, tile).iter().map(|region| region.h).collect();
        Sweeps { rows: vec![kept.iter().map(|&h| 0..h).collect()], kept }
    }

    /// What each group is computed over.
    fn regions(&self, groups: &[Vec<usize>], tile: &Tile) -> Vec<Rect> {
        groups.iter().map(|group| self.region(group[group.len() - 1], tile)).collect()
    }

    /// Sweeps of so many rows.
    fn in_steps(&self, groups: &[Vec<usize>], tile: &Tile, step: usize) -> Sweeps {
        let regions = self.regions(groups, tile);
        let reads: Vec<_> = (0..groups.len()).map(|at| self.reads(groups, at)).collect();
        let unread: Vec<bool> =
            (0..groups.len()).map(|at| !reads.iter().flatten().any(|read| read.group == at)).collect();
        let (mut rows, mut done) = (Vec::new(), vec![0; groups.len()]);
        let mut kept = vec![BAND; groups.len()];
        // Until the first rows of the output are due, the groups before it begin one after the other.
        let mut due = tile.input.y as isize - self.plan.halo() as isize;
        while done.iter().zip(&regions).any(|(&done, region)| done < region.h) {
            due += step as isize;
            // Where each group has to be in the picture; whole bands of a group's own rows.
            let mut ends: Vec<_> = unread.iter().map(|&unread| if unread { due } else { isize::MIN }).collect();
            let mut sweep = vec![0..0; groups.len()];
            for at in (0..groups.len()).rev() {
                let (top, h) = (regions[at].y as isize, regions[at].h);
                let own = usize::try_from(ends[at].saturating_sub(top)).unwrap_or(0).next_multiple_of(BAND).min(h);
                sweep[at] = done[at]..own.max(done[at]);
                for &Read { group, reach } in &reads[at] {
                    ends[group] = ends[group].max(ends[at].max(top + own as isize) + reach as isize);
                }
                done[at] = sweep[at].end;
            }
            for (at, own) in sweep.iter().enumerate().filter(|(_, own)| !own.is_empty()) {
                for &Read { group, reach } in &reads[at] {
                    let lowest = (regions[at].y + own.start).saturating_sub(reach + regions[group].y);
                    kept[group] = kept[group].max(done[group] - lowest);
                }
                kept[at] = kept[at].max(own.len());
            }
            rows.push(sweep);
        }
        let kept = kept.iter().zip(&regions).map(|(kept, region)| kept.next_multiple_of(BAND).min(region.h)).collect();
        Sweeps { rows, kept }
    }

    /// What a group reads of others.
    fn reads(&self, groups: &[Vec<usize>], at: usize) -> Vec<Read> {
        let mut reads = Vec::new();
        for &node in &groups[at] {
            for input in self.plan.nodes[node].inputs.iter().filter(|input| !groups[at].contains(input)) {
                let group = groups.iter().position(|group| group.contains(input));
                reads.extend(group.map(|group| Read { group, reach: self.plan.reach(node) }));
            }
        }
        reads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::{Taps, cpu::isa::Isa},
        nn::{Arch, ModelSpec, Params, QuantParams},
        tensor::Size,
    };

    #[test]
    fn rows_are_computed_once_and_read_when_they_are_there() {
        for arch in [Arch::Aedsr, Arch::Apsr, Arch::Avdsr] {
            let mut plan = ModelSpec::new(arch, 2, 8, 3).plan();
            plan.nodes.iter_mut().for_each(|node| node.codes = Some(QuantParams::of_range(0.0, 1.0)));
            let params = Params { values: plan.params.iter().map(|spec| vec![0.5; spec.numel()]).collect() };
            let network = CpuNetwork::new(Isa::best(), true, &plan, &params);
            let groups = network.groups(&Taps::default());
            let picture = Size::new(50, 90);
            for (y, h) in [(0, 90), (0, 5), (30, 1), (37, 40), (80, 10)] {
                let tile = Tile::new(&plan, picture, Rect { y, x: 9, h, w: 20 });
                let regions = network.regions(&groups, &tile);
                for step in [BAND, 3 * BAND, 64] {
                    let Sweeps { rows, kept } = network.in_steps(&groups, &tile, step);
                    let mut done = vec![0; groups.len()];
                    for (at, own) in rows.iter().flat_map(|sweep| sweep.iter().enumerate()) {
                        assert_eq!(own.start, done[at]);
                        done[at] = own.end;
                        for Read { group, reach } in network.reads(&groups, at) {
                            let of = |row: usize| (regions[at].y + row).saturating_sub(regions[group].y);
                            let (first, last) = (of(own.start).saturating_sub(reach), of(own.end) + reach);
                            assert!(own.is_empty() || last.min(regions[group].h) <= done[group], "{arch:?}: not there");
                            assert!(own.is_empty() || first + kept[group] >= done[group], "{arch:?}: gone");
                        }
                    }
                    assert!(done.iter().zip(&regions).all(|(&done, region)| done == region.h));
                }
            }
        }
    }
}
