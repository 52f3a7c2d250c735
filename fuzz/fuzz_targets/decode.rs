//! Any bytes as a picture: a picture that fits its size, or an error, and never a panic or a runaway.
#![no_main]

use addersr::image_io::decode_bytes;
use addersr::tensor::Pixels;
use libfuzzer_sys::fuzz_target;

// Decoders may panic where somebody catches it: what gets out of the call below ends the run.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    match decode_bytes("fuzz".as_ref(), bytes) {
        Ok(picture) => {
            let p = picture.pixels;
            assert!(Pixels::new(p.width, p.height, p.channels, p.samples).is_ok());
        }
        // The guard around the decoders turns a panic into this sentence.
        Err(error) => assert!(!error.to_string().contains("gave up"), "{error}"),
    }
});
