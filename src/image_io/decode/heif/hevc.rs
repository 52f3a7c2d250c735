//! One frame of HEVC as planes of brightness and colour, through libheif: behind the feature `heif`, since it is a library of the
//! system, written in C++. It never sees the file: what is in a HEIC file is read here as in AVIF files, and libheif is given
//! each frame in a file of its own, without turns, transparency or anything else that it could do once more.
//!
//! `libheif-rs` 0.20 with `libheif-sys` 1.14.4 are the last bindings that the libheif 1.15 of Debian 12 suffices for, and need no
//! bindgen; from libheif-sys 1.16 on each wants a libheif that is newer. They are MIT. Their options of decoding are not used:
//! `decode` frees them before libheif reads them. Looked at too: `heic` (in Rust alone; AGPL).

use super::Result;
use super::planes::{Codes, Planes};
#[cfg(feature = "heif")]
use crate::tensor::Size;

/// Decodes a frame of a stated size, whose colours the file may state; `setup` is the content of its box `hvcC`.
#[cfg(feature = "heif")]
pub(super) fn decode(data: &[u8], setup: &[u8], (width, height): (u32, u32), codes: Option<Codes>) -> Result<Planes> {
    let file = file(data, setup, (width, height), codes);
    libheif::planes(&file, setup, Size::new(width as usize, height as usize), codes)
}

#[cfg(not(feature = "heif"))]
pub(super) fn decode(_: &[u8], _: &[u8], _: (u32, u32), _: Option<Codes>) -> Result<Planes> {
    Err(crate::image_io::error::ErrorKind::NotBuiltIn)
}

#[cfg(feature = "heif")]
fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, &content].concat()
}

/// A HEIC file of one picture.
#[cfg(feature = "heif")]
fn file(data: &[u8], setup: &[u8], (width, height): (u32, u32), codes: Option<Codes>) -> Vec<u8> {
    let kind = boxed(b"ftyp", &[b"heic\0\0\0\0mif1heic"]);
    let (start, length) = ((kind.len() as u32 + 8).to_be_bytes(), (data.len() as u32).to_be_bytes());
    let size = boxed(b"ispe", &[&[0; 4], &width.to_be_bytes(), &height.to_be_bytes()]);
    let colour = codes.map(|([p, t, m], full)| {
        let [p, t, m] = [p, t, m].map(u16::to_be_bytes);
        boxed(b"colr", &[b"nclx", &p, &t, &m, &[u8::from(full) << 7]])
    });
    // Item 1 has the properties 1, which has to be understood, 2 and 3.
    let list: &[u8] = if colour.is_some() { b"\x03\x81\x02\x03" } else { b"\x02\x81\x02" };
    let properties = boxed(b"ipco", &[&boxed(b"hvcC", &[setup]), &size, &colour.unwrap_or_default()]);
    let meta = boxed(
        b"meta",
        &[
            &[0; 4],
            &boxed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"]),
            &boxed(b"pitm", &[b"\0\0\0\0\0\x01"]),
            &boxed(b"iinf", &[b"\0\0\0\0\0\x01", &boxed(b"infe", &[b"\x02\0\0\0\0\x01\0\0hvc1\0"])]),
            &boxed(b"iloc", &[b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01", &start, &length]),
            &boxed(b"iprp", &[&properties, &boxed(b"ipma", &[b"\0\0\0\0\0\0\0\x01\0\x01", list])]),
        ],
    );
    [kind, boxed(b"mdat", &[data]), meta].concat()
}

#[cfg(feature = "heif")]
mod libheif {
    use std::sync::LazyLock;

    use libheif_rs::{Chroma, ColorSpace, HeifContext, HeifError, HeifErrorSubCode, LibHeif, Plane, RgbChroma};

    use super::super::planes::{Codes, Planes, damaged};
    use super::super::{Result, buffer};
    use crate::image_io::error::ErrorKind;
    use crate::image_io::format::Format;
    use crate::tensor::Size;

    /// Kept, because the last one that goes takes the decoders with it.
    static LIBRARY: LazyLock<LibHeif> = LazyLock::new(LibHeif::new);

    /// The picture of a file, which is of a stated size.
    pub(super) fn planes(
        file: &[u8],
        setup: &[u8],
        Size { width, height }: Size,
        stated: Option<Codes>,
    ) -> Result<Planes> {
        // As it is stored, so that libheif does not repeat colours that pixels share: here they are mixed.
        let (wanted, shared) = match setup.get(16).map_or(1, |kind| kind & 3) {
            0 => (ColorSpace::Monochrome, Size::square(1)),
            1 => (ColorSpace::YCbCr(Chroma::C420), Size::square(2)),
            2 => (ColorSpace::YCbCr(Chroma::C422), Size::new(2, 1)),
            _ => (ColorSpace::Rgb(RgbChroma::C444), Size::square(1)),
        };
        let context = HeifContext::read_from_bytes(file).map_err(failed)?;
        let handle = context.primary_image_handle().map_err(failed)?;
        let image = LIBRARY.decode(&handle, wanted, None).map_err(failed)?;
        let all = image.planes();
        let stored = match wanted {
            ColorSpace::Monochrome => vec![all.y],
            ColorSpace::Rgb(_) => vec![all.g, all.b, all.r],
            _ => vec![all.y, all.cb, all.cr],
        };
        let stored: Option<Vec<_>> = stored.into_iter().collect();
        let stored = stored.ok_or_else(|| damaged("a part of its colour is not there"))?;
        let bits = stored.iter().map(|p| p.bits_per_pixel).max().unwrap_or(8);
        if !(8..=12).contains(&bits) || stored.iter().any(|p| p.bits_per_pixel != bits) {
            return Err(unsupported("a HEIC file with so many bits"));
        }
        // What was not left as it is has become what JPEG has.
        let own = image.color_profile_nclx().map(|p| {
            let codes =
                [p.color_primaries() as u16, p.transfer_characteristics() as u16, p.matrix_coefficients() as u16];
            (codes, p.full_range_flag() != 0)
        });
        let (colour, samples_are) = (stated.or(own).unwrap_or(([2; 3], true)), own.unwrap_or(([2, 2, 6], true)));
        let identity = matches!(wanted, ColorSpace::Rgb(_));
        let (matrix, full) = if identity { (0, true) } else { (samples_are.0[2], samples_are.1) };
        let codes = ([colour.0[0], colour.0[1], matrix], full);
        let mut planes = Planes { width, height, bits, shared, planes: Vec::new(), codes };
        for plane in &stored {
            let size = planes.size(planes.planes.len());
            planes.planes.push(samples(plane, size)?);
        }
        Ok(planes)
    }

    fn samples(plane: &Plane<&[u8]>, size: Size) -> Result<Vec<u16>> {
        if Size::new(plane.width as usize, plane.height as usize) != size {
            return Err(damaged("its picture has another size than the file says"));
        }
        let mut samples: Vec<u16> = buffer(size.area())?;
        for (row, stored) in samples.chunks_exact_mut(size.width).zip(plane.data.chunks(plane.stride)) {
            if plane.bits_per_pixel == 8 {
                row.iter_mut().zip(stored).for_each(|(s, &b)| *s = b.into());
            } else {
                row.iter_mut().zip(stored.as_chunks::<2>().0).for_each(|(s, b)| *s = u16::from_ne_bytes(*b));
            }
        }
        Ok(samples)
    }

    fn unsupported(what: &str) -> ErrorKind {
        ErrorKind::Unsupported { what: what.to_owned() }
    }

    /// What libheif says, as one of our sentences.
    fn failed(error: HeifError) -> ErrorKind {
        match error.sub_code {
            HeifErrorSubCode::EndOfData => ErrorKind::Truncated { format: Format::Heic },
            HeifErrorSubCode::UnsupportedCodec => {
                unsupported("a HEIC file, for which libheif has no decoder here (its package libheif-plugin-libde265),")
            }
            _ => damaged(&error.message),
        }
    }
}
