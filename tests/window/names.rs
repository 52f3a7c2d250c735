//! Every control of every tab has a name for those who do not see it and a tooltip for those who wonder, and the keys are all
//! listed.

use crate::staged::{Window, batch, enhance, layers, train};
use addersr::ui::settings::Theme;
use eframe::egui::{Pos2, Role, vec2};
use egui_kittest::{Harness, HarnessBuilder, kittest::NodeT, kittest::Queryable};

/// Tabs in states that show most of their controls.
const STAGES: [(&str, fn() -> Window); 7] = [
    ("enhance", || enhance::filled(builder(), Theme::Light)),
    ("layers, empty", || layers::empty(builder(), Theme::Light)),
    ("layers", || layers::filled(builder(), Theme::Light)),
    ("batch, empty", || batch::empty(builder(), Theme::Light)),
    ("batch", || batch::filled(builder(), Theme::Light)),
    ("train, set", || train::judged(builder(), Theme::Light).0),
    ("train, run", || train::filled(builder(), Theme::Light)),
];

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
        if used && !of.is_disabled() && !matches!(role, Role::GenericContainer | Role::Unknown | Role::ScrollView) {
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
        assert!(controls.len() > 1, "{stage}: there are controls");
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
