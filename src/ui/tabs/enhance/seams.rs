//! What is drawn over the borders of tiles, so that enlarged tiles look like one picture.
//!
//! Every tile is a texture of its own, and a graphics device that enlarges one knows nothing of the pixels beyond its edge: the
//! last half pixel on either side of a border would stay flat, a step that no single picture has. Over each border therefore
//! lies a strip of two pixels, the last of one tile and the first of the next, drawn from the middle of the one to the middle
//! of the other; over each corner a square of four. One large texture would need no strips, and few devices take one of
//! 100 megapixels.

use crate::session::{
    tile_cache::Grid,
    view::{Image, Layer},
};
use crate::tensor::Size;
use std::{collections::HashMap, sync::Arc};

/// Which of a tile's borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Border {
    /// To the tile at its right.
    Right,
    /// To the one below.
    Below,
    /// The corner where it meets both and the one beyond.
    Corner,
}

impl Border {
    const ALL: [Self; 3] = [Self::Right, Self::Below, Self::Corner];
}

/// Which strip.
pub(super) type SeamKey = (Layer, usize, Border);

/// A strip and where it lies.
pub(super) struct Seam {
    pub(super) key: SeamKey,
    pub(super) image: Arc<Image>,
    /// Left, top, right, below in pixels of the result.
    pub(super) place: [f64; 4],
    /// The same in the strip, from 0 to 1.
    pub(super) part: [f64; 4],
}

/// Strips that were made, with the tiles that they were made of.
#[derive(Default)]
pub(super) struct Seams(HashMap<SeamKey, (Vec<Arc<Image>>, Arc<Image>)>);

impl Seams {
    /// The strips around these tiles, as far as the tiles on both sides are there at full size.
    pub(super) fn of<'a>(
        &mut self,
        layer: Layer,
        grid: Grid,
        indices: &[usize],
        tile: impl Fn(usize) -> Option<&'a Arc<Image>>,
    ) -> Vec<Seam> {
        let Size { width, height } = grid.size;
        let across = width.div_ceil(crate::session::tile_cache::SIDE);
        let mut seams = Vec::new();
        for border in Border::ALL {
            for &index in indices {
                let r = grid.rect(index);
                let (last, lowest) = (r.x + r.w == width, r.y + r.h == height);
                let of = match border {
                    Border::Right if !last => vec![index, index + 1],
                    Border::Below if !lowest => vec![index, index + across],
                    Border::Corner if !last && !lowest => vec![index, index + 1, index + across, index + across + 1],
                    _ => continue,
                };
                let Some(of) = of.into_iter().map(|i| tile(i).cloned()).collect::<Option<Vec<_>>>() else { continue };
                let (x, y) = ((r.x + r.w) as f64, (r.y + r.h) as f64);
                let (x0, y0) = (r.x as f64, r.y as f64);
                let (place, part) = match border {
                    Border::Right => ([x - 0.5, y0, x + 0.5, y], [0.25, 0.0, 0.75, 1.0]),
                    Border::Below => ([x0, y - 0.5, x, y + 0.5], [0.0, 0.25, 1.0, 0.75]),
                    Border::Corner => ([x - 0.5, y - 0.5, x + 0.5, y + 0.5], [0.25, 0.25, 0.75, 0.75]),
                };
                let key = (layer, index, border);
                seams.push(Seam { key, image: self.strip(key, of), place, part });
            }
        }
        seams
    }

    fn strip(&mut self, key: SeamKey, of: Vec<Arc<Image>>) -> Arc<Image> {
        let same = |made: &[Arc<Image>]| made.iter().zip(&of).all(|(a, b)| Arc::ptr_eq(a, b));
        if let Some((made, strip)) = self.0.get(&key)
            && same(made)
        {
            return strip.clone();
        }
        let strip = Arc::new(strip(key.2, &of));
        // Far more than are ever in view; what was out of sight is quickly made again.
        if self.0.len() > 1024 {
            self.0.clear();
        }
        self.0.insert(key, (of, strip.clone()));
        strip
    }
}

/// The pixels beside a border.
fn strip(border: Border, of: &[Arc<Image>]) -> Image {
    let first = &of[0];
    let (width, height) = match border {
        Border::Right => (2, first.height),
        Border::Below => (first.width, 2),
        Border::Corner => (2, 2),
    };
    let (right, low) = (first.width - 1, first.height - 1);
    let pixel = |x: usize, y: usize| match border {
        Border::Right => [first.at(right, y), of[1].at(0, y)][x],
        Border::Below => [first.at(x, low), of[1].at(x, 0)][y],
        Border::Corner => [first.at(right, low), of[1].at(0, low), of[2].at(right, 0), of[3].at(0, 0)][2 * y + x],
    };
    let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgba = all.flat_map(|(x, y)| pixel(x, y).unwrap_or_default()).collect();
    Image { width, height, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tile_cache::SIDE;

    /// A grey that no two neighbours share.
    fn whole(width: usize, height: usize) -> Image {
        let all = (0..height).flat_map(|y| (0..width).map(move |x| ((x * 37 + y * 91 + x * y) % 251) as u8));
        Image { width, height, rgba: all.flat_map(|v| [v, v, v, 255]).collect() }
    }

    /// As a graphics device samples a texture: between the middles of pixels, flat beyond the outermost.
    fn sample(image: &Image, x: f64, y: f64) -> f64 {
        let (x, y) = ((x - 0.5).clamp(0.0, image.width as f64 - 1.0), (y - 0.5).clamp(0.0, image.height as f64 - 1.0));
        let at = |dx: usize, dy: usize| {
            let (x, y) = ((x as usize + dx).min(image.width - 1), (y as usize + dy).min(image.height - 1));
            f64::from(image.at(x, y).unwrap()[0])
        };
        let (u, v) = (x.fract(), y.fract());
        let row = |dy| at(0, dy) * (1.0 - u) + at(1, dy) * u;
        row(0) * (1.0 - v) + row(1) * v
    }

    #[test]
    fn across_a_border_tiles_look_like_one_picture() {
        let (width, height) = (SIDE + 5, SIDE + 3);
        let (all, grid) = (whole(width, height), Grid { size: Size { width, height } });
        let tiles: Vec<Arc<Image>> = (0..grid.count())
            .map(|index| {
                let r = grid.rect(index);
                let pixels = (0..r.h).flat_map(|y| (0..r.w).map(move |x| (r.x + x, r.y + y)));
                let rgba = pixels.flat_map(|(x, y)| all.at(x, y).unwrap()).collect();
                Arc::new(Image { width: r.w, height: r.h, rgba })
            })
            .collect();
        let indices: Vec<usize> = (0..grid.count()).collect();
        let mut seams = Seams::default();
        let strips = seams.of(Layer::A, grid, &indices, |index| tiles.get(index));
        assert_eq!(strips.len(), 2 + 2 + 1);
        // What is seen at a place: the strip drawn last, or the tile. Enlarged four times, around the corner.
        let seen = |x: f64, y: f64, strips: &[Seam]| {
            let inside = |s: &&Seam| (s.place[0]..s.place[2]).contains(&x) && (s.place[1]..s.place[3]).contains(&y);
            if let Some(s) = strips.iter().rev().find(inside) {
                let along = |at: f64, k: usize| {
                    s.part[k] + (at - s.place[k]) / (s.place[k + 2] - s.place[k]) * (s.part[k + 2] - s.part[k])
                };
                return sample(&s.image, along(x, 0) * s.image.width as f64, along(y, 1) * s.image.height as f64);
            }
            let (column, row) = (x as usize / SIDE, y as usize / SIDE);
            sample(&tiles[row * 2 + column], x - (column * SIDE) as f64, y - (row * SIDE) as f64)
        };
        let side = SIDE as f64;
        let mut steps = 0;
        for (i, j) in (0..32).flat_map(|i| (0..24).map(move |j| (i, j))) {
            let (x, y) = (side - 4.0 + f64::from(i) / 4.0 + 0.125, side - 3.0 + f64::from(j) / 4.0 + 0.125);
            if x >= width as f64 || y >= height as f64 {
                continue;
            }
            let (one, tiled) = (sample(&all, x, y), seen(x, y, &strips));
            assert!((one - tiled).abs() < 1e-9, "at {x}, {y}: {one} as one picture, {tiled} as tiles");
            steps += usize::from((one - seen(x, y, &[])).abs() > 1.0);
        }
        assert!(steps > 20, "without strips there are steps: {steps}");
        let again = seams.of(Layer::A, grid, &indices, |index| tiles.get(index));
        assert!(strips.iter().zip(&again).all(|(a, b)| Arc::ptr_eq(&a.image, &b.image)), "made once");
        let some = seams.of(Layer::A, grid, &indices, |index| tiles.get(index).filter(|_| index != 1));
        assert_eq!(some.len(), 2, "where a tile is missing there is no strip");
    }
}
