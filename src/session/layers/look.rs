//! One look at a layer: what is asked for, what comes back, and what is kept for the next.

use super::{
    detail::{Detail, detail},
    explain::{Explained, explain},
    paint::{self, Atlas, Paint, Picture},
    source::Source,
    statistics::{Range, Statistics, plane},
};
use crate::{
    backend::Rect,
    error::Error,
    infer::CancelToken,
    nn::{Model, Op, Plan},
    session::{Device, Shared, models::ModelRef, open::Photo},
    tensor::{Pixels, Point},
};
use std::sync::Arc;

/// Longest side of the photo's small picture.
const THUMB: usize = 240;

/// Everything that decides what is seen.
#[derive(Clone)]
pub struct Request {
    /// The photo.
    pub photo: Arc<Photo>,
    /// The part of it, in its pixels.
    pub region: Rect,
    /// The network.
    pub model: ModelRef,
    /// Another network, whose layer of the same name is shown beside.
    pub second: Option<ModelRef>,
    /// The layer by name; where the network has none of that name, its first power activation.
    pub node: Option<String>,
    /// Which channel is looked at in depth; the last one if there are fewer.
    pub channel: usize,
    /// The pixel of the map whose arithmetic is wanted.
    pub pixel: Option<Point>,
    /// Colours.
    pub paint: Paint,
}

impl PartialEq for Request {
    fn eq(&self, o: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &o.photo)
            && (self.region, &self.model, &self.second, &self.node) == (o.region, &o.model, &o.second, &o.node)
            && (self.channel, self.pixel, self.paint) == (o.channel, o.pixel, o.paint)
    }
}

/// The answer.
pub struct LayerView {
    /// What was asked.
    pub request: Request,
    /// The layer.
    pub map: Arc<Map>,
    /// The other network's layer, or why there is none.
    pub second: Option<Result<Arc<Map>, String>>,
    /// The channel.
    pub detail: Arc<Detail>,
    /// The arithmetic, if a pixel was named that exists.
    pub explained: Option<Explained>,
    /// The whole photo, small.
    pub thumb: Arc<Picture>,
}

/// A layer's values and how they look.
pub struct Map {
    /// Values.
    pub source: Arc<Source>,
    /// Per channel.
    pub statistics: Vec<Statistics>,
    /// Per channel: what the colours stand for.
    pub ranges: Vec<Range>,
    /// How it is painted.
    pub paint: Paint,
    /// The scale that it has in common with the network beside it.
    pub scale: Option<Range>,
    /// All channels.
    pub atlas: Atlas,
}

/// What is kept from one look to the next.
#[derive(Default)]
pub(super) struct Cached {
    sources: [Option<(Wanted, Arc<Source>)>; 2],
    maps: [Option<Arc<Map>>; 2],
    detail: Option<(Arc<Source>, Arc<Detail>)>,
    thumb: Option<(Arc<Photo>, Arc<Picture>)>,
}

/// What decides a layer's values.
struct Wanted {
    photo: Arc<Photo>,
    model: Arc<Model>,
    region: Rect,
    node: usize,
    device: u64,
}

impl Wanted {
    fn same(&self, o: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &o.photo)
            && Arc::ptr_eq(&self.model, &o.model)
            && (self.region, self.node, self.device) == (o.region, o.node, o.device)
    }
}

impl Cached {
    pub(super) fn look(&mut self, shared: &Shared, request: Request, cancel: &CancelToken) -> Result<LayerView, Error> {
        let model = shared.models.get(&request.model)?;
        let node = request.node.as_ref().and_then(|n| model.plan.find(n)).unwrap_or_else(|| first(&model.plan));
        let name = model.plan.nodes[node].name.clone();
        let device = shared.device()?;
        let own = self.source(0, &request, model, node, &device, cancel)?;
        let other = request.second.as_ref().map(|second| {
            let model = shared.models.get(second).map_err(|e| e.to_string())?;
            let found = model.plan.find(&name);
            let node = found.ok_or_else(|| format!("{} has no layer {name}", second.name()))?;
            self.source(1, &request, model, node, &device, cancel).map_err(|e| e.to_string())
        });
        let beside = other.as_ref().and_then(|other| other.as_ref().ok());
        let scale = beside.and_then(|other| paint::common([&own.shown, &other.shown], request.paint));
        let map = self.map(0, own, request.paint, scale);
        let second = other.map(|other| other.map(|source| self.map(1, source, request.paint, scale)));
        let channel = request.channel.min(map.statistics.len() - 1);
        let detail = match &self.detail {
            Some((of, kept)) if Arc::ptr_eq(of, &map.source) && kept.channel == channel => kept.clone(),
            _ => self.detail.insert((map.source.clone(), Arc::new(detail(&map.source, channel)))).1.clone(),
        };
        let explained = request.pixel.and_then(|Point { x, y }| explain(&map.source, channel, y, x));
        let thumb = match &self.thumb {
            Some((of, kept)) if Arc::ptr_eq(of, &request.photo) => kept.clone(),
            _ => self.thumb.insert((request.photo.clone(), Arc::new(small(&request.photo.pixels)))).1.clone(),
        };
        Ok(LayerView { request, map, second, detail, explained, thumb })
    }

    fn source(
        &mut self,
        slot: usize,
        request: &Request,
        model: Arc<Model>,
        node: usize,
        device: &Device,
        cancel: &CancelToken,
    ) -> Result<Arc<Source>, Error> {
        let Request { photo, region, .. } = request;
        let wanted = Wanted { photo: photo.clone(), model, region: *region, node, device: device.generation };
        if let Some((_, kept)) = self.sources[slot].as_ref().filter(|(of, _)| of.same(&wanted)) {
            return Ok(kept.clone());
        }
        let read = Source::read(&photo.pixels, &wanted.model, *region, node, device.backend.as_ref(), cancel);
        let read = Arc::new(read.map_err(|e| Error::infer(&photo.name, e))?);
        Ok(self.sources[slot].insert((wanted, read)).1.clone())
    }

    /// `scale`: that of both networks, if they have one.
    fn map(&mut self, slot: usize, source: Arc<Source>, paint: Paint, scale: Option<Range>) -> Arc<Map> {
        let same = |map: &&Arc<Map>| Arc::ptr_eq(&map.source, &source) && (map.paint, map.scale) == (paint, scale);
        if let Some(kept) = self.maps[slot].as_ref().filter(same) {
            return kept.clone();
        }
        let values = &source.shown;
        let statistics: Vec<Statistics> = (0..values.shape.c).map(|k| Statistics::of(&plane(values, k))).collect();
        let ranges = scale.map(|scale| vec![scale; statistics.len()]);
        let ranges = ranges.unwrap_or_else(|| paint::ranges(values, &statistics, paint));
        let atlas = paint::channels(values, paint.colours, &ranges);
        self.maps[slot].insert(Arc::new(Map { source, statistics, ranges, paint, scale, atlas })).clone()
    }
}

/// What is shown at first: what the program is about.
fn first(plan: &Plan) -> usize {
    plan.nodes.iter().position(|n| matches!(n.op, Op::Power { .. })).unwrap_or(plan.nodes.len() - 1)
}

/// The photo with at most [`THUMB`] pixels on its long side, by its nearest pixels.
fn small(pixels: &Pixels) -> Picture {
    let long = pixels.width.max(pixels.height);
    let side = |n: usize| (n * THUMB.min(long) / long).max(1);
    let mut picture = Picture::new(side(pixels.width), side(pixels.height));
    let place = |i: usize, to: usize, from: usize| (i * from + from / 2) / to;
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (from_y, from_x) = (place(y, picture.height, pixels.height), place(x, picture.width, pixels.width));
            let colour = pixels.read_rgb(from_y, from_x, 1, 1).data;
            let at = (y * picture.width + x) * 4;
            for (to, v) in picture.rgba[at..at + 3].iter_mut().zip(colour) {
                *to = (v * 255.0).round() as u8;
            }
        }
    }
    picture
}
