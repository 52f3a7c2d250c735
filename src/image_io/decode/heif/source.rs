//! Which items a picture, or its transparency, is made of, and what can be read of a file that ends too early.

use super::hevc;
use super::items::{Item, Items, Property};
use super::planes::{Codes, Planes, damaged};
use super::{Result, check_size, codes};
use crate::image_io::boxes::Numbers;
use crate::image_io::error::ErrorKind;
use crate::image_io::format::Format;
use crate::tensor::Size;

/// Tiles in rows that make up a picture; a picture without a grid is one tile.
pub(super) struct Source<'a> {
    tiles: Vec<&'a Item>,
    columns: usize,
    width: usize,
    height: usize,
    /// What the file states of its colours.
    codes: Option<Codes>,
}

impl<'a> Source<'a> {
    pub(super) fn of(items: &'a Items<'_>, item: &'a Item) -> Result<Self> {
        let (width, height) = size(item)?;
        let (width, height) = (width as usize, height as usize);
        if item.kind != *b"grid" {
            return Ok(Self { tiles: vec![built_in(item)?], columns: 1, width, height, codes: codes(item) });
        }
        let kinds = [*b"av01", *b"hvc1"];
        let parts = items.linked(b"dimg", item.id).into_iter();
        let tiles: Option<Vec<&Item>> = parts.map(|id| items.get(id).filter(|t| kinds.contains(&t.kind))).collect();
        let (bytes, whole) = items.bytes(item);
        if !whole {
            return Err(ErrorKind::Truncated { format: Format::Avif });
        }
        let Size { width: columns, height: rows } =
            grid(&bytes).ok_or_else(|| damaged("it does not say how its parts are laid"))?;
        let tiles = tiles.filter(|tiles| tiles.len() == rows * columns);
        let tiles = tiles.ok_or_else(|| damaged("a grid whose parts are not there"))?;
        tiles.iter().try_for_each(|tile| built_in(tile).map(|_| ()))?;
        let stated = codes(item).or_else(|| codes(tiles.first()?));
        Ok(Self { tiles, columns, width, height, codes: stated })
    }

    /// The transparency of a picture: a picture of its own, or one for each tile.
    pub(super) fn alpha(&self, items: &'a Items<'_>, item: &Item) -> Result<Option<Self>> {
        if let Some(alpha) = items.alpha_of(item.id) {
            return Self::of(items, alpha).map(Some);
        }
        let tiles: Option<Vec<&Item>> = self.tiles.iter().map(|tile| items.alpha_of(tile.id)).collect();
        Ok(tiles.map(|tiles| Self { codes: tiles.first().and_then(|tile| codes(tile)), tiles, ..*self }))
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
            tiles.push(decoded(items, tile, self.codes).map_err(|error| failure = error).ok());
        }
        let lost = tiles.iter().filter(|tile| tile.is_none()).count();
        let missing = (lost > 0).then(|| lost as f64 / tiles.len() as f64);
        let Some(first) = tiles.iter().flatten().next() else { return Err(failure) };
        let pattern = first.blank(blank)?;
        if let [Some(only)] = &tiles[..]
            && (only.width, only.height) == (self.width, self.height)
        {
            return tiles.pop().flatten().map(|only| (only, None)).ok_or(failure);
        }
        let mut whole = Vec::new();
        for tile in tiles {
            whole.push(tile.map_or_else(|| pattern.blank(blank), Ok)?);
        }
        Ok((Planes::joined(&whole, self.columns, self.width, self.height)?, missing))
    }
}

/// The item, unless this build cannot decode it.
fn built_in(item: &Item) -> Result<&Item> {
    if item.kind == *b"hvc1" && !cfg!(feature = "heif") { Err(ErrorKind::NotBuiltIn) } else { Ok(item) }
}

/// Columns and rows that an item states.
pub(super) fn size(item: &Item) -> Result<(u32, u32)> {
    let (width, height) = item.size().ok_or_else(|| damaged("it does not say how large its picture is"))?;
    check_size(Format::Avif, width.into(), height.into())?;
    Ok((width, height))
}

/// How many parts a grid has each way.
fn grid(bytes: &[u8]) -> Option<Size> {
    let mut n = Numbers(bytes);
    (n.u8()? == 0).then_some(())?;
    n.u8()?;
    let mut count = || Some(usize::from(n.u8()?) + 1);
    let height = count()?;
    Some(Size { width: count()?, height })
}

/// One tile. The decoder gives all or nothing: filled with zeros, a tile that is cut decodes to noise, if at all.
fn decoded(items: &Items<'_>, item: &Item, stated: Option<Codes>) -> Result<Planes> {
    let size = size(item)?;
    let point = item.properties.iter().find_map(|p| if let Property::OperatingPoint(v) = p { Some(*v) } else { None });
    let (data, whole) = items.bytes(item);
    if !whole {
        return Err(ErrorKind::Truncated { format: Format::Avif });
    }
    if item.kind == *b"hvc1" {
        let setup = item.setup().ok_or_else(|| damaged("it does not say how it is coded"))?;
        return hevc::decode(&data, setup, size, stated);
    }
    let planes = Planes::decode(data, size, point.unwrap_or(0))?;
    Ok(Planes { codes: stated.unwrap_or(planes.codes), ..planes })
}
