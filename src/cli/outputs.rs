//! Where results go and what they are called, and everything that can be refused before an hour of work.

use super::{enlarge::Enlarge, text};
use crate::{
    error::Error,
    image_io::{self, EncodeOptions, Fields, Format, Guard, Target as File, Template},
    infer::{Print, Target},
    session::batch::Settings,
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

/// The rules for names, and what must not be replaced.
pub(super) struct Outputs {
    guard: Guard,
    place: Place,
    template: Template,
    overwrite: bool,
}

enum Place {
    /// Beside each photo.
    Beside,
    /// In this folder.
    Folder(PathBuf),
    /// This file, which its name or an option gives this format.
    File(PathBuf, Format),
}

impl Outputs {
    /// Understands `out`: a file for one photo, unless it is a folder or ends like one; a folder for several, which is made if need be.
    /// No photo and no model is ever replaced, and nothing else without `overwrite`.
    ///
    /// # Errors
    /// If the options contradict each other, or a folder cannot be made.
    pub(super) fn new(
        enlarge: &Enlarge,
        template: Template,
        photos: &[PathBuf],
        out: Option<&Path>,
        overwrite: bool,
    ) -> Result<Self, Error> {
        let usage = |text: String| Error::Usage(text);
        let models = enlarge.models();
        let place = match out {
            None => Place::Beside,
            Some(out) => {
                let ends_like_folder =
                    out.as_os_str().as_encoded_bytes().last().is_some_and(|&b| b == b'/' || b == b'\\');
                if out.is_dir() || ends_like_folder || photos.len() > 1 {
                    std::fs::create_dir_all(out).map_err(|source| Error::Write { file: out.to_owned(), source })?;
                    Place::Folder(out.to_owned())
                } else if models.len() > 1 {
                    let out = out.display();
                    return Err(usage(format!(
                        "several models make several files: write {out}/ if that is their folder"
                    )));
                } else {
                    if enlarge.template.is_some() {
                        return Err(usage(format!("{} is a file's name already; leave out --template", out.display())));
                    }
                    let asked = enlarge.format.and_then(FormatArg::format);
                    Place::File(out.to_owned(), file_format(out, asked)?)
                }
            }
        };
        let guard = Guard::new(photos.iter().map(PathBuf::as_path).chain(models.into_iter().map(Path::new)));
        Ok(Self { guard, place, template, overwrite })
    }

    /// The file for a result and how it is written, checked: it can be created, the format can hold the picture (with channels
    /// and depth of `source`, a photo of that format), and nothing that matters is there.
    ///
    /// # Errors
    /// If not.
    pub(super) fn claim(
        &self,
        settings: &Settings,
        fields: &Fields<'_>,
        source: &Pixels,
        format: Format,
    ) -> Result<(File, EncodeOptions), Error> {
        let mut options = settings.encoding(format, self.overwrite);
        if let Place::File(_, format) = self.place {
            options.format = format;
        }
        let name = self.template.file_name(fields, options.format);
        let path = match &self.place {
            Place::Beside => image_io::output_path(fields.source, None, &name),
            Place::Folder(folder) => image_io::output_path(fields.source, Some(folder), &name),
            Place::File(file, _) => file.clone(),
        };
        self.guard.check(&path, self.overwrite)?;
        let channels = options.channels_of(source);
        image_io::check_encodable(options.format, fields.size, channels, source.depth())
            .map_err(|reason| image_io::Error::new(&path, reason))?;
        Ok((self.guard.claim(&path, self.overwrite)?, options))
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
