//! One layer's values as pictures that numbers can be had back from.

use super::text;
use crate::{
    backend::Rect,
    error::Error,
    image_io::{self, EncodeOptions, Format, Metadata},
    nn::{Node, Plan},
    tensor::{Pixels, Samples, Tensor},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What the JSON file beside the pictures says. A sample `v` of a 16-bit picture stands for
/// `black + v / 65535 · (white − black)`.
#[derive(Serialize)]
pub(super) struct Saved {
    layer: String,
    /// What it computes, as `nn::Op` spells it.
    op: String,
    /// The nodes that it reads.
    inputs: Vec<String>,
    /// Column, row, width, height in pixels of the photo.
    region: [usize; 4],
    width: usize,
    height: usize,
    /// All channels in one picture, row by row.
    pub(super) sheet: String,
    pub(super) black: f32,
    pub(super) white: f32,
    pub(super) channels: Vec<Channel>,
}

/// One channel's picture and values.
#[derive(Serialize)]
pub(super) struct Channel {
    file: String,
    min: f32,
    max: f32,
    mean: f64,
    std: f64,
    /// Share of values that are exactly zero.
    zeros: f64,
}

/// Pixels between the channels of a sheet.
const GAP: usize = 2;

/// Every file that [`save`] writes for a node.
pub(super) fn paths(out: &Path, node: &Node) -> Vec<PathBuf> {
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
pub(super) fn save(out: &Path, plan: &Plan, node: usize, values: &Tensor, region: Rect) -> Result<Saved, Error> {
    let node = &plan.nodes[node];
    let (h, w, c) = (values.shape.h, values.shape.w, values.shape.c);
    let (black, white) = scale(&values.data);
    let folder = out.join(&node.name);
    std::fs::create_dir_all(&folder).map_err(|source| Error::Write { file: folder, source })?;
    let mut channels = Vec::with_capacity(c);
    for k in 0..c {
        let plane: Vec<f32> = values.data[k..].iter().step_by(c).copied().collect();
        let samples = plane.iter().map(|&v| level(v, black, white, 65535.0) as u16).collect();
        let file = channel_path(out, node, k);
        write(&file, w, h, Samples::U16(samples))?;
        channels.push(statistics(text::lossy(&file), &plane));
    }
    let sheet = sheet_path(out, node);
    write_sheet(&sheet, values, black, white)?;
    let saved = Saved {
        layer: node.name.clone(),
        op: format!("{:?}", node.op),
        inputs: node.inputs.iter().map(|&i| plan.nodes[i].name.clone()).collect(),
        region: [region.x, region.y, region.w, region.h],
        width: w,
        height: h,
        sheet: text::lossy(&sheet),
        black,
        white,
        channels,
    };
    let file = json_path(out, node);
    let unwritable = |source| Error::Write { file: file.clone(), source };
    let text = serde_json::to_string_pretty(&saved).map_err(|e| unwritable(e.into()))?;
    std::fs::write(&file, text + "\n").map_err(unwritable)?;
    Ok(saved)
}

/// The values of black and white: from zero where nothing is negative, else symmetric about zero.
fn scale(values: &[f32]) -> (f32, f32) {
    let (min, max) = values.iter().fold((0.0f32, 0.0f32), |(lo, hi), &v| (lo.min(v), hi.max(v)));
    // A layer that is zero everywhere: any scale will do, but not one of width zero.
    let most = if max.max(-min) > 0.0 { max.max(-min) } else { 1.0 };
    if min < 0.0 { (-most, most) } else { (0.0, most) }
}

/// The sample that stands for `value`, `0..=max`.
fn level(value: f32, black: f32, white: f32, max: f32) -> f32 {
    ((value - black) / (white - black) * max).round_ties_even().clamp(0.0, max)
}

fn statistics(file: String, plane: &[f32]) -> Channel {
    let n = plane.len() as f64;
    let mean = plane.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let variance = plane.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n;
    Channel {
        file,
        min: plane.iter().copied().fold(f32::INFINITY, f32::min),
        max: plane.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        mean,
        std: variance.sqrt(),
        zeros: plane.iter().filter(|&&v| v == 0.0).count() as f64 / n,
    }
}

/// All channels in a grid as square as it gets, on black.
fn write_sheet(file: &Path, values: &Tensor, black: f32, white: f32) -> Result<(), Error> {
    let (h, w, c) = (values.shape.h, values.shape.w, values.shape.c);
    let columns = c.isqrt() + usize::from(c.isqrt() * c.isqrt() < c);
    let rows = c.div_ceil(columns);
    let (width, height) = (columns * (w + GAP) - GAP, rows * (h + GAP) - GAP);
    let mut samples = vec![0u8; width * height];
    for y in 0..h {
        for x in 0..w {
            for (k, &v) in values.pixel(0, y, x).iter().enumerate() {
                let (top, left) = (k / columns * (h + GAP), k % columns * (w + GAP));
                samples[(top + y) * width + left + x] = level(v, black, white, 255.0) as u8;
            }
        }
    }
    write(file, width, height, Samples::U8(samples))
}

fn write(file: &Path, width: usize, height: usize, samples: Samples) -> Result<(), Error> {
    let pixels = Pixels { width, height, channels: 1, samples };
    // What exists was found before the work began, or may be replaced.
    let options = EncodeOptions { overwrite: true, ..EncodeOptions::new(Format::Png) };
    image_io::encode(&pixels, &Metadata::default(), file, &options)?;
    Ok(())
}
