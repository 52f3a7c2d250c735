//! Feature maps: the values of inner nodes over a region of a picture, exactly as they are while it is enlarged.

use super::{
    CancelToken, InferError, Progress,
    interpret::network_input,
    memory,
    tiles::{self, TileSize, Walk},
};
use crate::{
    backend::{Backend, Rect, Route, Taps, Tile},
    nn::Model,
    tensor::{Pixels, Shape, Size, Tensor},
};

/// Bytes that feature maps asked for at once may take.
pub const BUDGET: usize = 1 << 30;

/// Bytes of a node's values over a region of `region.h × region.w` pixels of the original.
pub fn bytes(model: &Model, node: usize, region: Rect) -> u128 {
    let node = &model.plan.nodes[node];
    let side = (Route::before_network(&model.plan, Size::square(1)).size().width * node.scale) as u128;
    region.h as u128 * region.w as u128 * side * side * node.channels as u128 * 4
}

/// Values of the wanted nodes over a region of the original, in the order of `nodes`: `[1, h, w, channels]` with as many
/// pixels per original pixel as the node has.
///
/// The picture around the region takes part as in an enlargement of the whole. Colour under transparent pixels is shown
/// to the network as it is stored.
///
/// # Errors
/// If the region does not lie in the picture, the maps need more than [`BUDGET`] (ask for fewer nodes at a time) or more
/// than memory, or the work was cancelled.
///
/// # Panics
/// If the plan has no such node.
pub fn feature_maps(
    pixels: &Pixels,
    model: &Model,
    region: Rect,
    nodes: &[usize],
    backend: &dyn Backend,
    progress: &mut dyn Progress,
    cancel: &CancelToken,
) -> Result<Vec<Tensor>, InferError> {
    check_region(pixels, region)?;
    let needed: u128 = nodes.iter().map(|&n| bytes(model, n, region)).sum();
    if needed > BUDGET as u128 || !memory::holds(needed) {
        let worst = nodes.iter().max_by_key(|&&n| bytes(model, n, region));
        let layer = worst.map(|&n| model.plan.nodes[n].name.clone()).unwrap_or_default();
        return Err(InferError::MapsTooLarge { layer, width: region.w, height: region.h, bytes: needed });
    }
    let size = Route::before_network(&model.plan, pixels.size()).size();
    let factor = size.height / pixels.height;
    let region = Rect { y: region.y * factor, x: region.x * factor, h: region.h * factor, w: region.w * factor };
    let mut maps: Vec<Tensor> = nodes
        .iter()
        .map(|&n| &model.plan.nodes[n])
        .map(|n| Tensor::zeros(Shape::new(1, region.h * n.scale, region.w * n.scale, n.channels)))
        .collect();
    let mut network = backend.network(&model.plan, &model.params);
    let side = TileSize::Automatic.side(&model.plan, false);
    let mut walk = Walk::new(tiles::cut(region, Size::square(side)), []);
    while let Some((rect, _)) = walk.next(progress, cancel)? {
        let tile = Tile::new(&model.plan, size, rect);
        let mut taps = Taps::of(nodes.iter().copied());
        network.run(&network_input(pixels, model, tile.input), &tile, &mut taps);
        for ((node, value), map) in taps.wanted.iter().zip(&mut maps) {
            let s = model.plan.nodes[*node].scale;
            let value = value.as_ref().expect("a backend fills every tap it is asked for");
            map.paste(value, (rect.y - region.y) * s, (rect.x - region.x) * s);
        }
    }
    Ok(maps)
}

fn check_region(pixels: &Pixels, r: Rect) -> Result<(), InferError> {
    let inside = |start: usize, len: usize, of: usize| len > 0 && start.checked_add(len).is_some_and(|end| end <= of);
    if inside(r.y, r.h, pixels.height) && inside(r.x, r.w, pixels.width) {
        return Ok(());
    }
    let (width, height) = (pixels.width, pixels.height);
    Err(InferError::Region { x: r.x, y: r.y, w: r.w, h: r.h, width, height })
}
