//! TIFF files that the `tiff` crate cannot read, written anew in memory so that it can: strips of other compressions
//! unpacked, bits in their usual order, lengths of strips that nobody stated, palettes and Lab under names that pass.
//! A file that ends too early or is damaged is written with grey where data are missing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tiff::tags::{ByteOrder, Type};

use super::Result;
use super::strips::{self, Packed};
use crate::image_io::error::ErrorKind;
use crate::image_io::exif::{Directory, tag};
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_PIXELS;
use crate::tensor::Size;

/// What the samples mean that the rewritten file calls grey or RGB.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// What it says.
    Stated,
    /// Numbers of colours: all reds, all greens, all blues.
    Palette(Vec<u16>),
    /// CIE L*a*b*; whether a and b are signed.
    Lab(bool),
}

/// A file that can be read.
pub(super) struct Plain<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) meaning: Meaning,
    /// Columns, rows, width and height of what is missing.
    pub(super) lost: Vec<[usize; 4]>,
}

const COMPRESSION: u16 = 259;
const FILL_ORDER: u16 = 266;
const SAMPLES_PER_PIXEL: u16 = 277;
const PLANAR_CONFIGURATION: u16 = 284;
const EXTRA_SAMPLES: u16 = 338;
const SUBSAMPLING: u16 = 530;

/// Rewrites what has to be. `all`: whatever could be damaged is unpacked here, as far as it goes.
pub(super) fn plain(bytes: &[u8], all: bool) -> Result<Plain<'_>> {
    let as_it_is = |meaning| Plain { bytes: Cow::Borrowed(bytes), meaning, lost: Vec::new() };
    // What a directory that is cut off says is not to be trusted.
    let Some(first) = Directory::first(bytes).filter(|first| first.whole) else { return Ok(as_it_is(Meaning::Stated)) };
    let Some(layout) = Layout::of(&first) else { return Ok(as_it_is(Meaning::Stated)) };
    let mut changes = BTreeMap::<u16, Option<Vec<u64>>>::new();
    let meaning = match layout.photometric {
        3 => {
            changes.insert(tag::PHOTOMETRIC, Some(vec![1]));
            Meaning::Palette(first.numbers(tag::COLOR_MAP).iter().map(|&v| v as u16).collect())
        }
        8 | 9 => {
            let float = first.numbers(tag::SAMPLE_FORMAT).first() == Some(&3);
            changes.insert(tag::PHOTOMETRIC, Some(vec![2]));
            if !float {
                changes.insert(tag::SAMPLE_FORMAT, None);
            }
            Meaning::Lab(float || layout.photometric == 8)
        }
        _ => Meaning::Stated,
    };
    let foreign = matches!(layout.compression, 2 | 3 | 34_925 | 50_000);
    let odd =
        layout.bits == 12 || layout.fill_order == 2 || layout.is_subsampled() && strips::unpacks(layout.compression);
    let loops = first.next.is_some_and(|next| next <= first.at);
    let unsaid = layout.lengths.len() != layout.offsets.len();
    if !(foreign || odd || unsaid || all || loops) && changes.is_empty() {
        return Ok(as_it_is(meaning));
    }
    let mut out = bytes.to_vec();
    let mut lost = Vec::new();
    let unpack = foreign || layout.bits == 12 || layout.is_subsampled() || all && strips::unpacks(layout.compression);
    if unpack || layout.fill_order == 2 || unsaid {
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        for index in 0..layout.offsets.len() {
            let packed = layout.strip(bytes, index, unsaid);
            let data = match unpack {
                true => {
                    let unpacked = strips::unpacked(&packed, &layout, index)?;
                    lost.extend(layout.area(index, unpacked.rows));
                    unpacked.bytes
                }
                false => packed.bytes.into_owned(),
            };
            offsets.push(out.len() as u64);
            lengths.push(data.len() as u64);
            out.extend(data);
        }
        changes.insert(layout.offsets_tag, Some(offsets));
        changes.insert(layout.lengths_tag, Some(lengths));
        changes.insert(FILL_ORDER, None);
    }
    if unpack {
        changes.insert(COMPRESSION, Some(vec![1]));
        if layout.bits == 12 {
            changes.insert(tag::BITS, Some(vec![16; layout.samples]));
        }
        if layout.is_subsampled() {
            changes.insert(tag::PHOTOMETRIC, Some(vec![2]));
            changes.insert(SUBSAMPLING, None);
        }
    }
    write_directory(&mut out, &first, &changes);
    Ok(Plain { bytes: Cow::Owned(out), meaning, lost })
}

/// A file whose tiles hold one channel each.
pub(super) struct Planes<'a> {
    bytes: &'a [u8],
    first: Directory<'a>,
    layout: Layout,
}

impl<'a> Planes<'a> {
    /// `None` for any other file.
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let first = Directory::first(bytes).filter(|first| first.whole)?;
        let layout = Layout::of(&first)?;
        (layout.planar && layout.tiled && !layout.is_subsampled()).then_some(Self { bytes, first, layout })
    }

    /// Each channel as the file of a grey picture.
    pub(super) fn files(&self) -> impl Iterator<Item = Vec<u8>> {
        let per_plane = self.layout.offsets.len() / self.layout.samples;
        let format = self.first.numbers(tag::SAMPLE_FORMAT).first().map(|&format| vec![format]);
        (0..self.layout.samples).map(move |k| {
            let own = |of: &[u64]| Some(of.get(k * per_plane..(k + 1) * per_plane).unwrap_or_default().to_vec());
            let mut out = self.bytes.to_vec();
            let changes = BTreeMap::from([
                (tag::BITS, Some(vec![self.layout.bits as u64])),
                (tag::PHOTOMETRIC, Some(vec![1])),
                (SAMPLES_PER_PIXEL, Some(vec![1])),
                (PLANAR_CONFIGURATION, None),
                (EXTRA_SAMPLES, None),
                (tag::SAMPLE_FORMAT, format.clone()),
                (self.layout.offsets_tag, own(&self.layout.offsets)),
                (self.layout.lengths_tag, own(&self.layout.lengths)),
            ]);
            write_directory(&mut out, &self.first, &changes);
            out
        })
    }
}

/// How the pixels lie in a file.
pub(super) struct Layout {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) samples: usize,
    pub(super) bits: usize,
    pub(super) compression: u16,
    photometric: u64,
    pub(super) fill_order: u64,
    pub(super) options: u64,
    pub(super) order: ByteOrder,
    /// Samples of one channel in a strip, one channel after the other.
    planar: bool,
    /// Size of a strip or tile.
    across: usize,
    down: usize,
    tiled: bool,
    /// So many pixels each way share a colour.
    pub(super) subsampling: Size,
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    offsets_tag: u16,
    lengths_tag: u16,
}

impl Layout {
    fn of(d: &Directory<'_>) -> Option<Self> {
        let one = |tag, default| d.numbers(tag).first().copied().unwrap_or(default);
        let (width, height) = (one(256, 0), one(257, 0));
        if width == 0 || height == 0 || width.saturating_mul(height) > MAX_PIXELS {
            return None;
        }
        let tiled = !d.numbers(324).is_empty();
        let (offsets_tag, lengths_tag) = if tiled { (324, 325) } else { (273, 279) };
        let (across, down) = if tiled { (one(322, 0), one(323, 0)) } else { (width, one(278, height).min(height)) };
        let photometric = one(tag::PHOTOMETRIC, 1);
        let subsampling = match d.numbers(SUBSAMPLING)[..] {
            [h @ (1 | 2 | 4), v @ (1 | 2 | 4)] => Size::new(h as usize, v as usize),
            _ => Size::square(2),
        };
        let samples = one(SAMPLES_PER_PIXEL, 1) as usize;
        let layout = Self {
            width: width as usize,
            height: height as usize,
            samples,
            bits: one(tag::BITS, 1) as usize,
            compression: one(COMPRESSION, 1) as u16,
            photometric,
            fill_order: one(FILL_ORDER, 1),
            options: one(292, 0),
            order: d.order,
            planar: one(PLANAR_CONFIGURATION, 1) == 2 && samples > 1,
            across: across as usize,
            down: down as usize,
            tiled,
            subsampling,
            offsets: d.numbers(offsets_tag),
            lengths: d.numbers(lengths_tag),
            offsets_tag,
            lengths_tag,
        };
        let sensible =
            layout.across > 0 && layout.down > 0 && layout.across <= 1 << 20 && (1..=64).contains(&layout.bits);
        let chunks = layout.columns() * height.div_ceil(down.max(1)) as usize * if layout.planar { samples } else { 1 };
        (sensible && (1..=16).contains(&samples) && chunks == layout.offsets.len()).then_some(layout)
    }

    /// Tiles in a row.
    fn columns(&self) -> usize {
        self.width.div_ceil(self.across.max(1))
    }

    /// Whether colour is stored for several pixels together, in a way that JPEG does not take care of.
    pub(super) fn is_subsampled(&self) -> bool {
        self.photometric == 6
            && self.subsampling != Size::square(1)
            && self.bits == 8
            && self.samples == 3
            && self.compression != 7
    }

    /// Samples of a pixel in one strip.
    pub(super) fn together(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    /// Of a strip or tile.
    pub(super) fn size(&self, index: usize) -> Size {
        let per_plane = self.columns() * self.height.div_ceil(self.down);
        let row = index % per_plane / self.columns() * self.down;
        Size::new(self.across, if self.tiled { self.down } else { self.down.min(self.height - row) })
    }

    /// The bytes of a strip, as far as they are there, with their bits in the usual order.
    fn strip<'a>(&self, bytes: &'a [u8], index: usize, unsaid: bool) -> Packed<'a> {
        let start = usize::try_from(self.offsets[index]).unwrap_or(usize::MAX).min(bytes.len());
        let Size { width: columns, height: rows } = self.size(index);
        let stated = match (unsaid, self.compression) {
            (false, _) => self.lengths[index] as usize,
            (true, 1) => rows * (columns * self.together() * self.bits).div_ceil(8),
            // To where the next one begins, or to the end.
            (true, _) => self.offsets.get(index + 1).map_or(usize::MAX, |&next| (next as usize).saturating_sub(start)),
        };
        let part = &bytes[start..start.saturating_add(stated).min(bytes.len())];
        let turned = || part.iter().map(|b| b.reverse_bits()).collect();
        Packed { bytes: if self.fill_order == 2 { Cow::Owned(turned()) } else { Cow::Borrowed(part) } }
    }

    /// What of a strip is missing below its first `rows`.
    fn area(&self, index: usize, rows: usize) -> Option<[usize; 4]> {
        let Size { width: across, height: all } = self.size(index);
        let per_plane = self.columns() * self.height.div_ceil(self.down);
        let (row, column) = (index % per_plane / self.columns() * self.down, index % self.columns() * across);
        let bottom = (row + all).min(self.height);
        (row + rows < bottom).then(|| [column, row + rows, across.min(self.width - column), bottom - row - rows])
    }
}

/// Writes the first directory anew at the file's end, with other values or without some, and makes it the only one.
fn write_directory(out: &mut Vec<u8>, first: &Directory<'_>, changes: &BTreeMap<u16, Option<Vec<u64>>>) {
    let number = |v: u64, size: usize| match first.order {
        ByteOrder::LittleEndian => v.to_le_bytes()[..size].to_vec(),
        ByteOrder::BigEndian => v.to_be_bytes()[8 - size..].to_vec(),
    };
    let (wide, kind) = if first.big { (8, Type::LONG8) } else { (4, Type::LONG) };
    let mut entries = BTreeMap::<u16, (Type, u64, Vec<u8>)>::new();
    for entry in &first.entries {
        entries.insert(entry.tag, (entry.kind, entry.count(), entry.data.to_vec()));
    }
    for (&tag, values) in changes {
        match values {
            Some(values) => {
                let data = values.iter().flat_map(|&v| number(v, wide)).collect();
                entries.insert(tag, (kind, values.len() as u64, data));
            }
            None => drop(entries.remove(&tag)),
        }
    }
    let mut table = number(entries.len() as u64, if first.big { 8 } else { 2 });
    for (tag, (kind, count, mut data)) in entries {
        table.extend(number(tag.into(), 2));
        table.extend(number(kind.to_u16().into(), 2));
        table.extend(number(count, wide));
        if data.len() <= wide {
            data.resize(wide, 0);
            table.extend(data);
        } else {
            table.extend(number(out.len() as u64, wide));
            out.extend(data);
        }
    }
    table.extend(number(0, wide));
    let at = out.len() as u64;
    let place = if first.big { 8..16 } else { 4..8 };
    out[place].copy_from_slice(&number(at, wide));
    out.extend(table);
}

/// What the rewriting cannot do.
pub(super) fn unpackable(what: &str) -> ErrorKind {
    ErrorKind::Unsupported { what: format!("this variant of {} ({what})", Format::Tiff) }
}
