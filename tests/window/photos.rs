//! Which photo is open, and where: the others of its folder, alone on the screen.

use crate::{
    staged::{picture, settings},
    waiting::until,
};
use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    ui::{App, settings::Theme},
};
use eframe::egui::{Event, Key, Modifiers, Role, ViewportCommand, ViewportId};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use std::path::{Path, PathBuf};

type Window = Harness<'static, App>;

fn window(paths: Vec<PathBuf>) -> Window {
    Harness::builder()
        .with_size([900.0, 600.0])
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings(Theme::Light), paths.clone()))
}

fn write(folder: &Path, name: &str) {
    encode(&picture(24, 16, 0), &Metadata::default(), &folder.join(name), &EncodeOptions::new(Format::Png)).unwrap();
}

/// The name of the photo that is open, once nothing is being opened.
fn shown(window: &mut Window) -> String {
    until(window, "the photo opens", |w| {
        let shell = w.state_mut().shell();
        !shell.is_opening() && shell.photo.is_some()
    });
    window.step();
    window.state_mut().shell().photo.as_ref().unwrap().name.clone()
}

#[test]
fn the_photos_of_a_folder_follow_each_other_with_the_same_settings() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["p2.png", "p10.png", "p30.png"] {
        write(folder.path(), name);
    }
    std::fs::write(folder.path().join("p20.png"), "broken").unwrap();
    let mut window = window(vec![folder.path().join("p2.png")]);
    assert_eq!(shown(&mut window), "p2.png");
    window.get_by_label("×3").click();
    until(&mut window, "three times as large", |w| w.query_by_label_contains("72 × 48").is_some());
    window.key_press(Key::PageDown);
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p10.png", "ten comes after two");
    assert!(window.query_by_label_contains("72 × 48").is_some(), "the size stays");
    // What cannot be read is told, and stands in nobody's way.
    window.key_press(Key::PageDown);
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p10.png");
    assert!(window.state_mut().shell().notices().iter().any(|n| n.failed && n.text.contains("p20.png")));
    let next = "Next photo in the folder (Page Down in Enhance)";
    window.get_by_label(next).click();
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p30.png");
    assert!(window.query_by_label("Last photo in the folder").is_none());
    window.key_press(Key::PageDown);
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p30.png");
    window.get_by_label("Last photo in the folder");
    // Quick presses add up.
    for _ in 0..3 {
        window.key_press(Key::PageUp);
    }
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p2.png");
    assert!(window.query_by_label("Last photo in the folder").is_none());
    window.get_by_label("Previous photo in the folder (Page Up in Enhance)").click();
    window.run_steps(1);
    assert_eq!(shown(&mut window), "p2.png");
    window.get_by_label("First photo in the folder");
}

#[test]
fn the_sample_has_no_neighbours() {
    let mut window = window(Vec::new());
    window.step();
    window.get_by_label("Open the sample").click();
    until(&mut window, "the sample opens", |w| w.state_mut().shell().photo.is_some());
    window.run_steps(2);
    for name in ["Previous photo in the folder (Page Up in Enhance)", "Next photo in the folder (Page Down in Enhance)"]
    {
        assert!(window.get_by_label(name).accesskit_node().is_disabled());
    }
    window.key_press(Key::PageDown);
    window.run_steps(2);
    assert!(!window.state_mut().shell().is_opening());
}

/// Presses a key: what the system is asked about the whole screen in that frame.
fn full_screen_by(window: &mut Window, key: Key) -> Option<bool> {
    let modifiers = Modifiers::NONE;
    window.event(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    window.step();
    let commands = &window.output().viewport_output[&ViewportId::ROOT].commands;
    let asked = commands.iter().rev().find_map(|command| match command {
        ViewportCommand::Fullscreen(on) => Some(*on),
        _ => None,
    });
    window.event(Event::Key { key, physical_key: None, pressed: false, repeat: false, modifiers });
    window.run_steps(2);
    asked
}

#[test]
fn the_picture_is_alone_on_the_whole_screen_until_escape() {
    let mut window = window(Vec::new());
    window.step();
    assert_eq!(full_screen_by(&mut window, Key::F11), None, "there is no picture yet");
    window.get_by_label("Open the sample").click();
    until(&mut window, "its controls are there", |w| w.query_by_label("Export…").is_some());
    assert_eq!(full_screen_by(&mut window, Key::F11), Some(true));
    assert!(window.query_by_label("Export…").is_none() && window.query_by_label("Open…").is_none());
    assert!(window.query_by_label("Divider between A and B").is_some(), "the picture is there");
    // The keys work as ever, Esc for what is in front first.
    window.key_press(Key::C);
    window.run_steps(2);
    assert!(window.query_by_label("Divider between A and B").is_none(), "the difference");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    until(&mut window, "the dialog opens", |w| w.query_by_label("Cancel").is_some());
    window.key_press(Key::Escape);
    until(&mut window, "it closes", |w| w.query_by_label("Cancel").is_none());
    assert!(window.query_by_label("Export…").is_none(), "still alone");
    assert_eq!(full_screen_by(&mut window, Key::Escape), Some(false));
    window.get_by_label("Export…");
    // From another tab, and back by going to another.
    window.get_by_role_and_label(Role::Button, "Layers").click();
    window.run_steps(2);
    assert_eq!(full_screen_by(&mut window, Key::F11), Some(true));
    assert!(window.query_by_label("Divider between A and B").is_some());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.run_steps(2);
    window.get_by_role_and_label(Role::Button, "Enhance");
    // The system's own way back.
    assert_eq!(full_screen_by(&mut window, Key::F11), Some(true));
    for now in [true, false] {
        window.input_mut().viewports.entry(ViewportId::ROOT).or_default().fullscreen = Some(now);
        window.run_steps(2);
    }
    window.get_by_label("Export…");
}
