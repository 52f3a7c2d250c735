//! One layer's values in files: as pictures that numbers can be had back from, and as the numbers themselves.

use super::statistics::{Range, Statistics, plane};
use crate::{
    backend::Rect,
    error::Error,
    image_io::{self, EncodeOptions, Format, Guard, Metadata, Target},
    nn::{Node, Plan, weights},
    tensor::{Pixels, Samples, Tensor},
};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What the JSON file beside the pictures says. A sample `v` of a 16-bit picture stands for
/// `black + v / 65535 · (white − black)`.
#[derive(Serialize)]
pub struct Saved {
    layer: String,
    /// What it computes, as `nn::Op` spells it.
    op: String,
    /// The nodes that it reads.
    inputs: Vec<String>,
    /// Column, row, width, height in pixels of the photo.
    region: [usize; 4],
    width: usize,
    height: usize,
    /// File of all channels in one picture, row by row.
    pub sheet: String,
    /// Its channels.
    pub channels: Vec<Channel>,
}

/// One channel's picture and values.
#[derive(Serialize)]
pub struct Channel {
    file: String,
    /// The value that black stands for, in the sheet too.
    black: f32,
    /// The value that white stands for.
    white: f32,
    #[serde(flatten)]
    statistics: Statistics,
}

/// Pixels between the channels of a sheet.
const GAP: usize = 2;

/// Every file that [`save`] writes for a node.
pub fn paths(out: &Path, node: &Node) -> Vec<PathBuf> {
    let channels = (0..node.channels).map(|c| channel_path(out, node, c));
    [sheet_path(out, node), json_path(out, node)].into_iter().chain(channels).collect()
}

fn sheet_path(out: &Path, node: &Node) -> PathBuf {
    out.join(format!("{}.png", node.name))
}

fn json_path(out: &Path, node: &Node) -> PathBuf {
    out.join(format!("{}.json", node.name))
}

fn channel_path(out: &Path, node: &Node, channel: usize) -> PathBuf {
    out.join(&node.name).join(format!("{channel:03}.png"))
}

/// Writes a node's values (`[1, h, w, channels]`) below the folder `out`.
///
/// # Errors
/// If the files cannot be written.
pub fn save(
    guard: &Guard,
    out: &Path,
    overwrite: bool,
    plan: &Plan,
    node: usize,
    values: &Tensor,
    region: Rect,
) -> Result<Saved, Error> {
    let node = &plan.nodes[node];
    let (h, w, c) = (values.shape.h, values.shape.w, values.shape.c);
    let folder = out.join(&node.name);
    std::fs::create_dir_all(&folder).map_err(|source| Error::Write { file: folder, source })?;
    let mut channels = Vec::with_capacity(c);
    for k in 0..c {
        let plane = plane(values, k);
        let file = channel_path(out, node, k);
        write(&guard.claim(&file, overwrite)?, w, h, Samples::U16(sixteen(&plane)))?;
        let Range { black, white } = Range::of(&plane);
        channels.push(Channel { file: lossy(&file), black, white, statistics: Statistics::of(&plane) });
    }
    let sheet = sheet_path(out, node);
    write_sheet(&guard.claim(&sheet, overwrite)?, values)?;
    let saved = Saved {
        layer: node.name.clone(),
        op: format!("{:?}", node.op),
        inputs: node.inputs.iter().map(|&i| plan.nodes[i].name.clone()).collect(),
        region: [region.x, region.y, region.w, region.h],
        width: w,
        height: h,
        sheet: lossy(&sheet),
        channels,
    };
    let file = json_path(out, node);
    let unwritable = |source| Error::Write { file: file.clone(), source };
    let text = serde_json::to_string_pretty(&saved).map_err(|e| unwritable(e.into()))?;
    guard.claim(&file, overwrite)?.write_bytes((text + "\n").as_bytes())?;
    Ok(saved)
}

/// All channels in a grid as square as it gets, on black, each on its own scale.
fn write_sheet(file: &Target, values: &Tensor) -> Result<(), Error> {
    let (h, w, c) = (values.shape.h, values.shape.w, values.shape.c);
    let columns = c.isqrt() + usize::from(c.isqrt() * c.isqrt() < c);
    let rows = c.div_ceil(columns);
    let (width, height) = (columns * (w + GAP) - GAP, rows * (h + GAP) - GAP);
    let ranges: Vec<Range> = (0..c).map(|k| Range::of(&plane(values, k))).collect();
    let mut samples = vec![0u8; width * height];
    for y in 0..h {
        for x in 0..w {
            for (k, &v) in values.pixel(0, y, x).iter().enumerate() {
                let (top, left) = (k / columns * (h + GAP), k % columns * (w + GAP));
                samples[(top + y) * width + left + x] = ranges[k].level(v, 255.0) as u8;
            }
        }
    }
    write(file, width, height, Samples::U8(samples))
}

/// 16-bit samples; see [`Channel`] for what they stand for.
fn sixteen(plane: &[f32]) -> Vec<u16> {
    let range = Range::of(plane);
    plane.iter().map(|&v| range.level(v, 65535.0) as u16).collect()
}

fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn write(file: &Target, width: usize, height: usize, samples: Samples) -> Result<(), Error> {
    let pixels = Pixels { width, height, channels: 1, samples };
    image_io::encode_into(file, &pixels, &Metadata::default(), &EncodeOptions::new(Format::Png))?;
    Ok(())
}

/// What can be written of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// All channels in one grey picture, 8 bits.
    #[default]
    Sheet,
    /// One channel as a grey picture, 16 bits.
    Channel,
    /// All numbers as a NumPy array `[channels, rows, columns]`.
    Npy,
    /// All numbers as a safetensors file, `[1, channels, rows, columns]` under the layer's name.
    Safetensors,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sheet, Self::Channel, Self::Npy, Self::Safetensors];

    /// Ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Sheet | Self::Channel => "png",
            Self::Npy => "npy",
            Self::Safetensors => "safetensors",
        }
    }
}

/// Writes a layer's values (`[1, h, w, channels]`) into one file.
///
/// # Errors
/// If it cannot be written; then nothing has changed.
pub fn write_one(file: &Target, kind: Kind, name: &str, values: &Tensor, channel: usize) -> Result<(), Error> {
    let (h, w, c) = (values.shape.h, values.shape.w, values.shape.c);
    let bytes = match kind {
        Kind::Sheet => return write_sheet(file, values),
        Kind::Channel => return write(file, w, h, Samples::U16(sixteen(&plane(values, channel)))),
        Kind::Npy => npy(&[c, h, w], &values.to_nchw()),
        Kind::Safetensors => {
            let planar = values.to_nchw();
            let meta = BTreeMap::from([("layer".to_owned(), name.to_owned())]);
            weights::write_tensors(&[(name.to_owned(), vec![1, c, h, w], &planar)], meta)
                .map_err(|source| Error::Weights { file: file.path().to_owned(), source })?
        }
    };
    file.write_bytes(&bytes)?;
    Ok(())
}

/// The bytes of a NumPy array file, version 1.0 of the format: magic, length of the header, a header that is a Python
/// dictionary padded with blanks to a multiple of 64, values in C order.
fn npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let sides = shape.iter().map(|n| format!("{n}, ")).collect::<String>();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", sides.trim_end());
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn the_array_file_is_as_its_format_says() {
        let bytes = npy(&[1, 2, 1], &[1.0, -2.0]);
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((10 + length) % 64, 0);
        let header = std::str::from_utf8(&bytes[10..10 + length]).unwrap();
        assert_eq!(header.trim_end(), "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1,), }");
        assert_eq!(&bytes[10 + length..], [1.0f32.to_le_bytes(), (-2.0f32).to_le_bytes()].concat());
    }

    #[test]
    fn every_kind_is_written_once_and_not_over_another_file() {
        let room = tempfile::tempdir().unwrap();
        let values = Tensor::from_vec(Shape::new(1, 2, 2, 2), (0..8).map(|v| v as f32).collect());
        for kind in Kind::ALL {
            let file = room.path().join(format!("{kind:?}.{}", kind.extension()));
            let claim = |overwrite| Guard::default().claim(&file, overwrite);
            write_one(&claim(false).unwrap(), kind, "body.0", &values, 1).unwrap();
            assert!(claim(false).unwrap_err().to_string().contains("exists"));
            write_one(&claim(true).unwrap(), kind, "body.0", &values, 1).unwrap();
        }
        let bytes = std::fs::read(room.path().join("Safetensors.safetensors")).unwrap();
        let (named, meta) = weights::read_tensors(&bytes).unwrap();
        assert_eq!(named["body.0"], (vec![1, 2, 2, 2], vec![0.0, 2.0, 4.0, 6.0, 1.0, 3.0, 5.0, 7.0]));
        assert_eq!(meta["layer"], "body.0");
    }
}
