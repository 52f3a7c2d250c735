//! What the window's title says while something takes long, and whether people are called back when it has ended.

use crate::staged::settings;
use addersr::ui::{App, Job, settings::Theme};
use eframe::egui::{Key, Modifiers, Role, ViewportCommand, ViewportId};
use egui_kittest::{Harness, kittest::Queryable};
use std::time::{Duration, Instant};

type Window = Harness<'static, App>;

fn window() -> Window {
    Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(|context| App::with_settings(&context.egui_ctx, settings(Theme::Light), Vec::new()))
}

/// What the frame just drawn asks of the system.
fn commands(window: &Window) -> &[ViewportCommand] {
    &window.output().viewport_output[&ViewportId::ROOT].commands
}

/// Draws frames until something holds, and keeps the window's titles; gives up after minutes, which only a fault takes.
fn until(window: &mut Window, titles: &mut Vec<String>, mut holds: impl FnMut(&mut Window) -> bool) {
    for _ in 0..48_000 {
        window.step();
        titles.extend(commands(window).iter().filter_map(|command| match command {
            ViewportCommand::Title(title) => Some(title.clone()),
            _ => None,
        }));
        if holds(window) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it does not come: {titles:?}");
}

#[test]
fn the_title_says_how_far_an_export_is_and_is_plain_before_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, mut titles) = (window(), Vec::new());
    until(&mut window, &mut titles, |w| w.query_by_label("Open the sample").is_some());
    window.get_by_label("Open the sample").click();
    until(&mut window, &mut titles, |w| w.query_by_label("4 of 4 tiles").is_some());
    window.step();
    let plain = format!("{} · AdderSR", window.state_mut().shell().photo.as_ref().unwrap().name);
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    until(&mut window, &mut titles, |w| w.query_by_label("Cancel").is_some());
    window.get_by_role_and_label(Role::TextInput, "File").focus();
    window.step();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let file = folder.path().join("large.png");
    window.get_by_role_and_label(Role::TextInput, "File").type_text(file.to_str().unwrap());
    window.run_steps(2);
    titles.clear();
    window.key_press(Key::Enter);
    until(&mut window, &mut titles, |w| w.query_by_label("Show in folder").is_some());
    until(&mut window, &mut titles, |w| w.state_mut().shell().jobs.title().is_none());
    assert_eq!(titles.first().map(String::as_str), Some("0 % · large.png · AdderSR"));
    assert_eq!(titles.last(), Some(&plain), "{titles:?}");
}

#[test]
fn people_are_called_when_something_long_has_ended_and_they_look_elsewhere() {
    let mut window = window();
    window.step();
    for (seconds, focused, called) in [(11, false, true), (11, true, false), (0, false, false)] {
        window.input_mut().viewports.entry(ViewportId::ROOT).or_default().focused = Some(focused);
        let began = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        // Of this run Train knows nothing: to it, it has ended.
        window.state_mut().shell().jobs.report(Job::Training, Some((0.9, "mine".to_owned())), began);
        window.step();
        let marked = commands(&window).iter().any(|c| matches!(c, ViewportCommand::RequestUserAttention(_)));
        assert_eq!(marked, called, "{seconds} s, in front: {focused}");
    }
}
