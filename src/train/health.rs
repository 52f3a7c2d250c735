//! How the adder layers fare: what a person looks at when a run does not get better.
//!
//! A gradient near zero means that a layer does not learn; an α far from 1 bends its output strongly; a variance near zero
//! means that the layer gives the same for every input, a huge one that its sums run away.

use crate::{
    backend::Gradients,
    nn::{Model, ParamKind},
};

/// One adder layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its name, `body.0.1`.
    pub name: String,
    /// Root mean square of its weights' gradient in the last step; `None` before the first.
    pub gradient: Option<f64>,
    /// Mean exponent of its power activation, where it has one.
    pub alpha: Option<f64>,
    /// Mean over its channels of the variance of its sums, as the batch norm behind it sees them.
    pub variance: Option<f64>,
}

/// All adder layers of a model, in order.
pub fn layers(model: &Model, gradients: Option<&Gradients>) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for (i, (spec, values)) in model.plan.params.iter().zip(&model.params.values).enumerate() {
        let mean = || Some(values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len().max(1) as f64);
        match (spec.kind, layers.last_mut()) {
            (ParamKind::AdderWeight, _) => {
                let name = spec.name.trim_end_matches(".weight").trim_end_matches(".adder").to_owned();
                let gradient = gradients.map(|g| root_mean_square(&g.values[i]));
                layers.push(Layer { name, gradient, alpha: None, variance: None });
            }
            // What follows an adder layer in the plan, up to the next one, belongs to its unit.
            (ParamKind::RunningVar, Some(layer)) => layer.variance = mean(),
            (ParamKind::Alpha, Some(layer)) => layer.alpha = mean(),
            _ => {}
        }
    }
    layers
}

fn root_mean_square(values: &[f32]) -> f64 {
    (values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        nn::{Arch, ModelSpec, Params},
        train::{Settings, init::init},
    };

    #[test]
    fn every_adder_layer_is_there_with_its_own_numbers() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 2).plan();
        let mut params = init(&plan, &Settings::default());
        let mut gradients = Params::zeros(&plan);
        for (i, spec) in plan.params.iter().enumerate() {
            match spec.kind {
                ParamKind::Alpha => params.values[i].fill(1.5),
                ParamKind::RunningVar => params.values[i].fill(9.0),
                ParamKind::AdderWeight => gradients.values[i].fill(-2.0),
                _ => {}
            }
        }
        let model = Model { plan, params, card: Default::default() };
        let all = layers(&model, Some(&Gradients { values: gradients.values }));
        let names: Vec<&str> = all.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["body.0.0", "body.0.1", "body.1.0", "body.1.1"]);
        assert!(all.iter().all(|l| (l.gradient, l.alpha, l.variance) == (Some(2.0), Some(1.5), Some(9.0))), "{all:?}");
        assert_eq!(layers(&model, None)[0].gradient, None);
    }
}
