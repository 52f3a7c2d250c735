//! One step after another.

use super::{
    contrast::local_contrast,
    dataset::Dataset,
    ema,
    error::TrainError,
    init::init,
    loss::mean_absolute,
    optim::{self, State},
    patches::{self, Batch},
    settings::Settings,
    statistics,
};
use crate::{
    backend::{Backend, Gone, Gradients, Graph, Learnt, Network, Taps, Tile},
    nn::{Model, Params, Plan},
    tensor::{Shape, Tensor},
};

/// A network whose outputs the trained one imitates.
pub struct Teacher {
    plan: Plan,
    network: Box<dyn Network>,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// Steps taken so far, this one included.
    pub step: u64,
    /// Mean absolute difference to the truth.
    pub loss: f32,
    /// Learning rate of this step.
    pub rate: f32,
    /// Whether the run went back to its last good state: at half the rate, because values were not finite, or as it was,
    /// because a device was lost with all that it held.
    pub restarted: bool,
}

/// All that changes during a run, and what a checkpoint holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Steps taken.
    pub step: u64,
    /// Current parameters.
    pub params: Params,
    /// Their running mean.
    pub mean: Params,
    /// The optimiser's memory.
    pub optimiser: State,
    /// Factor of the rate: halved whenever the run had to go back.
    pub rate_factor: f32,
    /// How often in a row it had to.
    pub restarts: u32,
}

/// Batches over which the statistics of batch norm are taken.
const STATISTICS_BATCHES: u64 = 24;
/// Steps between copies of the state to which a run goes back.
const COPY_EVERY: u64 = 100;
/// Restarts in a row after which a run gives up.
const MOST_RESTARTS: u32 = 8;

/// A training run.
pub struct Trainer {
    plan: Plan,
    settings: Settings,
    graph: Box<dyn Graph>,
    teacher: Option<Teacher>,
    progress: Progress,
    good: Progress,
    gradients: Option<Gradients>,
    place: Place,
    /// The batch of a later step, drawn while a device computed.
    ahead: Option<(u64, Batch)>,
}

/// Where the newest values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Here only.
    Here,
    /// Here and where the graph computes.
    Both,
    /// Where the graph computes; here, only the counters are up to date.
    There,
}

impl Teacher {
    /// A model that teaches, on this backend.
    pub fn new(backend: &dyn Backend, model: &Model) -> Self {
        // A target is as exact as can be had.
        let plan = model.plan.without_codes();
        Self { network: backend.network(&plan, &model.params), plan }
    }

    /// Its output and the values of some of its nodes for a batch.
    fn teach(&mut self, input: &Tensor, nodes: &[usize]) -> (Tensor, Vec<Tensor>) {
        let Shape { n, h, w, c } = input.shape;
        let mut outputs = Vec::new();
        let mut values: Vec<Vec<Tensor>> = vec![Vec::new(); nodes.len()];
        for i in 0..n {
            let picture = &input.data[i * h * w * c..(i + 1) * h * w * c];
            let picture = Tensor::from_vec(Shape::new(1, h, w, c), picture.to_vec());
            let mut taps = Taps::of(nodes.iter().copied());
            let tile = Tile::whole(input.shape.size());
            outputs.push(self.network.run(&picture, &tile, &mut taps));
            for (values, (_, tapped)) in values.iter_mut().zip(taps.wanted) {
                values.extend(tapped);
            }
        }
        (patches::stack(&outputs), values.iter().map(|v| patches::stack(v)).collect())
    }
}

impl Trainer {
    /// A run that starts from the given weights, or from fresh ones.
    pub fn new(
        backend: &dyn Backend,
        plan: &Plan,
        start: Option<Params>,
        settings: Settings,
        teacher: Option<Teacher>,
    ) -> Self {
        let params = start.unwrap_or_else(|| init(plan, &settings));
        let progress = Progress {
            step: 0,
            mean: params.clone(),
            params,
            optimiser: State::new(plan),
            rate_factor: 1.0,
            restarts: 0,
        };
        Self::resume(backend, plan, progress, settings, teacher)
    }

    /// A run that goes on from a checkpoint.
    pub fn resume(
        backend: &dyn Backend,
        plan: &Plan,
        progress: Progress,
        settings: Settings,
        teacher: Option<Teacher>,
    ) -> Self {
        let batch = patches::input_shape(plan.spec.arch, plan.spec.scale, &settings);
        let graph = backend.graph(plan, batch, settings.gradient);
        Self {
            plan: plan.clone(),
            settings,
            graph,
            teacher,
            good: progress.clone(),
            progress,
            gradients: None,
            place: Place::Here,
            ahead: None,
        }
    }

    /// The network.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The options.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.progress.step
    }

    /// Where the run is. Taking it for a checkpoint also makes it the state to which the run would go back, so that a
    /// resumed run does the same as this one.
    pub fn save_point(&mut self) -> &Progress {
        self.fetch();
        self.good.clone_from(&self.progress);
        &self.progress
    }

    /// Where the run is. Brings the values here if they are on a device: [`steps`](Self::steps) is cheaper.
    pub fn progress(&mut self) -> &Progress {
        self.fetch();
        &self.progress
    }

    /// Gradients of the last step, once there is one. None where steps stay on a device: they are not fetched.
    pub fn gradients(&self) -> Option<&Gradients> {
        self.gradients.as_ref()
    }

    /// Brings the newest values here. If they are lost with their device, those of the last good state.
    fn fetch(&mut self) {
        if self.place != Place::There {
            return;
        }
        match self.graph.learner().map(|learner| learner.fetch()) {
            Some(Ok(Learnt { params, mean, optimiser })) => {
                let progress = &mut self.progress;
                (progress.params, progress.mean, progress.optimiser) = (params, mean, optimiser);
                self.place = Place::Both;
            }
            Some(Err(Gone)) | None => self.go_back(),
        }
    }

    fn go_back(&mut self) {
        self.progress.clone_from(&self.good);
        self.place = Place::Here;
    }

    /// The weights to judge and to ship: the running mean, with the batch norm statistics that belong to it. Does not
    /// change the run.
    ///
    /// # Errors
    /// If a patch cannot be made.
    pub fn result(&mut self, data: &Dataset) -> Result<Params, TrainError> {
        let mut params = self.progress().mean.clone();
        let (plan, settings) = (&self.plan, &self.settings);
        // The same patches every time, and none that a step ever draws.
        let steps = (0..STATISTICS_BATCHES).map(|i| (1 << 40) + i);
        let batches = steps.map(|step| Ok::<_, TrainError>(patches::draw(data, plan.spec.arch, settings, step)?.input));
        statistics::refresh(self.graph.as_mut(), plan, &mut params, batches)?;
        Ok(params)
    }

    /// Does one step. `share` of the run is behind it, between 0 and 1. All steps of a run draw from the same `data`.
    ///
    /// # Errors
    /// If a patch cannot be made, or the run diverges however often the rate is halved.
    pub fn step(&mut self, data: &Dataset, share: f64) -> Result<StepReport, TrainError> {
        if self.progress.step.is_multiple_of(COPY_EVERY) {
            self.save_point();
        }
        let at = self.progress.step;
        let settings = &self.settings;
        let batch = match self.ahead.take() {
            Some((step, batch)) if step == at => batch,
            _ => patches::draw(data, self.plan.spec.arch, settings, at)?,
        };
        let rate = settings.rate * settings.schedule.factor(at, share) * self.progress.rate_factor;
        let (loss, finite) = match self.step_there(&batch, rate, data) {
            Some(Ok(stepped)) => stepped,
            Some(Err(Gone)) => {
                self.go_back();
                return Ok(StepReport { step: self.progress.step, loss: f32::NAN, rate, restarted: true });
            }
            None => self.step_here(&batch, rate),
        };
        let state = &mut self.progress;
        state.step += 1;
        if finite {
            if state.step >= self.good.step + COPY_EVERY {
                state.restarts = 0;
            }
            return Ok(StepReport { step: state.step, loss, rate, restarted: false });
        }
        self.good.rate_factor *= 0.5;
        self.good.restarts += 1;
        self.go_back();
        if self.good.restarts > MOST_RESTARTS {
            return Err(TrainError::Diverged(self.good.restarts));
        }
        Ok(StepReport { step: self.progress.step, loss, rate, restarted: true })
    }

    /// The step where the graph computes, if it offers that. A teacher's gradients are formed here, so with one it is not
    /// asked. The processor, which has nothing to do then, draws the next batch.
    fn step_there(&mut self, batch: &Batch, rate: f32, data: &Dataset) -> Option<Result<(f32, bool), Gone>> {
        if self.teacher.is_some() {
            return None;
        }
        let Some(learner) = self.graph.learner() else {
            // Nothing on a device, or nothing any more.
            return (self.place == Place::There).then_some(Err(Gone));
        };
        let progress = &self.progress;
        if self.place == Place::Here {
            let (params, mean) = (progress.params.clone(), progress.mean.clone());
            let values = Learnt { params, mean, optimiser: progress.optimiser.clone() };
            if learner.put(&values).is_err() {
                return Some(Err(Gone));
            }
        }
        self.place = Place::There;
        let keep = ema::share(self.settings.ema, progress.step);
        let update = optim::update(&self.settings, rate, keep);
        let (arch, settings, next) = (self.plan.spec.arch, &self.settings, progress.step + 1);
        let mut drawn = None;
        // On the threads of whoever trains: a window's training has some of its own.
        let stepped = rayon::in_place_scope(|scope| {
            scope.spawn(|_| drawn = patches::draw(data, arch, settings, next).ok());
            learner.step(&batch.input, &batch.target, &update)
        });
        // What failed is tried again, and reported, when its step comes.
        self.ahead = drawn.map(|batch| (next, batch));
        Some(stepped.map(|stepped| (stepped.loss, stepped.finite)))
    }

    /// The step by the graph's gradients and the optimiser here: loss, and whether all is finite.
    fn step_here(&mut self, batch: &Batch, rate: f32) -> (f32, bool) {
        let (loss, gradients) = self.compute(batch);
        let state = &mut self.progress;
        state.optimiser.step(&self.plan, &mut state.params, &gradients, &self.settings, rate);
        ema::update(&mut state.mean, &state.params, self.settings.ema, state.step);
        self.gradients = Some(gradients);
        (loss, loss.is_finite() && state.params.values.iter().flatten().all(|v| v.is_finite()))
    }

    fn compute(&mut self, batch: &Batch) -> (f32, Gradients) {
        let settings = &self.settings;
        self.graph.forward(&self.progress.params, &batch.input);
        let last = self.plan.nodes.len() - 1;
        let output = self.value(last);
        let mut seed = Tensor::zeros(output.shape);
        let loss = mean_absolute(&output, &batch.target, 1.0, &mut seed);
        if settings.contrast > 0.0 {
            local_contrast(&output, &batch.target, settings.contrast, &mut seed);
        }
        let mut seeds = Vec::new();
        if let Some(teacher) = &mut self.teacher {
            let named = |plan: &Plan, b: usize| plan.find(&format!("body.{b}"));
            let blocks = if settings.distill_features > 0.0 { self.plan.spec.depth } else { 0 };
            let both = |b| Some((named(&self.plan, b)?, named(&teacher.plan, b)?));
            let (nodes, taught_nodes): (Vec<usize>, Vec<usize>) = (0..blocks).filter_map(both).unzip();
            let (taught, features) = teacher.teach(&batch.input, &taught_nodes);
            mean_absolute(&output, &taught, settings.distill_output, &mut seed);
            let weight = settings.distill_features / nodes.len().max(1) as f32;
            for (node, feature) in nodes.into_iter().zip(&features) {
                let value = self.graph.value(node).unwrap_or_else(|| unreachable!("block outputs are kept"));
                let mut gradient = Tensor::zeros(value.shape);
                mean_absolute(&value, feature, weight, &mut gradient);
                seeds.push((node, gradient));
            }
        }
        seeds.push((last, seed));
        (loss, self.graph.backward(&self.progress.params, seeds))
    }

    fn value(&self, node: usize) -> Tensor {
        match self.graph.value(node) {
            Some(value) => value,
            None => unreachable!("a graph keeps its last value"),
        }
    }
}
