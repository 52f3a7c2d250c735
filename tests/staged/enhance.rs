//! Enhance with a photo; its tiles are told by the test.

use super::{Stage, Window, idle, photo, shell, stage};
use addersr::{
    nn::Cost,
    session::{
        Hand, Worker,
        sheets::Grid,
        view::{Command, Event, Facts, Image, Layer, Price, Show, Tile, View, Wanted},
    },
    tensor::Pixels,
    ui::{settings::Theme, tabs::enhance::Enhance},
};
use egui_kittest::HarnessBuilder;
use std::sync::Arc;

/// The window and the worker's end.
pub(crate) struct Staged {
    /// The window.
    pub(crate) window: Window,
    /// What the worker would hold.
    pub(crate) hand: Hand<View>,
    large: Pixels,
}

/// Begins: a photo of that size is open, and nothing has been told.
pub(crate) fn begin(builder: HarnessBuilder<Stage>, look: Theme, (width, height): (usize, usize)) -> Staged {
    let (worker, hand) = Worker::by_hand();
    let mut shell = shell();
    // So that the line below names it.
    shell.shared.device().expect("a CPU");
    shell.photo = Some(photo("a quiet street at noon, seen from the bridge.png", width, height));
    let large = super::picture(2 * width, 2 * height, 0);
    let tab = Box::new(Enhance::with_workers(&shell, worker, idle()));
    Staged { window: stage(builder, look, tab, shell), hand, large }
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
        let grid = Grid { height: self.large.height, width: self.large.width };
        let cost = Cost { additions: 46_200_000_000, multiplications: 914_000_000, joules: 0.045 };
        let convolutions = Cost { additions: 24_000_000_000, multiplications: 24_000_000_000, joules: 0.108 };
        let price = Price { passes: 1, cost, convolutions, coded: true };
        let names = ["Bicubic".to_owned(), "x2".to_owned()];
        let told = self.hand.tell(Event::Facts(show.job, Facts { grid, names, prices: [None, Some(price)] }));
        assert!(told.is_ok(), "there is room");
    }

    /// A tile that was asked for: A is grey, B in colour.
    pub(crate) fn tile(&self, wanted: &Wanted, (layer, index): (Layer, usize)) -> Event {
        let grid = Grid { height: self.large.height, width: self.large.width };
        let r = grid.rect(index);
        let piece = self.large.crop(r.y, r.x, r.h, r.w).expect("it lies inside");
        let mut image = Image::shrunk(&piece, wanted.level);
        if layer == Layer::A {
            for pixel in image.rgba.as_chunks_mut::<4>().0 {
                let grey = pixel[1];
                pixel[..3].fill(grey);
            }
        }
        let (version, level) = (wanted.version, wanted.level);
        let seconds = (layer == Layer::B).then_some(0.5);
        Event::Tile(
            wanted.job,
            Tile { layer, index, version, level, provisional: false, image: Arc::new(image), seconds },
        )
    }
}

/// All that is in view has come.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let mut staged = begin(builder, look, (480, 320));
    let wanted = staged.asked();
    for &key in &wanted.tiles {
        assert!(staged.hand.tell(staged.tile(&wanted, key)).is_ok(), "there is room");
        staged.window.step();
    }
    staged.window.run_steps(4);
    staged.window
}
