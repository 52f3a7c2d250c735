//! Any bytes as the journal of a batch that was killed: what it tells, or nothing.
#![no_main]

use addersr::session::batch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("addersr-fuzz-{}.jsonl", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let _ = batch::unfinished(&path);
});
