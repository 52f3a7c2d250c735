//! Pictures in files as a list shows them: which lie beside one in its folder, and each of them small.
//!
//! Small pictures are made one by one, and only what is wanted at the moment: a list that is scrolled wants others, and
//! what has gone out of sight is not made.

use super::{Failure, JobId, Work, WorkerContext, view::Image};
use crate::{error::Error, image_io};
use std::{collections::VecDeque, path::PathBuf, sync::Arc};

/// The least that the longer side of a small picture has, in pixels, where the picture has so many; less than twice of it.
pub const SIDE: usize = 160;

/// What the worker is asked.
#[derive(Debug)]
pub enum Command {
    /// Which pictures lie in the folder of this file.
    List(PathBuf),
    /// Small versions of these, the most wanted first, and of no others that were wanted before.
    Want(Vec<PathBuf>),
}

/// What it tells.
pub enum Event {
    /// The pictures of a file's folder, in order; none if it cannot be read.
    Listed {
        /// The file.
        of: PathBuf,
        /// The pictures.
        files: Vec<PathBuf>,
    },
    /// A small picture, or why there is none.
    Made(PathBuf, Result<Arc<Image>, String>),
}

/// The worker.
#[derive(Default)]
pub struct Shelf {
    wanted: VecDeque<PathBuf>,
}

impl Work for Shelf {
    type Command = Command;
    type Event = Event;

    fn handle(&mut self, command: Command, context: &WorkerContext<Self>) {
        match command {
            Command::Want(files) => self.wanted = files.into(),
            Command::List(of) => {
                let files = image_io::pictures_beside(&of).unwrap_or_else(|error| {
                    tracing::info!("no pictures are listed: {error}");
                    Vec::new()
                });
                context.emit(Event::Listed { of, files });
            }
        }
    }

    fn go_on(&mut self, context: &WorkerContext<Self>) -> bool {
        let Some(file) = self.wanted.pop_front() else { return false };
        let made = image_io::thumbnail(&file, SIDE).map(|pixels| {
            let side = pixels.width.max(pixels.height);
            let level = (0..).take_while(|level| side >> (level + 1) >= SIDE).count() as u32;
            Arc::new(Image::shrunk(&pixels, level))
        });
        context.emit(Event::Made(file, made.map_err(|error| Error::from(error).to_string())));
        true
    }

    /// No job is ever in hand: a small picture that panics is one that does not come.
    fn failed(_: JobId, failure: Failure) -> Event {
        Event::Made(PathBuf::new(), Err(failure.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image_io::{EncodeOptions, Format, Metadata, encode},
        session::Worker,
        tensor::{Depth, Pixels},
    };
    use std::time::Duration;

    const SOON: Duration = Duration::from_secs(60);

    #[test]
    fn a_folder_is_listed_and_what_is_wanted_comes_small() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        for (name, width) in [("p2.png", 700), ("p10.png", 100)] {
            let pixels = Pixels::black(width, 50, 3, Depth::Eight).unwrap();
            encode(&pixels, &Metadata::default(), &file(name), &EncodeOptions::new(Format::Png)).unwrap();
        }
        let worker = Worker::start("shelf", Arc::new(|| {}), Shelf::default);
        worker.send(Command::List(file("p10.png"))).unwrap();
        let Some(Event::Listed { of, files }) = worker.wait(SOON) else { panic!("a list") };
        assert_eq!((of, files), (file("p10.png"), vec![file("p2.png"), file("p10.png")]));
        worker.send(Command::Want(vec![file("p2.png"), file("p10.png"), file("gone.png")])).unwrap();
        let made = || match worker.wait(SOON) {
            Some(Event::Made(file, made)) => (file, made.map(|image| (image.width, image.height))),
            _ => panic!("a small picture"),
        };
        assert_eq!(made(), (file("p2.png"), Ok((175, 13))));
        assert_eq!(made(), (file("p10.png"), Ok((100, 50))));
        assert!(matches!(made(), (_, Err(reason)) if reason.contains("gone.png")));
        worker.send(Command::List(folder.path().join("gone/x.png"))).unwrap();
        assert!(matches!(worker.wait(SOON), Some(Event::Listed { files, .. }) if files.is_empty()));
    }
}
