//! Results that cannot be written: found out before the work where possible, and never at the price of a file.

use crate::support::{Room, photo, rgb};
use addersr::tensor::Depth;

#[test]
fn what_exists_is_left_alone_unless_told_otherwise() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    room.write("p_x2.png", b"precious");
    room.upscale(["p.png"]).failed(1, "p_x2.png", &["exists"]);
    assert_eq!(std::fs::read(room.path("p_x2.png")).unwrap(), b"precious");
    room.upscale(["p.png", "--overwrite"]).succeeded();
    assert_eq!(room.decode("p_x2.png").width, 16);
    assert_eq!(room.files(), ["p.png", "p_x2.png"]);
}

#[test]
fn no_photo_is_ever_replaced() {
    let room = Room::new();
    room.picture("a.png", &rgb(8, 6));
    room.picture("b.png", &rgb(6, 8));
    let before = std::fs::read(room.path("a.png")).unwrap();
    room.upscale(["a.png", "-o", "./a.png", "--overwrite"]).failed(1, "a.png", &["choose another name"]);
    // Another photo of the same run.
    let said = room.upscale(["b.png", "a.png", "--template", "a", "--overwrite"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(std::fs::read(room.path("a.png")).unwrap(), before);
    assert_eq!(room.files(), ["a.png", "b.png"]);
}

#[test]
fn a_hard_link_to_a_photo_or_to_the_model_is_that_file() {
    let room = Room::new();
    room.picture("a.png", &rgb(8, 6));
    room.picture("b.png", &rgb(6, 8));
    let before = ["a.png", "b.png", "m.safetensors"].map(|name| std::fs::read(room.path(name)).unwrap());
    for (file, link) in [("a.png", "of-a.png"), ("b.png", "b_x2.png"), ("m.safetensors", "of-m.png")] {
        std::fs::hard_link(room.path(file), room.path(link)).unwrap();
    }
    room.upscale(["a.png", "-o", "of-a.png", "--overwrite"]).failed(1, "of-a.png", &["would replace"]);
    room.upscale(["a.png", "-o", "of-m.png", "--overwrite"]).failed(1, "of-m.png", &["would replace"]);
    let said = room.upscale(["a.png", "b.png", "--overwrite"]);
    assert!(said.code == Some(1) && said.err.contains("b_x2.png: the result would replace"), "{said:?}");
    let after = ["a.png", "b.png", "m.safetensors"].map(|name| std::fs::read(room.path(name)).unwrap());
    assert_eq!(before, after);
    assert_eq!(room.files(), ["a.png", "a_x2.png", "b.png", "b_x2.png", "of-a.png", "of-m.png"]);
}

#[test]
fn names_that_are_too_long_are_known_before_the_work() {
    let room = Room::new();
    let name = format!("{}.png", "n".repeat(250));
    room.picture(&name, &rgb(8, 6));
    for size in ["--scale=2", "--scale=2.5"] {
        room.upscale([&name, size]).failed(1, "nnn", &["longer than the file system", "--template"]);
    }
    room.upscale([name.as_str(), "--template", "{n}"]).succeeded();
    assert_eq!(room.files(), ["1.png".to_owned(), name]);
}

#[test]
fn feature_maps_do_not_replace_the_photo_or_each_other() {
    let room = Room::new();
    std::fs::create_dir(room.path("maps")).unwrap();
    room.picture("maps/head.png", &rgb(8, 6));
    let before = std::fs::read(room.path("maps/head.png")).unwrap();
    let args =
        ["layers", "maps/head.png", "--layer", "head", "--out", "maps", "--model", "m.safetensors", "--overwrite"];
    room.run(args).failed(1, "head.png", &["would replace"]);
    assert_eq!(std::fs::read(room.path("maps/head.png")).unwrap(), before);
    assert_eq!(std::fs::read_dir(room.path("maps")).unwrap().count(), 1);
}

#[test]
fn two_results_of_one_name_are_told_apart() {
    let room = Room::new();
    for folder in ["one", "two"] {
        std::fs::create_dir(room.path(folder)).unwrap();
        room.picture(format!("{folder}/p.png"), &rgb(8, 6));
    }
    let args = ["one/p.png", "two/p.png", "-o", "out", "--overwrite"];
    room.upscale(args).failed(1, "p_x2.png", &["has this name already", "{n}"]);
    room.upscale(args.iter().chain(&["--template", "{n}_{name}"])).succeeded();
    assert!(room.path("out/1_p.png").exists() && room.path("out/2_p.png").exists());
}

#[test]
fn a_folder_that_is_not_there() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    room.upscale(["p.png", "-o", "nowhere/p.png"]).failed(1, "nowhere/p.png", &["create it first"]);
    assert_eq!(room.files(), ["p.png"]);
}

#[test]
fn a_file_where_a_folder_should_be() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    room.write("out", b"a file");
    room.upscale(["p.png", "p.png", "-o", "out"]).failed(1, "out", &["choose another place"]);
    assert_eq!(std::fs::read(room.path("out")).unwrap(), b"a file");
}

#[test]
fn alpha_is_not_flattened_into_jpeg() {
    let room = Room::new();
    room.picture("a.png", &photo(8, 6, 4, Depth::Eight));
    room.upscale(["a.png", "-o", "a.jpg"]).failed(1, "a.jpg", &["transparency", "PNG"]);
    assert_eq!(room.files(), ["a.png"]);
}

#[test]
fn too_large_for_the_format_is_known_before_the_work() {
    let room = Room::new();
    room.picture("wide.png", &rgb(9000, 1));
    room.upscale(["wide.png", "-o", "wide.webp"]).failed(1, "wide.webp", &["16383", "18000×2", "PNG"]);
    assert_eq!(room.files(), ["wide.png"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    let folder = room.path("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write anywhere but to file systems that are read-only, such as this one.
    let out = match std::fs::File::create(folder.join("probe")) {
        Err(_) => "locked/p.png",
        Ok(_) if std::path::Path::new("/proc/self").exists() => "/proc/self/p.png",
        Ok(_) => {
            eprintln!("SKIPPED: read-only folders need a user who is not root, or /proc");
            return;
        }
    };
    let said = room.upscale(["p.png", "-o", out]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.starts_with("error: ") && said.err.contains(out), "{said:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_and_loses_nothing() {
    let room = Room::new();
    let disk = room.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&disk)
        .output()
        .is_ok_and(|o| o.status.success());
    if !mounted {
        eprintln!("SKIPPED: a full disk needs the right to mount a tmpfs of 64 KB");
        assert!(std::env::var_os("ADDERSR_REQUIRE_TMPFS").is_none(), "ADDERSR_REQUIRE_TMPFS is set");
        return;
    }
    std::fs::write(disk.join("old.png"), b"precious").unwrap();
    room.picture("p.png", &rgb(200, 150));
    let said = room.upscale(["p.png", "-o", "disk/old.png", "--overwrite"]);
    let left: Vec<_> = std::fs::read_dir(&disk).unwrap().map(|e| e.unwrap().file_name()).collect();
    let old = std::fs::read(disk.join("old.png")).unwrap();
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    said.failed(1, "disk/old.png", &["disk is full"]);
    assert_eq!((left, old), (vec!["old.png".into()], b"precious".to_vec()));
    assert!(unmounted.is_ok_and(|s| s.success()));
}
