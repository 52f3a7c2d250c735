//! What stands around a chart: its lines by colour and name above it, its axes in words below, where neither lies over a line
//! nor vanishes in a small chart.

use crate::ui::{text::text, theme::UNIT};
use eframe::egui::{Color32, Rangef, RichText, Sense, Stroke, Ui, Vec2};
use egui_plot::{GridInput, GridMark, Plot};

/// A line's name and colour.
pub(in crate::ui) type Key<'a> = (&'a str, Color32);

/// A chart that shows what it shows: no zoom or drag that a scrolled panel would be caught in.
pub(in crate::ui) fn plot(id: &'static str, height: f32) -> Plot<'static> {
    let plot = Plot::new(id).height(height).allow_zoom(false).allow_drag(false).allow_scroll(false);
    let plot = plot.allow_boxed_zoom(false).y_axis_min_width(40.0).grid_spacing(Rangef::new(MARK, 300.0));
    let plot = plot.x_axis_formatter(|mark, _| number(mark)).y_axis_formatter(|mark, _| number(mark));
    plot.x_grid_spacer(|grid| marks(&grid, 80.0)).y_grid_spacer(|grid| marks(&grid, 36.0))
}

/// A mark's number, with the digits that tell it from the next: egui_plot's own rounds 26.5 to 26.
fn number(mark: GridMark) -> String {
    let decimals = (-mark.step_size.log10() - 1e-9).ceil().clamp(0.0, 9.0) as usize;
    // No minus before a zero.
    format!("{:.decimals$}", mark.value + 0.0)
}

/// What egui_plot takes for the least distance of two marks, in points.
const MARK: f32 = 8.0;

/// Marks at 1, 2 or 5 times a power of ten, at least so many points apart: each has room for its number. egui_plot's own go by
/// powers of ten alone, and in a small chart all their numbers vanish but that of zero.
fn marks(grid: &GridInput, points: f64) -> Vec<GridMark> {
    let least = grid.base_step_size * points / f64::from(MARK);
    let ten = 10f64.powf(least.log10().floor());
    let step_size = [1.0, 2.0, 5.0, 10.0].map(|n| n * ten).into_iter().find(|&s| s >= least).unwrap_or(10.0 * ten);
    let (from, to) = ((grid.bounds.0 / step_size).ceil(), (grid.bounds.1 / step_size).floor());
    if !step_size.is_normal() || !(0.0..1000.0).contains(&(to - from)) {
        return Vec::new();
    }
    (0..=(to - from) as usize).map(|n| GridMark { value: (from + n as f64) * step_size, step_size }).collect()
}

/// The names of the lines.
pub(in crate::ui) fn legend(ui: &mut Ui, keys: &[Key<'_>]) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(UNIT / 2.0, 2.0);
        for (name, colour) in keys {
            let (mark, _) = ui.allocate_exact_size(Vec2::new(16.0, 12.0), Sense::hover());
            ui.painter().hline(mark.x_range(), mark.center().y, Stroke::new(3.0, *colour));
            ui.label(RichText::new(*name).small());
            ui.add_space(UNIT);
        }
    });
}

/// What the axes are.
pub(in crate::ui) fn axes(ui: &mut Ui, across: &str, up: &str) {
    ui.label(RichText::new(text!("chart-axes", across = across, up = up)).small().weak());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_room_for_their_numbers() {
        // 300 points wide: 10 values per point.
        let grid = |from: f64, to: f64| GridInput { bounds: (from, to), base_step_size: (to - from) / 300.0 * 8.0 };
        let values = |grid: &GridInput, points| marks(grid, points).iter().map(|m| m.value).collect::<Vec<_>>();
        assert_eq!(values(&grid(0.0, 3000.0), 80.0), [0.0, 1000.0, 2000.0, 3000.0]);
        assert_eq!(values(&grid(-30.0, 600.0), 80.0), [0.0, 200.0, 400.0, 600.0]);
        assert_eq!(values(&grid(26.0, 27.0), 80.0), [26.0, 26.5, 27.0]);
        assert!(values(&grid(0.0, 0.0), 80.0).is_empty() && values(&grid(0.0, f64::NAN), 80.0).is_empty());
    }

    #[test]
    fn numbers_of_neighbours_differ() {
        let of = |value: f64, step_size: f64| number(GridMark { value, step_size });
        assert_eq!([of(26.5, 0.5), of(26.0, 0.5), of(500.0, 100.0)], ["26.5", "26.0", "500"]);
        assert_eq!([of(0.02, 0.01), of(0.0005, 0.0001), of(-0.0, 1.0)], ["0.02", "0.0005", "0"]);
    }
}
