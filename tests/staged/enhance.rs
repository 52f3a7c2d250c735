//! Enhance with a photo; its tiles are told by the test.

use super::{Stage, Window, idle, photo, shell, stage};
use addersr::{
    image_io::Metadata,
    infer::Way,
    nn::Cost,
    session::{
        TestDriver, Worker,
        open::Photo,
        tile_cache::Grid,
        view::{Command, Event, Facts, Image, Layer, Price, Show, Tile, View, Wanted},
    },
    tensor::{Pixels, Samples},
    ui::{settings::Theme, tabs::enhance::Enhance},
};
use egui_kittest::HarnessBuilder;
use std::sync::Arc;

/// The window and the worker's end.
pub(crate) struct Staged {
    /// The window.
    pub(crate) window: Window,
    /// What the worker would hold.
    pub(crate) hand: TestDriver<View>,
    grid: Grid,
}

/// Begins: a photo is open, its result has twice its size, and nothing has been told.
pub(crate) fn begin(builder: HarnessBuilder<Stage>, look: Theme, photo: Arc<Photo>) -> Staged {
    let (worker, hand) = Worker::manual();
    let mut shell = shell();
    // So that the line below names it.
    shell.shared.device().expect("a CPU");
    let grid = Grid { size: photo.pixels.size().times(2) };
    shell.photo = Some(photo);
    let tab = Box::new(Enhance::with_workers(&shell, worker, idle()));
    Staged { window: stage(builder, look, tab, shell), hand, grid }
}

/// The same with a black photo of that side, for what counts and does not look.
pub(crate) fn begin_black(builder: HarnessBuilder<Stage>, side: usize) -> Staged {
    let pixels = Pixels::new(side, side, 1, Samples::U8(vec![0; side * side])).expect("sizes agree");
    let photo = Photo::new(None, "black".to_owned(), (pixels, Metadata::default(), Vec::new()));
    begin(builder, Theme::Light, Arc::new(photo))
}

impl Staged {
    /// Draws until the view asks for tiles, answering with what is known of the scene.
    pub(crate) fn asked(&mut self) -> Wanted {
        for _ in 0..100 {
            self.window.step();
            while let Some(command) = self.hand.next() {
                match command {
                    Command::Show(show) => self.facts(&show),
                    Command::Want(wanted) if !wanted.tiles.is_empty() => return wanted,
                    Command::Want(_) => {}
                }
            }
        }
        panic!("no tiles were asked for");
    }

    fn facts(&self, show: &Show) {
        let grid = self.grid;
        let cost = Cost { additions: 46_200_000_000, multiplications: 914_000_000, joules: 0.045 };
        let convolutions = Cost { additions: 24_000_000_000, multiplications: 24_000_000_000, joules: 0.108 };
        let price = Price { way: Way { passes: 1, scale: 2, rest: 1.0 }, cost, convolutions, coded: true };
        let names = vec!["Bicubic".to_owned(), "x2".to_owned()];
        let told = self.hand.send(Event::Facts(show.job, Facts { grid, names, prices: vec![None, Some(price)] }));
        assert!(told.is_ok(), "there is room");
    }

    /// Tells a tile that was asked for; `false` while there is no room.
    pub(crate) fn tell(&self, wanted: &Wanted, (layer, index): (Layer, usize), image: Image) -> bool {
        let (version, level) = (wanted.version, wanted.level);
        let seconds = (layer == Layer::B).then_some(0.5);
        let tile = Tile { layer, index, version, level, provisional: false, image: Arc::new(image), seconds };
        self.hand.send(Event::Tile(wanted.job, tile)).is_ok()
    }

    /// A tile of one colour, as large as this one will be.
    pub(crate) fn plain(&self, wanted: &Wanted, (_, index): (Layer, usize)) -> Image {
        let r = self.grid.rect(index);
        let (width, height) = (r.w.div_ceil(1 << wanted.level), r.h.div_ceil(1 << wanted.level));
        Image { width, height, rgba: vec![255; 4 * width * height] }
    }
}

/// All that is in view has come: A is grey, B in colour.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let photo = photo("a quiet street at noon, seen from the bridge.png", 480, 320);
    let large = super::picture(960, 640, 0);
    let mut staged = begin(builder, look, photo);
    let wanted = staged.asked();
    for &key in &wanted.tiles {
        let r = staged.grid.rect(key.1);
        let piece = large.crop(r.y, r.x, r.h, r.w).expect("it lies inside");
        let mut image = Image::shrunk(&piece, wanted.level);
        if key.0 == Layer::A {
            for pixel in image.rgba.as_chunks_mut::<4>().0 {
                let grey = pixel[1];
                pixel[..3].fill(grey);
            }
        }
        assert!(staged.tell(&wanted, key, image), "there is room");
        staged.window.step();
    }
    staged.window.run_steps(4);
    staged.window
}
