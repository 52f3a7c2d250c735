//! `addersr info MODEL`: layers, and what a picture costs: additions, multiplications, energy, beside the same network
//! with convolutions.

use super::text;
use crate::{
    error::Error,
    nn::{Cost, Plan},
    session::models,
    tensor::Size,
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write, process::ExitCode};

/// Shows a model.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A name from `addersr models`, or a .safetensors file
    #[arg(value_name = "MODEL")]
    model: String,
    /// Size of the enlarged picture that is counted for
    #[arg(long, value_name = "WxH", default_value = "1280x720", value_parser = size)]
    size: Size,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Columns and rows, written `1280x720`.
fn size(text: &str) -> Result<Size, String> {
    // No side above this: the counts of the largest network then still fit 64 bits.
    let side = |s: &str| s.trim().parse().ok().filter(|n| (1..=30_000).contains(n));
    let size = text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some(Size { width: side(w)?, height: side(h)? }));
    size.ok_or_else(|| "write it like 1280x720, with sides from 1 to 30000".to_owned())
}

#[derive(Serialize)]
struct Report {
    name: String,
    spec: crate::nn::ModelSpec,
    parameters: usize,
    /// Pixels around a pixel of the input that its enlargement depends on.
    receptive_radius: usize,
    output: Size,
    layers: Vec<Layer>,
    cost: Cost,
    /// The same network with convolutions instead of adder layers.
    cost_as_convolutions: Cost,
    card: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Layer {
    name: String,
    op: String,
    /// Rows, columns, channels.
    shape: [usize; 3],
    parameters: usize,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Error> {
    let (name, plan, card) = models::describe(&args.model)?;
    let report = report(name, &plan, card, args.size);
    if args.json {
        text::print_json(&report)?
    } else {
        text::print(&for_people(&report))?
    }
    Ok(ExitCode::SUCCESS)
}

fn report(name: String, plan: &Plan, card: BTreeMap<String, String>, output: Size) -> Report {
    // `avdsr` works at the large size, the others at the small one.
    let of = Size::new(output.width.div_ceil(plan.scale()), output.height.div_ceil(plan.scale()));
    let layers = plan
        .nodes
        .iter()
        .map(|n| Layer {
            name: n.name.clone(),
            op: n.op.to_string(),
            shape: [of.height * n.scale, of.width * n.scale, n.channels],
            parameters: n.params.iter().map(|&p| &plan.params[p]).filter(|p| p.kind.learnt()).map(|p| p.numel()).sum(),
        })
        .collect();
    Report {
        name,
        spec: plan.spec,
        parameters: plan.parameters(),
        receptive_radius: plan.halo(),
        output,
        layers,
        cost: plan.cost(of, false),
        cost_as_convolutions: plan.cost(of, true),
        card,
    }
}

fn for_people(r: &Report) -> String {
    let mut out = String::new();
    let spec = &r.spec;
    let (arch, depth) = (spec.arch, spec.arch.parts());
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}: {arch} ×{}, {} channels, {} {depth}, {} parameters, receptive radius {}\n",
        r.name,
        spec.scale,
        spec.channels,
        spec.depth,
        text::si(r.parameters as f64),
        r.receptive_radius
    );
    let _ = writeln!(out, "{:<20} {:<36} {:>18} {:>11}", "layer", "computes", "rows×cols×channels", "parameters");
    for l in &r.layers {
        let [h, w, c] = l.shape;
        let parameters = if l.parameters == 0 { String::new() } else { l.parameters.to_string() };
        let _ = writeln!(out, "{:<20} {:<36} {:>18} {parameters:>11}", l.name, l.op, format!("{h}×{w}×{c}"));
    }
    let Size { width, height } = r.output;
    let _ = writeln!(
        out,
        "\n{:<34} {:>12} {:>16} {:>10}",
        format!("for {width}×{height} pixels of output"),
        "additions",
        "multiplications",
        "energy"
    );
    for (name, cost) in [("this network", &r.cost), ("the same with convolutions", &r.cost_as_convolutions)] {
        let _ = writeln!(
            out,
            "{name:<34} {:>12} {:>16} {:>10}",
            text::si(cost.additions as f64),
            text::si(cost.multiplications as f64),
            format!("{}J", text::si(cost.joules))
        );
    }
    let _ = writeln!(
        out,
        "Energy of the arithmetic alone, 45 nm, 32-bit floats: {:.2} times less than with convolutions.",
        r.cost_as_convolutions.joules / r.cost.joules
    );
    if !r.card.is_empty() {
        out.push('\n');
    }
    for (key, value) in &r.card {
        let _ = writeln!(out, "{key}: {value}");
    }
    out
}
