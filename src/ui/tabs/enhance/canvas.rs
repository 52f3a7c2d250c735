//! The picture: panes with tiles, the line between A and B, what lies over it; pointer and keys.

use super::{
    camera::Camera,
    choice::{LETTERS, Mode},
    crop, overlay,
    state::EnhanceState,
    textures::{TextureKey, Textures},
};
use crate::{
    session::{
        tile_cache::Grid,
        view::{Layer, Wanted},
    },
    tensor::Size,
    ui::{
        text::text,
        theme,
        widgets::{history, keys},
    },
};
use eframe::egui::{
    self, Color32, CursorIcon, Key, Painter, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2, pos2, vec2,
};

/// From this enlargement on, pixels are squares with a grid.
const GRID: f64 = 8.0;
/// How far beside the line it can be taken.
const GRIP: f32 = 10.0;

/// Draws all and answers the pointer; the list of tiles to ask for, if it has changed.
pub(super) fn show(ui: &mut Ui, state: &mut EnhanceState, textures: &mut Textures) -> Option<Wanted> {
    let (area, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    let ppp = ui.ctx().pixels_per_point();
    ui.painter().rect_filled(area, 0.0, theme::canvas(ui));
    let panes = match state.choice.mode {
        Mode::Beside if state.alone().is_none() => halves(area).to_vec(),
        Mode::Four if state.alone().is_none() => {
            let (top, bottom) = area.split_top_bottom_at_fraction(0.5);
            [top.with_max_y(top.max.y - 1.0), bottom.with_min_y(bottom.min.y + 1.0)].map(halves).concat()
        }
        _ => vec![area],
    };
    let first = panes[0];
    let pane = (f64::from(first.width() * ppp), f64::from(first.height() * ppp));
    let cropping = crop::navigate(ui, &response, &panes, state);
    let on_line = state.choice.mode == Mode::Split && state.held.is_none() && !cropping && line(ui, area, state);
    navigate(ui, &response, &panes, state, on_line);
    let wanted = state.wanted(pane, ui.input(|i| i.time));
    if state.late {
        ui.ctx().request_repaint();
    }
    let size = state.size()?;
    let mut brush = Brush { ui, state, textures, grid: Grid { size }, ppp };
    let corner = |n: usize| (panes[n].min + vec2(8.0, 8.0), egui::Align2::LEFT_TOP);
    match (brush.state.alone(), brush.state.choice.mode) {
        (Some(side), _) => {
            brush.layer(Layer::SIDES[side], area, area);
            let painter = brush.ui.painter_at(area);
            overlay::label(&painter, corner(0), LETTERS[side], &brush.state.shown_name(side), area);
        }
        // Flip shows one side alone.
        (None, Mode::Split | Mode::Flip) => {
            let x = area.left() + area.width() * brush.state.split;
            brush.layer(Layer::A, area, area.with_max_x(x));
            brush.layer(Layer::B, area, area.with_min_x(x));
            let painter = brush.ui.painter_at(area);
            overlay::line(brush.ui, &painter, area, x);
            overlay::label(&painter, corner(0), "A", &brush.state.shown_name(0), area.with_max_x(x));
            let right = (pos2(area.right() - 8.0, area.top() + 8.0), egui::Align2::RIGHT_TOP);
            overlay::label(&painter, right, "B", &brush.state.shown_name(1), area.with_min_x(x));
        }
        (None, Mode::Beside | Mode::Four) => {
            for (side, &pane) in panes.iter().enumerate() {
                brush.layer(Layer::SIDES[side], pane, pane);
                let painter = brush.ui.painter_at(pane);
                overlay::label(&painter, corner(side), LETTERS[side], &brush.state.shown_name(side), pane);
            }
        }
        (None, Mode::Difference) => {
            brush.layer(Layer::Difference, area, area);
            let painter = brush.ui.painter_at(area);
            let name = format!("{} − {}", brush.state.shown_name(1), brush.state.shown_name(0));
            overlay::label(&painter, corner(0), "B − A", &name, area);
            overlay::legend(brush.ui, &painter, area, &brush.state.choice.difference);
        }
    }
    crop::draw(ui, &panes, brush.state);
    // On the line the loupe would hide what is dragged.
    if let Some(at) = response.hover_pos().filter(|_| brush.state.loupe && !on_line) {
        brush.loupe(at, panes.iter().copied().find(|p| p.contains(at)).unwrap_or(first));
    }
    wanted
}

/// Left and right, with a gap.
fn halves(area: Rect) -> [Rect; 2] {
    let (left, right) = area.split_left_right_at_fraction(0.5);
    [left.with_max_x(left.max.x - 1.0), right.with_min_x(right.min.x + 1.0)]
}

/// The line between the sides: whether the pointer has it.
fn line(ui: &mut Ui, area: Rect, state: &mut EnhanceState) -> bool {
    let x = area.left() + area.width() * state.split;
    let grip = Rect::from_center_size(pos2(x, area.center().y), vec2(2.0 * GRIP, area.height()));
    let response = ui.interact(grip.intersect(area), ui.scope_id().with("line"), Sense::click_and_drag());
    let value = f64::from(state.split);
    response.widget_info(|| egui::WidgetInfo::slider(true, value, text!("line")));
    if response.dragged()
        && let Some(at) = response.interact_pointer_pos()
    {
        state.split = ((at.x - area.left()) / area.width()).clamp(0.0, 1.0);
    }
    let has = response.hovered() || response.dragged();
    if has {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    response.on_hover_text(text!("line-tip"));
    has
}

/// Wheel and pinch zoom to the pointer, dragging pans, a double click goes between fit and 1:1.
fn navigate(ui: &Ui, response: &Response, panes: &[Rect], state: &mut EnhanceState, on_line: bool) {
    let ppp = f64::from(ui.ctx().pixels_per_point());
    if response.dragged() && !state.crop.on {
        let by = response.drag_delta();
        state.camera.pan(f64::from(by.x) * ppp, f64::from(by.y) * ppp);
    }
    let over = ui.ctx().pointer_hover_pos().filter(|_| response.hovered() || on_line);
    let Some(at) = over else { return };
    let pane = panes.iter().find(|p| p.contains(at)).unwrap_or(&panes[0]);
    let from = at - pane.center();
    let (dx, dy) = (f64::from(from.x) * ppp, f64::from(from.y) * ppp);
    let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
    let factor = f64::from(scroll / 200.0).exp2() * f64::from(pinch);
    if factor != 1.0 {
        state.camera.zoom_at(factor, dx, dy);
    }
    if response.double_clicked() {
        if state.camera.fits {
            state.camera.zoom_at(1.0 / state.camera.zoom, dx, dy);
        } else {
            state.camera.fits = true;
        }
    }
}

/// Keys of the view. Before anything of a frame is drawn, because they change what is drawn.
pub(super) fn keys(ui: &Ui, state: &mut EnhanceState) {
    if !keys::are_free(ui.ctx()) {
        state.held = None;
        return;
    }
    ui.input(|i| {
        let pressed = |key| keys::is_pressed(i, key);
        let down = |key| i.key_down(key) && !i.modifiers.command;
        state.held = if down(Key::B) { Some(1) } else { (down(Key::Space) || down(Key::A)).then_some(0) };
        if state.choice.mode == Mode::Split {
            let by = |key| keys::plain(i, key).map(|shift| if shift { 0.1 } else { 0.01 }).sum::<f32>();
            state.split = (state.split + by(Key::ArrowRight) - by(Key::ArrowLeft)).clamp(0.0, 1.0);
        }
        if pressed(Key::F) {
            state.camera.fits = true;
        }
        if pressed(Key::Num1) {
            state.camera.zoom_at(1.0 / state.camera.zoom, 0.0, 0.0);
        }
        if pressed(Key::Plus) || pressed(Key::Equals) {
            state.camera.step(true);
        }
        if pressed(Key::Minus) {
            state.camera.step(false);
        }
        if pressed(Key::L) {
            state.loupe = !state.loupe;
        }
        for (key, mode) in [Key::S, Key::D, Key::X, Key::C, Key::G].into_iter().zip(Mode::ALL) {
            if pressed(key) {
                state.choice.mode = mode;
            }
        }
    });
    crop::keys(ui, state);
    for back in history::keys(ui) {
        if back {
            state.undo();
        } else {
            state.redo();
        }
    }
}

/// What draws tiles.
struct Brush<'a> {
    ui: &'a Ui,
    state: &'a EnhanceState,
    textures: &'a mut Textures,
    grid: Grid,
    ppp: f32,
}

impl Brush<'_> {
    /// A layer in a pane, as far as `clip` reaches.
    fn layer(&mut self, layer: Layer, pane: Rect, clip: Rect) {
        let painter = self.ui.painter_at(clip.intersect(pane));
        self.tiles(layer, &painter, pane, self.state.camera);
        if self.state.camera.zoom >= GRID {
            let at = |x: usize, y: usize| self.pixel(layer, x, y);
            overlay::pixels(&painter, pane, self.state.camera, self.ppp, self.grid, at);
        }
    }

    fn tiles(&mut self, layer: Layer, painter: &Painter, pane: Rect, camera: Camera) {
        let room = (f64::from(pane.width() * self.ppp), f64::from(pane.height() * self.ppp));
        let Size { width, height } = self.grid.size;
        let visible = camera.visible(room, self.grid.size);
        if self.state.may_be_transparent(layer) {
            // One pattern behind all tiles, so that none of their edges shows in it.
            let whole =
                Rect::from_min_max(place(camera, pane, self.ppp, 0, 0), place(camera, pane, self.ppp, width, height));
            overlay::squares(painter, whole.intersect(painter.clip_rect()));
        }
        let touched = self.grid.touched(visible);
        for &index in &touched {
            self.tile(layer, painter, pane, camera, index);
        }
        // Over what can be seen through they would be seen twice; where pixels have edges there is nothing to join.
        if camera.zoom > 1.0 && camera.zoom < GRID && !self.state.may_be_transparent(layer) {
            let held = |index| self.state.tiles.get(&(layer, index)).filter(|held| held.tile.level == 0);
            let seams = self.textures.seams.of(layer, self.grid, &touched, |index| held(index).map(|h| &h.tile.image));
            for seam in seams {
                let [x0, y0, x1, y1] = seam.place;
                let rect = Rect::from_min_max(
                    place_at(camera, pane, self.ppp, x0, y0),
                    place_at(camera, pane, self.ppp, x1, y1),
                );
                let [u0, v0, u1, v1] = seam.part.map(|v| v as f32);
                let uv = Rect::from_min_max(pos2(u0, v0), pos2(u1, v1));
                let key = TextureKey::Seam(seam.key);
                if let Some(texture) = self.textures.get(self.ui.ctx(), key, &seam.image, false) {
                    painter.image(texture.id(), rect, uv, Color32::WHITE);
                }
            }
        }
    }

    /// A tile, or until it comes the photo in its place.
    fn tile(&mut self, layer: Layer, painter: &Painter, pane: Rect, camera: Camera, index: usize) {
        let r = self.grid.rect(index);
        let rect = Rect::from_min_max(
            place(camera, pane, self.ppp, r.x, r.y),
            place(camera, pane, self.ppp, r.x + r.w, r.y + r.h),
        );
        let ctx = self.ui.ctx();
        let held = self.state.tiles.get(&(layer, index));
        let crisp = camera.zoom >= GRID;
        let texture = held.and_then(|held| {
            let texture = self.textures.get(ctx, TextureKey::Tile(layer, index), &held.tile.image, crisp)?;
            Some((texture, &held.tile))
        });
        if let Some((texture, tile)) = texture {
            // The last pixel of a shrunk tile may stand for less than a square of pixels.
            let side = (1usize << tile.level) as f32;
            let uv =
                vec2(r.w as f32 / (tile.image.width as f32 * side), r.h as f32 / (tile.image.height as f32 * side));
            painter.image(texture.id(), rect, Rect::from_min_size(Pos2::ZERO, uv), Color32::WHITE);
        } else if self.state.shows_photo(layer)
            && let Some(photo) = &self.state.photo
            && let Some(texture) = self.textures.get(ctx, TextureKey::Photo, &photo.small, false)
        {
            let (w, h) = (self.grid.size.width as f32, self.grid.size.height as f32);
            let uv = Rect::from_min_max(
                pos2(r.x as f32 / w, r.y as f32 / h),
                pos2((r.x + r.w) as f32 / w, (r.y + r.h) as f32 / h),
            );
            painter.image(texture.id(), rect, uv, Color32::WHITE);
        }
    }

    /// The colour of a pixel of the result, where its tile is there at full size.
    fn pixel(&self, layer: Layer, x: usize, y: usize) -> Option<[u8; 4]> {
        let side = crate::session::tile_cache::SIDE;
        let index = y / side * self.grid.size.width.div_ceil(side) + x / side;
        let held = self.state.tiles.get(&(layer, index)).filter(|held| held.tile.level == 0)?;
        held.tile.image.at(x % side, y % side)
    }

    /// Where the loupe is: above the pointer if it has room there, and not over the line's handle.
    fn loupe_square(&self, at: Pos2, pane: Rect) -> Rect {
        let x = pane.left() + pane.width() * self.state.split;
        let handle = Rect::from_center_size(pos2(x, pane.center().y), Vec2::splat(32.0));
        let split = self.state.choice.mode == Mode::Split;
        let around = [vec2(0.0, -132.0), vec2(0.0, 132.0), vec2(-132.0, 0.0), vec2(132.0, 0.0)];
        let squares = around.map(|by| Rect::from_center_size(at + by, Vec2::splat(224.0)));
        let free = |square: &&Rect| pane.contains_rect(**square) && !(split && square.intersects(handle));
        squares.iter().find(free).copied().unwrap_or(squares[usize::from(squares[0].top() < pane.top())])
    }

    /// A square at the pointer, four times as large, A left and B right; of four sides C and D below them.
    fn loupe(&mut self, at: Pos2, pane: Rect) {
        let square = self.loupe_square(at, pane);
        let mut camera = self.state.camera;
        let from = at - pane.center();
        camera.x += f64::from(from.x * self.ppp) / camera.zoom;
        camera.y += f64::from(from.y * self.ppp) / camera.zoom;
        camera.zoom *= 4.0;
        let split = |part: Rect| <[Rect; 2]>::from(part.split_left_right_at_fraction(0.5));
        let (top, bottom) = square.split_top_bottom_at_fraction(0.5);
        let (layers, parts) = match self.state.choice.mode {
            Mode::Difference => (&[Layer::Difference][..], vec![square]),
            Mode::Four => (&Layer::SIDES[..], [split(top), split(bottom)].concat()),
            _ => (&Layer::SIDES[..2], split(square).to_vec()),
        };
        self.ui.painter().rect_filled(square, 4.0, theme::canvas(self.ui));
        for (&layer, part) in layers.iter().zip(parts) {
            let painter = self.ui.painter_at(pane).with_clip_rect(part.intersect(pane));
            self.tiles(layer, &painter, square, camera);
        }
        let stroke = Stroke::new(2.0, theme::accent(self.ui));
        self.ui.painter().rect_stroke(square, 2.0, stroke, egui::StrokeKind::Outside);
        self.ui.painter().vline(square.center().x, square.y_range(), Stroke::new(1.0, theme::accent(self.ui)));
        if self.state.choice.mode == Mode::Four {
            self.ui.painter().hline(square.x_range(), square.center().y, Stroke::new(1.0, theme::accent(self.ui)));
        }
    }
}

/// Where a corner of a pixel of the result lies on the screen, in points.
pub(super) fn place(camera: Camera, pane: Rect, ppp: f32, x: usize, y: usize) -> Pos2 {
    place_at(camera, pane, ppp, x as f64, y as f64)
}

/// The same of any place.
pub(super) fn place_at(camera: Camera, pane: Rect, ppp: f32, x: f64, y: f64) -> Pos2 {
    let along = |at: f64, centre: f64| ((at - centre) * camera.zoom / f64::from(ppp)) as f32;
    pane.center() + vec2(along(x, camera.x), along(y, camera.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_whose_key_is_held_is_shown_alone() {
        let mut state = EnhanceState::default();
        for (key, modifiers, mode, alone) in [
            (Key::A, egui::Modifiers::NONE, Mode::Split, Some(0)),
            (Key::Space, egui::Modifiers::NONE, Mode::Flip, Some(0)),
            (Key::B, egui::Modifiers::NONE, Mode::Beside, Some(1)),
            (Key::A, egui::Modifiers::COMMAND, Mode::Split, None),
            (Key::F, egui::Modifiers::NONE, Mode::Flip, Some(1)),
        ] {
            let context = egui::Context::default();
            let event = egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
            let input = egui::RawInput {
                events: vec![egui::Event::ModifiersChanged(modifiers), event],
                ..egui::RawInput::default()
            };
            state.choice.mode = mode;
            let mut output = context.run_ui(input, |ui| keys(ui, &mut state));
            output.textures_delta.clear();
            assert_eq!(state.alone(), alone, "{key:?} in {mode:?}");
            let layers = state.layers();
            assert!(state.held.is_none_or(|side| layers == [[Layer::A, Layer::B][side]]), "{layers:?}");
        }
    }
}
