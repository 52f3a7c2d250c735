//! The story, step by step; every step is judged by something real: a file, a size, a title, a place on the screen.

use super::{
    desktop::{Desktop, until},
    files::{pieces, sample},
    screen::{Control, Kind, Screen, above, of},
};
use addersr::image_io::dimensions;
use addersr::tensor::Size;
use std::path::Path;

const WINDOW: (u32, u32) = (1400, 900);
/// The field of the dialog that asks for a path.
const PATH: Control<'_> = above(Kind::Entry, "Path");

/// Gives a path to the dialog that asks for one.
fn give(screen: &Screen, path: &Path) {
    screen.enter(PATH, &path.to_string_lossy(), |seen| !seen.has(PATH));
}

pub(crate) fn tell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path();
    let config = home.join("config/addersr");
    std::fs::create_dir_all(&config).expect("a temporary folder");
    // One look and one device, whatever the machine has.
    std::fs::write(config.join("settings.ron"), "(theme: Light, device: \"cpu\")").expect("settings");
    let screen = Screen::new(Desktop::start(home, WINDOW));
    open(&screen, home);
    compare(&screen);
    look_inside(&screen);
    batch(&screen, home);
    train(&screen, home);
    export(&screen, home);
    screen.desktop.lives();
}

/// A photo whose name is not easy, by its path.
fn open(screen: &Screen, home: &Path) {
    let photo = home.join("my photo #1 100%.png");
    std::fs::copy(sample("courtyard.png"), &photo).expect("a copy");
    screen.click(above(Kind::Button, "Open…"), |seen| seen.has(PATH));
    give(screen, &photo);
    screen.reads("my photo #1 100%.png");
    until("the title to show how far it is", || {
        screen.desktop.had_title(|t| t.contains("% · my photo #1 100%.png · AdderSR")).then_some(())
    });
    screen.reads("4 of 4 tiles");
    until("the title without progress", || (screen.desktop.title()? == "my photo #1 100%.png · AdderSR").then_some(()));
}

fn compare(screen: &Screen) {
    let before = screen.desktop.shot("enhance_before");
    let (from, to) = screen.drag(of("Enhance", Kind::Slider, "Divider between A and B"), 160);
    assert!(to > from, "the line went from {from} to {to}");
    let after = screen.desktop.shot("enhance");
    let read = |file| std::fs::read(file).expect("a screenshot");
    assert_ne!(read(before), read(after), "the line is drawn elsewhere");
}

fn look_inside(screen: &Screen) {
    screen.show("Layers");
    let toggle = |name| of("Layers", Kind::Toggle, name);
    screen.choose(toggle("Channel 5"));
    screen.choose(toggle("Power"));
    screen.reads("body.0.0.power, channel 5");
    screen.reads("sign(y)·|y|^α with α = ");
    screen.desktop.shot("layers");
    screen.choose(toggle("Flat field"));
    screen.reads("answers to a plain grey patch, from black on the left");
    screen.desktop.shot("layers_flat_field");
}

/// Five files, one of them broken.
fn batch(screen: &Screen, home: &Path) {
    let photos = home.join("photos");
    let size = (200, 160);
    let names = [("a.png", (0, 0)), ("b.jpg", (200, 0)), ("c.webp", (0, 160)), ("d.tiff", (200, 160))];
    pieces(&photos, size, &names);
    std::fs::write(photos.join("broken.png"), b"this was a picture once").expect("a file");
    screen.show("Batch");
    let button = |name| of("Batch", Kind::Button, name);
    screen.click(of("Batch", Kind::Toggle, "A folder…"), |seen| seen.has(PATH));
    let out = home.join("results");
    give(screen, &out);
    screen.click(button("Add folder…"), |seen| seen.has(PATH));
    give(screen, &photos);
    screen.click(button("Export 4 of 5"), |seen| !seen.has(button("Export 4 of 5")));
    screen.reads("Finished: 4 of 5 done, 1 failed");
    screen.reads("not a picture");
    assert!(!home.join("data/addersr/batch.jsonl").exists(), "a finished batch leaves no journal");
    screen.desktop.shot("batch");
    let mut made = Vec::new();
    for entry in walkdir::WalkDir::new(&out).into_iter().map(|e| e.expect("it can be read")) {
        if entry.file_type().is_file() {
            assert_eq!(dimensions(entry.path()).expect("a picture"), Size::new(2 * size.0, 2 * size.1), "{entry:?}");
            made.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    made.sort();
    assert_eq!(made, ["a_x2.png", "b_x2.png", "c_x2.png", "d_x2.png"]);
    let report = home.join("report.json");
    screen.click(button("Save report…"), |seen| seen.has(PATH));
    give(screen, &report);
    let report: serde_json::Value = until("the report", || serde_json::from_slice(&std::fs::read(&report).ok()?).ok());
    assert_eq!(
        (&report["pictures"], &report["done"], &report["failed"]),
        (&5.into(), &4.into(), &1.into()),
        "{report}"
    );
}

/// Half a minute of training.
fn train(screen: &Screen, home: &Path) {
    let set = home.join("set");
    let all = [(0, 0), (96, 0), (192, 0), (288, 0), (0, 96), (96, 96), (192, 96), (0, 192)];
    let names = ["1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "7.png", "8.png"];
    pieces(&set, (128, 128), &names.into_iter().zip(all).collect::<Vec<_>>());
    screen.show("Train");
    let button = |name| of("Train", Kind::Button, name);
    screen.click(button("Add folder…"), |seen| seen.has(PATH));
    give(screen, &set);
    screen.reads("8 pictures, ");
    let time = of("Train", Kind::Number, "Time");
    screen.click(of("Train", Kind::Toggle, "Advanced"), |seen| seen.has(time));
    screen.enter(time, "0.5", |seen| seen.holds(time, 0.5));
    screen.click(button("Train"), |seen| !seen.has(button("Train")));
    screen.reads("Held-out crops");
    // Exactly: the notice of the batch may still say how that finished.
    screen.says("Finished");
    screen.desktop.shot("train");
    let model = home.join("data/addersr/trained/x2 tuned 1.safetensors");
    let bytes = std::fs::metadata(&model).expect("the trained model is there").len();
    assert!(bytes > 100_000, "{bytes} bytes of weights");
    let steps = screen.reads(" of training");
    let step = steps.split(" · ").find_map(|fact| fact.strip_prefix("step ")).expect("how many steps");
    assert!(step.parse::<u32>().expect("a number") > 0, "{steps}");
    screen.click(button("Use in Enhance"), |seen| seen.shows("Enhance"));
}

/// The picture by the model that was trained just now.
fn export(screen: &Screen, home: &Path) {
    let (name, go) = (above(Kind::Entry, "File"), above(Kind::Button, "Export"));
    screen.click(of("Enhance", Kind::Button, "Export…"), |seen| seen.has(name));
    let file = home.join("result 1.png");
    // Enter confirms the dialog.
    screen.enter(name, &file.to_string_lossy(), |seen| !seen.has(go));
    screen.gone("Cancel");
    screen.reads("Show in folder");
    screen.desktop.shot("export");
    assert_eq!(dimensions(&file).expect("the exported picture"), Size::new(960, 640));
}
