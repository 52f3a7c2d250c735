//! Before and after: from the empty window to a file.

use crate::waiting::until;
use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    infer::Target,
    tensor::{Depth, Pixels, Size},
    ui::{App, Settings},
};
use eframe::egui::{Event, HoveredFile, Key, Modifiers, Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};

fn window() -> Harness<'static, App> {
    window_with(Settings { device: "cpu".to_owned(), ..Settings::default() })
}

fn window_with(settings: Settings) -> Harness<'static, App> {
    Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), Vec::new()))
}

fn with_sample() -> Harness<'static, App> {
    open_sample(window())
}

fn open_sample(mut harness: Harness<'static, App>) -> Harness<'static, App> {
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
    assert_eq!(shell.jobs.title(), None, "nothing is left to do");
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
    for mode in ["Side by side", "Flip", "Difference"] {
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
            until(&mut harness, "the way there is offered", |h| h.query_by_label("Show in folder").is_some());
            assert!(harness.query_by_label("Open").is_some());
            assert_eq!(addersr::image_io::dimensions(&file).unwrap(), Size::new(960, 640));
        } else {
            until(&mut harness, "it asks", |h| h.query_by_label("Replace").is_some());
            harness.get_by_label("Cancel").click();
            until(&mut harness, "the dialog closes", |h| h.query_by_label("Cancel").is_none());
        }
    }
}

#[test]
fn keys_count_with_what_was_held_when_they_were_pressed_however_late_the_frame() {
    let mut harness = with_sample();
    for mode in ["Side by side", "Difference"] {
        harness.get_by_label(mode).click();
        harness.run_steps(3);
    }
    // Two quick taps of Ctrl+Z; when the frame is drawn, Ctrl is up.
    for pressed in [true, false, true, false] {
        let (modifiers, physical_key) = (Modifiers::COMMAND, None);
        harness.event(Event::Key { key: Key::Z, physical_key, pressed, repeat: false, modifiers });
    }
    harness.run_steps(3);
    assert!(harness.query_by_label("Absolute").is_none(), "undone");
    assert!(!harness.get_by_label("Redo (Ctrl+Shift+Z)").accesskit_node().is_disabled());
    assert!(harness.get_by_label("Undo (Ctrl+Z)").accesskit_node().is_disabled(), "both taps");
}

#[test]
fn escape_closes_every_dialog_and_enter_confirms_it() {
    let mut harness = with_sample();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    until(&mut harness, "the dialog opens", |h| h.query_by_label("Cancel").is_some());
    harness.key_press(Key::Escape);
    until(&mut harness, "it closes", |h| h.query_by_label("Cancel").is_none());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.png");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    until(&mut harness, "it opens again", |h| h.query_by_label("Cancel").is_some());
    harness.get_by_role_and_label(Role::TextInput, "File").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "File").type_text(file.to_str().unwrap());
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    until(&mut harness, "the file is there", |_| file.exists());
    harness.get_by_label("Keyboard shortcuts (?)").click();
    until(&mut harness, "the list opens", |h| h.query_by_label("Copy report").is_some());
    harness.key_press(Key::Escape);
    until(&mut harness, "the list closes", |h| h.query_by_label("Copy report").is_none());
    harness.get_by_role_and_label(Role::Button, "Layers").click();
    until(&mut harness, "a layer is shown", |h| h.query_by_label("Save…").is_some());
    harness.get_by_label("Save…").click();
    until(&mut harness, "its dialog opens", |h| h.query_by_label("Cancel").is_some());
    harness.key_press(Key::Escape);
    until(&mut harness, "it closes too", |h| h.query_by_label("Cancel").is_none());
}

#[test]
fn exports_wait_for_each_other_while_the_view_goes_on() {
    let mut harness = with_sample();
    let folder = tempfile::tempdir().unwrap();
    for name in ["first.png", "second.png"] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
        until(&mut harness, "the dialog opens", |h| h.query_by_label("Cancel").is_some());
        harness.get_by_role_and_label(Role::TextInput, "File").focus();
        harness.step();
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.get_by_role_and_label(Role::TextInput, "File").type_text(folder.path().join(name).to_str().unwrap());
        harness.run_steps(2);
        harness.key_press(Key::Enter);
        until(&mut harness, "it closes at once", |h| h.query_by_label("Cancel").is_none());
    }
    until(&mut harness, "both are there", |_| {
        ["first.png", "second.png"].iter().all(|name| folder.path().join(name).exists())
    });
}

#[test]
fn an_exact_size_says_what_it_means_for_the_photo_and_batch_takes_it_over() {
    let mut settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    settings.enhance = ron::from_str("(choice: (target: Width(240), strength: 0.5))").unwrap();
    let mut harness = open_sample(window_with(settings));
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("240 × 160 · 0.038 MP · ×0.50").is_some());
    assert!(harness.query_by_label_contains("Smaller than the photo: 480 × 320").is_some());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    until(&mut harness, "the dialog warns", |h| h.query_by_label_contains("The result is smaller").is_some());
    harness.key_press(Key::Escape);
    until(&mut harness, "it closes", |h| h.query_by_label("Cancel").is_none());
    harness.get_by_label("Batch with these settings").click();
    until(&mut harness, "Batch has them", |h| h.state_mut().shell().settings.batch.strength == 0.5);
    assert_eq!(harness.state_mut().shell().settings.batch.target, Target::Width(240));
}

#[test]
fn a_size_that_no_picture_can_have_is_told_and_nothing_is_exported() {
    let mut settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    settings.enhance = ron::from_str("(choice: (target: Width(60000)))").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let line = folder.path().join("line.png");
    let pixels = Pixels::black(1, 40_000, 1, Depth::Eight).unwrap();
    encode(&pixels, &Metadata::default(), &line, &EncodeOptions::new(Format::Png)).unwrap();
    let mut harness = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), vec![line.clone()]));
    until(&mut harness, "it is told", |h| h.query_by_label_contains("No picture can have that size").is_some());
    assert!(harness.get_by_label("Export…").accesskit_node().is_disabled());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_steps(5);
    assert!(harness.query_by_label("Cancel").is_none(), "no dialog");
    harness.get_by_label("×2").click();
    until(&mut harness, "a size again", |h| !h.get_by_label("Export…").accesskit_node().is_disabled());
}

#[test]
fn files_over_the_window_light_up_where_they_will_go() {
    let mut harness = window();
    harness.step();
    assert!(harness.query_by_label_contains("Drop to").is_none());
    harness.input_mut().hovered_files.push(HoveredFile { path: Some("a.jpg".into()), ..Default::default() });
    harness.run_steps(2);
    assert!(harness.query_by_label("Drop to open this file").is_some());
    harness.get_by_role_and_label(Role::Button, "Train").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Drop to train on these pictures").is_some());
    harness.input_mut().hovered_files.clear();
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("Drop to").is_none());
}

#[test]
fn what_the_picture_is_like_chooses_the_model() {
    let mut harness = with_sample();
    until(&mut harness, "a model is chosen", |h| h.query_by_label("4 of 4 tiles").is_some());
    harness.get_by_label("Sharp: Fast");
    let value = |h: &Harness<'static, App>| {
        h.get_by_role_and_label(Role::ComboBox, "B: what it shows").accesskit_node().value().unwrap_or_default()
    };
    assert_eq!(value(&harness), "Auto: Fast");
    choose(&mut harness, "Camera");
    until(&mut harness, "its model", |h| h.state_mut().shell().settings.enhance != Settings::default().enhance);
    assert_eq!(value(&harness), "Camera");
    assert!(harness.query_by_label("Sharp: Fast").is_none(), "who chooses is told nothing");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut harness, "undone", |h| value(h) == "Auto: Fast");
}

/// Chooses in the list of B.
fn choose(harness: &mut Harness<'static, App>, name: &str) {
    harness.get_by_role_and_label(Role::ComboBox, "B: what it shows").click();
    harness.run_steps(3);
    harness.get_by_role_and_label(Role::Button, name).scroll_to_me();
    harness.run_steps(5);
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run_steps(3);
}

#[test]
fn models_stand_under_names_for_people_and_those_of_the_command_line_under_advanced() {
    let mut harness = with_sample();
    harness.get_by_role_and_label(Role::ComboBox, "B: what it shows").click();
    harness.run_steps(3);
    for name in ["Auto", "Fast", "Best", "Camera", "Photo"] {
        assert!(harness.query_by_role_and_label(Role::Button, name).is_some(), "{name}");
    }
    assert!(harness.query_by_label("x2-best").is_none());
    // The header of "Advanced" opens and the list stays.
    harness.get_by_label("Advanced").click();
    harness.run_steps(20);
    harness.get_by_label("x2 in f32");
    harness.get_by_label("x2-best").scroll_to_me();
    harness.run_steps(5);
    harness.get_by_label("x2-best").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("x2 in f32").is_none(), "it closes with a choice");
    let value = harness.get_by_role_and_label(Role::ComboBox, "B: what it shows").accesskit_node().value();
    assert_eq!(value.as_deref(), Some("x2-best"));
    // Another size, another model of the same name.
    choose(&mut harness, "Best");
    harness.get_by_label("×4").click();
    harness.run_steps(3);
    let shown = harness.get_by_role_and_label(Role::ComboBox, "B: what it shows").accesskit_node().value();
    assert_eq!(shown.as_deref(), Some("Best"));
}

#[test]
fn keys_do_nothing_to_the_picture_behind_the_export_dialog() {
    let mut harness = with_sample();
    harness.get_by_label("Export…").click();
    until(&mut harness, "the dialog opens", |h| h.query_by_label("Cancel").is_some());
    for key in [Key::C, Key::L, Key::Plus] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    harness.get_by_label("Cancel").click();
    until(&mut harness, "the dialog closes", |h| h.query_by_label("Cancel").is_none());
    assert!(harness.query_by_label("Absolute").is_none(), "no difference view");
    harness.key_press(Key::C);
    harness.run_steps(3);
    assert!(harness.query_by_label("Absolute").is_some(), "now the key acts");
}

#[test]
fn another_day_begins_with_the_settings_of_the_last() {
    let mut harness = with_sample();
    for name in ["Difference", "Squared", "×3"] {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
    choose(&mut harness, "Camera");
    let settings = harness.state_mut().shell().settings.clone();
    drop(harness);
    let harness = open_sample(window_with(settings));
    assert!(harness.query_by_label("Squared").is_some(), "the difference view");
    assert!(harness.query_by_label_contains("1440 × 960").is_some(), "three times as large");
}

#[test]
fn a_model_of_yesterday_that_is_gone_is_told_and_another_one_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (there, gone) = (folder.path().join("mine.safetensors"), folder.path().join("gone.safetensors"));
    std::fs::copy("assets/models/x2.safetensors", &there).unwrap();
    std::fs::copy(&there, &gone).unwrap();
    let mut harness = with_sample();
    for file in [&there, &gone] {
        let name = file.file_stem().unwrap().to_str().unwrap();
        harness.state_mut().shell().add_model(file, Some(1));
        until(&mut harness, "it is B", |h| h.query_by_value(name).is_some());
    }
    let settings = harness.state_mut().shell().settings.clone();
    assert_eq!(settings.models, [there.clone(), gone.clone()]);
    drop(harness);
    std::fs::remove_file(&gone).unwrap();
    let mut harness = open_sample(window_with(settings));
    until(&mut harness, "it is told", |h| h.query_by_label_contains("gone.safetensors").is_some());
    until(&mut harness, "the first choice", |h| h.query_by_value("Auto: Fast").is_some());
    assert_eq!(harness.state_mut().shell().settings.models, [there]);
}

#[test]
fn a_report_is_copied_from_the_list_of_keys() {
    let mut harness = window();
    harness.step();
    harness.get_by_label("Keyboard shortcuts (?)").click();
    until(&mut harness, "the list opens", |h| h.query_by_label("Copy report").is_some());
    // It is centred once its size is known.
    harness.run_steps(5);
    harness.get_by_label("Copy report").click();
    let mut report = None;
    until(&mut harness, "the report is there", |h| {
        report = h.output().platform_output.commands.iter().find_map(|command| match command {
            eframe::egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        report.is_some()
    });
    let report = report.unwrap();
    for part in ["AdderSR: ", "device: ", "models: x2", "settings: ", "log: "] {
        assert!(report.contains(part), "{part} is missing in\n{report}");
    }
}
