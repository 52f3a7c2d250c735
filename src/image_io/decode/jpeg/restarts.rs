//! Restart intervals: parts of a scan that can be decoded each for itself, with numbered markers between them.
//!
//! Where a marker or a part is lost, the decoder would put all that follows in the wrong place. The numbers say how many
//! parts are missing: they are left empty, and are grey in the end. And like the end of a scan (`damage`), a part
//! of which bytes are left over holds changed data.

use std::ops::Range;

use super::damage::{SPARE, is_whole};
use super::file::{JpegFile, next_marker, segment};
use crate::tensor::Size;

/// The parts of a baseline file's only scan.
pub(super) struct Restarts {
    scan: Range<usize>,
    pub(super) parts: Vec<Range<usize>>,
    /// Units (MCUs) of a part, of a row, and of all.
    interval: usize,
    across: usize,
    units: usize,
    /// Blocks in a unit.
    unit: Size,
    /// Whether markers are missing, or have wrong numbers.
    pub(super) disordered: bool,
}

impl Restarts {
    /// `None` if the file has no intervals, or other scans.
    pub(super) fn of(file: &JpegFile<'_>, bytes: &[u8]) -> Option<Self> {
        let (frame, scan) = (&file.frame, file.last_scan.clone()?);
        let plain = frame.precision == 8 && !frame.lossless && !frame.arithmetic && !frame.progressive;
        (plain && file.scans == 1 && file.interval > 0).then_some(())?;
        let (h, v) = if frame.components.len() == 1 { (1, 1) } else { frame.most() };
        let size = file.size();
        let count = |pixels: u64, blocks: u8| (pixels as usize).div_ceil(8 * usize::from(blocks));
        let (across, down) = (count(size.0, h), count(size.1, v));
        let interval = usize::from(file.interval);
        let (parts, disordered) = parts(bytes, &scan, (across * down).div_ceil(interval));
        let unit = Size::new(h.into(), v.into());
        Some(Self { scan, parts, interval, across, units: across * down, unit, disordered })
    }

    /// The file with each part in its place.
    pub(super) fn ordered(&self, bytes: &[u8]) -> Vec<u8> {
        let mut whole = bytes[..self.scan.start].to_vec();
        for (k, part) in self.parts.iter().enumerate() {
            if k > 0 {
                whole.extend([0xff, 0xd0 | ((k - 1) & 7) as u8]);
            }
            whole.extend(&bytes[part.clone()]);
        }
        whole.extend(&bytes[self.scan.end..]);
        whole
    }

    /// Makes grey what is lost in a decoded picture.
    pub(super) fn grey(&self, samples: &mut [u8], picture: Size, channels: usize) {
        let Size { width: w, height: h } = self.unit.times(8);
        let lost = self.parts.iter().enumerate().filter(|(_, part)| part.is_empty());
        for unit in lost.flat_map(|(k, _)| k * self.interval..((k + 1) * self.interval).min(self.units)) {
            let (x, y) = (unit % self.across * w, unit / self.across * h);
            for row in y..(y + h).min(picture.height) {
                let (from, to) = (row * picture.width + x, row * picture.width + (x + w).min(picture.width));
                samples[from * channels..to * channels].fill(128);
            }
        }
    }

    /// Whether some part is a whole picture without its last bytes. Each is decoded as a picture of one row of units.
    pub(super) fn have_left_over(&self, bytes: &[u8]) -> bool {
        let Some((head, size_at)) = tables(&bytes[..self.scan.start]) else { return false };
        self.parts.iter().enumerate().any(|(k, part)| {
            let units = self.interval.min(self.units - k * self.interval);
            let Ok(width) = u16::try_from(units * 8 * self.unit.width) else { return false };
            let Some(length) = part.len().checked_sub(SPARE).filter(|&length| length > 0) else { return false };
            let mut row = [&head, &bytes[part.start..part.start + length]].concat();
            let height = (8 * self.unit.height) as u16;
            row[size_at..size_at + 4].copy_from_slice(&[height.to_be_bytes(), width.to_be_bytes()].concat());
            is_whole(&row, row.len())
        })
    }
}

/// What a decoder has to know before a scan, with its header, and where the height and width stand in that.
fn tables(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut head, mut at, mut size_at) = (bytes.get(..2)?.to_vec(), 2, None);
    while let Some((marker, body)) = next_marker(bytes, at) {
        let content = segment(bytes, body)?;
        at = body + 2 + content.len();
        if matches!(marker, 0xc0..=0xc4 | 0xda | 0xdb) {
            // Behind the marker, the length and the precision.
            size_at = if matches!(marker, 0xc0..=0xc3) { Some(head.len() + 5) } else { size_at };
            head.extend(&bytes[body - 2..at]);
        }
    }
    Some((head, size_at?))
}

/// The parts of a scan that should have `count` of them, with empty ones for those that are lost, and whether any are.
fn parts(bytes: &[u8], scan: &Range<usize>, count: usize) -> (Vec<Range<usize>>, bool) {
    let coded = &bytes[scan.clone()];
    let markers: Vec<_> = coded
        .windows(2)
        .enumerate()
        .filter(|(_, w)| w[0] == 0xff && (0xd0..=0xd7).contains(&w[1]))
        .map(|(at, w)| (scan.start + at, usize::from(w[1] & 7)))
        .collect();
    let (mut parts, mut disordered, mut start) = (Vec::new(), false, scan.start);
    for (k, &(at, number)) in markers.iter().enumerate() {
        parts.push(start..at);
        let ahead = (number + 8 - (parts.len() - 1) % 8) % 8;
        // If the next one is right, this one alone is wrong.
        let alone = markers.get(k + 1).is_some_and(|next| next.1 == parts.len() % 8);
        if ahead > 0 {
            disordered = true;
            if !alone {
                parts.extend((0..ahead).map(|_| at..at));
            }
        }
        start = at + 2;
    }
    parts.push(start..scan.end);
    disordered |= parts.len() > count;
    parts.truncate(count);
    (parts, disordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(numbers: &[u8], count: usize) -> (Vec<usize>, bool) {
        let mut bytes = vec![1];
        for number in numbers {
            bytes.extend([0xff, 0xd0 | number, 1]);
        }
        let (parts, disordered) = parts(&bytes, &(0..bytes.len()), count);
        (parts.iter().map(ExactSizeIterator::len).collect(), disordered)
    }

    #[test]
    fn parts_that_are_lost_are_empty_and_a_wrong_number_loses_none() {
        assert_eq!(found(&[0, 1, 2, 3, 4, 5, 6, 7, 0], 10), (vec![1; 10], false));
        assert_eq!(found(&[0, 2, 3], 5), (vec![1, 1, 0, 1, 1], true));
        assert_eq!(found(&[0, 3, 4], 6), (vec![1, 1, 0, 0, 1, 1], true));
        assert_eq!(found(&[0, 6, 2, 3], 5), (vec![1; 5], true));
        assert_eq!(found(&[0, 1, 2], 3), (vec![1; 3], true));
        assert_eq!(found(&[], 1), (vec![1], false));
    }
}
