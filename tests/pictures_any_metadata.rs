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
                    let found = second.exif.as_ref().map(|e| e.windows(text.len()).any(|w| w == text.as_bytes()));
                    text.is_empty() || found == Some(true)
                };
                prop_assert!(block.iter().all(|(maker, comment)| holds(maker) && holds(comment)), "{} {}", one, two);
                if one != Format::Tiff && two != Format::Tiff {
                    prop_assert_eq!(&second.exif, &meta.exif, "{} {}", one, two);
                }
            }
        }
    }
}
