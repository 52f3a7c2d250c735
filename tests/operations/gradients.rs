//! Whole networks in training on every backend: kept values, batch statistics, and gradients from several places at once.

use crate::common::{backends, compare::assert_close, models, numbers::Numbers};
use addersr::{
    backend::{AdderGradient, Backend, reference::Reference},
    nn::{Arch, ModelSpec, Plan, PowerKind},
    tensor::Shape,
};

/// One of each kind of body, with channels off and on vector widths.
fn specs() -> Vec<ModelSpec> {
    let aedsr = |scale, channels| ModelSpec::new(Arch::Aedsr, scale, channels, 2);
    vec![
        aedsr(2, 16),
        ModelSpec { power: PowerKind::Channel, residual_scale: 0.3, ..aedsr(3, 12) },
        ModelSpec { power: PowerKind::None, self_shortcut: false, ..aedsr(4, 5) },
        aedsr(1, 20).convolutional_twin(),
        ModelSpec::new(Arch::Avdsr, 2, 9, 3),
    ]
}

fn of_whole_networks_from_the_output_and_from_within() {
    for (seed, spec) in specs().into_iter().enumerate() {
        let plan = spec.plan();
        let params = models::params(&plan, seed as u64);
        let mut numbers = Numbers::new(seed as u64 + 100);
        let input = numbers.float_tensor(Shape::new(2, 9, 13, plan.channels_in()), 0.5);
        let output = plan.nodes.len() - 1;
        let within = match spec.arch {
            Arch::Aedsr | Arch::Apsr => plan.find("body.0"),
            Arch::Avdsr => plan.find("body.0.power"),
        };
        let mut expected = Reference.graph(&plan, input.shape, AdderGradient::FullPrecision);
        expected.forward(&params, &input);
        let seeds: Vec<_> = [output, within.unwrap()]
            .map(|node| (node, numbers.float_tensor(expected.value(node).unwrap().shape, 1.0)))
            .to_vec();
        let gradients = expected.backward(&params, seeds.clone());
        for backend in &backends()[1..] {
            let mut graph = backend.graph(&plan, input.shape, AdderGradient::FullPrecision);
            // Twice, because buffers are kept from step to step.
            for round in 1..=2 {
                let case = |name: &str| format!("`{name}` of {spec:?}, {}, step {round}", backend.name());
                graph.forward(&params, &input);
                for (i, node) in plan.nodes.iter().enumerate() {
                    if let Some(value) = graph.value(i) {
                        // Sums of some hundred terms and a batch norm's division, a few layers deep.
                        assert_close(&case(&node.name), &value.data, &expected.value(i).unwrap().data, 2e-5);
                    }
                }
                let actual = graph.backward(&params, seeds.clone());
                for (i, spec) in plan.params.iter().enumerate() {
                    // Slopes near the power activation's floor enlarge the values' errors a hundredfold (see the goldens), layer by layer.
                    assert_close(&case(&spec.name), &actual.values[i], &gradients.values[i], 1e-3);
                }
            }
        }
    }
}

/// A loss that looks at an inner value only leaves what lies behind without gradients, but not without statistics.
fn statistics_are_reported_for_batch_norms_that_no_gradient_reaches() {
    let plan: Plan = ModelSpec::new(Arch::Avdsr, 2, 4, 2).plan();
    let params = models::params(&plan, 7);
    let mut numbers = Numbers::new(8);
    let input = numbers.float_tensor(Shape::new(1, 5, 6, 1), 1.0);
    let head = plan.find("head").unwrap();
    let seed = numbers.float_tensor(input.shape.with_channels(4), 1.0);
    let of = |backend: &dyn Backend| {
        let mut graph = backend.graph(&plan, input.shape, AdderGradient::FullPrecision);
        graph.forward(&params, &input);
        graph.backward(&params, vec![(head, seed.clone())])
    };
    let expected = of(&Reference);
    for backend in backends() {
        let actual = of(backend.as_ref());
        for (spec, (a, e)) in plan.params.iter().zip(actual.values.iter().zip(&expected.values)) {
            let statistic = !spec.kind.learnt();
            assert_eq!(e.iter().any(|&v| v != 0.0), statistic || spec.name.starts_with("head"), "{}", spec.name);
            // As above; the variance of an adder layer's sums.
            assert_close(&format!("{}, {}", spec.name, backend.name()), a, e, 2e-5);
        }
    }
}

tests!(
    of_whole_networks_from_the_output_and_from_within,
    statistics_are_reported_for_batch_norms_that_no_gradient_reaches
);
