//! Before and after: from the empty window to a file.

use addersr::ui::{App, Settings};
use eframe::egui::{Key, Modifiers, Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use std::time::{Duration, Instant};

fn window() -> Harness<'static, App> {
    let settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), Vec::new()))
}

/// Draws frames until something holds. The time is a guard against hanging, not a measure.
fn until(harness: &mut Harness<'static, App>, what: &str, mut holds: impl FnMut(&mut Harness<'static, App>) -> bool) {
    let began = Instant::now();
    while !holds(harness) {
        assert!(began.elapsed() < Duration::from_secs(240), "{what}");
        harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn with_sample() -> Harness<'static, App> {
    let mut harness = window();
    harness.step();
    harness.get_by_label("Open the sample").click();
    until(&mut harness, "the sample opens", |h| h.state_mut().shell().photo.is_some());
    until(&mut harness, "its controls are there", |h| h.query_by_label("Export…").is_some());
    harness
}

#[test]
fn the_sample_is_enlarged_at_once_and_the_view_is_told_to_other_tabs() {
    let mut harness = with_sample();
    until(&mut harness, "all tiles come", |h| h.query_by_label("4 of 4 tiles").is_some());
    let shell = harness.state_mut().shell();
    let view = shell.view.unwrap();
    assert_eq!(
        (view.w, view.h),
        (shell.photo.as_ref().unwrap().pixels.width, shell.photo.as_ref().unwrap().pixels.height)
    );
    assert_eq!(shell.progress, None, "nothing is left to do");
    // One to one, then closer: less of the photo is in view.
    harness.get_by_label("+").click();
    harness.step();
    harness.get_by_label("+").click();
    until(&mut harness, "the view shrinks", |h| h.state_mut().shell().view.is_some_and(|v| v.w < view.w / 2));
    harness.get_by_label("Fit").click();
    until(&mut harness, "all is seen again", |h| h.state_mut().shell().view == Some(view));
}

#[test]
fn every_way_to_look_can_be_chosen_and_undone() {
    let mut harness = with_sample();
    for mode in ["Beside", "Flip", "Difference"] {
        harness.get_by_label(mode).click();
        harness.run_steps(3);
    }
    assert!(harness.query_by_label("Absolute").is_some(), "the difference has controls of its own");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(3);
    assert!(harness.query_by_label("Absolute").is_none(), "undone");
    harness.get_by_label("Redo (Ctrl+Shift+Z)").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Absolute").is_some(), "and done again");
    harness.get_by_label("Loupe").click();
    harness.get_by_label("×4").click();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("1920 × 1280").is_some(), "the size of the result is stated");
}

#[test]
fn the_export_dialog_writes_the_file_and_asks_before_it_replaces_one() {
    let mut harness = with_sample();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.png");
    for round in 0..2 {
        harness.get_by_label("Export…").click();
        until(&mut harness, "the dialog opens", |h| h.query_by_label("Cancel").is_some());
        let field = harness.get_by_role_and_label(Role::TextInput, "File");
        field.focus();
        harness.step();
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        let field = harness.get_by_role_and_label(Role::TextInput, "File");
        field.type_text(file.to_str().unwrap());
        harness.run_steps(3);
        harness.get_by_role_and_label(Role::Button, "Export").click();
        if round == 0 {
            until(&mut harness, "the file is there", |_| file.exists());
            until(&mut harness, "the dialog closes", |h| h.query_by_label("Cancel").is_none());
            assert_eq!(addersr::image_io::dimensions(&file).unwrap(), (960, 640));
        } else {
            until(&mut harness, "it asks", |h| h.query_by_label("Replace").is_some());
            harness.get_by_label("Cancel").click();
            until(&mut harness, "the dialog closes", |h| h.query_by_label("Cancel").is_none());
        }
    }
}
