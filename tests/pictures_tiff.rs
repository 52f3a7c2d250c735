//! Kinds of TIFF that the usual crates do not read. Most of the files hold `crop.png`; values are what libtiff, libvips and
//! Pillow read from them.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use addersr::image_io::{EncodeOptions, Format, Metadata, Picture, decode, decode_bytes, encode_to_vec, probe};
use addersr::tensor::{Depth, Pixels, Samples};
use tiff::encoder::{TiffEncoder, colortype};
use tiff::tags::Tag;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

fn read(name: &str) -> Picture {
    decode(&file(name)).unwrap_or_else(|e| panic!("{e}"))
}

fn eight(p: &Pixels) -> Vec<u8> {
    let Samples::U8(v) = p.to_eight().samples else { panic!("not 8 bits") };
    v
}

fn off(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.width, a.height, a.channels), (b.width, b.height, b.channels));
    let (a, b) = (eight(a), eight(b));
    a.iter().zip(&b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

#[test]
fn compressions_colours_and_layouts_are_read() {
    let crop = read("crop.png").pixels;
    for (name, most, depth) in [
        ("comp_lzma.tif", 0.0, Depth::Eight),
        ("comp_zstd.tif", 0.0, Depth::Eight),
        ("comp_webp.tif", 0.0, Depth::Eight),
        ("ifd_loop.tif", 0.0, Depth::Eight),
        ("no_bytecounts.tif", 0.0, Depth::Eight),
        ("palette_crop.tif", 6.0, Depth::Eight),
        ("lab8.tif", 1.5, Depth::Eight),
        ("lab16.tif", 2.3, Depth::Sixteen),
        ("ycbcr_raw420.tif", 5.5, Depth::Eight),
    ] {
        let picture = read(name);
        let is = off(&picture.pixels, &crop);
        assert!(is <= most, "{name}: {is}");
        assert_eq!((picture.pixels.depth(), picture.missing, picture.notes.len()), (depth, None, 0), "{name}");
        assert_eq!(probe(&file(name)).unwrap().channels, 3, "{name}");
    }
    let inks = read("cmyk_alpha.tif");
    let alpha: Vec<u8> = eight(&inks.pixels).iter().skip(3).step_by(4).copied().collect();
    assert_eq!(inks.pixels.channels, 4);
    assert!((alpha.iter().map(|&a| f64::from(a)).sum::<f64>() / 6144.0 - 110.2).abs() < 0.1);
}

#[test]
fn lab_as_numbers_is_read() {
    let crop = read("crop.png").pixels.crop(20, 40, 12, 16).unwrap();
    // Its white is that of daylight, where Lab's usual one is warmer.
    assert!(off(&read("lab_float.tif").pixels, &crop) < 1.5);
}

#[test]
fn a_fax_is_black_and_white() {
    let fax = read("fax_g3.tif");
    assert_eq!((fax.pixels.channels, fax.missing), (1, None));
    let v = eight(&fax.pixels);
    // 1535 of 6144 are white: libtiff's mean is 63.7.
    assert_eq!(v.iter().filter(|&&v| v == 255).count(), 1535);
    assert_eq!(v.iter().filter(|&&v| v == 0).count(), 6144 - 1535);
    // The same picture, by libtiff: in two dimensions, with ends at whole bytes, and as lines without ends.
    for name in ["fax_g3_two.tif", "fax_g3_two_filled.tif", "fax_g3_bare.tif"] {
        let other = read(name);
        assert_eq!((other.missing, eight(&other.pixels) == v), (None, true), "{name}");
    }
    // Lines that are not there are missing.
    let bytes = std::fs::read(file("fax_g3_two.tif")).unwrap();
    let cut = bytes[..200].iter().chain(&[0; 130]).chain(&bytes[330..]).copied().collect::<Vec<_>>();
    assert!(decode_bytes(Path::new("x"), &cut).unwrap().missing.is_some_and(|share| (0.1..0.9).contains(&share)));
}

#[test]
fn bigtiff_keeps_what_it_says() {
    let meta = read("bigtiff_tags.tif").meta;
    assert!(meta.exif.unwrap().windows(9).any(|w| w == b"a caption"));
    assert_eq!((meta.dpi.unwrap().x, meta.icc.is_some()), (300.0, true));
}

#[test]
fn floats_are_scaled_by_a_rule_that_is_told() {
    for (top, named) in [(0.8f32, 1.0f32), (1.0, 1.0), (200.0, 255.0), (255.0, 255.0), (20_000.0, 65_535.0), (3.5, 3.5)]
    {
        let values: Vec<f32> = (0..12).map(|i| top * i as f32 / 11.0).collect();
        let mut bytes = Cursor::new(Vec::new());
        TiffEncoder::new(&mut bytes).unwrap().write_image::<colortype::RGB32Float>(2, 2, &values).unwrap();
        let picture = decode_bytes(Path::new("x.tif"), &bytes.into_inner()).unwrap();
        assert!(picture.notes[0].contains(&format!("from 0 to {named} ")), "{:?}", picture.notes);
        let Samples::U16(v) = picture.pixels.samples else { panic!("floats become 16 bits") };
        assert_eq!(v[11], (top / named * 65_535.0).round() as u16, "{top}");
    }
}

/// A file of one strip whose tags are then changed.
fn grey(bits: u16, bytes: &[u8], (width, height): (u32, u32), more: &[(Tag, u16)]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    let mut directory = encoder.image_directory().unwrap();
    let at = directory.write_data(bytes).unwrap();
    directory.write_tag(Tag::ImageWidth, width).unwrap();
    directory.write_tag(Tag::ImageLength, height).unwrap();
    for (tag, value) in [
        (Tag::BitsPerSample, bits),
        (Tag::Compression, 1),
        (Tag::PhotometricInterpretation, 1),
        (Tag::SamplesPerPixel, 1),
        (Tag::RowsPerStrip, height as u16),
    ] {
        directory.write_tag(tag, value).unwrap();
    }
    for &(tag, value) in more {
        directory.write_tag(tag, value).unwrap();
    }
    directory.write_tag(Tag::StripOffsets, at as u32).unwrap();
    directory.write_tag(Tag::StripByteCounts, bytes.len() as u32).unwrap();
    directory.finish().unwrap();
    file.into_inner()
}

#[test]
fn bits_in_the_other_order_and_twelve_of_them() {
    let turned = grey(1, &[0b0000_0101, 0b0000_0010], (3, 2), &[(Tag::FillOrder, 2)]);
    let picture = decode_bytes(Path::new("x.tif"), &turned).unwrap();
    assert_eq!(picture.pixels.samples, Samples::U8(vec![255, 0, 255, 0, 255, 0]));
    // 0xfff 0x000 0x800, padded to whole bytes.
    let twelve = grey(12, &[0xff, 0xf0, 0x00, 0x80, 0x00], (3, 1), &[]);
    let picture = decode_bytes(Path::new("x.tif"), &twelve).unwrap();
    assert_eq!(picture.pixels.samples, Samples::U16(vec![65_535, 0, 32_776]));
    let wide = grey(32, &[0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff], (2, 1), &[]);
    let picture = decode_bytes(Path::new("x.tif"), &wide).unwrap();
    assert_eq!(picture.pixels.samples, Samples::U16(vec![32_768, 65_535]));
}

#[test]
fn a_file_that_ends_early_is_read_as_far_as_it_goes() {
    let crop = read("crop.png").pixels;
    // The strips come before the directory in some files: these have it in front.
    for name in ["no_bytecounts.tif", "bigtiff_tags.tif"] {
        let whole = std::fs::read(file(name)).unwrap();
        let picture = decode_bytes(Path::new("x.tif"), &whole[..whole.len() / 2]).unwrap();
        let share = picture.missing.unwrap();
        assert!(share > 0.3 && share < 0.6 && picture.notes[0].contains("damaged"), "{name}: {share}");
        let rows = ((1.0 - share) * 64.0).round() as usize;
        assert_eq!(picture.pixels.crop(0, 0, rows, 96).unwrap(), crop.crop(0, 0, rows, 96).unwrap(), "{name}");
        assert_eq!(eight(&picture.pixels.crop(63, 95, 1, 1).unwrap()), [128; 3], "{name}");
    }
}

#[test]
fn a_damaged_strip_is_grey_and_the_others_are_right() {
    let pixels =
        Pixels::new(1500, 500, 3, Samples::U8((0..2_250_000u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect()))
            .unwrap();
    let (mut bytes, _) = encode_to_vec(&pixels, &Metadata::default(), &EncodeOptions::new(Format::Tiff)).unwrap();
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(&bytes)).unwrap();
    let second = decoder.get_tag_u32_vec(Tag::StripOffsets).unwrap()[1] as usize;
    bytes[second..second + 64].fill(0xff);
    let picture = decode_bytes(Path::new("x.tif"), &bytes).unwrap();
    let share = picture.missing.unwrap();
    assert!(share > 0.0 && share < 0.5, "{share}");
    for row in [0, 470] {
        assert!(picture.pixels.crop(row, 0, 30, 1500).unwrap() == pixels.crop(row, 0, 30, 1500).unwrap(), "{row}");
    }
}

/// Uncompressed RGB whose tiles of 16×16 pixels hold one channel each; `value` gives the samples.
fn tiles_of_channels(width: u32, height: u32, value: impl Fn(u32, u32, u32) -> u8) -> Vec<u8> {
    let (across, down) = (width.div_ceil(16), height.div_ceil(16));
    let tiles: Vec<u8> = (0..3 * across * down)
        .flat_map(|tile| (0..256).map(move |at| (tile, at)))
        .map(|(tile, at)| {
            let place = tile % (across * down);
            value(place % across * 16 + at % 16, place / across * 16 + at / 16, tile / (across * down))
        })
        .collect();
    let count = 3 * across * down;
    let offsets: Vec<u32> = (0..count).map(|tile| 8 + 256 * tile).collect();
    let mut out = [&b"II*\0"[..], &(8 + tiles.len() as u32 + 8 * count + 6).to_le_bytes(), &tiles].concat();
    let offsets_at = out.len() as u32;
    out.extend(offsets.iter().flat_map(|at| at.to_le_bytes()));
    let lengths_at = out.len() as u32;
    out.extend((0..count).flat_map(|_| 256u32.to_le_bytes()));
    let bits_at = out.len() as u32;
    out.extend([8u16; 3].iter().flat_map(|bits| bits.to_le_bytes()));
    let entries: [(u16, u16, u32, u32); 11] = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 3, bits_at),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (277, 3, 1, 3),
        (284, 3, 1, 2),
        (322, 4, 1, 16),
        (323, 4, 1, 16),
        (324, 4, count, offsets_at),
        (325, 4, count, lengths_at),
    ];
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        out.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    out.extend([0; 4]);
    out
}

#[test]
fn tiles_of_one_channel_each_are_read_to_the_edges() {
    let value = |x: u32, y: u32, channel: u32| (3 * x + 7 * y + 80 * channel) as u8;
    for (width, height) in [(35, 18), (32, 16), (5, 40)] {
        let picture = decode_bytes(Path::new("x.tif"), &tiles_of_channels(width, height, value)).unwrap();
        assert_eq!((picture.pixels.width, picture.pixels.height), (width as usize, height as usize));
        let expected: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| (0..3).map(move |channel| value(x, y, channel))))
            .collect();
        assert_eq!(eight(&picture.pixels), expected, "{width}×{height}");
    }
}

#[test]
fn a_picture_of_which_nothing_is_left_is_refused() {
    let mut fax = std::fs::read(file("fax_g3_two.tif")).unwrap();
    let whole = decode_bytes(Path::new("x.tif"), &fax).unwrap();
    assert!(whole.missing.is_none());
    // The strip lies between the header and the directory.
    let directory = u32::from_le_bytes(fax[4..8].try_into().unwrap()) as usize;
    fax[8..directory].fill(0);
    let error = decode_bytes(Path::new("x.tif"), &fax).unwrap_err().to_string();
    assert!(error.contains("nothing of the picture is left"), "{error}");
}
