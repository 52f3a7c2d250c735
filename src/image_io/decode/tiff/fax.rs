//! Lines of a fax: Group 3 of one and of two dimensions, and its lines without ends of their own (compression 2). The codes are the
//! crate `fax`'s; its own reader knows only lines of one dimension that all have ends, and Group 4, which `tiff` reads with it.

use std::iter::repeat_n;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, slice_reader};

/// How the lines are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Each begins with a byte of its own.
    Bare,
    /// Each stands for itself, between codes that end lines.
    One,
    /// Behind each end a bit says whether the line stands for itself, or says how it differs from the one above.
    Two,
}

/// The rows, 1 for black, as far as they can be read.
pub(super) fn unpacked(data: &[u8], columns: usize, rows: usize, kind: Kind) -> Vec<u8> {
    // Codes are looked up with bits behind them.
    let padded = [data, &[0; 4]].concat();
    let mut bits = slice_reader(&padded);
    let mut above = Vec::new();
    let mut out = Vec::new();
    for _ in 0..rows {
        if kind == Kind::Bare {
            let _ = bits.consume(bits.bits_to_byte_boundary());
        } else if bits.peek(11) == Some(0) {
            // Any number of zeros and a one.
            while bits.peek(1) == Some(0) {
                let _ = bits.consume(1);
            }
            let _ = bits.consume(1);
        }
        let alone = kind != Kind::Two || bits.peek(1) == Some(1);
        if kind == Kind::Two {
            let _ = bits.consume(1);
        }
        let line = if alone { line_alone(&mut bits, columns) } else { line_below(&mut bits, columns, &above) };
        let Some(line) = line else { break };
        out.extend(packed(&line, columns));
        above = line;
    }
    out
}

/// How far a stretch of one colour goes.
fn run(bits: &mut impl BitReader, is_black: bool) -> Option<usize> {
    let mut length = 0;
    loop {
        let part = usize::from(if is_black { black::decode(bits)? } else { white::decode(bits)? });
        length += part;
        // Those of 64 and more are followed by another.
        if part < 64 {
            return Some(length);
        }
    }
}

/// Where colours change, beginning with white.
fn line_alone(bits: &mut impl BitReader, columns: usize) -> Option<Vec<usize>> {
    let (mut line, mut at) = (Vec::new(), 0);
    while at < columns {
        at += run(bits, line.len() % 2 == 1)?;
        line.push(at);
    }
    Some(line)
}

/// The same of a line that is told by the one above.
fn line_below(bits: &mut impl BitReader, columns: usize, above: &[usize]) -> Option<Vec<usize>> {
    // The beginning lies before the first pixel: there a change of the line above counts too.
    let (mut line, mut at, mut begun) = (Vec::new(), 0, false);
    while at < columns {
        // The next change above to the other colour than the present one, and the change behind it.
        let to_black = line.len() % 2;
        let next = (0..above.len()).skip(to_black).step_by(2).find(|&k| above[k] > at || !begun && above[k] == at);
        let change = |k: usize| above.get(k).map_or(columns, |&change| change.min(columns));
        let (first, second) = next.map_or((columns, columns), |k| (change(k), change(k + 1)));
        match mode::decode(bits)? {
            Mode::Pass => at = second,
            Mode::Horizontal => {
                for is_black in [to_black == 1, to_black == 0] {
                    at += run(bits, is_black)?;
                    line.push(at);
                }
            }
            Mode::Vertical(by) => {
                let to = first.checked_add_signed(by.into()).filter(|&to| to >= at)?;
                line.push(to);
                at = to;
            }
            Mode::Extension | Mode::EOF => return None,
        }
        begun = true;
    }
    Some(line)
}

/// Pixels in bytes, the first one highest.
fn packed(line: &[usize], columns: usize) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(columns);
    for (k, &to) in line.iter().enumerate() {
        let more = to.min(columns).saturating_sub(pixels.len());
        pixels.extend(repeat_n(k % 2 == 1, more));
    }
    let byte = |bits: &[bool]| bits.iter().enumerate().fold(0, |b, (i, &black)| b | u8::from(black) << (7 - i));
    pixels.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits as text.
    fn bytes(text: &str) -> Vec<u8> {
        let bits: Vec<u8> = text.bytes().filter(|&c| c != b' ').map(|c| c - b'0').collect();
        bits.chunks(8).map(|bits| bits.iter().enumerate().fold(0, |b, (i, bit)| b | bit << (7 - i))).collect()
    }

    const END: &str = "000000000001";

    #[test]
    fn lines_of_each_kind_are_read() {
        // 3 white, 2 black, 3 white.
        let line = "1000 11 1000";
        assert_eq!(unpacked(&bytes(line), 8, 1, Kind::Bare), [0b0001_1000]);
        let bare = format!("{line}000000 {line}");
        assert_eq!(unpacked(&bytes(&bare), 8, 2, Kind::Bare), [0b0001_1000; 2]);
        let one = format!("{END}{line}{END}{line}{END}");
        assert_eq!(unpacked(&bytes(&one), 8, 2, Kind::One), [0b0001_1000; 2]);
        // Zeros that fill a byte.
        let one = format!("{END}{line}0000{END}{line}");
        assert_eq!(unpacked(&bytes(&one), 8, 2, Kind::One), [0b0001_1000; 2]);
        // As above; the black begins one later; no black; 5 white and 2 black, which the line above lacks.
        let below = ["1 1 1", "011 1 1", "0001 1", "001 1100 11 1"];
        let two = below.iter().fold(format!("{END}1{line}"), |all, line| format!("{all}{END}0{line}"));
        assert_eq!(unpacked(&bytes(&two), 8, 5, Kind::Two), [0b0001_1000, 0b0001_1000, 0b0000_1000, 0, 0b0000_0110]);
    }

    #[test]
    fn what_is_no_code_ends_the_rows() {
        let text = format!("{END}1 1000 11 1000 {END}0 0000001111");
        assert_eq!(unpacked(&bytes(&text), 8, 3, Kind::Two), [0b0001_1000]);
        assert!(unpacked(&[], 8, 3, Kind::One).is_empty());
        assert!(unpacked(&[0xff; 9], 70_000, 3, Kind::Two).len() <= 3 * 8750);
    }
}
