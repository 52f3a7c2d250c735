//! The Batch tab: files are dropped and planned, a run is made, a killed one is offered to be gone on with.

use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    infer::{Target, bundled::KindChoice},
    session::batch::{BatchState, Mode, OnExists},
    tensor::{Pixels, Samples},
    ui::{
        BatchLook, Settings, Shell,
        tabs::{Tab, batch::Batch},
    },
};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use std::{path::Path, sync::Arc, time::Duration};

struct Window {
    tab: Batch,
    shell: Shell,
}

fn window(folder: &Path) -> Harness<'static, Window> {
    let mut shell = Shell::new(Arc::new(|| ()), Settings { device: "cpu".to_owned(), ..Settings::default() });
    let tab = Batch::with_journal(&mut shell, folder.join("journal.jsonl"));
    let draw = |ui: &mut eframe::egui::Ui, window: &mut Window| {
        window.tab.poll(&mut window.shell);
        window.tab.ui(ui, &mut window.shell);
    };
    Harness::builder()
        .with_size([1200.0, 800.0])
        .with_context_setup(addersr::ui::theme::apply)
        .build_ui_state(draw, Window { tab, shell })
}

/// Draws until it is so.
fn wait(harness: &mut Harness<'_, Window>, what: &str, so: impl Fn(&Batch) -> bool) {
    for _ in 0..15_000 {
        harness.step();
        if so(&harness.state().tab) {
            harness.step();
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let state = harness.state().tab.state();
    panic!("in five minutes: {what}; {:?}, {:?}", state.counts(), state.mode);
}

fn pictures(folder: &Path, names: &[&str]) {
    std::fs::create_dir_all(folder).unwrap();
    for name in names {
        let samples = Samples::U8((0..24 * 20 * 3).map(|i| (i * 7 % 251) as u8).collect());
        let pixels = Pixels::new(24, 20, 3, samples).unwrap();
        let options = EncodeOptions::new(Format::Png);
        encode(&pixels, &Metadata::default(), &folder.join(name), &options).unwrap();
    }
}

fn drop_in(harness: &mut Harness<'_, Window>, path: &Path) {
    let Window { tab, shell } = harness.state_mut();
    assert!(tab.dropped(&[path.to_owned()], shell));
}

#[test]
fn an_empty_list_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = window(folder.path());
    harness.run_ok();
    harness.get_by_label("Enlarge many photos");
    harness.get_by_label("Name template");
    assert!(harness.get_by_label("Clear").accesskit_node().is_disabled());
}

#[test]
fn a_folder_is_planned_and_made_and_a_broken_file_gives_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    pictures(&photos, &["a.png", "b.png"]);
    std::fs::write(photos.join("c.png"), b"nothing").unwrap();
    let mut harness = window(folder.path());
    drop_in(&mut harness, &photos);
    wait(&mut harness, "three rows, estimated", |tab| {
        tab.state().rows.len() == 3 && !tab.state().scanning && tab.state().estimate().is_some()
    });
    // What they were found to be like has chosen the model, and is told.
    assert_eq!(harness.query_all_by_label_contains("Ready: ").count(), 2);
    for name in ["Refuse damaged pictures", "Convert colours to sRGB"] {
        harness.get_by_label(name).click();
        harness.run_steps(2);
    }
    let settings = &harness.state().tab.state().settings;
    assert!(settings.strict && settings.srgb);
    wait(&mut harness, "planned anew", |tab| !tab.state().scanning && tab.state().counts().to_do == 2);
    let field = harness.get_by_label("Name template");
    field.focus();
    harness.step();
    harness.key_press(eframe::egui::Key::End);
    harness.get_by_label("Name template").type_text("{nam}");
    harness.run_steps(3);
    assert!(
        harness.get_by_label("Export 2 of 3").accesskit_node().is_disabled(),
        "what it would be called is not known"
    );
    for _ in 0.."{nam}".len() {
        harness.key_press(eframe::egui::Key::Backspace);
    }
    harness.run_steps(3);
    harness.get_by_label("Number").click();
    harness.step();
    wait(&mut harness, "planned anew", |tab| !tab.state().scanning && tab.state().counts().to_do == 2);
    harness.get_by_label("Export 2 of 3").click();
    wait(&mut harness, "two done", |tab| tab.state().counts().done == 2 && tab.state().mode == Mode::Idle);
    assert!(photos.join("a_x2.png").exists() && photos.join("b_x2.png").exists());
    let broken = harness.state().tab.state().rows.values().find(|row| row.source.ends_with("c.png")).unwrap().clone();
    assert!(broken.state.reason().unwrap().contains("not a picture"), "{broken:?}");
    // Repaired and tried again.
    pictures(&photos, &["d.png"]);
    std::fs::rename(photos.join("d.png"), photos.join("c.png")).unwrap();
    harness.get_by_label("Retry failed").click();
    wait(&mut harness, "three done", |tab| tab.state().counts().done == 3 && tab.state().mode == Mode::Idle);
    assert!(!folder.path().join("journal.jsonl").exists(), "a finished batch leaves no journal");
    let told = harness.state_mut().shell.notices().to_vec();
    assert!(told.iter().any(|notice| notice.path.as_deref() == Some(&photos)), "where they are: {told:?}");
    // Found again, results are left out.
    drop_in(&mut harness, &photos);
    wait(&mut harness, "looked at again", |tab| !tab.state().scanning);
    harness.run_steps(3);
    assert_eq!(harness.state().tab.state().rows.len(), 3);
    // Once more, as Enhance has it.
    let (kind, target) = (KindChoice::Camera, Target::Factor(3.0));
    let look = BatchLook { kind, target, dpi: None, strength: 0.5, ensemble: false, model: None };
    harness.state_mut().shell.batch_like(look);
    wait(&mut harness, "set", |tab| tab.state().settings.target == Target::Factor(3.0));
    let settings = harness.state().tab.state().settings.clone();
    assert_eq!((settings.kind, settings.strength, settings.on_exists), (KindChoice::Camera, 0.5, OnExists::Number));
    harness.get_by_label("Export again").click();
    wait(&mut harness, "made again", |tab| tab.state().mode == Mode::Idle && photos.join("c_x3.png").exists());
    assert!(photos.join("a_x2.png").exists() && photos.join("a_x3.png").exists(), "under their own names");
    harness.get_by_label("Clear").click();
    wait(&mut harness, "empty", |tab| tab.state().rows.is_empty());
}

#[test]
fn a_batch_can_be_paused_resumed_stopped_and_gone_on_with_in_the_next_window() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    let names: Vec<String> = (0..400).map(|i| format!("{i}.png")).collect();
    pictures(&photos, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut harness = window(folder.path());
    drop_in(&mut harness, &photos);
    wait(&mut harness, "planned", |tab| tab.state().rows.len() == 400 && !tab.state().scanning);
    harness.get_by_label("Export 400 of 400").click();
    wait(&mut harness, "runs", |tab| tab.state().mode == Mode::Running && tab.state().counts().done > 0);
    harness.get_by_label("Pause").click();
    wait(&mut harness, "paused", |tab| tab.state().mode == Mode::Paused);
    harness.get_by_label("Resume").click();
    wait(&mut harness, "runs again", |tab| tab.state().mode == Mode::Running);
    harness.get_by_label("Stop").click();
    wait(&mut harness, "stopped", |tab| tab.state().mode == Mode::Idle);
    let done = harness.state().tab.state().counts().done;
    assert!(done > 0 && done < 400, "{done}");
    drop(harness);
    let mut harness = window(folder.path());
    harness.run_ok();
    harness.get_by_label(&format!("A batch was interrupted: {done} pictures are done."));
    harness.get_by_label("Resume").click();
    wait(&mut harness, "all done", |tab| tab.state().counts().done == 400 && tab.state().mode == Mode::Idle);
    assert!(harness.state().tab.state().rows.values().all(|row| row.state == BatchState::Done));
    assert_eq!(std::fs::read_dir(&photos).unwrap().count(), 800, "every file once");
}

#[test]
fn settings_can_be_undone_are_remembered_and_the_sizes_are_stated_before_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    pictures(&photos, &["a.png", "b.png"]);
    let mut harness = window(folder.path());
    drop_in(&mut harness, &photos);
    wait(&mut harness, "two rows, estimated", |tab| tab.state().counts().to_do == 2 && !tab.state().scanning);
    assert_eq!(harness.state().tab.state().megapixels(), Some((960e-6, 3840e-6)));
    harness.get_by_label("Number").click();
    harness.run_steps(3);
    harness.get_by_label("Model: Auto").click();
    harness.run_steps(3);
    harness.get_by_label("Camera").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Best").is_none(), "the list closes with a choice");
    harness.get_by_label("Model: Camera");
    let kept = harness.state().shell.settings.batch.clone();
    assert_eq!((kept.on_exists, kept.kind), (OnExists::Number, KindChoice::Camera));
    harness.get_by_label("Undo (Ctrl+Z)").click();
    harness.run_steps(3);
    harness.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::Z);
    harness.run_steps(3);
    assert_eq!(harness.state().shell.settings.batch, Settings::default().batch);
    let mut shell = Shell::new(Arc::new(|| ()), Settings { batch: kept.clone(), ..Settings::default() });
    let later = Batch::with_journal(&mut shell, folder.path().join("journal.jsonl"));
    assert_eq!(later.state().settings, kept, "another day begins with it");
}
