//! `addersr models`: what ships with the program, and what it knows by name.

use super::text;
use crate::{
    error::Error,
    infer::bundled::BUNDLED,
    nn::{ModelSpec, models::REGISTRY},
};
use serde::Serialize;
use std::{fmt::Write, path::Path, process::ExitCode};

/// Lists models.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    name: String,
    /// Whether weights ship.
    bundled: bool,
    about: String,
    spec: ModelSpec,
    parameters: usize,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Error> {
    let mut list = Vec::new();
    for bundled in BUNDLED {
        let model =
            bundled.model().map_err(|source| Error::Weights { file: Path::new(bundled.name).to_owned(), source })?;
        // The card's first sentence after its title.
        let about = bundled.card.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'));
        list.push(Listed {
            name: bundled.name.to_owned(),
            bundled: true,
            about: about.unwrap_or_default().to_owned(),
            spec: model.plan.spec,
            parameters: model.plan.parameters(),
        });
    }
    for (name, about, spec) in REGISTRY {
        let parameters = spec.plan().parameters();
        list.push(Listed {
            name: (*name).to_owned(),
            bundled: false,
            about: (*about).to_owned(),
            spec: *spec,
            parameters,
        });
    }
    if args.json {
        text::print_json(&list)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    for (title, bundled) in [("Ready to use (--model NAME):", true), ("Known by name, to be trained:", false)] {
        let _ = writeln!(out, "{title}");
        let mut rows = list.iter().filter(|l| l.bundled == bundled).peekable();
        if rows.peek().is_none() {
            let _ = writeln!(out, "  none");
        }
        for l in rows {
            let parameters = text::si(l.parameters as f64);
            let _ = writeln!(out, "  {:<16} ×{}  {parameters:>8} parameters  {}", l.name, l.spec.scale, l.about);
        }
    }
    text::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
