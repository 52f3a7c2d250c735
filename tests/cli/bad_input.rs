//! Photos that cannot be read: one sentence with the file and what to do, exit code 1, nothing left behind.

use crate::support::{Room, photo, rgb};
use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    tensor::Depth,
};

fn png(width: u32, height: u32) -> Vec<u8> {
    let (mut file, _) =
        image_io::encode_to_vec(&rgb(8, 8), &Metadata::default(), &EncodeOptions::new(Format::Png)).unwrap();
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&crc.to_be_bytes());
    file
}

/// Of PNG chunks: without it a changed header would be refused for its checksum and not for what it says.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    let room = Room::new();
    room.write(name, bytes);
    room.upscale([name]).failed(1, name, words);
    assert_eq!(room.files(), [name]);
}

#[test]
fn missing() {
    let room = Room::new();
    room.upscale(["nowhere.jpg"]).failed(1, "nowhere.jpg", &["no such file", "check the name"]);
    assert!(room.files().is_empty());
}

#[test]
fn a_folder() {
    let room = Room::new();
    std::fs::create_dir(room.path("holiday.jpg")).unwrap();
    room.upscale(["holiday.jpg"]).failed(1, "holiday.jpg", &["folder"]);
}

#[test]
fn empty() {
    refused("empty.png", b"", &["empty"]);
}

#[test]
fn no_picture() {
    refused("letter.jpg", b"Dear Sir or Madam, I am not a picture.", &["not a picture"]);
}

#[test]
fn truncated() {
    let cut = |format| {
        let photo = photo(40, 30, 3, Depth::Eight);
        let (file, _) = image_io::encode_to_vec(&photo, &Metadata::default(), &EncodeOptions::new(format)).unwrap();
        file[..file.len() / 2].to_vec()
    };
    // Where its pixels lie stands at the end of this TIFF.
    refused("t.tif", &cut(Format::Tiff), &["copy"]);
    let room = Room::new();
    std::fs::write(room.path("t.bmp"), cut(Format::Bmp)).unwrap();
    let said = room.upscale(["t.bmp"]).succeeded();
    assert!(said.err.contains("note: t.bmp") && said.err.contains("53 % of the picture is missing"), "{said:?}");
}

#[test]
fn mislabelled_is_read_by_content_with_a_note() {
    let room = Room::new();
    room.picture("real.png", &rgb(8, 6));
    std::fs::rename(room.path("real.png"), room.path("said.jpg")).unwrap();
    let said = room.upscale(["said.jpg"]).succeeded();
    assert!(said.err.contains("note: said.jpg") && said.err.contains("PNG"), "{said:?}");
    assert_eq!(room.decode("said_x2.png").width, 16);
}

#[test]
fn decompression_bomb() {
    refused("bomb.png", &png(2_000_000_000, 2_000_000_000), &["2000000000×2000000000", "damaged"]);
}

#[test]
fn zero_sized() {
    refused("zero.png", &png(0, 5), &["0×5", "nothing in it"]);
}

#[cfg(unix)]
#[test]
fn unreadable() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    let path = room.picture("secret.png", &rgb(8, 6));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        eprintln!("SKIPPED: unreadable files need a user who is not root");
        return;
    }
    room.upscale(["secret.png"]).failed(1, "secret.png", &["cannot be read", "permissions"]);
}

#[cfg(target_os = "linux")]
#[test]
fn unreadable_by_a_failing_disk() {
    // Reading a process's memory at address 0 fails with an I/O error even for root.
    let room = Room::new();
    std::os::unix::fs::symlink("/proc/self/mem", room.path("disk.png")).unwrap();
    let said = room.upscale(["disk.png"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("disk.png"), "{said:?}");
}

#[cfg(unix)]
#[test]
fn bad_names_are_shown_as_well_as_they_can_be() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let room = Room::new();
    let name = OsStr::from_bytes(b"caf\xe9.png");
    room.write(name, b"no picture");
    room.upscale([name]).failed(1, "caf\u{fffd}.png", &["not a picture"]);
}

#[test]
fn a_result_beyond_memory_is_refused_at_once() {
    let room = Room::new();
    room.picture("p.png", &rgb(30, 20));
    room.upscale(["p.png", "--scale", "60000", "--format", "png"]).failed(
        1,
        "p.png",
        &["1800000×1200000", "smaller size"],
    );
    room.upscale(["p.png", "--width", "99999999999"]).failed(1, "p.png", &["smaller size"]);
    assert_eq!(room.files(), ["p.png"]);
}

/// The crate `tiff` prints a line of its own source about a text that is said to be endless.
#[test]
fn nothing_that_a_library_prints_gets_through() {
    let room = Room::new();
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    for (tag, kind, count, value) in [(256u16, 3u16, 1, 9), (257, 3, 1, 9), (271, 2, u32::MAX, 8)] {
        tiff.extend(
            [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &u32::to_le_bytes(count), &u32::to_le_bytes(value)].concat(),
        );
    }
    room.write("p.tif", &[&tiff[..], &[0; 300]].concat());
    let said = room.upscale(["p.tif"]).failed(1, "p.tif", &["TIFF", "endless"]);
    assert!(said.err.lines().count() == 1 && !said.err.contains(".rs"), "{said:?}");
}
