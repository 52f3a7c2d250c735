//! What is set for the whole window: how large it is drawn, its language, how many threads compute.

use super::{
    Settings,
    icons::{self, Icon},
    text::{self, Language, text},
    theme,
};
use crate::backend::cpu;
use eframe::egui::{self, Context, Popup, PopupCloseBehavior, TextStyle, Ui};

/// What the window speaks: what was chosen, or the system's language; English where the fonts lack its letters.
pub(super) struct Speech {
    system: Language,
    /// The choice that is followed.
    settled: Option<Option<Language>>,
}

impl Speech {
    /// `system`: what is spoken where people have chosen nothing. Until fonts are there, they are taken to suffice.
    pub(super) fn new(system: Language, chosen: Option<Language>) -> Self {
        text::speak(chosen.unwrap_or(system));
        Self { system, settled: None }
    }

    /// Follows the choice. At the beginning of a frame, where fonts can be asked.
    pub(super) fn settle(&mut self, ctx: &Context, chosen: Option<Language>) {
        if self.settled != Some(chosen) {
            let language = chosen.unwrap_or(self.system);
            text::speak(if can_be_written(ctx, language) { language } else { Language::English });
            self.settled = Some(chosen);
        }
    }
}

/// Whether the fonts, those of the system among them, have a language's letters.
fn can_be_written(ctx: &Context, language: Language) -> bool {
    let font = TextStyle::Body.resolve(&ctx.global_style());
    ctx.fonts_mut(|fonts| fonts.has_glyphs(&font, language.name()))
}

/// The button, and what opens below it.
pub(super) fn show(ui: &mut Ui, settings: &mut Settings) {
    let button = icons::button(ui, Icon::Settings, text!("settings"), true);
    let menu = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    menu.show(|ui| {
        theme::section(ui, text!("interface-size"));
        size(ui);
        theme::section(ui, text!("threads"));
        threads(ui, &mut settings.threads);
        theme::section(ui, text!("language"));
        ui.selectable_value(&mut settings.language, None, text!("language-system"));
        for language in Language::ALL {
            if can_be_written(ui.ctx(), language) {
                ui.selectable_value(&mut settings.language, Some(language), language.name());
            } else {
                // Boxes would be all that one sees of its own name.
                let label = egui::Button::selectable(false, language.english_name());
                ui.add_enabled(false, label).on_disabled_hover_text(text!("language-no-font"));
            }
        }
    });
}

/// How many threads compute.
fn threads(ui: &mut Ui, threads: &mut Option<u16>) {
    let cores = std::thread::available_parallelism().map_or(1, |n| u16::try_from(n.get()).unwrap_or(u16::MAX));
    let mut number = threads.unwrap_or(0);
    let spoken = |number: f64| if number < 1.0 { text!("threads-all").to_owned() } else { format!("{number:.0}") };
    let field = egui::DragValue::new(&mut number).range(0..=cores).speed(0.1);
    let field = field.custom_formatter(move |number, _| spoken(number));
    // What is no number means all, as its word does.
    let field = field.custom_parser(|text| Some(text.trim().parse().unwrap_or(0.0)));
    let response = ui.add_sized([88.0, ui.spacing().interact_size.y], field);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, text!("threads")));
    response.on_hover_text(text!("threads-tip", cores = cores));
    *threads = (number > 0).then_some(number);
}

/// Computes with as many threads as people have set. Before anything is computed.
pub(super) fn set_threads(settings: &Settings) {
    if settings.threads.is_some_and(|threads| !cpu::set_threads(threads.into())) {
        tracing::warn!("--threads was given, so the number in the settings does not count");
    }
}

/// Smaller, as it is, larger.
fn size(ui: &mut Ui) {
    ui.horizontal(|ui| {
        if ui.button("−").on_hover_text(text!("interface-smaller")).clicked() {
            egui::gui_zoom::zoom_out(ui.ctx());
        }
        ui.label(format!("{:.0} %", 100.0 * ui.ctx().zoom_factor()));
        if ui.button("+").on_hover_text(text!("interface-larger")).clicked() {
            egui::gui_zoom::zoom_in(ui.ctx());
        }
    });
}

/// Draws the window as large as it was; nonsense is drawn as large as the system says.
pub(super) fn resize(context: &Context, factor: f32) {
    context.set_zoom_factor(if (0.2..=5.0).contains(&factor) { factor } else { 1.0 });
}
