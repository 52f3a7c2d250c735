//! The table of what each format keeps, in docs/formats.md, is what the program does.

use std::path::Path;

use addersr::image_io::{Dpi, EncodeOptions, Format, Metadata, decode, decode_bytes, encode_to_vec};
use addersr::tensor::{Depth, Pixels, Samples};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A picture's metadata with something of every kind.
fn everything() -> Metadata {
    let exif = decode(&Path::new(ROOT).join("tests/data/pictures/rotated.jpg")).unwrap().meta.exif;
    let mut profile = vec![7; 300];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[36..40].copy_from_slice(b"acsp");
    Metadata {
        icc: Some(profile),
        cicp: None,
        exif,
        xmp: Some(b"<x:xmpmeta>text</x:xmpmeta>".to_vec()),
        iptc: Some(b"\x1c\x02\x78\0\x07caption".to_vec()),
        texts: vec![("Copyright".to_owned(), "(c) somebody".to_owned())],
        dpi: Dpi::new(300.0, 150.0),
    }
}

fn row(format: Format) -> String {
    let options = EncodeOptions::new(format);
    let through = |samples: Samples, channels: usize, meta: &Metadata| {
        let pixels = Pixels::new(2, 2, channels, samples).unwrap();
        let (bytes, _) = encode_to_vec(&pixels, meta, &options).ok()?;
        decode_bytes(Path::new("x"), &bytes).ok()
    };
    let nothing = Metadata::default();
    let Some(deep) = through(Samples::U16(vec![770; 12]), 3, &nothing) else {
        return format!("| {format} | no | | | | | | | | |");
    };
    let bits = if deep.pixels.depth() == Depth::Sixteen { "8, 16" } else { "8" };
    let alpha = through(Samples::U8(vec![9; 16]), 4, &nothing).is_some_and(|p| p.pixels.channels == 4);
    let meta = everything();
    let back = through(Samples::U8(vec![9; 12]), 3, &meta).unwrap().meta;
    let holds = |words: &str| back.exif.as_ref().is_some_and(|e| e.windows(words.len()).any(|w| w == words.as_bytes()));
    let yes = |kept: bool| if kept { "yes" } else { "no" };
    let texts = if back.texts == meta.texts {
        "yes"
    } else if holds("(c) somebody") {
        "as tags"
    } else {
        "no"
    };
    let dpi = back.dpi.is_some_and(|dpi| (dpi.x - 300.0).abs() < 0.1 && (dpi.y - 150.0).abs() < 0.1);
    let cells = [
        yes(true),
        bits,
        yes(alpha),
        yes(back.icc == meta.icc),
        yes(holds("2024:01:02 03:04:05")),
        yes(back.xmp == meta.xmp),
        yes(back.iptc == meta.iptc),
        texts,
        yes(dpi),
    ];
    format!("| {format} | {} |", cells.join(" | "))
}

#[test]
fn the_table_of_formats_is_true() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/formats.md")).unwrap();
    let rows: Vec<String> = Format::ALL.into_iter().map(row).collect();
    for row in &rows {
        assert!(page.contains(row.as_str()), "docs/formats.md lacks a row; it should have these:\n{}", rows.join("\n"));
    }
}
