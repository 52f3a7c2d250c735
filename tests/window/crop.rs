//! Which part of a photo is exported, and sizes on paper.

use crate::waiting::until;
use addersr::{
    image_io,
    ui::{App, Settings},
};
use eframe::egui::{Key, Modifiers, Role, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable};
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
    let (w, h) = image_io::dimensions(&file).unwrap();
    assert!(w < 480 && h < 480 && w % 2 == 0 && h % 2 == 0, "{w} × {h}");
    assert!(window.query_by_label_contains(&format!("{w} × {h} · ")).is_some(), "as it was told");
    window.get_by_label("All").click();
    until(&mut window, "all of it again", |w| w.query_by_label_contains("960 × 640").is_some());
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
