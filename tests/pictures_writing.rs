//! Writing: complete or not at all, never over something by accident, and what the disk refuses said in a sentence.

use std::io::Write;
use std::path::{Path, PathBuf};

use addersr::image_io::{EncodeOptions, Error, ErrorKind, Format, Guard, Metadata, decode, encode};
use addersr::tensor::{Pixels, Samples};

fn picture(side: usize) -> Pixels {
    let mut state = 7u32;
    let v = (0..side * side * 3).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    Pixels::new(side, side, 3, Samples::U8(v.collect())).unwrap()
}

fn save(path: &Path, side: usize, overwrite: bool) -> addersr::image_io::Result<Vec<String>> {
    let options = EncodeOptions { overwrite, ..EncodeOptions::new(Format::from_path(path).unwrap()) };
    encode(&picture(side), &Metadata::default(), path, &options)
}

/// Names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    all.sort();
    all
}

#[test]
fn a_written_file_is_complete_and_alone() {
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Png, Format::WebP, Format::Tiff, Format::Bmp] {
        let path = folder.path().join(format!("ä #{format} %20.{}", format.extension()));
        save(&path, 40, false).unwrap();
        assert_eq!(decode(&path).unwrap().pixels, picture(40));
        assert_eq!(names(folder.path()).len(), 1);
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn nothing_is_replaced_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    std::fs::write(&path, b"precious").unwrap();
    let error = save(&path, 8, false).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Exists), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    save(&path, 8, true).unwrap();
    assert_eq!(decode(&path).unwrap().pixels, picture(8));
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[test]
fn a_file_that_appears_meanwhile_is_not_replaced_either() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let target = Guard::default().claim(&path, false).unwrap();
    let result = target.write(|out| {
        out.write_all(b"mine").unwrap();
        std::fs::write(&path, b"theirs").unwrap();
        Ok(())
    });
    assert!(matches!(result, Err(Error { kind: ErrorKind::Exists, .. })));
    assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[test]
fn a_failure_half_way_leaves_the_old_file_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    std::fs::write(&path, b"old").unwrap();
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    let target = Guard::default().claim(&path, true).unwrap();
    let result: Result<(), Error> = target.write(|out| {
        out.write_all(&[0; 200_000]).unwrap();
        Err(Error::new(&path, ErrorKind::DiskFull { source: full() }))
    });
    assert!(matches!(result, Err(Error { kind: ErrorKind::DiskFull { .. }, .. })));
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["a.png"]);
}

#[test]
fn what_a_format_cannot_hold_is_refused_before_anything_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let clear = Pixels::new(1, 1, 4, Samples::U8(vec![1, 2, 3, 4])).unwrap();
    let path = folder.path().join("a.jpg");
    let error = encode(&clear, &Metadata::default(), &path, &EncodeOptions::new(Format::Jpeg)).unwrap_err();
    assert!(error.to_string().contains("a.jpg") && error.to_string().contains("transparency"), "{error}");
    let wide = Pixels::new(16_384, 1, 1, Samples::U8(vec![0; 16_384])).unwrap();
    let error = encode(&wide, &Metadata::default(), &path, &EncodeOptions::new(Format::WebP)).unwrap_err();
    assert!(error.to_string().contains("16383"), "{error}");
    let gif = encode(&picture(3), &Metadata::default(), &path, &EncodeOptions::new(Format::Gif)).unwrap_err();
    assert!(gif.to_string().contains("GIF"), "{gif}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn targets_that_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no such folder").join("a.png");
    let error = save(&missing, 8, false).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::NoFolder { .. }), "{error}");
    assert!(error.to_string().contains("no such folder does not exist"), "{error}");
    std::fs::create_dir(folder.path().join("b.png")).unwrap();
    assert!(matches!(save(&folder.path().join("b.png"), 8, true), Err(Error { kind: ErrorKind::TargetIsFolder, .. })));
    assert_eq!(names(folder.path()), ["b.png"]);
}

#[cfg(unix)]
#[test]
fn devices_are_not_replaced_and_links_stay_links() {
    let options = EncodeOptions { overwrite: true, ..EncodeOptions::new(Format::Png) };
    let null = encode(&picture(2), &Metadata::default(), Path::new("/dev/null"), &options);
    assert!(matches!(null, Err(Error { kind: ErrorKind::NotAFile { .. }, .. })), "{null:?}");

    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file.png"), folder.path().join("link.png"));
    std::fs::write(&file, b"old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    save(&link, 8, true).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(decode(&file).unwrap().pixels, picture(8));
}

#[cfg(unix)]
#[test]
fn a_new_file_is_readable_as_others_are() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (ours, usual) = (folder.path().join("a.png"), folder.path().join("b.png"));
    save(&ours, 4, false).unwrap();
    std::fs::write(&usual, b"x").unwrap();
    let mode = |p: &Path| p.metadata().unwrap().permissions().mode();
    assert_eq!(mode(&ours), mode(&usual));
}

/// A file system of 64 KiB in memory, as long as this lives.
struct TinyDisk(PathBuf);

impl TinyDisk {
    fn mount(folder: &Path, more: &str) -> Option<Self> {
        let options = format!("size=64k{more}");
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder)
            .stderr(std::process::Stdio::null())
            .status();
        if matches!(mount, Ok(status) if status.success()) {
            return Some(Self(folder.into()));
        }
        eprintln!("SKIPPED: mounting a tiny file system needs Linux and root");
        None
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = TinyDisk::mount(folder.path(), "") else { return };
    let kept = disk.0.join("kept.png");
    save(&kept, 30, false).unwrap();
    for name in ["kept.png", "new.png", "new.tif", "new.bmp", "new.webp", "new.jpg"] {
        let path = disk.0.join(name);
        let error = save(&path, 400, true).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::DiskFull { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains(name) && message.contains("disk is full"), "{message}");
        assert_eq!(names(&disk.0), ["kept.png"]);
        assert_eq!(decode(&kept).unwrap().pixels, picture(30));
    }
}

#[test]
fn a_read_only_file_system_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = TinyDisk::mount(folder.path(), ",ro") else { return };
    let error = save(&disk.0.join("a.png"), 8, false).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains("a.png"), "{error}");
}

/// Root may do everything, so this test runs itself once more, as somebody else.
#[cfg(unix)]
#[test]
fn permissions_are_named() {
    const FOLDER: &str = "ADDERSR_TEST_FOLDER";
    match std::env::var_os(FOLDER) {
        Some(folder) => without_permissions(Path::new(&folder)),
        None => as_somebody_else("permissions_are_named", FOLDER),
    }
}

/// Prepares a folder that others may not write to, with a file that they may not read, and runs a test of this program
/// there.
#[cfg(unix)]
fn as_somebody_else(test: &str, variable: &str) {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(folder.path(), 0o755);
    let (program, closed, secret) =
        (folder.path().join("test"), folder.path().join("closed"), folder.path().join("secret.png"));
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    set(&program, 0o755);
    std::fs::create_dir(&closed).unwrap();
    save(&secret, 4, false).unwrap();
    set(&closed, 0o555);
    set(&secret, 0o000);

    let mut other = std::process::Command::new(&program);
    other.args(["--exact", test]).env(variable, folder.path());
    if std::fs::read(&secret).is_ok() {
        other.uid(65_534).gid(65_534);
    }
    match other.output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("1 passed"), "{said}");
        }
        Err(e) => eprintln!("SKIPPED: no program may be run as somebody else here ({e})"),
    }
    set(&closed, 0o755);
}

#[cfg(unix)]
fn without_permissions(folder: &Path) {
    let error = decode(&folder.join("secret.png")).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreadable { .. }), "{error}");
    assert!(error.to_string().contains("secret.png") && error.to_string().contains("permissions"), "{error}");
    let error = save(&folder.join("closed").join("a.png"), 4, false).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains("a.png"), "{error}");
}
