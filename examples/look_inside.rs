//! Reads what a layer sees: `cargo run --release --example look_inside -- photo.jpg body.3.1.power`.

use addersr::{
    backend::{Rect, cpu::Cpu},
    image_io::decode,
    infer::{Bundled, CancelToken, Silent, taps::feature_maps},
};
use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let argument = |i| std::env::args().nth(i).ok_or("usage: look_inside PHOTO LAYER");
    let means = channel_means(argument(1)?.as_ref(), &argument(2)?)?;
    means.iter().enumerate().for_each(|(channel, mean)| println!("channel {channel:3}: {mean:9.4} on average"));
    Ok(())
}

/// The mean of each channel of a layer's output over the whole photo.
pub fn channel_means(photo: &Path, layer: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let pixels = decode(photo)?.pixels;
    let model = Bundled::named("x2").ok_or("no model of that name ships")?.model()?;
    let node = model.plan.find(layer).ok_or("the network has no layer of that name; `addersr info` lists them")?;
    let region = Rect::whole(pixels.size());
    let maps = feature_maps(&pixels, &model, region, &[node], &Cpu::new(), &mut Silent, &CancelToken::default())?;
    let (map, channels) = (&maps[0], maps[0].shape.c);
    let sum = |c: usize| map.data.iter().skip(c).step_by(channels).sum::<f32>();
    Ok((0..channels).map(|c| sum(c) / map.shape.pixels() as f32).collect())
}
