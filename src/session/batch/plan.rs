//! What will be made of each picture, before anything is made: sizes from headers, names, and every reason that can be
//! known in advance why something will not work.

use super::{
    super::{
        models::{Catalogue, ModelRef},
        source::Source,
    },
    choose::{Chooser, Making},
    row::{BatchState, Planned, Row, Stamp},
    scan::Scanner,
    settings::{OnExists, Settings},
};
use crate::{
    error::Error,
    image_io::{self, Fields, Format, Header, Metadata, Template},
    infer::{Job, factor},
    tensor::Size,
};
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

/// Plans rows for one set of settings.
pub(super) struct Planner {
    chooser: Chooser,
    template: Template,
    /// Names that are given away.
    claimed: HashSet<PathBuf>,
    /// Whether pictures with alpha are opaque all the same.
    opaque: HashMap<(PathBuf, Option<Stamp>), bool>,
    /// What pictures are like that were looked at.
    found: HashMap<(PathBuf, Option<Stamp>), Source>,
    /// How fast each model is.
    speed: HashMap<ModelRef, Speed>,
}

/// What is known of a model's speed.
#[derive(Clone, Copy)]
enum Speed {
    /// Pixels of cost per second on a small square.
    Benchmarked(f64),
    /// Pixels and seconds of pictures that are done: what the next ones will take, decoding and tiles and all.
    Measured(f64, f64),
}

impl Planner {
    /// Nothing is planned yet; `template` is that of the settings, understood.
    pub(super) fn new(settings: Settings, template: Template, models: Catalogue) -> Self {
        let (claimed, opaque, found, speed) = Default::default();
        Self { chooser: Chooser::new(settings, models), template, claimed, opaque, found, speed }
    }

    /// Reads the picture's header and decides what will be made of it. What was planned before is forgotten.
    pub(super) fn plan(&mut self, row: &mut Row, sources: &Scanner) {
        self.release(row);
        (row.notes, row.seconds, row.found, row.kind) = Default::default();
        row.state = match self.decide(row, sources) {
            Ok(state) => state,
            Err(error) => BatchState::Refused(error.beside(&row.source)),
        };
    }

    /// The work on a row that is planned.
    pub(super) fn job_of(&self, row: &Row) -> Option<Result<Job, Error>> {
        let plan = row.plan.as_ref()?;
        Some(self.job(&plan.model, factor(row.input?, plan.size)))
    }

    /// Gives the row's name free.
    pub(super) fn release(&mut self, row: &mut Row) {
        let claimed = row.state == BatchState::Ready || row.state.is_active();
        if let Some(plan) = row.plan.take().filter(|_| claimed) {
            self.claimed.remove(&plan.out);
        }
    }

    /// A picture whose result is on the disk already: what was planned for it, without asking whether the name is free.
    pub(super) fn plan_done(&mut self, row: &mut Row, out: PathBuf, seconds: Option<f64>) {
        self.claimed.insert(out.clone());
        // Someone may have removed the original meanwhile: then the sizes stay unknown.
        row.plan = self.measure(row).ok().map(|(planned, _)| Planned { out, fresh: false, ..planned });
        row.notes.clear();
        (row.state, row.seconds) = (BatchState::Done, seconds);
    }

    fn decide(&mut self, row: &mut Row, sources: &Scanner) -> Result<BatchState, Error> {
        let (planned, header) = self.measure(row)?;
        if !row.named
            && let Some(origin) = sources.origin(&row.source, &self.template)
        {
            return Ok(BatchState::Skipped(format!(
                "by its name it is a result of {origin}, which is in the list too; name this file itself to enlarge it"
            )));
        }
        let renewed = row.renew.clone().filter(|old| self.may_renew(old, &planned.out, sources));
        let (out, skipped) = match renewed {
            Some(old) => {
                row.notes.push("the picture has changed since its result was made, so it is made again".to_owned());
                (old, None)
            }
            None => match self.free(&planned.out, sources)? {
                Name::Free(out) => (out, None),
                Name::Skip(reason) => (planned.out.clone(), Some(reason)),
            },
        };
        self.check_encodable(&row.source, &out, planned.size, &header)?;
        image_io::check_name(&out)?;
        let fresh = out.symlink_metadata().is_err();
        row.plan = Some(Planned { out: out.clone(), fresh, ..planned });
        Ok(match skipped {
            Some(reason) => BatchState::Skipped(reason),
            None => {
                self.claimed.insert(out);
                BatchState::Ready
            }
        })
    }

    /// Sizes, model and the name that is wanted.
    fn measure(&mut self, row: &mut Row) -> Result<(Planned, Header), Error> {
        let header = image_io::probe(&row.source)?;
        let from = header.size();
        row.input = Some(from);
        let making = self.making(row, from)?;
        let out = self.path(row, &making.fields(&row.source, row.number), header.format);
        row.notes.extend(making.note());
        let size = making.size();
        let cost = making.job.effort(from, size);
        let estimate = self.estimate(&making.model, cost);
        Ok((Planned { size, out, fresh: true, model: making.model, way: making.way, cost, estimate }, header))
    }

    fn path(&self, row: &Row, fields: &Fields<'_>, source: Format) -> PathBuf {
        let name = self.template.file_name(fields, self.chooser.settings.encoding(source, false).format);
        let folder = self.chooser.settings.out.as_ref().map(|out| out.join(&row.below));
        image_io::output_path(&row.source, folder.as_deref(), &name)
    }

    /// The name that a result gets, by the rule for taken ones.
    fn free(&self, wanted: &Path, sources: &Scanner) -> Result<Name, Error> {
        let rule = self.chooser.settings.on_exists;
        let read = sources.guard().is_source(wanted);
        let claimed = self.claimed.contains(wanted) || sources.guard().is_result(wanted);
        let exists = wanted.symlink_metadata().is_ok();
        if !read && !claimed && (!exists || rule == OnExists::Replace) {
            return Ok(Name::Free(wanted.to_owned()));
        }
        if rule == OnExists::Number {
            let free = |out: &PathBuf| !self.claimed.contains(out) && out.symlink_metadata().is_err();
            let numbered = (2..).map(|n| numbered(wanted, n)).find(free);
            return Ok(Name::Free(numbered.unwrap_or_else(|| wanted.to_owned())));
        }
        if read && rule == OnExists::Skip {
            return Ok(Name::Skip(format!("the name belongs to a picture of this list: {}", wanted.display())));
        }
        if read {
            return Err(image_io::Error::new(wanted, image_io::ErrorKind::SameFile).into());
        }
        if claimed {
            return Err(image_io::Error::new(wanted, image_io::ErrorKind::SameName).into());
        }
        Ok(Name::Skip(format!("the file exists already: {}", wanted.display())))
    }

    /// Whether the format can hold the result. Where it has no transparency and the picture has alpha, only its pixels tell
    /// whether that says anything: they are looked at, once.
    fn check_encodable(&mut self, source: &Path, out: &Path, size: Size, header: &Header) -> Result<(), Error> {
        let options = self.chooser.settings.encoding(header.format, false);
        let mut channels = header.channels;
        if header.channels.is_multiple_of(2) && (options.background.is_some() || !options.format.keeps_alpha()) {
            let opaque = options.background.is_some() || self.is_opaque(source)?;
            channels -= usize::from(opaque);
        }
        image_io::check_encodable(options.format, size, channels, header.depth)
            .map_err(|reason| image_io::Error::new(out, reason).into())
    }

    fn is_opaque(&mut self, source: &Path) -> Result<bool, Error> {
        let key = (source.to_owned(), Stamp::of(source));
        if let Some(known) = self.opaque.get(&key) {
            return Ok(*known);
        }
        let opaque = !image_io::decode(source)?.pixels.has_transparency();
        self.opaque.insert(key, opaque);
        Ok(opaque)
    }

    /// Whether a result of this batch may be replaced by a new one that is to be called `wanted`: if it is called so, or by
    /// the rule that numbers names.
    fn may_renew(&self, old: &Path, wanted: &Path, sources: &Scanner) -> bool {
        let numbers = (2..1000).map(|n| numbered(wanted, n));
        let called = old == wanted
            || self.chooser.settings.on_exists == OnExists::Number && numbers.into_iter().any(|n| n == old);
        called && !sources.guard().is_source(old) && !self.claimed.contains(old)
    }

    /// What will be made of a picture of that size. A kind that the row has already, from an earlier run, stays: its result
    /// is there.
    fn making(&mut self, row: &mut Row, from: Size) -> Result<Making, Error> {
        let Self { chooser, found, .. } = self;
        chooser.making(&row.source, from, None, |factor| {
            if let Some(kind) = row.kind {
                return Ok(kind);
            }
            let source = source(found, &row.source)?;
            row.found = Some(source);
            Ok(*row.kind.insert(source.kind(factor)))
        })
    }

    /// What the file of a result says.
    pub(super) fn metadata(&self, of: Metadata) -> Metadata {
        self.chooser.metadata(of, None)
    }

    /// The work on a picture that becomes `factor` times as large.
    pub(super) fn job(&self, model: &ModelRef, factor: f64) -> Result<Job, Error> {
        self.chooser.job(model, factor)
    }

    /// The models of these rows whose speed nobody has measured yet.
    pub(super) fn unmeasured<'a>(&self, rows: impl IntoIterator<Item = &'a Row>) -> Option<ModelRef> {
        let planned = rows.into_iter().filter(|row| row.state == BatchState::Ready).filter_map(|row| row.plan.as_ref());
        planned.map(|plan| &plan.model).find(|model| !self.speed.contains_key(*model)).cloned()
    }

    /// Notes a speed that was measured on a trial, in pixels of cost per second.
    pub(super) fn set_benchmark(&mut self, model: &ModelRef, speed: f64) {
        self.speed.insert(model.clone(), Speed::Benchmarked(speed));
    }

    /// Notes what a picture of the batch took. All of them together say what the others will take, and no try does any
    /// more.
    pub(super) fn record_run(&mut self, model: &ModelRef, cost: u64, seconds: f64) {
        let (pixels, before) = match self.speed.get(model) {
            Some(Speed::Measured(pixels, before)) => (*pixels, *before),
            _ => (0.0, 0.0),
        };
        self.speed.insert(model.clone(), Speed::Measured(pixels + cost as f64, before + seconds));
    }

    /// Takes over what another planner measured.
    pub(super) fn keep_speeds(&mut self, other: &Self) {
        self.speed.clone_from(&other.speed);
        self.opaque.clone_from(&other.opaque);
        self.found.clone_from(&other.found);
    }

    /// Seconds for so much cost.
    pub(super) fn estimate(&self, model: &ModelRef, cost: u64) -> Option<f64> {
        let speed = match *self.speed.get(model)? {
            Speed::Benchmarked(speed) => speed,
            Speed::Measured(pixels, seconds) => pixels / seconds.max(1e-9),
        };
        (speed > 0.0).then(|| cost as f64 / speed)
    }

    /// Forgets all speeds: another device computes.
    pub(super) fn forget_speeds(&mut self) {
        self.speed.clear();
    }

    /// Gives a name free.
    pub(super) fn unclaim(&mut self, out: &Path) {
        self.claimed.remove(out);
    }

    /// Marks a name as given away: that of a row which is not planned anew.
    pub(super) fn claim(&mut self, out: &Path) {
        self.claimed.insert(out.to_owned());
    }
}

/// What a picture is like: only its pixels tell, and they are looked at once.
fn source(found: &mut HashMap<(PathBuf, Option<Stamp>), Source>, file: &Path) -> Result<Source, Error> {
    let key = (file.to_owned(), Stamp::of(file));
    if let Some(known) = found.get(&key) {
        return Ok(*known);
    }
    let source = Source::of(&image_io::decode(file)?);
    Ok(*found.entry(key).or_insert(source))
}

enum Name {
    Free(PathBuf),
    Skip(String),
}

/// `photo_x2.png` to `photo_x2-3.png`.
fn numbered(path: &Path, n: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{n}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_are_done_say_what_the_others_will_take() {
        let mut planner = Planner::new(Settings::default(), Template::default(), Catalogue::default());
        let (model, other) = (ModelRef::Bundled("x2".into()), ModelRef::Bundled("x3".into()));
        assert_eq!(planner.estimate(&model, 1000), None);
        planner.set_benchmark(&model, 10.0);
        assert_eq!(planner.estimate(&model, 1000), Some(100.0));
        planner.record_run(&model, 1000, 20.0);
        assert_eq!(planner.estimate(&model, 1000), Some(20.0), "the try is forgotten");
        planner.record_run(&model, 3000, 20.0);
        assert_eq!(planner.estimate(&model, 1000), Some(10.0), "all of them together");
        planner.set_benchmark(&other, 0.0);
        assert_eq!(planner.estimate(&other, 1000), None, "no trial was possible");
    }
}
