//! What there is of a JPEG XL file that ends too early.
//!
//! A frame is stored as groups of 128 to 1,024 pixels, behind a small version of the whole. Where details are missing the small
//! version stands for them. A lossless frame has none, and a group of it that is cut has the wrong colours: it is grey.

use jxl_oxide::frame::Encoding;
use jxl_oxide::{Frame, JxlImage, Render};

use crate::image_io::orientation;
use crate::tensor::{Pixels, Samples, Size};

/// Groups of a frame that are not all there.
pub(super) struct Cut {
    /// Share of the details that are missing.
    pub(super) missing: f64,
    /// Whether what is there of such a group is of no use.
    lossless: bool,
    /// Of the frame.
    size: Size,
    /// Columns and rows of a group.
    group: usize,
    lost: Vec<bool>,
}

/// The first picture of a file that ends in the midst of it; `None` if nothing can be made of it.
pub(super) fn render(image: &mut JxlImage) -> Option<(Render, Cut)> {
    let cut = Cut::of(image.frame(image.num_loaded_frames())?)?;
    let turned = orientation::transposes(u8::try_from(image.image_header().metadata.orientation).ok()?);
    let upright = Size::new(image.width() as usize, image.height() as usize);
    // A frame that is a part of the picture has others behind it.
    (cut.size == if turned { upright.transposed() } else { upright }).then_some(())?;
    Some((image.render_loading_frame().ok()?, cut))
}

impl Cut {
    fn of(frame: &Frame) -> Option<Self> {
        let header = frame.header();
        header.frame_type.is_normal_frame().then_some(())?;
        (header.x0 == 0 && header.y0 == 0).then_some(())?;
        let scale = header.upsampling as usize;
        let mut cut = Self {
            missing: 0.0,
            lossless: header.encoding == Encoding::Modular,
            size: Size::new(header.width as usize, header.height as usize),
            group: header.group_dim() as usize * scale,
            lost: vec![false; header.num_groups() as usize],
        };
        let mut parts: Vec<_> = frame.toc().iter_bitstream_order().collect();
        // The small version, or what all groups need, and then the groups, once for each pass.
        parts.sort_by_key(|part| part.kind);
        let (there, all) =
            (|k: usize| frame.data(parts[k].kind).map_or(0, <[u8]>::len), |k: usize| parts[k].size as usize);
        if frame.toc().is_single_entry() {
            let details = frame.pass_group_bitstream(0, 0).filter(|_| !cut.lossless)?.ok()?;
            let before = details.bitstream.num_read_bits() / 8;
            cut.missing = (all(0) - there(0)) as f64 / (all(0) - before).max(1) as f64;
            return Some(cut);
        }
        let first = 2 + header.num_lf_groups() as usize;
        (0..first).all(|k| there(k) == all(k)).then_some(())?;
        let shares = (first..parts.len()).map(|k| {
            let lost = there(k) < all(k);
            let group = (k - first) % cut.lost.len();
            cut.lost[group] |= lost;
            if lost { if cut.lossless { 1.0 } else { 1.0 - there(k) as f64 / all(k) as f64 } } else { 0.0 }
        });
        cut.missing = shares.sum::<f64>() / (parts.len() - first).max(1) as f64;
        Some(cut)
    }

    /// Makes grey, and opaque, what is of no use in pixels that were turned by an EXIF orientation.
    pub(super) fn fill(&self, pixels: &mut Pixels, turned: u8) {
        let Size { width, height } = self.size;
        let across = width.div_ceil(self.group);
        let lost = |i: usize| {
            let (x, y) = (i % width, i / width);
            self.lost.get(y / self.group * across + x / self.group) == Some(&true)
        };
        let mask = (0..width * height).map(|i| u8::from(lost(i))).collect();
        let mask = Pixels { width, height, channels: 1, samples: Samples::U8(mask) };
        let Samples::U8(mask) = orientation::upright(mask, turned).samples else { return };
        let (channels, colours) = (pixels.channels, pixels.channels - usize::from(pixels.has_alpha()));
        let lossless = self.lossless;
        fn paint<T: Copy>(v: &mut [T], mask: &[u8], channels: usize, colours: usize, lossless: bool, grey: T, full: T) {
            for (pixel, _) in v.chunks_exact_mut(channels).zip(mask).filter(|(_, lost)| **lost == 1) {
                if lossless {
                    pixel[..colours].fill(grey);
                }
                pixel[colours..].fill(full);
            }
        }
        match &mut pixels.samples {
            Samples::U8(v) => paint(v, &mask, channels, colours, lossless, 128, 255),
            Samples::U16(v) => paint(v, &mask, channels, colours, lossless, 32_768, 65_535),
        }
    }
}
