//! One piece of a photo as several models make it, to choose among them by looking.
//!
//! Only the piece is computed, with what the networks read around it: a small one takes a fraction of a second even of the
//! slow models, and is the same as that part of the whole result.

use super::{
    Failure, JobId, Shared, Work, WorkerContext,
    maker::Maker,
    open::Photo,
    view::{Image, ModelChoice, Resized},
};
use crate::{
    backend::Rect,
    error::Error,
    infer::{Enlarger, Job, Target, tiles::TileSize},
    tensor::{Pixels, resample::Filter},
};
use std::{collections::VecDeque, sync::Arc};

/// What is to be tried. Whatever of an earlier one is left is not made any more.
#[derive(Clone)]
pub struct Try {
    /// Its id.
    pub job: JobId,
    /// The photo.
    pub photo: Arc<Photo>,
    /// Size of the result.
    pub target: Target,
    /// Which piece of the result.
    pub piece: Rect,
    /// The ways to make it, in their order.
    pub looks: Vec<ModelChoice>,
}

/// A piece, or why there is none.
pub struct Tried {
    /// Of which [`Try`].
    pub job: JobId,
    /// Made like this; `None` if the whole [`Try`] failed.
    pub look: Option<ModelChoice>,
    /// The piece.
    pub made: Result<Arc<Image>, Failure>,
}

/// The worker.
pub struct Tries {
    shared: Shared,
    asked: Option<Try>,
    left: VecDeque<ModelChoice>,
}

impl Tries {
    /// Nothing is tried yet.
    pub fn new(shared: Shared) -> Self {
        Self { shared, asked: None, left: VecDeque::new() }
    }

    fn make(&self, asked: &Try, look: &ModelChoice) -> Result<Image, Error> {
        let (photo, piece) = (&asked.photo, asked.piece);
        let of = &photo.pixels;
        let size = asked.target.size(of.size()).map_err(|e| Error::infer(&photo.name, e))?;
        let failed = |e| Error::infer(&photo.name, e);
        let resized = |filter, pixels: &Pixels| {
            let part = Resized::new(filter, pixels, size).part(piece).map_err(|e| failed(e.into()))?;
            Ok(Image::shrunk(&part, 0))
        };
        let model = match look.maker(&self.shared.models, photo, size)? {
            Maker::Filter(filter) => return resized(filter, of),
            Maker::Picture(other) => return resized(Filter::Bicubic, &other),
            Maker::Network { model, .. } => model,
        };
        let job = Job { model, target: asked.target, tile: TileSize::Automatic, ensemble: false, strength: None };
        let device = self.shared.device()?;
        let part =
            Enlarger::new(of, &job, device.backend.as_ref()).map_err(failed)?.part(piece, None).map_err(failed)?;
        Ok(Image::shrunk(&part, 0))
    }
}

impl Work for Tries {
    type Command = Try;
    type Event = Tried;

    fn handle(&mut self, asked: Try, _context: &WorkerContext<Self>) {
        self.left = asked.looks.iter().cloned().collect();
        self.asked = Some(asked);
    }

    fn go_on(&mut self, context: &WorkerContext<Self>) -> bool {
        let (Some(asked), Some(look)) = (&self.asked, self.left.pop_front()) else { return false };
        context.set_current_job(Some(asked.job));
        let made = self.make(asked, &look).map(Arc::new).map_err(Failure::from);
        context.set_current_job(None);
        context.emit(Tried { job: asked.job, look: Some(look), made });
        true
    }

    fn failed(job: JobId, failure: Failure) -> Tried {
        Tried { job, look: None, made: Err(failure) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Size;
    use crate::{
        backend::Choice,
        infer::{self, CancelToken, Silent, bundled::KindChoice},
        session::{Worker, open},
        tensor::resample::{Filter, resize_pixels},
    };
    use std::time::Duration;

    const SOON: Duration = Duration::from_secs(120);

    #[test]
    fn pieces_are_what_the_whole_results_have_there_and_a_new_question_ends_an_old_one() {
        let shared = Shared::new(Choice::Cpu);
        let clone = shared.clone();
        let worker = Worker::start("tries", Arc::new(|| {}), move || Tries::new(clone.clone()));
        let photo = Arc::new(open::open(open::Origin::Sample).unwrap());
        let (target, piece) = (Target::Factor(2.0), Rect { y: 200, x: 300, h: 30, w: 40 });
        let fast = ModelChoice::Auto(KindChoice::Clean);
        let looks = vec![ModelChoice::Baseline(Filter::Bicubic), fast.clone(), ModelChoice::File("a.png".into())];
        let job = JobId::next();
        worker.send(Try { job, photo: photo.clone(), target, piece, looks: looks.clone() }).unwrap();
        let of = &photo.pixels;
        let bicubic = resize_pixels(Filter::Bicubic, of, of.size().times(2)).unwrap();
        let model = shared
            .models
            .get(&shared.models.for_photo(&photo, Size::new(960, 640), KindChoice::Clean).unwrap())
            .unwrap();
        let network = Job { model, target, tile: TileSize::Automatic, ensemble: false, strength: None };
        let backend = shared.device().unwrap().backend;
        let whole = infer::upscale(of, &network, backend.as_ref(), &mut Silent, &CancelToken::new()).unwrap();
        for (look, whole) in looks.iter().zip([bicubic, whole]) {
            let tried = worker.wait(SOON).unwrap();
            assert_eq!((tried.job, tried.look.as_ref()), (job, Some(look)));
            let expected = whole.crop(piece.y, piece.x, piece.h, piece.w).unwrap();
            assert_eq!(*tried.made.unwrap(), Image::shrunk(&expected, 0));
        }
        assert!(worker.wait(SOON).unwrap().made.is_err(), "a picture that cannot be read");
        // Of what was asked in a hurry only the last is made to its end.
        for _ in 0..5 {
            worker.send(Try { job: JobId::next(), photo: photo.clone(), target, piece, looks: looks.clone() }).unwrap();
        }
        let last = JobId::next();
        worker.send(Try { job: last, photo, target, piece, looks: vec![fast] }).unwrap();
        let mut before = 0;
        while worker.wait(SOON).unwrap().job != last {
            before += 1;
        }
        assert!(before < 5 * looks.len());
    }
}
