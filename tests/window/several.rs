//! Several models on one picture.

use crate::waiting::until;
use addersr::{
    image_io,
    tensor::Size,
    ui::{App, Settings},
};
use eframe::egui::{Key, Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use std::path::{Path, PathBuf};

type Window = Harness<'static, App>;

/// A photo of 60 by 40 pixels in a folder.
fn photo(folder: &Path) -> PathBuf {
    let sample = image::load_from_memory(include_bytes!("../../assets/samples/courtyard.png")).unwrap();
    let file = folder.join("photo.png");
    sample.crop_imm(200, 100, 60, 40).save(&file).unwrap();
    file
}

fn with(file: PathBuf) -> Window {
    let settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    let mut window = Harness::builder()
        .with_size(vec2(1280.0, 800.0))
        .build_eframe(move |context| App::with_settings(&context.egui_ctx, settings.clone(), vec![file.clone()]));
    until(&mut window, "its size is told", |w| w.query_by_label_contains("120 × 80").is_some());
    window
}

fn try_all(window: &mut Window) {
    window.get_by_role_and_label(Role::ComboBox, "B: what it shows").click();
    window.run_steps(3);
    window.get_by_label("Try all models…").scroll_to_me();
    window.run_steps(5);
    window.get_by_label("Try all models…").click();
    until(window, "they are listed", |w| w.query_by_label("Show Camera as B").is_some());
}

#[test]
fn four_models_are_seen_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with(photo(folder.path()));
    assert!(window.query_by_label("C: what it shows").is_none());
    window.get_by_label("2 × 2").click();
    // One tile of each; bicubic is none of a network's.
    until(&mut window, "all come", |w| w.query_by_label("3 of 3 tiles").is_some());
    assert!(window.query_by_label("D: what it shows").is_some());
    window.key_press(Key::S);
    until(&mut window, "two are left", |w| w.query_by_label("D: what it shows").is_none());
    window.key_press(Key::G);
    until(&mut window, "and four again", |w| w.query_by_label("D: what it shows").is_some());
}

#[test]
fn all_models_are_tried_one_is_chosen_and_several_are_exported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with(photo(folder.path()));
    try_all(&mut window);
    assert!(window.query_by_label("x3-best").is_some(), "those of other factors, too");
    window.get_by_label("Show Camera as B").click();
    until(&mut window, "that is B", |w| w.query_by_label("Show Camera as B").is_none());
    assert!(window.query_by_value("Camera").is_some());
    // Of results that are there already each is asked about, and the others are written.
    std::fs::write(folder.path().join("photo_x2_x2.png"), "mine").unwrap();
    try_all(&mut window);
    for name in ["Bicubic", "Fast", "Best"] {
        window.get_by_role_and_label(Role::CheckBox, name).click();
        window.run_steps(2);
    }
    window.get_by_label("Export 3 results").click();
    until(&mut window, "it asks", |w| w.query_by_label("Replace").is_some());
    let made = |name: &str| folder.path().join(format!("photo_x2_{name}.png"));
    until(&mut window, "the others are there", |_| made("x2-best").exists() && made("Bicubic").exists());
    assert_eq!(std::fs::read(made("x2")).unwrap(), b"mine");
    window.get_by_label("Replace").click();
    until(&mut window, "it is replaced", |_| image_io::dimensions(&made("x2")).is_ok());
    for name in ["x2", "x2-best", "Bicubic"] {
        assert_eq!(image_io::dimensions(&made(name)).unwrap(), Size::new(120, 80), "{name}");
    }
}
