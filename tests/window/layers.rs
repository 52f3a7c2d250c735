//! The Layers tab: open a photo, choose a layer, a channel, an output.

use crate::waiting::until;
use addersr::ui::{App, Settings};
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
