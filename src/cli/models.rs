//! `addersr models`: what ships with the program, and what it knows by name.

use super::text;
use crate::{
    error::Error,
    image_io::{DEFAULT_TEMPLATE, TEMPLATE_OF_SEVERAL},
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

/// Help of every `--model` that enlarges.
pub(super) const HELP: &str = "A name from `addersr models`, or a .safetensors file; several with commas between them each make a \
    result, with the model in its name [default: the one that ships for each picture's scale]";

/// The models that `--model` names, each once. A file whose name has a comma in it is one.
pub(super) fn named(text: Option<&str>) -> Vec<&str> {
    let Some(text) = text else { return Vec::new() };
    if Path::new(text).exists() {
        return vec![text];
    }
    let mut names: Vec<&str> = Vec::new();
    for name in text.split(',').map(str::trim) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The template for names of results where there are so many models: what was given, or the usual one.
///
/// # Errors
/// If the results of several models would have one name.
pub(super) fn template(given: Option<&str>, models: usize) -> Result<&str, Error> {
    match given {
        Some(template) if models > 1 && !template.contains("{model}") => Err(Error::Usage(format!(
            "{models} models make {models} results of each picture: put {{model}} into --template, or leave it out"
        ))),
        Some(template) => Ok(template),
        None if models > 1 => Ok(TEMPLATE_OF_SEVERAL),
        None => Ok(DEFAULT_TEMPLATE),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_models_are_named_with_commas_each_once_and_need_names_for_their_results() {
        assert_eq!(named(None), [""; 0]);
        assert_eq!(named(Some("x2")), ["x2"]);
        assert_eq!(named(Some("x2, x2-best,x2")), ["x2", "x2-best"]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a,b.safetensors");
        std::fs::write(&file, "").unwrap();
        assert_eq!(named(file.to_str()), [file.to_str().unwrap()]);
        assert_eq!(template(None, 1).unwrap(), DEFAULT_TEMPLATE);
        assert!(template(None, 2).unwrap().contains("{model}"));
        assert_eq!(template(Some("{n}"), 1).unwrap(), "{n}");
        assert_eq!(template(Some("{n}-{model}"), 2).unwrap(), "{n}-{model}");
        assert!(template(Some("{n}"), 2).unwrap_err().to_string().contains("{model}"));
    }
}
