//! What lights up while files are held over the window: where they will go, before they are let go.

use crate::ui::theme::{self, UNIT};
use eframe::egui::{Area, Context, CornerRadius, Id, Order, RichText, Sense, Stroke, StrokeKind};

/// Draws it, if there are such files: `words` says what becomes of so many.
pub(in crate::ui) fn show(ctx: &Context, words: impl FnOnce(usize) -> &'static str) {
    let files = ctx.input(|input| input.raw.hovered_files.len());
    if files == 0 {
        return;
    }
    let all = ctx.content_rect();
    Area::new(Id::unique("drop target")).order(Order::Foreground).fixed_pos(all.min).interactable(false).show(
        ctx,
        |ui| {
            ui.allocate_exact_size(all.size(), Sense::hover());
            let inside = all.shrink(UNIT);
            ui.painter().rect_filled(inside, CornerRadius::same(8), ui.visuals().window_fill.gamma_multiply(0.85));
            let stroke = Stroke::new(3.0, theme::accent(ui));
            ui.painter().rect_stroke(inside, CornerRadius::same(8), stroke, StrokeKind::Inside);
            let text = RichText::new(words(files)).heading();
            ui.put(all, eframe::egui::Label::new(text));
        },
    );
}
