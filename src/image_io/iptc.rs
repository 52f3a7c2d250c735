//! Where IPTC's record of caption, keywords and rights lies: in Photoshop's list of resources, and in the lines of hex
//! that ImageMagick and its kin write into PNG files. The record itself is carried over byte by byte.
//!
//! Looked at: `iptc` (reads fields into a map and cannot write them back), `little_exif` (EXIF alone), `img-parts` (has
//! the segments, not what is in them).

const RESOURCE: &[u8; 4] = b"8BIM";
const IPTC: u16 = 0x0404;

/// The label of the JPEG segment that holds resources.
pub(super) const LABEL: &[u8] = b"Photoshop 3.0\0";

/// The record in a list of resources.
pub(super) fn of_resources(mut list: &[u8]) -> Option<Vec<u8>> {
    while let Some(rest) = list.strip_prefix(RESOURCE) {
        let (&[i1, i0, name], _) = rest.split_first_chunk()?;
        // Names are padded to an even length, with the byte that says the length.
        let rest = rest.get(2 + (usize::from(name) + 2) / 2 * 2..)?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = u32::from_be_bytes(*size) as usize;
        let data = rest.get(..size)?;
        if u16::from_be_bytes([i1, i0]) == IPTC {
            return Some(data.to_vec());
        }
        list = rest.get(size + size % 2..)?;
    }
    None
}

/// A list of resources with nothing but the record.
pub(super) fn to_resources(record: &[u8]) -> Vec<u8> {
    let size = (record.len() as u32).to_be_bytes();
    let pad: &[u8] = if record.len().is_multiple_of(2) { &[] } else { &[0] };
    [RESOURCE, &IPTC.to_be_bytes()[..], &[0, 0], &size, record, pad].concat()
}

/// Whether a record consists of whole fields; some writers cut it to a quarter of its length.
pub(super) fn is_whole(mut record: &[u8]) -> bool {
    while let [0x1c, _, _, high, low, rest @ ..] = record {
        let Some(next) = rest.get(usize::from(u16::from_be_bytes([*high, *low]))..) else { return false };
        record = next;
    }
    record.iter().all(|&b| b == 0)
}

/// The bytes in a text of a name, a length and lines of hex.
pub(super) fn of_hex(text: &str) -> Option<Vec<u8>> {
    let mut lines = text.trim_start().splitn(3, '\n');
    let (_name, length, hex) = (lines.next()?, lines.next()?, lines.next()?);
    let digits: Option<Vec<u8>> = hex.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).ok()).collect();
    let bytes: Vec<u8> = digits?.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    let length: usize = length.trim().parse().ok()?;
    (bytes.len() >= length).then(|| bytes[..length].to_vec())
}

/// Bytes as such a text.
pub(super) fn to_hex(name: &str, bytes: &[u8]) -> String {
    let mut text = format!("\n{name}\n{:8}\n", bytes.len());
    for line in bytes.chunks(36) {
        line.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_is_found_among_other_resources_and_put_back() {
        for record in [&b"\x1c\x02\x05\0\x03abc"[..], b"even"] {
            let alone = to_resources(record);
            assert!(alone.len().is_multiple_of(2));
            let named = [b"8BIM\x03\xed\x03abc\0\0\0\x03xyz\0", &alone[..]].concat();
            assert_eq!(of_resources(&alone).as_deref(), Some(record));
            assert_eq!(of_resources(&named).as_deref(), Some(record));
            for cut in 0..named.len() - record.len() % 2 {
                assert_eq!(of_resources(&named[..cut]), None, "{cut}");
            }
        }
    }

    #[test]
    fn a_cut_record_is_told_from_a_whole_one() {
        let record = b"\x1c\x02\x05\0\x03abc\x1c\x02\x19\0\x01x";
        assert!(is_whole(record) && is_whole(&[&record[..], &[0, 0]].concat()));
        assert!((1..record.len()).filter(|&n| is_whole(&record[..n])).eq([8]));
    }

    #[test]
    fn hex_is_read_and_written() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(of_hex(&to_hex("iptc", &bytes)), Some(bytes));
        assert_eq!(of_hex("\nexif\n       3\n0102\n03\n"), Some(vec![1, 2, 3]));
        assert_eq!(of_hex("\nexif\n       4\n0102\n03\n"), None);
        assert_eq!(of_hex("exif"), None);
    }
}
