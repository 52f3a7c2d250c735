//! The story, step by step; every step is judged by something real: a file, a size, a title, a place on the screen.

use super::{
    desktop::{Desktop, until},
    files::{pieces, sample},
    screen::{Kind, Screen},
};
use addersr::image_io::dimensions;
use std::path::Path;

const WINDOW: (u32, u32) = (1400, 900);

pub(crate) fn tell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path();
    let config = home.join("config/addersr");
    std::fs::create_dir_all(&config).expect("a temporary folder");
    // One look and one device, whatever the machine has.
    std::fs::write(config.join("settings.ron"), "(theme: Light, device: \"cpu\")").expect("settings");
    let mut screen = Screen::new(Desktop::start(home, WINDOW));
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
    screen.click(Kind::Button, "Open…");
    screen.enter(Kind::Entry, "Path", &photo.to_string_lossy());
    screen.reads("my photo #1 100%.png");
    until("the title to show how far it is", || {
        screen.desktop.had_title(|t| t.contains("% · my photo #1 100%.png · AdderSR")).then_some(())
    });
    screen.reads("4 of 4 tiles");
    until("the title without progress", || (screen.desktop.title()? == "my photo #1 100%.png · AdderSR").then_some(()));
}

fn compare(screen: &Screen) {
    let before = screen.desktop.shot("enhance_before");
    let (from, to) = screen.drag("Line between A and B", 160);
    assert!(to > from, "the line went from {from} to {to}");
    let after = screen.desktop.shot("enhance");
    let read = |file| std::fs::read(file).expect("a screenshot");
    assert_ne!(read(before), read(after), "the line is drawn elsewhere");
}

fn look_inside(screen: &Screen) {
    screen.click(Kind::Toggle, "Layers");
    screen.click(Kind::Toggle, "Channel 5");
    screen.click(Kind::Toggle, "Power");
    screen.reads("body.0.0.power, channel 5");
    screen.reads("sign(y)·|y|^α with α = ");
    screen.desktop.shot("layers");
    screen.click(Kind::Toggle, "Flat field");
    screen.reads("The answer to a patch that has the grey s everywhere");
    screen.desktop.shot("layers_flat_field");
}

/// Five files, one of them broken.
fn batch(screen: &Screen, home: &Path) {
    let photos = home.join("photos");
    let size = (200, 160);
    let names = [("a.png", (0, 0)), ("b.jpg", (200, 0)), ("c.webp", (0, 160)), ("d.tiff", (200, 160))];
    pieces(&photos, size, &names);
    std::fs::write(photos.join("broken.png"), b"this was a picture once").expect("a file");
    screen.click(Kind::Toggle, "Batch");
    screen.click(Kind::Toggle, "Into a folder…");
    let out = home.join("results");
    screen.enter(Kind::Entry, "Path", &out.to_string_lossy());
    screen.click(Kind::Button, "Add folder…");
    screen.enter(Kind::Entry, "Path", &photos.to_string_lossy());
    screen.click(Kind::Button, "Export 4 of 5");
    screen.reads("Finished: 4 of 5 done, 1 failed");
    screen.reads("not a picture");
    assert!(!home.join("data/addersr/batch.jsonl").exists(), "a finished batch leaves no journal");
    screen.desktop.shot("batch");
    let mut made = Vec::new();
    for entry in walkdir::WalkDir::new(&out).into_iter().map(|e| e.expect("it can be read")) {
        if entry.file_type().is_file() {
            assert_eq!(dimensions(entry.path()).expect("a picture"), (2 * size.0, 2 * size.1), "{entry:?}");
            made.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    made.sort();
    assert_eq!(made, ["a_x2.png", "b_x2.png", "c_x2.png", "d_x2.png"]);
    let report = home.join("report.json");
    screen.click(Kind::Button, "Save report…");
    screen.enter(Kind::Entry, "Path", &report.to_string_lossy());
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
    screen.click(Kind::Toggle, "Train");
    screen.click(Kind::Button, "Add folder…");
    screen.enter(Kind::Entry, "Path", &set.to_string_lossy());
    screen.reads("8 pictures, ");
    screen.click(Kind::Toggle, "Advanced");
    screen.enter(Kind::Number, "Time", "0.5");
    screen.click(Kind::Button, "Train");
    screen.reads("Held-out pieces");
    // Exactly: the notice of the batch may still say how that finished.
    screen.says("Finished");
    screen.desktop.shot("train");
    let model = home.join("data/addersr/trained/x2 tuned 1.safetensors");
    let bytes = std::fs::metadata(&model).expect("the trained model is there").len();
    assert!(bytes > 100_000, "{bytes} bytes of weights");
    let steps = screen.reads(" of training");
    let step = steps.split(" · ").find_map(|fact| fact.strip_prefix("step ")).expect("how many steps");
    assert!(step.parse::<u32>().expect("a number") > 0, "{steps}");
    screen.click(Kind::Button, "Use in Enhance");
}

/// The picture by the model that was trained just now.
fn export(screen: &Screen, home: &Path) {
    screen.click(Kind::Button, "Export…");
    let file = home.join("result 1.png");
    screen.enter(Kind::Entry, "File", &file.to_string_lossy());
    screen.desktop.shot("export");
    screen.click(Kind::Button, "Export");
    screen.gone("Cancel");
    assert_eq!(dimensions(&file).expect("the exported picture"), (960, 640));
}
