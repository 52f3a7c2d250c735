//! Components of any sizes joined to pixels, as libjpeg does: what has half the columns, half the rows or both is interpolated,
//! and of other factors each sample is repeated over the pixels that it stands for (jdsample.c).

use libjpeg_turbo_rs::{ColorSpace, RawImage};

use super::super::colours::rgb_of_jpeg;
use super::Result;
use super::file::Frame;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::tensor::Size;

/// The pixels: in RGB if they are stored as YCbCr, in inks if as YCCK.
pub(super) fn joined(raw: &RawImage, frame: &Frame, space: ColorSpace) -> Result<Vec<u8>> {
    let (across, down) = frame.most();
    let size = Size::new(raw.width, raw.height);
    let planes = frame.components.iter().enumerate().map(|(k, &(_, h, v))| {
        let of = |whole: usize, part: u8, most: u8| (whole * usize::from(part)).div_ceil(usize::from(most));
        let (w, rows) = (of(raw.width, h, across), of(raw.height, v, down));
        let stored = raw.planes[k].chunks(raw.plane_widths[k].max(w)).take(rows);
        let plane: Vec<u8> = stored.filter_map(|row| row.get(..w)).flatten().copied().collect();
        let whole = plane.len() == w * rows && w * rows > 0;
        let plane = Plane { width: w, height: rows, samples: &plane };
        whole.then(|| plane.enlarged(size, (across, h), (down, v)))
    });
    let planes: Option<Vec<Vec<u8>>> = planes.collect();
    let planes = planes.ok_or(ErrorKind::Truncated { format: Format::Jpeg })?;
    let mut out: Vec<u8> = (0..size.area()).flat_map(|at| planes.iter().map(move |plane| plane[at])).collect();
    match space {
        ColorSpace::YCbCr => out.as_chunks_mut::<3>().0.iter_mut().for_each(|p| *p = rgb_of_jpeg(*p)),
        // Inks are the complements of the colours.
        ColorSpace::Ycck => out.as_chunks_mut::<4>().0.iter_mut().for_each(|p| {
            let [r, g, b] = rgb_of_jpeg([p[0], p[1], p[2]]);
            *p = [255 - r, 255 - g, 255 - b, p[3]];
        }),
        _ => {}
    }
    Ok(out)
}

/// A component's samples.
struct Plane<'a> {
    width: usize,
    height: usize,
    samples: &'a [u8],
}

impl Plane<'_> {
    /// Brought to the picture's size. The factors: the largest of all components, and this one's.
    fn enlarged(&self, to: Size, (across, h): (u8, u8), (down, v): (u8, u8)) -> Vec<u8> {
        let Size { width, height } = to;
        let halved = |most: u8, own: u8| most == 2 * own;
        let smooth = self.width > 2;
        match (halved(across, h), halved(down, v)) {
            (true, false) if smooth && down == v => self.columns(width, height),
            (true, true) if smooth => self.both(width, height),
            (false, true) if across == h => self.rows(width, height),
            _ => self.repeated(to, (across, h), (down, v)),
        }
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.samples[y * self.width..][..self.width]
    }

    /// The nearer and the farther row of a row of the picture with twice as many.
    fn near(&self, y: usize) -> [&[u8]; 2] {
        let near = y / 2;
        let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(self.height - 1) };
        [near, far].map(|y| self.row(y))
    }

    fn columns(&self, width: usize, height: usize) -> Vec<u8> {
        let wide = |row: &[u8]| -> Vec<u8> {
            let at = |x: usize| {
                let own = u16::from(row[x / 2]);
                let beside = if x.is_multiple_of(2) { (x / 2).checked_sub(1) } else { Some(x / 2 + 1) };
                let round = 1 + (x % 2) as u16;
                // The outermost samples have no neighbour, and stay.
                let beside = beside.and_then(|x| row.get(x)).map(|&v| u16::from(v));
                beside.map_or(own as u8, |beside| ((3 * own + beside + round) >> 2) as u8)
            };
            (0..width).map(at).collect()
        };
        (0..height).flat_map(|y| wide(self.row(y))).collect()
    }

    fn rows(&self, width: usize, height: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(width * height);
        for y in 0..height {
            let [near, far] = self.near(y);
            let round = 1 + (y % 2) as u16;
            out.extend((0..width).map(|x| ((3 * u16::from(near[x]) + u16::from(far[x]) + round) >> 2) as u8));
        }
        out
    }

    fn both(&self, width: usize, height: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(width * height);
        for y in 0..height {
            let [near, far] = self.near(y);
            let sum = |x: usize| 3 * u16::from(near[x]) + u16::from(far[x]);
            out.extend((0..width).map(|x| {
                let (own, round) = (x / 2, if x.is_multiple_of(2) { 8 } else { 7 });
                let beside = if x.is_multiple_of(2) { own.checked_sub(1) } else { Some(own + 1) };
                let beside = beside.filter(|&x| x < self.width).unwrap_or(own);
                ((3 * sum(own) + sum(beside) + round) >> 4) as u8
            }));
        }
        out
    }

    fn repeated(&self, to: Size, (across, h): (u8, u8), (down, v): (u8, u8)) -> Vec<u8> {
        let at = |place: usize, own: u8, most: u8| place * usize::from(own) / usize::from(most);
        let row = |y: usize| {
            let row = self.row(at(y, v, down));
            (0..to.width).map(move |x| row[at(x, h, across)])
        };
        (0..to.height).flat_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enlarged(w: usize, samples: &[u8], [width, height]: [usize; 2], across: (u8, u8), down: (u8, u8)) -> Vec<u8> {
        Plane { width: w, height: samples.len() / w, samples }.enlarged(Size { width, height }, across, down)
    }

    #[test]
    fn halves_are_interpolated_as_libjpeg_does_and_the_rest_is_repeated() {
        // jdsample.c by hand: (3·own + beside + 1 or 2) / 4, and the same both ways with 8 or 7 of 16.
        assert_eq!(enlarged(3, &[0, 100, 200], [6, 1], (2, 1), (1, 1)), [0, 25, 75, 125, 175, 200]);
        assert_eq!(enlarged(1, &[0, 100], [1, 4], (1, 1), (2, 1)), [0, 25, 75, 100]);
        let both = enlarged(3, &[0, 100, 200, 40, 140, 240], [6, 4], (2, 1), (2, 1));
        assert_eq!(both[..6], [0, 25, 75, 125, 175, 200]);
        assert_eq!(both[6..12], [10, 35, 85, 135, 185, 210]);
        assert_eq!(enlarged(2, &[0, 100], [4, 1], (2, 1), (1, 1)), [0, 0, 100, 100], "too narrow to be interpolated");
        assert_eq!(enlarged(2, &[0, 100], [5, 2], (3, 1), (2, 1)), [0, 0, 0, 100, 100, 0, 0, 0, 100, 100]);
        assert_eq!(enlarged(3, &[0, 100, 200], [5, 1], (2, 1), (1, 1)), [0, 25, 75, 125, 175], "an odd width");
    }
}
