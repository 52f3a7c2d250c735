//! What is looked at: tiles of the sides, A and B or A to D, and of the difference of A and B, for as much of them as is in
//! view.
//!
//! The window says what it shows ([`Show`]) and, whenever the view moves, which tiles it lacks and how coarse they may be
//! ([`Wanted`], a whole list each time, so that nothing has to be taken back). The worker goes through the list: first
//! baselines and, for networks, a provisional baseline, which are there at once, and where they are many a network's tile
//! now and then; then the networks' tiles in the order of the list. What a network computed stays in a
//! [`CachedTiles`](super::tile_cache::CachedTiles); strength and differences are made from it.
//!
//! Tiles are sent as the window will draw them: RGBA, 8 bits, premultiplied, shrunk by a power of two. A result of 96
//! megapixels seen whole costs a few megabytes, and no texture is ever larger than a tile.

mod difference;
mod raster;
mod scene;
mod score;
mod tiles;

pub use difference::{Colours, Difference, Measure, colour};
pub use raster::Image;
pub use scene::{Facts, ModelChoice, Price};
pub use score::Scores;
pub(super) use tiles::Resized;

use super::{Failure, JobId, Shared, Work, WorkerContext, open::Photo, tile_cache::TileCache};
use crate::{backend::Rect, error::Error, infer::Target};
use scene::Scene;
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tiles::Tiles;

/// One of the pictures that can be in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The left side.
    A,
    /// The right side.
    B,
    /// The third, of four.
    C,
    /// The fourth.
    D,
    /// What differs between A and B.
    Difference,
}

impl Layer {
    /// The sides, by their numbers.
    pub const SIDES: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The number of a side.
    pub fn side(self) -> Option<usize> {
        Self::SIDES.iter().position(|side| *side == self)
    }
}

/// What is to be looked at. Lives until another one comes.
#[derive(Clone)]
pub struct Show {
    /// Its id.
    pub job: JobId,
    /// The photo.
    pub photo: Arc<Photo>,
    /// What the sides show: A and B at least, at most as many as there are in [`Layer::SIDES`].
    pub looks: Vec<ModelChoice>,
    /// Size of the result.
    pub target: Target,
    /// Whether networks give the mean over eight flips and rotations.
    pub ensemble: bool,
    /// A picture of the result's size that A and B are compared with.
    pub reference: Option<PathBuf>,
}

/// What the view lacks.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The [`Show`] that it is about.
    pub job: JobId,
    /// Comes back with every tile, so that tiles made with earlier settings are told apart.
    pub version: u64,
    /// How much of a network's effect is seen, from 0 (bicubic) to 1.
    pub strength: f32,
    /// How differences are shown.
    pub difference: Difference,
    /// Tiles are shrunk by `2^level`.
    pub level: u32,
    /// What is in view, in pixels of the result.
    pub visible: Rect,
    /// Tiles by layer and number in the [`Grid`](super::tile_cache::Grid), the most wanted first.
    pub tiles: Vec<(Layer, usize)>,
}

/// What the worker is asked.
pub enum Command {
    /// Another picture, sides or size.
    Show(Box<Show>),
    /// Another view of it.
    Want(Wanted),
}

/// A tile to draw.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Which picture.
    pub layer: Layer,
    /// Which tile of it.
    pub index: usize,
    /// Of the [`Wanted`] that asked.
    pub version: u64,
    /// By how many powers of two it is shrunk.
    pub level: u32,
    /// Bicubic, until the network's tile comes.
    pub provisional: bool,
    /// What to draw.
    pub image: Arc<Image>,
    /// How long the network took, if it had to.
    pub seconds: Option<f64>,
}

/// What the worker tells.
pub enum Event {
    /// What is known about a scene before anything is computed.
    Facts(JobId, Facts),
    /// A tile.
    Tile(JobId, Tile),
    /// How far B's colours are off the photo's on average, in steps of 255, for the version that asked.
    Colour(JobId, u64, f64),
    /// How close the sides are to the reference, for the version that asked.
    Scores(JobId, u64, Scores),
    /// The scene ends, or never began.
    Failed(JobId, Failure),
}

/// The worker.
pub struct View {
    shared: Shared,
    cache: TileCache,
}

impl View {
    /// With a cache that an exporter may share.
    pub fn new(shared: Shared, cache: TileCache) -> Self {
        Self { shared, cache }
    }

    /// Serves one scene until the next command for another one, or the end.
    fn serve(&self, show: &Show, context: &WorkerContext<Self>) -> Result<Option<Box<Show>>, Error> {
        let scene = Scene::load(&self.shared, show)?;
        context.emit(Event::Facts(show.job, scene.facts()));
        let mut tiles = Tiles::new(&scene, &self.shared, &self.cache)?;
        let mut queue = Queue::default();
        let (mut scored, mut coloured) = (None, None);
        loop {
            let due = queue
                .wanted
                .as_ref()
                .is_some_and(|wanted| coloured != Some(wanted.version) && score::is_colour_due(&scene, &tiles, wanted));
            let known = scored == queue.scored() || scene.reference.is_none();
            let idle = queue.is_empty() && known && !due;
            match if idle { context.wait() } else { context.next() } {
                Some(Command::Show(next)) => return Ok(Some(next)),
                Some(Command::Want(wanted)) => {
                    if wanted.job == show.job {
                        queue.set(wanted, &scene, &tiles);
                    }
                    continue;
                }
                None if context.stopping() || idle => return Ok(None),
                None => {}
            }
            let quick = queue.next_quick();
            let Some(wanted) = queue.wanted.as_ref() else { continue };
            if let Some((layer, index)) = quick {
                let (provisional, began) = (scene.slow(layer), Instant::now());
                if provisional && tiles.is_done(layer, index, wanted.strength) {
                    continue;
                }
                let image = Arc::new(tiles.quick(layer, index, wanted)?);
                queue.worked += began.elapsed();
                context.emit(Event::Tile(show.job, tile(layer, index, wanted, provisional, image, None)));
            } else if let Some((layer, index)) = queue.slow.pop_front() {
                queue.worked = Duration::ZERO;
                let ahead = queue.slow.front().copied();
                let began = Instant::now();
                let before = tiles.computed();
                let image = Arc::new(tiles.slow(layer, index, wanted, ahead)?);
                let seconds = (tiles.computed() > before).then(|| began.elapsed().as_secs_f64());
                context.emit(Event::Tile(show.job, tile(layer, index, wanted, false, image, seconds)));
            } else if known {
                coloured = Some(wanted.version);
                if let Some(colour) = score::colour(&scene, &mut tiles, wanted)? {
                    context.emit(Event::Colour(show.job, wanted.version, colour));
                }
            } else {
                if let Some(scores) = score::score(&scene, &mut tiles, wanted, context)? {
                    scored = queue.scored();
                    context.emit(Event::Scores(show.job, wanted.version, scores));
                }
            }
        }
    }
}

fn tile(layer: Layer, index: usize, wanted: &Wanted, provisional: bool, image: Arc<Image>, s: Option<f64>) -> Tile {
    Tile { layer, index, version: wanted.version, level: wanted.level, provisional, image, seconds: s }
}

/// How long quick tiles may keep a network waiting: of a large photo they are hundreds.
const QUICK: Duration = Duration::from_millis(150);

/// The list being worked through.
#[derive(Default)]
struct Queue {
    wanted: Option<Wanted>,
    quick: VecDeque<(Layer, usize)>,
    slow: VecDeque<(Layer, usize)>,
    /// Time that went into quick tiles since the last slow one.
    worked: Duration,
}

impl Queue {
    fn set(&mut self, wanted: Wanted, scene: &Scene, tiles: &Tiles<'_>) {
        let last = scene.grid.count();
        let is_there = |layer: Layer| layer.side().is_none_or(|side| side < scene.sides.len());
        let all = || wanted.tiles.iter().copied().filter(|&(layer, index)| index < last && is_there(layer));
        let quick = |layer, index| {
            layer != Layer::Difference && !(scene.slow(layer) && tiles.is_done(layer, index, wanted.strength))
        };
        self.quick = all().filter(|&(layer, index)| quick(layer, index)).collect();
        self.slow = all().filter(|&(layer, _)| scene.slow(layer)).collect();
        self.wanted = Some(wanted);
    }

    /// The next quick tile, unless it is a slow one's turn.
    fn next_quick(&mut self) -> Option<(Layer, usize)> {
        let due = self.worked > QUICK && !self.slow.is_empty();
        if due { None } else { self.quick.pop_front() }
    }

    fn is_empty(&self) -> bool {
        self.quick.is_empty() && self.slow.is_empty()
    }

    /// What scores depend on.
    fn scored(&self) -> Option<(u64, Rect)> {
        self.wanted.as_ref().map(|w| (w.version, w.visible))
    }
}

impl Work for View {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, context: &WorkerContext<Self>) {
        // What is wanted of a scene that has ended is wanted no more.
        let Command::Show(show) = command else { return };
        let mut next = Some(show);
        while let Some(show) = next.take() {
            context.set_current_job(Some(show.job));
            match self.serve(&show, context) {
                Ok(another) => next = another,
                Err(error) => context.emit(Event::Failed(show.job, error.into())),
            }
            context.set_current_job(None);
        }
    }

    fn failed(job: JobId, failure: Failure) -> Event {
        Event::Failed(job, failure)
    }
}

#[cfg(test)]
mod tests;
