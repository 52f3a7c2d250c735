//! Which items a picture, or its transparency, is made of, and what can be read of a file that ends too early.

use super::items::{Item, Items, Property};
use super::planes::{Planes, damaged};
use super::{Result, check_size};
use crate::image_io::boxes::Numbers;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;

/// Tiles in rows that make up a picture; a picture without a grid is one tile.
pub(super) struct Source<'a> {
    tiles: Vec<&'a Item>,
    columns: usize,
    width: usize,
    height: usize,
}

impl<'a> Source<'a> {
    pub(super) fn of(items: &'a Items<'_>, item: &'a Item) -> Result<Self> {
        let (width, height) = size(item)?;
        let (width, height) = (width as usize, height as usize);
        if item.kind != *b"grid" {
            return Ok(Self { tiles: vec![item], columns: 1, width, height });
        }
        let tiles: Option<Vec<&Item>> =
            items.linked(b"dimg", item.id).into_iter().map(|id| items.get(id).filter(|t| t.kind == *b"av01")).collect();
        let (bytes, whole) = items.bytes(item);
        if !whole {
            return Err(ErrorKind::Truncated { format: Format::Avif });
        }
        let (rows, columns) = grid(&bytes).ok_or_else(|| damaged("it does not say how its parts are laid"))?;
        let tiles = tiles.filter(|tiles| tiles.len() == rows * columns);
        let tiles = tiles.ok_or_else(|| damaged("a grid whose parts are not there"))?;
        Ok(Self { tiles, columns, width, height })
    }

    /// The transparency of a picture: a picture of its own, or one for each tile.
    pub(super) fn alpha(&self, items: &'a Items<'_>, item: &Item) -> Result<Option<Self>> {
        if let Some(alpha) = items.alpha_of(item.id) {
            return Self::of(items, alpha).map(Some);
        }
        let tiles: Option<Vec<&Item>> = self.tiles.iter().map(|tile| items.alpha_of(tile.id)).collect();
        Ok(tiles.map(|tiles| Self { tiles, ..*self }))
    }

    /// How the first tile is coded: bits, and whether it is grey.
    pub(super) fn coding(&self) -> Result<(u8, bool)> {
        let first = self.tiles.first().and_then(|tile| tile.coding());
        first.ok_or_else(|| damaged("it does not say how it is coded"))
    }

    /// The planes, and the share of them that could not be read and was filled with `blank` of the largest value.
    pub(super) fn decode(&self, items: &Items<'_>, blank: f64) -> Result<(Planes, Option<f64>)> {
        let mut failure = ErrorKind::Truncated { format: Format::Avif };
        let mut tiles = Vec::new();
        for tile in &self.tiles {
            tiles.push(decoded(items, tile).map_err(|error| failure = error).ok());
        }
        let lost = tiles.iter().filter(|tile| tile.is_none()).count();
        let missing = (lost > 0).then(|| lost as f64 / tiles.len() as f64);
        let Some(first) = tiles.iter().flatten().next() else { return Err(failure) };
        let pattern = first.blank(blank)?;
        if let [Some(_)] = &tiles[..] {
            return tiles.pop().flatten().map(|only| (only, None)).ok_or(failure);
        }
        let mut whole = Vec::new();
        for tile in tiles {
            whole.push(tile.map_or_else(|| pattern.blank(blank), Ok)?);
        }
        Ok((Planes::joined(&whole, self.columns, self.width, self.height)?, missing))
    }
}

/// Columns and rows that an item states.
pub(super) fn size(item: &Item) -> Result<(u32, u32)> {
    let (width, height) = item.size().ok_or_else(|| damaged("it does not say how large its picture is"))?;
    check_size(Format::Avif, width.into(), height.into())?;
    Ok((width, height))
}

/// Rows and columns of a grid.
fn grid(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut n = Numbers(bytes);
    (n.u8()? == 0).then_some(())?;
    n.u8()?;
    Some((usize::from(n.u8()?) + 1, usize::from(n.u8()?) + 1))
}

/// One tile. The decoder gives all or nothing: filled with zeros, a tile that is cut decodes to noise, if at all.
fn decoded(items: &Items<'_>, item: &Item) -> Result<Planes> {
    let size = size(item)?;
    let point = item.properties.iter().find_map(|p| if let Property::OperatingPoint(v) = p { Some(*v) } else { None });
    let (data, whole) = items.bytes(item);
    if !whole {
        return Err(ErrorKind::Truncated { format: Format::Avif });
    }
    Planes::decode(data, size, point.unwrap_or(0))
}
