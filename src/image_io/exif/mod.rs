//! The little of EXIF that enlarging needs: put orientation back to 1, find the resolution, keep the stated size
//! true, and move the tags between an EXIF block and a TIFF file (`transfer`).
//!
//! An EXIF block is a TIFF file without a picture, so one reader (`directory`) serves both. Blocks of PNG, JPEG and
//! WebP files are otherwise carried over as they are, byte by byte: rewriting them would break the makers' private
//! notes, which hold offsets.

mod directory;
mod transfer;

pub(super) use directory::{Directory, tag};
pub(super) use transfer::{
    ForTiff, block_from_tiff, block_of_directory, block_of_parts, block_of_resolution, fraction, iptc_of_tiff,
    write_text,
};

use directory::Change;

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

/// The thumbnail in a block, a JPEG file.
pub(super) fn thumbnail(block: &[u8]) -> Option<&[u8]> {
    let first = Directory::first(block)?;
    let directory = Directory::at(block, first.order, first.next?)?;
    let (at, length) = (directory.number(tag::THUMBNAIL)? as usize, directory.number(tag::THUMBNAIL_BYTES)? as usize);
    block.get(at..at.checked_add(length)?)
}

/// Cuts the directory of the thumbnail off, which shows the picture as it was; its bytes go too where they are the last.
pub(super) fn drop_thumbnail(block: &mut Vec<u8>) {
    let Some(first) = Directory::first(block) else { return };
    let Some(place) = first.next_at.filter(|_| first.next.is_some()) else { return };
    let thumbnail = first.next.and_then(|at| Directory::at(block, first.order, at));
    let bytes =
        thumbnail.and_then(|d| Some((d.number(tag::THUMBNAIL)? as usize, d.number(tag::THUMBNAIL_BYTES)? as usize)));
    block[place..place + 4].fill(0);
    if let Some((at, length)) = bytes
        && at.checked_add(length) == Some(block.len())
    {
        block.truncate(at);
    }
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

/// Writes the resolution (pixels per inch, across and down) into a block that states another one.
pub(super) fn set_dpi(block: &mut [u8], x: f64, y: f64) {
    let Some(first) = Directory::first(block) else { return };
    let same = |(a, b): (f64, f64)| (a - x).abs() < 0.01 && (b - y).abs() < 0.01;
    if first.dpi().is_none_or(same) {
        return;
    }
    let changes = [
        first.replace_fraction(tag::X_RESOLUTION, x),
        first.replace_fraction(tag::Y_RESOLUTION, y),
        first.replace(tag::RESOLUTION_UNIT, 2),
    ];
    changes.into_iter().for_each(|change| apply(block, change));
}

fn apply(block: &mut [u8], change: Change) {
    if let Some((offset, bytes)) = change
        && let Some(place) = block.get_mut(offset..offset + bytes.len())
    {
        place.copy_from_slice(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tiff::encoder::TiffEncoder;
    use tiff::tags::ByteOrder;

    use super::*;

    /// A block with make (ASCII), orientation and resolution, and exposure time and size in the EXIF directory, in
    /// either byte order.
    fn sample(order: ByteOrder, orientation: u16) -> Vec<u8> {
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
    fn the_stated_resolution_can_be_changed() {
        for order in ORDERS {
            let mut block = sample(order, 1);
            set_dpi(&mut block, 300.004, 300.0);
            assert_eq!(block, sample(order, 1), "near enough");
            set_dpi(&mut block, 96.0, 48.5);
            assert_eq!(Directory::first(&block).unwrap().find(271).unwrap().data, b"adder\0");
            // The sample keeps both in one place.
            assert_eq!(Directory::first(&block).unwrap().dpi(), Some((48.5, 48.5)));
        }
    }

    #[test]
    fn the_thumbnail_goes_and_the_rest_stays() {
        for order in ORDERS {
            let mut block = sample(order, 1);
            let little = order == ByteOrder::LittleEndian;
            let (two, four) = (
                |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() },
                |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() },
            );
            let before = block.clone();
            let second = block.len() as u32;
            // Behind the six entries of the first directory.
            block[82..86].copy_from_slice(&four(second));
            block.extend(two(2));
            for (tag, value) in [(tag::THUMBNAIL, second + 30), (tag::THUMBNAIL_BYTES, 5)] {
                block.extend([&two(tag)[..], &two(4), &four(1), &four(value)].concat());
            }
            block.extend(four(0));
            block.extend(b"thumb");
            drop_thumbnail(&mut block);
            assert!(block.starts_with(&before) && !block.ends_with(b"thumb"));
            assert_eq!(Directory::first(&block).unwrap().next, None);
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
