//! What an AVIF or HEIC file says of the pictures and other items in it: its box `meta`.

use crate::image_io::boxes::{Numbers, Part, boxes, find};

/// A property of an item.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Property {
    /// Columns and rows.
    Size(u32, u32),
    /// Of a picture in AV1 or HEVC: bits per sample, whether it is grey, and what a decoder of HEVC has to know before.
    Coding { bits: u8, grey: bool, setup: Vec<u8> },
    /// A profile.
    Icc(Vec<u8>),
    /// Primaries, transfer and matrix as code points, and whether all values are used.
    Codes([u16; 3], bool),
    /// What an auxiliary picture is for.
    Auxiliary(Vec<u8>),
    /// Part of the picture that is shown: width, height and the distances of its centre, as fractions.
    Aperture([(i64, i64); 4]),
    /// Quarter turns, counter-clockwise.
    Turn(u8),
    /// Rows (`false`) or columns (`true`) the other way round.
    Mirror(bool),
    /// Which of the versions in the data is meant.
    OperatingPoint(u8),
    /// One that says nothing new of the picture.
    Repeated,
    /// One that changes the picture and is not known here.
    Unknown([u8; 4]),
}

/// An item: a picture, a part of one, or metadata.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) id: u32,
    pub(super) kind: [u8; 4],
    /// Of a kind `mime`: what it is.
    pub(super) content_type: Vec<u8>,
    pub(super) properties: Vec<Property>,
    /// Whether the bytes lie in the box `idat`, and not in the file.
    pub(super) inside: bool,
    pub(super) extents: Vec<(u64, u64)>,
}

impl Item {
    pub(super) fn size(&self) -> Option<(u32, u32)> {
        self.properties.iter().find_map(|p| if let Property::Size(w, h) = p { Some((*w, *h)) } else { None })
    }

    pub(super) fn coding(&self) -> Option<(u8, bool)> {
        self.properties
            .iter()
            .find_map(|p| if let Property::Coding { bits, grey, .. } = p { Some((*bits, *grey)) } else { None })
    }

    /// What a decoder of HEVC has to know before the data.
    pub(super) fn setup(&self) -> Option<&[u8]> {
        self.properties
            .iter()
            .find_map(|p| if let Property::Coding { setup, .. } = p { Some(&setup[..]) } else { None })
    }

    fn is_alpha(&self) -> bool {
        let names: [&[u8]; 2] = [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1"];
        self.properties.iter().any(|p| matches!(p, Property::Auxiliary(kind) if names.contains(&kind.as_slice())))
    }
}

/// Why a box could not be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// The file ends too early.
    Cut,
    /// There is nothing but a film in it.
    FilmAlone,
    /// It makes no sense.
    Nonsense(&'static str),
}

/// What one item has to do with others: kind, from, to.
type Link = ([u8; 4], u32, Vec<u32>);

/// What is in a file.
pub(super) struct Items<'a> {
    file: &'a [u8],
    inside: &'a [u8],
    primary: u32,
    all: Vec<Item>,
    links: Vec<Link>,
    /// Whether the file is a film too.
    pub(super) film: bool,
}

/// The most items that a file may have: a picture of 500 megapixels in the smallest tiles has fewer.
const MOST: usize = 65_536;

impl<'a> Items<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Fault> {
        let meta = match find(file, b"meta") {
            Some(meta) if meta.whole => meta.content,
            Some(_) => return Err(Fault::Cut),
            None if boxes(file).any(|b| b.kind == *b"moov" && b.whole) => return Err(Fault::FilmAlone),
            None => return Err(Fault::Cut),
        };
        let film = boxes(file).any(|b| b.kind == *b"moov");
        let inside = meta.get(4..).ok_or(Fault::Cut)?;
        let part = |kind| find(inside, kind).map(|b| b.content);
        let primary = part(b"pitm").and_then(primary).ok_or(Fault::Nonsense("it names no picture"))?;
        let all = part(b"iinf").and_then(infos).ok_or(Fault::Nonsense("no list of its items"))?;
        let links = part(b"iref").map_or(Some(Vec::new()), links).ok_or(Fault::Nonsense("odd links"))?;
        let mut items = Self { file, inside: part(b"idat").unwrap_or_default(), primary, all, links, film };
        items.locate(part(b"iloc").unwrap_or_default()).ok_or(Fault::Nonsense("odd places of items"))?;
        items.describe(part(b"iprp").unwrap_or_default()).ok_or(Fault::Nonsense("odd properties"))?;
        items.stand_in();
        Ok(items)
    }

    pub(super) fn get(&self, id: u32) -> Option<&Item> {
        self.all.iter().find(|item| item.id == id)
    }

    pub(super) fn primary(&self) -> Option<&Item> {
        self.get(self.primary)
    }

    pub(super) fn has_kind(&self, kind: &[u8; 4]) -> bool {
        self.all.iter().any(|item| item.kind == *kind)
    }

    /// Items that `from` names with a link.
    pub(super) fn linked(&self, kind: &[u8; 4], from: u32) -> Vec<u32> {
        self.links.iter().filter(|l| l.0 == *kind && l.1 == from).flat_map(|l| l.2.iter().copied()).collect()
    }

    fn linking<'b>(&'b self, kind: &'b [u8; 4], to: u32) -> impl Iterator<Item = &'b Item> {
        self.links.iter().filter(move |l| l.0 == *kind && l.2.contains(&to)).filter_map(|l| self.get(l.1))
    }

    /// The picture that says how transparent another one is.
    pub(super) fn alpha_of(&self, id: u32) -> Option<&Item> {
        self.linking(b"auxl", id).find(|item| item.is_alpha())
    }

    /// Metadata of the picture, by kind and type.
    pub(super) fn metadata(&self, kind: &[u8; 4], content_type: &[u8]) -> Option<Vec<u8>> {
        let fits = |item: &&Item| item.kind == *kind && item.content_type == content_type;
        let own = self.linking(b"cdsc", self.primary).find(fits);
        let item = own.or_else(|| self.all.iter().find(fits))?;
        Some(self.bytes(item)).filter(|(_, whole)| *whole).map(|(bytes, _)| bytes)
    }

    /// The bytes of an item, as far as they are there, and whether all of them are.
    pub(super) fn bytes(&self, item: &Item) -> (Vec<u8>, bool) {
        let source = if item.inside { self.inside } else { self.file };
        let mut bytes = Vec::new();
        for &(at, length) in &item.extents {
            let rest = usize::try_from(at).ok().and_then(|at| source.get(at..)).unwrap_or_default();
            // Zero is all the rest.
            let length = if length == 0 { rest.len() } else { usize::try_from(length).unwrap_or(usize::MAX) };
            // Extents that name the same bytes again and again may not fill the memory.
            if bytes.len() + rest.len().min(length) > source.len() {
                return (bytes, false);
            }
            bytes.extend_from_slice(&rest[..length.min(rest.len())]);
            if rest.len() < length {
                return (bytes, false);
            }
        }
        let whole = !bytes.is_empty();
        (bytes, whole)
    }

    /// Lets the picture be the one that it only shows once more (`iden`), with the turns of both.
    fn stand_in(&mut self) {
        // Of what stands for another that stands for another there is no end.
        for _ in 0..8 {
            let Some(shown) = self.primary().filter(|item| item.kind == *b"iden") else { return };
            let (id, own) = (shown.id, shown.properties.clone());
            let &[of] = &self.linked(b"dimg", id)[..] else { return };
            let Some(mut item) = self.get(of).filter(|item| item.id != id).cloned() else { return };
            let changes = |p: &Property| matches!(p, Property::Turn(_) | Property::Mirror(_) | Property::Unknown(_));
            let cut = |p: &Property| matches!(p, Property::Aperture(_));
            // Two parts, or a part of what is turned, are left to be refused.
            if own.iter().any(cut) && item.properties.iter().any(|p| cut(p) || changes(p)) {
                return;
            }
            item.properties.extend(own.into_iter().filter(|p| cut(p) || changes(p)));
            self.links.retain(|link| !(link.0 == *b"dimg" && link.1 == id));
            for link in &mut self.links {
                if link.1 == of && matches!(&link.0, b"dimg" | b"prem") {
                    link.1 = id;
                } else if link.0 == *b"auxl" && link.2.contains(&of) {
                    link.2.push(id);
                }
            }
            item.id = id;
            self.all.iter_mut().filter(|other| other.id == id).for_each(|other| *other = item.clone());
        }
    }

    fn locate(&mut self, content: &[u8]) -> Option<()> {
        let mut n = Numbers(content);
        let (version, _) = n.version()?;
        let (sizes, more) = (n.u8()?, n.u8()?);
        let (offset, length, base, index) = (sizes >> 4, sizes & 15, more >> 4, more & 15);
        let count = n.id(version >= 2)?;
        for _ in 0..count {
            let id = n.id(version >= 2)?;
            let method = if version >= 1 { n.u16()? & 15 } else { 0 };
            let elsewhere = n.u16()?;
            let start = n.wide(base)?;
            let extents = n.u16()?;
            let mut list = Vec::new();
            for _ in 0..extents {
                if version >= 1 {
                    n.wide(index)?;
                }
                list.push((start.saturating_add(n.wide(offset)?), n.wide(length)?));
            }
            // Another file, or another item, is not looked into.
            if elsewhere != 0 || method > 1 {
                continue;
            }
            if let Some(item) = self.all.iter_mut().find(|item| item.id == id) {
                (item.inside, item.extents) = (method == 1, list);
            }
        }
        Some(())
    }

    fn describe(&mut self, content: &[u8]) -> Option<()> {
        let known: Vec<Property> = boxes(find(content, b"ipco")?.content).map(property).collect();
        for list in boxes(content).filter(|b| b.kind == *b"ipma") {
            let mut n = Numbers(list.content);
            let (version, flags) = n.version()?;
            for _ in 0..n.u32()? {
                let id = n.id(version >= 1)?;
                let item = self.all.iter_mut().find(|item| item.id == id);
                let mut properties = Vec::new();
                for _ in 0..n.u8()? {
                    let (essential, index) = if flags & 1 != 0 {
                        n.u16().map(|v| (v >> 15 != 0, usize::from(v & 0x7fff)))?
                    } else {
                        n.u8().map(|v| (v >> 7 != 0, usize::from(v & 0x7f)))?
                    };
                    match index.checked_sub(1).and_then(|at| known.get(at)) {
                        // What has to be understood and is not.
                        Some(Property::Unknown(_)) if !essential => {}
                        Some(property) => properties.push(property.clone()),
                        None => {}
                    }
                }
                if let Some(item) = item {
                    item.properties.extend(properties);
                }
            }
        }
        Some(())
    }
}

fn primary(content: &[u8]) -> Option<u32> {
    let mut n = Numbers(content);
    let (version, _) = n.version()?;
    n.id(version >= 1)
}

fn infos(content: &[u8]) -> Option<Vec<Item>> {
    let mut n = Numbers(content);
    let (version, _) = n.version()?;
    n.id(version >= 1)?;
    let entries = boxes(n.0).filter(|b| b.kind == *b"infe").take(MOST);
    Some(entries.filter_map(|b| info(b.content)).collect())
}

fn info(content: &[u8]) -> Option<Item> {
    let mut n = Numbers(content);
    let (version, _) = n.version()?;
    let id = n.id(version >= 3)?;
    (version >= 2 && n.u16()? == 0).then_some(())?;
    let kind = n.four()?;
    let content_type = if kind == *b"mime" { n.text().and_then(|_| n.text()).unwrap_or_default() } else { b"" };
    Some(Item { id, kind, content_type: content_type.to_vec(), ..Item::default() })
}

fn links(content: &[u8]) -> Option<Vec<Link>> {
    let mut n = Numbers(content);
    let (version, _) = n.version()?;
    let mut all = Vec::new();
    for link in boxes(n.0).take(MOST) {
        let mut n = Numbers(link.content);
        let from = n.id(version >= 1)?;
        let to = (0..n.u16()?).map(|_| n.id(version >= 1)).collect::<Option<_>>()?;
        all.push((link.kind, from, to));
    }
    Some(all)
}

fn property(b: Part<'_>) -> Property {
    let mut n = Numbers(b.content);
    let read = match &b.kind {
        b"ispe" => n.version().and_then(|_| Some(Property::Size(n.u32()?, n.u32()?))),
        b"av1C" => n.bytes(3).map(|c| Property::Coding {
            bits: match c[2] >> 5 & 3 {
                0 | 1 => 8,
                2 => 10,
                _ => 12,
            },
            grey: c[2] & 0x10 != 0,
            setup: Vec::new(),
        }),
        b"hvcC" => n.bytes(18).map(|c| Property::Coding {
            bits: 8 + (c[17] & 7),
            grey: c[16] & 3 == 0,
            setup: b.content.to_vec(),
        }),
        b"pixi" => Some(Property::Repeated),
        b"colr" => match n.four().as_ref() {
            Some(b"nclx") => codes(&mut n),
            Some(b"rICC" | b"prof") => Some(Property::Icc(n.0.to_vec())),
            _ => None,
        },
        b"auxC" => n.version().and_then(|_| n.text()).map(|kind| Property::Auxiliary(kind.to_vec())),
        b"clap" => aperture(&mut n),
        b"irot" => n.u8().map(|v| Property::Turn(v & 3)),
        b"imir" => n.u8().map(|v| Property::Mirror(v & 1 != 0)),
        b"a1op" => n.u8().map(Property::OperatingPoint),
        _ => None,
    };
    read.unwrap_or(Property::Unknown(b.kind))
}

fn codes(n: &mut Numbers<'_>) -> Option<Property> {
    Some(Property::Codes([n.u16()?, n.u16()?, n.u16()?], n.u8()? & 0x80 != 0))
}

fn aperture(n: &mut Numbers<'_>) -> Option<Property> {
    let mut parts = [(0, 1); 4];
    for part in &mut parts {
        *part = (i64::from(n.u32()? as i32), i64::from(n.u32()?));
        (part.1 != 0).then_some(())?;
    }
    Some(Property::Aperture(parts))
}
