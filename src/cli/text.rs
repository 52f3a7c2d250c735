//! Numbers for people, and JSON for scripts.

use crate::error::Error;
use serde::Serialize;
use std::{io::Write, path::Path};

/// `612.6 G`, `1.23 T`, `987`: three or four digits and a power of a thousand.
pub(super) fn si(value: f64) -> String {
    const UNITS: &[(f64, &str)] =
        &[(1e15, " P"), (1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"), (1.0, ""), (1e-3, " m"), (1e-6, " µ")];
    match UNITS.iter().find(|(unit, _)| value.abs() >= *unit) {
        Some((unit, name)) if *unit == 1.0 && value.fract() == 0.0 => format!("{value}{name}"),
        Some((unit, name)) => format!("{:.1}{name}", value / unit),
        None => format!("{value}"),
    }
}

/// A path as text; where it is no UTF-8, with replacement characters.
pub(super) fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Writes a document and a line end to standard output.
///
/// # Errors
/// If standard output is closed.
pub(super) fn print_json(document: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(document).map_err(|e| Error::Output(e.into()))?;
    print(&format!("{text}\n"))
}

/// Writes text to standard output. Unlike `print!`, a closed pipe (`| head`) is no panic.
///
/// # Errors
/// If standard output is closed.
pub(super) fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_a_unit_that_fits() {
        for (value, text) in [
            (612.6e9, "612.6 G"),
            (1.5e12, "1.5 T"),
            (987.0, "987"),
            (2.75, "2.8"),
            (0.0, "0"),
            (0.0021, "2.1 m"),
            (31_000.0, "31.0 k"),
        ] {
            assert_eq!(si(value), text);
        }
    }
}
