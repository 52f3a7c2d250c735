//! The last steps from samples to a picture: palettes, and grey where data are missing.

use super::{Layout, Result, unsupported};
use crate::tensor::{Pixels, Samples};

/// The colours that a palette gives to grey levels.
pub(super) fn coloured(levels: Pixels, layout: Layout, map: &[u16]) -> Result<Pixels> {
    let (Samples::U8(v), true) = (&levels.samples, matches!(layout, Layout::Packed(_) | Layout::Plain(1))) else {
        return Err(unsupported("a palette of more than 256 colours"));
    };
    let colours = map.len() / 3;
    // Few bits were stretched to 0 to 255.
    let index = |level: u8| usize::from(level) * (colours - 1) / 255;
    if !matches!(colours, 2 | 4 | 16 | 256) {
        return Err(unsupported("a palette of an odd length"));
    }
    // Some old programs give 8 bits instead of 16.
    let short = map.iter().all(|&v| v < 256);
    let byte = |v: u16| if short { v as u8 } else { (v >> 8) as u8 };
    let rgb = v.iter().flat_map(|&level| [0, 1, 2].map(|k| byte(map[k * colours + index(level)]))).collect();
    Ok(Pixels { channels: 3, samples: Samples::U8(rgb), ..levels })
}

/// Makes columns and rows of a picture grey, and opaque.
pub(super) fn blank(pixels: &mut Pixels, [x, y, width, height]: [usize; 4]) {
    let (c, colours, row) = (pixels.channels, pixels.colour_channels(), pixels.width);
    let places = (y..y + height).flat_map(|y| (x..x + width).map(move |x| (y * row + x) * c));
    for at in places {
        match &mut pixels.samples {
            Samples::U8(v) => {
                v[at..at + colours].fill(128);
                v[at + colours..at + c].fill(255);
            }
            Samples::U16(v) => {
                v[at..at + colours].fill(32_768);
                v[at + colours..at + c].fill(65_535);
            }
        }
    }
}
