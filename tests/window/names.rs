//! Every control of every tab has a name for those who do not see it and a tooltip for those who wonder, and the keys are all
//! listed.

use crate::staged::{Window, batch, enhance, layers, train};
use addersr::ui::{App, settings::Theme};
use eframe::egui::{Event, Pos2, Role, vec2};
use egui_kittest::{
    Harness, HarnessBuilder,
    kittest::{NodeT, Queryable},
};
use std::{collections::BTreeSet, path::Path};

/// How a state is made.
type Make = fn() -> Window;

/// Tabs in states that show most of their controls.
const STAGES: [(&str, Make); 8] = [
    ("enhance", || enhance::filled(builder(), Theme::Light)),
    ("layers, empty", || layers::empty(builder(), Theme::Light)),
    ("layers", || layers::filled(builder(), Theme::Light)),
    ("batch, empty", || batch::empty(builder(), Theme::Light)),
    ("batch", || batch::filled(builder(), Theme::Light)),
    ("train, empty", || train::empty(builder(), Theme::Light)),
    ("train, set", || train::judged(builder(), Theme::Light).0),
    ("train, run", || train::filled(builder(), Theme::Light)),
];

/// What egui makes by itself and names as far as it does: containers, and the borders and bars that one drags.
const OF_EGUI: [Role; 5] = [Role::GenericContainer, Role::Unknown, Role::ScrollView, Role::ScrollBar, Role::Splitter];

fn builder<State>() -> HarnessBuilder<State> {
    // Names are checked here, not by every step.
    Harness::builder().with_size([1400.0, 1400.0]).with_accessibility_check(false)
}

/// What can be used: where it is, what it is called.
fn controls(window: &Window) -> Vec<(Pos2, Role, String)> {
    let mut found = Vec::new();
    let mut open = vec![window.root()];
    while let Some(node) = open.pop() {
        let of = node.accesskit_node();
        let data = of.data();
        let used = data.supports_action(eframe::egui::accesskit::Action::Click)
            || data.supports_action(eframe::egui::accesskit::Action::Focus);
        let role = of.role();
        if used && !of.is_disabled() && !OF_EGUI.contains(&role) {
            found.push((node.rect().center(), role, of.label().unwrap_or_default()));
        }
        open.extend(node.children());
    }
    found
}

#[test]
fn every_control_has_a_name() {
    for (stage, make) in STAGES {
        let controls = controls(&make());
        assert!(!controls.is_empty(), "{stage}: there are controls");
        let nameless: Vec<_> = controls.iter().filter(|(_, _, name)| name.trim().is_empty()).collect();
        assert!(nameless.is_empty(), "{stage}: {nameless:?}");
    }
}

#[test]
fn every_control_has_a_tooltip() {
    let mut missing = Vec::new();
    for (stage, make) in STAGES {
        let mut window = make();
        let inside = eframe::egui::Rect::from_min_size(Pos2::ZERO, vec2(1400.0, 1400.0));
        for (at, role, name) in controls(&window) {
            if !inside.contains(at) {
                continue;
            }
            // From nowhere, so that no tooltip of a neighbour stays.
            window.hover_at(Pos2::new(-100.0, -100.0));
            window.run_steps(3);
            window.hover_at(at);
            window.run_steps(6);
            if window.query_by_role(Role::Tooltip).is_none() {
                missing.push(format!("{stage}: {role:?} `{name}` at {at:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "without a tooltip:\n{}", missing.join("\n"));
}

/// What the list under `?` calls a key; nothing for Enter, which ends typing in a field.
fn spoken(key: &str) -> Option<String> {
    Some(match key {
        "Enter" => return None,
        "Num1" => "1".to_owned(),
        // The same key without Shift.
        "Plus" | "Equals" => "+".to_owned(),
        "Minus" => "−".to_owned(),
        "Period" => ".".to_owned(),
        "Comma" => ",".to_owned(),
        "Num2" | "Num3" => "Ctrl+1 … Ctrl+4".to_owned(),
        "Num4" => "Ctrl+4".to_owned(),
        // Redo has a second key, as in other programs.
        "Y" => "Ctrl+Shift+Z".to_owned(),
        key if key.starts_with("Arrow") => key["Arrow".len()..].to_owned(),
        "Escape" => "Esc".to_owned(),
        "PageUp" => "Page Up".to_owned(),
        "PageDown" => "Page Down".to_owned(),
        other => other.to_owned(),
    })
}

/// Keys that the sources below a folder of the window name.
fn used(below: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui").join(below);
    for file in walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("sources can be read")) {
        if file.file_type().is_file() {
            let text = std::fs::read_to_string(file.path()).expect("sources are text");
            for (at, _) in text.match_indices("Key::") {
                let word = |c: char| c.is_alphanumeric();
                if !text[..at].ends_with(word) {
                    keys.insert(text[at + 5..].chars().take_while(|c| word(*c)).collect());
                }
            }
        }
    }
    keys
}

#[test]
fn all_keys_are_listed() {
    let build = Harness::builder().with_size([1400.0, 1400.0]);
    let mut window = build.build_eframe(|context| {
        App::with_settings(&context.egui_ctx, crate::staged::settings(Theme::Light), Vec::new())
    });
    let tabs =
        [("Enhance", "tabs/enhance"), ("Layers", "tabs/layers"), ("Batch", "tabs/batch"), ("Train", "tabs/train")];
    window.event(Event::Text("?".to_owned()));
    window.run_steps(3);
    for (tab, folder) in tabs {
        window.get_by_role_and_label(Role::Button, tab).click();
        window.run_steps(3);
        let list: Vec<String> =
            window.get_all_by_role(Role::Label).filter_map(|node| node.accesskit_node().value()).collect();
        let all = list.join("\n");
        assert!(all.contains("This list"), "the list is open: {all}");
        for key in used(folder).into_iter().chain(used("app.rs")).filter_map(|key| spoken(&key)) {
            assert!(all.contains(&key), "{tab} does not list `{key}`: {all}");
        }
    }
}
