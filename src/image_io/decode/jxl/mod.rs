//! JPEG XL, through `jxl-oxide`: a complete decoder in Rust alone.

mod cut;

use jxl_oxide::{AllocTracker, AuxBoxData, InitializeResult, JxlImage, PixelFormat};

use super::{Decoded, Header, Result, buffer, check_size};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_DECODER_BYTES;
use crate::image_io::metadata::{self, Metadata};
use crate::image_io::profile;
use crate::tensor::{Depth, Pixels, Samples, Size};

/// Of the picture, upright.
fn size(image: &JxlImage) -> Result<Size> {
    check_size(Format::Jxl, image.width().into(), image.height().into())?;
    Ok(Size::new(image.width() as usize, image.height() as usize))
}

fn channels(image: &JxlImage) -> Result<usize> {
    match image.pixel_format() {
        PixelFormat::Gray => Ok(1),
        PixelFormat::Graya => Ok(2),
        PixelFormat::Rgb => Ok(3),
        PixelFormat::Rgba => Ok(4),
        _ => Err(ErrorKind::Unsupported { what: "a JPEG XL file of inks".into() }),
    }
}

fn depth(image: &JxlImage) -> Depth {
    let bits = image.image_header().metadata.bit_depth.bits_per_sample();
    if bits > 8 { Depth::Sixteen } else { Depth::Eight }
}

/// Reads a header; `bytes` may end anywhere behind it.
pub(super) fn probe(bytes: &[u8]) -> Result<Header> {
    let mut begun = JxlImage::builder().build_uninit();
    begun.feed_bytes(bytes).map_err(failed)?;
    let InitializeResult::Initialized(image) = begun.try_init().map_err(failed)? else {
        return Err(ErrorKind::Truncated { format: Format::Jxl });
    };
    let Size { width, height } = size(&image)?;
    Ok(Header { format: Format::Jxl, width, height, channels: channels(&image)?, depth: depth(&image) })
}

/// Decodes a whole file, or as much of it as there is; pictures come out upright.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let header = probe(bytes)?;
    let area = (header.width * header.height) as u64;
    // Floats for each channel, and as much again while it works.
    let room = usize::try_from(area * 64 + MAX_DECODER_BYTES).unwrap_or(usize::MAX);
    let mut image = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(room)).read(bytes).map_err(failed)?;
    let Size { width, height } = size(&image)?;
    let channels = channels(&image)?;
    let (render, cut) = if image.num_loaded_keyframes() == 0 {
        let (render, cut) = cut::render(&mut image).ok_or(ErrorKind::Truncated { format: Format::Jxl })?;
        (render, Some(cut))
    } else {
        (image.render_frame(0).map_err(failed)?, None)
    };
    let mut stream = render.stream();
    if (stream.width() as usize, stream.height() as usize, stream.channels() as usize) != (width, height, channels) {
        return Err(ErrorKind::Unsupported { what: "a JPEG XL file with channels of another kind".into() });
    }
    let len = width * height * channels;
    let samples = match depth(&image) {
        Depth::Eight => {
            let mut v: Vec<u8> = buffer(len)?;
            stream.write_to_buffer(&mut v);
            Samples::U8(v)
        }
        Depth::Sixteen => {
            let mut v: Vec<u16> = buffer(len)?;
            stream.write_to_buffer(&mut v);
            Samples::U16(v)
        }
    };
    let animated = image.image_header().metadata.animation.is_some();
    let notes = if animated { vec![super::first_of_animation(Format::Jxl)] } else { Vec::new() };
    let mut pixels = Pixels { width, height, channels, samples };
    if let Some(cut) = &cut {
        cut.fill(&mut pixels, image.image_header().metadata.orientation as u8);
    }
    let missing = cut.map(|cut| cut.missing);
    Ok(Decoded { pixels, meta: described(&image), orientation: 1, missing, steps: None, notes })
}

fn described(image: &JxlImage) -> Metadata {
    let boxes = image.aux_boxes();
    let exif = match boxes.first_exif() {
        Ok(AuxBoxData::Data(raw)) => Some(metadata::bare_exif(raw.payload().to_vec())),
        _ => None,
    };
    let xmp = match boxes.first_xml() {
        AuxBoxData::Data(packet) => Some(packet.to_vec()),
        _ => None,
    };
    // Its own profile, or one of the code points; sRGB needs none.
    let cicp = image.rendered_cicp().filter(|points| profile::of_code_points(*points).is_some());
    let srgb = matches!(image.rendered_cicp(), Some([1, 13, ..]));
    let icc = match (cicp, srgb) {
        (_, true) => None,
        (Some(points), false) => profile::of_code_points(points),
        (None, false) => Some(image.rendered_icc()),
    };
    let dpi = exif.as_deref().and_then(metadata::exif_dpi);
    Metadata { icc, cicp, exif, xmp, dpi, ..Metadata::default() }
}

/// What `jxl-oxide` says, as one of our sentences.
fn failed(error: Box<dyn std::error::Error + Send + Sync + 'static>) -> ErrorKind {
    ErrorKind::from_detail(Format::Jxl, &error.to_string())
}
