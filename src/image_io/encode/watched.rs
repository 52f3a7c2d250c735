//! A writer that remembers why the disk refused.
//!
//! Encoders wrap errors of the writer below them in errors of their own, some as mere text. Whether the disk is full
//! or the picture cannot be encoded is what the user needs to know, so it is noted where it happens.

use std::io::{self, Seek, SeekFrom, Write};

/// Passes everything on to `out`.
pub(super) struct Watched<'a, W> {
    out: &'a mut W,
    refused: Option<io::Error>,
}

impl<'a, W> Watched<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, refused: None }
    }

    /// The first error, if there was any.
    pub(super) fn refused(self) -> Option<io::Error> {
        self.refused
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(e) = &result
            && self.refused.is_none()
            && e.kind() != io::ErrorKind::Interrupted
        {
            self.refused = Some(match e.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(e.kind(), e.to_string()),
            });
        }
        result
    }
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.out.write(bytes);
        self.note(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.flush();
        self.note(result)
    }
}

impl<W: Seek> Seek for Watched<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let result = self.out.seek(to);
        self.note(result)
    }
}
