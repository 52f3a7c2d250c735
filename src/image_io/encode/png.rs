//! PNG, through the `png` crate itself: `image` writes no resolution and no XMP, and makes a second copy of 16-bit
//! pixels.

use std::borrow::Cow;
use std::io::Write;

use png::chunk::ChunkType;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, Info, PixelDimensions, Unit};

use super::{Failure, Job};
use crate::image_io::iptc;
use crate::tensor::Samples;

impl From<EncodingError> for Failure {
    fn from(e: EncodingError) -> Self {
        match e {
            EncodingError::IoError(e) => Failure::Io(e),
            other => Failure::Encoder(other.to_string()),
        }
    }
}

pub(super) fn write<W: Write>(out: &mut W, job: &Job<'_>, notes: &mut Vec<String>) -> Result<(), Failure> {
    let mut info = Info::with_size(job.width, job.height);
    info.icc_profile = job.icc.map(Cow::Borrowed);
    info.exif_metadata = job.exif.map(Cow::Borrowed);
    info.pixel_dims = job.dpi.map(|dpi| {
        let (xppu, yppu) = dpi.to_metres();
        PixelDimensions { xppu, yppu, unit: Unit::Meter }
    });
    let mut encoder = Encoder::with_info(out, info)?;
    encoder.set_color(match job.pixels.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    });
    if let Some(packet) = job.xmp.and_then(|x| std::str::from_utf8(x).ok()) {
        encoder.add_itxt_chunk("XML:com.adobe.xmp".into(), packet.into())?;
    }
    if let Some(record) = job.iptc {
        encoder.add_ztxt_chunk("Raw profile type iptc".into(), iptc::to_hex("iptc", &iptc::to_resources(record)))?;
    }
    for (key, text) in job.texts {
        let latin = |s: &str| s.chars().all(|c| u32::from(c) < 256);
        if !latin(key) || !(1..80).contains(&key.chars().count()) {
            notes.push(format!("the text \"{key}\" has a name that PNG cannot hold, and was left out"));
        } else if latin(text) {
            encoder.add_text_chunk(key.clone(), text.clone())?;
        } else {
            encoder.add_itxt_chunk(key.clone(), text.clone())?;
        }
    }
    // A compressor made for PNG: on a photograph a twelfth of the time of the usual one, for files 8 % larger.
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Adaptive);
    encoder.set_depth(match job.pixels.samples {
        Samples::U8(_) => BitDepth::Eight,
        Samples::U16(_) => BitDepth::Sixteen,
    });

    let mut writer = encoder.write_header()?;
    if let Some(code_points) = job.cicp {
        writer.write_chunk(ChunkType(*b"cICP"), &code_points)?;
    }
    let mut rows = writer.stream_writer_with_size(1 << 16)?;
    match &job.pixels.samples {
        Samples::U8(v) => rows.write_all(v)?,
        Samples::U16(v) => {
            // PNG is big-endian.
            let mut row = Vec::new();
            for samples in v.chunks(job.pixels.width * job.pixels.channels) {
                row.clear();
                row.extend(samples.iter().flat_map(|s| s.to_be_bytes()));
                rows.write_all(&row)?;
            }
        }
    }
    rows.finish()?;
    writer.finish()?;
    Ok(())
}
