//! Results of networks as far as they are computed, tile by tile.
//!
//! Looking at a picture computes the tiles in view; exporting it computes the others. Both write into the same [`CachedTiles`],
//! so nothing is computed twice, going back to an earlier choice shows at once, and the strength of the effect or the way
//! differences are shown can change without the network.

use super::open::Photo;
use crate::{
    backend::Rect,
    infer::InferError,
    nn::Model,
    tensor::{Pixels, PixelsError, Samples, Size},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Side of a tile of the result: a multiple of every whole scale from 1 to 6 and 8, and of the powers of two by which a
/// view shrinks it.
pub const SIDE: usize = 480;

/// Bytes of samples that are kept beyond the two results in use.
const CACHE_BYTES: usize = 1 << 30;

/// A result cut into squares of [`SIDE`], numbered row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Of the result.
    pub size: Size,
}

impl Grid {
    /// Squares in a row.
    fn across(self) -> usize {
        self.size.width.div_ceil(SIDE)
    }

    /// How many squares there are.
    pub fn count(self) -> usize {
        self.across() * self.size.height.div_ceil(SIDE)
    }

    /// Where a square lies.
    pub fn rect(self, index: usize) -> Rect {
        let (y, x) = (index / self.across() * SIDE, index % self.across() * SIDE);
        Rect { y, x, h: SIDE.min(self.size.height - y), w: SIDE.min(self.size.width - x) }
    }

    /// The squares that a rectangle touches, those nearest to its centre first.
    pub fn touched(self, by: Rect) -> Vec<usize> {
        let rows = by.y / SIDE..(by.y + by.h).min(self.size.height).div_ceil(SIDE);
        let columns = by.x / SIDE..(by.x + by.w).min(self.size.width).div_ceil(SIDE);
        let mut all: Vec<usize> = rows.flat_map(|r| columns.clone().map(move |c| r * self.across() + c)).collect();
        // Twice the centres, so that nothing is rounded.
        let centre = (2 * by.y + by.h, 2 * by.x + by.w);
        all.sort_by_key(|&index| {
            let r = self.rect(index);
            (2 * r.y + r.h).abs_diff(centre.0).pow(2) + (2 * r.x + r.w).abs_diff(centre.1).pow(2)
        });
        all
    }
}

/// What decides a result.
#[derive(Clone)]
pub struct Key {
    /// The photo.
    pub photo: Arc<Photo>,
    /// The network.
    pub model: Arc<Model>,
    /// Size of the result.
    pub grid: Grid,
    /// Whether it is the mean over eight flips and rotations.
    pub ensemble: bool,
    /// Which choice of a device: devices agree to the last bit or two only.
    pub generation: u64,
}

impl Key {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &other.photo)
            && Arc::ptr_eq(&self.model, &other.model)
            && self.grid == other.grid
            && self.ensemble == other.ensemble
            && self.generation == other.generation
    }
}

/// One result.
pub struct CachedTiles {
    key: Key,
    inner: Mutex<Inner>,
}

struct Inner {
    pixels: Arc<Pixels>,
    done: Vec<bool>,
}

impl CachedTiles {
    fn new(key: Key) -> Result<Self, InferError> {
        let of = &key.photo.pixels;
        let Size { width, height } = key.grid.size;
        let pixels = Arc::new(Pixels::black(width, height, of.channels, of.depth())?);
        let inner = Mutex::new(Inner { pixels, done: vec![false; key.grid.count()] });
        Ok(Self { key, inner })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A square is marked after it was written, so a panic elsewhere leaves none half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a square is computed.
    pub fn is_done(&self, index: usize) -> bool {
        self.inner().done[index]
    }

    /// A square, if it is computed.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn get(&self, index: usize) -> Result<Option<Pixels>, PixelsError> {
        let inner = self.inner();
        let r = self.key.grid.rect(index);
        inner.done[index].then(|| inner.pixels.crop(r.y, r.x, r.h, r.w)).transpose()
    }

    /// Keeps a computed square.
    pub fn put(&self, index: usize, part: &Pixels) {
        let mut inner = self.inner();
        let r = self.key.grid.rect(index);
        paste(Arc::make_mut(&mut inner.pixels), r.y, r.x, part);
        inner.done[index] = true;
    }

    /// The whole result, if all of it is computed.
    pub fn whole(&self) -> Option<Arc<Pixels>> {
        let inner = self.inner();
        inner.done.iter().all(|&done| done).then(|| inner.pixels.clone())
    }

    fn bytes(&self) -> usize {
        let of = &self.key.photo.pixels;
        self.key.grid.size.area() * of.channels * of.depth().bits() / 8
    }
}

/// The results in use and those used before, latest first. Clones are the same.
#[derive(Clone, Default)]
pub struct TileCache(Arc<Mutex<Vec<Arc<CachedTiles>>>>);

impl TileCache {
    /// The tiles of that result, empty if it is new.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn get(&self, key: Key) -> Result<Arc<CachedTiles>, InferError> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = match cache.iter().position(|s| s.key.same(&key)) {
            Some(at) => cache.remove(at),
            None => Arc::new(CachedTiles::new(key)?),
        };
        cache.insert(0, cached.clone());
        let mut bytes = 0;
        let mut place = 0;
        cache.retain(|s| {
            place += 1;
            // Results of another photo are not come back to.
            bytes += s.bytes();
            place <= 2 || (bytes <= CACHE_BYTES && Arc::ptr_eq(&s.key.photo, &cached.key.photo))
        });
        Ok(cached)
    }
}

/// Writes `part`, of the same channels and depth, into `whole` with its corner at (`y`, `x`).
///
/// # Panics
/// If it does not lie in there, or is of another kind.
pub fn paste(whole: &mut Pixels, y: usize, x: usize, part: &Pixels) {
    assert!(whole.channels == part.channels && y + part.height <= whole.height && x + part.width <= whole.width);
    fn rows<T: Copy>(to: &mut [T], from: &[T], stride: usize, at: usize, run: usize) {
        for (row, line) in from.chunks_exact(run).enumerate() {
            let start = at + row * stride;
            to[start..start + run].copy_from_slice(line);
        }
    }
    let c = whole.channels;
    let (stride, at, run) = (whole.width * c, (y * whole.width + x) * c, part.width * c);
    match (&mut whole.samples, &part.samples) {
        (Samples::U8(to), Samples::U8(from)) => rows(to, from, stride, at, run),
        (Samples::U16(to), Samples::U16(from)) => rows(to, from, stride, at, run),
        _ => panic!("a part of another depth"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{models::Catalogue, open};

    #[test]
    fn squares_cover_a_result_once_and_the_centre_comes_first() {
        let grid = Grid { size: Size::new(1500, 1000) };
        let mut covered = vec![0u8; 1000 * 1500];
        for r in (0..grid.count()).map(|i| grid.rect(i)) {
            for y in r.y..r.y + r.h {
                covered[y * 1500 + r.x..y * 1500 + r.x + r.w].iter_mut().for_each(|n| *n += 1);
            }
        }
        assert!(covered.iter().all(|&n| n == 1));
        let order = grid.touched(Rect::whole(grid.size));
        assert_eq!(order.len(), grid.count());
        assert!(order[0] == 5 || order[0] == 6, "{order:?}");
        assert_eq!(grid.touched(Rect { y: 490, x: 10, h: 5, w: 5 }), [4]);
        assert_eq!(grid.touched(Rect { y: 470, x: 0, h: 20, w: 5 }).len(), 2);
    }

    #[test]
    fn a_tile_gives_back_what_was_put_and_is_found_again() {
        let photo = Arc::new(open::open(open::Origin::Sample).unwrap());
        let catalogue = Catalogue::default();
        let model = catalogue.get(&catalogue.list()[0]).unwrap();
        let grid = Grid { size: Size::new(490, 500) };
        let key = Key { photo, model, grid, ensemble: false, generation: 0 };
        let cache = TileCache::default();
        let cached = cache.get(key.clone()).unwrap();
        assert_eq!(cached.get(3).unwrap(), None);
        let r = grid.rect(3);
        let part = Pixels::new(r.w, r.h, 3, Samples::U8((0..r.w * r.h * 3).map(|i| i as u8).collect())).unwrap();
        cached.put(3, &part);
        assert_eq!(cached.get(3).unwrap(), Some(part));
        assert_eq!(cached.whole(), None);
        assert!(cache.get(key.clone()).unwrap().is_done(3));
        assert!(!cache.get(Key { ensemble: true, ..key.clone() }).unwrap().is_done(3));
        assert!(!cache.get(Key { generation: 1, ..key }).unwrap().is_done(3));
    }
}
