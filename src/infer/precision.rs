//! In which arithmetic a model runs on a device: what was asked for, and what is used.

use super::InferError;
use crate::{
    backend::Backend,
    nn::{Model, Precision},
};
use std::sync::Arc;

/// The model as it is to be given to `backend`, so that it computes in the precision asked for.
///
/// # Errors
/// If 8 bits were asked for, and the model carries no 8-bit form or the device reads none.
pub fn at_precision(model: &Arc<Model>, wish: Precision, backend: &dyn Backend) -> Result<Arc<Model>, InferError> {
    match wish {
        Precision::Int8 if !model.plan.is_eight_bit() => Err(InferError::NoEightBit),
        Precision::Int8 if !backend.supports_int8() => Err(InferError::NoEightBitDevice(backend.name())),
        Precision::F32 if model.plan.is_eight_bit() => Ok(Arc::new(model.without_codes())),
        _ => Ok(Arc::clone(model)),
    }
}

/// What a model computes in on this device; never [`Precision::Auto`].
pub fn precision_of(model: &Model, backend: &dyn Backend) -> Precision {
    if model.plan.is_eight_bit() && backend.supports_int8() { Precision::Int8 } else { Precision::F32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::{AdderGradient, Graph, Network, cpu::Cpu, reference::Reference},
        nn::{Arch, ModelSpec, Params, Plan, QuantParams},
        tensor::Shape,
    };

    /// A device that knows only f32.
    struct Floats;
    impl Backend for Floats {
        fn name(&self) -> String {
            "floats".to_owned()
        }
        fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
            Reference.network(&plan.without_codes(), params)
        }
        fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
            Reference.graph(plan, batch, gradient)
        }
    }

    #[test]
    fn what_was_asked_for_is_used_or_refused() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let codes =
            plan.adder_inputs().into_iter().map(|i| (plan.nodes[i].name.clone(), QuantParams::of_range(-1.0, 1.0)));
        let eight = plan.clone().with_codes(&codes.collect()).unwrap();
        let model = |plan: Plan| Arc::new(Model { params: Params::zeros(&plan), plan, card: Default::default() });
        let (plain, eight) = (model(plan), model(eight));
        let used = |model: &Arc<Model>, wish, backend: &dyn Backend| {
            at_precision(model, wish, backend).map(|m| precision_of(&m, backend))
        };
        for (wish, on_cpu) in
            [(Precision::Auto, Precision::Int8), (Precision::F32, Precision::F32), (Precision::Int8, Precision::Int8)]
        {
            assert_eq!(used(&eight, wish, &Cpu::new()), Ok(on_cpu));
        }
        assert_eq!(used(&eight, Precision::Auto, &Floats), Ok(Precision::F32));
        assert_eq!(used(&plain, Precision::Auto, &Cpu::new()), Ok(Precision::F32));
        assert_eq!(used(&plain, Precision::Int8, &Cpu::new()), Err(InferError::NoEightBit));
        assert_eq!(used(&eight, Precision::Int8, &Floats), Err(InferError::NoEightBitDevice("floats".to_owned())));
    }
}
