//! Tabs in fixed states, for tests that look at them. Workers are held by the test: nothing here depends on time, on a
//! device, on how fast a machine is or on who is logged in.

pub(crate) mod batch;
pub(crate) mod enhance;
pub(crate) mod layers;
pub(crate) mod train;

use addersr::{
    image_io::Metadata,
    session::{Work, Worker, open::Photo},
    tensor::{Pixels, Samples},
    ui::{Settings, Shell, settings::Theme, tabs::Tab, theme},
};
use eframe::egui::{self, Context, Ui};
use egui_kittest::{Harness, HarnessBuilder};
use std::sync::Arc;

/// A tab with what it needs.
pub(crate) struct Stage {
    /// The tab.
    pub(crate) tab: Box<dyn Tab>,
    /// What tabs share.
    pub(crate) shell: Shell,
}

/// A harness around it.
pub(crate) type Window = Harness<'static, Stage>;

/// Settings that ask for no graphics device.
pub(crate) fn settings(theme: Theme) -> Settings {
    Settings { theme, device: "cpu".to_owned(), ..Settings::default() }
}

/// What tabs share, without a window.
pub(crate) fn shell() -> Shell {
    Shell::new(Arc::new(|| ()), settings(Theme::Light))
}

/// Puts a tab on the stage.
pub(crate) fn stage(builder: HarnessBuilder<Stage>, look: Theme, tab: Box<dyn Tab>, shell: Shell) -> Window {
    let draw = |ui: &mut Ui, stage: &mut Stage| {
        stage.tab.poll(&mut stage.shell);
        ui.painter().rect_filled(ui.max_rect(), 0.0, ui.visuals().panel_fill);
        stage.tab.ui(ui, &mut stage.shell);
    };
    let setup = |context: &Context| theme::apply(context);
    builder.with_theme(colours(look)).with_context_setup(setup).build_ui_state(draw, Stage { tab, shell })
}

/// What a harness calls it.
pub(crate) fn colours(look: Theme) -> egui::Theme {
    if look == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light }
}

/// A worker that does nothing: of views in which nothing is asked.
pub(crate) fn idle<W: Work + 'static>() -> Worker<W> {
    Worker::manual().0
}

/// A picture of bands and a disc: few colours, so that its snapshots are small files.
pub(crate) fn picture(width: usize, height: usize, seed: usize) -> Pixels {
    let colour = |x: usize, y: usize| {
        let (dx, dy) = (x.abs_diff(width / 2), y.abs_diff(height / 2));
        let disc = 9 * (dx * dx + dy * dy) < width.min(height).pow(2);
        let band = (x * 8 / width + y * 4 / height + seed) % 5;
        let grey = 40 + 36 * band;
        if disc { [220, 90 + 20 * band, 40] } else { [grey, grey + 20, 250 - grey] }
    };
    let all = (0..height).flat_map(|y| (0..width).flat_map(move |x| colour(x, y))).map(|v| v as u8);
    Pixels::new(width, height, 3, Samples::U8(all.collect())).expect("sizes agree")
}

/// The same as an open photo.
pub(crate) fn photo(name: &str, width: usize, height: usize) -> Arc<Photo> {
    Arc::new(Photo::new(None, name.to_owned(), (picture(width, height, 0), Metadata::default(), Vec::new())))
}
