//! What can go wrong between a file and its pixels. Every message is a sentence that names the file, says what is
//! wrong with it and what to do; file names that are not UTF-8 are shown with replacement characters.
//!
//! Messages of the libraries underneath appear as details at the end, never alone, and their types do not appear at
//! all.

use std::io;
use std::path::{Path, PathBuf};

use super::detail::plain_detail;
use super::format::Format;
use super::limits::Unencodable;

/// Result of reading or writing a picture.
pub type Result<T> = std::result::Result<T, Error>;

/// A picture that could not be read or written: which file, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", path.display())]
pub struct Error {
    /// The file it is about.
    pub path: PathBuf,
    /// What is wrong, and what to do.
    pub kind: ErrorKind,
}

/// What can be wrong with a file, or with a place where one was to be written.
#[derive(Debug, thiserror::Error)]
pub enum ErrorKind {
    /// There is no such file.
    #[error("there is no such file; check the name")]
    Missing,
    /// A folder, a pipe or a device.
    #[error("this is {what}, not a picture file; name a file")]
    NotAFile {
        /// "a folder", "a pipe or device".
        what: &'static str,
    },
    /// The system refuses to open or read it.
    #[error("the file cannot be read ({source}); check its permissions and the disk")]
    Unreadable {
        /// The system's reason.
        source: io::Error,
    },
    /// No bytes in it.
    #[error("the file is empty; get a complete copy")]
    Empty,
    /// No signature of a picture.
    #[error(
        "this is not a picture this program can read (its content is none of PNG, JPEG, JPEG XL, AVIF, HEIC, WebP, TIFF, BMP, GIF)"
    )]
    NotAPicture,
    /// A format that is known but not read, or an unusual variant of one that is.
    #[error("{what} cannot be read; convert the file to PNG or 8- or 16-bit TIFF first")]
    Unsupported {
        /// What it is: "a PDF file", "this variant of TIFF (…)".
        what: String,
    },
    /// HEIC, without the feature `heif`.
    #[error(
        "this is a HEIC picture, and this build of the program cannot read it (the packages .deb and Flatpak can); convert it \
         to JPEG or PNG first"
    )]
    NotBuiltIn,
    /// The header says that there are no pixels.
    #[error("the {format} file says it is {width}×{height} pixels, so there is nothing in it")]
    ZeroSized {
        /// Its format.
        format: Format,
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// More pixels than this program opens: a decompression bomb, or a mistake.
    #[error(
        "the picture says it is {width}×{height} pixels{}, more than the {} megapixels this program opens, so that a small \
         file cannot fill the memory; {}",
        megapixels(*width, *height), limit / 1_000_000, instead(*width, *height)
    )]
    TooManyPixels {
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
        /// Pixels that are opened at most.
        limit: u64,
    },
    /// A file that is larger than any picture within the limits.
    #[error("the file has {bytes} bytes, more than any picture this program opens ({limit})")]
    TooManyBytes {
        /// Its length.
        bytes: u64,
        /// What is read at most.
        limit: u64,
    },
    /// The file ends before the picture does.
    #[error("the {format} file ends before the picture does; get a complete copy")]
    Truncated {
        /// Its format.
        format: Format,
    },
    /// The content makes no sense.
    #[error("the {format} file is damaged ({detail}); get a fresh copy")]
    Damaged {
        /// Its format.
        format: Format,
        /// What the decoder found.
        detail: String,
    },
    /// Parts of the picture are missing, and the caller wants whole ones.
    #[error("{damage}; get a fresh copy, or leave out --strict to enlarge what is there")]
    Incomplete {
        /// What is missing.
        damage: String,
    },
    /// The memory for it is not to be had.
    #[error("there is no memory for {bytes} bytes of pixels; close other programs or use a smaller picture")]
    OutOfMemory {
        /// What was needed.
        bytes: u64,
    },

    /// The target exists and overwriting was not asked for.
    #[error("the file exists already and is left alone; choose another name, or allow it to be replaced (--overwrite)")]
    Exists,
    /// Input and output are one file.
    #[error("the result would replace a file that it is made from; choose another name")]
    SameFile,
    /// A file beside the one that was named, which is to be replaced with it, is something else.
    #[error(
        "the file exists and is not {what} of this program, so it is left alone even with --overwrite; choose another name"
    )]
    NotOurs {
        /// What it would have to be: "a training's log".
        what: &'static str,
    },
    /// Another file of this run has that name.
    #[error("another file of this run has this name already; tell them apart with --template, for instance by {{n}}")]
    SameName,
    /// More letters than the file system takes.
    #[error("the name is longer than the file system there takes; give a shorter one, for instance with --template")]
    NameTooLong,
    /// More bytes than the file system or a limit of the process takes.
    #[error(
        "the file would be larger than its file system or a limit of this process (`ulimit -f`) allows; choose another \
         disk, format or size. Nothing was left behind"
    )]
    FileTooLarge,
    /// The folder for results was there, and is not any more, or another one is.
    #[error(
        "the folder is gone, or another one is in its place (was a disk unplugged?); bring it back and continue the batch"
    )]
    FolderGone,
    /// The target's folder does not exist.
    #[error("the folder {} does not exist; create it first", folder.display())]
    NoFolder {
        /// Its folder.
        folder: PathBuf,
    },
    /// The target is a folder.
    #[error("this is a folder; name a file in it")]
    TargetIsFolder,
    /// The folder or file system does not let us write.
    #[error("the file cannot be created there ({source}); choose a folder that you may write to")]
    ReadOnly {
        /// The system's reason.
        source: io::Error,
    },
    /// No room.
    #[error("the disk is full; free some space or choose another disk. Nothing was left behind")]
    DiskFull {
        /// The system's reason.
        source: io::Error,
    },
    /// Some other failure of the disk.
    #[error("the file cannot be written ({source}); check the disk. Nothing was left behind")]
    Write {
        /// The system's reason.
        source: io::Error,
    },
    /// The encoder refuses.
    #[error("the {format} encoder failed ({detail}); choose another format")]
    Encoder {
        /// The format.
        format: Format,
        /// What it said.
        detail: String,
    },
    /// The format cannot hold this picture; known before any work starts.
    #[error(transparent)]
    Unencodable(#[from] Unencodable),
    /// The extension names no format that is written.
    #[error("the name does not say which format to write; end it with .png, .jpg, .webp, .tif or .bmp")]
    UnknownExtension,
}

impl Error {
    /// What is wrong with `path`.
    pub fn new(path: impl Into<PathBuf>, kind: impl Into<ErrorKind>) -> Self {
        Self { path: path.into(), kind: kind.into() }
    }

    /// Why a file could not be opened or read.
    pub(super) fn from_reading(path: &Path, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ErrorKind::Missing,
            io::ErrorKind::IsADirectory => ErrorKind::NotAFile { what: "a folder" },
            _ => ErrorKind::Unreadable { source },
        };
        Self::new(path, kind)
    }

    /// Why a file could not be created or written.
    pub fn from_writing(path: &Path, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::AlreadyExists => ErrorKind::Exists,
            io::ErrorKind::IsADirectory => ErrorKind::TargetIsFolder,
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                ErrorKind::NoFolder { folder: super::file::folder_of(path).to_path_buf() }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorKind::ReadOnly { source },
            io::ErrorKind::InvalidFilename => ErrorKind::NameTooLong,
            io::ErrorKind::FileTooLarge => ErrorKind::FileTooLarge,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull { source },
            _ => ErrorKind::Write { source },
        };
        Self::new(path, kind)
    }
}

impl ErrorKind {
    /// Why a decoder failed while reading bytes that are in memory or came from an open file: decoders report most
    /// nonsense this way.
    pub(super) fn from_decoder_io(format: Format, source: io::Error) -> Self {
        if source.raw_os_error().is_some() {
            ErrorKind::Unreadable { source }
        } else {
            ErrorKind::from_detail(format, &source.to_string())
        }
    }

    /// Why a decoder failed, from what it says about it. Libraries do not tell a file that ends too early from one
    /// that is wrong, but their words do.
    pub(super) fn from_detail(format: Format, detail: &str) -> Self {
        let detail = plain_detail(detail);
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
            ErrorKind::Truncated { format }
        } else {
            ErrorKind::Damaged { format, detail }
        }
    }
}

/// Sides longer than this are no picture's, but a damaged header's.
const LONGEST_SIDE: u64 = 1_000_000;

fn megapixels(width: u64, height: u64) -> String {
    let whole = width.saturating_mul(height) / 1_000_000;
    if width.max(height) > LONGEST_SIDE { String::new() } else { format!(", {whole} megapixels") }
}

fn instead(width: u64, height: u64) -> &'static str {
    if width.max(height) > LONGEST_SIDE {
        "the file is damaged, or not what it seems"
    } else {
        "cut it into parts first"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_sizes_are_no_megapixels() {
        let text = |width, height| ErrorKind::TooManyPixels { width, height, limit: 500_000_000 }.to_string();
        assert!(text(1_342_185_474, 735_425_407).contains("damaged"), "{}", text(1_342_185_474, 735_425_407));
        assert!(!text(1_342_185_474, 735_425_407).contains("987"));
        assert!(text(60_000, 40_000).contains("2400 megapixels") && text(60_000, 40_000).contains("cut it"));
    }
}
