//! Pairs that somebody has: found by name whatever their endings, checked, told why they are left out.

use crate::pictures;
use addersr::{
    image_io::{EncodeOptions, Format, Metadata, decode, encode},
    train::{TrainError, dataset::Dataset, degrade::Degradation},
};
use std::path::Path;

fn load(folder: &Path) -> Result<Dataset, TrainError> {
    Dataset::load(&[folder.into()], &[], 2, 8, Degradation::Given)
}

#[test]
fn pairs_are_what_the_files_hold_and_small_files_count_as_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write_pairs(folder.path(), 3, 20, 2);
    // Another ending, in capitals.
    let (png, bmp) = (folder.path().join("lr/picture 1.png"), folder.path().join("lr/picture 1.BMP"));
    let small = decode(&png).expect("just written").pixels;
    encode(&small, &Metadata::default(), &bmp, &EncodeOptions::new(Format::Bmp)).expect("a temporary folder");
    std::fs::remove_file(&png).expect("a temporary folder");
    let data = load(folder.path()).expect("pairs");
    assert_eq!((data.train.len(), data.held_out.len(), data.skipped.len()), (2, 1, 0));
    for pair in data.train.iter().chain(&data.held_out) {
        let given = pair.given.as_ref().expect("a file");
        assert_eq!(pair.small, decode(given).expect("a picture").pixels);
        assert_eq!(pair.large, decode(&pair.path).expect("a picture").pixels);
    }
    assert!(data.files().any(|file| file == bmp), "no run may replace it");
    assert_eq!(data.files().count(), 6);
}

#[test]
fn what_does_not_fit_is_left_out_with_the_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    pictures::write_pairs(folder.path(), 6, 20, 2);
    let file = |name: &str| folder.path().join(name);
    std::fs::remove_file(file("lr/picture 0.png")).expect("there");
    std::fs::remove_file(file("hr/picture 1.png")).expect("there");
    std::fs::copy(file("hr/picture 2.png"), file("lr/picture 2.png")).expect("there");
    std::fs::copy(file("lr/picture 3.png"), file("lr/picture 3.gif")).expect("there");
    let data = load(folder.path()).expect("two pairs are left");
    assert_eq!(data.train.len() + data.held_out.len(), 2);
    let reason = |name: &str| {
        let skipped = data.skipped.iter().find(|(path, _)| *path == file(name));
        skipped.unwrap_or_else(|| panic!("{name} was not left out")).1.clone()
    };
    assert!(reason("hr/picture 0.png").starts_with("has no small version"));
    assert_eq!(reason("lr/picture 1.png"), "has no large version in `hr`");
    assert_eq!(reason("hr/picture 2.png"), "is 40 × 40, not 2 times 40 × 40");
    assert!(reason("hr/picture 3.png").starts_with("has two small versions"));
}

#[test]
fn folders_without_pairs_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(load(folder.path()), Err(TrainError::NoPairFolders(_))));
    pictures::write_pairs(folder.path(), 1, 20, 3);
    let error = load(folder.path()).expect_err("sizes do not fit").to_string();
    assert!(error.contains("picture 0.png is 60 × 60, not 2 times 20 × 20"), "{error}");
}
