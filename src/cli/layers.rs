//! `addersr layers`: what the layers of a network see in a photo, as pictures.
//!
//! Per layer: a contact sheet of all channels (8 bits), every channel on its own (16 bits), and a JSON file with the
//! values that black and white stand for, so that numbers can be had back from the pictures. Each channel has a grey scale
//! of its own, from its smallest to its largest value; where values have both signs it is symmetric and zero is mid-grey. A
//! power activation is saved together with its input: what it does is only to be seen beside it.

use super::{
    Context,
    bar::Bar,
    device::{self, Device},
    precision,
    region::Region,
    text,
};
use crate::{
    backend::Rect,
    error::Error,
    image_io::{self, Guard},
    infer::{bundled::Kind, taps},
    nn::{Op, Plan},
    session::{
        layers::{export, source::groups},
        models,
    },
};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Saves feature maps.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  addersr layers photo.jpg --layer list
  addersr layers photo.jpg --layer body.0.1.power --region 400,300,128x128 --out maps
  addersr layers photo.jpg --layer all --out maps")]
pub(super) struct Args {
    /// The photo
    #[arg(value_name = "PHOTO")]
    photo: PathBuf,
    /// A layer by name, `all`, or `list` to see the names
    #[arg(long, value_name = "NAME|all|list")]
    layer: String,
    /// Folder to write into; it is made if need be
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A name from `addersr models`, or a .safetensors file [default: the ×2 model that ships]
    #[arg(long, value_name = "NAME|FILE")]
    model: Option<String>,
    /// Only this part of the photo: column, row, and size in pixels [default: all of it]
    #[arg(long, value_name = "X,Y,WxH")]
    region: Option<Region>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
    #[arg(long, value_name = "NAME", default_value_t, help = device::HELP)]
    device: Device,
    #[arg(long, value_enum, default_value_t, help = precision::HELP)]
    precision: precision::Wish,
    /// Print what was written as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Output {
    photo: String,
    model: String,
    layers: Vec<export::Saved>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode, Error> {
    let named = match &args.model {
        Some(name) => models::load(name)?,
        None => models::for_factor(2.0, Kind::Clean)?,
    };
    let plan = &named.model.plan;
    if args.layer == "list" {
        return list(plan, args.json);
    }
    let nodes = wanted(plan, &args.layer)?;
    let out = args.out.as_deref().ok_or_else(|| Error::Usage("say where to write with --out DIR".to_owned()))?;
    let guard = Guard::new(std::iter::once(args.photo.as_path()).chain(args.model.as_deref().map(Path::new)));
    for file in nodes.iter().flat_map(|&n| export::paths(out, &plan.nodes[n])) {
        guard.check(&file, args.overwrite)?;
    }
    let pixels = image_io::decode(&args.photo)?.pixels;
    let region = args.region.map_or(Rect::whole(pixels.size()), |r| r.0);
    let backend = args.device.backend(context.threads)?;
    let named = args.precision.apply(named, backend.as_ref())?;
    let plan = &named.model.plan;
    let mut written = Output { photo: text::lossy(&args.photo), model: named.name.clone(), layers: Vec::new() };
    for group in groups(&named.model, nodes, region, taps::BUDGET) {
        let mut bar = Bar::new("layers");
        let maps =
            taps::feature_maps(&pixels, &named.model, region, &group, backend.as_ref(), &mut bar, &context.cancel)
                .map_err(|e| Error::infer(&args.photo, e))?;
        drop(bar);
        for (node, values) in group.into_iter().zip(maps) {
            if context.cancel.is_cancelled() {
                return Err(Error::Interrupted);
            }
            written.layers.push(export::save(&guard, out, args.overwrite, plan, node, &values, region)?);
        }
    }
    if args.json {
        text::print_json(&written)?;
    } else {
        let lines = written.layers.iter().map(|l| format!("{}: {} channels\n", l.sheet, l.channels.len()));
        text::print(&lines.collect::<String>())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(plan: &Plan, json: bool) -> Result<ExitCode, Error> {
    let names: Vec<&str> = plan.nodes.iter().map(|n| n.name.as_str()).collect();
    if json {
        text::print_json(&names)?
    } else {
        text::print(&format!("{}\n", names.join("\n")))?
    }
    Ok(ExitCode::SUCCESS)
}

/// The nodes that a `--layer` means, in order of execution; a power activation brings its input.
fn wanted(plan: &Plan, layer: &str) -> Result<BTreeSet<usize>, Error> {
    if layer == "all" {
        return Ok((0..plan.nodes.len()).collect());
    }
    let node = plan.find(layer).ok_or_else(|| {
        // The names that start alike, or end alike, are what was meant more often than not.
        let alike = |n: &str| n.starts_with(layer) || n.ends_with(layer.rsplit('.').next().unwrap_or(layer));
        let names: Vec<&str> = plan.nodes.iter().map(|n| n.name.as_str()).filter(|n| alike(n)).take(8).collect();
        let hint = if names.is_empty() { String::new() } else { format!(", for instance {}", names.join(", ")) };
        Error::Usage(format!("the network has no layer `{layer}`; `--layer list` shows the names{hint}"))
    })?;
    let mut nodes = BTreeSet::from([node]);
    if let Op::Power { .. } = plan.nodes[node].op {
        nodes.extend(&plan.nodes[node].inputs);
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Arch, ModelSpec};

    #[test]
    fn a_power_activation_brings_its_input() {
        let plan = ModelSpec::new(Arch::Aedsr, 2, 4, 1).plan();
        let names =
            |layer| wanted(&plan, layer).unwrap().into_iter().map(|n| plan.nodes[n].name.clone()).collect::<Vec<_>>();
        assert_eq!(names("body.0.0.power"), ["body.0.0.relu", "body.0.0.power"]);
        assert_eq!(names("body.0.1.power"), ["body.0.1.shortcut", "body.0.1.power"]);
        assert_eq!(names("head"), ["head"]);
        assert_eq!(names("all").len(), plan.nodes.len());
        let message = wanted(&plan, "body.9.0.power").unwrap_err().to_string();
        assert!(message.contains("body.9.0.power") && message.contains("body.0.0.power"), "{message}");
    }
}
