//! Which nodes are computed together, and which values are kept for the backward pass.

use crate::nn::{Op, Plan};

/// Consecutive nodes: a window layer or a move of pixels alone, or a chain of pointwise nodes.
pub(super) type Group = Vec<usize>;

/// All nodes in order. A batch norm begins a chain, because it needs all of its input first.
pub(super) fn groups(plan: &Plan) -> Vec<Group> {
    plan.groups(|_, i| !matches!(plan.nodes[i].op, Op::BatchNorm { .. }) && plan.nodes[i - 1].op.is_pointwise())
}

/// Per node whether its value is kept: it ends a group, or something outside its chain reads it, or a backward rule does.
pub(super) fn kept(plan: &Plan, groups: &[Group]) -> Vec<bool> {
    let mut kept: Vec<bool> = plan.nodes.iter().map(|n| matches!(n.op, Op::Relu | Op::Power { .. })).collect();
    for group in groups {
        kept[group[group.len() - 1]] = true;
    }
    for (i, node) in plan.nodes.iter().enumerate() {
        for &input in &node.inputs {
            let chained = groups.iter().any(|g| g.contains(&i) && g.contains(&input)) && input + 1 == i;
            // The last block's output, which the long skip reads on in the same chain, is a block's output all the same.
            let block = matches!((node.op, plan.nodes[input].op), (Op::Add { .. }, Op::Add { .. }));
            if !chained || block || matches!(node.op, Op::Power { .. }) {
                kept[input] = true;
            }
        }
    }
    kept
}
