//! What can go wrong between a file and its pixels. Every message is a sentence that names the file, says what is
//! wrong with it and what to do; file names that are not UTF-8 are shown with replacement characters.
//!
//! Messages of the libraries underneath appear as details at the end, never alone, and their types do not appear at
//! all.

use std::io;
use std::path::{Path, PathBuf};

use super::format::Format;
use super::limits::Unencodable;

/// Result of reading or writing a picture.
pub type Result<T> = std::result::Result<T, Error>;

/// A picture that could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file.
    #[error("{}: there is no such file; check the name", path.display())]
    Missing {
        /// What was asked for.
        path: PathBuf,
    },
    /// A folder, a pipe or a device.
    #[error("{}: this is {what}, not a picture file; name a file", path.display())]
    NotAFile {
        /// What was asked for.
        path: PathBuf,
        /// "a folder", "a pipe or device".
        what: &'static str,
    },
    /// The system refuses to open or read it.
    #[error("{}: the file cannot be read ({source}); check its permissions and the disk", path.display())]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No bytes in it.
    #[error("{}: the file is empty; get a complete copy", path.display())]
    Empty {
        /// What was asked for.
        path: PathBuf,
    },
    /// No signature of a picture.
    #[error(
        "{}: this is not a picture this program can read (its content is none of PNG, JPEG, WebP, TIFF, BMP, GIF)",
        path.display()
    )]
    NotAPicture {
        /// What was asked for.
        path: PathBuf,
    },
    /// A format that is known but not read, or an unusual variant of one that is.
    #[error("{}: {what} cannot be read; convert the file to PNG or 8- or 16-bit TIFF first", path.display())]
    Unsupported {
        /// What was asked for.
        path: PathBuf,
        /// What it is: "a HEIC file", "this variant of TIFF (…)".
        what: String,
    },
    /// The header says that there are no pixels.
    #[error("{}: the {format} file says it is {width}×{height} pixels, so there is nothing in it", path.display())]
    ZeroSized {
        /// What was asked for.
        path: PathBuf,
        /// Its format.
        format: Format,
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// More pixels than this program opens: a decompression bomb, or a mistake.
    #[error(
        "{}: the picture says it is {width}×{height} pixels, {} megapixels, more than the {} megapixels this program \
         opens, so that a small file cannot fill the memory; cut it into parts first",
        path.display(), pixels(*width, *height) / 1_000_000, limit / 1_000_000
    )]
    TooManyPixels {
        /// What was asked for.
        path: PathBuf,
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
        /// Pixels that are opened at most.
        limit: u64,
    },
    /// A file that is larger than any picture within the limits.
    #[error("{}: the file has {bytes} bytes, more than any picture this program opens ({limit})", path.display())]
    TooManyBytes {
        /// What was asked for.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// What is read at most.
        limit: u64,
    },
    /// The file ends before the picture does.
    #[error("{}: the {format} file ends before the picture does; get a complete copy", path.display())]
    Truncated {
        /// What was asked for.
        path: PathBuf,
        /// Its format.
        format: Format,
    },
    /// The content makes no sense.
    #[error("{}: the {format} file is damaged ({detail}); get a fresh copy", path.display())]
    Damaged {
        /// What was asked for.
        path: PathBuf,
        /// Its format.
        format: Format,
        /// What the decoder found.
        detail: String,
    },
    /// The memory for it is not to be had.
    #[error(
        "{}: there is no memory for {bytes} bytes of pixels; close other programs or use a smaller picture",
        path.display()
    )]
    OutOfMemory {
        /// What was being read or written.
        path: PathBuf,
        /// What was needed.
        bytes: u64,
    },

    /// The target exists and overwriting was not asked for.
    #[error("{}: the file exists already and is left alone; choose another name or allow overwriting", path.display())]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// Input and output are one file.
    #[error("{}: the result would replace the picture it is made from; choose another name", path.display())]
    SameFile {
        /// Both.
        path: PathBuf,
    },
    /// The target's folder does not exist.
    #[error("{}: the folder {} does not exist; create it first", path.display(), folder.display())]
    NoFolder {
        /// The target.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// The target is a folder.
    #[error("{}: this is a folder; name a file in it", path.display())]
    TargetIsFolder {
        /// The target.
        path: PathBuf,
    },
    /// The folder or file system does not let us write.
    #[error("{}: the file cannot be created there ({source}); choose a folder that you may write to", path.display())]
    ReadOnly {
        /// The target.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No room.
    #[error("{}: the disk is full; free some space or choose another disk. Nothing was left behind", path.display())]
    DiskFull {
        /// The target.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Some other failure of the disk.
    #[error("{}: the file cannot be written ({source}); check the disk. Nothing was left behind", path.display())]
    Write {
        /// The target.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The encoder refuses.
    #[error("{}: the {format} encoder failed ({detail}); choose another format", path.display())]
    Encoder {
        /// The target.
        path: PathBuf,
        /// The format.
        format: Format,
        /// What it said.
        detail: String,
    },
    /// The format cannot hold this picture; known before any work starts.
    #[error("{}: {reason}", path.display())]
    Unencodable {
        /// The target.
        path: PathBuf,
        /// Why.
        reason: Unencodable,
    },
    /// The extension names no format that is written.
    #[error(
        "{}: the name does not say which format to write; end it with .png, .jpg, .webp, .tif or .bmp", path.display()
    )]
    UnknownExtension {
        /// The target.
        path: PathBuf,
    },
}

impl Error {
    /// Why a file could not be opened or read.
    pub(super) fn from_reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Error::Missing { path },
            io::ErrorKind::IsADirectory => Error::NotAFile { path, what: "a folder" },
            _ => Error::Unreadable { path, source },
        }
    }

    /// Why a decoder failed while reading bytes that are in memory or came from an open file: decoders report most
    /// nonsense this way.
    pub(super) fn from_decoder_io(path: PathBuf, format: Format, source: io::Error) -> Self {
        if source.raw_os_error().is_some() {
            Error::Unreadable { path, source }
        } else {
            Error::from_detail(path, format, &source.to_string())
        }
    }

    /// Why a decoder failed, from what it says about it. Libraries do not tell a file that ends too early from one
    /// that is wrong, but their words do.
    pub(super) fn from_detail(path: PathBuf, format: Format, detail: &str) -> Self {
        // Some break their messages into lines.
        let detail = detail.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = detail.to_lowercase();
        let cut = [
            "unexpected end",
            "end of file",
            "eof",
            "more data",
            "not enough bytes",
            "failed to fill",
            "too short",
            "exhausted",
            "premature",
        ];
        if cut.iter().any(|words| lower.contains(words)) {
            Error::Truncated { path, format }
        } else {
            Error::Damaged { path, format, detail }
        }
    }

    /// Why a file could not be created or written.
    pub fn from_writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists { path },
            io::ErrorKind::IsADirectory => Error::TargetIsFolder { path },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                let folder = super::file::folder_of(&path).to_path_buf();
                Error::NoFolder { path, folder }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull { path, source },
            _ => Error::Write { path, source },
        }
    }
}

fn pixels(width: u64, height: u64) -> u64 {
    width.saturating_mul(height)
}
