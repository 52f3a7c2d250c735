//! Between EXIF blocks and TIFF files, whose tags lie among the picture's and not in a block of their own.

use std::io::{Cursor, Seek, Write};

use tiff::encoder::{DirectoryEncoder, Rational, TiffEncoder, TiffKind};
use tiff::tags::{ByteOrder, ResolutionUnit, Tag, Type};

use super::directory::{Directory, tag};
use crate::image_io::iptc;

/// Whether a tag of a picture's first directory describes the photograph. The others say how the file is laid out
/// (size, compression, where the strips are) or hold a program's private data, and mean nothing in another file.
fn describes_photograph(tag: u16) -> bool {
    matches!(
        tag,
        // Document, description, make, model, orientation, resolution, page.
        269..=272 | 274 | 282 | 283 | 285 | 296 | 297
        // Software, date, artist, host computer, rating, copyright, titles of Windows.
        | 305 | 306 | 315 | 316 | 18246 | 18249 | 33432 | 40091..=40095
    )
}

/// The sub-directories that describe the photograph.
const INNER: [u16; 2] = [tag::EXIF, tag::GPS];

/// Copies the EXIF and GPS directories that `first` points to in `block` into `encoder`'s file, and returns where they
/// went.
fn copy_inner<W: Write + Seek, K: TiffKind>(
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
pub(in crate::image_io) fn block_from_tiff(file: &[u8]) -> Option<Vec<u8>> {
    block_of_directory(file, &Directory::first(file)?)
}

/// The same of a directory of such a file.
pub(in crate::image_io) fn block_of_directory(file: &[u8], first: &Directory<'_>) -> Option<Vec<u8>> {
    // Every TIFF file has these, a scan of a blank page too.
    let common = [tag::ORIENTATION, tag::X_RESOLUTION, tag::Y_RESOLUTION, tag::RESOLUTION_UNIT];
    let worth_it = |t| INNER.contains(&t) || describes_photograph(t) && !common.contains(&t);
    if !first.entries.iter().any(|e| worth_it(e.tag)) {
        return None;
    }
    // Writing to memory fails only for values that no file can hold.
    block(first, |encoder| copy_inner(file, first, encoder)).ok()
}

/// An EXIF block of two, whose first directories are the outer and the inner one.
pub(in crate::image_io) fn block_of_parts(outer: &[u8], inner: &[u8]) -> Option<Vec<u8>> {
    let written = block(&Directory::first(outer)?, |encoder| {
        let Some(inner) = Directory::first(inner) else { return Ok(Vec::new()) };
        let mut target = encoder.extra_directory()?;
        inner.write_into(&mut target, |_| true)?;
        Ok(vec![(tag::EXIF, target.finish_with_offsets()?.pointer.0)])
    });
    written.ok()
}

/// A block of the tags of `first` that describe the photograph, and of the directories that `inner` writes before them.
fn block(
    first: &Directory<'_>,
    inner: impl FnOnce(&mut TiffEncoder<&mut Cursor<Vec<u8>>>) -> tiff::TiffResult<Vec<(u16, u64)>>,
) -> tiff::TiffResult<Vec<u8>> {
    let mut block = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut block)?;
    let inner = inner(&mut encoder)?;
    let mut target = encoder.image_directory()?;
    first.write_into(&mut target, describes_photograph)?;
    for (tag, at) in inner {
        target.write_tag(Tag::from_u16_exhaustive(tag), u32::try_from(at)?)?;
    }
    target.finish()?;
    Ok(block.into_inner())
}

/// The IPTC record of a TIFF file's first directory. Some writers call it words and swap its bytes.
pub(in crate::image_io) fn iptc_of_tiff(first: &Directory<'_>) -> Option<Vec<u8>> {
    let record = first.find(tag::IPTC).map(|entry| entry.data.to_vec()).map(|mut data| {
        if data.first() != Some(&0x1c) {
            data.as_chunks_mut::<4>().0.iter_mut().for_each(|word| word.reverse());
        }
        data
    });
    let resources = || iptc::of_resources(first.find(tag::PHOTOSHOP)?.data);
    record.filter(|data| iptc::is_whole(data)).or_else(resources)
}

/// A block that states the resolution and nothing else, for files that have no other place for it.
pub(in crate::image_io) fn block_of_resolution(x: f64, y: f64) -> Option<Vec<u8>> {
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
pub(in crate::image_io) fn fraction(v: f64) -> Rational {
    Rational { n: (v * 1000.0).round() as u32, d: 1000 }
}

/// An EXIF block on its way into a TIFF file. The EXIF and GPS directories must be written before the picture, and
/// their places and the other tags into the picture's directory.
pub(in crate::image_io) struct ForTiff<'a> {
    first: Directory<'a>,
    inner: Vec<(u16, u64)>,
}

impl<'a> ForTiff<'a> {
    /// Writes the inner directories of a block.
    pub(in crate::image_io) fn begin<W: Write + Seek, K: TiffKind>(
        block: &'a [u8],
        encoder: &mut TiffEncoder<W, K>,
    ) -> tiff::TiffResult<Option<Self>> {
        let Some(first) = Directory::first(block) else { return Ok(None) };
        let inner = copy_inner(block, &first, encoder)?;
        Ok(Some(Self { first, inner }))
    }

    /// Adds the tags to the picture's directory.
    pub(in crate::image_io) fn finish<W: Write + Seek, K: TiffKind>(
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

fn write_bytes<W: Write + Seek, K: TiffKind>(
    target: &mut DirectoryEncoder<'_, W, K>,
    tag: u16,
    kind: Type,
    data: &[u8],
) -> tiff::TiffResult<()> {
    let written = target.write_entry_bytes(kind, data)?;
    let mut one = tiff::Directory::empty();
    one.extend([(Tag::from_u16_exhaustive(tag), written)]);
    target.extend_from(&one);
    Ok(())
}

/// Writes a text, in UTF-8, which the tiff crate refuses in its own call.
pub(in crate::image_io) fn write_text<W: Write + Seek, K: TiffKind>(
    target: &mut DirectoryEncoder<'_, W, K>,
    tag: u16,
    text: &str,
) -> tiff::TiffResult<()> {
    write_bytes(target, tag, Type::ASCII, &[text.as_bytes(), &[0]].concat())
}

impl Directory<'_> {
    /// Puts the entries that `keep` wants into a directory that is being written.
    fn write_into<W: Write + Seek, K: TiffKind>(
        &self,
        target: &mut DirectoryEncoder<'_, W, K>,
        keep: impl Fn(u16) -> bool,
    ) -> tiff::TiffResult<()> {
        for entry in self.entries.iter().filter(|e| keep(e.tag)) {
            let mut data = entry.data.to_vec();
            self.order.convert(entry.kind, &mut data, ByteOrder::native());
            write_bytes(target, entry.tag, entry.kind, &data)?;
        }
        Ok(())
    }
}
