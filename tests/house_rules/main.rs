//! The rules of the house (DESIGN), checked by reading the sources: a breach is named by file and line.
//!
//! The checker reads text, not Rust; it errs where code is written to deceive it, which nobody here does.

mod imports;
mod paths;
mod rules;
mod shown;
mod source;

use source::Source;

#[test]
fn the_house_is_in_order() {
    let sources = Source::tree(&["src", "tests", "benches"]);
    assert!(sources.iter().any(|s| s.path == "src/lib.rs"), "the sources were found");
    let breaches = rules::breaches(&sources);
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn named_paths_exist() {
    let files = paths::files();
    let texts = paths::texts(&files);
    assert!(texts.iter().any(|(path, _)| *path == "README.md"), "the pages were found");
    let stale: Vec<String> = texts.iter().flat_map(|(path, text)| paths::stale(path, text, &files)).collect();
    assert!(stale.is_empty(), "\n{}\n", stale.join("\n"));
}

#[test]
fn finds_paths_that_lead_nowhere() {
    let files = ["src/nn/op.rs", "src/nn/layers/mod.rs", "shaders/shared/window.wgsl"].map(str::to_owned);
    let text = "//! As src/nn/op.rs, `src/nn/layers` and shared/window.wgsl.\nlet x = 1; // window.wgsl, op.rs\n";
    assert_eq!(paths::stale("src/x.rs", text, &files), [""; 0]);
    let text = "//! As src/nn/ops.rs.\nlet x = \"src/y.rs\"; // see window2.wgsl\n/// `src/mm`\n";
    assert_eq!(
        paths::stale("src/x.rs", text, &files),
        [
            "src/x.rs:1: there is no `src/nn/ops.rs`",
            "src/x.rs:2: there is no `window2.wgsl`",
            "src/x.rs:3: there is no `src/mm`"
        ]
    );
    assert_eq!(paths::stale("README.md", "see (docs/x.md)", &files), ["README.md:1: there is no `docs/x.md`"]);
}

/// What the rules say of one file.
fn breaches(path: &str, text: &str) -> Vec<String> {
    rules::breaches(&[Source::new(path, text)])
}

#[test]
fn finds_imports_against_the_direction() {
    let text = "//! A room.\nuse crate::{\n    nn::{Op, Plan},\n    train::Trainer,\n};\nfn f(x: crate::cli::X) {}\n";
    assert_eq!(
        breaches("src/backend/cpu/mod.rs", text),
        [
            "src/backend/cpu/mod.rs:4: `backend` may not import `train`",
            "src/backend/cpu/mod.rs:6: `backend` may not import `cli`"
        ]
    );
    assert_eq!(breaches("src/cli/x.rs", text), [""; 0], "the command line may import everything below");
    // Siblings, by the long way round.
    let text = "//! A file.\nuse super::super::train::Loss;\nuse super::train;\n";
    assert_eq!(breaches("src/infer/tiles.rs", text), ["src/infer/tiles.rs:2: `infer` may not import `train`"]);
    assert_eq!(
        breaches("src/attic.rs", "//! A.\n"),
        ["src/attic.rs:1: `attic` is a room that no rule knows; add it here"]
    );
}

#[test]
fn finds_crates_outside_their_rooms() {
    let text = "//! A file.\nuse image::DynamicImage;\nfn f() -> u32 {\n    rayon::current_num_threads()\n}\n";
    assert_eq!(
        breaches("src/infer/mod.rs", text),
        [
            "src/infer/mod.rs:2: `image` belongs into src/image_io",
            "src/infer/mod.rs:4: `rayon` belongs into src/backend/cpu/mod.rs or src/train",
        ]
    );
    assert_eq!(breaches("src/image_io/x.rs", "//! A file.\nuse image::codecs;\nuse self::image::x;\n"), [""; 0]);
    let text = "//! A file.\nuse std::{\n    arch::x86_64::*,\n    sync::Arc,\n};\nuse egui;\nuse egui_extras::X;\n";
    assert_eq!(
        breaches("src/session/x.rs", text),
        [
            "src/session/x.rs:3: `std::arch` belongs into src/backend/cpu/lanes",
            "src/session/x.rs:6: `egui` belongs into src/ui or src/main.rs",
            "src/session/x.rs:7: `egui_extras` belongs into src/ui or src/main.rs",
        ]
    );
}

#[test]
fn finds_unsafe_code() {
    let text = "//! No unsafe here.\n#![allow(unsafe_code)]\nfn f() {\n    unsafe { g() } // unsafe\n}\n";
    assert_eq!(
        breaches("src/backend/cpu/window.rs", text),
        [
            "src/backend/cpu/window.rs:2: `unsafe_code` belongs into src/backend/cpu/lanes or src/backend/cpu/isa.rs or src/backend/gpu/pipelines.rs",
            "src/backend/cpu/window.rs:4: `unsafe` belongs into src/backend/cpu/lanes or src/backend/cpu/isa.rs or src/backend/gpu/pipelines.rs",
        ]
    );
    assert_eq!(breaches("src/backend/cpu/lanes/avx2.rs", text), [""; 0]);
}

#[test]
fn finds_threads_that_a_window_begins() {
    let text = "//! A.\nfn f() {\n    std::thread::spawn(g);\n}\n";
    let found = breaches("src/ui/app.rs", text);
    assert_eq!(found, ["src/ui/app.rs:3: `thread::spawn` belongs into src/session"]);
    assert_eq!(breaches("src/session/task.rs", text), [""; 0]);
}

#[test]
fn finds_files_that_are_created_without_the_guard() {
    let text = "//! A.\nuse std::{\n    fs::{self, write},\n    io,\n};\nfn f() {\n    std::fs::write(a, b);\n    let x = File::create_new(a);\n    \
                fs::remove_file(a);\n    std::fs::read(a);\n    fs::write_all(a); OpenOptions::new();\n}\n#[cfg(test)]\nmod tests {\n    \
                fn g() { std::fs::write(a, b) }\n}\n";
    assert_eq!(
        breaches("src/session/x.rs", text),
        [
            "src/session/x.rs:3: `fs::write` belongs into src/image_io/guard.rs",
            "src/session/x.rs:7: `fs::write` belongs into src/image_io/guard.rs",
            "src/session/x.rs:8: `File::create_new` belongs into src/image_io/guard.rs",
            "src/session/x.rs:8: `create_new` belongs into src/image_io/guard.rs",
            "src/session/x.rs:9: `fs::remove_file` belongs into src/image_io/guard.rs or src/session/batch/journal.rs or src/session/batch/lock.rs",
            "src/session/x.rs:11: `OpenOptions` belongs into src/image_io/guard.rs",
        ]
    );
    assert_eq!(breaches("src/image_io/guard.rs", "//! A.\nfn f() { File::create(a); }\n"), [""; 0]);
    assert_eq!(breaches("tests/x.rs", "//! A.\nfn f() { std::fs::write(a, b); }\n"), [""; 0]);
}

#[test]
fn finds_what_prints_on_its_own() {
    let text = "//! A.\nfn f() {\n    println!(a);\n    tell!(b); eprint!(c);\n}\n#[cfg(test)]\nmod tests {\n    fn g() { println!(a) }\n}\n";
    assert_eq!(
        breaches("src/cli/x.rs", text),
        [
            "src/cli/x.rs:3: `println!` belongs into src/cli/text.rs or src/main.rs",
            "src/cli/x.rs:4: `eprint!` belongs into src/cli/text.rs or src/main.rs",
        ]
    );
    assert_eq!(breaches("src/cli/text.rs", text), [""; 0]);
}

#[test]
fn finds_words_outside_the_catalogues() {
    let text = "//! A.\nfn f() {\n    ui.button(\"Open\").on_hover_text(text!(\"open-tip\"));\n    let tip = \"Opens a photo\";\n    \
                ui.label(RichText::new(format!(\"{n} left\")).weak());\n    let hint = format!(\"{n} px\");\n    \
                ComboBox::from_id_salt(\"size kind\").selected_text(text!(\"Size\"));\n    [(A, \"Split\"), (B, \"png\")];\n}\n\
                #[cfg(test)]\nmod tests {\n    fn g() { ui.label(\"Open\") }\n}\n";
    let rest = "belongs into the catalogues in assets/text";
    let expected = [(3, "Open"), (4, "Opens a photo"), (5, "{n} left"), (8, "Split")];
    assert_eq!(
        breaches("src/ui/x.rs", text),
        expected.map(|(line, what)| format!("src/ui/x.rs:{line}: `{what}` {rest}"))
    );
    assert_eq!(breaches("src/ui/text/names.rs", text), [""; 0]);
    assert_eq!(breaches("src/cli/x.rs", text), [""; 0]);
}

#[test]
fn finds_what_is_unfinished() {
    let text = "//! A file.\nfn f() {\n    todo!()\n}\n#[test]\n#[ignore = \"slow\"]\nfn g() { dbg!(1); unimplemented!(\"x\") }\n";
    assert_eq!(
        breaches("tests/x.rs", text),
        [
            "tests/x.rs:3: `todo!` may not stay",
            "tests/x.rs:6: `#[ignore` may not stay",
            "tests/x.rs:7: `dbg!` may not stay",
            "tests/x.rs:7: `unimplemented!` may not stay",
        ]
    );
}

#[test]
fn finds_pairs_that_do_not_say_what_they_are() {
    let text = "//! A file.\nfn f(size: (usize, usize), g: impl Fn(usize, usize)) -> Option<(usize, usize)> {}\n";
    let told = "src/nn/x.rs:2: a bare pair: say it with `Size`, `Point` or names";
    assert_eq!(breaches("src/nn/x.rs", text), [told; 2]);
    assert_eq!(breaches("tests/x.rs", text), [""; 0]);
}

#[test]
fn finds_files_without_a_head_and_files_too_long() {
    assert_eq!(
        breaches("src/nn/x.rs", "use crate::tensor;\n"),
        ["src/nn/x.rs:1: begins without `//!`: say what the file is for"]
    );
    let long = format!("//! Long.\n{}", "// line\n".repeat(400));
    assert_eq!(breaches("src/nn/x.rs", &long), ["src/nn/x.rs:401: the file has more than 400 lines: split it"]);
}

#[test]
fn reads_no_comments_and_no_strings() {
    let text = r##"//! A file: todo!
/* unsafe /* todo!() */ unsafe */
fn f<'a>(x: &'a str) -> char {
    let _ = ("todo!() \" unsafe", r#"unsafe "todo!()"#, b"todo!", 'x', '"', '\'');
    'u' // dbg!
}
"##;
    assert_eq!(breaches("src/nn/x.rs", text), [""; 0]);
    // And what stands behind them is read again.
    let text = "//! A.\nfn f<'a>() { let _ = ('\"', \"\\\\\"); todo!() }\n/* */ fn g() { unsafe {} }\n";
    assert_eq!(breaches("src/nn/x.rs", text).len(), 2);
}
