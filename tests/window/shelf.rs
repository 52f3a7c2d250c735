//! Photos to choose from: those that were open lately, in the empty window, and those of the folder, in the film strip.

use crate::{
    staged::{picture, settings},
    waiting::until,
};
use addersr::{
    image_io::{EncodeOptions, Format, Metadata, encode},
    ui::{App, Settings, settings::Theme},
};
use eframe::egui::{Key, Role, accesskit::Toggled, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use std::path::{Path, PathBuf};

type Window = Harness<'static, App>;

fn window(settings: Settings, paths: Vec<PathBuf>) -> Window {
    Harness::builder()
        .with_size([900.0, 600.0])
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), paths.clone()))
}

fn write(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(name);
    encode(&picture(24, 16, 0), &Metadata::default(), &file, &EncodeOptions::new(Format::Png)).unwrap();
    file
}

/// Waits until this photo is open.
fn opened(window: &mut Window, name: &str) {
    until(window, "the photo opens", |w| {
        let shell = w.state_mut().shell();
        !shell.is_opening() && shell.photo.as_ref().is_some_and(|photo| photo.name == name)
    });
    window.run_steps(3);
}

/// The names of the pictures in the film strip that are in sight, and which of them is marked.
fn strip(window: &Window) -> Vec<(String, bool)> {
    let buttons = window.get_all_by_role(Role::Button).filter_map(|node| {
        let node = node.accesskit_node();
        let name = node.label().filter(|name| name.ends_with(".png"))?;
        Some((name, node.toggled() == Some(Toggled::True) || node.is_selected() == Some(true)))
    });
    buttons.collect()
}

#[test]
fn the_empty_window_offers_the_photos_that_were_open_lately() {
    let folder = tempfile::tempdir().unwrap();
    let (file, gone) = (write(folder.path(), "kept.png"), folder.path().join("gone.png"));
    let recent = vec![gone.clone(), file.clone()];
    let mut window = window(Settings { recent, ..settings(Theme::Light) }, Vec::new());
    window.run_steps(3);
    window.get_by_label("Open photo…");
    assert!(window.query_by_label("Recent photos").is_some());
    // What is gone says so, and choosing it changes nothing but says it again.
    until(&mut window, "the reason comes", |w| {
        w.hover_at(eframe::egui::Pos2::new(-100.0, -100.0));
        w.run_steps(2);
        w.get_by_label("gone.png").hover();
        w.run_steps(6);
        w.query_by_label_contains("does not exist").is_some() || w.query_by_label_contains("no such file").is_some()
    });
    window.get_by_label("gone.png").click();
    until(&mut window, "it is told", |w| w.state_mut().shell().notices().iter().any(|notice| notice.failed));
    window.get_by_label("kept.png").click();
    opened(&mut window, "kept.png");
    assert_eq!(window.state_mut().shell().settings.recent, [file, gone], "the last one first");
    assert!(window.query_by_label("Open photo…").is_none());
}

#[test]
fn what_was_open_can_be_forgotten_and_the_sample_is_not_remembered() {
    let recent = vec![PathBuf::from("a.png")];
    let mut window = window(Settings { recent, ..settings(Theme::Light) }, Vec::new());
    window.run_steps(3);
    window.get_by_label("Clear list").click();
    window.run_steps(3);
    assert!(window.query_by_label("Recent photos").is_none());
    window.get_by_label("Open the sample").click();
    until(&mut window, "the sample opens", |w| w.state_mut().shell().photo.is_some());
    assert!(window.state_mut().shell().settings.recent.is_empty());
    assert!(window.query_by_label("Hide the film strip (T in Enhance)").is_none(), "it lies in no folder");
}

#[test]
fn the_film_strip_shows_the_folder_and_a_click_opens() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["p2.png", "p10.png"] {
        write(folder.path(), name);
    }
    std::fs::write(folder.path().join("p20.png"), "broken").unwrap();
    let mut window = window(settings(Theme::Light), vec![folder.path().join("p10.png")]);
    opened(&mut window, "p10.png");
    let named = |names: [(&str, bool); 3]| names.map(|(name, open)| (name.to_owned(), open)).to_vec();
    until(&mut window, "the strip comes", |w| !strip(w).is_empty());
    assert_eq!(strip(&window), named([("p2.png", false), ("p10.png", true), ("p20.png", false)]));
    window.get_by_label("p2.png").click();
    window.run_steps(1);
    opened(&mut window, "p2.png");
    assert_eq!(strip(&window), named([("p2.png", true), ("p10.png", false), ("p20.png", false)]));
    // What was exported meanwhile is there when the next photo is opened.
    write(folder.path(), "p30.png");
    window.key_press(Key::PageDown);
    window.run_steps(1);
    opened(&mut window, "p10.png");
    until(&mut window, "the strip is made anew", |w| strip(w).len() == 4);
    // It can be hidden, and stays so.
    window.key_press(Key::T);
    window.run_steps(3);
    assert!(strip(&window).is_empty());
    let kept = window.state_mut().shell().settings.clone();
    let mut later = self::window(kept, vec![folder.path().join("p2.png")]);
    opened(&mut later, "p2.png");
    later.run_steps(3);
    assert!(strip(&later).is_empty());
    later.get_by_label("Show the film strip (T in Enhance)").click();
    until(&mut later, "it is shown again", |w| strip(w).len() == 4);
}

#[test]
fn of_a_large_folder_only_what_is_in_sight_is_drawn_and_the_open_photo_is_among_it() {
    let folder = tempfile::tempdir().unwrap();
    let one = std::fs::read(write(folder.path(), "p0.png")).unwrap();
    for n in 1..300 {
        std::fs::write(folder.path().join(format!("p{n}.png")), &one).unwrap();
    }
    let mut window = window(settings(Theme::Light), vec![folder.path().join("p150.png")]);
    opened(&mut window, "p150.png");
    until(&mut window, "the strip comes", |w| strip(w).iter().any(|(name, _)| name == "p150.png"));
    let seen = strip(&window);
    assert!(seen.len() < 16 && seen.contains(&("p150.png".to_owned(), true)), "{seen:?}");
    // A wheel scrolls it, wherever it is by now: what lies below it may still grow.
    until(&mut window, "it is scrolled", |w| {
        if let Some(picture) = w.query_by_role_and_label(Role::Button, "p150.png") {
            let middle = picture.rect().center();
            w.hover_at(middle);
            w.event(eframe::egui::Event::MouseWheel {
                unit: eframe::egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -2000.0),
                phase: eframe::egui::TouchPhase::Move,
                source: eframe::egui::MouseWheelSource::Wheel,
                modifiers: eframe::egui::Modifiers::NONE,
            });
        }
        !strip(w).is_empty() && strip(w).iter().all(|(_, open)| !open)
    });
    // It comes back to the photo with the next one.
    window.hover_at(eframe::egui::Pos2::new(-10.0, -10.0));
    window.key_press(Key::PageDown);
    window.run_steps(1);
    opened(&mut window, "p151.png");
    until(&mut window, "the open one is in sight", |w| strip(w).contains(&("p151.png".to_owned(), true)));
}
