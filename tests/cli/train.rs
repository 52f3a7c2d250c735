//! `addersr train` from the first step to a model that enlarges, and what it says when it cannot.

use crate::support::{Room, photo};
use addersr::tensor::Depth;

/// A room with six pictures to train on.
fn room() -> Room {
    let room = Room::new();
    std::fs::create_dir(room.path("photos")).unwrap();
    for i in 0..6 {
        room.picture(format!("photos/p{i}.png"), &photo(40 + i, 44, 3, Depth::Eight));
    }
    room
}

const SMALL: [&str; 11] =
    ["train", "--data", "photos", "--channels", "4", "--blocks", "1", "--batch", "2", "--patch", "8"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SMALL.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn trains_stops_goes_on_and_the_model_enlarges() {
    let room = room();
    let said = room.run(with(&["--steps", "6", "--judge-every", "3", "--out", "new.safetensors"])).succeeded();
    assert!(said.err.contains("held out: photos/"), "{said:?}");
    assert!(said.out.contains("new.safetensors: ") && said.out.contains(" dB"), "{said:?}");
    assert_eq!(room.files(), ["new.checkpoint", "new.csv", "new.safetensors", "photos"]);
    let log = std::fs::read_to_string(room.path("new.csv")).unwrap();
    assert!(log.starts_with("step,seconds,rate,loss,held_out_psnr,held_out_ssim\n"), "{log}");
    let judged: Vec<&str> = log.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    assert_eq!(judged, ["3", "6"], "{log}");

    room.run(with(&["--steps", "10", "--resume", "--out", "new.safetensors"])).succeeded();
    let log = std::fs::read_to_string(room.path("new.csv")).unwrap();
    assert!(log.lines().last().unwrap().starts_with("10,"), "{log}");

    let info = room.run(["info", "new.safetensors"]).succeeded();
    assert!(info.out.contains("photos"), "the card names the data: {info:?}");
    room.run(["upscale", "photos/p0.png", "-o", "large.png", "--model", "new.safetensors"]).succeeded();
    assert_eq!(room.decode("large.png").width, 80);
    let tuned =
        ["train", "--data", "photos", "--init", "new.safetensors", "--steps", "2", "--batch", "2", "--patch", "8"];
    room.run(tuned.into_iter().chain(["--out", "tuned.safetensors"])).succeeded();
}

#[test]
fn trains_on_pairs_that_are_given_and_goes_on_with_them_only() {
    let room = Room::new();
    for i in 0..4 {
        std::fs::create_dir_all(room.path("pairs/lr")).unwrap();
        std::fs::create_dir_all(room.path("pairs/hr")).unwrap();
        room.picture(format!("pairs/lr/p{i}.png"), &photo(20 + i, 16, 3, Depth::Eight));
        room.picture(format!("pairs/hr/p{i}.bmp"), &photo(40 + 2 * i, 32, 3, Depth::Eight));
    }
    let options = ["--channels", "4", "--blocks", "1", "--contrast", "1", "--out", "new.safetensors"];
    let run = |more: &[&str]| room.run(["train"].iter().chain(more).chain(&options).copied().collect::<Vec<_>>());
    let small = ["--batch", "2", "--patch", "8"];
    run(&[&["--pairs", "pairs", "--steps", "2"], &small[..]].concat()).succeeded();
    assert_eq!(room.files(), ["new.checkpoint", "new.csv", "new.safetensors", "pairs"]);
    run(&["--pairs", "pairs", "--steps", "4", "--resume"]).succeeded();
    run(&["--data", "pairs/hr", "--steps", "6", "--resume"]).failed(2, "another kind", &["--pairs"]);
    run(&["--pairs", "pairs", "--data", "pairs", "--steps", "6"]).failed(2, "--data", &["--pairs"]);
    run(&["--pairs", "pairs/hr", "--overwrite"]).failed(1, "pairs/hr", &["lr", "hr"]);
}

#[test]
fn what_is_there_is_not_replaced() {
    let room = room();
    room.write("new.safetensors", b"precious");
    room.run(with(&["--steps", "1", "--out", "new.safetensors"])).failed(
        1,
        "new.safetensors",
        &["exists", "--overwrite"],
    );
    assert_eq!(room.files(), ["new.safetensors", "photos"]);
    assert_eq!(std::fs::read(room.path("new.safetensors")).unwrap(), b"precious");
}

#[test]
fn bad_folders_models_and_checkpoints_are_named() {
    let room = room();
    let out = ["--steps", "1", "--out", "new.safetensors"];
    let run = |data: &str, more: &[&str]| {
        room.run(["train", "--data", data].into_iter().chain(out).chain(more.iter().copied()))
    };
    run("nowhere", &[]).failed(1, "nowhere", &["cannot be searched"]);
    run("photos", &["--patch", "64"]).failed(1, "photos", &["nothing to train on", "128 pixels"]);
    run("photos", &["--model", "nonsense"]).failed(2, "nonsense", &["addersr models"]);
    run("photos", &["--resume"]).failed(1, "new.checkpoint", &["cannot be used"]);
    room.write("new.checkpoint", b"not a checkpoint");
    run("photos", &["--resume"]).failed(1, "new.checkpoint", &["cannot be used"]);
    std::fs::remove_file(room.path("new.checkpoint")).unwrap();
    room.write("broken.safetensors", &[0; 40]);
    run("photos", &["--init", "broken.safetensors"]).failed(1, "broken.safetensors", &["cannot be used"]);
    assert_eq!(room.files(), ["broken.safetensors", "photos"]);
}

#[test]
fn unreadable_pictures_are_left_out_and_said() {
    let room = room();
    room.write("photos/broken.png", b"\x89PNG\r\n\x1a\nand no more");
    room.write("photos/empty.jpg", b"");
    let said = room.run(with(&["--steps", "1", "--out", "new.safetensors", "-v"])).succeeded();
    assert!(said.err.contains("2 pictures were left out"), "{said:?}");
    assert!(said.err.contains("broken.png") && said.err.contains("empty.jpg"), "{said:?}");
}

#[test]
fn what_lies_beside_the_model_is_left_alone_unless_a_run_made_it() {
    let room = room();
    // Tables and checkpoints of somebody else, under the names that this run would give its own.
    for (name, what) in [("photos.csv", "log"), ("photos.checkpoint", "checkpoint")] {
        room.write(name, b"precious");
        let out = ["--steps", "1", "--out", "photos.safetensors"];
        room.run(with(&out)).failed(1, name, &["exists"]);
        room.run(with(&[&out[..], &["--overwrite"]].concat())).failed(1, name, &["exists", what, "left alone"]);
        assert_eq!(std::fs::read(room.path(name)).unwrap(), b"precious");
        assert_eq!(room.files(), ["photos", name]);
        std::fs::remove_file(room.path(name)).unwrap();
    }
    room.run(with(&["--steps", "1", "--out", "m2.safetensors"])).succeeded();
    // A table in place of the log of a run that goes on.
    room.write("m2.csv", b"precious");
    room.run(with(&["--steps", "2", "--resume", "--out", "m2.safetensors"])).failed(1, "m2.csv", &["log"]);
    assert_eq!(std::fs::read(room.path("m2.csv")).unwrap(), b"precious");
    std::fs::remove_file(room.path("m2.csv")).unwrap();
    room.run(with(&["--steps", "1", "--overwrite", "--out", "m2.safetensors"])).succeeded();
    room.run(with(&["--steps", "1", "--out", "m2.safetensors"])).failed(1, "m2.safetensors", &["exists"]);
}

#[test]
fn no_picture_and_no_model_that_is_read_is_written_to() {
    let room = room();
    let photo = std::fs::read(room.path("photos/p0.png")).unwrap();
    std::fs::hard_link(room.path("photos/p0.png"), room.path("link.safetensors")).unwrap();
    room.run(with(&["--steps", "1", "--overwrite", "--out", "link.safetensors"])).failed(
        1,
        "link.safetensors",
        &["would replace"],
    );
    assert_eq!(std::fs::read(room.path("photos/p0.png")).unwrap(), photo);
    let model = std::fs::read(room.path("m.safetensors")).unwrap();
    let tuned = ["train", "--data", "photos", "--init", "m.safetensors", "--steps", "1", "--patch", "8", "--overwrite"];
    room.run(tuned.into_iter().chain(["--out", "./m.safetensors"])).failed(1, "m.safetensors", &["would replace"]);
    assert_eq!(std::fs::read(room.path("m.safetensors")).unwrap(), model);
    assert_eq!(room.files(), ["link.safetensors", "photos"]);
}

#[test]
fn where_nothing_was_held_out_no_score_is_told() {
    let room = Room::new();
    std::fs::create_dir(room.path("photos")).unwrap();
    room.picture("photos/only.png", &photo(40, 44, 3, Depth::Eight));
    let said = room.run(with(&["--steps", "2", "--judge-every", "1", "--out", "new.safetensors"])).succeeded();
    assert!(!said.err.contains("dB") && !said.out.contains("dB"), "{said:?}");
    assert!(said.out.contains("no picture was held out"), "{said:?}");
    let log = std::fs::read_to_string(room.path("new.csv")).unwrap();
    assert!(log.lines().skip(1).all(|line| line.ends_with(",,")), "{log}");
    let info = room.run(["info", "new.safetensors"]).succeeded();
    assert!(!info.out.contains("held_out"), "{info:?}");
}
