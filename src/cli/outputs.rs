//! Where results go and what they are called, and everything that can be refused before an hour of work.

use super::{models, text};
use crate::{
    error::Error,
    image_io::{self, EncodeOptions, Fields, Format, Guard, Target as File, Template},
    infer::{Print, Target},
    tensor::Pixels,
};
use std::path::{Path, PathBuf};

/// Options for the size of results.
#[derive(clap::Args)]
#[group(multiple = false)]
pub(super) struct Size {
    /// Times as large: 2, 2.5, 4 [default: 2]
    #[arg(long, value_name = "FACTOR", value_parser = text::number::<f64>)]
    scale: Option<f64>,
    /// Exact width in pixels
    #[arg(long, value_name = "W")]
    width: Option<usize>,
    /// Exact height in pixels
    #[arg(long, value_name = "H")]
    height: Option<usize>,
    /// Exact length of the longer side in pixels
    #[arg(long, value_name = "L")]
    long_edge: Option<usize>,
    /// Longer side on paper at a resolution, which results then state: 30cm@300, 297mm@300, 12in@240
    #[arg(long, value_name = "SIDE@DPI")]
    print: Option<Print>,
}

impl Size {
    /// The size that was asked for; twice as large without a word.
    pub(super) fn target(&self) -> Target {
        match (self.width, self.height, self.long_edge) {
            (Some(w), _, _) => Target::Width(w),
            (_, Some(h), _) => Target::Height(h),
            (_, _, Some(l)) => Target::LongEdge(l),
            _ => self.print.map_or(Target::Factor(self.scale.unwrap_or(2.0)), Print::target),
        }
    }

    /// The resolution that results are to state, if that was asked for.
    pub(super) fn dpi(&self) -> Option<f64> {
        self.print.map(|print| print.dpi)
    }
}

/// `--format`.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum FormatArg {
    Png,
    #[value(alias = "jpeg")]
    Jpg,
    Webp,
    #[value(alias = "tif")]
    Tiff,
    Bmp,
    /// The photo's own; PNG for those that are only read
    Same,
}

impl FormatArg {
    /// The format, `None` for each photo's own.
    pub(super) fn format(self) -> Option<Format> {
        match self {
            Self::Png => Some(Format::Png),
            Self::Jpg => Some(Format::Jpeg),
            Self::Webp => Some(Format::WebP),
            Self::Tiff => Some(Format::Tiff),
            Self::Bmp => Some(Format::Bmp),
            Self::Same => None,
        }
    }
}

/// What the command line says about results.
pub(super) struct Wishes<'a> {
    /// The photos that are read: none of them is ever replaced.
    pub(super) photos: &'a [PathBuf],
    /// `--model`, each of which may be a file.
    pub(super) models: &'a [&'a str],
    /// `-o`.
    pub(super) out: Option<&'a Path>,
    /// `--template`, if given.
    pub(super) template: Option<&'a str>,
    /// `--format`.
    pub(super) format: Option<FormatArg>,
    /// `--overwrite`.
    pub(super) overwrite: bool,
    /// `--quality`.
    pub(super) quality: u8,
    /// `--strip-metadata`.
    pub(super) strip: bool,
    /// `--srgb`.
    pub(super) srgb: bool,
    /// `--background`.
    pub(super) background: Option<[u8; 3]>,
}

/// The rules for names, and what must not be replaced.
pub(super) struct Outputs<'a> {
    wishes: Wishes<'a>,
    guard: Guard,
    place: Place,
    template: Template,
    /// `None`: each photo's own.
    format: Option<Format>,
}

enum Place {
    /// Beside each photo.
    Beside,
    /// In this folder.
    Folder(PathBuf),
    /// This file.
    File(PathBuf),
}

impl<'a> Outputs<'a> {
    /// Understands `-o`: a file for one photo, unless it is a folder or ends like one; a folder for several, which is made if need be.
    ///
    /// # Errors
    /// If the wishes contradict each other, or a folder cannot be made.
    pub(super) fn new(wishes: Wishes<'a>) -> Result<Self, Error> {
        let usage = |text: String| Error::Usage(text);
        let several = wishes.models.len() > 1;
        let template = models::template(wishes.template, wishes.models.len())?;
        let template = Template::parse(template).map_err(|e| usage(e.to_string()))?;
        let mut format = match wishes.format {
            None => Some(Format::Png),
            Some(asked) => asked.format(),
        };
        let place = match wishes.out {
            None => Place::Beside,
            Some(out) => {
                let ends_like_folder =
                    out.as_os_str().as_encoded_bytes().last().is_some_and(|&b| b == b'/' || b == b'\\');
                if out.is_dir() || ends_like_folder || wishes.photos.len() > 1 {
                    std::fs::create_dir_all(out).map_err(|source| Error::Write { file: out.to_owned(), source })?;
                    Place::Folder(out.to_owned())
                } else if several {
                    let out = out.display();
                    return Err(usage(format!(
                        "several models make several files: write {out}/ if that is their folder"
                    )));
                } else {
                    if wishes.template.is_some() {
                        return Err(usage(format!("{} is a file's name already; leave out --template", out.display())));
                    }
                    format = Some(file_format(out, wishes.format.and_then(FormatArg::format))?);
                    Place::File(out.to_owned())
                }
            }
        };
        let guard = Guard::new(wishes.photos.iter().map(PathBuf::as_path).chain(wishes.models.iter().map(Path::new)));
        Ok(Self { wishes, guard, place, template, format })
    }

    /// The file for a result, checked: it can be created, the format can hold the picture (of `size` columns and rows, with channels and
    /// depth of `source`), and nothing that matters is there.
    ///
    /// # Errors
    /// If not.
    pub(super) fn claim(&self, fields: &Fields<'_>, source: &Pixels, format: Format) -> Result<File, Error> {
        let options = self.options(format);
        let name = self.template.file_name(fields, options.format);
        let path = match &self.place {
            Place::Beside => image_io::output_path(fields.source, None, &name),
            Place::Folder(folder) => image_io::output_path(fields.source, Some(folder), &name),
            Place::File(file) => file.clone(),
        };
        self.guard.check(&path, self.wishes.overwrite)?;
        let channels = options.channels_of(source);
        image_io::check_encodable(options.format, fields.width, fields.height, channels, source.depth())
            .map_err(|reason| image_io::Error::new(&path, reason))?;
        Ok(self.guard.claim(&path, self.wishes.overwrite)?)
    }

    /// How a result of a photo of this format is written.
    pub(super) fn options(&self, source: Format) -> EncodeOptions {
        let Wishes { quality, strip, srgb, overwrite, background, .. } = self.wishes;
        EncodeOptions { format: self.format(source), quality, strip, srgb, overwrite, background }
    }

    fn format(&self, source: Format) -> Format {
        self.format.unwrap_or_else(|| source.or_png())
    }
}

/// The format of a file that is named in full: as it is named, or as it is asked for where its name says nothing.
fn file_format(out: &Path, asked: Option<Format>) -> Result<Format, Error> {
    match (Format::from_path(out), asked) {
        (Some(named), Some(asked)) if named != asked => Err(Error::Usage(format!(
            "{} is named like a {named} file, but --format asks for {asked}; change one of them",
            out.display()
        ))),
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => Err(image_io::Error::new(out, image_io::ErrorKind::UnknownExtension).into()),
    }
}
