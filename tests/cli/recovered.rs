//! Damaged photos: what they still hold is enlarged, with a note, and refused with --strict.

use crate::support::{Room, photo};
use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    tensor::Depth,
};

/// The first half of a photo's file in each format that can be read in part.
fn halves() -> Vec<(String, Vec<u8>)> {
    let pixels = photo(40, 64, 3, Depth::Eight);
    let half = |format: Format| {
        let (file, _) = image_io::encode_to_vec(&pixels, &Metadata::default(), &EncodeOptions::new(format)).unwrap();
        // Headers of small files are long.
        (format!("half-{format}.{}", format.extension()), file[..file.len() * 3 / 4].to_vec())
    };
    let jxl = include_bytes!("../data/pictures/jxl_lossless.jxl")[..600].to_vec();
    [Format::Jpeg, Format::Png, Format::WebP].map(half).into_iter().chain([("half-jxl.jxl".to_owned(), jxl)]).collect()
}

#[test]
fn what_is_left_is_enlarged_with_a_note_or_refused() {
    let room = Room::new();
    for (name, bytes) in halves() {
        room.write(&name, &bytes);
        let said = room.upscale([&*name, "--strict"]);
        said.failed(1, &name, &["is missing", "fresh copy", "--strict"]);
        let said = room.upscale([&*name, "--json"]).succeeded();
        assert!(said.err.contains(&format!("note: {name}: the file is damaged")), "{said:?}");
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let recovered = report["images"][0]["recovered"].as_f64().unwrap();
        assert!(recovered > 0.1 && recovered < 1.0, "{name}: {recovered}");
        let out = format!("{}_x2.png", name.split_once('.').unwrap().0);
        assert_eq!(room.decode(out).width, if name.ends_with("jxl") { 600 } else { 80 }, "{name}");
    }
}

#[test]
fn a_batch_tells_in_its_report_how_much_is_left() {
    let room = Room::new();
    std::fs::create_dir(room.path("in")).unwrap();
    room.picture("in/whole.png", &photo(20, 16, 3, Depth::Eight));
    for (name, bytes) in halves() {
        room.write(format!("in/{name}"), &bytes);
    }
    let batch = |args: &[&str]| {
        let to = ["batch", "in", "--out", "out", "--model", "m.safetensors", "--report", "r.csv", "--overwrite"];
        room.run(to.iter().chain(args))
    };
    let said = batch(&["--strict"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let strict = std::fs::read_to_string(room.path("r.csv")).unwrap();
    assert_eq!(strict.lines().filter(|line| line.contains(",failed,")).count(), halves().len(), "{strict}");
    batch(&[]).succeeded();
    let report = std::fs::read_to_string(room.path("r.csv")).unwrap();
    let mut lines = report.lines();
    assert!(lines.next().unwrap().ends_with(",recovered,source"));
    for line in lines.filter(|line| line.contains(",done,")) {
        // What the picture is like was not asked.
        let share = line.rsplit(',').nth(1).unwrap().parse::<f64>();
        assert!(share.is_ok_and(|share| share > 0.1 && share < 1.0), "{line}");
    }
}
