//! TIFF, through the `tiff` crate: deflate with a horizontal predictor, strip by strip, with resolution, profile,
//! EXIF and XMP, and with alpha declared as straight (without the declaration, readers may take it for multiplied or
//! ignore it).

use std::io::{Seek, Write};

use tiff::encoder::colortype::{ColorType, Gray8, Gray16, RGB8, RGB16, RGBA8, RGBA16};
use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, Predictor, TiffEncoder, TiffValue};
use tiff::tags::{ExtraSamples, ResolutionUnit, Tag};
use tiff::{TiffError, TiffResult};

use super::{Failure, Job};
use crate::image_io::exif::{Directory, ForTiff, fraction, tag, write_text};
use crate::tensor::Samples;

impl From<TiffError> for Failure {
    fn from(e: TiffError) -> Self {
        match e {
            TiffError::IoError(e) => Failure::Io(e),
            other => Failure::Encoder(other.to_string()),
        }
    }
}

pub(super) fn write<W: Write + Seek>(out: &mut W, job: &Job<'_>, notes: &mut Vec<String>) -> Result<(), Failure> {
    for (key, _) in job.texts.iter().filter(|(key, _)| tag_of(key).is_none()) {
        notes.push(format!("TIFF has no place for the text \"{key}\", and it was left out"));
    }
    match (&job.pixels.samples, job.pixels.channels) {
        (Samples::U8(v), 1) => write_as::<Gray8, _>(out, job, v)?,
        (Samples::U8(v), 3) => write_as::<RGB8, _>(out, job, v)?,
        (Samples::U8(v), 4) => write_as::<RGBA8, _>(out, job, v)?,
        (Samples::U16(v), 1) => write_as::<Gray16, _>(out, job, v)?,
        (Samples::U16(v), 3) => write_as::<RGB16, _>(out, job, v)?,
        (Samples::U16(v), 4) => write_as::<RGBA16, _>(out, job, v)?,
        _ => return Err(Failure::Encoder("TIFF files are written as grey, RGB or RGB with alpha".into())),
    }
    out.flush()?;
    Ok(())
}

/// The tag that says the same as a text of this key.
fn tag_of(key: &str) -> Option<Tag> {
    match key {
        "Title" | "Description" | "Comment" => Some(Tag::ImageDescription),
        "Author" => Some(Tag::Artist),
        "Copyright" => Some(Tag::Copyright),
        "Software" => Some(Tag::Software),
        _ => None,
    }
}

fn write_as<C: ColorType, W: Write + Seek>(out: &mut W, job: &Job<'_>, samples: &[C::Inner]) -> TiffResult<()>
where
    [C::Inner]: TiffValue,
{
    let mut encoder = TiffEncoder::new(out)?
        .with_compression(Compression::Deflate(DeflateLevel::Fast))
        .with_predictor(Predictor::Horizontal);
    let exif = match job.exif {
        Some(block) => ForTiff::begin(block, &mut encoder)?,
        None => None,
    };
    let mut picture = encoder.new_image::<C>(job.width, job.height)?;
    if let Some(dpi) = job.dpi {
        picture.resolution_unit(ResolutionUnit::Inch);
        picture.x_resolution(fraction(dpi.x));
        picture.y_resolution(fraction(dpi.y));
    }
    let tags = picture.encoder();
    if job.pixels.has_alpha() {
        tags.write_tag(Tag::ExtraSamples, &[ExtraSamples::UnassociatedAlpha.to_u16()][..])?;
    }
    if let Some(exif) = exif {
        exif.finish(tags)?;
    }
    if let Some(profile) = job.icc {
        tags.write_tag(Tag::IccProfile, profile)?;
    }
    if let Some(record) = job.iptc {
        tags.write_tag(Tag::Unknown(tag::IPTC), record)?;
    }
    let of_exif = job.exif.and_then(Directory::first).into_iter().flat_map(|d| d.entries).map(|e| e.tag);
    let mut taken: Vec<u16> = of_exif.collect();
    for (key, text) in job.texts {
        if let Some(tag) = tag_of(key).filter(|tag| !taken.contains(&tag.to_u16())) {
            write_text(tags, tag.to_u16(), text)?;
            taken.push(tag.to_u16());
        }
    }
    if let Some(packet) = job.xmp {
        tags.write_tag(Tag::Unknown(tag::XMP), packet)?;
    }
    picture.write_data(samples)
}
