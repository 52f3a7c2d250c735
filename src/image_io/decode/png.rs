//! PNG, through the `png` crate itself: `image` hides colour that is not a profile, texts, EXIF behind the pixels, and the
//! rows of a file that ends too early.

use std::io::{BufRead, Cursor, Seek};

use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Limits, Reader, Transformations};

use super::{Decoded, Header, Result, check_size};
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::image_io::limits::MAX_DECODER_BYTES;
use crate::image_io::metadata::{self, Metadata};
use crate::image_io::{iptc, orientation, profile};
use crate::tensor::{Depth, Pixels, Samples};

/// What is left of a picture where there are no data.
const GREY: u8 = 0x80;

fn open<R: BufRead + Seek>(reader: R, checked: bool) -> Result<Reader<R>> {
    let mut decoder = Decoder::new_with_limits(reader, Limits { bytes: MAX_DECODER_BYTES as usize });
    decoder.set_transformations(Transformations::EXPAND);
    decoder.ignore_checksums(!checked);
    decoder.read_info().map_err(failed)
}

/// Channels and depth of what is read.
fn layout<R: BufRead + Seek>(reader: &Reader<R>) -> (usize, Depth) {
    let (colour, bits) = reader.output_color_type();
    let depth = if bits == BitDepth::Sixteen { Depth::Sixteen } else { Depth::Eight };
    let channels = match colour {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb | ColorType::Indexed => 3,
        ColorType::Rgba => 4,
    };
    (channels, depth)
}

/// Reads a header.
pub(super) fn probe<R: BufRead + Seek>(reader: R) -> Result<Header> {
    let mut reader = open(reader, true)?;
    let (w, h) = reader.info().size();
    check_size(Format::Png, w.into(), h.into())?;
    let (channels, depth) = layout(&reader);
    // Most files that state an orientation do so before the pixels. The others have to be read to their end.
    let mut turned = Described::of(reader.info()).orientation();
    if turned.is_none() && reader.finish().is_ok() {
        turned = Described::of(reader.info()).orientation();
    }
    let (w, h) = if orientation::transposes(turned.unwrap_or(1)) { (h, w) } else { (w, h) };
    Ok(Header { format: Format::Png, width: w as usize, height: h as usize, channels, depth })
}

/// Decodes a whole file, or as much of it as there is.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    match read(bytes, true)? {
        (whole, None) => Ok(whole),
        // A wrong checksum stops the first reading; what it guards may be right.
        (part, Some(_)) if part.missing.is_none() => Ok(part),
        (part, Some(failure)) => match read(bytes, false) {
            Ok((second, _)) if second.missing.is_none_or(|lost| part.missing.is_some_and(|before| lost < before)) => {
                Ok(Decoded { missing: second.missing.or(Some(0.0)), ..second })
            }
            _ if part.missing == Some(1.0) => Err(failure),
            _ => Ok(part),
        },
    }
}

/// The picture, and why it ends early if it does.
fn read(bytes: &[u8], checked: bool) -> Result<(Decoded, Option<ErrorKind>)> {
    let mut reader = open(Cursor::new(bytes), checked)?;
    let (w, h) = reader.info().size();
    check_size(Format::Png, w.into(), h.into())?;
    let (width, height) = (w as usize, h as usize);
    let (channels, depth) = layout(&reader);
    let len = reader.output_buffer_size().ok_or(ErrorKind::OutOfMemory { bytes: u64::MAX })?;
    let mut raw: Vec<u8> = super::buffer(len)?;
    raw.fill(GREY);
    let (animated, interlaced) = (reader.info().animation_control.is_some(), reader.info().interlaced);
    let failure = reader.next_frame(&mut raw).err();
    // Texts and EXIF may follow the pixels; if they are broken, the picture is not.
    let _ = reader.finish();

    let pixel = raw.len() / (width * height);
    let missing =
        failure.is_some().then(|| missing(&raw, width * pixel, if interlaced { pixel } else { width * pixel }));
    // The end of a file that has all its pixels guards nothing.
    let missing = missing.filter(|&share| share > 0.0 || !matches!(failure, Some(DecodingError::IoError(_))));
    let samples = match depth {
        Depth::Eight => Samples::U8(raw),
        Depth::Sixteen => Samples::U16(raw.as_chunks::<2>().0.iter().map(|b| u16::from_be_bytes(*b)).collect()),
    };
    let pixels = Pixels { width, height, channels, samples };
    let described = Described::of(reader.info());
    let orientation = described.orientation().unwrap_or(1);
    let meta = described.metadata(reader.info(), metadata::png_dpi(bytes));
    let notes = if animated { vec![super::first_of_animation(Format::Png)] } else { Vec::new() };
    Ok((Decoded { pixels, meta, orientation, missing, steps: None, notes }, failure.map(failed)))
}

/// The share of what was never written to: whole rows from the end, or single pixels where rows come in turns.
fn missing(raw: &[u8], row: usize, unit: usize) -> f64 {
    let untouched = |unit: &&[u8]| unit.iter().all(|&b| b == GREY);
    let units = raw.len() / unit;
    let lost = if unit == row {
        raw.chunks_exact(unit).rev().take_while(untouched).count()
    } else {
        raw.chunks_exact(unit).filter(untouched).count()
    };
    lost as f64 / units as f64
}

/// What a file says in all the places where programs write it.
struct Described {
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    iptc: Option<Vec<u8>>,
    icc: Option<Vec<u8>>,
    texts: Vec<(String, String)>,
}

impl Described {
    fn of(info: &Info<'_>) -> Self {
        let own = |v: &Option<std::borrow::Cow<'_, [u8]>>| v.as_ref().map(|v| v.to_vec());
        let exif = own(&info.exif_metadata).map(metadata::bare_exif);
        let mut found = Self { exif, xmp: None, iptc: None, icc: own(&info.icc_profile), texts: Vec::new() };
        let latin = info.uncompressed_latin1_text.iter().map(|t| (t.keyword.clone(), Some(t.text.clone())));
        let packed = info.compressed_latin1_text.iter().map(|t| (t.keyword.clone(), t.get_text().ok()));
        let wide = info.utf8_text.iter().map(|t| (t.keyword.clone(), t.get_text().ok()));
        for (key, text) in latin.chain(packed).chain(wide) {
            if let Some(text) = text {
                found.take(key, text);
            }
        }
        found
    }

    /// The first of several stays.
    fn take(&mut self, key: String, text: String) {
        if key == "XML:com.adobe.xmp" {
            self.xmp.get_or_insert(text.into_bytes());
            return;
        }
        let Some(kind) = key.strip_prefix("Raw profile type ") else {
            self.texts.push((key, text));
            return;
        };
        let Some(bytes) = iptc::of_hex(&text) else { return };
        match kind {
            "exif" => drop(self.exif.get_or_insert(metadata::bare_exif(bytes))),
            "APP1" if bytes.starts_with(b"Exif") => drop(self.exif.get_or_insert(metadata::bare_exif(bytes))),
            "APP1" => {
                let packet = bytes.strip_prefix(metadata::XMP_LABEL).map(<[u8]>::to_vec);
                self.xmp = self.xmp.take().or(packet);
            }
            "xmp" => drop(self.xmp.get_or_insert(bytes)),
            "iptc" | "8bim" => {
                let record =
                    iptc::of_resources(&bytes).or((kind == "iptc" && bytes.starts_with(&[0x1c])).then_some(bytes));
                self.iptc = self.iptc.take().or(record);
            }
            "icc" | "icm" => drop(self.icc.get_or_insert(bytes)),
            _ => {}
        }
    }

    fn orientation(&self) -> Option<u8> {
        metadata::stated_orientation(self.exif.as_deref(), self.xmp.as_deref())
    }

    fn metadata(self, info: &Info<'_>, stated: Option<metadata::Dpi>) -> Metadata {
        let Self { exif, xmp, iptc, icc, texts } = self;
        let dpi = metadata::believed_dpi(stated, exif.as_deref().and_then(metadata::exif_dpi));
        let code_points = info.coding_independent_code_points;
        let cicp = code_points.map(|c| {
            [c.color_primaries, c.transfer_function, c.matrix_coefficients, u8::from(c.is_video_full_range_image)]
        });
        let colour = icc.or_else(|| match (cicp, info.srgb) {
            (Some(code_points), _) => profile::of_code_points(code_points),
            (None, Some(_)) => None,
            (None, None) => {
                let corners = info.chrm_chunk.map(|c| [c.white, c.red, c.green, c.blue].map(corner));
                let grey = matches!(info.color_type, ColorType::Grayscale | ColorType::GrayscaleAlpha);
                profile::of_gamma(info.gama_chunk.map(|g| g.into_value()), corners, grey)
            }
        });
        Metadata { icc: colour, cicp, exif, xmp, iptc, texts, dpi }
    }
}

fn corner((x, y): (png::ScaledFloat, png::ScaledFloat)) -> (f32, f32) {
    (x.into_value(), y.into_value())
}

/// What `png` says, as one of our sentences.
fn failed(error: DecodingError) -> ErrorKind {
    let format = Format::Png;
    match error {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => ErrorKind::Truncated { format },
        DecodingError::IoError(source) => ErrorKind::from_decoder_io(format, source),
        DecodingError::LimitsExceeded => {
            ErrorKind::Damaged { format, detail: "decoding it would take far more memory than its pixels".into() }
        }
        other => ErrorKind::from_detail(format, &other.to_string()),
    }
}
