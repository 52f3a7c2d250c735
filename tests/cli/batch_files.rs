//! `addersr batch` and the files that are not its own: reports, links, folders, others at work.

use crate::{
    batch::{SLOW, batch, below, library, library_of, names, slow},
    support::{Room, rgb, said},
};
use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    tensor::{Pixels, Samples},
};

#[test]
fn a_report_replaces_no_picture_no_table_and_no_other_file() {
    let room = library(3);
    room.picture("in/a/9.jpg", &rgb(9, 9));
    let photos = || below(&room.path("in")).into_iter().map(|f| std::fs::read(room.path("in").join(f)).unwrap());
    let before: Vec<_> = photos().collect();
    // What a shell makes of `--report in/a/*.jpg`.
    batch(&room, &["--report", "in/a/9.jpg"]).failed(2, "in/a/9.jpg", &["not a picture", ".csv"]);
    batch(&room, &["--report", "in/a/new.jpg"]).failed(2, "in/a/new.jpg", &["not a picture"]);
    // A photo by another name.
    std::fs::hard_link(room.path("in/a/0.png"), room.path("photo.csv")).unwrap();
    batch(&room, &["--report", "photo.csv"]).failed(1, "photo.csv", &["exists"]);
    batch(&room, &["--report", "photo.csv", "--overwrite"]).failed(1, "photo.csv", &["not a batch's report"]);
    room.write("table.csv", b"precious");
    batch(&room, &["--report", "table.csv"]).failed(1, "table.csv", &["exists"]);
    batch(&room, &["--report", "table.csv", "--overwrite"]).failed(1, "table.csv", &["left alone"]);
    room.write("notes.json", b"[1]");
    batch(&room, &["--report", "notes.json", "--overwrite"]).failed(1, "notes.json", &["left alone"]);
    batch(&room, &["--report", "m.safetensors"]).failed(1, "m.safetensors", &["would replace"]);
    batch(&room, &["--report", "out/.addersr-batch.jsonl"]).failed(1, "jsonl", &["would replace"]);
    batch(&room, &["--report", "nowhere/r.csv"]).failed(1, "nowhere/r.csv", &["create it first"]);
    assert!(!room.path("out").exists(), "all of it was known before any work");
    assert_eq!(before, photos().collect::<Vec<_>>());
    assert_eq!(std::fs::read(room.path("table.csv")).unwrap(), b"precious");
    // Its own may be replaced, by those who say so.
    batch(&room, &["--report", "r.csv", "--dry-run"]).succeeded();
    batch(&room, &["--report", "r.csv"]).failed(1, "r.csv", &["exists", "--overwrite"]);
    batch(&room, &["--report", "r.csv", "--overwrite"]).succeeded();
    assert!(std::fs::read_to_string(room.path("r.csv")).unwrap().contains(",done,"));
}

#[test]
fn a_result_that_is_a_photo_by_another_name_is_not_written() {
    let room = library(2);
    std::fs::create_dir_all(room.path("out/a")).unwrap();
    std::fs::hard_link(room.path("in/b c#/1.png"), room.path("out/a/0_x2.png")).unwrap();
    let before = std::fs::read(room.path("in/b c#/1.png")).unwrap();
    let said = batch(&room, &["--on-exists", "replace"]);
    assert!(said.code == Some(1) && said.err.contains("would replace"), "{said:?}");
    assert_eq!(std::fs::read(room.path("in/b c#/1.png")).unwrap(), before);
}

#[test]
fn names_that_will_be_too_long_are_in_the_dry_run() {
    let room = library(1);
    let name = "n".repeat(250);
    room.picture(format!("in/{name}.png"), &rgb(8, 6));
    let said = batch(&room, &["--dry-run"]);
    assert!(said.code == Some(1) && said.out.contains("cannot: ") && said.out.contains("longer than"), "{said:?}");
    assert!(!room.path("out").exists());
}

#[test]
fn an_output_folder_that_vanishes_ends_the_run_and_its_results_do_not_count() {
    let room = library_of(12, 32);
    let child = slow(&room, &["--report", "r.csv"], 2);
    std::fs::rename(room.path("out"), room.path("unplugged")).unwrap();
    let ended = said(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("the folder is gone"), "{ended:?}");
    assert!(!room.path("out").exists(), "it is not made anew");
    let report = std::fs::read_to_string(room.path("r.csv")).unwrap();
    assert!(!report.contains(",done,") && report.contains("gone with the folder"), "{report}");
    // The disk is back, with the journal on it.
    std::fs::rename(room.path("unplugged"), room.path("out")).unwrap();
    let said = room.run(SLOW).succeeded();
    assert!(said.err.contains("12 of 12 done"), "{said:?}");
    assert_eq!(below(&room.path("out")), names(12));
}

#[test]
fn a_picture_that_changed_between_kill_and_resume_is_made_again() {
    let room = library_of(6, 32);
    let mut child = slow(&room, &[], 3);
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_file(room.path("in/a/0.png")).unwrap();
    room.picture("in/a/0.png", &rgb(20, 10));
    let before = std::fs::read(room.path("out/a/2_x2.png")).unwrap();
    let said = room.run(SLOW).succeeded();
    assert!(said.err.contains("in/a/0.png: the picture has changed"), "{said:?}");
    assert_eq!(room.decode("out/a/0_x2.png").width, 40);
    assert!(std::fs::read(room.path("out/a/2_x2.png")).unwrap() == before);
    assert_eq!(below(&room.path("out")), names(6), "in the same place, and once");
}

#[test]
fn a_second_batch_in_the_same_folder_is_told_of_the_first() {
    let room = library_of(12, 32);
    let mut child = slow(&room, &[], 1);
    for more in [&[][..], &["--resume"], &["--scale", "3"], &["--shard", "1/2"]] {
        let said = said(room.command().args(&SLOW[..8]).args(more).output().unwrap());
        said.failed(1, "out", &["another addersr batch is at work in this folder"]);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Whoever died holds no lock.
    room.run(SLOW).succeeded();
    assert_eq!(below(&room.path("out")), names(12), "nothing is left behind");
}

/// Runs a command line under limits of the shell; what it says and which files there are.
#[cfg(unix)]
fn limited(room: &Room, limit: &str, args: &str) -> crate::support::Said {
    let line = format!("{limit}; exec {} {args}", env!("CARGO_BIN_EXE_addersr"));
    let mut command = room.command();
    let folder = command.get_current_dir().unwrap().to_owned();
    command = std::process::Command::new("sh");
    said(command.current_dir(folder).args(["-c", &line]).output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_limit_on_file_sizes_is_a_sentence_and_leaves_nothing() {
    let room = Room::new();
    room.picture("p.png", &rgb(200, 150));
    for name in ["r.png", "r.tif", "r.bmp", "r.jpg", "r.webp"] {
        let args = format!("upscale --model m.safetensors p.png -o {name}");
        // 8 blocks of 512 or 1024 bytes.
        limited(&room, "ulimit -f 8", &args).failed(1, name, &["ulimit -f", "Nothing was left behind"]);
    }
    assert_eq!(room.files(), ["p.png"]);
    let room = library_of(2, 64);
    let said = limited(&room, "ulimit -f 8", "batch in --out out --model m.safetensors");
    assert!(said.code == Some(1) && said.err.contains("0 of 2 done, 0 skipped, 2 failed"), "{said:?}");
    assert_eq!(below(&room.path("out")).len(), 0);
}

#[test]
fn every_known_kind_of_picture_is_listed_also_what_cannot_be_read() {
    let room = library(1);
    room.write("in/a/phone.HEIC", b"\0\0\0\x18ftypheicmif1");
    room.write("in/a/layers.psd", b"8BPS\0\x01");
    room.write("in/a/empty.nef", b"");
    room.write("in/a/notes.txt", b"no picture");
    room.write("in/a/paper.pdf", b"%PDF-1.7 and more");
    let png = std::fs::read(room.path("in/a/0.png")).unwrap();
    room.write("in/a/no extension", &png);
    room.write("in/a/odd.dat", &png);
    let unread = ["phone.HEIC", "layers.psd", "empty.nef"];
    let plan = batch(&room, &["--dry-run", "--report", "plan.csv"]);
    let made = batch(&room, &["--report", "made.csv"]);
    let read = |name: &str| std::fs::read_to_string(room.path(name)).unwrap();
    for text in [plan.out.clone(), read("plan.csv"), read("made.csv")] {
        for name in unread.iter().chain(&["no extension", "odd.dat", "0.png"]) {
            assert!(text.contains(name), "{name}: {text}");
        }
        assert!(!text.contains("notes.txt") && !text.contains("paper.pdf"), "{text}");
    }
    assert_eq!((plan.code, made.code), (Some(1), Some(1)), "{plan:?} {made:?}");
    assert!(unread.iter().all(|name| made.err.contains(name)), "{made:?}");
    assert_eq!(
        below(&room.path("out")),
        ["a/0_x2.png", "a/no extension_x2.png", "a/odd_x2.png"].map(str::to_owned).into()
    );
}

#[test]
fn of_a_raw_file_the_row_and_the_report_say_that_its_preview_was_enlarged() {
    let room = library(1);
    let (preview, _) =
        image_io::encode_to_vec(&rgb(640, 60), &Metadata::default(), &EncodeOptions::new(Format::Jpeg)).unwrap();
    // A Canon file of nothing but a directory with place and length of the preview behind it.
    let mut raw = b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0\x03\0".to_vec();
    for (tag, kind, count, value) in
        [(271u16, 2u16, 4, u32::from_le_bytes(*b"Can\0")), (513, 4, 1, 58), (514, 4, 1, preview.len() as u32)]
    {
        raw.extend(
            [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &u32::to_le_bytes(count), &value.to_le_bytes()].concat(),
        );
    }
    raw.extend([&[0; 4], &preview[..]].concat());
    room.write("in/a/IMG_1.CR2", &raw);
    let plan = batch(&room, &["--dry-run"]).succeeded();
    assert!(plan.out.contains("IMG_1.CR2") && plan.out.contains("1280×120"), "{plan:?}");
    let said = batch(&room, &["--report", "r.csv"]).succeeded();
    let note = "this is a camera's raw file (Canon CR2); the preview of 640×60 pixels inside it is enlarged";
    assert!(said.err.contains(&format!("IMG_1.CR2: {note}")), "{said:?}");
    let report = std::fs::read_to_string(room.path("r.csv")).unwrap();
    let row = report.lines().find(|line| line.contains("IMG_1.CR2")).unwrap();
    assert!(row.contains(",done,") && row.contains(note), "{row}");
}

#[test]
fn results_beside_their_photos_are_not_enlarged_again() {
    let room = library(1);
    for name in ["0_x2.png", "0_x3-2.png", "other_x2.png"] {
        room.picture(format!("in/a/{name}"), &rgb(8, 6));
    }
    let said = batch(&room, &["--dry-run"]).succeeded();
    for name in ["0_x2.png", "0_x3-2.png"] {
        assert!(said.out.contains(&format!("{name}: skipped: by its name it is a result of 0")), "{said:?}");
    }
    assert!(said.out.contains("2 of 4 pictures would be made"), "{said:?}");
    let one = ["batch", "in/a/0_x2.png", "in/a/0.png", "--out", "out", "--model", "m.safetensors", "--dry-run"];
    let said = room.run(one).succeeded();
    assert!(said.out.contains("2 of 2 pictures would be made"), "{said:?}");
}

#[test]
fn results_have_the_format_of_their_source_where_that_is_asked_for() {
    let room = library(0);
    room.picture("in/a/p.jpg", &rgb(8, 6));
    room.picture("in/a/t.tif", &rgb(8, 6));
    batch(&room, &["--format", "same"]).succeeded();
    assert_eq!(below(&room.path("out")), ["a/p_x2.jpg", "a/t_x2.tif"].map(str::to_owned).into());
    let format = |name: &str| image_io::probe(&room.path(name)).unwrap().format;
    assert_eq!(format("out/a/p_x2.jpg"), Format::Jpeg);
    room.upscale(["in/a/p.jpg", "in/a/t.tif", "--format", "same"]).succeeded();
    assert_eq!(format("in/a/t_x2.tif"), Format::Tiff);
}

#[test]
fn alpha_that_says_nothing_is_no_obstacle_to_jpeg_and_a_background_fills_what_is_transparent() {
    let room = library(0);
    let picture = |alpha: u8| {
        let pixels = (0..48).flat_map(|i| [200, 100, i as u8, if i == 5 { alpha } else { 255 }]).collect();
        Pixels::new(8, 6, 4, Samples::U8(pixels)).unwrap()
    };
    room.picture("in/a/opaque.png", &picture(255));
    room.picture("in/a/clear.png", &picture(254));
    let said = batch(&room, &["--format", "jpg"]);
    assert!(said.code == Some(1) && said.err.contains("1 of 2 done, 0 skipped, 1 failed"), "{said:?}");
    assert!(said.err.contains("clear.png") && said.err.contains("--background"), "{said:?}");
    batch(&room, &["--format", "jpg", "--background", "white"]).succeeded();
    assert_eq!(below(&room.path("out")), ["a/clear_x2.jpg", "a/opaque_x2.jpg"].map(str::to_owned).into());
    room.upscale(["in/a/opaque.png", "-o", "o.jpg"]).succeeded();
    room.upscale(["in/a/clear.png", "-o", "c.jpg"]).failed(1, "c.jpg", &["transparency", "--background"]);
    room.upscale(["in/a/clear.png", "-o", "c.jpg", "--background", "#fed"]).succeeded();
    room.upscale(["in/a/clear.png", "-o", "c.png", "--background", "#fed"]).succeeded();
    assert_eq!((room.decode("c.jpg").channels, room.decode("c.png").channels), (3, 3));
    room.upscale(["in/a/clear.png", "-o", "c2.png"]).succeeded();
    assert_eq!(room.decode("c2.png").channels, 4, "without a background it stays transparent");
    room.upscale(["in/a/clear.png", "--background", "whitish"]).failed(2, "whitish", &["#ffeedd"]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_is_not_to_be_had_is_a_sentence_and_leaves_nothing() {
    let room = Room::new();
    room.picture("p.png", &rgb(2400, 1600));
    for limit in [180_000, 250_000, 320_000] {
        let said =
            limited(&room, &format!("ulimit -v {limit}"), "upscale --threads 1 --model m.safetensors p.png -o r.png");
        said.failed(1, "p.png", &["memory"]);
    }
    assert_eq!(room.files(), ["p.png"]);
}
