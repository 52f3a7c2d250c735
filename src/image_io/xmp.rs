//! What an XMP packet says of its picture, kept true: no orientation to apply, regions of faces where the faces are now,
//! sizes of the result, and nothing promised that is not in it (motion photo, gain map, a second packet).
//!
//! `quick-xml` reads and writes the packet event by event, so that all the rest stays as it is. A packet that is no XML is
//! carried over unread.

use quick_xml::escape::unescape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

/// What becomes of a property.
enum Edit {
    Keep,
    Remove,
    /// Another name (after the prefix) and another value.
    Put(&'static str, String),
}

/// Prefixes whose properties promise data behind the picture, and single such properties.
const PROMISES: [&str; 4] = ["hdrgm:", "GCamera:Motion", "GCamera:MicroVideo", "xmpNote:HasExtendedXMP"];

/// An element that lists what lies behind the picture.
const DIRECTORY: &str = "Container:Directory";

fn promises(name: &str) -> bool {
    name == DIRECTORY || PROMISES.iter().any(|promise| name.starts_with(promise))
}

/// The packet of a picture that was turned upright from `orientation` (1 to 8), and whether something was promised that
/// is not carried over.
pub(super) fn upright(packet: &[u8], orientation: u8) -> (Vec<u8>, bool) {
    let mut promised = false;
    let edited = rewritten(packet, promises, |name, value, _| {
        if promises(name) {
            promised = true;
            return Edit::Remove;
        }
        match name.split_once(':') {
            Some(("tiff", "Orientation")) => Edit::Put("Orientation", "1".into()),
            Some(("stArea", part)) => turned(part, value, orientation),
            Some(("MPReg", "Rectangle")) => {
                rectangle(value, orientation).map_or(Edit::Keep, |v| Edit::Put("Rectangle", v))
            }
            _ => Edit::Keep,
        }
    });
    (edited.unwrap_or_else(|| packet.to_vec()), promised)
}

/// The packet of a picture of another size.
pub(super) fn sized(packet: &[u8], width: u32, height: u32) -> Vec<u8> {
    let edited = rewritten(packet, promises, |name, _, inside| match name.split_once(':') {
        Some(("exif", "PixelXDimension")) => Edit::Put("PixelXDimension", width.to_string()),
        Some(("exif", "PixelYDimension")) => Edit::Put("PixelYDimension", height.to_string()),
        Some(("tiff", "ImageWidth")) => Edit::Put("ImageWidth", width.to_string()),
        Some(("tiff", "ImageLength")) => Edit::Put("ImageLength", height.to_string()),
        Some(("stDim", "w")) if inside == "mwg-rs:AppliedToDimensions" => Edit::Put("w", width.to_string()),
        Some(("stDim", "h")) if inside == "mwg-rs:AppliedToDimensions" => Edit::Put("h", height.to_string()),
        _ => Edit::Keep,
    });
    edited.unwrap_or_else(|| packet.to_vec())
}

/// Lists of regions of faces, by Adobe and by Microsoft.
const REGIONS: [&str; 2] = ["mwg-rs:Regions", "MP:RegionInfo"];

/// The packet of a part of the picture: regions of faces, which count from the whole's edges, are left out.
pub(super) fn part(packet: &[u8]) -> Vec<u8> {
    let gone = |name: &str| REGIONS.contains(&name);
    let edit = |name: &str, _: &str, _: &str| if gone(name) { Edit::Remove } else { Edit::Keep };
    rewritten(packet, gone, edit).unwrap_or_else(|| packet.to_vec())
}

/// A part of a region (its centre and size, 0 to 1) after a turn.
fn turned(part: &str, value: &str, orientation: u8) -> Edit {
    let Ok(number) = value.parse::<f64>() else { return Edit::Keep };
    let across = matches!(orientation, 5..=8);
    let (name, flipped) = match (part, across) {
        ("x", false) => ("x", matches!(orientation, 2 | 3)),
        ("y", false) => ("y", matches!(orientation, 3 | 4)),
        // The old x is the new y.
        ("x", true) => ("y", matches!(orientation, 7 | 8)),
        ("y", true) => ("x", matches!(orientation, 6 | 7)),
        ("w", true) => ("h", false),
        ("h", true) => ("w", false),
        _ => return Edit::Keep,
    };
    Edit::Put(name, if flipped { rounded(1.0 - number) } else { value.to_owned() })
}

/// A rectangle (left, top, width, height, 0 to 1) after a turn.
fn rectangle(value: &str, orientation: u8) -> Option<String> {
    let numbers: Vec<f64> = value.split(',').map(|v| v.trim().parse().ok()).collect::<Option<_>>()?;
    let [x, y, w, h] = numbers[..] else { return None };
    let (right, bottom) = (1.0 - x - w, 1.0 - y - h);
    let [x, y, w, h] = match orientation {
        2 => [right, y, w, h],
        3 => [right, bottom, w, h],
        4 => [x, bottom, w, h],
        5 => [y, x, h, w],
        6 => [bottom, x, h, w],
        7 => [bottom, right, h, w],
        8 => [y, right, h, w],
        _ => return Some(value.to_owned()),
    };
    Some([x, y, w, h].map(rounded).join(", "))
}

fn rounded(v: f64) -> String {
    ((v * 1e6).round() / 1e6).to_string()
}

/// Goes through the packet with `edit`, which sees each property: its name, its value, and the element that it belongs to.
/// Elements that are `gone` are left out whole, and `edit` hears of them.
fn rewritten(
    packet: &[u8],
    gone: impl Fn(&str) -> bool,
    mut edit: impl FnMut(&str, &str, &str) -> Edit,
) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(packet).ok()?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut writer = Writer::new(Vec::new());
    // Names of the open elements, as they are written now.
    let mut open: Vec<(String, String)> = Vec::new();
    loop {
        let event = reader.read_event().ok()?;
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                let name = String::from_utf8(start.name().as_ref().to_vec()).ok()?;
                if gone(&name) {
                    edit(&name, "", "");
                    reader.read_to_end(start.name()).ok()?;
                    continue;
                }
                let inside = open.last().map_or("", |(name, _)| name.as_str()).to_owned();
                let start = attributes(&start, &name, &mut edit)?;
                // A property as an element of its own has nothing but a text in it.
                let next = reader.clone().read_event().ok()?;
                let mut written = name.clone();
                let mut value = None;
                if let Event::Text(text) = &next {
                    match edit(&name, text.decode().ok()?.trim(), &inside) {
                        Edit::Keep => {}
                        Edit::Remove => {
                            reader.read_to_end(start.name()).ok()?;
                            continue;
                        }
                        Edit::Put(local, new) => {
                            written = renamed(&name, local);
                            value = Some(new);
                        }
                    }
                }
                let mut start = start;
                start.set_name(written.as_bytes());
                writer.write_event(Event::Start(start)).ok()?;
                if let Some(value) = value {
                    reader.read_event().ok()?;
                    writer.write_event(Event::Text(BytesText::new(&value))).ok()?;
                }
                open.push((name, written));
            }
            Event::Empty(empty) => {
                let name = String::from_utf8(empty.name().as_ref().to_vec()).ok()?;
                if gone(&name) {
                    edit(&name, "", "");
                    continue;
                }
                writer.write_event(Event::Empty(attributes(&empty, &name, &mut edit)?)).ok()?;
            }
            Event::End(_) => {
                let (_, written) = open.pop()?;
                writer.write_event(Event::End(quick_xml::events::BytesEnd::new(written))).ok()?;
            }
            other => writer.write_event(other).ok()?,
        }
    }
    open.is_empty().then(|| writer.into_inner())
}

/// An element's start with its attributes edited.
fn attributes(
    start: &BytesStart<'_>,
    element: &str,
    edit: &mut impl FnMut(&str, &str, &str) -> Edit,
) -> Option<BytesStart<'static>> {
    let mut new = BytesStart::new(element.to_owned());
    for attribute in start.attributes() {
        let attribute: Attribute<'_> = attribute.ok()?;
        let name = std::str::from_utf8(attribute.key.as_ref()).ok()?;
        let raw = std::str::from_utf8(&attribute.value).ok()?;
        match edit(name, &unescape(raw).ok()?, element) {
            Edit::Keep => new.push_attribute(Attribute { key: attribute.key, value: attribute.value.clone() }),
            Edit::Remove => {}
            Edit::Put(local, value) => new.push_attribute((renamed(name, local).as_str(), value.as_str())),
        }
    }
    Some(new)
}

fn renamed(name: &str, local: &str) -> String {
    name.split_once(':').map_or(local.to_owned(), |(prefix, _)| format!("{prefix}:{local}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_is_not_touched_stays_as_it_is() {
        for packet in [
            "<?xpacket begin='' id='W5M0'?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" a='1 &amp; 2'>\n <dc:t>caf&#233; &lt;é</dc:t><e/></x:xmpmeta>\n  <?xpacket end='w'?>",
            "no XML at all",
            "<broken",
            "<a><b></a>",
        ] {
            let (same, promised) = upright(packet.as_bytes(), 6);
            assert_eq!((text(same).replace('\'', "\""), promised), (packet.replace('\'', "\""), false));
        }
        assert_eq!(upright(b"\xff\xfe", 1).0, b"\xff\xfe");
    }

    #[test]
    fn a_part_has_no_regions_of_the_whole() {
        let packet = br#"<a dc:t="x"><mwg-rs:Regions><mwg-rs:AppliedToDimensions stDim:w="9"/></mwg-rs:Regions><MP:RegionInfo/><dc:d>y</dc:d></a>"#;
        assert_eq!(text(part(packet)), r#"<a dc:t="x"><dc:d>y</dc:d></a>"#);
    }

    #[test]
    fn regions_go_where_their_faces_go() {
        // Centres of a region at the left, near the top, of a picture stored on its side.
        for (orientation, x, y) in [(1, "0.2", "0.3"), (2, "0.8", "0.3"), (3, "0.8", "0.7"), (4, "0.2", "0.7")] {
            let (packet, _) = upright(br#"<a stArea:x="0.2" stArea:y="0.3" stArea:w="0.1"/>"#, orientation);
            assert_eq!(text(packet), format!(r#"<a stArea:x="{x}" stArea:y="{y}" stArea:w="0.1"/>"#));
        }
        for (orientation, x, y) in [(5, "0.3", "0.2"), (6, "0.7", "0.2"), (7, "0.7", "0.8"), (8, "0.3", "0.8")] {
            let (packet, _) = upright(br#"<a><stArea:x>0.2</stArea:x><stArea:y>0.3</stArea:y></a>"#, orientation);
            assert_eq!(
                text(packet),
                format!("<a><stArea:y>{y}</stArea:y><stArea:x>{x}</stArea:x></a>"),
                "{orientation}"
            );
        }
        assert_eq!(rectangle("0.1, 0.2, 0.3, 0.4", 6).unwrap(), "0.4, 0.1, 0.4, 0.3");
        assert_eq!(rectangle("0.1, 0.2, 0.3, 0.4", 3).unwrap(), "0.6, 0.4, 0.3, 0.4");
    }

    #[test]
    fn what_is_not_carried_over_is_not_promised() {
        let packet = br#"<a hdrgm:Version="1.0" dc:x="y" GCamera:MotionPhoto="1"><Container:Directory><b/></Container:Directory><GCamera:MicroVideoOffset>4</GCamera:MicroVideoOffset><c xmpNote:HasExtendedXMP="0"/></a>"#;
        let (packet, promised) = upright(packet, 1);
        assert_eq!((text(packet).as_str(), promised), (r#"<a dc:x="y"><c/></a>"#, true));
    }

    #[test]
    fn sizes_are_those_of_the_result() {
        let packet = br#"<a tiff:ImageWidth="1" tiff:Orientation="6"><exif:PixelYDimension>1</exif:PixelYDimension><mwg-rs:AppliedToDimensions stDim:w="1" stDim:h="2"/><other stDim:w="1"/></a>"#;
        let want = r#"<a tiff:ImageWidth="200" tiff:Orientation="6"><exif:PixelYDimension>100</exif:PixelYDimension><mwg-rs:AppliedToDimensions stDim:w="200" stDim:h="100"/><other stDim:w="1"/></a>"#;
        assert_eq!(text(sized(packet, 200, 100)), want);
    }
}
