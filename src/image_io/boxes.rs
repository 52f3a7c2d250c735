//! The boxes (length, kind, content) that AVIF, HEIC and Canon's CR3 files consist of.
//!
//! The bytes are not to be trusted: every access is checked.

/// One box of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part<'a> {
    /// Its four letters.
    pub(super) kind: [u8; 4],
    /// What is in it, as far as it is there.
    pub(super) content: &'a [u8],
    /// Whether all of it is there.
    pub(super) whole: bool,
}

/// The boxes that lie one behind the other in `bytes`.
pub(super) fn boxes(bytes: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Numbers(bytes);
    std::iter::from_fn(move || {
        let before = rest.0.len() as u64;
        let stated = u64::from(rest.u32()?);
        let kind = rest.four()?;
        let length = match stated {
            0 => before,
            1 => rest.u64()?,
            length => length,
        };
        let content = usize::try_from(length.checked_sub(before - rest.0.len() as u64)?).unwrap_or(usize::MAX);
        let (content, whole) = match rest.bytes(content) {
            Some(content) => (content, true),
            None => (std::mem::take(&mut rest.0), false),
        };
        Some(Part { kind, content, whole })
    })
}

/// The first box of a kind.
pub(super) fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<Part<'a>> {
    boxes(bytes).find(|b| b.kind == *kind)
}

/// Numbers, most significant byte first, read one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a>(pub(super) &'a [u8]);

impl<'a> Numbers<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn four(&mut self) -> Option<[u8; 4]> {
        self.bytes(4)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes(1).map(|b| b[0])
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.bytes(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.four().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.bytes(8)?.try_into().ok()?))
    }

    /// A number of 0, 4 or 8 bytes, or any other few.
    pub(super) fn wide(&mut self, bytes: u8) -> Option<u64> {
        (bytes <= 8).then_some(())?;
        Some(self.bytes(bytes.into())?.iter().fold(0, |v, &b| v << 8 | u64::from(b)))
    }

    /// A number of two bytes, or of four where the version of a box says so.
    pub(super) fn id(&mut self, long: bool) -> Option<u32> {
        if long { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Version and flags, with which many boxes begin.
    pub(super) fn version(&mut self) -> Option<(u8, u32)> {
        self.u32().map(|v| ((v >> 24) as u8, v & 0xff_ffff))
    }

    /// A text up to its zero.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|&b| b == 0)?;
        let text = self.bytes(end)?;
        self.bytes(1)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_all_lengths_are_found_and_cut_ones_are_known() {
        let file = b"\0\0\0\x09ftypx\0\0\0\x01uuid\0\0\0\0\0\0\0\x12ab\0\0\0\0mdatrest";
        let all: Vec<_> = boxes(file).map(|b| (b.kind, b.content, b.whole)).collect();
        assert_eq!(all, [(*b"ftyp", &b"x"[..], true), (*b"uuid", b"ab", true), (*b"mdat", b"rest", true)]);
        let cut = boxes(b"\0\0\0\x20metaab").next().unwrap();
        assert_eq!((cut.content, cut.whole), (&b"ab"[..], false));
        assert_eq!(boxes(b"\0\0\0\x07metaab").count(), 0);
        assert_eq!(boxes(b"\0\0\0\x01metaab").count(), 0);
    }
}
