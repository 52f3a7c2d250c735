//! Icons, drawn from lines on a grid of 24 × 24: crisp at every scale factor and in the colour of the text beside them.
//! An icon font would be another file to load, and the crates that carry one pull a second egui.

use eframe::egui::{self, Color32, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

/// A small picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Before and after: a frame with a line down the middle.
    Split,
    /// Sheets on top of each other.
    Layers,
    /// Many pictures.
    Grid,
    /// A rising line.
    Chart,
    /// A folder.
    Open,
    /// An arrow into a tray.
    Export,
    /// Two sheets.
    Copy,
    /// A sheet on a board.
    Paste,
    /// An arrow back.
    Undo,
    /// An arrow forth.
    Redo,
    /// A question mark.
    Help,
    /// A sun: light and dark.
    Theme,
    /// Start.
    Play,
    /// Two bars.
    Pause,
    /// A square.
    Stop,
    /// A circle of arrows.
    Retry,
    /// A cross.
    Close,
    /// A tick.
    Check,
    /// A triangle with an exclamation mark.
    Warning,
    /// An angle to the left.
    Previous,
    /// An angle to the right.
    Next,
    /// Plus.
    Add,
    /// A processor.
    Device,
    /// Three sliders.
    Settings,
    /// Pictures in a row.
    Strip,
}

/// Strokes of an icon, each a line through points of the grid.
fn strokes(icon: Icon) -> &'static [&'static [(f32, f32)]] {
    match icon {
        Icon::Split => &[
            &[(3., 5.), (21., 5.), (21., 19.), (3., 19.), (3., 5.)],
            &[(12., 2.), (12., 22.)],
            &[(15., 16.), (18., 12.), (21., 16.)],
        ],
        Icon::Layers => &[
            &[(12., 3.), (21., 8.), (12., 13.), (3., 8.), (12., 3.)],
            &[(3., 12.), (12., 17.), (21., 12.)],
            &[(3., 16.), (12., 21.), (21., 16.)],
        ],
        Icon::Grid => &[
            &[(4., 4.), (10., 4.), (10., 10.), (4., 10.), (4., 4.)],
            &[(14., 4.), (20., 4.), (20., 10.), (14., 10.), (14., 4.)],
            &[(4., 14.), (10., 14.), (10., 20.), (4., 20.), (4., 14.)],
            &[(14., 14.), (20., 14.), (20., 20.), (14., 20.), (14., 14.)],
        ],
        Icon::Chart => &[&[(4., 3.), (4., 20.), (21., 20.)], &[(7., 16.), (11., 10.), (15., 13.), (20., 5.)]],
        Icon::Open => &[
            &[(3., 19.), (3., 5.), (9., 5.), (11., 8.), (20., 8.), (20., 11.)],
            &[(3., 19.), (7., 11.), (22., 11.), (18., 19.), (3., 19.)],
        ],
        Icon::Settings => &[
            &[(4., 6.), (20., 6.)],
            &[(9., 3.), (9., 9.)],
            &[(4., 12.), (20., 12.)],
            &[(15., 9.), (15., 15.)],
            &[(4., 18.), (20., 18.)],
            &[(8., 15.), (8., 21.)],
        ],
        Icon::Strip => {
            &[&[(2., 7.), (22., 7.), (22., 17.), (2., 17.), (2., 7.)], &[(9., 7.), (9., 17.)], &[(15., 7.), (15., 17.)]]
        }
        Icon::Export => &[
            &[(12., 3.), (12., 15.)],
            &[(7., 10.), (12., 15.), (17., 10.)],
            &[(4., 16.), (4., 20.), (20., 20.), (20., 16.)],
        ],
        Icon::Copy => &[
            &[(8., 8.), (20., 8.), (20., 20.), (8., 20.), (8., 8.)],
            &[(8., 16.), (4., 16.), (4., 4.), (16., 4.), (16., 8.)],
        ],
        Icon::Paste => &[
            &[(8., 5.), (5., 5.), (5., 21.), (19., 21.), (19., 5.), (16., 5.)],
            &[(8., 3.), (16., 3.), (16., 7.), (8., 7.), (8., 3.)],
        ],
        Icon::Undo => &[
            &[(8., 4.), (4., 8.), (8., 12.)],
            &[(4., 8.), (15., 8.), (18., 9.5), (20., 13.), (18., 16.5), (15., 18.), (9., 18.)],
        ],
        Icon::Redo => &[
            &[(16., 4.), (20., 8.), (16., 12.)],
            &[(20., 8.), (9., 8.), (6., 9.5), (4., 13.), (6., 16.5), (9., 18.), (15., 18.)],
        ],
        Icon::Help => &[
            &[(8., 8.), (9., 5.5), (12., 4.), (15., 5.5), (16., 8.), (14.5, 10.5), (12., 12.5), (12., 15.)],
            &[(12., 19.), (12., 20.)],
        ],
        Icon::Theme => &[
            &[
                (12., 7.),
                (15.5, 8.5),
                (17., 12.),
                (15.5, 15.5),
                (12., 17.),
                (8.5, 15.5),
                (7., 12.),
                (8.5, 8.5),
                (12., 7.),
            ],
            &[(12., 2.), (12., 4.)],
            &[(12., 20.), (12., 22.)],
            &[(2., 12.), (4., 12.)],
            &[(20., 12.), (22., 12.)],
            &[(5., 5.), (6.3, 6.3)],
            &[(17.7, 17.7), (19., 19.)],
            &[(19., 5.), (17.7, 6.3)],
            &[(6.3, 17.7), (5., 19.)],
        ],
        Icon::Play => &[&[(7., 4.), (19., 12.), (7., 20.), (7., 4.)]],
        Icon::Pause => &[&[(8., 5.), (8., 19.)], &[(16., 5.), (16., 19.)]],
        Icon::Stop => &[&[(6., 6.), (18., 6.), (18., 18.), (6., 18.), (6., 6.)]],
        Icon::Retry => &[
            &[
                (19., 13.),
                (17.5, 17.),
                (14., 19.5),
                (10., 19.5),
                (6.5, 17.),
                (5., 13.),
                (6.5, 9.),
                (10., 6.5),
                (17., 6.5),
            ],
            &[(13.5, 3.), (17., 6.5), (13.5, 10.)],
        ],
        Icon::Close => &[&[(6., 6.), (18., 18.)], &[(18., 6.), (6., 18.)]],
        Icon::Check => &[&[(5., 12.), (10., 17.), (19., 7.)]],
        Icon::Warning => {
            &[&[(12., 4.), (21., 20.), (3., 20.), (12., 4.)], &[(12., 10.), (12., 14.5)], &[(12., 17.), (12., 17.6)]]
        }
        Icon::Previous => &[&[(15., 5.), (8., 12.), (15., 19.)]],
        Icon::Next => &[&[(9., 5.), (16., 12.), (9., 19.)]],
        Icon::Add => &[&[(12., 5.), (12., 19.)], &[(5., 12.), (19., 12.)]],
        Icon::Device => &[
            &[(7., 7.), (17., 7.), (17., 17.), (7., 17.), (7., 7.)],
            &[(10., 3.), (10., 7.)],
            &[(14., 3.), (14., 7.)],
            &[(10., 17.), (10., 21.)],
            &[(14., 17.), (14., 21.)],
            &[(3., 10.), (7., 10.)],
            &[(3., 14.), (7., 14.)],
            &[(17., 10.), (21., 10.)],
            &[(17., 14.), (21., 14.)],
        ],
    }
}

/// Draws an icon into a square.
pub fn paint(painter: &Painter, icon: Icon, square: Rect, colour: Color32) {
    let scale = square.width() / 24.0;
    let stroke = Stroke::new((1.6 * scale).max(1.0), colour);
    for line in strokes(icon) {
        let points: Vec<Pos2> = line.iter().map(|&(x, y)| square.min + Vec2::new(x, y) * scale).collect();
        painter.add(egui::Shape::line(points, stroke));
    }
}

/// An icon on its own.
pub fn show(ui: &mut Ui, icon: Icon, side: f32, colour: Color32) {
    let (square, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    paint(ui.painter(), icon, square, colour);
}

/// A button with nothing but an icon; `name` is its tooltip and its name for screen readers and tests.
pub fn button(ui: &mut Ui, icon: Icon, name: &str, enabled: bool) -> Response {
    let side = ui.spacing().interact_size.y;
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), sense);
    let visuals = if enabled { *ui.style().interact(&response) } else { ui.visuals().widgets.noninteractive };
    if enabled && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, visuals.corner_radius, visuals.weak_bg_fill);
    }
    let colour = if enabled { visuals.fg_stroke.color } else { ui.visuals().weak_text_color().gamma_multiply(0.5) };
    paint(ui.painter(), icon, Rect::from_center_size(rect.center(), Vec2::splat(super::theme::ICON)), colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    response.on_hover_text(name)
}

/// A button with an icon and a word; the word is its name.
pub fn labelled(ui: &mut Ui, icon: Icon, word: &str) -> Response {
    let response = with_word(ui, icon, word, false);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, word));
    response
}

/// The same as one of several, of which one is chosen.
pub fn choice(ui: &mut Ui, icon: Icon, word: &str, chosen: bool) -> Response {
    let response = with_word(ui, icon, word, chosen);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, chosen, word));
    response
}

fn with_word(ui: &mut Ui, icon: Icon, word: &str, chosen: bool) -> Response {
    let font = egui::TextStyle::Button.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(word.to_owned(), font, Color32::PLACEHOLDER);
    let side = super::theme::ICON;
    let size = Vec2::new(side + 6.0 + text.size().x + 16.0, ui.spacing().interact_size.y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let visuals = ui.style().interact_selectable(&response, chosen);
    if chosen || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, visuals.corner_radius, visuals.weak_bg_fill);
    }
    let colour = visuals.text_color();
    let square = Rect::from_center_size(rect.left_center() + Vec2::new(8.0 + side / 2.0, 0.0), Vec2::splat(side));
    paint(ui.painter(), icon, square, colour);
    let at = Pos2::new(square.right() + 6.0, rect.center().y - text.size().y / 2.0);
    ui.painter().galley(at, text, colour);
    response
}

/// The window's icon: a minus sign between two bars, |x − w|, 64 × 64. The same as `assets/icon.svg` shows.
pub fn window() -> egui::IconData {
    const SIDE: usize = 64;
    let mut rgba = Vec::with_capacity(SIDE * SIDE * 4);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let bar = (12..52).contains(&y) && ((10..16).contains(&x) || (48..54).contains(&x));
            let minus = (29..35).contains(&y) && (22..42).contains(&x);
            let corner = |v: usize| if v < 10 { 10 - v } else { v.saturating_sub(SIDE - 11) };
            let inside = corner(x).pow(2) + corner(y).pow(2) <= 100;
            rgba.extend(match (inside, bar || minus) {
                (false, _) => [0, 0, 0, 0],
                (true, true) => [255, 255, 255, 255],
                (true, false) => [36, 92, 190, 255],
            });
        }
    }
    egui::IconData { rgba, width: SIDE as u32, height: SIDE as u32 }
}
