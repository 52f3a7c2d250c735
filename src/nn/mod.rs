//! What a network is, as data: operations, the plan that orders them, parameters, and the models made of them.

pub mod op;
pub mod plan;

pub use op::Op;
