//! The numbers of the literature on its own pictures: low-resolution pictures bit for bit, bicubic within 0.02 dB.

mod common;

use std::path::Path;

use addersr::image_io::{decode, shrink_u8};
use addersr::metrics::compare;
use addersr::tensor::resample::resize;
use addersr::tensor::{Depth, Pixels, Size};

fn pictures(folder: &Path) -> Vec<(String, Pixels)> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let name = |p: &Path| p.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|p| (name(p), decode(p).unwrap().pixels)).collect()
}

#[test]
fn set5_low_resolution_is_reproduced_bit_for_bit() {
    let Some(shared) = common::shared() else { return };
    for scale in [2, 3, 4] {
        let mut seen = 0;
        for (name, original) in pictures(&shared.join("data/val/Set5")) {
            let published = shared.join(format!("data/val/Set5_LR/X{scale}/{name}x{scale}.png"));
            assert_eq!(shrink_u8(&original, scale).unwrap(), decode(&published).unwrap().pixels, "{name} ×{scale}");
            seen += 1;
        }
        assert_eq!(seen, 5);
    }
}

#[test]
fn bicubic_has_the_published_psnr() {
    let Some(shared) = common::shared() else { return };
    let published = [("Set5", 5, [33.66, 30.39, 28.42]), ("Set14", 14, [30.24, 27.55, 26.00])];
    for (set, count, figures) in published {
        let pictures = pictures(&shared.join("data/val").join(set));
        assert_eq!(pictures.len(), count);
        for (scale, figure) in [2, 3, 4].into_iter().zip(figures) {
            let (mut psnr, mut ssim) = (0.0, 0.0);
            for (name, original) in &pictures {
                let small = shrink_u8(original, scale).unwrap();
                let (h, w) = (small.height * scale, small.width * scale);
                let large = resize(&small.colour(), Size::new(w, h));
                let large = Pixels::from_tensors(&large, None, Depth::Eight).unwrap();
                let truth = original.crop(0, 0, h, w).unwrap();
                let quality = compare(&truth, &large, scale).unwrap();
                psnr += quality.psnr.db().unwrap_or_else(|| panic!("{name} is identical"));
                ssim += quality.ssim.unwrap();
            }
            let (psnr, ssim) = (psnr / count as f64, ssim / count as f64);
            println!("{set} ×{scale}: {psnr:.3} dB, SSIM {ssim:.4}");
            assert!((psnr - figure).abs() < 0.02, "{set} ×{scale}: {psnr:.3} dB instead of {figure}");
        }
    }
}
