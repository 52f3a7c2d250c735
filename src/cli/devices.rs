//! `addersr devices`: what can compute on this machine, by the names that `--device` takes.

use super::text;
use crate::{
    backend::{
        Backend,
        cpu::Cpu,
        gpu::{AdapterInfo, AdapterKind, list},
    },
    error::Error,
};
use serde::Serialize;
use std::{fmt::Write, process::ExitCode};

/// Lists devices.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    /// What `--device auto` takes.
    auto: String,
    cpu: String,
    graphics: Vec<AdapterInfo>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Error> {
    let graphics = list();
    let best = graphics.iter().find(|g| g.kind != AdapterKind::Software);
    let auto = best.map_or_else(|| "cpu".to_owned(), |g| g.name.clone());
    let report = Report { auto, cpu: Cpu::new().name(), graphics };
    if args.json {
        text::print_json(&report)?;
    } else {
        text::print(&for_people(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn for_people(report: &Report) -> String {
    let mut out = format!("{:<40} {:<12} {}\n", "cpu", "processor", report.cpu);
    for g in &report.graphics {
        let kind = match g.kind {
            AdapterKind::Discrete => "card",
            AdapterKind::Integrated => "integrated",
            AdapterKind::Virtual => "virtual",
            AdapterKind::Other => "unknown",
            AdapterKind::Software => "software",
        };
        let halves = if g.half_floats { ", 16-bit floats" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{:<40} {kind:<12} {}, {}; buffers up to {}B, {} KiB per workgroup{halves}",
            g.name,
            g.interface,
            g.driver,
            text::si(g.largest_binding as f64),
            g.workgroup_memory / 1024,
        );
    }
    if report.graphics.is_empty() {
        out.push_str("no graphics device with compute kernels (Vulkan, Metal or DirectX 12)\n");
    }
    let _ = writeln!(out, "\n--device auto takes {}", report.auto);
    if report.graphics.iter().any(|g| g.kind == AdapterKind::Software) {
        out.push_str("A software device runs on the processor and is slower than cpu: for checking only.\n");
    }
    out
}
