//! The Train tab: pictures come in, are judged, can be held out, and a run begins and stops.

use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    session::models::ModelRef,
    tensor::{Pixels, Samples},
    ui::{
        Settings, Shell,
        tabs::{Tab, train::Train},
    },
};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

struct Window {
    tab: Train,
    shell: Shell,
}

fn window() -> Harness<'static, Window> {
    let mut shell = Shell::new(Arc::new(|| ()), Settings { device: "cpu".to_owned(), ..Settings::default() });
    let tab = Train::new(&mut shell);
    let draw = |ui: &mut eframe::egui::Ui, window: &mut Window| {
        window.shell.poll();
        window.tab.poll(&mut window.shell);
        window.tab.ui(ui, &mut window.shell);
    };
    Harness::builder().with_size([1100.0, 800.0]).build_ui_state(draw, Window { tab, shell })
}

/// Draws until something with this name is there.
fn wait(harness: &mut Harness<'_, Window>, name: &str) {
    for _ in 0..3000 {
        harness.step();
        if harness.query_all_by_label_contains(name).next().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("`{name}` did not appear within a minute");
}

/// Waits for the list of models that are kept.
fn models(harness: &mut Harness<'_, Window>, what: &str, done: impl Fn(&[PathBuf]) -> bool) -> Vec<PathBuf> {
    for _ in 0..3000 {
        harness.step();
        let models = &harness.state().shell.settings.models;
        if done(models) {
            return models.clone();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("in a minute: {what}; {:?}", harness.state().shell.settings.models);
}

fn enabled(harness: &Harness<'_, Window>, name: &str) -> bool {
    !harness.get_by_label(name).accesskit_node().is_disabled()
}

/// Pictures of noise: sharp, and all different.
fn write(folder: &Path, names: &[(&str, usize)]) {
    let mut state = 1u32;
    for &(name, side) in names {
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let samples = Samples::U8((0..side * side * 3).map(|_| noise()).collect());
        let pixels = Pixels::new(side, side, 3, samples).expect("sizes agree");
        let options = EncodeOptions::new(Format::Png);
        encode(&pixels, &Metadata::default(), &folder.join(name), &options).expect("a temporary folder");
    }
}

#[test]
fn without_pictures_it_says_what_to_do() {
    let mut harness = window();
    harness.run_ok();
    harness.get_by_label("Train a model on your own pictures");
    assert!(!enabled(&harness, "Train"));
    harness.get_by_label("Add pictures of at least 64 × 64 pixels.");
}

#[test]
fn dropped_pictures_are_judged_and_one_is_held_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &[("a.png", 80), ("b.png", 96), ("c.png", 20)]);
    let mut harness = window();
    let Window { tab, shell } = harness.state_mut();
    assert!(tab.dropped(&[folder.path().to_owned()], shell));
    wait(&mut harness, "1 for training, 1 held out");
    harness.step();
    harness.get_by_label("3 pictures, 0.0 megapixels, 1 too small");
    assert!(enabled(&harness, "Train"));
    assert!(!enabled(&harness, "Hold out c.png"), "it is left out");
    let held = ["Hold out a.png", "Hold out b.png"].map(|name| {
        harness.get_by_label(name).accesskit_node().toggled() == Some(eframe::egui::accesskit::Toggled::True)
    });
    assert_ne!(held[0], held[1]);
    // The one that is held out is trained on as well: nothing is left to judge by.
    harness.get_by_label(if held[0] { "Hold out a.png" } else { "Hold out b.png" }).click();
    harness.step();
    harness.step();
    assert!(!enabled(&harness, "Train"));
    harness.get_by_label("Hold out at least one picture for evaluation.");
}

#[test]
fn a_run_begins_and_can_be_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), &[("a.png", 64), ("b.png", 64)]);
    let mut harness = window();
    let Window { tab, shell } = harness.state_mut();
    tab.dropped(&[folder.path().to_owned()], shell);
    wait(&mut harness, "1 for training, 1 held out");
    harness.get_by_label("Advanced").click();
    harness.run_steps(20);
    harness.get_by_label("Folder for models").focus();
    harness.get_by_role_and_label(eframe::egui::accesskit::Role::TextInput, "Folder for models").focus();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
    harness.step();
    let field = harness.get_by_role_and_label(eframe::egui::accesskit::Role::TextInput, "Folder for models");
    field.type_text(&folder.path().join("models").to_string_lossy());
    harness.step();
    harness.get_by_label("Train").click();
    harness.step();
    wait(&mut harness, "Stop");
    wait(&mut harness, "Held-out crops");
    harness.get_by_label("Stop").click();
    wait(&mut harness, "Finished");
    harness.step();
    harness.get_by_label("Use in Enhance").click();
    harness.step();
    harness.step();
    assert!(harness.state_mut().shell.take_wanted_model().is_some());
    let file = folder.path().join("models/x2 tuned 1.safetensors");
    assert!(file.exists());
    // It stays for the next day, in 8 bits, and can be called something else.
    models(&mut harness, "it is kept", |models| models == std::slice::from_ref(&file));
    let shell = &harness.state().shell;
    assert_eq!(shell.shared.models.list()[1], ModelRef::File(file.clone()));
    assert!(shell.shared.models.get(&ModelRef::File(file.clone())).unwrap().plan.is_eight_bit());
    harness.get_by_label("Your models…").click();
    harness.run_steps(3);
    let field = harness.get_by_label("Name of x2 tuned 1");
    field.focus();
    harness.step();
    harness.get_by_label("Name of x2 tuned 1").type_text(" on cats");
    harness.run_steps(2);
    assert!(enabled(&harness, "Rename"));
    harness.key_press(eframe::egui::Key::Enter);
    let renamed = models(&mut harness, "it has another name", |models| models[0] != file);
    assert!(renamed[0].exists() && !file.exists(), "{renamed:?}");
    harness.run_steps(2);
    harness.get_by_label("Delete…").click();
    harness.run_steps(2);
    harness.get_by_label("Delete permanently").click();
    models(&mut harness, "it is gone", <[PathBuf]>::is_empty);
    assert!(!renamed[0].exists());
    harness.key_press(eframe::egui::Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("Done").is_none());
}

#[test]
fn a_saved_run_is_taken_up_by_dropping_its_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("no run.checkpoint");
    std::fs::write(&file, "nothing").expect("a temporary folder");
    let mut harness = window();
    harness.run_ok();
    assert!(enabled(&harness, "Continue a run…"));
    let Window { tab, shell } = harness.state_mut();
    assert!(tab.dropped(std::slice::from_ref(&file), shell));
    // It is asked for as a run, not judged as a picture: the worker says what is wrong with it.
    for _ in 0..500 {
        harness.step();
        if let Some(notice) = harness.state_mut().shell.notices().first() {
            assert!(notice.failed && notice.text.contains("no run.checkpoint"), "{}", notice.text);
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing was said");
}

#[test]
fn settings_can_be_undone_and_are_remembered() {
    let mut harness = window();
    harness.run_ok();
    harness.get_by_label("Camera").click();
    harness.run_steps(3);
    harness.get_by_label("Long").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("60 min").is_some());
    let kept = harness.state().shell.settings.train.clone();
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::Z);
    harness.run_steps(3);
    assert!(harness.query_by_label("60 min").is_none() && harness.state().shell.settings.train != kept);
    harness.get_by_label("Redo (Ctrl+Shift+Z)").click();
    harness.run_steps(3);
    assert_eq!(harness.state().shell.settings.train, kept);
    let mut shell = Shell::new(Arc::new(|| ()), harness.state().shell.settings.clone());
    let tab = Train::new(&mut shell);
    let draw = |ui: &mut eframe::egui::Ui, window: &mut Window| window.tab.ui(ui, &mut window.shell);
    let mut later = Harness::builder().with_size([1100.0, 800.0]).build_ui_state(draw, Window { tab, shell });
    later.run_ok();
    assert!(later.query_by_label("60 min").is_some(), "another day begins with it");
}
