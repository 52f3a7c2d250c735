//! What a network is, as data: operations, the plan that orders them, parameters, and the models made of them.

pub mod layers;
pub mod models;
pub mod op;
pub mod plan;
pub mod quantize;
pub mod weights;

pub use models::{Arch, ModelSpec, PowerKind, UnitKind};
pub use op::Op;
pub use plan::{Cost, Node, ParamKind, ParamSpec, Plan};
pub use quantize::{Precision, QuantParams};
pub use weights::{Model, Params, WeightsError};
