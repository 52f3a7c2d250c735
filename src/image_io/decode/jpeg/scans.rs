//! Scans of some components: a file may bring luma in one scan and both chromas together in the next. The decoder takes one
//! scan of all or one for each, so here each scan becomes a file of its own with the components that it brings, and their
//! planes are put together.

use libjpeg_turbo_rs::{DecodeWarning, RawImage};

use super::file::{JpegFile, entropy_end, next_marker, segment};
use super::{Result, failed, lenient};

/// The planes of a file with such scans, and what was wrong on the way. A component that no scan brings is plain grey.
pub(super) fn planes(file: &JpegFile<'_>, bytes: &[u8]) -> Result<(RawImage, Vec<DecodeWarning>)> {
    let frame = &file.frame;
    let (width, height) = file.size();
    let (across, down) = frame.most();
    let of = |whole: u64, part: u8, most: u8| (whole as usize * usize::from(part)).div_ceil(usize::from(most));
    let sizes = frame.components.iter().map(|&(_, h, v)| (of(width, h, across), of(height, v, down)));
    let (plane_widths, plane_heights): (Vec<usize>, Vec<usize>) = sizes.unzip();
    let grey = |(w, h): (&usize, &usize)| vec![128; w * h];
    let planes = plane_widths.iter().zip(&plane_heights).map(grey).collect();
    let (width, height) = (width as usize, height as usize);
    let num_components = frame.components.len();
    let mut whole = RawImage { planes, plane_widths, plane_heights, width, height, num_components };
    let mut warnings = Vec::new();
    for (places, bytes) in files(file, bytes) {
        let (mut part, said) = lenient(&bytes)?.decode_raw_with_warnings().map_err(failed)?;
        warnings.extend(said);
        for (k, place) in places.into_iter().enumerate() {
            whole.planes[place] = std::mem::take(&mut part.planes[k]);
            whole.plane_widths[place] = part.plane_widths[k];
            whole.plane_heights[place] = part.plane_heights[k];
        }
    }
    Ok((whole, warnings))
}

/// Each scan as a file, with the places of its components in the frame.
fn files(file: &JpegFile<'_>, bytes: &[u8]) -> Vec<(Vec<usize>, Vec<u8>)> {
    let (mut tables, mut files) = (Vec::new(), Vec::new());
    let mut at = 2;
    while let Some((marker, body)) = next_marker(bytes, at) {
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            at = body;
            continue;
        }
        let Some(content) = segment(bytes, body).filter(|_| marker != 0xd9) else { break };
        at = body + 2 + content.len();
        match marker {
            // Tables of codes, of conditions, of quantisation, and the interval of restarts.
            0xc4 | 0xcc | 0xdb | 0xdd => tables.extend(&bytes[body - 2..at]),
            0xda => {
                let end = entropy_end(bytes, at);
                if let Some((places, frame)) = frame_of(file, bytes, content) {
                    let parts: [&[u8]; 5] = [b"\xff\xd8", &tables, &frame, &bytes[body - 2..end], b"\xff\xd9"];
                    files.push((places, parts.concat()));
                }
                at = end;
            }
            _ => {}
        }
    }
    files
}

/// The frame header of a file of a scan's components only, and their places. Its size is what gives the scan as many units
/// as it has in the whole file.
fn frame_of(file: &JpegFile<'_>, bytes: &[u8], scan: &[u8]) -> Option<(Vec<usize>, Vec<u8>)> {
    let frame = &file.frame;
    let (&count, rest) = scan.split_first()?;
    let listed = rest.get(..2 * usize::from(count))?.iter().step_by(2);
    let place = |id: &u8| frame.components.iter().position(|c| c.0 == *id);
    let places = listed.map(place).collect::<Option<Vec<usize>>>().filter(|places| !places.is_empty())?;
    let (across, down) = frame.most();
    let own = |of: fn(&(u8, u8, u8)) -> u8| places.iter().map(|&k| of(&frame.components[k])).max().unwrap_or(1);
    let side = |whole: u64, part: u8, most: u8| (whole * u64::from(part)).div_ceil(u64::from(most)) as u16;
    let (width, height) = file.size();
    let (width, height) = (side(width, own(|c| c.1), across), side(height, own(|c| c.2), down));
    // Marker and entries as they stand in the file.
    let content = frame.content_at();
    let entries = content + 6;
    let mut header = vec![0xff, bytes[content - 3], 0, (8 + 3 * places.len()) as u8, frame.precision];
    header.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
    header.push(places.len() as u8);
    for &k in &places {
        header.extend(&bytes[entries + 3 * k..][..3]);
    }
    Some((places, header))
}
