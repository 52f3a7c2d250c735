//! `addersr batch` and the files that are not its own: reports, links, folders, others at work.

use crate::{
    batch::{SLOW, batch, below, library, library_of, names, slow},
    support::{Room, rgb, said},
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
