//! Texts that a damaged directory says are longer than any: the crate `tiff` prints a line of its own source about them, and
//! would make room for them.

use std::io::{Read, Seek, SeekFrom};

/// More bytes than any text has.
const ENDLESS: u64 = 1 << 27;
const ASCII: u16 = 2;

/// Whether the first directory has such a text. Leaves the reader at the file's beginning.
pub(super) fn has_endless<R: Read + Seek>(reader: &mut R) -> bool {
    let found = longest(reader).is_ok_and(|longest| longest > ENDLESS);
    // If it cannot be rewound, what follows says so.
    let _ = reader.rewind();
    found
}

fn longest<R: Read + Seek>(reader: &mut R) -> std::io::Result<u64> {
    let mut head = [0; 16];
    reader.rewind()?;
    reader.read_exact(&mut head[..8])?;
    let little = head[0] == b'I';
    let number = |bytes: &[u8]| {
        let digit = |value, byte: &u8| value << 8 | u64::from(*byte);
        if little { bytes.iter().rev().fold(0, digit) } else { bytes.iter().fold(0, digit) }
    };
    let big = number(&head[2..4]) == 43;
    let mut at = number(&head[4..8]);
    if big {
        reader.read_exact(&mut head[8..])?;
        at = number(&head[8..]);
    }
    let (count, entry, wide) = if big { (8, 20, 8) } else { (2, 12, 4) };
    reader.seek(SeekFrom::Start(at))?;
    reader.read_exact(&mut head[..count])?;
    let mut longest = 0;
    for _ in 0..number(&head[..count]).min(65_536) {
        let mut bytes = [0; 20];
        reader.read_exact(&mut bytes[..entry])?;
        if number(&bytes[2..4]) == u64::from(ASCII) {
            longest = longest.max(number(&bytes[4..4 + wide]));
        }
    }
    Ok(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn only_texts_longer_than_any_are_found_in_both_kinds_of_file() {
        let small = |kind: u8, count: u32| {
            let mut file = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0".to_vec();
            file.extend([&[kind][..], &count.to_be_bytes(), &[0; 8]].concat());
            Cursor::new(file)
        };
        assert!(has_endless(&mut small(2, u32::MAX)) && !has_endless(&mut small(2, 9)));
        assert!(!has_endless(&mut small(4, u32::MAX)));
        let mut big = b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x0f\x01\x02\0".to_vec();
        big.extend([&(1u64 << 60).to_le_bytes()[..], &[0; 8]].concat());
        assert!(has_endless(&mut Cursor::new(big)) && !has_endless(&mut Cursor::new(b"II")));
    }
}
