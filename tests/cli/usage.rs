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

#[test]
fn a_missing_file_is_called_missing_and_not_a_subcommand() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    for args in [&["missing.jpg"][..], &["-v", "missing.jpg"], &["photos/none.png"], &["--threads", "2", "./none"]] {
        let file = *args.last().unwrap();
        let said = room.run(args).failed(1, file, &["there is no such file"]);
        assert!(!said.err.contains("subcommand"), "{said:?}");
    }
    let said = room.run(["upscal", "p.png"]);
    assert!(said.code == Some(2) && said.err.contains("'upscale'"), "a slip of the pen gets a hint: {said:?}");
}

#[test]
fn a_decimal_comma_is_answered_with_a_point() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    for (args, point) in [
        (&["upscale", "p.png", "--scale", "2,5"][..], "2.5"),
        (&["batch", "p.png", "--out", "out", "--scale", "1,5"], "1.5"),
        (&["train", "--data", ".", "--out", "x.safetensors", "--minutes", "0,5"], "0.5"),
        (&["train", "--data", ".", "--out", "x.safetensors", "--rate", "0,001"], "0.001"),
        (&["quantize", "x2", "--data", ".", "--out", "x.safetensors", "--finetune", "0,5"], "0.5"),
    ] {
        let said = room.run(args);
        assert!(said.code == Some(2) && said.err.contains(&format!("with a point: {point}")), "{args:?}: {said:?}");
    }
    assert_eq!(room.files(), ["p.png"]);
}

#[cfg(unix)]
#[test]
fn names_with_control_characters_do_nothing_to_the_terminal() {
    let room = Room::new();
    let name = "a\u{1b}[31m\nerror: all is lost\u{7}.png";
    room.picture(name, &rgb(8, 6));
    room.write("b\u{1b}]0;title.png", b"no picture");
    std::fs::create_dir(room.path("in")).unwrap();
    std::fs::rename(room.path(name), room.path("in").join(name)).unwrap();
    let inside = format!("in/{name}");
    for args in [
        vec!["upscale", "--model", "m.safetensors", inside.as_str(), "b\u{1b}]0;title.png"],
        vec!["batch", "in", "--out", "out", "--model", "m.safetensors", "--dry-run"],
        vec!["batch", "in", "--out", "out", "--model", "m.safetensors", "-v"],
        vec!["info", "no\u{1b}[2Jmodel.safetensors"],
        vec!["no\u{1b}[2Jfile.png"],
    ] {
        let said = room.run(&args);
        let text = said.out.clone() + &said.err;
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{args:?}: {said:?}");
        assert!(!text.lines().any(|line| line.starts_with("error: all is lost")), "{args:?}: {said:?}");
    }
    assert!(room.path("out").join("a\u{1b}[31m\nerror: all is lost\u{7}_x2.png").exists(), "files keep their names");
}

#[test]
fn a_log_in_a_file_holds_no_colours() {
    let room = Room::new();
    room.picture("p.png", &rgb(8, 6));
    let said = room.upscale(["p.png", "-vv"]).succeeded();
    assert!(said.err.contains("computing on") && !said.err.contains('\u{1b}'), "{said:?}");
}
