//! How a JPEG file is laid out: its frame, its segments, and where the coded pixels lie.

use std::ops::Range;

use super::Result;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;

/// What the frame header says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    /// Bits of a sample.
    pub(super) precision: u8,
    pub(super) width: u16,
    /// 0 if it is said behind the first scan only.
    pub(super) height: u16,
    /// Coded by prediction, not by cosines.
    pub(super) lossless: bool,
    /// Coded arithmetically, not by Huffman.
    pub(super) arithmetic: bool,
    pub(super) progressive: bool,
    /// Number and sampling factors, across and down, of each component.
    pub(super) components: Vec<(u8, u8, u8)>,
    /// Number of the table of quantisation of the first component.
    table: u8,
    /// Where the height stands in the file.
    height_at: usize,
}

/// A file, as far as it goes.
#[derive(Debug)]
pub(super) struct JpegFile<'a> {
    pub(super) frame: Frame,
    /// Marker and content of each segment with something to say, in their order.
    pub(super) segments: Vec<(u8, &'a [u8])>,
    /// The coded pixels of the last scan; `None` if there is no scan.
    pub(super) last_scan: Option<Range<usize>>,
    /// Scans that have begun.
    pub(super) scans: usize,
    /// Whether some of them bring several components, but not all.
    pub(super) mixed: bool,
    /// Units between two restart markers; 0 if there are none.
    pub(super) interval: u16,
    /// Whether the marker that ends a picture is there.
    pub(super) ended: bool,
    /// The lowest bit that has come of each coefficient of each component; 255 for none.
    received: Vec<[u8; 64]>,
    /// Rows, where a segment behind the first scan says them.
    lines: Option<u16>,
    /// Tables of quantisation by number, each as it was first defined.
    tables: [Option<[[u16; 8]; 8]>; 4],
}

impl<'a> JpegFile<'a> {
    /// Reads all segments that are there.
    ///
    /// # Errors
    /// If there is no frame header among them, or one of a kind that nobody writes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        let (mut frame, mut segments) = (None::<Frame>, Vec::new());
        let (mut last_scan, mut ended, mut received, mut lines) = (None, false, Vec::new(), None);
        let mut tables = [None; 4];
        let (mut scans, mut mixed, mut interval) = (0, false, 0);
        let mut at = 2;
        while let Some((marker, body)) = next_marker(bytes, at) {
            match marker {
                0x01 | 0xd0..=0xd7 => {
                    at = body;
                    continue;
                }
                0xd9 => ended = true,
                _ => {}
            }
            // After the end, or where the next of several pictures begins, nothing belongs to this one.
            if ended || marker == 0xd8 && frame.is_some() {
                break;
            }
            let Some(content) = segment(bytes, body) else { break };
            at = body + 2 + content.len();
            match (marker, &frame) {
                (0xc0..=0xc3 | 0xc9..=0xcb, None) => {
                    let new = Frame::read(marker, content, body + 2).ok_or_else(damaged)?;
                    received = vec![[255; 64]; new.components.len()];
                    frame = Some(new);
                }
                (0xc5..=0xc7 | 0xcd..=0xcf, None) => {
                    let what = "a hierarchical JPEG file";
                    return Err(ErrorKind::Unsupported { what: what.into() });
                }
                (0xda, Some(frame)) => {
                    note_scan(frame, content, &mut received);
                    scans += 1;
                    let several = content.first().is_some_and(|&n| n > 1 && usize::from(n) < frame.components.len());
                    mixed |= several && !frame.progressive && !frame.lossless;
                    let end = entropy_end(bytes, at);
                    last_scan = Some(at..end);
                    at = end;
                }
                (0xdb, _) => note_tables(content, &mut tables),
                (0xdd, _) => interval = content.first_chunk().map_or(0, |b| u16::from_be_bytes(*b)),
                (0xdc, _) if lines.is_none() => lines = content.first_chunk().map(|b| u16::from_be_bytes(*b)),
                (0xe0..=0xef | 0xfe, _) => segments.push((marker, content)),
                _ => {}
            }
        }
        match frame {
            Some(frame) => {
                Ok(Self { frame, segments, last_scan, scans, mixed, interval, ended, received, lines, tables })
            }
            None => Err(ErrorKind::Truncated { format: Format::Jpeg }),
        }
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u64, u64) {
        let lines = if self.frame.height == 0 { self.lines.unwrap_or(0) } else { self.frame.height };
        (self.frame.width.into(), lines.into())
    }

    /// The steps of quantisation of the first component, luma in almost every file, `[down][across]`.
    pub(super) fn luma_steps(&self) -> Option<[[u16; 8]; 8]> {
        let coded = self.frame.precision == 8 && !self.frame.lossless;
        self.tables.get(usize::from(self.frame.table)).copied().flatten().filter(|_| coded)
    }

    /// The file with the height in its frame, if it stands behind the first scan; decoders look only there.
    pub(super) fn with_height(&self, bytes: &[u8]) -> Vec<u8> {
        let mut whole = bytes.to_vec();
        if let (0, Some(lines)) = (self.frame.height, self.lines) {
            whole[self.frame.height_at..self.frame.height_at + 2].copy_from_slice(&lines.to_be_bytes());
        }
        whole
    }

    /// Whether whole scans are missing: some coefficient has not come, or not to its last bit.
    pub(super) fn lacks_scans(&self) -> bool {
        let whole = |low: &[u8; 64]| low.iter().all(|&bit| bit == 0);
        !self.ended && !self.frame.lossless && !self.received.iter().all(whole)
    }

    /// Whether some component has more samples than the first, or so many that a pixel has a broken number of them.
    pub(super) fn has_odd_sampling(&self) -> bool {
        let (across, down) = self.frame.most();
        let first = self.frame.components.first();
        self.frame.components.iter().any(|&(_, h, v)| across % h != 0 || down % v != 0)
            || first.is_some_and(|&(_, h, v)| (h, v) != (across, down))
    }
}

impl Frame {
    /// A frame header of at least one component, with sensible factors.
    fn read(marker: u8, content: &[u8], content_at: usize) -> Option<Self> {
        let &[precision, h1, h0, w1, w0, count] = content.first_chunk()?;
        let listed = content.get(6..6 + 3 * usize::from(count))?;
        let components: Vec<_> = listed.as_chunks::<3>().0.iter().map(|c| (c[0], c[1] >> 4, c[1] & 15)).collect();
        let sensible = components.iter().all(|(_, h, v)| (1..=4).contains(h) && (1..=4).contains(v));
        let &table = listed.get(2)?;
        sensible.then_some(Self {
            precision,
            width: u16::from_be_bytes([w1, w0]),
            height: u16::from_be_bytes([h1, h0]),
            lossless: matches!(marker, 0xc3 | 0xcb),
            arithmetic: marker >= 0xc9,
            progressive: matches!(marker, 0xc2 | 0xca),
            table,
            components,
            height_at: content_at + 1,
        })
    }

    /// Where the content of the header stands in the file.
    pub(super) fn content_at(&self) -> usize {
        self.height_at - 1
    }

    /// The largest sampling factors, across and down.
    pub(super) fn most(&self) -> (u8, u8) {
        let most = |of: fn(&(u8, u8, u8)) -> u8| self.components.iter().map(of).max().unwrap_or(1);
        (most(|c| c.1), most(|c| c.2))
    }
}

/// Which coefficients a scan brings, and to which bit.
fn note_scan(frame: &Frame, header: &[u8], received: &mut [[u8; 64]]) {
    let Some((&count, rest)) = header.split_first() else { return };
    let Some((listed, &[first, last, bits, ..])) = rest.split_at_checked(2 * usize::from(count)) else { return };
    let (range, low) = if frame.progressive { (first..=last.min(63), bits & 15) } else { (0..=63, 0) };
    for id in listed.iter().step_by(2) {
        if let Some(place) = frame.components.iter().position(|c| c.0 == *id) {
            range.clone().for_each(|k| received[place][usize::from(k)] = low);
        }
    }
}

/// Notes the tables of quantisation of a segment, whose steps stand along a zigzag.
fn note_tables(mut content: &[u8], tables: &mut [Option<[[u16; 8]; 8]>; 4]) {
    while let Some((&head, rest)) = content.split_first() {
        let bytes = if head >> 4 == 0 { 1 } else { 2 };
        let Some((listed, rest)) = rest.split_at_checked(64 * bytes) else { return };
        let mut steps = [[0; 8]; 8];
        // Diagonals from the corner on, each the other way round than the one before.
        let diagonal = |d: usize| (0..=d).map(move |i| if d.is_multiple_of(2) { (d - i, i) } else { (i, d - i) });
        let places = (0..15).flat_map(diagonal).filter(|&(down, across)| down < 8 && across < 8);
        for ((down, across), step) in places.zip(listed.chunks_exact(bytes)) {
            steps[down][across] = step.iter().fold(0, |number, &byte| number << 8 | u16::from(byte));
        }
        if let Some(table) = tables.get_mut(usize::from(head & 15)) {
            table.get_or_insert(steps);
        }
        content = rest;
    }
}

/// The next marker from `at` on, and where its content begins.
pub(super) fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let start = at + bytes.get(at..)?.windows(2).position(|w| w[0] == 0xff && w[1] != 0xff && w[1] != 0)?;
    Some((bytes[start + 1], start + 2))
}

/// The content of the segment whose length stands at `at`.
pub(super) fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let &length = bytes.get(at..)?.first_chunk()?;
    bytes.get(at + 2..at + usize::from(u16::from_be_bytes(length)).max(2))
}

/// Where the coded pixels that begin at `at` end: at a marker that is no restart, or its fill bytes, or the file's end.
pub(super) fn entropy_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let ends = |w: &[u8]| w[0] == 0xff && !matches!(w[1], 0 | 0xd0..=0xd7);
    rest.windows(2).position(ends).map_or(bytes.len(), |found| at + found)
}

fn damaged() -> ErrorKind {
    ErrorKind::Damaged { format: Format::Jpeg, detail: "its frame header makes no sense".into() }
}
