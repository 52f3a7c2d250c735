//! The statistics of batch norm that belong to given weights.
//!
//! While a run's rate is high, the running statistics are of little use: adder weights move far in each step, the mean of a
//! sum of hundreds of distances moves with them, and an average over the last ten steps describes no network that ever
//! was. (Measured in the middle of a run: 6 dB with the running statistics, 36.8 dB with those below, same weights.) So
//! before weights are judged or saved, they are run over some batches and get the statistics of exactly these weights.

use crate::{
    backend::Graph,
    nn::{ParamKind, Params, Plan},
    tensor::Tensor,
};

/// Sets the running statistics to the mean and variance over all these batches together. Learnt values stay.
///
/// # Errors
/// If a batch cannot be made.
pub fn refresh<E>(
    graph: &mut dyn Graph,
    plan: &Plan,
    params: &mut Params,
    batches: impl Iterator<Item = Result<Tensor, E>>,
) -> Result<(), E> {
    let mut sums: Vec<Vec<f64>> = plan.params.iter().map(|p| vec![0.0; p.numel()]).collect();
    let mut count = 0.0;
    for batch in batches {
        graph.forward(params, &batch?);
        // Without seeds, a backward pass reports nothing but the batch's statistics.
        let reported = graph.backward(params, Vec::new()).values;
        count += 1.0;
        for (i, spec) in plan.params.iter().enumerate() {
            match spec.kind {
                ParamKind::RunningMean => add(&mut sums[i], &reported[i], |_, m| m),
                // E[x²] of this batch; a batch norm's variance follows its mean in the plan.
                ParamKind::RunningVar => {
                    add(&mut sums[i], &reported[i], |c, v| v + f64::from(reported[i - 1][c]).powi(2))
                }
                _ => {}
            }
        }
    }
    if count == 0.0 {
        return Ok(());
    }
    let mean = |i: usize, c: usize| sums[i][c] / count;
    for (i, spec) in plan.params.iter().enumerate() {
        for (c, value) in params.values[i].iter_mut().enumerate() {
            *value = match spec.kind {
                ParamKind::RunningMean => mean(i, c) as f32,
                ParamKind::RunningVar => (mean(i, c) - mean(i - 1, c).powi(2)).max(0.0) as f32,
                _ => continue,
            };
        }
    }
    Ok(())
}

fn add(sums: &mut [f64], values: &[f32], term: impl Fn(usize, f64) -> f64) {
    for (c, (sum, &value)) in sums.iter_mut().zip(values).enumerate() {
        *sum += term(c, f64::from(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::{AdderGradient, Backend, reference::Reference},
        nn::{Arch, ModelSpec, Op},
        tensor::Shape,
    };

    #[test]
    fn mean_and_variance_are_those_of_all_batches_together() {
        let mut plan = Plan::new(ModelSpec::new(Arch::Aedsr, 1, 1, 1));
        let input = plan.push("input", Op::Input { channels: 1 }, &[], "");
        plan.push("bn", Op::BatchNorm { channels: 1 }, &[input], "bn");
        let mut params = Params { values: vec![vec![2.0], vec![3.0], vec![7.0], vec![7.0]] };
        let shape = Shape::new(1, 200, 5, 1);
        let mut graph = Reference.graph(&plan, shape, AdderGradient::FullPrecision);
        // Half of the values are 1 and 5 by turns, the other half 3 and 11: mean 5, variance of all 14.
        let batch = |a: f32, b: f32| Tensor::from_vec(shape, [a, b].repeat(500));
        let batches = [batch(1.0, 5.0), batch(3.0, 11.0)].map(Ok::<_, ()>);
        refresh(graph.as_mut(), &plan, &mut params, batches.into_iter()).unwrap();
        assert_eq!((params.values[0][0], params.values[1][0], params.values[2][0]), (2.0, 3.0, 5.0));
        assert!((params.values[3][0] - 14.0).abs() < 0.02, "{}", params.values[3][0]);
    }
}
