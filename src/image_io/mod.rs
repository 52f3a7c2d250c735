//! Pictures in files: reading, writing, and what belongs to a picture besides its pixels.
//!
//! | | |
//! |---|---|
//! | [`decode`](decode()), [`probe`], [`thumbnail`] | a file to upright [`Pixels`](crate::tensor::Pixels) and [`Metadata`]; or only its header, or a small picture |
//! | [`encode_into`], [`encode`](encode()), [`encode_to_vec`] | back, to a file that appears only when it is complete |
//! | [`Guard`], [`Target`] | which files may be written, and the only way to write one |
//! | [`check_encodable`] | whether a format can hold a result, before the work starts |
//! | [`neighbour`](neighbour()), [`pictures_beside`], [`is_picture`] | which files of a folder are pictures, one after the other |
//! | [`Template`], [`output_path`] | what the result is called |
//! | [`shrink_u8`], [`jpeg_round_trip`] | degraded pictures, to train on and to measure with |
//!
//! This is the only place that names the crates that know formats: `image`, `libjpeg-turbo-rs`, `moxcms`,
//! `png`, `tiff`, `img-parts`, `jxl-oxide`, `re_rav1d`, `libheif-rs`. `image` decodes WebP, BMP and GIF and encodes JPEG, WebP and BMP. `png`, `tiff` and `moxcms`,
//! on which it rests, are used directly where `image` hides what is needed: texts, XMP, partial files and row-by-row
//! writing of PNG; alpha, resolution, EXIF and odd layouts of TIFF; inks and other colour.

mod boxes;
mod decode;
mod detail;
mod encode;
mod error;
mod exif;
mod file;
mod folder;
mod format;
mod guard;
mod iptc;
mod kinds;
mod limits;
mod metadata;
mod neighbour;
mod orientation;
mod profile;
mod template;
mod xmp;

pub use self::decode::{Header, decode, decode_bytes, dimensions, probe, thumbnail};
pub use self::encode::{EncodeOptions, encode, encode_into, encode_to_vec, jpeg_round_trip};
pub use self::error::{Error, ErrorKind, Result};
pub use self::folder::Folder;
pub use self::format::Format;
pub use self::guard::{Guard, Target, check_name, open_own, remove_own, sweep};
pub use self::kinds::is_picture;
pub use self::limits::{MAX_FILE_BYTES, MAX_PIXELS, Unencodable, check_encodable};
pub use self::metadata::{Dpi, Metadata, Picture};
pub use self::neighbour::{neighbour, pictures_beside};
pub use self::template::{DEFAULT_TEMPLATE, Fields, TEMPLATE_OF_SEVERAL, Template, TemplateError, output_path};
pub use crate::tensor::shrink::shrink_u8;
