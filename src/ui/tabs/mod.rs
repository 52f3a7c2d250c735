//! The registry of tabs: to add one, write its file and add a line to [`TabKind::ALL`] and to [`Tabs::new`].

pub mod batch;
pub mod enhance;
pub mod layers;
pub mod train;

use super::{Shell, icons::Icon, text::text};
use crate::session::{Waker, Work, Worker};
use eframe::egui;
use std::path::PathBuf;

/// A view of the window.
pub trait Tab {
    /// Takes what the tab's worker has to tell. Called every frame, shown or not.
    fn poll(&mut self, shell: &mut Shell);

    /// Draws the tab into all the room there is below the bar.
    fn ui(&mut self, ui: &mut egui::Ui, shell: &mut Shell);

    /// Files and folders that were dropped while this tab is shown. `false`: the window decides what to do.
    fn dropped(&mut self, _paths: &[PathBuf], _shell: &mut Shell) -> bool {
        false
    }

    /// Tells the tab's workers to end, without waiting: the window closes.
    fn stop(&mut self);

    /// Keys and what they do, for the list under `?`.
    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
}

/// Events of a worker that a tab takes per frame, so that a flood of them never holds up drawing: what is left waits.
pub const EVENTS_PER_FRAME: usize = 64;

/// The events of this frame, `most` at a time; if there may be more, another frame is asked for.
fn events<W: Work + 'static>(worker: &Worker<W>, most: usize, waker: &Waker) -> Vec<W::Event> {
    let events: Vec<W::Event> = std::iter::from_fn(|| worker.poll()).take(most).collect();
    if events.len() == most {
        waker();
    }
    events
}

/// Which tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TabKind {
    /// Before and after.
    Enhance,
    /// Inside the network.
    Layers,
    /// Many pictures.
    Batch,
    /// Own pictures, own model.
    Train,
}

impl TabKind {
    /// All, from left to right.
    pub const ALL: [Self; 4] = [Self::Enhance, Self::Layers, Self::Batch, Self::Train];

    /// What stands on it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Enhance => text!("tab-enhance"),
            Self::Layers => text!("tab-layers"),
            Self::Batch => text!("tab-batch"),
            Self::Train => text!("tab-train"),
        }
    }

    /// What it is for, as a tooltip.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Enhance => text!("tab-enhance-tip"),
            Self::Layers => text!("tab-layers-tip"),
            Self::Batch => text!("tab-batch-tip"),
            Self::Train => text!("tab-train-tip"),
        }
    }

    /// What becomes of so many files that are let go over it.
    pub fn drop_words(self, files: usize) -> &'static str {
        match (self, files) {
            (Self::Enhance | Self::Layers, 1) => text!("drop-open"),
            (Self::Enhance | Self::Layers | Self::Batch, _) => text!("drop-batch"),
            (Self::Train, _) => text!("drop-train"),
        }
    }

    /// Its icon.
    pub fn icon(self) -> Icon {
        match self {
            Self::Enhance => Icon::Split,
            Self::Layers => Icon::Layers,
            Self::Batch => Icon::Grid,
            Self::Train => Icon::Chart,
        }
    }
}

/// All tabs with their state.
pub struct Tabs {
    enhance: enhance::Enhance,
    layers: layers::Layers,
    batch: batch::Batch,
    train: train::Train,
}

impl Tabs {
    /// Starts the tabs' workers.
    pub fn new(shell: &mut Shell) -> Self {
        Self {
            enhance: enhance::Enhance::new(shell),
            layers: layers::Layers::new(shell),
            batch: batch::Batch::new(shell),
            train: train::Train::new(shell),
        }
    }

    /// One of them.
    pub fn get(&mut self, kind: TabKind) -> &mut dyn Tab {
        match kind {
            TabKind::Enhance => &mut self.enhance,
            TabKind::Layers => &mut self.layers,
            TabKind::Batch => &mut self.batch,
            TabKind::Train => &mut self.train,
        }
    }
}
