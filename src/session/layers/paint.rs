//! Values as colours: tables that people with any kind of colour sight can read, and many channels in one picture.
//!
//! Values of both signs go from blue over white to orange, with zero at white; others from dark violet to yellow, brighter meaning
//! more (anchors of matplotlib's viridis, CC0). Both order their lightness like the values.

use super::statistics::{Range, Statistics, plane};
use crate::tensor::{Point, Size, Tensor};

/// Which table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Signed where values have both signs, else sequential.
    #[default]
    Automatic,
    /// Blue, white at zero, orange.
    Signed,
    /// Dark violet to yellow.
    Sequential,
    /// Black to white.
    Grey,
}

/// Which values the ends of the table stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// The extremes of all channels: channels can be compared.
    Shared,
    /// The extremes of each channel: weak ones can be seen.
    #[default]
    PerChannel,
    /// All channels' values but one in a hundred at each end.
    Percentile,
}

/// How values become colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// Table.
    pub colours: Colours,
    /// Its ends.
    pub ends: Ends,
}

const VIRIDIS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];
const SIGNED: [[u8; 3]; 7] =
    [[5, 48, 97], [33, 113, 181], [146, 197, 222], [247, 247, 247], [253, 190, 120], [230, 110, 20], [127, 59, 8]];
const GREY: [[u8; 3]; 2] = [[0, 0, 0], [255, 255, 255]];

/// 256 colours from dark to bright (or from blue to orange).
pub type Table = [[u8; 3]; 256];

/// The table for values of this range.
pub fn table(colours: Colours, range: Range) -> Table {
    let anchors: &[[u8; 3]] = match colours {
        Colours::Signed => &SIGNED,
        Colours::Automatic if range.black < 0.0 && range.white > 0.0 => &SIGNED,
        Colours::Sequential | Colours::Automatic => &VIRIDIS,
        Colours::Grey => &GREY,
    };
    std::array::from_fn(|i| {
        let at = i as f32 / 255.0 * (anchors.len() - 1) as f32;
        let low = (at as usize).min(anchors.len() - 2);
        std::array::from_fn(|k| {
            let (a, b) = (f32::from(anchors[low][k]), f32::from(anchors[low + 1][k]));
            (a + (b - a) * (at - low as f32)).round() as u8
        })
    })
}

/// Opaque pixels, four bytes each.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height * 4` bytes, RGBA.
    pub rgba: Vec<u8>,
}

impl Picture {
    /// Black.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, rgba: [0, 0, 0, 255].repeat(width * height) }
    }

    /// One plane of values.
    pub fn of(plane: &[f32], width: usize, colours: Colours, range: Range) -> Self {
        let mut picture = Self::new(width, plane.len() / width.max(1));
        picture.draw(plane.iter().copied(), Point::default(), width, &table(colours, range), range);
        picture
    }

    /// Values row by row, `width` to a row, with the top left one there.
    fn draw(
        &mut self,
        values: impl Iterator<Item = f32>,
        Point { x, y }: Point,
        width: usize,
        table: &Table,
        range: Range,
    ) {
        for (i, v) in values.enumerate() {
            let at = ((y + i / width) * self.width + x + i % width) * 4;
            self.rgba[at..at + 3].copy_from_slice(&table[range.level(v, 255.0) as usize]);
        }
    }
}

/// Equally large pictures side by side in one, which a graphics device takes as one texture.
#[derive(Clone, Debug, PartialEq)]
pub struct Atlas {
    /// All of them.
    pub picture: Picture,
    /// Of one.
    pub cell: Size,
    /// How many there are in a row.
    pub columns: usize,
}

impl Atlas {
    /// Room for `count` pictures of that size.
    pub fn new(count: usize, cell: Size) -> Self {
        let columns = (count as f64).sqrt().ceil().max(1.0) as usize;
        let picture = Picture::new(columns * cell.width, count.div_ceil(columns) * cell.height);
        Self { picture, cell, columns }
    }

    /// The first pixel of picture `i`.
    pub fn corner(&self, i: usize) -> Point {
        Point::new(i % self.columns * self.cell.width, i / self.columns * self.cell.height)
    }

    /// Draws values of a narrower picture, `width` to a row, into the upper left of place `i`.
    pub fn set_part(&mut self, i: usize, width: usize, values: &[f32], colours: Colours, range: Range) {
        let corner = self.corner(i);
        self.picture.draw(values.iter().copied(), corner, width, &table(colours, range), range);
    }

    /// Draws values into place `i`.
    pub fn set(&mut self, i: usize, values: impl Iterator<Item = f32>, colours: Colours, range: Range) {
        let (corner, width) = (self.corner(i), self.cell.width);
        self.picture.draw(values, corner, width, &table(colours, range), range);
    }
}

/// The scale that layers beside each other have in common; `None` where each channel has its own.
pub fn common(layers: [&Tensor; 2], paint: Paint) -> Option<Range> {
    if paint.ends == Ends::PerChannel {
        return None;
    }
    let [a, b] = layers.map(|values| scale(values, paint.ends));
    let both = Range::around(a.black.min(b.black), a.white.max(b.white));
    Some(signed(both, paint))
}

/// The one scale of all channels.
fn scale(values: &Tensor, ends: Ends) -> Range {
    if ends == Ends::Percentile { Range::percentile(&values.data) } else { Range::of(&values.data) }
}

fn signed(range: Range, paint: Paint) -> Range {
    if paint.colours == Colours::Signed { Range::symmetric(range.black, range.white) } else { range }
}

/// The ranges of all channels of `[1, h, w, c]` under this paint.
pub fn ranges(values: &Tensor, statistics: &[Statistics], paint: Paint) -> Vec<Range> {
    let ranges: Vec<Range> = match paint.ends {
        Ends::Shared | Ends::Percentile => vec![scale(values, paint.ends); statistics.len()],
        Ends::PerChannel => statistics.iter().map(|s| Range::around(s.min, s.max)).collect(),
    };
    ranges.into_iter().map(|range| signed(range, paint)).collect()
}

/// All channels of `[1, h, w, c]`.
pub fn channels(values: &Tensor, colours: Colours, ranges: &[Range]) -> Atlas {
    let mut atlas = Atlas::new(values.shape.c, values.shape.size());
    for (k, &range) in ranges.iter().enumerate() {
        atlas.set(k, plane(values, k).into_iter(), colours, range);
    }
    atlas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn zero_is_white_and_the_ends_are_the_anchors() {
        let signed = table(Colours::Automatic, Range { black: -1.0, white: 1.0 });
        assert_eq!((signed[0], signed[255]), (SIGNED[0], SIGNED[6]));
        assert!(signed[128].iter().all(|&v| v > 240), "{:?}", signed[128]);
        for range in [Range { black: 0.0, white: 1.0 }, Range { black: -9.0, white: -7.0 }] {
            let sequential = table(Colours::Automatic, range);
            assert_eq!((sequential[0], sequential[255]), (VIRIDIS[0], VIRIDIS[8]));
        }
    }

    #[test]
    fn sequential_tables_grow_brighter_all_along() {
        let light = |c: [u8; 3]| 0.2126 * f32::from(c[0]) + 0.7152 * f32::from(c[1]) + 0.0722 * f32::from(c[2]);
        for colours in [Colours::Sequential, Colours::Grey] {
            let t = table(colours, Range { black: 0.0, white: 1.0 });
            assert!(t.windows(2).all(|w| light(w[1]) >= light(w[0])), "{colours:?}");
        }
    }

    #[test]
    fn layers_beside_each_other_have_one_scale_unless_each_channel_has_its_own() {
        let of = |values: &[f32]| Tensor::from_vec(Shape::new(1, 1, values.len(), 1), values.to_vec());
        let (a, b) = (of(&[1.0, 2.0]), of(&[5.0, 4.0, 3.0]));
        let both = |colours, ends| common([&a, &b], Paint { colours, ends });
        assert_eq!(both(Colours::Automatic, Ends::PerChannel), None);
        for ends in [Ends::Shared, Ends::Percentile] {
            assert_eq!(both(Colours::Automatic, ends), Some(Range { black: 1.0, white: 5.0 }));
            assert_eq!(both(Colours::Signed, ends), Some(Range { black: -5.0, white: 5.0 }), "zero is white");
        }
        let signs = common([&of(&[-1.0]), &b], Paint { colours: Colours::Automatic, ends: Ends::Shared });
        assert_eq!(signs, Some(Range { black: -5.0, white: 5.0 }));
    }

    #[test]
    fn every_channel_has_its_place() {
        let values = Tensor::from_vec(Shape::new(1, 1, 2, 3), vec![0.0, 1.0, 2.0, 2.0, 1.0, 0.0]);
        let statistics: Vec<_> = (0..3).map(|k| Statistics::of(&plane(&values, k))).collect();
        let paint = |colours, ends| ranges(&values, &statistics, Paint { colours, ends });
        let atlas = channels(&values, Colours::Grey, &paint(Colours::Grey, Ends::Shared));
        let grey = |x: usize, y: usize| atlas.picture.rgba[(y * atlas.picture.width + x) * 4];
        assert_eq!((atlas.columns, atlas.corner(2)), (2, Point::new(0, 1)));
        assert_eq!(
            [grey(0, 0), grey(1, 0), grey(2, 0), grey(3, 0), grey(0, 1), grey(1, 1)],
            [0, 255, 128, 128, 255, 0]
        );
        assert_eq!(paint(Colours::Grey, Ends::PerChannel)[1], Range { black: 1.0, white: 2.0 });
        assert_eq!(paint(Colours::Signed, Ends::PerChannel)[1], Range { black: -2.0, white: 2.0 });
    }
}
