//! Reading the directories of an EXIF block or a TIFF file.
//!
//! The bytes are not to be trusted: every access is checked, and what makes no sense is left out.

use tiff::tags::{ByteOrder, Type};

/// The tags that are looked at.
pub(in crate::image_io) mod tag {
    pub(in crate::image_io) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(in crate::image_io) const ORIENTATION: u16 = 274;
    pub(in crate::image_io) const X_RESOLUTION: u16 = 282;
    pub(in crate::image_io) const Y_RESOLUTION: u16 = 283;
    pub(in crate::image_io) const RESOLUTION_UNIT: u16 = 296;
    pub(in crate::image_io) const XMP: u16 = 700;
    pub(in crate::image_io) const IPTC: u16 = 33723;
    pub(in crate::image_io) const PHOTOSHOP: u16 = 34377;
    pub(in crate::image_io) const EXIF: u16 = 0x8769;
    pub(in crate::image_io) const GPS: u16 = 0x8825;
    pub(in crate::image_io) const PIXEL_X: u16 = 0xA002;
    pub(in crate::image_io) const PIXEL_Y: u16 = 0xA003;
}

/// Bytes to put somewhere in a block.
pub(super) type Change = Option<(usize, Vec<u8>)>;

/// One value of a directory.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::image_io) struct Entry<'a> {
    pub(in crate::image_io) tag: u16,
    pub(super) kind: Type,
    /// In the file's byte order.
    pub(super) data: &'a [u8],
    /// Where the value lies in the block.
    offset: usize,
}

/// A list of tags with their values.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::image_io) struct Directory<'a> {
    pub(super) order: ByteOrder,
    pub(in crate::image_io) entries: Vec<Entry<'a>>,
}

/// Bytes of one value of a type.
fn size_of(kind: Type) -> usize {
    match kind {
        Type::BYTE | Type::ASCII | Type::SBYTE | Type::UNDEFINED => 1,
        Type::SHORT | Type::SSHORT => 2,
        Type::LONG | Type::SLONG | Type::FLOAT | Type::IFD => 4,
        _ => 8,
    }
}

impl<'a> Directory<'a> {
    /// The first directory of an EXIF block or a TIFF file (not BigTIFF, which EXIF never is).
    pub(in crate::image_io) fn first(block: &'a [u8]) -> Option<Self> {
        let order = match block.get(..4)? {
            b"II*\0" => ByteOrder::LittleEndian,
            b"MM\0*" => ByteOrder::BigEndian,
            _ => return None,
        };
        Self::at(block, order, u32_at(block, order, 4)? as usize)
    }

    /// The directory at an offset; entries of unknown types, or with values outside the block, are left out.
    pub(super) fn at(block: &'a [u8], order: ByteOrder, offset: usize) -> Option<Self> {
        let count = usize::from(u16_at(block, order, offset)?);
        let mut entries = Vec::new();
        for i in 0..count {
            let at = offset + 2 + 12 * i;
            let Some(value) = at.checked_add(8).filter(|v| v + 4 <= block.len()) else { break };
            let (Some(tag), Some(kind)) = (u16_at(block, order, at), u16_at(block, order, at + 2)) else { break };
            let Some(kind) = Type::from_u16(kind) else { continue };
            let Some(values) = u32_at(block, order, at + 4) else { break };
            let Some(length) = (values as usize).checked_mul(size_of(kind)) else { continue };
            let start = if length <= 4 { value } else { u32_at(block, order, value).unwrap_or(0) as usize };
            let Some(data) = start.checked_add(length).and_then(|end| block.get(start..end)) else { continue };
            entries.push(Entry { tag, kind, data, offset: start });
        }
        Some(Self { order, entries })
    }

    pub(super) fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|e| e.tag == tag)
    }

    /// The first value of a tag as a whole number.
    pub(in crate::image_io) fn number(&self, tag: u16) -> Option<u32> {
        let entry = self.find(tag)?;
        match entry.kind {
            Type::SHORT => u16_at(entry.data, self.order, 0).map(u32::from),
            Type::LONG | Type::IFD => u32_at(entry.data, self.order, 0),
            _ => None,
        }
    }

    /// How to give another value to a tag that holds one SHORT or LONG; `None` if it does not, or the value does not
    /// fit.
    pub(super) fn replace(&self, tag: u16, value: u32) -> Change {
        let entry = self.find(tag)?;
        let bytes = match (entry.kind, self.order) {
            (Type::SHORT, ByteOrder::LittleEndian) => u16::try_from(value).ok()?.to_le_bytes().to_vec(),
            (Type::SHORT, ByteOrder::BigEndian) => u16::try_from(value).ok()?.to_be_bytes().to_vec(),
            (Type::LONG, ByteOrder::LittleEndian) => value.to_le_bytes().to_vec(),
            (Type::LONG, ByteOrder::BigEndian) => value.to_be_bytes().to_vec(),
            _ => return None,
        };
        (entry.data.len() >= bytes.len()).then_some((entry.offset, bytes))
    }

    /// How to give another value to a tag that holds a fraction.
    pub(super) fn replace_fraction(&self, tag: u16, value: f64) -> Change {
        let entry = self.find(tag).filter(|e| e.kind == Type::RATIONAL && e.data.len() >= 8)?;
        let (n, d) = ((value * 1000.0).round() as u32, 1000u32);
        let bytes = match self.order {
            ByteOrder::LittleEndian => [n.to_le_bytes(), d.to_le_bytes()],
            ByteOrder::BigEndian => [n.to_be_bytes(), d.to_be_bytes()],
        };
        Some((entry.offset, bytes.concat()))
    }

    /// The first value of a tag as a fraction.
    pub(super) fn fraction(&self, tag: u16) -> Option<f64> {
        let entry = self.find(tag).filter(|e| e.kind == Type::RATIONAL)?;
        let (n, d) = (u32_at(entry.data, self.order, 0)?, u32_at(entry.data, self.order, 4)?);
        (d != 0).then(|| f64::from(n) / f64::from(d))
    }

    /// Pixels per inch, across and down, if stated with a unit.
    pub(in crate::image_io) fn dpi(&self) -> Option<(f64, f64)> {
        let (x, y) = (self.fraction(tag::X_RESOLUTION)?, self.fraction(tag::Y_RESOLUTION)?);
        match self.number(tag::RESOLUTION_UNIT).unwrap_or(2) {
            2 => Some((x, y)),
            3 => Some((x * 2.54, y * 2.54)),
            _ => None,
        }
    }
}

fn u16_at(block: &[u8], order: ByteOrder, at: usize) -> Option<u16> {
    let bytes: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if order == ByteOrder::LittleEndian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
}

fn u32_at(block: &[u8], order: ByteOrder, at: usize) -> Option<u32> {
    let bytes: [u8; 4] = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if order == ByteOrder::LittleEndian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}
