//! Whatever a file says of its picture comes out as it went in, through one format and then another.

use std::path::Path;

use addersr::image_io::{EncodeOptions, Format, Metadata, decode_bytes, encode_to_vec};
use addersr::tensor::{Pixels, Samples};
use proptest::prelude::*;

/// A block of EXIF with a maker and a comment, little-endian.
fn exif(maker: &[u8], comment: &[u8]) -> Vec<u8> {
    let (maker, comment) = ([maker, b"\0"].concat(), [b"ASCII\0\0\0", comment].concat());
    let long = |v: usize| (v as u32).to_le_bytes();
    let entry = |tag: u16, kind: u16, count: usize, value: usize| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &long(count), &long(value)].concat()
    };
    // A first directory of two entries at 8, an inner one of one at 38, and then what they name.
    let first = [&[2, 0][..], &entry(271, 2, maker.len(), 56), &entry(0x8769, 4, 1, 38), &long(0)].concat();
    let inner = [&[1, 0][..], &entry(0x9286, 7, comment.len(), 56 + maker.len()), &long(0)].concat();
    [&b"II*\0"[..], &long(8), &first, &inner, &maker, &comment].concat()
}

/// A profile of random content that says what it is for.
fn profile(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[16..20].copy_from_slice(b"RGB ");
    bytes[36..40].copy_from_slice(b"acsp");
    bytes
}

/// A box of JPEG XL, AVIF and HEIC files.
fn boxed(kind: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, &content].concat()
}

fn stored(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)).unwrap()
}

/// A JPEG XL file with what its boxes hold; its profile lies in the coded picture.
fn jxl(meta: &Metadata) -> Vec<u8> {
    let mut file = boxed(b"JXL ", &[b"\r\n\x87\n"]);
    file.extend(boxed(b"ftyp", &[b"jxl \0\0\0\0jxl "]));
    file.extend(meta.exif.iter().flat_map(|block| boxed(b"Exif", &[&[0; 4], block])));
    file.extend(meta.xmp.iter().flat_map(|packet| boxed(b"xml ", &[packet])));
    file.extend(boxed(b"jxlc", &[&stored("photo.jxl")]));
    file
}

/// An AVIF file with the frame of another one, and metadata as items.
fn avif(meta: &Metadata) -> Vec<u8> {
    let frame = stored("avif444_lossless.avif");
    let part = |kind: &[u8]| {
        let at = frame.windows(4).position(|w| w == kind).unwrap() - 4;
        let length = u32::from_be_bytes(frame[at..at + 4].try_into().unwrap()) as usize;
        &frame[at..at + length]
    };
    let mut items = vec![(&b"av01\0"[..], part(b"mdat")[8..].to_vec())];
    items.extend(meta.exif.iter().map(|block| (&b"Exif\0"[..], [&[0; 4], &block[..]].concat())));
    items.extend(meta.xmp.iter().map(|packet| (&b"mime\0application/rdf+xml\0"[..], packet.clone())));
    let colour = meta.icc.as_ref().map(|icc| boxed(b"colr", &[b"prof", icc])).unwrap_or_default();
    let properties: &[u8] = if colour.is_empty() { b"\x02\x01\x82" } else { b"\x03\x01\x82\x03" };
    let known = boxed(b"ipco", &[part(b"ispe"), part(b"av1C"), &colour]);
    let kind = boxed(b"ftyp", &[b"avif\0\0\0\0mif1avif"]);
    let count = (items.len() as u16).to_be_bytes();
    let box_of_items = |mut at: u32| {
        let (mut infos, mut places) = (Vec::new(), Vec::new());
        for (k, (what, data)) in items.iter().enumerate() {
            let id = (k as u16 + 1).to_be_bytes();
            infos.extend(boxed(b"infe", &[b"\x02\0\0\0", &id, b"\0\0", what]));
            places.extend([&id[..], b"\0\0\0\x01", &at.to_be_bytes(), &(data.len() as u32).to_be_bytes()].concat());
            at += data.len() as u32;
        }
        boxed(
            b"meta",
            &[
                &[0; 4],
                &boxed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
                &boxed(b"pitm", &[b"\0\0\0\0\0\x01"]),
                &boxed(b"iloc", &[b"\0\0\0\0\x44\0", &count, &places]),
                &boxed(b"iinf", &[b"\0\0\0\0", &count, &infos]),
                &boxed(b"iprp", &[&known, &boxed(b"ipma", &[b"\0\0\0\0\0\0\0\x01\0\x01", properties])]),
            ],
        )
    };
    let before = kind.len() + box_of_items(0).len() + 8;
    let all: Vec<u8> = items.iter().flat_map(|(_, data)| data.clone()).collect();
    [kind, box_of_items(before as u32), boxed(b"mdat", &[&all])].concat()
}

/// A GIF file with a profile and a packet in its extensions.
fn gif(meta: &Metadata) -> Vec<u8> {
    let still = stored("notrailer.gif");
    let header = 13 + 3 * (2 << (still[10] & 7));
    let mut extensions = Vec::new();
    if let Some(icc) = &meta.icc {
        extensions.extend(b"\x21\xff\x0bICCRGBG1012");
        icc.chunks(255).for_each(|part| extensions.extend([&[part.len() as u8], part].concat()));
        extensions.push(0);
    }
    if let Some(packet) = &meta.xmp {
        extensions.extend([&b"\x21\xff\x0bXMP DataXMP"[..], packet, &[1]].concat());
        extensions.extend((0..=255u8).rev().chain([0]));
    }
    [b"GIF89a", &still[6..header], &extensions, &still[header..]].concat()
}

/// A BMP file of the fifth version with a profile behind its pixels.
fn bmp(meta: &Metadata) -> Vec<u8> {
    let mut file = stored("v5_icc.bmp");
    let start = u32::from_le_bytes(file[126..130].try_into().unwrap()) as usize + 14;
    file.truncate(start);
    file.extend(meta.icc.iter().flatten());
    file[130..134].copy_from_slice(&(meta.icc.as_ref().map_or(0, Vec::len) as u32).to_le_bytes());
    file
}

fn through(meta: &Metadata, format: Format) -> Metadata {
    let pixels = Pixels::new(2, 2, 3, Samples::U8(vec![9; 12])).unwrap();
    let (bytes, notes) = encode_to_vec(&pixels, meta, &EncodeOptions::new(format)).unwrap();
    let lost = format == Format::WebP && (meta.iptc.is_some() || !meta.texts.is_empty());
    assert!(notes.is_empty() || lost, "{format}: {notes:?}");
    decode_bytes(Path::new("x"), &bytes).unwrap().meta
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn metadata_comes_out_as_it_went_in(
        icc in proptest::option::of(proptest::collection::vec(any::<u8>(), 128..70_000).prop_map(profile)),
        // From six bytes on, which do not fit into the entry itself.
        block in proptest::option::of(("[A-Z]{6,30}", "[ -~]{0,300}")),
        xmp in proptest::option::of("[a-zä-ü0-9 ]{0,400}"),
        caption in proptest::option::of("[ -~]{1,200}"),
    ) {
        let meta = Metadata {
            icc,
            exif: block.as_ref().map(|(maker, comment)| exif(maker.as_bytes(), comment.as_bytes())),
            xmp: xmp.map(|text| format!("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">{text}</x:xmpmeta>").into_bytes()),
            iptc: caption.map(|text| {
                [&[0x1c, 2, 120][..], &(text.len() as u16).to_be_bytes(), text.as_bytes()].concat()
            }),
            ..Metadata::default()
        };
        for one in [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff] {
            let first = through(&meta, one);
            for two in [Format::Png, Format::Jpeg, Format::WebP, Format::Tiff] {
                let second = through(&first, two);
                prop_assert_eq!(&second.icc, &meta.icc, "{} {}", one, two);
                prop_assert_eq!(&second.xmp, &meta.xmp, "{} {}", one, two);
                if one != Format::WebP && two != Format::WebP {
                    prop_assert_eq!(&second.iptc, &meta.iptc, "{} {}", one, two);
                }
                // TIFF files keep tags, and not the block.
                let holds = |text: &String| {
                    let found = second.exif.as_ref().map(|e| e.windows(text.len().max(1)).any(|w| w == text.as_bytes()));
                    text.is_empty() || found == Some(true)
                };
                prop_assert!(block.iter().all(|(maker, comment)| holds(maker) && holds(comment)), "{} {}", one, two);
                if one != Format::Tiff && two != Format::Tiff {
                    prop_assert_eq!(&second.exif, &meta.exif, "{} {}", one, two);
                }
            }
        }
        // What is only read, as far as it can hold anything, and then written.
        let nothing = Metadata::default();
        let (icc, exif, xmp) = (&meta.icc, &meta.exif, &meta.xmp);
        let sources = [
            (jxl(&meta), Metadata { exif: exif.clone(), xmp: xmp.clone(), ..nothing.clone() }),
            (avif(&meta), Metadata { icc: icc.clone(), exif: exif.clone(), xmp: xmp.clone(), ..nothing.clone() }),
            (gif(&meta), Metadata { icc: icc.clone(), xmp: xmp.clone(), ..nothing.clone() }),
            (bmp(&meta), Metadata { icc: icc.clone(), ..nothing }),
        ];
        for (file, holds) in sources {
            let picture = decode_bytes(Path::new("x"), &file).unwrap();
            let (name, found) = (picture.format, Metadata { dpi: None, ..picture.meta });
            prop_assert_eq!(&found, &holds, "{}", name);
            for two in [Format::Png, Format::Jpeg, Format::WebP] {
                let second = through(&found, two);
                prop_assert_eq!(&second.icc, &holds.icc, "{} {}", name, two);
                prop_assert_eq!((&second.exif, &second.xmp), (&holds.exif, &holds.xmp), "{} {}", name, two);
            }
        }
    }
}
