//! The command line itself.

use crate::support::{Room, rgb};

#[test]
fn help_has_examples_and_every_subcommand_its_own() {
    let room = Room::new();
    for args in [&["--help"][..], &["upscale", "--help"], &["eval", "--help"], &["layers", "--help"]] {
        let said = room.run(args).succeeded();
        assert!(
            said.out.contains("Usage:") && said.out.contains("addersr upscale") || said.out.contains("Example"),
            "{said:?}"
        );
    }
    assert!(room.run(["--version"]).succeeded().out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn nonsense_is_told_apart_from_failure() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    for args in [
        &["upscale"][..],
        &["enlarge", "p.png"],
        &["upscale", "p.png", "--scale", "two"],
        &["upscale", "p.png", "--scale", "2", "--width", "10"],
        &["upscale", "p.png", "--quality", "101"],
        &["upscale", "p.png", "--tile", "0"],
        &["upscale", "p.png", "--device", "abacus"],
        &["upscale", "p.png", "--format", "gif"],
        &["upscale", "p.png", "--template", "{nam}", "--model", "m.safetensors"],
        &["upscale", "p.png", "--template", "../{name}", "--model", "m.safetensors"],
        &["upscale", "p.png", "-o", "x.png", "--format", "jpg", "--model", "m.safetensors"],
        &["upscale", "p.png", "-o", "x.png", "--template", "{name}", "--model", "m.safetensors"],
        &["--threads", "0", "models"],
        &["eval", "--data", ".", "--scale", "0"],
    ] {
        let said = room.run(args);
        assert_eq!(said.code, Some(2), "{args:?}: {said:?}");
        assert!(said.err.starts_with("error: "), "{args:?}: {said:?}");
    }
    for scale in ["0", "-2", "nan", "inf"] {
        let said = room.upscale(["p.png", &format!("--scale={scale}")]);
        assert!(matches!(said.code, Some(1 | 2)), "{said:?}");
        assert!(said.err.starts_with("error: "), "{said:?}");
    }
    room.upscale(["p.png", "-o", "nameless"]).failed(1, "nameless", &[".png", ".jpg"]);
    assert_eq!(room.files(), ["p.png"]);
}

/// Without a screen: what is asked for is the window, and the answer says what works without one.
#[cfg(target_os = "linux")]
#[test]
fn a_window_without_a_screen_is_refused_with_what_works_without() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    for args in [&[][..], &["p.png"]] {
        room.run_headless(args).failed(1, "window", &["addersr upscale"]);
    }
    // A file that is called like a subcommand does not stand in its way.
    room.write("models", b"no picture");
    assert!(room.run(["models"]).succeeded().out.contains("x2"));
}

#[test]
fn verbose_tells_what_computes() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    let said = room.upscale(["p.png", "--verbose"]).succeeded();
    assert!(said.err.contains("computing on") && said.err.contains("16×12"), "{said:?}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_panic() {
    let room = Room::new();
    let command = format!("{} info avdsr | head -n 1", env!("CARGO_BIN_EXE_addersr"));
    let said = crate::support::said(std::process::Command::new("sh").args(["-c", &command]).output().unwrap());
    assert!(!said.err.contains("panicked"), "{said:?}");
    assert!(room.files().is_empty());
}
