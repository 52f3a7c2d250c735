//! The photo, small, with the part that is looked at; and the receptive field of the output under the pointer.

use super::{
    state::{LayersState, SIDES},
    textures::{TextureKey, Textures},
};
use crate::{
    backend,
    nn::Arch,
    session::layers::source::Source,
    tensor::{Point, Size},
    ui::{text::text, theme},
};
use eframe::egui::{self, Color32, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

/// Height of the small photo at most.
const HEIGHT: f32 = 150.0;

pub(super) fn show(ui: &mut Ui, state: &mut LayersState, textures: &mut Textures, hovered: Option<Point>) {
    let (Some(look), Some(region)) = (state.look.clone(), state.region()) else {
        ui.spinner();
        return;
    };
    let pixels = &look.request.photo.pixels;
    let photo = Vec2::new(pixels.width as f32, pixels.height as f32);
    let scale = (ui.available_width() / photo.x).min(HEIGHT / photo.y);
    let (rect, response) = ui.allocate_exact_size(photo * scale, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text!("region-picture")));
    if let Some(texture) = textures.get(ui.ctx(), TextureKey::Photo, &look.thumb, &look.thumb) {
        let uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        ui.painter().image(texture.id(), rect, uv, Color32::WHITE);
    }
    let outline = |r: backend::Rect, colour: Color32| {
        let size = Vec2::new(r.w as f32, r.h as f32) * scale;
        let shown = Rect::from_min_size(rect.min + Vec2::new(r.x as f32, r.y as f32) * scale, size);
        ui.painter().rect_stroke(shown, 0.0, Stroke::new(3.0, Color32::from_black_alpha(140)), StrokeKind::Outside);
        ui.painter().rect_stroke(shown, 0.0, Stroke::new(1.5, colour), StrokeKind::Outside);
    };
    outline(region, theme::LINES[4]);
    let point = hovered.or(state.pixel);
    let field = point.and_then(|at| receptive_field(&look.map.source, at, pixels.size()));
    if let Some(field) = field {
        outline(field, theme::LINES[1]);
    }
    if let Some(at) = response.interact_pointer_pos() {
        let at = (at - rect.min) / scale;
        state.go_to(Point::new(at.x.max(0.0) as usize, at.y.max(0.0) as usize));
        ui.ctx().request_repaint();
    }
    response.on_hover_text(text!("region-picture-tip"));
    ui.horizontal(|ui| {
        ui.label(text!("region"));
        let combo = egui::ComboBox::from_id_salt("side").width(64.0).selected_text(format!("{} px", state.side));
        let shown = combo.show_ui(ui, |ui| {
            for side in SIDES {
                ui.selectable_value(&mut state.side, side, format!("{side} px"));
            }
        });
        shown.response.on_hover_text(text!("region-tip"));
        if let Some(field) = field {
            ui.weak(text!("region-sees", w = field.w, h = field.h));
        }
        if state.is_waiting() {
            ui.spinner();
        }
    });
}

/// The photo's pixels that can change the output at a pixel of the map.
fn receptive_field(source: &Source, Point { x, y }: Point, photo: Size) -> Option<backend::Rect> {
    let node = &source.model.plan.nodes[source.node];
    if y >= source.shown.shape.h || x >= source.shown.shape.w {
        return None;
    }
    let per_photo = node.scale * source.factor;
    // `avdsr` reads a bicubic enlargement, which sees two pixels further.
    let bicubic = if source.model.plan.spec.arch == Arch::Avdsr { 2 } else { 0 };
    let radius = node.radius.div_ceil(source.factor) + bicubic;
    let at = backend::Rect { y: source.region.y + y / per_photo, x: source.region.x + x / per_photo, h: 1, w: 1 };
    Some(at.grow(radius, photo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::cpu::Cpu,
        infer::CancelToken,
        session::{
            models::Catalogue,
            open::{Origin, open},
        },
    };

    #[test]
    fn an_output_sees_its_radius_around_it_and_nothing_beyond_the_photo() {
        let photo = open(Origin::Sample).unwrap();
        let models = Catalogue::default();
        let model = models.get(&models.for_factor(2.0, crate::infer::bundled::Kind::Clean).unwrap()).unwrap();
        let of = |layer: &str, region: backend::Rect, y: usize, x: usize| {
            let node = model.plan.find(layer).unwrap();
            let source = Source::read(&photo.pixels, &model, region, node, &Cpu::new(), &CancelToken::new()).unwrap();
            receptive_field(&source, Point { x, y }, photo.pixels.size())
        };
        let region = backend::Rect { y: 20, x: 30, h: 8, w: 8 };
        assert_eq!(of("input", region, 2, 3), Some(backend::Rect { y: 22, x: 33, h: 1, w: 1 }));
        assert_eq!(of("head", region, 2, 3), Some(backend::Rect { y: 21, x: 32, h: 3, w: 3 }));
        assert_eq!(of("body.0.0.power", region, 2, 3), Some(backend::Rect { y: 20, x: 31, h: 5, w: 5 }));
        assert_eq!(of("bicubic", region, 15, 0).map(|r| (r.y + 2, r.x + 2)), Some((27, 30)));
        let [corner, seen] = [4, 2].map(|side| backend::Rect::whole(Size::square(side)));
        assert_eq!(of("head", corner, 0, 0), Some(seen));
        assert_eq!(of("head", region, 8, 0), None);
    }
}
