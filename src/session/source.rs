//! What a picture is like, and so which models serve it: decided from its [`Traces`], and said in words.
//!
//! The limits are where, on degraded copies of known pictures, the kinds of models change places by the distance to the
//! original (`docs/source-detection.md`).

use crate::{
    image_io::Picture,
    infer::bundled::Kind,
    metrics::source::{Traces, traces},
    tensor::Pixels,
};

/// JPEG of this quality and above does not disturb a model for clean pictures.
const HARMLESS: u8 = 86;
/// A standard deviation of noise, in steps of 255, that a model for clean pictures would bring out.
const NOISY: f32 = 3.0;
/// So much disturbs everybody.
const VERY_NOISY: f32 = 8.0;
/// Softness, in octaves, from which on a model for clean pictures leaves a picture soft.
const SOFT: f32 = 6.3;

/// What a picture is like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Source {
    /// What was found.
    pub traces: Traces,
}

impl Source {
    /// Looks at a picture that was read from a file: takes some tens of milliseconds, whatever its size.
    pub fn of(picture: &Picture) -> Self {
        Self { traces: traces(&picture.pixels, picture.steps.as_ref()) }
    }

    /// Looks at pixels of which nothing else is known.
    pub fn of_pixels(pixels: &Pixels) -> Self {
        Self { traces: traces(pixels, None) }
    }

    /// Whether it is noisy.
    pub fn is_noisy(&self) -> bool {
        self.traces.noise > NOISY
    }

    /// Whether it is so noisy that everybody sees it.
    pub fn is_very_noisy(&self) -> bool {
        self.traces.noise > VERY_NOISY
    }

    /// Whether it is soft.
    pub fn is_soft(&self) -> bool {
        self.traces.softness.is_some_and(|softness| softness > SOFT)
    }

    /// Whether JPEG compression shows.
    pub fn is_compressed(&self) -> bool {
        self.traces.jpeg.is_some_and(|quality| quality < HARMLESS)
    }

    /// The kind of model that gives the best result when the picture becomes `factor` times as large.
    pub fn kind(&self, factor: f64) -> Kind {
        let disturbed = self.is_compressed() || self.is_noisy();
        if self.is_soft() || disturbed && factor > 2.0 {
            Kind::Photo
        } else if disturbed {
            // Up to twice the size what a photo model adds is no gain, and it is many times slower.
            Kind::Camera
        } else {
            Kind::Clean
        }
    }
}

impl std::fmt::Display for Source {
    /// In words, without a capital: `compressed JPEG, quality about 60, noisy`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut words = Vec::new();
        if let Some(quality) = self.traces.jpeg {
            let what = if self.is_compressed() { "compressed JPEG" } else { "JPEG" };
            words.push(format!("{what}, quality about {quality}"));
        }
        if self.is_noisy() {
            words.push(if self.is_very_noisy() { "very noisy" } else { "noisy" }.to_owned());
        }
        match self.traces.softness {
            Some(_) if self.is_soft() => words.push("soft".to_owned()),
            Some(_) if !self.is_compressed() => words.push("sharp".to_owned()),
            _ => {}
        }
        if words.is_empty() {
            words.push("too small or too plain to tell".to_owned());
        }
        f.pad(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(jpeg: Option<u8>, noise: f32, softness: Option<f32>) -> Source {
        Source { traces: Traces { jpeg, noise, softness } }
    }

    #[test]
    fn the_kind_follows_what_disturbs_and_how_much_larger_it_becomes() {
        for (jpeg, noise, softness, twice, four_times, words) in [
            (None, 0.0, None, Kind::Clean, Kind::Clean, "too small or too plain to tell"),
            (None, 1.0, Some(4.0), Kind::Clean, Kind::Clean, "sharp"),
            (Some(95), 1.0, Some(4.0), Kind::Clean, Kind::Clean, "JPEG, quality about 95, sharp"),
            (Some(92), 0.0, Some(9.0), Kind::Photo, Kind::Photo, "JPEG, quality about 92, soft"),
            (Some(60), 0.0, Some(4.0), Kind::Camera, Kind::Photo, "compressed JPEG, quality about 60"),
            (Some(60), 5.0, Some(8.0), Kind::Photo, Kind::Photo, "compressed JPEG, quality about 60, noisy, soft"),
            (None, 12.0, Some(3.0), Kind::Camera, Kind::Photo, "very noisy, sharp"),
        ] {
            let source = source(jpeg, noise, softness);
            assert_eq!(source.to_string(), words);
            assert_eq!((source.kind(2.0), source.kind(4.0)), (twice, four_times), "{words}");
        }
    }
}
