//! What a photo is like chooses its model, and is told.

use crate::support::Room;
use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    tensor::Pixels,
};
use std::path::Path;

/// A piece of the sample photo.
fn piece() -> Pixels {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples/courtyard.png");
    image_io::decode(&sample).unwrap().pixels.crop(40, 30, 96, 112).unwrap()
}

/// `clean.png` and `jpeg.jpg` of quality 40 in a folder.
fn photos(room: &Room, folder: &str) {
    std::fs::create_dir_all(room.path(folder)).unwrap();
    room.picture(Path::new(folder).join("clean.png"), &piece());
    let options = EncodeOptions { quality: 40, ..EncodeOptions::new(Format::Jpeg) };
    let file = room.path(Path::new(folder).join("jpeg.jpg"));
    image_io::encode(&piece(), &Metadata::default(), &file, &options).unwrap();
}

#[test]
fn each_photo_gets_the_model_for_what_it_is_like() {
    let room = Room::new();
    photos(&room, "in");
    let upscale = |out: &str, more: &[&str]| {
        let words = ["upscale", "in/jpeg.jpg", "--device", "cpu", "-o", out];
        room.run(words.iter().chain(more).copied().collect::<Vec<_>>()).succeeded()
    };
    let said = upscale("auto.png", &[]);
    let told = "in/jpeg.jpg: source: compressed JPEG, quality about 40, so the camera model; --kind clean, best, camera or photo";
    assert!(said.err.contains(told), "{said:?}");
    let same = upscale("camera.png", &["--kind", "camera"]);
    assert_eq!(room.decode("auto.png"), room.decode("camera.png"));
    let model = upscale("clean.png", &["--model", "x2"]);
    for quiet in [same, model] {
        assert!(!quiet.err.contains("source"), "nobody asked what it is like: {quiet:?}");
    }
    let four = upscale("four.png", &["--scale", "4", "--json"]).json();
    assert_eq!(four["images"][0]["model"], "x4-photo");
    assert_eq!(four["images"][0]["source"], "compressed JPEG, quality about 40");
    let clean = room.run(["upscale", "in/clean.png", "--device", "cpu", "-o", "c.png"]).succeeded();
    assert!(clean.err.contains("source: sharp, so the clean model"), "{clean:?}");
    room.run(["upscale", "in/clean.png", "--kind", "sharp"]).failed(
        2,
        "--kind",
        &["auto, clean, best, camera or photo"],
    );
}

#[test]
fn a_batch_chooses_for_each_picture_and_says_so() {
    let room = Room::new();
    photos(&room, "in");
    let batch = |more: &[&str]| {
        let words = ["batch", "in", "--out", "out", "--device", "cpu"];
        room.run(words.iter().chain(more).copied().collect::<Vec<_>>()).succeeded()
    };
    let plan = batch(&["--dry-run", "--report", "plan.csv"]).out;
    assert!(plan.contains("in/clean.png: 112×96 to 224×192, x2 for sharp"), "{plan}");
    assert!(plan.contains("in/jpeg.jpg: 112×96 to 224×192, x2-camera for compressed JPEG, quality about 40"), "{plan}");
    let table = std::fs::read_to_string(room.path("plan.csv")).unwrap();
    assert!(table.contains("\"compressed JPEG, quality about 40\""), "{table}");
    batch(&["--report", "r.json"]);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(room.path("r.json")).unwrap()).unwrap();
    let told = |i: usize, key: &str| report["images"][i][key].as_str().unwrap().to_owned();
    assert_eq!([0, 1].map(|i| told(i, "model")), ["x2", "x2-camera"]);
    assert_eq!([0, 1].map(|i| told(i, "source")), ["sharp", "compressed JPEG, quality about 40"]);
    let fixed = batch(&["--kind", "photo", "--dry-run", "--on-exists", "replace"]).out;
    assert!(fixed.matches("x4-photo").count() == 2 && !fixed.contains("sharp"), "{fixed}");
}
