//! Pieces of held-out pictures over the time of a run, with a line to drag between two of start, now and truth.

use super::{run::Run, set::texture};
use crate::{
    tensor::Pixels,
    ui::{
        text::text,
        theme::{self, UNIT},
        widgets::keys,
    },
};
use eframe::egui::{self, Align2, Color32, Key, Pos2, Rect, RichText, Sense, Stroke, TextureHandle, Ui, Vec2};
use std::sync::Arc;

/// Largest side of the shown piece, in points.
const MAX_SIDE: f32 = 480.0;

/// What stands on one side of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Bicubic,
    Start,
    Now,
    Truth,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Bicubic => text!("piece-bicubic"),
            Self::Start => text!("piece-start"),
            Self::Now => text!("piece-now"),
            Self::Truth => text!("piece-truth"),
        }
    }
}

/// What is looked at.
pub(super) struct Preview {
    crop: usize,
    /// Which judgement; `None` follows the latest.
    at: Option<usize>,
    split: f32,
    sides: [Side; 2],
    textures: Vec<(Arc<Pixels>, TextureHandle)>,
}

impl Default for Preview {
    fn default() -> Self {
        Self { crop: 0, at: None, split: 0.5, sides: [Side::Start, Side::Now], textures: Vec::new() }
    }
}

impl Preview {
    pub(super) fn show(&mut self, ui: &mut Ui, run: &Run) {
        if run.crops.is_empty() {
            return;
        }
        self.crop = self.crop.min(run.crops.len() - 1);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(text!("pieces")).strong());
            for (i, crop) in run.crops.iter().enumerate() {
                let label = ui.selectable_label(self.crop == i, format!("{}", i + 1));
                if label.on_hover_text(text!("piece-of", name = crop.name.as_str())).clicked() {
                    self.crop = i;
                }
            }
            ui.add_space(UNIT);
            self.choose(ui, 0, &[Side::Bicubic, Side::Start, Side::Now]);
            ui.label(RichText::new("|").weak());
            self.choose(ui, 1, &[Side::Now, Side::Truth]);
        });
        self.scrubber(ui, run);
        let pieces = self.sides.map(|side| self.piece(side, run));
        let textures = pieces.map(|p| self.texture(ui.ctx(), &p));
        self.slider(ui, &textures, run);
        ui.add_space(UNIT);
    }

    fn choose(&mut self, ui: &mut Ui, place: usize, sides: &[Side]) {
        let words = |side: Side| match place {
            0 => (text!("piece-left", side = side.name()), text!("piece-left-tip")),
            _ => (text!("piece-right", side = side.name()), text!("piece-right-tip")),
        };
        for &side in sides {
            let label = ui.selectable_label(self.sides[place] == side, side.name());
            label.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, self.sides[place] == side, words(side).0)
            });
            if label.on_hover_text(words(side).1).clicked() {
                self.sides[place] = side;
            }
        }
    }

    fn scrubber(&mut self, ui: &mut Ui, run: &Run) {
        let last = run.scored.len().saturating_sub(1);
        if last == 0 {
            return;
        }
        ui.horizontal(|ui| {
            let mut at = self.at.unwrap_or(last).min(last);
            ui.spacing_mut().slider_width = 280.0;
            let slider = ui.add(egui::Slider::new(&mut at, 0..=last).show_value(false));
            slider.widget_info(|| egui::WidgetInfo::slider(true, at as f64, text!("judgement")));
            if slider.on_hover_text(text!("judgement-tip")).changed() {
                // At the end it follows the run again.
                self.at = (at < last).then_some(at);
            }
            let scored = &run.scored[at];
            ui.label(
                RichText::new(text!("judgement-score", step = scored.step, psnr = format!("{:.2}", scored.score.psnr)))
                    .weak(),
            );
        });
    }

    fn piece(&self, side: Side, run: &Run) -> Arc<Pixels> {
        let crop = &run.crops[self.crop];
        let last = run.scored.len().saturating_sub(1);
        let now = run.scored.get(self.at.unwrap_or(last).min(last)).and_then(|s| s.crops.get(self.crop));
        match side {
            Side::Bicubic => crop.bicubic.clone(),
            Side::Start => crop.start.clone(),
            Side::Truth => crop.truth.clone(),
            Side::Now => now.unwrap_or(&crop.start).clone(),
        }
    }

    /// The texture of a piece; the last few are kept.
    fn texture(&mut self, ctx: &egui::Context, pixels: &Arc<Pixels>) -> TextureHandle {
        if let Some((_, texture)) = self.textures.iter().find(|(known, _)| Arc::ptr_eq(known, pixels)) {
            return texture.clone();
        }
        let made = texture(ctx, "held-out piece", pixels);
        if self.textures.len() >= 8 {
            drop(self.textures.remove(0));
        }
        self.textures.push((pixels.clone(), made.clone()));
        made
    }

    fn slider(&mut self, ui: &mut Ui, textures: &[TextureHandle; 2], run: &Run) {
        let size = textures[0].size_vec2();
        // Whole multiples of screen pixels, so that all pixels of the piece are of one size.
        let per_point = ui.ctx().pixels_per_point();
        let zoom = (MAX_SIDE.min(ui.available_width()) * per_point / size.x.max(size.y)).floor().max(1.0) / per_point;
        let (rect, mut response) = ui.allocate_exact_size(size * zoom, Sense::click_and_drag());
        if let Some(at) = response.interact_pointer_pos() {
            self.split = ((at.x - rect.left()) / rect.width()).clamp(0.0, 1.0);
            response.request_focus();
        }
        if response.has_focus() {
            let presses = |key| ui.input(|i| keys::plain(i, key).count() as f32);
            let step = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
            self.split = (self.split + 0.02 * step).clamp(0.0, 1.0);
            let keep = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, keep));
        }
        response = response.on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
        let name = text!("piece-line", left = self.sides[0].name(), right = self.sides[1].name());
        response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(self.split), &name));
        let x = rect.left() + rect.width() * self.split;
        let painter = ui.painter_at(rect);
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        painter.image(textures[1].id(), rect, whole, Color32::WHITE);
        let left = Rect::from_min_max(rect.min, Pos2::new(x, rect.bottom()));
        painter.with_clip_rect(left).image(textures[0].id(), rect, whole, Color32::WHITE);
        painter.vline(x, rect.y_range(), Stroke::new(2.0, theme::accent(ui)));
        for (side, align, at) in [
            (self.sides[0], Align2::LEFT_TOP, rect.left_top() + Vec2::splat(UNIT)),
            (self.sides[1], Align2::RIGHT_TOP, rect.right_top() + Vec2::new(-UNIT, UNIT)),
        ] {
            let font = egui::TextStyle::Small.resolve(ui.style());
            let galley = painter.layout_no_wrap(side.name().to_owned(), font, Color32::WHITE);
            let place = align.anchor_size(at, galley.size());
            painter.rect_filled(place.expand(4.0), 4.0, Color32::from_black_alpha(150));
            painter.galley(place.min, galley, Color32::WHITE);
        }
        let crop = &run.crops[self.crop];
        response.on_hover_text(text!("piece-tip", name = crop.name.as_str()));
    }
}
