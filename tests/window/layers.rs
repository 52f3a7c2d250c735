//! The Layers tab: open a photo, choose a layer, a channel, an output.

use crate::waiting::until;
use addersr::ui::{App, Settings};
use eframe::egui::Role;
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};

fn shows(harness: &mut Harness<'static, App>, label: &str) -> bool {
    harness.query_all_by_label(label).next().is_some()
}

/// A window with the Layers tab in front and the sample open.
fn opened() -> Harness<'static, App> {
    let settings = Settings { device: "cpu".to_owned(), ..Settings::default() };
    let build = Harness::builder().with_size([1280.0, 800.0]);
    let mut harness = build.build_eframe(|context| App::with_settings(&context.egui_ctx, settings, Vec::new()));
    harness.get_by_label("Layers").click();
    harness.step();
    harness.get_by_label("Open the sample").click();
    until(&mut harness, "the grid", |h| shows(h, "Channel 0"));
    harness
}

#[test]
fn a_click_on_a_layer_shows_its_channels() {
    let mut harness = opened();
    assert!(shows(&mut harness, "body.0.0.power"), "the first power activation is shown first");
    harness.get_by_label("head").click();
    until(&mut harness, "the head", |h| h.query_all_by_label_contains("convolution 3×3, 3 → 32").next().is_some());
    harness.get_by_label("Flat field").click();
    harness.step();
    until(&mut harness, "its flat field", |h| shows(h, "head, channel 0"));
}

#[test]
fn pages_show_the_chosen_channel_and_the_arithmetic_of_the_chosen_output() {
    let mut harness = opened();
    harness.get_by_label("Power").click();
    until(&mut harness, "the power activation", |h| shows(h, "body.0.0.power, channel 0"));
    harness.get_by_label("Channel 2").click();
    until(&mut harness, "channel 2", |h| shows(h, "body.0.0.power, channel 2"));
    harness.get_by_label("Output").click();
    until(&mut harness, "the arithmetic", |h| {
        h.query_all_by_label_contains("terms of body.0.0.adder").next().is_some()
    });
    assert!(harness.get_by_label("Channel 2").accesskit_node().toggled().is_some());
    harness.get_by_label("Weights").click();
    until(&mut harness, "the kernel", |h| shows(h, "Kernel"));
}

/// Takes an entry of the list that shows `now`.
fn choose(harness: &mut Harness<'static, App>, now: &str, entry: &str) {
    let list =
        harness.get_all_by_role(Role::ComboBox).find(|list| list.accesskit_node().value().as_deref() == Some(now));
    list.unwrap_or_else(|| panic!("a list shows {now}")).click();
    harness.run_steps(3);
    harness.get_by_role_and_label(Role::Button, entry).scroll_to_me();
    harness.run_steps(5);
    harness.get_by_role_and_label(Role::Button, entry).click();
    harness.run_steps(3);
}

#[test]
fn rows_of_two_models_match_in_any_order_where_one_has_fewer_channels() {
    let mut harness = opened();
    choose(&mut harness, "None", "x2-best");
    until(&mut harness, "the other model", |h| shows(h, "Channel 63 of x2-best"));
    for order in ["by energy", "by mean"] {
        let before = if order == "by energy" { "by index" } else { "by energy" };
        choose(&mut harness, before, order);
        until(&mut harness, "all channels", |h| shows(h, "Channel 0") && shows(h, "Channel 63 of x2-best"));
        let top = |label: &str| harness.get_by_label(label).rect().top();
        for channel in [0, 7, 30, 31] {
            assert_eq!(top(&format!("Channel {channel}")), top(&format!("Channel {channel} of x2-best")), "{order}");
        }
        assert!(top("Channel 40 of x2-best") > top("Channel 0").max(top("Channel 31")));
    }
}
