//! Any text as a template for names: an error, or a name that is one.
#![no_main]

use addersr::{
    image_io::{Fields, Format, Template},
    tensor::Size,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(template) = Template::parse(text) else { return };
    let fields = Fields { source: "a b.jpg".as_ref(), scale: 2.0, model: "x2", size: Size::new(4, 6), number: 1 };
    assert!(!template.file_name(&fields, Format::Png).is_empty());
});
