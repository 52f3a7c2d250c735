//! Strips of a TIFF file unpacked, as far as they go: Zstandard with `ruzstd`, LZMA with `lzma-rust2`, fax in `fax`,
//! Deflate with `flate2`, LZW with `weezl`, all in Rust. (`zstd`, which `tiff` would take, is a library in C.)

use std::borrow::Cow;
use std::io::Read;

use tiff::tags::ByteOrder;

use super::plain::{Layout, unpackable};
use super::{Result, fax};
use crate::image_io::decode::colours::rgb_of_jpeg;
use crate::tensor::Size;

/// What is left of a picture where there are no data.
const GREY: u8 = 0x80;

/// A strip as it is in the file.
pub(super) struct Packed<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
}

/// A strip of the length it should have.
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// Rows that are whole; below them is grey.
    pub(super) rows: usize,
}

/// Whether a compression is unpacked here.
pub(super) fn unpacks(compression: u16) -> bool {
    matches!(compression, 1 | 2 | 3 | 5 | 8 | 32_946 | 34_925 | 50_000)
}

/// Unpacks a strip, with 12 bits as 16 and shared colour given to each pixel.
pub(super) fn unpacked(packed: &Packed<'_>, layout: &Layout, index: usize) -> Result<Unpacked> {
    let size = layout.size(index);
    let Size { width: columns, height: rows } = size;
    let shares = if layout.is_subsampled() { layout.subsampling } else { Size::square(1) };
    let Size { width: h, height: v } = shares;
    // Bytes of one row, or of one row of blocks that share colours.
    let row = match (h, v) {
        (1, 1) => (columns * layout.together() * layout.bits).div_ceil(8),
        _ => columns.div_ceil(h) * (h * v + 2),
    };
    let blocks = rows.div_ceil(v);
    let whole = row * blocks;
    let data = &packed.bytes[..];
    let mut bytes = match layout.compression {
        1 => data[..whole.min(data.len())].to_vec(),
        2 => fax::unpacked(data, columns, rows, fax::Kind::Bare),
        3 if layout.options & 1 == 0 => fax::unpacked(data, columns, rows, fax::Kind::One),
        3 => fax::unpacked(data, columns, rows, fax::Kind::Two),
        5 => lzw(data, whole)?,
        8 | 32_946 => begin(flate2::read::ZlibDecoder::new(data), whole),
        34_925 => begin(lzma_rust2::XzReader::new_mem_limit(data, false, 256 << 10), whole),
        50_000 => match ruzstd::decoding::StreamingDecoder::new(data) {
            Ok(reader) => begin(reader, whole),
            Err(_) => Vec::new(),
        },
        other => return Err(unpackable(&format!("compression {other}"))),
    };
    let there = (bytes.len() / row.max(1) * v).min(rows);
    bytes.resize(whole, GREY);
    let bytes = match (h, v) {
        (1, 1) if layout.bits == 12 => bytes.chunks_exact(row).flat_map(|row| sixteen(row, columns, layout)).collect(),
        (1, 1) => bytes,
        _ => shared(&bytes, size, shares),
    };
    Ok(Unpacked { bytes, rows: there })
}

/// What comes out before the end or a fault, at most `whole` bytes.
fn begin(reader: impl Read, whole: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // How far it came is seen by the length.
    let _ = reader.take(whole as u64).read_to_end(&mut bytes);
    bytes
}

fn lzw(data: &[u8], whole: usize) -> Result<Vec<u8>> {
    // Files of old programs begin with the bits of the clear code turned.
    if data.first() == Some(&0) && data.get(1).is_some_and(|b| b & 1 == 1) {
        return Err(unpackable("LZW of the old kind"));
    }
    let mut bytes = Vec::new();
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let _ = decoder.into_stream(&mut bytes).decode_all(data).status;
    bytes.truncate(whole);
    Ok(bytes)
}

/// A row of 12-bit samples as 16 bits, in the file's byte order.
fn sixteen(row: &[u8], columns: usize, layout: &Layout) -> Vec<u8> {
    let sample = |i: usize| {
        let at = i * 3 / 2;
        let (high, low) = (u16::from(row[at]), u16::from(row[at + 1]));
        let twelve = if i.is_multiple_of(2) { high << 4 | low >> 4 } else { (high & 15) << 8 | low };
        let wide = ((u32::from(twelve) * 65_535 + 2047) / 4095) as u16;
        if layout.order == ByteOrder::LittleEndian { wide.to_le_bytes() } else { wide.to_be_bytes() }
    };
    (0..columns * layout.together()).flat_map(sample).collect()
}

/// Blocks of brightness with one colour each as RGB.
fn shared(bytes: &[u8], of: Size, Size { width: h, height: v }: Size) -> Vec<u8> {
    let (unit, across) = (h * v + 2, of.width.div_ceil(h));
    let mut out = Vec::with_capacity(of.area() * 3);
    for y in 0..of.height {
        for x in 0..of.width {
            let block = &bytes[(y / v * across + x / h) * unit..][..unit];
            out.extend(rgb_of_jpeg([block[y % v * h + x % h], block[h * v], block[h * v + 1]]));
        }
    }
    out
}
