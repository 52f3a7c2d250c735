//! What is said on the terminal: words and numbers for people, JSON for scripts.

use crate::error::Error;
pub(super) use crate::session::numbers::si;
use serde::Serialize;
use std::{borrow::Cow, io::Write, path::Path, str::FromStr};

/// Prints a line on standard error, as `eprintln!` does, without what a file's name might do to the terminal.
macro_rules! tell {
    ($($arg:tt)*) => { $crate::cli::text::line(&format!($($arg)*)) };
}
pub(super) use tell;

/// One line on standard error. A closed standard error is no reason to stop.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain(text, false));
}

/// Text as a terminal may show it: control characters, and those that turn the direction of writing, are spelt out. Names
/// of files may hold them, and could hide or forge what stands beside them. `lines`: line ends are meant.
fn plain(text: &str, lines: bool) -> Cow<'_, str> {
    let bad = |c: char| {
        c.is_control() && !(lines && c == '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let spelt = |c: char| if bad(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(spelt).collect())
}

/// A path for people: in one line, whatever it holds.
pub(super) fn name(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}

/// A line of a table, whatever the names in it hold.
pub(super) fn one_line(text: &str) -> String {
    plain(text, false).into_owned()
}

/// A number that was typed, for clap. A decimal comma is told apart from nonsense.
pub(super) fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| {
        let pointed = text.trim().replacen(',', ".", 1);
        match pointed.parse::<T>() {
            Ok(_) => format!("write it with a point: {pointed}"),
            Err(_) => "write a number, like 2 or 2.5".to_owned(),
        }
    })
}

/// A colour that was typed, for clap: a name or a number as CSS spells them.
pub(super) fn colour(text: &str) -> Result<[u8; 3], String> {
    let parsed = csscolorparser::parse(text).map(|colour| colour.to_rgba8());
    match parsed {
        Ok([r, g, b, 255]) => Ok([r, g, b]),
        Ok(_) => Err("a background has no transparency of its own".to_owned()),
        Err(_) => Err("write a colour like white, #fff or #ffeedd".to_owned()),
    }
}

/// A path as text, for JSON; where it is no UTF-8, with replacement characters.
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
    out.write_all(plain(text, true).as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_nothing_to_the_terminal() {
        assert_eq!(name(Path::new("a\x1b[2Jb\r\nc\u{202e}gpj.png")), "a\\u{1b}[2Jb\\r\\nc\\u{202e}gpj.png");
        assert_eq!(plain("one: ünï 文\ntwo\u{9b}1m\n", true), "one: ünï 文\ntwo\\u{9b}1m\n");
    }

    #[test]
    fn colours_read_as_on_the_web() {
        assert_eq!(colour("white"), Ok([255; 3]));
        assert_eq!(colour("#fed"), Ok([255, 238, 221]));
        assert_eq!(colour("rgb(1, 2, 3)"), Ok([1, 2, 3]));
        for bad in ["", "whitish", "#12", "transparent", "#ffffff80"] {
            assert!(colour(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_decimal_comma_is_told_apart_from_nonsense() {
        assert_eq!(number::<f64>("2.5"), Ok(2.5));
        assert_eq!(number::<f64>("2,5").unwrap_err(), "write it with a point: 2.5");
        for nonsense in ["two", "2,5,5", "", ","] {
            assert!(number::<f32>(nonsense).unwrap_err().contains("write a number"), "{nonsense}");
        }
    }
}
