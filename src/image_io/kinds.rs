//! Which files are pictures, whether or not this program can read them: by the ending of their name, or by their first
//! bytes. A batch lists all of them, so that none is passed over in silence.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::format::{self, Format};

/// Endings of pictures that are not read, or not always: phones, cameras, programs, other systems.
const OTHERS: &[&str] = &[
    "jp2", "j2k", "jpf", "jpx", "psd", "psb", "xcf", "kra", "svg", "exr", "hdr", "tga", "ico", "pcx", "pnm", "ppm",
    "pgm", "pbm", "pam", "qoi", "dds", "mpo", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "dng", "orf",
    "raf", "rw2", "pef", "srw", "x3f", "3fr", "fff", "iiq", "erf", "mef", "mos", "mrw", "rwl", "kdc", "dcr",
];

/// Bytes that tell a kind.
const START: u64 = 64;

/// Whether a file is a picture of any known kind.
pub fn is_picture(path: &Path) -> bool {
    let by_name = path.extension().and_then(|e| e.to_str()).is_some_and(|extension| {
        let extension = extension.to_ascii_lowercase();
        OTHERS.contains(&extension.as_str())
    });
    by_name || Format::from_path(path).is_some() || start(path).is_some_and(|bytes| is_picture_content(&bytes))
}

fn start(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(START).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn is_picture_content(bytes: &[u8]) -> bool {
    let no_picture = |what: &str| ["video", "PDF", "ZIP"].iter().any(|other| what.contains(other));
    Format::from_content(bytes).is_some() || format::foreign(bytes).is_some_and(|what| !no_picture(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_name_or_content_and_other_files_are_not_pictures() {
        let folder = tempfile::tempdir().unwrap();
        let png = b"\x89PNG\r\n\x1a\nno more";
        for (name, bytes, is) in [
            ("a.JPG", &b""[..], true),
            ("IMG_1.HEIC", b"", true),
            ("_DSC1.nef", b"", true),
            ("no extension", png, true),
            ("photo.jpg.download", b"\xff\xd8\xff\xe0", true),
            ("scan.dat", b"II*\0\x08\0\0\0", true),
            ("clip", b"\0\0\0\x18ftypisom", false),
            ("phone", b"\0\0\0\x18ftypheic", true),
            ("paper", b"%PDF-1.7", false),
            ("notes.txt", b"BMW drivers know", false),
            ("empty", b"", false),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(is_picture(&path), is, "{name}");
        }
        assert!(!is_picture(&folder.path().join("missing")));
    }
}
