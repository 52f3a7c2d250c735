//! What an export will come to, before it begins: time, bytes on the disk, memory, and what people should think about twice.

use crate::{
    image_io::Format,
    session::numbers::measure,
    tensor::{Depth, Pixels, Size},
    ui::text::{duration, text},
};

/// More than this is rarely meant: most programs and printers give up.
const LARGE: f64 = 200e6;
/// Seconds that nobody waits for by mistake.
const LONG: f64 = 600.0;

/// Bytes.
pub(super) struct ExportPrice {
    file: f64,
    memory: f64,
}

impl ExportPrice {
    /// For a result of that size and form.
    pub(super) fn of(
        photo: &Pixels,
        size: Size,
        channels: usize,
        depth: Depth,
        (format, quality): (Format, u8),
    ) -> Self {
        let samples = |size: Size, channels: usize| (size.area() * channels) as f64;
        let bytes = depth.bits() as f64 / 8.0;
        let out = samples(size, channels);
        let file = out * bytes * share(format, depth, quality);
        let source = samples(photo.size(), photo.channels) * photo.depth().bits() as f64 / 8.0;
        // The photo, the result, and what the encoder holds of it.
        Self { file, memory: source + 2.0 * out * bytes }
    }

    /// In a line.
    pub(super) fn words(&self, seconds: Option<f64>) -> String {
        let [file, memory] = [self.file, self.memory].map(|bytes| measure(bytes.round(), "B"));
        match seconds {
            Some(seconds) => text!("export-price-time", time = duration(seconds), file = file, memory = memory),
            None => text!("export-price", file = file, memory = memory),
        }
    }

    /// What should be thought about twice.
    pub(super) fn warnings(&self, photo: &Pixels, size: Size, seconds: Option<f64>) -> Vec<String> {
        let mut warnings = Vec::new();
        if size.width < photo.width && size.height < photo.height {
            warnings.push(text!("export-smaller", w = photo.width, h = photo.height));
        }
        if size.area() as f64 > LARGE {
            let megapixels = format!("{:.0}", size.area() as f64 / 1e6);
            warnings.push(text!("export-large", megapixels = megapixels));
        }
        if let Some(seconds) = seconds.filter(|s| *s > LONG) {
            warnings.push(text!("export-long", time = duration(seconds)));
        }
        warnings
    }
}

/// Bytes in the file per byte of samples: what enlarged photos come to, between a smooth one (half of it) and one full of
/// detail (half as much again), measured on the two samples.
fn share(format: Format, depth: Depth, quality: u8) -> f64 {
    match (format, depth) {
        (Format::Jpeg, _) => match quality {
            0..60 => 0.03,
            60..80 => 0.04,
            80..90 => 0.06,
            90..96 => 0.09,
            _ => 0.2,
        },
        (Format::Png | Format::WebP, Depth::Eight) => 0.33,
        (Format::Tiff, Depth::Eight) => 0.4,
        (Format::Png | Format::Tiff, Depth::Sixteen) => 0.75,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Samples;

    fn photo() -> Pixels {
        Pixels::new(40, 30, 3, Samples::U8(vec![0; 3600])).unwrap()
    }

    #[test]
    fn the_price_is_told_in_words() {
        let of = |format| ExportPrice::of(&photo(), Size::new(4000, 3000), 3, Depth::Eight, (format, 92));
        assert_eq!(of(Format::Bmp).words(Some(75.0)), "About 1 min 15 s · file about 36.0 MB · 72.0 MB of memory");
        assert_eq!(of(Format::Jpeg).words(None), "File about 3.2 MB · 72.0 MB of memory");
    }

    #[test]
    fn what_is_odd_is_warned_of() {
        let price = ExportPrice::of(&photo(), Size::new(80, 60), 3, Depth::Eight, (Format::Png, 92));
        let warned = |size, seconds| price.warnings(&photo(), size, seconds);
        assert!(warned(Size::new(80, 60), Some(600.0)).is_empty());
        assert!(warned(Size::new(20, 15), None)[0].contains("smaller than the photo"));
        assert!(warned(Size::new(20_000, 15_000), None)[0].contains("300 megapixels"));
        assert!(warned(Size::new(80, 60), Some(660.0))[0].contains("11 min 00 s"));
    }
}
