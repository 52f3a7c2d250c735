//! Every backend against vectors that PyTorch computed in f64 (`../shared/reference/addersr_reference.py`).
//!
//! Lattice files hold whole numbers and are compared with equality; the others with a tolerance relative to the largest
//! value of the tensor, its reason beside it.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

mod layers;
mod networks;

/// A file that nobody reads is a promise that nobody keeps: a new golden must be added to a test, and here.
#[test]
fn every_file_is_read() {
    let read_elsewhere = [
        // Not whole factors, or shrinking: `tensor::resample` is checked against all bicubic files.
        "bicubic_17x23_40x31",
        "bicubic_24x20_12x10",
        "bicubic_30x21_10x7",
    ];
    let mut read: Vec<String> = layers::files().chain(networks::files()).collect();
    read.extend(read_elsewhere.map(str::to_owned));
    read.sort();
    let mut present: Vec<String> = std::fs::read_dir(common::golden::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    present.sort();
    assert_eq!(read, present);
}
