//! What became of every picture, as a table for people (CSV) or for programs (JSON).

use super::row::{Counts, Row};
use crate::{error::Error, image_io::Target};
use serde::Serialize;
use std::{ffi::OsStr, path::Path};

#[derive(Serialize)]
struct Report<'a> {
    pictures: usize,
    done: usize,
    skipped: usize,
    failed: usize,
    not_made: usize,
    images: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: String,
    status: &'static str,
    out: Option<String>,
    width: Option<usize>,
    height: Option<usize>,
    out_width: Option<usize>,
    out_height: Option<usize>,
    model: Option<String>,
    source: Option<String>,
    seconds: Option<f64>,
    reason: Option<&'a str>,
    recovered: Option<f64>,
    notes: &'a [String],
}

impl<'a> Entry<'a> {
    fn of(row: &'a Row) -> Self {
        let plan = row.plan.as_ref();
        Self {
            file: row.source.to_string_lossy().into_owned(),
            status: row.state.word(),
            out: plan.map(|p| p.out.to_string_lossy().into_owned()),
            width: row.input.map(|size| size.width),
            height: row.input.map(|size| size.height),
            out_width: plan.map(|p| p.size.width),
            out_height: plan.map(|p| p.size.height),
            model: plan.map(|p| p.model.name()),
            source: row.source_words(),
            seconds: row.seconds,
            reason: row.state.reason(),
            recovered: row.recovered,
            notes: &row.notes,
        }
    }
}

/// Writes the report of these rows: JSON if the name ends like that, else CSV.
///
/// # Errors
/// If the file cannot be written.
pub fn write(rows: &[Row], target: &Target) -> Result<(), Error> {
    let path = target.path();
    let text = if is_json(path) { as_json(rows) } else { Ok(as_csv(rows)) };
    let text = text.map_err(|e| Error::Write { file: path.to_owned(), source: e.into() })?;
    Ok(target.write_bytes(text.as_bytes())?)
}

fn is_json(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// Whether a file begins as a report does: then a later one may take its place.
pub fn is_report(path: &Path) -> bool {
    let Ok(text) = std::fs::read(path) else { return false };
    if is_json(path) {
        serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|v| v.get("images").is_some_and(|i| i.is_array()))
    } else {
        text.starts_with(HEAD.as_bytes())
    }
}

/// The columns that every version of the report begins with.
const HEAD: &str = "file,status,out,width,height,out_width,out_height,model,seconds,reason,notes";

fn as_json(rows: &[Row]) -> serde_json::Result<String> {
    let Counts { all: pictures, to_do: not_made, done, skipped, failed } = Counts::of(rows);
    let images = rows.iter().map(Entry::of).collect();
    serde_json::to_string_pretty(&Report { pictures, done, skipped, failed, not_made, images }).map(|text| text + "\n")
}

fn as_csv(rows: &[Row]) -> String {
    let mut text = format!("{HEAD},recovered,source\n");
    let number = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
    for entry in rows.iter().map(Entry::of) {
        let cells = [
            entry.file,
            entry.status.to_owned(),
            entry.out.unwrap_or_default(),
            number(entry.width),
            number(entry.height),
            number(entry.out_width),
            number(entry.out_height),
            entry.model.unwrap_or_default(),
            entry.seconds.map(|s| format!("{s:.2}")).unwrap_or_default(),
            entry.reason.unwrap_or_default().to_owned(),
            entry.notes.join("; "),
            entry.recovered.map(|share| format!("{share:.3}")).unwrap_or_default(),
            entry.source.unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    text
}

/// A cell of RFC 4180.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{super::row::BatchState, *};

    #[test]
    fn names_with_commas_quotes_and_line_ends_stay_one_cell() {
        let mut row = Row::new(0, "a,\"b\"\n.png".into(), "".into(), 1);
        row.state = BatchState::Failed("the disk is full, sadly".to_owned());
        let csv = as_csv(&[row]);
        assert_eq!(
            csv.split_once('\n').unwrap().1,
            "\"a,\"\"b\"\"\n.png\",failed,,,,,,,,\"the disk is full, sadly\",,,\n"
        );
    }
}
