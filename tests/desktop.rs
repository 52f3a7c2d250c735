//! What a desktop is told about the program: its entry, the pictures that it opens, its icon.

use addersr::{image_io::Format, ui::icons};
use std::path::Path;

fn asset(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)).unwrap()
}

#[test]
fn the_entry_opens_every_format_that_can_be_read() {
    let entry = asset("linux/addersr.desktop");
    let value = |key: &str| entry.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default();
    assert!(value("Exec").starts_with("addersr %F"), "paths are handed over");
    assert_eq!(value("StartupWMClass"), "addersr", "windows are matched to the entry");
    for kind in value("MimeType").split_terminator(';') {
        let extension = kind.strip_prefix("image/").unwrap();
        assert!(Format::from_path(Path::new(&format!("photo.{extension}"))).is_some(), "{kind}");
    }
    for extension in ["png", "jpeg", "webp", "tiff", "bmp", "gif", "jxl", "avif", "heic"] {
        assert!(value("MimeType").contains(&format!("image/{extension};")), "{extension}");
    }
}

#[test]
fn the_windows_icon_is_the_one_in_the_file() {
    let icon = icons::window();
    let at = |x: usize, y: usize| &icon.rgba[(y * icon.width as usize + x) * 4..][..4];
    assert_eq!((icon.width, icon.height), (64, 64));
    assert_eq!(at(0, 0)[3], 0, "round corners");
    assert_eq!(at(32, 32), [255; 4], "the minus");
    assert_eq!(at(32, 20), [0x24, 0x5c, 0xbe, 255], "the ground");
    assert!(asset("icon.svg").contains("#245cbe"));
}
