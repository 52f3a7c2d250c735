//! Reading the directories of an EXIF block or a TIFF file.
//!
//! The bytes are not to be trusted: every access is checked, and what makes no sense is left out.

use tiff::tags::{ByteOrder, Type};

/// The tags that are looked at.
pub(in crate::image_io) mod tag {
    pub(in crate::image_io) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(in crate::image_io) const BITS: u16 = 258;
    pub(in crate::image_io) const PHOTOMETRIC: u16 = 262;
    pub(in crate::image_io) const COMPRESSION: u16 = 259;
    pub(in crate::image_io) const MAKE: u16 = 271;
    pub(in crate::image_io) const STRIPS: u16 = 273;
    pub(in crate::image_io) const STRIP_BYTES: u16 = 279;
    pub(in crate::image_io) const SUB_DIRECTORIES: u16 = 330;
    pub(in crate::image_io) const PANASONIC_PREVIEW: u16 = 0x2E;
    pub(in crate::image_io) const MAKER_NOTE: u16 = 0x927C;
    pub(in crate::image_io) const OLYMPUS_SETTINGS: u16 = 0x2020;
    pub(in crate::image_io) const OLYMPUS_PREVIEW: u16 = 0x101;
    pub(in crate::image_io) const OLYMPUS_PREVIEW_BYTES: u16 = 0x102;
    pub(in crate::image_io) const DNG_VERSION: u16 = 50_706;
    pub(in crate::image_io) const ORIENTATION: u16 = 274;
    pub(in crate::image_io) const X_RESOLUTION: u16 = 282;
    pub(in crate::image_io) const Y_RESOLUTION: u16 = 283;
    pub(in crate::image_io) const RESOLUTION_UNIT: u16 = 296;
    pub(in crate::image_io) const COLOR_MAP: u16 = 320;
    pub(in crate::image_io) const SAMPLE_FORMAT: u16 = 339;
    pub(in crate::image_io) const THUMBNAIL: u16 = 513;
    pub(in crate::image_io) const THUMBNAIL_BYTES: u16 = 514;
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
    pub(in crate::image_io) kind: Type,
    /// In the file's byte order.
    pub(in crate::image_io) data: &'a [u8],
    /// Where the value lies in the block.
    pub(in crate::image_io) offset: usize,
}

/// A list of tags with their values.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::image_io) struct Directory<'a> {
    pub(in crate::image_io) order: ByteOrder,
    /// Whether the file is a BigTIFF.
    pub(in crate::image_io) big: bool,
    /// Where it lies, and where the next one does, if there is one.
    pub(in crate::image_io) at: usize,
    pub(in crate::image_io) next: Option<usize>,
    /// Where it is said where the next one lies.
    pub(in crate::image_io) next_at: Option<usize>,
    /// Whether all of it is there.
    pub(in crate::image_io) whole: bool,
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

impl Entry<'_> {
    /// How many values it has.
    pub(in crate::image_io) fn count(&self) -> u64 {
        (self.data.len() / size_of(self.kind)) as u64
    }
}

impl<'a> Directory<'a> {
    /// The first directory of an EXIF block or a TIFF file.
    pub(in crate::image_io) fn first(block: &'a [u8]) -> Option<Self> {
        let order = match block.get(..4)? {
            b"II*\0" | b"II+\0" => ByteOrder::LittleEndian,
            b"MM\0*" | b"MM\0+" => ByteOrder::BigEndian,
            _ => return None,
        };
        let at = if is_big(block) { u64_at(block, order, 8)? } else { u32_at(block, order, 4)?.into() };
        Self::at(block, order, usize::try_from(at).ok()?)
    }

    /// The first directory of a TIFF file, or of one that some camera writes with a signature of its own.
    pub(in crate::image_io) fn of_raw(block: &'a [u8]) -> Option<Self> {
        let order = match block.get(..2)? {
            b"II" => ByteOrder::LittleEndian,
            b"MM" => ByteOrder::BigEndian,
            _ => return None,
        };
        Self::first(block).or_else(|| Self::at(block, order, u32_at(block, order, 4)? as usize))
    }

    /// The directory at an offset; entries of unknown types, or with values outside the block, are left out.
    pub(in crate::image_io) fn at(block: &'a [u8], order: ByteOrder, offset: usize) -> Option<Self> {
        let big = is_big(block);
        // Bytes of the count, of one entry, and of an offset.
        let (head, step, wide) = if big { (8, 20, 8) } else { (2, 12, 4) };
        let number = |at| if big { u64_at(block, order, at) } else { u32_at(block, order, at).map(u64::from) };
        let count = if big { number(offset)? } else { u16_at(block, order, offset)?.into() };
        let stated = usize::try_from(count).ok()?;
        let count = stated.min(block.len() / step);
        let mut entries = Vec::new();
        let table = offset.checked_add(head)?;
        let end = table.checked_add(step * count)?;
        for at in (table..end).step_by(step) {
            let value = at + 4 + wide;
            if value + wide > block.len() {
                break;
            }
            let (Some(tag), Some(kind)) = (u16_at(block, order, at), u16_at(block, order, at + 2)) else { break };
            let Some(kind) = Type::from_u16(kind) else { continue };
            let Some(values) = number(at + 4) else { break };
            let length = usize::try_from(values).ok().and_then(|values| values.checked_mul(size_of(kind)));
            let Some(length) = length else { continue };
            let start = if length <= wide { value } else { number(value).unwrap_or(0) as usize };
            let Some(data) = start.checked_add(length).and_then(|end| block.get(start..end)) else { continue };
            entries.push(Entry { tag, kind, data, offset: start });
        }
        let next = number(end).and_then(|next| usize::try_from(next).ok()).filter(|&next| next != 0);
        let whole = count == stated && end <= block.len();
        let next_at = (end.saturating_add(wide) <= block.len()).then_some(end);
        Some(Self { order, big, at: offset, next, next_at, whole, entries })
    }

    pub(in crate::image_io) fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|e| e.tag == tag)
    }

    /// The first value of a tag as a whole number.
    pub(in crate::image_io) fn number(&self, tag: u16) -> Option<u32> {
        let entry = self.find(tag)?;
        match entry.kind {
            Type::SHORT => u16_at(entry.data, self.order, 0).map(u32::from),
            Type::LONG | Type::IFD => u32_at(entry.data, self.order, 0),
            Type::LONG8 | Type::IFD8 => u64_at(entry.data, self.order, 0).and_then(|v| u32::try_from(v).ok()),
            _ => None,
        }
    }

    /// All values of a tag, if they are whole numbers.
    pub(in crate::image_io) fn numbers(&self, tag: u16) -> Vec<u64> {
        let Some(entry) = self.find(tag) else { return Vec::new() };
        let order = self.order;
        let value = |b: &[u8]| match entry.kind {
            Type::BYTE => b.first().map(|&b| b.into()),
            Type::SHORT => u16_at(b, order, 0).map(u64::from),
            Type::LONG | Type::IFD => u32_at(b, order, 0).map(u64::from),
            Type::LONG8 | Type::IFD8 => u64_at(b, order, 0),
            _ => None,
        };
        entry.data.chunks_exact(size_of(entry.kind)).filter_map(value).collect()
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

fn is_big(block: &[u8]) -> bool {
    matches!(block.get(..4), Some(b"II+\0" | b"MM\0+"))
}

fn u16_at(block: &[u8], order: ByteOrder, at: usize) -> Option<u16> {
    let bytes: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if order == ByteOrder::LittleEndian { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
}

fn u32_at(block: &[u8], order: ByteOrder, at: usize) -> Option<u32> {
    let bytes: [u8; 4] = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if order == ByteOrder::LittleEndian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}

fn u64_at(block: &[u8], order: ByteOrder, at: usize) -> Option<u64> {
    let bytes: [u8; 8] = block.get(at..at.checked_add(8)?)?.try_into().ok()?;
    Some(if order == ByteOrder::LittleEndian { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) })
}
