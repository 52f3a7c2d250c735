//! Every colour, size and distance of the window, so that views agree and a change is made once.
//!
//! Distances are multiples of 8 points (4 within a control). One accent colour; surfaces are neutral grey without a tint,
//! because a tint beside a photo changes how its colours look (the reason why photo programs are grey).

use super::{
    icons::{self, Icon},
    settings::Theme,
};
use eframe::egui::{
    self, Color32, CornerRadius, FontFamily, FontId, Margin, RichText, Stroke, TextStyle, Ui, Vec2, Visuals,
};

/// The rhythm of distances, in points.
pub const UNIT: f32 = 8.0;
/// Width of a side panel with controls.
pub const SIDE: f32 = 280.0;
/// Side of an icon in a button.
pub const ICON: f32 = 18.0;

/// The accent: a chosen tab, the split line, a finished part.
pub fn accent(ui: &Ui) -> Color32 {
    if ui.visuals().dark_mode { Color32::from_rgb(94, 160, 255) } else { Color32::from_rgb(20, 98, 220) }
}

/// Behind the white word of the one button that a view is about, in both themes.
pub fn accent_fill() -> Color32 {
    Color32::from_rgb(20, 98, 220)
}

/// The one button that a view is about.
pub fn primary(word: &str) -> egui::Button<'static> {
    egui::Button::new(RichText::new(word).strong().color(Color32::WHITE)).fill(accent_fill())
}

/// Something went well.
pub fn good(ui: &Ui) -> Color32 {
    if ui.visuals().dark_mode { Color32::from_rgb(104, 200, 140) } else { Color32::from_rgb(14, 112, 58) }
}

/// Something needs a look.
pub fn warning(ui: &Ui) -> Color32 {
    if ui.visuals().dark_mode { Color32::from_rgb(240, 180, 80) } else { Color32::from_rgb(142, 84, 0) }
}

/// Something went wrong.
pub fn bad(ui: &Ui) -> Color32 {
    if ui.visuals().dark_mode { Color32::from_rgb(255, 120, 110) } else { Color32::from_rgb(190, 30, 30) }
}

/// What lies behind a photo: middle grey-dark in both themes, so that photos look the same.
pub fn canvas(ui: &Ui) -> Color32 {
    if ui.visuals().dark_mode { Color32::from_gray(20) } else { Color32::from_gray(208) }
}

/// Colours of lines in charts: told apart without seeing red and green (Okabe and Ito).
pub const LINES: [Color32; 5] = [
    Color32::from_rgb(0, 114, 178),
    Color32::from_rgb(230, 159, 0),
    Color32::from_rgb(0, 158, 115),
    Color32::from_rgb(204, 121, 167),
    Color32::from_rgb(86, 180, 233),
];

/// Puts the look on, once at the start.
pub fn apply(context: &egui::Context) {
    context.set_fonts(fonts());
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        context.style_mut_of(theme, |style| {
            style.visuals = visuals(theme);
            let spacing = &mut style.spacing;
            spacing.item_spacing = Vec2::splat(UNIT);
            spacing.button_padding = Vec2::new(UNIT, 4.0);
            spacing.interact_size.y = 28.0;
            spacing.window_margin = Margin::same(16);
            spacing.menu_margin = Margin::same(8);
            spacing.slider_width = 140.0;
            spacing.combo_width = 140.0;
            // Room for most of the list of models; the usual 200 show one of twelve.
            spacing.combo_height = 400.0;
            // No list is cut that asks for more.
            spacing.default_area_size.y = 640.0;
            style.interaction.selectable_labels = false;
            for (text, size, family) in [
                (TextStyle::Heading, 20.0, FontFamily::Proportional),
                (TextStyle::Body, 14.0, FontFamily::Proportional),
                (TextStyle::Button, 14.0, FontFamily::Proportional),
                (TextStyle::Small, 12.0, FontFamily::Proportional),
                (TextStyle::Monospace, 13.0, FontFamily::Monospace),
            ] {
                style.text_styles.insert(text, FontId::new(size, family));
            }
        });
    }
}

/// The fonts that egui brings; what the one for texts lacks, arrows above all, comes from the one for numbers.
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let numbers = fonts.families.get(&FontFamily::Monospace).and_then(|names| names.first()).cloned();
    fonts.families.entry(FontFamily::Proportional).or_default().extend(numbers);
    fonts
}

fn visuals(theme: egui::Theme) -> Visuals {
    let dark = theme == egui::Theme::Dark;
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    let grey = |d: u8, l: u8| Color32::from_gray(if dark { d } else { l });
    v.panel_fill = grey(32, 245);
    v.window_fill = grey(38, 252);
    v.extreme_bg_color = grey(22, 255);
    v.faint_bg_color = grey(38, 238);
    v.window_corner_radius = CornerRadius::same(8);
    v.menu_corner_radius = CornerRadius::same(8);
    v.selection.bg_fill = if dark { Color32::from_rgb(36, 78, 140) } else { Color32::from_rgb(196, 220, 255) };
    v.selection.stroke = Stroke::new(1.0, grey(240, 10));
    v.hyperlink_color = if dark { Color32::from_rgb(94, 160, 255) } else { Color32::from_rgb(20, 98, 220) };
    v.widgets.noninteractive.bg_stroke = Stroke::new(1.0, grey(54, 214));
    v.widgets.noninteractive.fg_stroke = Stroke::new(1.0, grey(200, 50));
    v.widgets.inactive.fg_stroke = Stroke::new(1.0, grey(220, 40));
    v.widgets.inactive.bg_fill = grey(58, 226);
    v.widgets.inactive.weak_bg_fill = grey(52, 230);
    // Without a frame a white field is hardly seen on a light panel.
    v.widgets.inactive.bg_stroke = Stroke::new(1.0, grey(84, 176));
    v.weak_text_color = Some(grey(168, 92));
    for widget in [
        &mut v.widgets.noninteractive,
        &mut v.widgets.inactive,
        &mut v.widgets.hovered,
        &mut v.widgets.active,
        &mut v.widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(6);
    }
    v
}

/// Light, dark, or the system's choice.
pub fn choose(context: &egui::Context, theme: Theme) {
    context.set_theme(match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Light => egui::ThemePreference::Light,
        Theme::Dark => egui::ThemePreference::Dark,
    });
}

/// A side panel's or card's inner distance.
pub fn margin() -> Margin {
    Margin::same(16)
}

/// A heading within a side panel.
pub fn section(ui: &mut Ui, text: &str) {
    ui.add_space(UNIT);
    ui.label(RichText::new(text).strong());
}

/// A tab without content: an icon, what it is for, what to do, and a way to do it.
pub fn empty(ui: &mut Ui, icon: Icon, title: &str, hint: &str, actions: impl FnOnce(&mut Ui)) {
    let room = ui.available_size();
    ui.vertical_centered(|ui| {
        ui.add_space((room.y * 0.5 - 120.0).max(UNIT));
        let colour = ui.visuals().weak_text_color();
        icons::show(ui, icon, 56.0, colour);
        ui.add_space(UNIT);
        ui.heading(title);
        ui.label(RichText::new(hint).weak());
        ui.add_space(UNIT);
        actions(ui);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG 2 defines it.
    fn luminance(colour: Color32) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_that_is_written_stands_out_from_what_it_is_written_on() {
        for look in [Theme::Light, Theme::Dark] {
            let context = egui::Context::default();
            apply(&context);
            choose(&context, look);
            let mut seen = false;
            let mut output = context.run_ui(egui::RawInput::default(), |ui| {
                seen = true;
                let v = ui.visuals().clone();
                let inks = [v.text_color(), v.weak_text_color(), accent(ui), good(ui), warning(ui), bad(ui)];
                for ink in inks {
                    for under in [v.panel_fill, v.window_fill, v.faint_bg_color, v.extreme_bg_color] {
                        let ratio = contrast(ink, under);
                        assert!(ratio >= 4.5, "{look:?}: {ink:?} on {under:?} has {ratio:.2}");
                    }
                }
                for (ink, under) in [
                    (v.widgets.inactive.fg_stroke.color, v.widgets.inactive.weak_bg_fill),
                    (v.selection.stroke.color, v.selection.bg_fill),
                    (Color32::WHITE, accent_fill()),
                ] {
                    assert!(contrast(ink, under) >= 4.5, "{look:?}: {ink:?} on {under:?}");
                }
            });
            output.textures_delta.clear();
            assert!(seen);
        }
    }
}
