//! What files say beside their pixels, wherever programs write it, and that it comes out again whatever the formats. Values
//! are what exiftool, libvips and Little CMS say of the same files.

use std::path::{Path, PathBuf};

use addersr::image_io::{Dpi, EncodeOptions, Format, Metadata, Picture, decode, decode_bytes, encode_to_vec, probe};
use addersr::tensor::{Depth, Pixels, Samples};
use proptest::prelude::*;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pictures").join(name)
}

fn read(name: &str) -> Picture {
    decode(&file(name)).unwrap_or_else(|e| panic!("{e}"))
}

fn holds(bytes: Option<&[u8]>, words: &str) -> bool {
    bytes.is_some_and(|bytes| bytes.windows(words.len()).any(|w| w == words.as_bytes()))
}

fn means(pixels: &Pixels) -> Vec<f64> {
    let Samples::U8(v) = pixels.to_eight().samples else { panic!("not 8 bits") };
    let mean = |k| v.iter().skip(k).step_by(pixels.channels).map(|&v| f64::from(v)).sum::<f64>();
    (0..pixels.channels).map(|k| mean(k) / (v.len() / pixels.channels) as f64).collect()
}

fn through(picture: &Picture, format: Format) -> (Picture, Vec<String>) {
    let (bytes, notes) = encode_to_vec(&picture.pixels, &picture.meta, &EncodeOptions::new(format)).unwrap();
    (decode_bytes(Path::new("x"), &bytes).unwrap(), notes)
}

#[test]
fn exif_in_texts_of_png_files_turns_the_picture_and_is_kept() {
    for name in ["rawprof_app1_o6.png", "rawprof_exif_o6.png"] {
        let picture = read(name);
        assert_eq!((picture.pixels.width, picture.pixels.height), (64, 96), "{name}");
        assert_eq!(probe(&file(name)).unwrap().width, 64, "{name}");
        assert_eq!(picture.meta.dpi, Dpi::new(300.0, 300.0));
        let (back, _) = through(&picture, Format::Jpeg);
        assert!(holds(back.meta.exif.as_deref(), "(c) Test Photographer"), "{name}");
        assert_eq!(back.pixels.width, 64);
    }
    assert_eq!(read("rawprof_icc.png").meta.icc.unwrap().get(16..20), Some(&b"RGB "[..]));
}

#[test]
fn xmp_alone_turns_a_picture_too() {
    let picture = read("xmp_o6_only.jpg");
    assert_eq!((picture.pixels.width, picture.pixels.height), (64, 96));
    assert_eq!(probe(&file("xmp_o6_only.jpg")).unwrap().width, 64);
    assert!(!holds(picture.meta.xmp.as_deref(), "Orientation=\"6\""));
    assert_eq!(through(&picture, Format::Jpeg).0.pixels.width, 64);
}

#[test]
fn iptc_comments_and_texts_are_carried_over() {
    for name in ["iptc.jpg", "im_iptc.tif"] {
        let picture = read(name);
        for format in [Format::Jpeg, Format::Png, Format::Tiff] {
            let (back, notes) = through(&picture, format);
            assert_eq!(back.meta.iptc, picture.meta.iptc, "{name} as {format}");
            for words in ["Object name", "holiday", "beach", "Anna Photographer", "Caption of the picture"] {
                assert!(holds(back.meta.iptc.as_deref(), words), "{name} as {format}: {words}");
            }
            assert_eq!(notes, Vec::<String>::new());
        }
        assert!(through(&picture, Format::WebP).1[0].contains("no place for IPTC"));
    }
    let comment = vec![("Comment".to_owned(), "A comment from the camera".to_owned())];
    let texts = read("text.png").meta.texts;
    assert!(texts.contains(&("Title".to_owned(), "My holiday".to_owned())), "{texts:?}");
    assert!(texts.contains(&("Description".to_owned(), "Schloß".to_owned())), "{texts:?}");
    assert!(texts.contains(&("parameters".to_owned(), "a castle, Steps: 20, Seed: 42".to_owned())), "{texts:?}");
    for (name, texts) in [("comment.jpg", comment), ("text.png", texts)] {
        let picture = read(name);
        assert_eq!(picture.meta.texts, texts, "{name}");
        for format in [Format::Jpeg, Format::Png] {
            let mut back = through(&picture, format).0.meta.texts;
            back.sort();
            let mut want = texts.clone();
            want.sort();
            assert_eq!(back, want, "{name} as {format}");
        }
        assert!(through(&picture, Format::Bmp).1.iter().any(|note| note.contains("comments")));
    }
    let (tiff, notes) = through(&read("text.png"), Format::Tiff);
    for words in ["My holiday", "A. Photographer", "(c) 2024"] {
        assert!(holds(tiff.meta.exif.as_deref(), words), "{words}");
    }
    assert!(notes.iter().any(|note| note.contains("parameters")), "{notes:?}");
}

#[test]
fn inks_go_through_their_profile() {
    let picture = read("cmyk_smallicc.tif");
    // Little CMS, perceptual: 118.1 79.7 58.3. Without the profile it would be 147.9 96.1 84.3.
    for (is, want) in means(&picture.pixels).into_iter().zip([118.1, 79.7, 58.3]) {
        assert!((is - want).abs() < 2.0, "{is} instead of {want}");
    }
    assert!(picture.meta.icc.is_none() && picture.notes.is_empty(), "{:?}", picture.notes);
    assert!(read("cmyk.jpg").notes[0].contains("no colour profile"), "{:?}", read("cmyk.jpg").notes);
}

#[test]
fn colour_that_png_states_without_a_profile_gets_one() {
    let stored = read("crop.png").pixels;
    let srgb = EncodeOptions { srgb: true, ..EncodeOptions::new(Format::Png) };
    // (x / 255) ^ gamma as sRGB; Adobe's red is redder.
    for (name, brighter) in [("gama18.png", true), ("gama_chrm_adobe.png", false), ("cicp_pq.png", true)] {
        let picture = read(name);
        let profile = picture.meta.icc.clone().unwrap();
        assert_eq!(profile.get(36..40), Some(&b"acsp"[..]), "{name}");
        for format in [Format::Jpeg, Format::WebP, Format::Tiff, Format::Png] {
            let (back, _) = through(&picture, format);
            assert_eq!(back.meta.icc.as_deref(), Some(&profile[..]), "{name} as {format}");
            assert_eq!(back.meta.cicp, picture.meta.cicp.filter(|_| format == Format::Png), "{name} as {format}");
        }
        let (bytes, notes) = encode_to_vec(&picture.pixels, &picture.meta, &srgb).unwrap();
        let converted = decode_bytes(Path::new("x"), &bytes).unwrap();
        assert!(converted.meta.icc.is_none() && converted.meta.cicp.is_none() && notes.is_empty(), "{name}: {notes:?}");
        let change = means(&converted.pixels)[1] - means(&stored)[1];
        assert!(change.abs() > 0.5 || name.contains("adobe"), "{name}: {change}");
        assert!(!brighter || name.contains("pq") || change > 5.0, "{name}: {change}");
    }
    assert_eq!(read("cicp_pq.png").meta.cicp, Some([9, 16, 0, 1]));
    assert!(read("crop.png").meta.icc.is_none());
}

#[test]
fn a_grey_profile_stays_with_grey_pixels_and_is_applied_where_there_are_none() {
    let picture = read("iccp_gray_on_grey.png");
    assert_eq!(picture.pixels.channels, 1);
    for format in [Format::Png, Format::Jpeg, Format::Tiff] {
        let (back, notes) = through(&picture, format);
        assert_eq!(back.meta.icc, picture.meta.icc, "{format}");
        assert_eq!(notes, Vec::<String>::new());
    }
    let (back, _) = through(&picture, Format::WebP);
    // libvips: 170.9.
    assert!(back.meta.icc.is_none() && (means(&back.pixels)[0] - 170.9).abs() < 2.0, "{:?}", means(&back.pixels));
}

#[test]
fn damaged_png_files_are_read_as_far_as_they_go() {
    let whole = read("crop.png").pixels;
    let noiend = read("noiend.png");
    assert_eq!((noiend.missing, noiend.notes.len()), (None, 0));
    assert_eq!(noiend.pixels, whole);
    let checksum = read("badcrc_idat.png");
    assert_eq!((checksum.missing, &checksum.pixels), (Some(0.0), &whole));
    let bytes = std::fs::read(file("crop.png")).unwrap();
    let half = decode_bytes(Path::new("x.png"), &bytes[..bytes.len() / 2]).unwrap();
    let share = half.missing.unwrap();
    assert!(share > 0.2 && share < 0.8, "{share}");
    let rows = ((1.0 - share) * 64.0).round() as usize;
    assert_eq!(half.pixels.crop(0, 0, rows, 96).unwrap(), whole.crop(0, 0, rows, 96).unwrap());
    let message = decode(&file("cgbi.png")).unwrap_err().to_string();
    assert!(message.contains("Apple") && !message.contains("megapixels"), "{message}");
}

/// Texts that all formats can tell apart.
fn texts() -> impl Strategy<Value = Vec<(String, String)>> {
    let key = prop::sample::select(vec!["Title", "Author", "Description", "Copyright", "Comment", "parameters"]);
    prop::collection::vec((key.prop_map(str::to_owned), "[a-zäß€ ,.]{1,40}[a-zß]"), 0..4)
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let block = prop::collection::vec(any::<u8>(), 1..400);
    let profile = block.clone().prop_map(|mut rest| {
        rest.resize(rest.len() + 132, 7);
        rest[16..20].copy_from_slice(b"RGB ");
        rest[36..40].copy_from_slice(b"acsp");
        rest
    });
    let record = "[a-z]{1,300}".prop_map(|text| {
        let size = (text.len() as u16).to_be_bytes();
        [&[0x1c, 2, 120, size[0], size[1]], text.as_bytes()].concat()
    });
    let xmp = "<x:xmpmeta>[a-zäß€]{0,400}</x:xmpmeta>".prop_map(String::into_bytes);
    let dpi = prop::option::of((73u32..2400, 73u32..2400));
    use prop::option::of;
    (of(profile), of(xmp), of(record), texts(), dpi).prop_map(|(icc, xmp, iptc, texts, dpi)| Metadata {
        icc,
        xmp,
        iptc,
        texts,
        dpi: dpi.and_then(|(x, y)| Dpi::new(x.into(), y.into())),
        ..Metadata::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Random metadata through two formats: what each has a place for is the same afterwards, and the rest is noted.
    #[test]
    fn metadata_comes_out_as_it_went_in(meta in metadata(), first in 0usize..4, second in 0usize..4) {
        let formats = [Format::Png, Format::Jpeg, Format::Tiff, Format::WebP];
        let pixels = Pixels::new(2, 2, 3, Samples::U8(vec![90; 12])).unwrap();
        prop_assert_eq!(pixels.depth(), Depth::Eight);
        let mut picture = Picture { pixels, meta, format: Format::Png, missing: None, steps: None, notes: Vec::new() };
        let mut told = Vec::new();
        let want = picture.meta.clone();
        for format in [formats[first], formats[second]] {
            let (next, notes) = through(&picture, format);
            told.extend(notes);
            picture = next;
        }
        let is = picture.meta;
        prop_assert_eq!(&is.icc, &want.icc);
        prop_assert_eq!(&is.xmp, &want.xmp);
        let near = |a: Option<Dpi>, b: Option<Dpi>| match (a, b) {
            (Some(a), Some(b)) => (a.x - b.x).abs() < 0.6 && (a.y - b.y).abs() < 0.6,
            (a, b) => a.is_none() && b.is_none(),
        };
        prop_assert!(near(is.dpi, want.dpi), "{:?} {:?}", is.dpi, want.dpi);
        let through = |kind| first == kind || second == kind;
        if through(3) {
            prop_assert!(want.iptc.is_none() || told.iter().any(|note| note.contains("IPTC")), "{told:?}");
        } else {
            prop_assert_eq!(&is.iptc, &want.iptc);
        }
        if !through(2) && !through(3) {
            let sorted = |mut texts: Vec<(String, String)>| { texts.sort(); texts };
            prop_assert_eq!(sorted(is.texts), sorted(want.texts));
        }
    }
}

#[test]
fn what_lies_behind_the_picture_is_not_promised() {
    for (name, words) in [
        ("motion.jpg", "MotionPhoto"),
        ("motion.jpg", "MicroVideo"),
        ("ultrahdr.jpg", "hdrgm:Version"),
        ("ultrahdr.jpg", "GainMap"),
        ("xmp_extended.jpg", "HasExtendedXMP"),
    ] {
        let picture = read(name);
        assert!(!holds(picture.meta.xmp.as_deref(), words), "{name}: {words}");
        assert!(holds(picture.meta.xmp.as_deref(), "(c) XMP Person"), "{name}");
        assert!(picture.notes.iter().any(|note| note.contains("left out")), "{name}: {:?}", picture.notes);
    }
}

#[test]
fn sizes_in_xmp_are_those_of_the_result() {
    let mut picture = read("faces_o1.jpg");
    picture.pixels = Pixels::new(192, 128, 1, Samples::U8(vec![9; 192 * 128])).unwrap();
    let (back, _) = through(&picture, Format::Jpeg);
    assert!(holds(back.meta.xmp.as_deref(), r#"stDim:w="192" stDim:h="128""#));
    assert!(holds(back.meta.xmp.as_deref(), r#"stArea:x="0.2" stArea:y="0.3""#), "regions are shares of the picture");
}
