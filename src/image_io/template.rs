//! Names for results: `{name}_x{scale}` and the like.
//!
//! Templates are text, but file names need not be: on Unix a name is bytes, and a photo called `caf\xe9.jpg` in
//! Latin-1 keeps its bytes in the result's name. So the pieces are put together as [`OsString`]s.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::format::Format;
use crate::tensor::Size;

/// The template that is used where none is given.
pub const DEFAULT_TEMPLATE: &str = "{name}_x{scale}";

/// The same where several models make results of a picture.
pub const TEMPLATE_OF_SEVERAL: &str = "{name}_x{scale}_{model}";

/// What can be filled in.
const FIELDS: [(&str, Field); 6] = [
    ("name", Field::Name),
    ("scale", Field::Scale),
    ("model", Field::Model),
    ("w", Field::Width),
    ("h", Field::Height),
    ("n", Field::Number),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    Name,
    Scale,
    Model,
    Width,
    Height,
    Number,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Field(Field),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field that does not exist.
    #[error(
        "the name template has an unknown field {{{0}}}; use {{name}}, {{scale}}, {{model}}, {{w}}, {{h}} or {{n}}"
    )]
    UnknownField(String),
    /// A brace without its partner.
    #[error("the name template {0:?} has a brace without its partner; write {{{{ or }}}} for a brace in the name")]
    Unbalanced(String),
    /// No text at all.
    #[error("the name template is empty; try {DEFAULT_TEMPLATE}")]
    Empty,
    /// A separator, `.` or `..`: results go where they are sent, not where a name leads.
    #[error("the name template {0:?} leads into another folder; give the folder on its own and only the name here")]
    Folder(String),
}

/// A template that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// [`DEFAULT_TEMPLATE`], understood.
impl Default for Template {
    fn default() -> Self {
        Self { pieces: vec![Piece::Field(Field::Name), Piece::Text("_x".to_owned()), Piece::Field(Field::Scale)] }
    }
}

/// What a result's name is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fields<'a> {
    /// The source file; its name without the extension is `{name}`.
    pub source: &'a Path,
    /// How many times larger; written without a needless fraction (`2`, `2.5`).
    pub scale: f64,
    /// The network's name.
    pub model: &'a str,
    /// Of the result.
    pub size: Size,
    /// Position in the batch, from 1.
    pub number: usize,
}

impl Template {
    /// Understands a template. `{{` and `}}` stand for braces.
    ///
    /// # Errors
    /// If it is empty, has unknown fields or single braces, or leads into another folder.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.is_empty() {
            return Err(TemplateError::Empty);
        }
        if text.contains(['/', '\\', '\0']) || text == "." || text == ".." {
            return Err(TemplateError::Folder(text.into()));
        }
        let unbalanced = || TemplateError::Unbalanced(text.into());
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            if rest[at + 1..].starts_with(brace) {
                plain.push_str(brace);
                rest = &rest[at + 2..];
                continue;
            }
            if brace == "}" {
                return Err(unbalanced());
            }
            let end = at + rest[at..].find('}').ok_or_else(unbalanced)?;
            let field = &rest[at + 1..end];
            let known = FIELDS.iter().find(|(name, _)| *name == field);
            let (_, field) = known.ok_or_else(|| TemplateError::UnknownField(field.into()))?;
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Field(*field));
            rest = &rest[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self { pieces })
    }

    /// The file name for a result, with the extension of `format`.
    pub fn file_name(&self, fields: &Fields<'_>, format: Format) -> OsString {
        let mut name = OsString::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => name.push(text),
                Piece::Field(Field::Name) => name.push(fields.source.file_stem().unwrap_or(OsStr::new("picture"))),
                Piece::Field(Field::Scale) => name.push(number(fields.scale)),
                // A model may be named by its file; separators in it must not lead elsewhere.
                Piece::Field(Field::Model) => name.push(fields.model.replace(['/', '\\', '\0'], "_")),
                Piece::Field(Field::Width) => name.push(fields.size.width.to_string()),
                Piece::Field(Field::Height) => name.push(fields.size.height.to_string()),
                Piece::Field(Field::Number) => name.push(fields.number.to_string()),
            }
        }
        name.push(".");
        name.push(format.extension());
        name
    }
}

impl Template {
    /// The `{name}`s of which a file called `stem` (without its extension) could be a result by this template, also where it
    /// was numbered (`photo_x2-3`). Other fields count as filled in by whatever they may hold. Nothing for a template
    /// without `{name}` or with nothing beside it, by which every file could be a result.
    pub fn could_be_made_from<'s>(&self, stem: &'s str) -> Vec<&'s str> {
        let telling = self.pieces.len() > 1 && self.pieces.contains(&Piece::Field(Field::Name));
        if !telling {
            return Vec::new();
        }
        let unnumbered = stem.rsplit_once('-').filter(|(_, n)| is_number(n, false)).map(|(stem, _)| stem);
        let mut names = Vec::new();
        for stem in std::iter::once(stem).chain(unnumbered) {
            captures(&self.pieces, stem, None, &mut names);
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Collects what `{name}` may stand for if these pieces spell `text`; `name` is what it stood for already.
fn captures<'s>(pieces: &[Piece], text: &'s str, name: Option<&'s str>, names: &mut Vec<&'s str>) {
    let Some((piece, rest)) = pieces.split_first() else {
        names.extend(name.filter(|_| text.is_empty()));
        return;
    };
    if let Piece::Text(plain) = piece {
        if let Some(after) = text.strip_prefix(plain.as_str()) {
            captures(rest, after, name, names);
        }
        return;
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    for (part, after) in ends.map(|end| text.split_at(end)) {
        match piece {
            Piece::Field(Field::Name) if name.is_none_or(|known| known == part) => {
                captures(rest, after, Some(part), names)
            }
            Piece::Field(Field::Scale) if is_number(part, true) => captures(rest, after, name, names),
            Piece::Field(Field::Width | Field::Height | Field::Number) if is_number(part, false) => {
                captures(rest, after, name, names);
            }
            Piece::Field(Field::Model) => captures(rest, after, name, names),
            _ => {}
        }
    }
}

fn is_number(text: &str, fraction: bool) -> bool {
    let whole = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((a, b)) if fraction => whole(a) && whole(b),
        _ => whole(text),
    }
}

/// At most three decimals, none where none is needed.
fn number(v: f64) -> String {
    let text = format!("{v:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The path of a result: `name` in `folder`, or beside the source where no folder is given.
pub fn output_path(source: &Path, folder: Option<&Path>, name: &OsStr) -> PathBuf {
    match folder {
        Some(folder) => folder.join(name),
        None => source.with_file_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(source: &Path) -> Fields<'_> {
        Fields { source, scale: 2.0, model: "aedsr-32x4", size: Size::new(640, 480), number: 7 }
    }

    fn expand(template: &str, source: &str) -> String {
        let name = Template::parse(template).unwrap().file_name(&fields(Path::new(source)), Format::Png);
        name.into_string().unwrap()
    }

    #[test]
    fn fields_are_filled_in() {
        assert_eq!(expand(DEFAULT_TEMPLATE, "/a/photo.JPG"), "photo_x2.png");
        assert_eq!(expand("{n}-{name}.{model}_{w}x{h}", "b c#.tar.gz"), "7-b c#.tar.aedsr-32x4_640x480.png");
        assert_eq!(expand("{{{name}}}", "x.png"), "{x}.png");
        assert_eq!(expand("fixed", "x.png"), "fixed.png");
        assert_eq!(Template::parse(DEFAULT_TEMPLATE), Ok(Template::default()));
        let half = Fields { scale: 2.5, model: "a/../b", ..fields(Path::new("x")) };
        let name = Template::parse("{scale}{model}").unwrap().file_name(&half, Format::Jpeg);
        assert_eq!(name, "2.5a_.._b.jpg");
    }

    #[test]
    fn a_result_is_recognised_by_its_name() {
        let made = |template: &str, stem| Template::parse(template).unwrap().could_be_made_from(stem);
        assert_eq!(made(DEFAULT_TEMPLATE, "photo_x2"), ["photo"]);
        assert_eq!(made(DEFAULT_TEMPLATE, "photo_x2.5"), ["photo"]);
        assert_eq!(made(DEFAULT_TEMPLATE, "photo_x2-3"), ["photo"]);
        assert_eq!(made(DEFAULT_TEMPLATE, "photo_x2_x4"), ["photo_x2"]);
        assert_eq!(made("{n}-{name} {w}x{h}", "12-ä b 40x30"), ["ä b"]);
        assert_eq!(made("{model}_{name}", "x2_a_b"), ["a_b", "b"]);
        for none in ["photo", "_x2", "photo_x", "photo_x2a", "photo_x2-", "photo_x1.2.3"] {
            assert_eq!(made(DEFAULT_TEMPLATE, none), [""; 0], "{none}");
        }
        assert_eq!(made("{name}", "photo"), [""; 0]);
        assert_eq!(made("fixed {w}", "fixed 3"), [""; 0]);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_reason() {
        assert_eq!(Template::parse("{nam}"), Err(TemplateError::UnknownField("nam".into())));
        assert_eq!(Template::parse(""), Err(TemplateError::Empty));
        for bad in ["{name", "name}", "{", "}", "{{}", "{name}}"] {
            assert!(matches!(Template::parse(bad), Err(TemplateError::Unbalanced(_))), "{bad}");
        }
        for bad in ["a/b", "..", "a\\b", "../{name}"] {
            assert!(matches!(Template::parse(bad), Err(TemplateError::Folder(_))), "{bad}");
        }
        let message = Template::parse("{size}").unwrap_err().to_string();
        assert!(message.contains("{size}") && message.contains("{scale}"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_keep_their_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let source = Path::new(OsStr::from_bytes(b"caf\xe9.jpg"));
        let name = Template::parse(DEFAULT_TEMPLATE).unwrap().file_name(&fields(source), Format::Png);
        assert_eq!(name.as_bytes(), b"caf\xe9_x2.png");
        let path = output_path(source, None, &name);
        assert_eq!(path.as_os_str().as_bytes(), b"caf\xe9_x2.png");
    }
}
