//! `addersr batch` as people, schedulers and accidents meet it.

use crate::support::{Room, Said, model, photo, rgb, said};
use addersr::tensor::Depth;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

/// A room with a tree of `n` pictures below `in`, in two folders.
pub(crate) fn library(n: usize) -> Room {
    library_of(n, 7)
}

/// The same, with pictures of this height.
pub(crate) fn library_of(n: usize, height: usize) -> Room {
    let room = Room::new();
    for folder in ["in/a", "in/b c#"] {
        std::fs::create_dir_all(room.path(folder)).unwrap();
    }
    for i in 0..n {
        let folder = if i % 2 == 0 { "a" } else { "b c#" };
        room.picture(format!("in/{folder}/{i}.png"), &rgb(height + 2 + i, height));
    }
    room
}

pub(crate) fn batch(room: &Room, args: &[&str]) -> Said {
    said(room.command().args(["batch", "in", "--out", "out", "--model", "m.safetensors"]).args(args).output().unwrap())
}

/// All files below a folder, hidden ones too.
pub(crate) fn below(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    files
}

pub(crate) fn names(n: usize) -> BTreeSet<String> {
    (0..n).map(|i| format!("{}/{i}_x2.png", if i % 2 == 0 { "a" } else { "b c#" })).collect()
}

#[test]
fn the_tree_is_kept_and_a_corrupt_file_stops_nothing() {
    let room = library(4);
    room.write("in/a/1-broken.png", b"\x89PNG\r\n\x1a\nno more");
    let mut half = std::fs::read(room.path("in/a/0.png")).unwrap();
    half.truncate(50);
    room.write("in/a/1-half.png", &half);
    let said = batch(&room, &["--report", "r.json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(below(&room.path("out")), names(4), "results, no journal, nothing hidden");
    let errors: Vec<&str> = said.err.lines().filter(|l| l.starts_with("error: ")).collect();
    assert!(errors.len() == 2 && errors.iter().all(|e| e.contains("in/a/1-")), "{said:?}");
    assert!(said.err.contains("4 of 6 done, 0 skipped, 2 failed"), "{said:?}");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(room.path("r.json")).unwrap()).unwrap();
    assert_eq!((report["done"].as_u64(), report["failed"].as_u64()), (Some(4), Some(2)));
    assert_eq!(report["images"].as_array().unwrap().len(), 6);
    // The same job as `upscale`.
    room.upscale(["in/a/0.png", "-o", "single.png"]).succeeded();
    assert!(std::fs::read(room.path("single.png")).unwrap() == std::fs::read(room.path("out/a/0_x2.png")).unwrap());
}

#[test]
fn a_dry_run_tells_the_plan_and_makes_nothing() {
    let room = library(2);
    room.picture("in/t.png", &photo(5, 5, 4, Depth::Eight));
    let said = batch(&room, &["--dry-run", "--format", "jpg"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("in/a/0.png: 9×7 to 18×14, m, about"), "{said:?}");
    assert!(said.out.contains("t.png: cannot:") && said.out.contains("transparency"), "{said:?}");
    assert!(said.out.contains("2 of 3 pictures would be made"), "{said:?}");
    assert!(!room.path("out").exists());
}

#[test]
fn taken_names_are_skipped_numbered_or_replaced() {
    let room = library(1);
    batch(&room, &[]).succeeded();
    let first = std::fs::read(room.path("out/a/0_x2.png")).unwrap();
    let said = batch(&room, &[]).succeeded();
    assert!(said.err.contains("skipped: in/a/0.png") && said.err.contains("exists"), "{said:?}");
    batch(&room, &["--on-exists", "number"]).succeeded();
    assert_eq!(below(&room.path("out")), ["a/0_x2.png", "a/0_x2-2.png"].map(str::to_owned).into());
    room.write("out/a/0_x2.png", b"old");
    batch(&room, &["--on-exists", "replace"]).succeeded();
    assert!(std::fs::read(room.path("out/a/0_x2.png")).unwrap() == first);
}

#[test]
fn two_results_of_one_name_are_a_conflict_that_is_told() {
    let room = library(1);
    room.picture("in/a/0.jpg", &rgb(8, 8));
    for rule in ["skip", "replace"] {
        let said = batch(&room, &["--on-exists", rule]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains("another file of this run has this name already"), "{said:?}");
        std::fs::remove_dir_all(room.path("out")).unwrap();
    }
    batch(&room, &["--on-exists", "number"]).succeeded();
    assert_eq!(below(&room.path("out")), ["a/0_x2.png", "a/0_x2-2.png"].map(str::to_owned).into());
}

#[test]
fn shards_are_disjoint_and_complete() {
    let room = library(12);
    let mut all = BTreeSet::new();
    for i in 1..=3 {
        let before = below(&room.path("out"));
        batch(&room, &["--shard", &format!("{i}/3")]).succeeded();
        let mine: BTreeSet<String> = below(&room.path("out")).difference(&before).cloned().collect();
        assert!(mine.is_disjoint(&all) && mine.len() < 12, "{mine:?}");
        all.extend(mine);
    }
    assert_eq!(all, names(12));
    batch(&room, &["--shard", "0/3"]).failed(2, "0/3", &["from 1"]);
}

#[test]
fn what_makes_no_sense_is_refused_before_any_work() {
    let room = library(1);
    room.run(["batch", "in", "--out", "in"]).failed(2, "in", &["another --out"]);
    room.run(["batch", "no such", "--out", "out"]).failed(1, "no such", &["no such file or folder"]);
    batch(&room, &["--template", "{nam}"]).failed(2, "{nam}", &["{name}"]);
    room.run(["batch", "in", "--out", "out", "--model", "nothing"]).failed(2, "nothing", &["no model"]);
    std::fs::create_dir(room.path("empty")).unwrap();
    room.run(["batch", "empty", "--out", "out"]).failed(2, "picture", &["another folder"]);
    room.write("file", b"");
    room.run(["batch", "in", "--out", "file/out"]).failed(1, "file", &["cannot be written", "another place"]);
}

/// A batch of minutes, once its first results are there.
pub(crate) fn slow(room: &Room, args: &[&str], until: usize) -> Child {
    room.write("slow.safetensors", &model(32, 4).to_bytes().unwrap());
    let mut child = room
        .command()
        .args(["batch", "in", "--out", "out", "--model", "slow.safetensors", "--device", "reference"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while below(&room.path("out")).iter().filter(|name| name.ends_with("_x2.png")).count() < until {
        assert!(began.elapsed() < Duration::from_secs(120), "results appear");
        assert!(child.try_wait().unwrap().is_none(), "there is still work to do");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

pub(crate) const SLOW: [&str; 9] =
    ["batch", "in", "--out", "out", "--model", "slow.safetensors", "--device", "reference", "--resume"];

#[test]
fn a_killed_batch_goes_on_and_makes_every_file_exactly_once() {
    let room = library_of(12, 32);
    for (kills, until) in [2, 5, 8].into_iter().enumerate() {
        let mut child = slow(&room, if kills == 0 { &[] } else { &["--resume"] }, until);
        child.kill().unwrap();
        child.wait().unwrap();
        for file in below(&room.path("out")).iter().filter(|name| name.ends_with("_x2.png")) {
            let _whole = room.decode(Path::new("out").join(file));
        }
    }
    // Number would make a second one of everything that is made twice.
    let made = |name: &String| std::fs::metadata(room.path("out").join(name)).unwrap().modified().unwrap();
    let before: Vec<_> = names(12).into_iter().filter(|n| room.path("out").join(n).exists()).collect();
    let times: Vec<_> = before.iter().map(made).collect();
    assert!(before.len() >= 8);
    room.run(&SLOW[..8]).failed(2, ".addersr-batch.jsonl", &["--resume"]);
    let other = said(room.command().args(SLOW).args(["--scale", "3"]).output().unwrap());
    other.failed(2, ".addersr-batch.jsonl", &["other folders or options"]);
    let said = room.run(SLOW).succeeded();
    assert!(said.err.contains("12 of 12 done, 0 skipped, 0 failed"), "{said:?}");
    assert_eq!(below(&room.path("out")), names(12), "every file once, no journal, no unfinished file");
    assert_eq!(before.iter().map(made).collect::<Vec<_>>(), times, "nothing was made twice");
}

#[cfg(unix)]
#[test]
fn an_interrupted_batch_stops_tidily_and_can_be_gone_on_with() {
    let room = library_of(6, 32);
    let child = slow(&room, &[], 1);
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let stopped = said(child.wait_with_output().unwrap());
    assert_eq!(stopped.code, Some(130), "{stopped:?}");
    assert!(stopped.err.contains("left for --resume"), "{stopped:?}");
    assert!(!below(&room.path("out")).iter().any(|n| n.ends_with(".part")));
    room.run(SLOW).succeeded();
    assert_eq!(below(&room.path("out")), names(6));
}

#[test]
fn several_models_make_a_result_each_and_the_report_has_all() {
    let room = Room::new();
    room.write("n.safetensors", &model(4, 1).to_bytes().unwrap());
    std::fs::create_dir(room.path("in")).unwrap();
    for name in ["a.png", "b.png"] {
        room.picture(Path::new("in").join(name), &rgb(20, 12));
    }
    let batch = |more: &[&str]| {
        let words = ["batch", "in", "--out", "out", "--device", "cpu", "--model", "m.safetensors,n.safetensors"];
        room.run(words.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let plan = batch(&["--dry-run"]).succeeded().out;
    assert!(plan.contains("4 of 4 pictures would be made") && plan.contains("a_x2_n.png"), "{plan}");
    assert!(batch(&["--report", "r.csv"]).succeeded().err.contains("4 of 4 done"));
    for file in ["a_x2_m.png", "a_x2_n.png", "b_x2_m.png", "b_x2_n.png"] {
        assert!(room.path("out").join(file).exists(), "{file}");
    }
    assert_eq!(std::fs::read_to_string(room.path("r.csv")).unwrap().lines().count(), 5, "a title and four rows");
    assert_eq!(std::fs::read_dir(room.path("out")).unwrap().count(), 4, "no journal is left");
    batch(&["--template", "{name}"]).failed(2, "--template", &["{model}"]);
}

/// A name that is no text is known again in its result's: what a batch made is not enlarged by the next one.
#[cfg(target_os = "linux")]
#[test]
fn results_of_names_that_are_no_text_are_known() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let room = library(0);
    for name in [&b"in/a/caf\xe9.png"[..], b"in/a/caf\xe9_x2.png", b"in/a/caf\xe8_x2.png"] {
        room.picture(OsStr::from_bytes(name), &rgb(9, 7));
    }
    batch(&room, &[]).succeeded();
    let made: BTreeSet<Vec<u8>> = std::fs::read_dir(room.path("out/a"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().as_bytes().to_owned())
        .collect();
    assert_eq!(made, BTreeSet::from([b"caf\xe9_x2.png".to_vec(), b"caf\xe8_x2_x2.png".to_vec()]));
}

#[test]
fn pictures_without_colour_stay_without_colour() {
    let room = library(0);
    let grey = photo(9, 7, 1, Depth::Eight);
    let addersr::tensor::Samples::U8(v) = &grey.samples else { panic!("8 bits") };
    let samples = addersr::tensor::Samples::U8(v.iter().flat_map(|&v| [v; 3]).collect());
    room.picture("in/a/grey.png", &addersr::tensor::Pixels { channels: 3, samples, ..grey });
    batch(&room, &["--scale", "2.5"]).succeeded();
    let made = room.decode("out/a/grey_x2.5.png");
    assert!(made.is_grey() || made.evened().is_some_and(|even| even == made), "grey as it was");
}
