//! Plain loops: the definition that every test compares with.
//!
//! One file per operation, each a wrapping of loops around the scalar formulas in [`nn::layers`](crate::nn::layers). It is
//! slow and stays slow; its only virtue is that a reader can check it against the papers line by line. It is itself
//! checked against vectors that PyTorch wrote in f64 (`tests/goldens`), and every other backend is checked against it
//! (`tests/operations`).

mod adder;
mod batch_norm;
pub(super) mod bicubic;
mod conv;
mod graph;
mod network;
mod operation;
mod pixel_shuffle;
mod pointwise;
mod power;
mod window;

use super::{AdderGradient, Backend, Graph, Network};
use crate::{
    nn::{Node, Op, Params, Plan},
    tensor::{Shape, Tensor},
};
use operation::Mode;

/// The backend of plain loops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference;

impl Backend for Reference {
    fn name(&self) -> String {
        "reference".to_owned()
    }

    fn supports_int8(&self) -> bool {
        true
    }

    fn network(&self, plan: &Plan, params: &Params) -> Box<dyn Network> {
        Box::new(network::ReferenceNetwork::new(plan, params))
    }

    fn graph(&self, plan: &Plan, batch: Shape, gradient: AdderGradient) -> Box<dyn Graph> {
        Box::new(graph::ReferenceGraph::new(plan, batch, gradient))
    }
}

/// Every node's value for one input.
fn values(plan: &Plan, params: &Params, input: &Tensor, mode: Mode) -> Vec<Tensor> {
    let mut values: Vec<Tensor> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let x: Vec<&Tensor> =
            if node.inputs.is_empty() { vec![input] } else { node.inputs.iter().map(|&i| &values[i]).collect() };
        let codes = node.inputs.first().and_then(|&i| plan.nodes[i].codes).filter(|_| mode == Mode::Evaluate);
        values.push(match (node.op, codes) {
            (Op::Adder { cout, k, .. }, Some(codes)) => {
                adder::forward_coded(x[0], params_of(node, params)[0], cout, k, codes)
            }
            _ => operation::forward(node.op, &x, &params_of(node, params), mode),
        });
    }
    values
}

/// What one operation hands back: gradients of its inputs and of its parameters, in the node's order.
struct Back {
    inputs: Vec<Tensor>,
    params: Vec<Vec<f32>>,
}

impl Back {
    /// Of an operation with a single input of shape `shape`; sums arrive in f64 and are rounded here, once.
    fn new(shape: Shape, of_x: Vec<f64>, params: Vec<Vec<f64>>) -> Self {
        let round = |values: Vec<f64>| values.into_iter().map(|v| v as f32).collect::<Vec<_>>();
        Self { inputs: vec![Tensor::from_vec(shape, round(of_x))], params: params.into_iter().map(round).collect() }
    }

    /// Of an operation without parameters.
    fn of_inputs(inputs: Vec<Tensor>) -> Self {
        Self { inputs, params: Vec::new() }
    }
}

/// The parameters that a node reads, in its order.
fn params_of<'a>(node: &Node, params: &'a Params) -> Vec<&'a [f32]> {
    node.params.iter().map(|&i| params.values[i].as_slice()).collect()
}
