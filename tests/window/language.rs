//! The window speaks the language that is chosen, at once and on another day, and is drawn as large as people like.

use addersr::ui::{App, Settings, settings::Theme, text::Language};
use eframe::egui::{Event, Key, Modifiers, Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};

#[test]
fn another_language_is_spoken_as_soon_as_it_is_chosen() {
    let settings = Settings { language: Some(Language::German), ..crate::staged::settings(Theme::Light) };
    let build = Harness::builder().with_size([1280.0, 800.0]);
    let mut window = build.build_eframe(|context| App::with_settings(&context.egui_ctx, settings, Vec::new()));
    window.run_steps(3);
    window.get_by_label("Öffnen…");
    window.get_by_label("Einstellungen").click();
    window.run_steps(3);
    // Without a font for it, and tests ask the system for none, it is named in letters that there are.
    assert!(window.get_by_label("Simplified Chinese").accesskit_node().is_disabled());
    window.get_by_label("English").click();
    window.run_steps(3);
    window.get_by_label("Open…");
    assert!(window.query_by_label("Öffnen…").is_none());
    assert_eq!(window.state_mut().shell().settings.language, Some(Language::English));
    window.get_by_label("100 %");
    window.get_by_label("+").click();
    window.run_steps(3);
    window.get_by_label("110 %");
    window.get_by_label("System").click();
    window.run_steps(3);
    // Tests do not ask the system.
    window.get_by_label("Open…");
    assert_eq!(window.state_mut().shell().settings.language, None);
}

#[test]
fn a_language_that_cannot_be_written_is_not_spoken() {
    let settings = Settings { language: Some(Language::Chinese), ..crate::staged::settings(Theme::Light) };
    let build = Harness::builder().with_size([1280.0, 800.0]);
    let mut window = build.build_eframe(|context| App::with_settings(&context.egui_ctx, settings, Vec::new()));
    window.run_steps(3);
    window.get_by_label("Open…");
    assert_eq!(window.state_mut().shell().settings.language, Some(Language::Chinese), "with a font it will be");
}

#[test]
fn the_number_of_threads_is_kept_and_none_means_all() {
    let build = Harness::builder().with_size([1280.0, 800.0]);
    let settings = crate::staged::settings(Theme::Light);
    let mut window = build.build_eframe(|context| App::with_settings(&context.egui_ctx, settings, Vec::new()));
    window.run_steps(3);
    window.get_by_label("Settings").click();
    window.run_steps(3);
    for (typed, kept) in [("1", Some(1)), ("0", None)] {
        window.get_by_role_and_label(Role::SpinButton, "Processor threads").click();
        window.run_steps(3);
        window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.run_steps(1);
        window.event(Event::Text(typed.to_owned()));
        window.run_steps(2);
        window.key_press(Key::Enter);
        window.run_steps(3);
        assert_eq!(window.state_mut().shell().settings.threads, kept, "{typed}");
    }
}
