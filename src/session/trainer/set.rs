//! Which pictures there are, and whether they are worth training on.

use super::{Event, Failure, JobId, Trainer, WorkerContext};
use crate::{
    error::Error,
    image_io,
    tensor::{Pixels, Point, Samples},
    train::{
        dataset::{find, rgb8},
        degrade::{Degradation, shrink},
        given,
        look::{Look, look},
    },
};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A picture of the set.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its file.
    pub path: PathBuf,
    /// What was measured, or why it cannot be read.
    pub look: Result<Look, String>,
    /// Whether the same pixels were found before, in another file.
    pub duplicate: bool,
    /// A piece of it, large and as the network will see it; for the first pictures only.
    pub pieces: Option<Pieces>,
}

/// A pair as the network sees it.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// The truth, 8-bit RGB.
    pub large: Arc<Pixels>,
    /// The input, 8-bit RGB.
    pub small: Arc<Pixels>,
}

/// What becomes of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is used.
    Good,
    /// It is used, and teaches little.
    Soft,
    /// It is used, and its compression will be learnt.
    Compressed,
    /// It is left out: smaller than a patch.
    TooSmall,
    /// It is left out: the same as another one.
    Duplicate,
    /// It is left out: it cannot be read.
    Unreadable,
}

impl Verdict {
    /// Whether the picture is used.
    pub fn is_used(self) -> bool {
        matches!(self, Self::Good | Self::Soft | Self::Compressed)
    }
}

impl Found {
    /// What becomes of it in a run whose patches are `least` pixels of the large picture on each side.
    pub fn verdict(&self, least: usize) -> Verdict {
        match &self.look {
            Err(_) => Verdict::Unreadable,
            Ok(_) if self.duplicate => Verdict::Duplicate,
            Ok(look) if look.size.width.min(look.size.height) < least => Verdict::TooSmall,
            Ok(look) if look.is_compressed() => Verdict::Compressed,
            Ok(look) if look.is_soft() => Verdict::Soft,
            Ok(_) => Verdict::Good,
        }
    }
}

/// Pictures of which a pair is shown.
const SHOWN: usize = 6;
/// Side of a shown piece of the large picture.
const SIDE: usize = 192;

/// Looks at every picture in turn and tells it; a command that waits ends it.
pub(super) fn judge(
    job: JobId,
    paths: &[PathBuf],
    scale: usize,
    degradation: Degradation,
    looks: &mut HashMap<(PathBuf, usize), Look>,
    context: &WorkerContext<Trainer>,
) -> Result<(), Failure> {
    let find = if degradation == Degradation::Given { given::find_large } else { find };
    let files = find(paths).map_err(|error| Failure::from(Error::from(error)))?;
    let mut contents = HashSet::new();
    let mut shown = 0;
    for path in files {
        if context.stopping() || context.waiting() {
            return Err(Failure::Cancelled);
        }
        let key = (path.clone(), scale);
        let known = looks.get(&key).copied();
        let mut pieces = None;
        let look = match known {
            Some(look) if shown >= SHOWN => Ok(look),
            _ => measure(&path, scale).map(|(picture, look)| {
                if shown < SHOWN {
                    shown += 1;
                    pieces = piece(&path, &picture, scale, degradation);
                }
                looks.insert(key, look);
                look
            }),
        };
        let look =
            look.and_then(|look| if degradation == Degradation::Given { fits(&path, look, scale) } else { Ok(look) });
        let duplicate = look.as_ref().is_ok_and(|look| !contents.insert(look.content));
        context.emit(Event::Found(job, Box::new(Found { path, look, duplicate, pieces })));
    }
    Ok(())
}

fn measure(path: &Path, scale: usize) -> Result<(Pixels, Look), String> {
    let picture = image_io::decode(path).map_err(|error| error.to_string())?;
    let picture = rgb8(&picture.pixels);
    let look = look(&picture, scale).map_err(|error| error.to_string())?;
    Ok((picture, look))
}

/// Whether the small version of a large picture is there and has the size that it should have, by its head alone.
fn fits(path: &Path, look: Look, scale: usize) -> Result<Look, String> {
    let small = given::small_of(path)?;
    let size = image_io::dimensions(&small).map_err(|error| error.to_string())?;
    given::check(look.size, size, scale).map(|()| look)
}

/// The liveliest piece of a picture, and its small one.
fn piece(path: &Path, picture: &Pixels, scale: usize, degradation: Degradation) -> Option<Pieces> {
    let side = SIDE.min(picture.width).min(picture.height) / scale * scale;
    let Point { x, y } = liveliest(picture, side);
    let (y, x) = (y / scale * scale, x / scale * scale);
    let large = picture.crop(y, x, side, side).ok()?;
    let small = if degradation == Degradation::Given {
        let small = rgb8(&image_io::decode(&given::small_of(path).ok()?).ok()?.pixels);
        small.crop(y / scale, x / scale, side / scale, side / scale).ok()?
    } else {
        shrink(&large, scale, degradation, &mut Pcg64Mcg::seed_from_u64(1)).ok()?
    };
    Some(Pieces { large: Arc::new(large), small: Arc::new(small) })
}

/// Where a square of a picture has the largest differences from pixel to pixel; looks at sixteen places each way.
fn liveliest(picture: &Pixels, side: usize) -> Point {
    let Samples::U8(v) = &picture.samples else { return Point::default() };
    let (w, c) = (picture.width, picture.channels);
    let energy = |y: usize, x: usize| -> u64 {
        let rows = (y..y + side).step_by(3);
        let at = |y: usize, x: usize| v[(y * w + x) * c + c / 2];
        rows.map(|y| (x + 1..x + side).map(|x| u64::from(at(y, x).abs_diff(at(y, x - 1)))).sum::<u64>()).sum()
    };
    let places = |room: usize| (0..=room).step_by((room / 15).max(1));
    let all = places(picture.height - side).flat_map(|y| places(w - side).map(move |x| Point { x, y }));
    all.max_by_key(|at| energy(at.y, at.x)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Depth;
    use crate::tensor::Size;

    #[test]
    fn the_liveliest_place_is_where_the_pattern_is() {
        let mut picture = Pixels::black(200, 100, 3, Depth::Eight).unwrap();
        if let Samples::U8(v) = &mut picture.samples {
            for (i, pixel) in v.chunks_exact_mut(3).enumerate() {
                pixel.fill(if i % 200 >= 120 && i % 2 == 0 { 255 } else { 0 });
            }
        }
        assert!(liveliest(&picture, 40).x >= 119);
        let pieces = piece("a.png".as_ref(), &picture, 2, Degradation::Bicubic).unwrap();
        assert_eq!((pieces.large.width, pieces.small.width), (100, 50));
    }

    #[test]
    fn verdicts() {
        let look = Look { size: Size::new(100, 64), content: 1, bicubic: 30.0, blocks: 1.0 };
        let found = |look, duplicate| Found { path: "a.png".into(), look, duplicate, pieces: None };
        assert_eq!(found(Ok(look), false).verdict(64), Verdict::Good);
        assert_eq!(found(Ok(look), false).verdict(65), Verdict::TooSmall);
        assert_eq!(found(Ok(look), true).verdict(64), Verdict::Duplicate);
        assert_eq!(found(Ok(Look { bicubic: 60.0, ..look }), false).verdict(64), Verdict::Soft);
        assert_eq!(found(Ok(Look { blocks: 2.0, ..look }), false).verdict(64), Verdict::Compressed);
        assert_eq!(found(Err("damaged".into()), false).verdict(64), Verdict::Unreadable);
    }
}
