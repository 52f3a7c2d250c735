//! Which part of a photo is exported, and sizes on paper.

use crate::waiting::until;
use addersr::{
    image_io,
    ui::{App, Settings},
};
use eframe::egui::{Key, Modifiers, Pos2, Role, pos2, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use std::path::Path;

type Window = Harness<'static, App>;

/// The sample, 480 by 320 pixels, at twice its size.
fn with_sample() -> Window {
    let settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    let mut window = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), Vec::new()));
    window.step();
    window.get_by_label("Open the sample").click();
    until(&mut window, "its controls are there", |w| w.query_by_label("Export…").is_some());
    until(&mut window, "its size is told", |w| w.query_by_label_contains("960 × 640").is_some());
    window
}

fn export(window: &mut Window, file: &Path) {
    window.get_by_label("Export…").click();
    until(window, "the dialog opens", |w| w.query_by_label("Cancel").is_some());
    window.get_by_role_and_label(Role::TextInput, "File").focus();
    window.step();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_role_and_label(Role::TextInput, "File").type_text(file.to_str().unwrap());
    window.run_steps(3);
    window.get_by_role_and_label(Role::Button, "Export").click();
    until(window, "the file is there", |_| file.exists());
}

#[test]
fn a_part_is_drawn_over_the_picture_and_exported_alone() {
    let mut window = with_sample();
    until(&mut window, "all of it is seen", |w| w.query_by_label("4 of 4 tiles").is_some());
    window.get_by_label("Crop").click();
    window.run_steps(3);
    window.drag_at(pos2(300.0, 300.0));
    window.run_steps(2);
    for at in [pos2(330.0, 320.0), pos2(420.0, 400.0)] {
        window.hover_at(at);
        window.run_steps(2);
    }
    window.drop_at(pos2(420.0, 400.0));
    until(&mut window, "the size is the part's", |w| w.query_by_label_contains("960 × 640").is_none());
    assert_eq!(window.state_mut().shell().view.map(|view| view.w), Some(480), "the view did not move");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("part.png");
    export(&mut window, &file);
    let addersr::tensor::Size { width: w, height: h } = image_io::dimensions(&file).unwrap();
    assert!(w < 480 && h < 480 && w % 2 == 0 && h % 2 == 0, "{w} × {h}");
    assert!(window.query_by_label_contains(&format!("{w} × {h} · ")).is_some(), "as it was told");
    window.get_by_label("All").click();
    until(&mut window, "all of it again", |w| w.query_by_label_contains("960 × 640").is_some());
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.drag_at(from);
    window.run_steps(2);
    for step in [0.2, 1.0] {
        window.hover_at(from + (to - from) * step);
        window.run_steps(2);
    }
    window.drop_at(to);
    window.run_steps(3);
}

/// Columns and rows that would be exported, as the panel tells them.
fn size(window: &Window) -> (usize, usize) {
    let told = window.query_all_by_label_contains(" MP").find_map(|node| {
        let node = node.accesskit_node();
        let text = node.value().or(node.label()).unwrap_or_default();
        let (w, rest) = text.split_once(" × ")?;
        Some((w.parse().ok()?, rest.split_once(' ')?.0.parse().ok()?))
    });
    told.expect("a size is told")
}

#[test]
fn a_crop_is_moved_taken_by_a_corner_and_dropped() {
    let mut window = with_sample();
    until(&mut window, "all of it is seen", |w| w.query_by_label("4 of 4 tiles").is_some());
    window.key_press(Key::R);
    window.run_steps(3);
    drag(&mut window, pos2(300.0, 300.0), pos2(500.0, 450.0));
    let (w, h) = size(&window);
    assert!(w < 480 && h < 480);
    drag(&mut window, pos2(400.0, 380.0), pos2(460.0, 400.0));
    assert_eq!(size(&window), (w, h), "moved, it keeps its size");
    drag(&mut window, pos2(560.0, 470.0), pos2(610.0, 500.0));
    let larger = size(&window);
    assert!(larger.0 > w && larger.1 > h, "{larger:?}: its corner was at the place where it had been moved to");
    window.key_press(Key::Escape);
    until(&mut window, "dropped", |w| size(w) == (960, 640));
}

#[test]
fn a_crop_that_is_drawn_beyond_its_pane_ends_at_the_edge() {
    let mut window = with_sample();
    window.get_by_label("Side by side").click();
    until(&mut window, "all of it is seen", |w| w.query_by_label("4 of 4 tiles").is_some());
    window.get_by_label("Crop").click();
    window.run_steps(3);
    drag(&mut window, pos2(900.0, 350.0), pos2(200.0, 420.0));
    let (w, _) = size(&window);
    assert!((600..900).contains(&w), "{w}: from the photo's left edge to the place of the press");
}

#[test]
fn what_is_in_view_is_cropped() {
    let mut window = with_sample();
    window.get_by_label("+").click();
    window.run_steps(3);
    window.get_by_label("+").click();
    until(&mut window, "less is seen", |w| w.state_mut().shell().view.is_some_and(|view| view.w < 200));
    let view = window.state_mut().shell().view.unwrap();
    window.get_by_label("What is in view").click();
    window.run_steps(3);
    let (w, h) = size(&window);
    let of = |side: usize, seen: usize| side.abs_diff(2 * seen) <= 2;
    assert!(of(w, view.w) && of(h, view.h), "{w} × {h} of {view:?}");
}

#[test]
fn a_size_on_paper_is_stated_in_the_file_and_forgotten_with_another_size() {
    let mut window = with_sample();
    window.get_by_value("Presets").click();
    until(&mut window, "the list opens", |w| w.query_by_label("A5 · 300 dpi").is_some());
    window.get_by_label("A5 · 300 dpi").click();
    until(&mut window, "210 mm at 300 dpi", |w| w.query_by_label_contains("2480 × 1653").is_some());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("print.png");
    export(&mut window, &file);
    let dpi = image_io::decode(&file).unwrap().meta.dpi.unwrap();
    assert_eq!((dpi.x.round(), dpi.y.round()), (300.0, 300.0));
    window.get_by_label("×2").click();
    until(&mut window, "its own size again", |w| w.query_by_label_contains("960 × 640").is_some());
}
