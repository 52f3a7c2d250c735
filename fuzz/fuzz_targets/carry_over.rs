//! EXIF, XMP, IPTC and texts of any picture written to every format and read again.
#![no_main]

use addersr::image_io::{EncodeOptions, Format, decode_bytes, encode_to_vec};
use addersr::tensor::{Pixels, Samples};
use libfuzzer_sys::fuzz_target;

// Decoders may panic where somebody catches it: what gets out of the call below ends the run.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |bytes: &[u8]| {
    let Ok(picture) = decode_bytes("fuzz".as_ref(), bytes) else { return };
    let small = Pixels::new(2, 2, 3, Samples::U8(vec![90; 12])).unwrap();
    for format in [Format::Png, Format::Jpeg, Format::Tiff, Format::WebP, Format::Bmp] {
        let (file, _) = encode_to_vec(&small, &picture.meta, &EncodeOptions::new(format)).unwrap();
        decode_bytes("fuzz".as_ref(), &file).unwrap();
    }
});
