//! The little of EXIF that enlarging needs: put orientation back to 1, find the resolution, keep the stated size true, and
//! move the tags between an EXIF block and a TIFF file.
//!
//! An EXIF block is a TIFF file without a picture, so one reader serves both. Blocks of PNG, JPEG and WebP files are
//! otherwise carried over as they are, byte by byte: rewriting them would break the makers' private notes, which hold
//! offsets. Only a TIFF file has no block, its tags lie among the picture's; [`block_from_tiff`] collects those that
//! describe the photograph and leaves those that describe the file's layout.
//!
//! Everything here reads untrusted bytes: every access is checked, and what makes no sense is skipped.

use std::io::Cursor;

use tiff::encoder::{DirectoryEncoder, Rational, TiffEncoder, TiffKind};
use tiff::tags::{ByteOrder, ResolutionUnit, Tag, Type};

/// The tags that are looked at.
pub(super) mod tag {
    pub(in crate::image_io) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(in crate::image_io) const ORIENTATION: u16 = 274;
    pub(in crate::image_io) const X_RESOLUTION: u16 = 282;
    pub(in crate::image_io) const Y_RESOLUTION: u16 = 283;
    pub(in crate::image_io) const RESOLUTION_UNIT: u16 = 296;
    pub(in crate::image_io) const XMP: u16 = 700;
    pub(in crate::image_io) const EXIF: u16 = 0x8769;
    pub(in crate::image_io) const GPS: u16 = 0x8825;
    pub(in crate::image_io) const PIXEL_X: u16 = 0xA002;
    pub(in crate::image_io) const PIXEL_Y: u16 = 0xA003;
}

/// One value of a directory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) tag: u16,
    kind: Type,
    /// In the file's byte order.
    data: &'a [u8],
    /// Where the value lies in the block.
    offset: usize,
}

/// A list of tags with their values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Directory<'a> {
    order: ByteOrder,
    pub(super) entries: Vec<Entry<'a>>,
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
    pub(super) fn first(block: &'a [u8]) -> Option<Self> {
        let order = match block.get(..4)? {
            b"II*\0" => ByteOrder::LittleEndian,
            b"MM\0*" => ByteOrder::BigEndian,
            _ => return None,
        };
        Self::at(block, order, u32_at(block, order, 4)? as usize)
    }

    /// The directory at an offset; entries of unknown types, or with values outside the block, are left out.
    fn at(block: &'a [u8], order: ByteOrder, offset: usize) -> Option<Self> {
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

    fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|e| e.tag == tag)
    }

    /// The first value of a tag as a whole number.
    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        let entry = self.find(tag)?;
        match entry.kind {
            Type::SHORT => u16_at(entry.data, self.order, 0).map(u32::from),
            Type::LONG | Type::IFD => u32_at(entry.data, self.order, 0),
            _ => None,
        }
    }

    /// How to give another value to a tag that holds one SHORT or LONG; `None` if it does not, or the value does not fit.
    fn replace(&self, tag: u16, value: u32) -> Change {
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

    /// The first value of a tag as a fraction.
    fn fraction(&self, tag: u16) -> Option<f64> {
        let entry = self.find(tag).filter(|e| e.kind == Type::RATIONAL)?;
        let (n, d) = (u32_at(entry.data, self.order, 0)?, u32_at(entry.data, self.order, 4)?);
        (d != 0).then(|| f64::from(n) / f64::from(d))
    }

    /// Pixels per inch, across and down, if stated with a unit.
    pub(super) fn dpi(&self) -> Option<(f64, f64)> {
        let (x, y) = (self.fraction(tag::X_RESOLUTION)?, self.fraction(tag::Y_RESOLUTION)?);
        match self.number(tag::RESOLUTION_UNIT).unwrap_or(2) {
            2 => Some((x, y)),
            3 => Some((x * 2.54, y * 2.54)),
            _ => None,
        }
    }

    /// Puts the entries that `keep` wants into a directory that is being written.
    fn write_into<W: std::io::Write + std::io::Seek, K: TiffKind>(
        &self,
        target: &mut DirectoryEncoder<'_, W, K>,
        keep: impl Fn(u16) -> bool,
    ) -> tiff::TiffResult<()> {
        for entry in self.entries.iter().filter(|e| keep(e.tag)) {
            let mut data = entry.data.to_vec();
            self.order.convert(entry.kind, &mut data, ByteOrder::native());
            let written = target.write_entry_bytes(entry.kind, &data)?;
            let mut one = tiff::Directory::empty();
            one.extend([(Tag::from_u16_exhaustive(entry.tag), written)]);
            target.extend_from(&one);
        }
        Ok(())
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

/// The orientation that a block states, 1 to 8.
pub(super) fn orientation(block: &[u8]) -> Option<u8> {
    let stated = Directory::first(block)?.number(tag::ORIENTATION)?;
    u8::try_from(stated).ok().filter(|o| (1..=8).contains(o))
}

/// Writes orientation 1 into a block that states one, because the pixels have been turned.
pub(super) fn reset_orientation(block: &mut [u8]) {
    let Some(directory) = Directory::first(block) else { return };
    let change = directory.replace(tag::ORIENTATION, 1);
    apply(block, change);
}

/// Writes the size of the pixels into a block that states one: EXIF repeats it, and some programs believe EXIF.
pub(super) fn set_size(block: &mut [u8], width: u32, height: u32) {
    let Some(first) = Directory::first(block) else { return };
    let Some(inner) = first.number(tag::EXIF).and_then(|at| Directory::at(block, first.order, at as usize)) else {
        return;
    };
    let changes = [inner.replace(tag::PIXEL_X, width), inner.replace(tag::PIXEL_Y, height)];
    changes.into_iter().for_each(|change| apply(block, change));
}

/// Bytes to put somewhere in a block.
type Change = Option<(usize, Vec<u8>)>;

fn apply(block: &mut [u8], change: Change) {
    if let Some((offset, bytes)) = change
        && let Some(place) = block.get_mut(offset..offset + bytes.len())
    {
        place.copy_from_slice(&bytes);
    }
}

/// Whether a tag of a picture's first directory describes the photograph. The others say how the file is laid out
/// (size, compression, where the strips are) or hold a program's private data, and mean nothing in another file.
fn describes_photograph(tag: u16) -> bool {
    matches!(
        tag,
        // Document, description, make, model, orientation, resolution, page.
        269..=272 | 274 | 282 | 283 | 285 | 296 | 297
        // Software, date, artist, host computer, rating, copyright, IPTC, titles of Windows.
        | 305 | 306 | 315 | 316 | 18246 | 18249 | 33432 | 33723 | 40091..=40095
    )
}

/// The sub-directories that describe the photograph.
const INNER: [u16; 2] = [tag::EXIF, tag::GPS];

/// Copies the EXIF and GPS directories that `first` points to in `block` into `encoder`'s file, and returns where they
/// went.
fn copy_inner<W: std::io::Write + std::io::Seek, K: TiffKind>(
    block: &[u8],
    first: &Directory<'_>,
    encoder: &mut TiffEncoder<W, K>,
) -> tiff::TiffResult<Vec<(u16, u64)>> {
    let mut copied = Vec::new();
    for tag in INNER {
        let inner = first.number(tag).and_then(|at| Directory::at(block, first.order, at as usize));
        if let Some(inner) = inner.filter(|d| !d.entries.is_empty()) {
            let mut target = encoder.extra_directory()?;
            // 0xA005 points to a third level that only says which standard is followed; copied, it would dangle.
            inner.write_into(&mut target, |t| t != 0xA005)?;
            copied.push((tag, target.finish_with_offsets()?.pointer.0));
        }
    }
    Ok(copied)
}

/// An EXIF block with the tags of a TIFF file that describe the photograph; `None` if there are none.
pub(super) fn block_from_tiff(file: &[u8]) -> Option<Vec<u8>> {
    let first = Directory::first(file)?;
    // Every TIFF file has these, a scan of a blank page too.
    let common = [tag::ORIENTATION, tag::X_RESOLUTION, tag::Y_RESOLUTION, tag::RESOLUTION_UNIT];
    let worth_it = |t| INNER.contains(&t) || describes_photograph(t) && !common.contains(&t);
    if !first.entries.iter().any(|e| worth_it(e.tag)) {
        return None;
    }
    let write = || -> tiff::TiffResult<Vec<u8>> {
        let mut block = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut block)?;
        let inner = copy_inner(file, &first, &mut encoder)?;
        let mut target = encoder.image_directory()?;
        first.write_into(&mut target, describes_photograph)?;
        for (tag, at) in inner {
            target.write_tag(Tag::from_u16_exhaustive(tag), u32::try_from(at)?)?;
        }
        target.finish()?;
        Ok(block.into_inner())
    };
    // Writing to memory fails only for values that no file can hold.
    write().ok()
}

/// A block that states the resolution and nothing else, for files that have no other place for it.
pub(super) fn block_of_resolution(x: f64, y: f64) -> Option<Vec<u8>> {
    let write = || -> tiff::TiffResult<Vec<u8>> {
        let mut block = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut block)?;
        let mut directory = encoder.image_directory()?;
        directory.write_tag(Tag::XResolution, fraction(x))?;
        directory.write_tag(Tag::YResolution, fraction(y))?;
        directory.write_tag(Tag::ResolutionUnit, ResolutionUnit::Inch.to_u16())?;
        directory.finish()?;
        Ok(block.into_inner())
    };
    write().ok()
}

/// A resolution to three decimals, which still keeps PNG's whole pixels per metre apart.
pub(super) fn fraction(v: f64) -> Rational {
    Rational { n: (v * 1000.0).round() as u32, d: 1000 }
}

/// An EXIF block on its way into a TIFF file. The EXIF and GPS directories must be written before the picture, and
/// their places and the other tags into the picture's directory.
pub(super) struct ForTiff<'a> {
    first: Directory<'a>,
    inner: Vec<(u16, u64)>,
}

impl<'a> ForTiff<'a> {
    /// Writes the inner directories of a block.
    pub(super) fn begin<W: std::io::Write + std::io::Seek, K: TiffKind>(
        block: &'a [u8],
        encoder: &mut TiffEncoder<W, K>,
    ) -> tiff::TiffResult<Option<Self>> {
        let Some(first) = Directory::first(block) else { return Ok(None) };
        let inner = copy_inner(block, &first, encoder)?;
        Ok(Some(Self { first, inner }))
    }

    /// Adds the tags to the picture's directory.
    pub(super) fn finish<W: std::io::Write + std::io::Seek, K: TiffKind>(
        &self,
        picture: &mut DirectoryEncoder<'_, W, K>,
    ) -> tiff::TiffResult<()> {
        // The resolution is the caller's: it may have come from elsewhere.
        let resolution = [tag::X_RESOLUTION, tag::Y_RESOLUTION, tag::RESOLUTION_UNIT];
        self.first.write_into(picture, |t| describes_photograph(t) && !resolution.contains(&t))?;
        for &(tag, at) in &self.inner {
            picture.write_tag(Tag::from_u16_exhaustive(tag), u32::try_from(at)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A block with make (ASCII), orientation and resolution, and exposure time and size in the EXIF directory, in either
    /// byte order.
    pub(in crate::image_io) fn sample(order: ByteOrder, orientation: u16) -> Vec<u8> {
        let little = order == ByteOrder::LittleEndian;
        let two = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let four = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let mut b = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        b.extend(four(8));
        let short = |v: u16| [two(v), [0, 0]].concat();
        let entries: [(u16, u16, u32, Vec<u8>); 6] = [
            (271, 2, 6, four(110).to_vec()),
            (274, 3, 1, short(orientation)),
            (282, 5, 1, four(116).to_vec()),
            (283, 5, 1, four(116).to_vec()),
            (296, 3, 1, short(2)),
            (0x8769, 4, 1, four(124).to_vec()),
        ];
        b.extend(two(entries.len() as u16));
        for (tag, kind, count, value) in entries {
            b.extend([two(tag), two(kind)].concat());
            b.extend(four(count));
            b.extend(value);
        }
        b.extend(four(0));
        b.resize(110, 0);
        b.extend(b"adder\0");
        b.extend([four(600), four(2)].concat());
        assert_eq!(b.len(), 124);
        b.extend(two(3));
        b.extend([two(0x829A), two(5)].concat());
        b.extend([four(1), four(166)].concat());
        for (tag, size) in [(tag::PIXEL_X, 640), (tag::PIXEL_Y, 480)] {
            b.extend([two(tag), two(3)].concat());
            b.extend(four(1));
            b.extend(short(size));
        }
        b.extend(four(0));
        b.extend([four(1), four(250)].concat());
        b
    }

    const ORDERS: [ByteOrder; 2] = [ByteOrder::LittleEndian, ByteOrder::BigEndian];

    #[test]
    fn orientation_is_read_and_put_back_to_one_and_nothing_else_changes() {
        for order in ORDERS {
            let mut block = sample(order, 6);
            assert_eq!(orientation(&block), Some(6));
            reset_orientation(&mut block);
            assert_eq!(block, sample(order, 1));
            assert_eq!(orientation(&sample(order, 9)), None);
        }
    }

    #[test]
    fn the_stated_size_follows_the_pixels() {
        for order in ORDERS {
            let mut block = sample(order, 1);
            set_size(&mut block, 1280, 70_000);
            let first = Directory::first(&block).unwrap();
            let inner = Directory::at(&block, first.order, first.number(tag::EXIF).unwrap() as usize).unwrap();
            assert_eq!(inner.number(tag::PIXEL_X), Some(1280));
            // Does not fit into a SHORT: left alone, not cut.
            assert_eq!(inner.number(tag::PIXEL_Y), Some(480));
        }
    }

    #[test]
    fn resolution_is_found_in_inches() {
        for order in ORDERS {
            assert_eq!(Directory::first(&sample(order, 1)).unwrap().dpi(), Some((300.0, 300.0)));
        }
    }

    #[test]
    fn the_tags_survive_the_way_through_a_tiff_file() {
        for order in ORDERS {
            let mut file = Cursor::new(Vec::new());
            let mut encoder = TiffEncoder::new(&mut file).unwrap();
            let original = sample(order, 1);
            let tags = ForTiff::begin(&original, &mut encoder).unwrap().unwrap();
            let mut picture = encoder.new_image::<tiff::encoder::colortype::Gray8>(2, 1).unwrap();
            tags.finish(picture.encoder()).unwrap();
            picture.write_data(&[1, 2]).unwrap();
            let block = block_from_tiff(&file.into_inner()).unwrap();
            let first = Directory::first(&block).unwrap();
            assert_eq!(first.find(271).unwrap().data, b"adder\0");
            let exif = Directory::at(&block, first.order, first.number(tag::EXIF).unwrap() as usize).unwrap();
            assert_eq!(exif.fraction(0x829A), Some(1.0 / 250.0));
            assert!(first.find(256).is_none(), "the width describes the other file");
        }
    }

    #[test]
    fn cut_or_changed_blocks_are_read_without_panic() {
        for order in ORDERS {
            let whole = sample(order, 6);
            for length in 0..whole.len() {
                let mut cut = whole[..length].to_vec();
                let _ = orientation(&cut);
                let _ = block_from_tiff(&cut);
                reset_orientation(&mut cut);
                set_size(&mut cut, 1, 1);
            }
            for at in 0..whole.len() {
                for value in [0, 1, 0x7f, 0xff] {
                    let mut changed = whole.clone();
                    changed[at] = value;
                    let _ = Directory::first(&changed).and_then(|d| d.dpi());
                    let _ = block_from_tiff(&changed);
                    reset_orientation(&mut changed);
                    set_size(&mut changed, 1, 1);
                }
            }
        }
    }
}
