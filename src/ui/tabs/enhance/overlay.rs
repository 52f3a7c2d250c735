//! What lies over the picture: labels, the line's handle, the grid and numbers of pixels, the legend of differences.

use super::{camera::Camera, canvas::place};
use crate::{
    session::{
        tile_cache::Grid,
        view::{Colours, Difference, Measure, colour},
    },
    ui::{text::text, theme},
};
use eframe::egui::{self, Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2, pos2, vec2};

/// From this side on, in points, a pixel has room for its three numbers.
const NUMBERS: f32 = 40.0;

const SHADE: Color32 = Color32::from_black_alpha(168);

/// `A` and what it shows, on a dark plate so that it can be read on any photo.
pub(super) fn label(painter: &Painter, (at, align): (Pos2, Align2), letter: &str, name: &str, within: Rect) {
    let text = format!("{letter}   {name}");
    let room = (within.width() - 32.0).max(0.0);
    let mut job = egui::text::LayoutJob::simple_singleline(text, FontId::proportional(13.0), Color32::WHITE);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    let galley = painter.layout_job(job);
    if room < 24.0 {
        return;
    }
    let plate = align.anchor_size(at, galley.size() + vec2(16.0, 8.0));
    let painter = painter.with_clip_rect(within);
    painter.rect_filled(plate, 6.0, SHADE);
    painter.galley(plate.min + vec2(8.0, 4.0), galley, Color32::WHITE);
}

/// The line between A and B with its handle.
pub(super) fn line(ui: &Ui, painter: &Painter, area: Rect, x: f32) {
    painter.vline(x, area.y_range(), Stroke::new(3.0, Color32::from_black_alpha(90)));
    painter.vline(x, area.y_range(), Stroke::new(1.5, Color32::WHITE));
    let at = pos2(x, area.center().y);
    painter.circle(at, 14.0, Color32::WHITE, Stroke::new(1.0, Color32::from_black_alpha(90)));
    let colour = if ui.visuals().dark_mode { Color32::from_gray(30) } else { Color32::from_gray(40) };
    for side in [-1.0, 1.0] {
        let arrow = [vec2(4.0, -4.0), vec2(8.0, 0.0), vec2(4.0, 4.0)].map(|v| at + Vec2::new(v.x * side, v.y));
        painter.add(Shape::line(arrow.to_vec(), Stroke::new(1.5, colour)));
    }
}

/// The light and dark squares behind transparent pixels.
pub(super) fn squares(painter: &Painter, rect: Rect) {
    const SIDE: f32 = 8.0;
    painter.rect_filled(rect, 0.0, Color32::from_gray(200));
    let first = |v: f32| (v / SIDE).floor() as i32;
    let mut mesh = egui::Mesh::default();
    for row in first(rect.top())..=first(rect.bottom()) {
        for column in first(rect.left())..=first(rect.right()) {
            if (row + column) % 2 == 0 {
                let square = Rect::from_min_size(pos2(column as f32 * SIDE, row as f32 * SIDE), Vec2::splat(SIDE));
                mesh.add_colored_rect(square.intersect(rect), Color32::from_gray(160));
            }
        }
    }
    painter.add(mesh);
}

/// The grid of pixels, and their numbers where they fit.
pub(super) fn pixels(
    painter: &Painter,
    pane: Rect,
    camera: Camera,
    ppp: f32,
    grid: Grid,
    at: impl Fn(usize, usize) -> Option<[u8; 4]>,
) {
    let clip = painter.clip_rect();
    let side = (camera.zoom / f64::from(ppp)) as f32;
    let from = |edge: f32, middle: f32, centre: f64| (f64::from((edge - middle) / side) + centre).max(0.0) as usize;
    let columns = from(clip.left(), pane.center().x, camera.x)
        ..(from(clip.right(), pane.center().x, camera.x) + 1).min(grid.size.width);
    let rows = from(clip.top(), pane.center().y, camera.y)
        ..(from(clip.bottom(), pane.center().y, camera.y) + 1).min(grid.size.height);
    let stroke = Stroke::new(1.0 / ppp, Color32::from_rgba_unmultiplied(128, 128, 128, 96));
    for x in columns.clone() {
        painter.vline(place(camera, pane, ppp, x, 0).x, clip.y_range(), stroke);
    }
    for y in rows.clone() {
        painter.hline(clip.x_range(), place(camera, pane, ppp, 0, y).y, stroke);
    }
    if side < NUMBERS {
        return;
    }
    for y in rows {
        for x in columns.clone() {
            let Some([r, g, b, _]) = at(x, y) else { continue };
            let bright = u32::from(r) * 3 + u32::from(g) * 6 + u32::from(b) > 1280;
            let ink = if bright { Color32::BLACK } else { Color32::WHITE };
            let centre = place(camera, pane, ppp, x, y) + Vec2::splat(side / 2.0);
            let text = format!("{r}\n{g}\n{b}");
            painter.text(centre, Align2::CENTER_CENTER, text, FontId::monospace((side / 4.2).min(16.0)), ink);
        }
    }
}

/// What the colours of a difference mean.
pub(super) fn legend(ui: &Ui, painter: &Painter, area: Rect, difference: &Difference) {
    let bar = Rect::from_min_size(area.left_bottom() + vec2(24.0, -48.0), vec2(200.0, 10.0));
    painter.rect_filled(bar.expand2(vec2(16.0, 16.0)).translate(vec2(0.0, 4.0)), 6.0, SHADE);
    let signed = difference.measure == Measure::Signed;
    let steps = 50;
    for n in 0..steps {
        let part = (n as f32 + 0.5) / steps as f32;
        let value = if signed { part * 2.0 - 1.0 } else { part };
        let [r, g, b] = match difference.colours {
            Colours::Map => colour(difference.measure, value),
            Colours::Channels => [(part * 255.0) as u8; 3],
        };
        let left = bar.left() + bar.width() * n as f32 / steps as f32;
        let piece = Rect::from_min_size(pos2(left, bar.top()), vec2(bar.width() / steps as f32 + 0.5, bar.height()));
        painter.rect_filled(piece, 0.0, Color32::from_rgb(r, g, b));
    }
    // In steps of 8 bits, which is what people count in.
    let end = match difference.measure {
        Measure::Squared => (1.0 / difference.gain).sqrt() * 255.0,
        _ => 255.0 / difference.gain,
    };
    let ends = if signed {
        [format!("−{end:.0}"), format!("+{end:.0}")]
    } else {
        ["0".to_owned(), text!("difference-end", value = format!("{end:.0}"))]
    };
    let font = egui::TextStyle::Small.resolve(ui.style());
    painter.text(bar.left_bottom(), Align2::LEFT_TOP, &ends[0], font.clone(), Color32::WHITE);
    painter.text(bar.right_bottom(), Align2::RIGHT_TOP, &ends[1], font, Color32::WHITE);
    painter.rect_stroke(bar, 0.0, Stroke::new(1.0, theme::accent(ui)), egui::StrokeKind::Outside);
}
