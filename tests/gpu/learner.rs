//! Whole training steps on the device against the host's optimiser, the goldens, and themselves after a stop.

use crate::{
    common::{compare::assert_close, gpu, models, numbers::Numbers},
    networks, training_pictures as pictures,
};
use addersr::{
    backend::{AdderGradient, Backend, Graph, Learner, Learnt, Optimiser, State, Update, cpu::Cpu, gpu::Gpu},
    nn::{Arch, ModelSpec, Params, Plan, PowerKind},
    tensor::{Shape, Tensor},
    train::{
        Settings, Trainer,
        checkpoint::{Checkpoint, Counters},
        contrast::local_contrast,
        dataset::Dataset,
        degrade::Degradation,
        ema,
        loss::mean_absolute,
        schedule::Schedule,
    },
};

fn start(params: Params, plan: &Plan) -> Learnt {
    Learnt { mean: params.clone(), params, optimiser: State::new(plan) }
}

fn learner(graph: &mut dyn Graph) -> &mut dyn Learner {
    graph.learner().expect("the fast kernel learns on the device")
}

/// As `three_steps_of_adam` of the goldens, with its bounds, and no parameter on the host in between.
fn three_golden_steps() {
    for scale in [2, 3, 4] {
        let (golden, plan) = networks::aedsr(scale);
        let (x, target) = (golden.picture("x"), golden.picture("target"));
        let (before, after) = (golden.params(&plan, "param."), golden.params(&plan, "after3."));
        let mut graph = gpu::engine().graph(&plan, x.shape, AdderGradient::FullPrecision);
        let device = learner(graph.as_mut());
        device.put(&start(before.clone(), &plan)).expect("a device");
        let update = Update {
            optimiser: Optimiser::Adam,
            rate: 1e-3,
            adder_rate: 1e-3,
            adaptive: true,
            keep: 0.5,
            contrast: 0.0,
        };
        let losses: Vec<f32> = (0..3)
            .map(|_| {
                let stepped = device.step(&x, &target, &update).expect("a device");
                assert!(stepped.finite);
                stepped.loss
            })
            .collect();
        assert_close(&format!("×{scale} losses"), &losses, golden.values("losses"), 1e-6);
        let learnt = device.fetch().expect("a device");
        assert_eq!(learnt.optimiser.steps, 3);
        networks::assert_after_three_steps(&plan, scale, &before, &learnt.params, &after);
    }
}

/// One step by either rule changes everything that it changes as the host's optimiser does with the same gradients.
fn one_step_equals_the_hosts() {
    let specs = [
        ModelSpec { power: PowerKind::Channel, ..ModelSpec::new(Arch::Aedsr, 2, 6, 1) },
        ModelSpec::new(Arch::Aedsr, 3, 9, 1),
        ModelSpec::new(Arch::Avdsr, 2, 5, 2),
        ModelSpec::new(Arch::Aedsr, 1, 8, 1).convolutional_twin(),
    ];
    for (seed, spec) in specs.into_iter().enumerate() {
        for (optimiser, adaptive) in [(Optimiser::Adam, false), (Optimiser::Sgd, true)] {
            let plan = spec.plan();
            let mut numbers = Numbers::new(seed as u64);
            let x = numbers.float_tensor(Shape::new(2, 7, 6, plan.channels_in()), 0.5);
            let scale = plan.scale();
            let target = numbers.float_tensor(Shape::new(2, 7 * scale, 6 * scale, plan.output().channels), 0.5);
            let settings =
                Settings { optimiser, adaptive, adder_rate: 3.0, ema: 0.75, contrast: 1.0, ..Settings::default() };
            let rate = 1e-3;
            let mut here = start(models::params(&plan, seed as u64), &plan);
            // A memory that is not empty.
            here.optimiser.first.values.iter_mut().for_each(|v| *v = numbers.floats(v.len(), 1e-3));
            here.optimiser.second.values.iter_mut().for_each(|v| v.fill(1e-4));
            here.optimiser.steps = 7;

            let mut graph = gpu::engine().graph(&plan, x.shape, AdderGradient::FullPrecision);
            let device = learner(graph.as_mut());
            device.put(&here).expect("a device");
            let keep = ema::share(settings.ema, 100);
            let update = addersr::train::optim::update(&settings, rate, keep);
            let stepped = device.step(&x, &target, &update).expect("a device");
            let there = device.fetch().expect("a device");

            // The same gradients, from the same device.
            graph.forward(&here.params, &x);
            let last = plan.nodes.len() - 1;
            let y = graph.value(last).expect("the last value is kept");
            let mut gradient = Tensor::zeros(y.shape);
            let loss = mean_absolute(&y, &target, 1.0, &mut gradient);
            local_contrast(&y, &target, settings.contrast, &mut gradient);
            let gradients = graph.backward(&here.params, vec![(last, gradient)]);
            here.optimiser.step(&plan, &mut here.params, &gradients, &settings, rate);
            ema::update(&mut here.mean, &here.params, settings.ema, 100);

            let case = |what: &str, i: usize| format!("{what} {} of {spec:?}, {optimiser:?}", plan.params[i].name);
            // A mean of some hundred values.
            assert_close("loss", &[stepped.loss], &[loss], 1e-6);
            assert!(stepped.finite);
            let of = |l: &Learnt| [&l.params, &l.mean, &l.optimiser.first, &l.optimiser.second].map(Params::clone);
            for (what, (a, e)) in ["value", "mean", "first", "second"].iter().zip(of(&there).iter().zip(&of(&here))) {
                for i in 0..plan.params.len() {
                    if e.values[i].iter().any(|&v| v != 0.0) {
                        // A handful of roundings each, division and square root to 2.5 units in the last place.
                        assert_close(&case(what, i), &a.values[i], &e.values[i], 2e-6);
                    } else {
                        assert!(a.values[i] == e.values[i], "{}", case(what, i));
                    }
                }
            }
            assert_eq!(there.optimiser.steps, here.optimiser.steps);
        }
    }
}

fn values_that_are_not_finite_are_reported() {
    let plan = ModelSpec::new(Arch::Aedsr, 2, 5, 1).plan();
    let mut graph = gpu::engine().graph(&plan, Shape::new(1, 6, 6, 3), AdderGradient::FullPrecision);
    let mut numbers = Numbers::new(3);
    let x = numbers.float_tensor(Shape::new(1, 6, 6, 3), 0.5);
    let target = numbers.float_tensor(Shape::new(1, 12, 12, 3), 0.5);
    let device = learner(graph.as_mut());
    let step = |device: &mut dyn Learner, params: Params, rate: f32| {
        device.put(&start(params, &plan)).expect("a device");
        let update =
            Update { optimiser: Optimiser::Adam, rate, adder_rate: rate, adaptive: false, keep: 0.5, contrast: 0.0 };
        device.step(&x, &target, &update).expect("a device").finite
    };
    let good = models::params(&plan, 1);
    assert!(step(device, good.clone(), 1e-3));
    assert!(!step(device, good.clone(), f32::INFINITY), "an infinite rate");
    let mut bad = good.clone();
    bad.values[0][0] = f32::NAN;
    assert!(!step(device, bad, 1e-3), "a weight that is no number");
    assert!(step(device, good, 1e-3), "and then all is well again");
}

fn settings(optimiser: Optimiser) -> Settings {
    Settings {
        batch: 2,
        patch: 8,
        optimiser,
        adaptive: optimiser == Optimiser::Sgd,
        rate: if optimiser == Optimiser::Sgd { 0.02 } else { 1e-3 },
        schedule: Schedule { warm_up: 3, ..Schedule::default() },
        contrast: 1.0,
        degradation: Degradation::Given,
        ..Settings::default()
    }
}

fn steps(trainer: &mut Trainer, data: &Dataset, from: u64, to: u64) -> Vec<f32> {
    (from..to).map(|s| trainer.step(data, s as f64 / 12.0).expect("a step").loss).collect()
}

/// Saves and loads a run, as a stop and a resumption do.
fn reloaded(trainer: &mut Trainer) -> Checkpoint {
    let (spec, settings) = (trainer.plan().spec, trainer.settings().clone());
    let saved = Checkpoint {
        spec,
        settings,
        progress: trainer.save_point().clone(),
        counters: Counters::default(),
        note: String::new(),
    };
    Checkpoint::from_bytes(&saved.to_bytes().expect("values fit")).expect("just written")
}

fn data(folder: &std::path::Path) -> Dataset {
    pictures::write_pairs(folder, 3, 20, 2);
    Dataset::load(&[folder.into()], &[], 2, 8, Degradation::Given).expect("pairs")
}

fn resumed_equals_uninterrupted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    for (optimiser, spec) in [
        (Optimiser::Adam, ModelSpec { power: PowerKind::Channel, ..ModelSpec::new(Arch::Aedsr, 2, 5, 1) }),
        (Optimiser::Sgd, ModelSpec::new(Arch::Avdsr, 2, 4, 2)),
    ] {
        let engine = gpu::engine();
        let fresh = || Trainer::new(&engine, &spec.plan(), None, settings(optimiser), None);
        let mut whole = fresh();
        let losses = steps(&mut whole, &data, 0, 9);
        let mut first = fresh();
        let mut again = steps(&mut first, &data, 0, 4);
        // Judging takes statistics with other weights on the same graph, and must not change the run.
        first.result(&data).expect("patches");
        let saved = reloaded(&mut first);
        let mut second = Trainer::resume(&engine, &saved.plan(), saved.progress, saved.settings, None);
        again.extend(steps(&mut second, &data, 4, 9));
        assert_eq!(again, losses);
        assert!(whole.progress() == second.progress(), "weights, running mean and optimiser");
    }
}

/// A run of the CPU's goes on on the device and the reverse, and ends where the other would have.
fn checkpoints_go_both_ways() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    let spec = ModelSpec::new(Arch::Aedsr, 2, 5, 1);
    let (engine, cpu) = (gpu::engine(), Cpu::new());
    let run = |first: &dyn Backend, second: &dyn Backend| {
        let mut trainer = Trainer::new(first, &spec.plan(), None, settings(Optimiser::Adam), None);
        steps(&mut trainer, &data, 0, 3);
        let saved = reloaded(&mut trainer);
        let mut trainer = Trainer::resume(second, &saved.plan(), saved.progress, saved.settings, None);
        let losses = steps(&mut trainer, &data, 3, 6);
        assert_eq!(trainer.progress().optimiser.steps, 6);
        losses
    };
    let expected = run(&cpu, &cpu);
    for losses in [run(&cpu, &engine), run(&engine, &cpu)] {
        // Six steps apart by rounding; Adam moves weights with almost no gradient by any part of the rate (see the goldens).
        assert_close("losses", &losses, &expected, 1e-3);
    }
}

/// Lost once, the run goes back to its last good state on a device opened anew and repeats its steps; lost twice, the CPU
/// takes them over.
fn a_lost_device_costs_steps_but_not_the_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = data(folder.path());
    let spec = ModelSpec::new(Arch::Aedsr, 2, 4, 1);
    let engine = Gpu::named(&gpu::adapter().expect("an adapter")).expect("a device");
    let mut trainer = Trainer::new(&engine, &spec.plan(), None, settings(Optimiser::Adam), None);
    let losses = steps(&mut trainer, &data, 0, 3);
    for faults in 1..=2 {
        engine.lose_device();
        let report = trainer.step(&data, 0.25).expect("no failure");
        assert!(report.restarted && report.step == 0, "{report:?}");
        assert_eq!(engine.faults(), faults);
        let again = steps(&mut trainer, &data, 0, 3);
        if faults == 1 {
            assert_eq!(again, losses);
        } else {
            // The CPU's, three steps of which stay close.
            assert_close("losses", &again, &losses, 1e-4);
        }
        assert_eq!(trainer.progress().rate_factor, 1.0, "no fault of the rate");
    }
}

tests!(
    three_golden_steps,
    one_step_equals_the_hosts,
    values_that_are_not_finite_are_reported,
    resumed_equals_uninterrupted,
    checkpoints_go_both_ways,
    a_lost_device_costs_steps_but_not_the_run,
);
