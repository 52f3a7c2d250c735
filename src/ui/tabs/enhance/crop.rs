//! The part of the photo that is exported: drawn over the picture, moved, taken by its corners.

use super::{camera::Camera, canvas::place_at, state::EnhanceState};
use crate::{
    backend::Rect as Part,
    tensor::Size,
    ui::{text::text, theme},
};
use eframe::egui::{self, Color32, CursorIcon, Key, Pos2, Rect, Response, Stroke, StrokeKind, Ui, Vec2};

/// How near a corner is taken, in points.
const GRIP: f32 = 12.0;

/// What draws the crop.
#[derive(Default)]
pub(super) struct Tool {
    /// Dragging draws, and does not move the view.
    pub(super) on: bool,
    drag: Option<Drag>,
    /// The pane that it began in: beyond its edge it goes on as if there were no other.
    pane: usize,
    /// The photo's pixel under the pointer when that was last looked at.
    at: [f64; 2],
}

/// A rectangle being drawn: two corners that are opposite, in the photo's pixels; or one that is moved.
#[derive(Clone, Copy)]
struct Drag {
    from: [f64; 2],
    to: [f64; 2],
    /// Moves all of it.
    moves: bool,
}

impl Drag {
    /// The photo's pixels that it touches, as far as it lies in it.
    fn part(self, photo: Size) -> Part {
        let span = |axis: usize, of: usize| {
            let (a, b) = (self.from[axis].min(self.to[axis]), self.from[axis].max(self.to[axis]));
            if self.moves {
                // It keeps its size, also at the edge.
                let side = ((b - a).round() as usize).clamp(1, of);
                return ((a.round().max(0.0) as usize).min(of - side), side);
            }
            let start = (a.floor().max(0.0) as usize).min(of - 1);
            (start, (b.ceil().max(0.0) as usize).clamp(start + 1, of) - start)
        };
        let ((x, w), (y, h)) = (span(0, photo.width), span(1, photo.height));
        Part { y, x, h, w }
    }
}

/// Where the photo lies in a pane.
struct View {
    camera: Camera,
    pane: Rect,
    ppp: f32,
    /// Pixels of the result per pixel of the photo.
    scale: [f64; 2],
}

impl View {
    fn of(state: &EnhanceState, pane: Rect, ppp: f32) -> Option<Self> {
        let (pixels, of) = (&state.photo.as_ref()?.pixels, state.size()?);
        let scale = [of.width as f64 / pixels.width as f64, of.height as f64 / pixels.height as f64];
        Some(Self { camera: state.camera, pane, ppp, scale })
    }

    /// The photo's pixel under a point.
    fn photo(&self, at: Pos2) -> [f64; 2] {
        let from = (at - self.pane.center()) * self.ppp;
        let Camera { x, y, zoom, .. } = self.camera;
        [(f64::from(from.x) / zoom + x) / self.scale[0], (f64::from(from.y) / zoom + y) / self.scale[1]]
    }

    fn place(&self, x: usize, y: usize) -> Pos2 {
        place_at(self.camera, self.pane, self.ppp, x as f64 * self.scale[0], y as f64 * self.scale[1])
    }

    fn rect(&self, part: Part) -> Rect {
        Rect::from_min_max(self.place(part.x, part.y), self.place(part.x + part.w, part.y + part.h))
    }
}

/// The crop as it is drawn now.
fn shown(state: &EnhanceState) -> Option<Part> {
    let pixels = &state.photo.as_ref()?.pixels;
    let drawn = state.crop.drag.map(|drag| drag.part(pixels.size()));
    drawn.or(state.choice.crop)
}

/// Answers the pointer; whether it has it.
pub(super) fn navigate(ui: &Ui, response: &Response, panes: &[Rect], state: &mut EnhanceState) -> bool {
    if !state.crop.on {
        state.crop.drag = None;
        return false;
    }
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
    let Some(at) = response.interact_pointer_pos().or(response.hover_pos()) else { return true };
    let pressed = ui.input(|i| i.pointer.press_origin()).unwrap_or(at);
    if response.drag_started() {
        state.crop.pane = panes.iter().position(|pane| pane.contains(pressed)).unwrap_or(0);
    }
    let pane = panes.get(state.crop.pane).unwrap_or(&panes[0]);
    let Some(view) = View::of(state, *pane, ui.ctx().pixels_per_point()) else { return true };
    if response.drag_started() {
        state.crop.drag = Some(begin(state.choice.crop, &view, pressed));
        state.crop.at = view.photo(pressed);
    }
    if let Some(drag) = state.crop.drag.as_mut().filter(|_| response.dragged()) {
        let now = view.photo(at);
        for (axis, now) in now.into_iter().enumerate() {
            let by = now - state.crop.at[axis];
            drag.to[axis] += by;
            drag.from[axis] += if drag.moves { by } else { 0.0 };
        }
        state.crop.at = now;
    }
    if response.drag_stopped() {
        // Only now does it act: an exact size of another crop is another enlargement.
        state.choice.crop = shown(state);
        state.crop.drag = None;
    }
    true
}

/// What a press there takes: a corner of the crop, all of it, or a new one.
fn begin(crop: Option<Part>, view: &View, at: Pos2) -> Drag {
    let photo = view.photo(at);
    let fresh = Drag { from: photo, to: photo, moves: false };
    let Some(part) = crop else { return fresh };
    let (left, top) = (part.x as f64, part.y as f64);
    let (right, bottom) = (left + part.w as f64, top + part.h as f64);
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
    let near = |c: &[f64; 2]| view.place(c[0] as usize, c[1] as usize).distance(at) <= GRIP;
    if let Some(i) = corners.iter().position(near) {
        return Drag { from: corners[(i + 2) % 4], to: corners[i], moves: false };
    }
    if view.rect(part).contains(at) { Drag { from: corners[0], to: corners[2], moves: true } } else { fresh }
}

/// Darkens what is not exported.
pub(super) fn draw(ui: &Ui, panes: &[Rect], state: &EnhanceState) {
    let Some(part) = shown(state) else { return };
    for &pane in panes {
        let Some(view) = View::of(state, pane, ui.ctx().pixels_per_point()) else { return };
        let (painter, inner) = (ui.painter_at(pane), view.rect(part));
        let shade = Color32::from_black_alpha(150);
        for around in [
            pane.with_max_y(inner.top()),
            pane.with_min_y(inner.bottom()),
            Rect::from_x_y_ranges(pane.left()..=inner.left(), inner.y_range()),
            Rect::from_x_y_ranges(inner.right()..=pane.right(), inner.y_range()),
        ] {
            let around = around.intersect(pane);
            if around.is_positive() {
                painter.rect_filled(around, 0.0, shade);
            }
        }
        painter.rect_stroke(inner, 0.0, Stroke::new(1.5, theme::accent(ui)), StrokeKind::Outside);
        if state.crop.on {
            for corner in [inner.left_top(), inner.right_top(), inner.right_bottom(), inner.left_bottom()] {
                painter.rect_filled(Rect::from_center_size(corner, Vec2::splat(8.0)), 0.0, theme::accent(ui));
            }
        }
    }
}

/// R begins and ends drawing; Esc drops the crop while it is drawn, unless it closes a list.
pub(super) fn keys(ui: &Ui, state: &mut EnhanceState) {
    let pressed = |key| ui.input(|i| crate::ui::widgets::keys::is_pressed(i, key));
    if pressed(Key::R) {
        state.crop.on = !state.crop.on;
    }
    if state.crop.on && pressed(Key::Escape) && !egui::Popup::is_any_open(ui.ctx()) {
        (state.crop.on, state.choice.crop) = (false, None);
    }
}

/// The button, what is in view, and the way back.
pub(super) fn buttons(ui: &mut Ui, state: &mut EnhanceState) {
    ui.horizontal_wrapped(|ui| {
        let draw = ui.selectable_label(state.crop.on, text!("crop")).on_hover_text(text!("crop-tip"));
        if draw.clicked() {
            state.crop.on = !state.crop.on;
        }
        if ui.button(text!("crop-view")).on_hover_text(text!("crop-view-tip")).clicked() {
            state.choice.crop = in_view(state);
        }
        let some = state.choice.crop.is_some();
        if ui.add_enabled(some, egui::Button::new(text!("crop-none"))).on_hover_text(text!("crop-none-tip")).clicked() {
            (state.crop.on, state.choice.crop) = (false, None);
        }
    });
}

/// The photo's pixels of which something is seen; none if all of it is.
fn in_view(state: &EnhanceState) -> Option<Part> {
    let (pixels, of, seen) = (&state.photo.as_ref()?.pixels, state.size()?, state.visible?);
    let (across, down) = (pixels.width as f64 / of.width as f64, pixels.height as f64 / of.height as f64);
    let from = [seen.x as f64 * across, seen.y as f64 * down];
    let to = [(seen.x + seen.w) as f64 * across, (seen.y + seen.h) as f64 * down];
    let part = Drag { from, to, moves: false }.part(pixels.size());
    (part != Part::whole(pixels.size())).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_lies_in_the_photo_whichever_way_it_is_drawn() {
        let photo = Size::new(100, 50);
        let part = |from, to| Drag { from, to, moves: false }.part(photo);
        assert_eq!(part([10.2, 5.9], [20.1, 7.0]), Part { y: 5, x: 10, h: 2, w: 11 });
        assert_eq!(part([20.1, 7.0], [10.2, 5.9]), Part { y: 5, x: 10, h: 2, w: 11 });
        assert_eq!(part([-30.0, -3.0], [400.0, 400.0]), Part::whole(photo));
        assert_eq!(part([200.0, 80.0], [300.0, 90.0]), Part { y: 49, x: 99, h: 1, w: 1 });
    }

    #[test]
    fn what_is_moved_keeps_its_size() {
        for by in [0.3, 0.6, -0.4, 200.0, -500.0] {
            let drag = Drag { from: [20.0 + by, 10.0 + by], to: [60.0 + by, 40.0 + by], moves: true };
            let Part { y, x, h, w } = drag.part(Size::new(100, 50));
            assert_eq!((w, h), (40, 30), "{by}");
            assert!(x + w <= 100 && y + h <= 50, "{by}");
        }
    }

    #[test]
    fn a_press_takes_a_corner_the_whole_or_draws_anew() {
        let pane = Rect::from_min_size(Pos2::ZERO, Vec2::splat(200.0));
        let camera = Camera { x: 100.0, y: 100.0, zoom: 1.0, ..Camera::default() };
        let view = View { camera, pane, ppp: 1.0, scale: [2.0, 2.0] };
        let crop = Some(Part { y: 10, x: 20, h: 30, w: 40 });
        let taken = |x, y| {
            let Drag { from, to, moves } = begin(crop, &view, Pos2::new(x, y));
            (from, to, moves)
        };
        assert_eq!(taken(41.0, 19.0), ([60.0, 40.0], [20.0, 10.0], false), "the corner at the top left");
        assert_eq!(taken(80.0, 50.0), ([20.0, 10.0], [60.0, 40.0], true));
        assert_eq!(taken(10.0, 150.0), ([5.0, 75.0], [5.0, 75.0], false));
    }
}
