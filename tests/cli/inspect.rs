//! `eval`, `info`, `layers`, `models`.

use crate::support::{Room, photo, rgb};
use addersr::tensor::{Depth, Samples};

#[test]
fn eval_prints_the_promised_json() {
    let room = Room::new();
    std::fs::create_dir(room.path("set")).unwrap();
    room.picture("set/10.png", &rgb(41, 33));
    room.picture("set/2.png", &photo(30, 31, 1, Depth::Eight));
    room.write("set/readme.txt", b"not a picture");
    let said = room.run(["eval", "--data", "set", "--scale", "2", "--model", "m.safetensors", "--json"]).succeeded();
    let report = said.json();
    assert_eq!(report["scale"], 2);
    let keys = |v: &serde_json::Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["images", "mean", "scale"]);
    assert_eq!(keys(&report["mean"]), ["bicubic_psnr", "bicubic_ssim", "psnr", "ssim"]);
    assert_eq!(keys(&report["images"][0]), ["bicubic_psnr", "bicubic_ssim", "file", "psnr", "ssim"]);
    assert_eq!(report["images"].as_array().unwrap().len(), 2);
    assert_eq!((&report["images"][0]["file"], &report["images"][1]["file"]), (&"2.png".into(), &"10.png".into()));
    let number = |v: &serde_json::Value| v.as_f64().unwrap();
    let (a, b) = (number(&report["images"][0]["psnr"]), number(&report["images"][1]["psnr"]));
    assert!((number(&report["mean"]["psnr"]) - (a + b) / 2.0).abs() < 1e-9);

    let table = room.run(["eval", "--data", "set", "--scale", "2", "--model", "m.safetensors"]).succeeded().out;
    assert!(table.contains("2.png") && table.contains("mean") && table.contains("bicubic"), "{table}");
    assert!(table.contains(&format!("{a:.2}")), "{table}");
}

#[test]
fn eval_goes_on_after_a_bad_picture_and_says_so() {
    let room = Room::new();
    std::fs::create_dir(room.path("set")).unwrap();
    room.picture("set/a.png", &rgb(24, 24));
    room.write("set/b.png", b"broken");
    room.picture("set/tiny.png", &rgb(1, 1));
    let said = room.run(["eval", "--data", "set", "--scale", "2", "--model", "m.safetensors", "--json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(said.json()["images"].as_array().unwrap().len(), 1);
    assert!(said.err.contains("b.png") && said.err.contains("tiny.png"), "{said:?}");
}

#[test]
fn eval_needs_a_folder_of_pictures() {
    let room = Room::new();
    std::fs::create_dir(room.path("none")).unwrap();
    let eval = |folder: &str| room.run(["eval", "--data", folder, "--scale", "2", "--model", "m.safetensors"]);
    eval("none").failed(1, "none", &["no picture"]);
    eval("missing").failed(1, "missing", &["cannot be read"]);
}

#[test]
fn info_counts() {
    let room = Room::new();
    let said = room.run(["info", "avdsr", "--json"]).succeeded();
    let report = said.json();
    // SPEC 2: 612.6 GMAC at 1280×720.
    let of_convolutions = report["cost_as_convolutions"]["multiplications"].as_f64().unwrap();
    assert!((of_convolutions / 612.6e9 - 1.0).abs() < 0.01, "{of_convolutions}");
    assert_eq!(report["layers"][0]["shape"], serde_json::json!([720, 1280, 1]));
    let text = room.run(["info", "m.safetensors", "--size", "64x48"]).succeeded().out;
    for word in ["body.0.1.power", "adder 3×3, 8 → 8", "48×64×3", "24×32×8", "energy", "data: none"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert_eq!(room.run(["info", "m.safetensors", "--size", "64"]).code, Some(2));
}

#[test]
fn models_are_listed() {
    let room = Room::new();
    let text = room.run(["models"]).succeeded().out;
    assert!(text.contains("aedsr") && text.contains("avdsr") && text.contains("aedsr-paper"), "{text}");
    let list = room.run(["models", "--json"]).succeeded().json();
    assert!(list.as_array().unwrap().iter().any(|m| m["name"] == "avdsr" && m["spec"]["channels"] == 64));
}

#[test]
fn layers_are_saved_with_what_their_greys_mean() {
    let room = Room::new();
    room.picture("p.png", &rgb(12, 10));
    let layers = |args: &[&str]| room.run(["layers", "p.png", "--model", "m.safetensors"].iter().chain(args));
    let names = layers(&["--layer", "list"]).succeeded().out;
    assert!(names.lines().any(|l| l == "body.0.0.power"), "{names}");

    layers(&["--layer", "body.0.1.power", "--out", "maps", "--region", "2,3,6x5"]).succeeded();
    for layer in ["body.0.1.shortcut", "body.0.1.power"] {
        let side = std::fs::read(room.path(format!("maps/{layer}.json"))).unwrap();
        let side: serde_json::Value = serde_json::from_slice(&side).unwrap();
        assert_eq!(side["channels"].as_array().unwrap().len(), 8);
        assert_eq!((side["width"].as_u64(), side["height"].as_u64()), (Some(6), Some(5)));
        let first = &side["channels"][0];
        let (black, white) = (first["black"].as_f64().unwrap(), first["white"].as_f64().unwrap());
        assert!(black < white && (black == -white || black == first["min"].as_f64().unwrap()), "{side}");
        // The extremes can be had back from the picture.
        let Samples::U16(v) = room.decode(format!("maps/{layer}/000.png")).samples else { panic!("16 bits") };
        let max = f64::from(*v.iter().max().unwrap()) / 65535.0 * (white - black) + black;
        assert!((max - first["max"].as_f64().unwrap()).abs() < (white - black) / 60000.0);
        // Eight channels: three columns and rows with gaps of two pixels.
        let sheet = room.decode(format!("maps/{layer}.png"));
        assert_eq!((sheet.width, sheet.height), (3 * 6 + 4, 3 * 5 + 4));
    }

    let said = layers(&["--layer", "all", "--out", "all", "--json"]).succeeded();
    assert_eq!(said.json()["layers"].as_array().unwrap().len(), names.lines().count());
    assert_eq!(room.decode("all/output/000.png").width, 24);
    layers(&["--layer", "head", "--out", "all"]).failed(1, "head", &["exists", "--overwrite"]);
    layers(&["--layer", "head", "--out", "all", "--overwrite"]).succeeded();
}

#[test]
fn layers_that_are_none_and_regions_outside() {
    let room = Room::new();
    room.picture("p.png", &rgb(12, 10));
    let layers = |args: &[&str]| room.run(["layers", "p.png", "--model", "m.safetensors"].iter().chain(args));
    layers(&["--layer", "body.0.7.power", "--out", "o"]).failed(2, "body.0.7.power", &["--layer list"]);
    layers(&["--layer", "head"]).failed(2, "--out", &["DIR"]);
    layers(&["--layer", "head", "--out", "o", "--region", "8,0,5x5"]).failed(1, "p.png", &["12×10"]);
    assert_eq!(layers(&["--layer", "head", "--out", "o", "--region", "8"]).code, Some(2));
    assert_eq!(room.files(), ["p.png"]);
}
