//! Opening pictures away from the window: decoding a large photo takes seconds.

use super::{Failure, JobId, Work, WorkerContext, source::Source, view::Image};
use crate::{
    error::Error,
    image_io::{self, Metadata, Picture},
    tensor::{Pixels, Samples},
    train::rehearsal,
};
use std::{path::PathBuf, sync::Arc};

/// A picture that is open.
#[derive(Debug)]
pub struct Photo {
    /// Its file; `None` for one that was pasted or is the sample.
    pub path: Option<PathBuf>,
    /// What to call it.
    pub name: String,
    /// Upright pixels.
    pub pixels: Arc<Pixels>,
    /// What an export carries over.
    pub meta: Metadata,
    /// What people should know about the file.
    pub notes: Vec<String>,
    /// The picture, shrunk to a few hundred pixels: what is drawn before anything is computed.
    pub small: Arc<Image>,
    /// What it is like.
    pub source: Source,
}

/// Longest side of [`Photo::small`].
const SMALL: usize = 512;

impl Photo {
    /// With its small version made, and looked at.
    pub fn new(path: Option<PathBuf>, name: String, picture: (Pixels, Metadata, Vec<String>)) -> Self {
        let source = Source::of_pixels(&picture.0);
        Self::of_source(path, name, picture, source)
    }

    fn of_source(
        path: Option<PathBuf>,
        name: String,
        picture: (Pixels, Metadata, Vec<String>),
        source: Source,
    ) -> Self {
        let (pixels, meta, notes) = picture;
        let level = (0..).find(|level| pixels.width.max(pixels.height) >> level <= SMALL).unwrap_or(0);
        let small = Arc::new(Image::shrunk(&pixels, level));
        Self { path, name, pixels: Arc::new(pixels), meta, notes, small, source }
    }
}

/// Where a picture comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// The sample that ships with the program.
    Sample,
    /// Pixels from the clipboard: width, height, RGBA bytes.
    Pasted(usize, usize, Vec<u8>),
}

/// Which picture.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// This one.
    Given(Origin),
    /// The one so many places behind a file in its folder, or before it (`by` < 0).
    Neighbour {
        /// The file.
        of: PathBuf,
        /// How many places.
        by: isize,
    },
}

/// What the opener is asked.
pub struct Open {
    /// Its id.
    pub job: JobId,
    /// What to open.
    pub wanted: Wanted,
}

/// How opening ended.
pub struct Opened {
    /// The id it was asked under.
    pub job: JobId,
    /// The neighbour that was found, whether or not it can be read: those behind it are counted from it.
    pub neighbour: Option<PathBuf>,
    /// The photo; `None` where the folder ends.
    pub result: Result<Option<Arc<Photo>>, Failure>,
}

/// Decodes one picture after another.
#[derive(Default)]
pub struct Opener;

/// The photo that ships for a first try.
const SAMPLE: (&str, &[u8]) = rehearsal::SAMPLES[0];

impl Work for Opener {
    type Command = Open;
    type Event = Opened;

    fn handle(&mut self, Open { job, wanted }: Open, context: &WorkerContext<Self>) {
        context.set_current_job(Some(job));
        let (neighbour, photo) = match wanted {
            Wanted::Given(origin) => (None, open(origin).map(Some)),
            Wanted::Neighbour { of, by } => match image_io::neighbour(&of, by) {
                Ok(file) => (file.clone(), file.map(Origin::File).map(open).transpose()),
                Err(error) => (None, Err(error.into())),
            },
        };
        let result = photo.map(|photo| photo.map(Arc::new)).map_err(Failure::from);
        context.set_current_job(None);
        context.emit(Opened { job, neighbour, result });
    }

    fn failed(job: JobId, failure: Failure) -> Opened {
        Opened { job, neighbour: None, result: Err(failure) }
    }
}

/// Opens a picture on this thread.
///
/// # Errors
/// If it cannot be read.
pub fn open(origin: Origin) -> Result<Photo, Error> {
    let (path, name, picture) = match origin {
        Origin::File(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let picture = image_io::decode(&path)?;
            (Some(path), name, picture)
        }
        Origin::Sample => (None, SAMPLE.0.to_owned(), image_io::decode_bytes(SAMPLE.0.as_ref(), SAMPLE.1)?),
        Origin::Pasted(width, height, rgba) => return Ok(pasted(width, height, &rgba)),
    };
    let source = Source::of(&picture);
    let Picture { pixels, meta, notes, .. } = picture;
    Ok(Photo::of_source(path, name, (pixels, meta, notes), source))
}

/// Clipboards always give alpha; a picture without transparency does not keep it.
fn pasted(width: usize, height: usize, rgba: &[u8]) -> Photo {
    let opaque = rgba.chunks_exact(4).all(|p| p[3] == 255);
    let samples = if opaque { rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect() } else { rgba.to_vec() };
    let channels = if opaque { 3 } else { 4 };
    let pixels = Pixels { width, height, channels, samples: Samples::U8(samples) };
    Photo::new(None, "pasted".to_owned(), (pixels, Metadata::default(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Depth;

    #[test]
    fn the_sample_opens() {
        let photo = open(Origin::Sample).unwrap();
        assert!(photo.pixels.width > 100 && photo.path.is_none());
    }

    #[test]
    fn the_small_version_is_there_at_once_and_no_larger_than_it_has_to_be() {
        let of = |width, height| {
            Photo::new(
                None,
                String::new(),
                (Pixels::black(width, height, 3, Depth::Eight).unwrap(), Metadata::default(), Vec::new()),
            )
        };
        let size = |photo: Photo| (photo.small.width, photo.small.height);
        assert_eq!((size(of(512, 10)), size(of(513, 10)), size(of(1, 4000))), ((512, 10), (257, 5), (1, 500)));
    }

    #[test]
    fn what_is_pasted_keeps_only_transparency_that_shows() {
        let photo = open(Origin::Pasted(2, 1, vec![1, 2, 3, 255, 4, 5, 6, 255])).unwrap();
        assert_eq!(photo.pixels.channels, 3);
        let photo = open(Origin::Pasted(1, 1, vec![1, 2, 3, 9])).unwrap();
        assert_eq!(photo.pixels.channels, 4);
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(open(Origin::File("no/such.png".into())).unwrap_err().to_string().contains("no/such.png"));
    }
}
