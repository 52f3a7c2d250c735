//! Pictures whose past is known.

use super::{
    jpeg::{remembered, table},
    *,
};
use crate::tensor::Samples;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

fn grey(width: usize, height: usize, value: impl FnMut(usize) -> f64) -> Pixels {
    let samples = (0..width * height).map(value).map(|v| v.round().clamp(0.0, 255.0) as u8).collect();
    Pixels::new(width, height, 1, Samples::U8(samples)).unwrap()
}

/// Normal numbers, the same for a seed.
fn normal(seed: u64) -> impl FnMut() -> f64 {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    // The sum of twelve uniform ones has a variance of one.
    move || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

/// Detail of all sizes, as far as `finest` half waves a block, falling in energy as that of photos does.
fn detailed(width: usize, height: usize, finest: f64) -> Pixels {
    let mut rng = Pcg64Mcg::seed_from_u64(5);
    let waves: Vec<[f64; 4]> = (0..60)
        .map(|i| {
            let pitch = 0.3 + (finest - 0.3) * f64::from(i) / 59.0;
            let turn = rng.random::<f64>() * std::f64::consts::TAU;
            let frequency = pitch * std::f64::consts::PI / 8.0;
            [frequency * turn.cos(), frequency * turn.sin(), rng.random::<f64>() * 6.0, 14.0 / pitch.max(0.5)]
        })
        .collect();
    grey(width, height, |i| {
        let (y, x) = ((i / width) as f64, (i % width) as f64);
        128.0 + waves.iter().map(|[u, v, at, high]| high * (u * x + v * y + at).sin()).sum::<f64>()
    })
}

/// Blocks that JPEG of a quality leaves: whole multiples of its steps, and what rounding to pixels adds.
fn compressed(quality: u8, Point { x: across, y: down }: Point) -> Pixels {
    let whole = detailed(200, 160, 9.0);
    let Samples::U8(samples) = &whole.samples else { panic!("8 bits") };
    let mut values: Vec<f64> = samples.iter().map(|&v| f64::from(v)).collect();
    let steps = table(quality);
    let wave = |k: usize, x: usize| {
        let scale = if k == 0 { 0.125f64 } else { 0.25 }.sqrt();
        scale * ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos()
    };
    for top in (0..160 - 7).step_by(8) {
        for left in (0..200 - 7).step_by(8) {
            let at = |y: usize, x: usize| (top + y) * 200 + left + x;
            let mut kept = [[0.0; 8]; 8];
            for v in 0..8 {
                for u in 0..8 {
                    let places = (0..64).map(|i| (i / 8, i % 8));
                    let sum: f64 = places.map(|(y, x)| wave(v, y) * wave(u, x) * (values[at(y, x)] - 128.0)).sum();
                    let step = f64::from(steps[v][u]);
                    kept[v][u] = (sum / step).round() * step;
                }
            }
            for y in 0..8 {
                for x in 0..8 {
                    let places = (0..64).map(|i| (i / 8, i % 8));
                    values[at(y, x)] = 128.0 + places.map(|(v, u)| wave(v, y) * wave(u, x) * kept[v][u]).sum::<f64>();
                }
            }
        }
    }
    grey(200 - across, 160 - down, |i| values[(i / (200 - across) + down) * 200 + i % (200 - across) + across])
}

#[test]
fn pixels_remember_the_quality_wherever_the_blocks_begin() {
    for quality in [10, 30, 50, 60, 75, 90] {
        // Weak blocks show only where they are looked for.
        let phases: &[_] = if quality > 80 { &[[0, 0]] } else { &[[0, 0], [0, 3], [6, 5]] };
        for &[x, y] in phases {
            let found = traces(&compressed(quality, Point { x, y }), None);
            // Neighbours share most of their steps.
            assert!(found.jpeg.is_some_and(|q| q.abs_diff(quality) <= 1), "{quality} {x} {y}: {found:?}");
        }
    }
}

#[test]
fn the_lower_of_what_the_file_and_its_pixels_tell_counts() {
    let picture = compressed(60, Point::default());
    assert_eq!(traces(&picture, Some(&table(95))).jpeg, Some(60), "it was saved again");
    assert_eq!(traces(&picture, Some(&table(20))).jpeg, Some(20));
    let sharp = detailed(200, 160, 9.0);
    assert_eq!(traces(&sharp, None).jpeg, None);
    assert_eq!(traces(&sharp, Some(&table(80))).jpeg, Some(80), "and a picture without traces has what its file tells");
}

#[test]
fn noise_is_told_within_a_fifth_on_what_is_flat_slopes_or_has_edges() {
    for sigma in [2.0, 4.0, 8.0, 16.0] {
        for name in ["flat", "slope", "squares"] {
            let value = |i: usize| match name {
                "flat" => 120.0,
                "slope" => 60.0 + (i % 256) as f64 / 2.0,
                _ if i / 256 / 40 % 2 == i % 256 / 40 % 2 => 80.0,
                _ => 170.0,
            };
            let mut noise = normal(1);
            let found = traces(&grey(256, 256, |i| value(i) + sigma * noise()), None);
            let off = f64::from(found.noise) / sigma;
            assert!((0.8..1.2).contains(&off), "{name}: {found:?} for {sigma}");
            assert_eq!(found.jpeg, None, "{name}");
        }
    }
}

#[test]
fn what_has_no_noise_is_not_called_noisy() {
    let edges = grey(256, 256, |i| if i / 256 / 13 % 2 == i % 256 / 11 % 2 { 20.0 } else { 230.0 });
    for picture in [grey(256, 256, |_| 99.0), edges, detailed(256, 256, 9.0), detailed(256, 256, 4.0)] {
        assert!(traces(&picture, None).noise < 1.0, "{:?}", traces(&picture, None));
    }
}

#[test]
fn drawings_are_no_jpeg() {
    for grid in [8, 13, 40] {
        let squares = grey(320, 320, |i| if i / 320 / grid % 2 == i % 320 / grid % 2 { 60.0 } else { 190.0 });
        assert_eq!(traces(&squares, None).jpeg, None, "{grid}");
    }
    // Strokes of a few greys, as in letters.
    let mut rng = Pcg64Mcg::seed_from_u64(9);
    let mut values = vec![240.0; 320 * 320];
    for _ in 0..500 {
        let mut below = |n: usize| (rng.random::<f64>() * n as f64) as usize;
        let (x, y, long, upright) = (below(300), below(300), 3 + below(17), below(2) == 0);
        let value = [30.0, 80.0, 120.0][below(3)];
        for along in 0..long {
            for across in 0..2 {
                let (dx, dy) = if upright { (across, along) } else { (along, across) };
                values[(y + dy) * 320 + x + dx] = value;
            }
        }
    }
    let found = traces(&grey(320, 320, |i| values[i]), None);
    assert!(found.jpeg.is_none() && found.noise < 1.0 && found.softness.unwrap() < 6.0, "{found:?}");
}

#[test]
fn detail_that_ends_early_is_soft_and_noise_does_not_hide_it() {
    let softness = |picture: &Pixels| traces(picture, None).softness.unwrap();
    let (sharp, soft) = (softness(&detailed(256, 256, 9.0)), softness(&detailed(256, 256, 4.0)));
    assert!(sharp < 6.0 && soft > 8.0, "{sharp} {soft}");
    let mut noise = normal(2);
    let Samples::U8(values) = detailed(256, 256, 4.0).samples else { panic!("8 bits") };
    let noisy = softness(&grey(256, 256, |i| f64::from(values[i]) + 4.0 * noise()));
    assert!(noisy > 7.0, "{noisy}");
    assert_eq!(traces(&grey(64, 64, |_| 80.0), None).softness, None, "nothing to tell by");
}

#[test]
fn every_kind_and_size_of_picture_is_looked_at() {
    for (width, height) in [(1, 1), (7, 9), (8, 8), (9, 300), (73, 72), (500, 8)] {
        for channels in 1..=4 {
            let v: Vec<u8> = (0..width * height * channels).map(|i| (i * i % 251) as u8).collect();
            let eight = Pixels::new(width, height, channels, Samples::U8(v)).unwrap();
            let found = traces(&eight, None);
            assert_eq!(traces(&eight, None), found, "the same again");
            assert!(found == Traces::default() || width.min(height) >= 8, "{width}×{height}×{channels}: {found:?}");
            let sixteen = traces(&eight.to_sixteen(), None);
            assert!((sixteen.noise - found.noise).abs() < 1e-3 && sixteen.jpeg == found.jpeg, "{sixteen:?} {found:?}");
        }
    }
    let tiny = Pixels::new(1, 1, 3, Samples::U8(vec![1, 2, 3])).unwrap();
    assert_eq!(traces(&tiny, Some(&table(30))), Traces { jpeg: Some(30), ..Traces::default() });
}

#[test]
fn transparent_parts_are_left_out() {
    let mut noise = normal(3);
    // At the left noise behind full transparency, at the right a flat wall.
    let v = (0..256 * 128).flat_map(|i| match i % 256 < 120 {
        true => [(128.0 + 30.0 * noise()) as u8, 0],
        false => [90, 255],
    });
    let picture = Pixels::new(256, 128, 2, Samples::U8(v.collect())).unwrap();
    assert_eq!(traces(&picture, None), Traces::default());
    let Samples::U8(v) = &picture.samples else { panic!("8 bits") };
    let all = Pixels::new(256, 128, 2, Samples::U8(v.iter().map(|&v| v.min(254)).collect())).unwrap();
    assert_ne!(traces(&all, None), Traces::default(), "unless there are no others");
}

#[test]
fn nothing_is_found_in_no_blocks() {
    assert_eq!(remembered(&[]), None);
    assert_eq!(bands::measure(&[], None), None);
}
