//! A size on paper: so many inches along the longer side, at a resolution that the result then states.

use super::Target;
use std::str::FromStr;

/// Centimetres of an inch.
const INCH: f64 = 2.54;

/// A print's longer side and its resolution.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Print {
    /// Inches.
    pub inches: f64,
    /// Pixels per inch.
    pub dpi: f64,
}

impl Print {
    /// Of so many centimetres.
    pub fn centimetres(centimetres: f64, dpi: f64) -> Self {
        Self { inches: centimetres / INCH, dpi }
    }

    /// The size in pixels.
    pub fn target(self) -> Target {
        Target::LongEdge((self.inches * self.dpi).round() as usize)
    }
}

/// `30cm@300`, `297mm@300` or `12in@240`: the longer side and pixels per inch.
impl FromStr for Print {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let usage = || "write the longer side and the resolution, as in 30cm@300, 297mm@300 or 12in@240".to_owned();
        let (side, dpi) = text.split_once('@').ok_or_else(usage)?;
        let units = [("cm", 1.0 / INCH), ("mm", 0.1 / INCH), ("in", 1.0)];
        let measured = units.into_iter().find_map(|(unit, inches)| Some((side.trim().strip_suffix(unit)?, inches)));
        let (side, unit) = measured.ok_or_else(usage)?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
        let print = Self { inches: number(side).ok_or_else(usage)? * unit, dpi: number(dpi).ok_or_else(usage)? };
        if (1.0..=1e6).contains(&(print.inches * print.dpi)) && (1.0..1e5).contains(&print.dpi) {
            Ok(print)
        } else {
            Err("the result would have fewer than 1 or more than 1,000,000 pixels along a side".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_on_paper_become_pixels() {
        let pixels = |text: &str| text.parse::<Print>().map(|print| (print.target(), print.dpi));
        assert_eq!(pixels("30cm@300"), Ok((Target::LongEdge(3543), 300.0)));
        assert_eq!(pixels("297mm@300"), Ok((Target::LongEdge(3508), 300.0)), "A4");
        assert_eq!(pixels("12 in @ 240"), Ok((Target::LongEdge(2880), 240.0)));
        assert_eq!(Print::centimetres(29.7, 300.0).target(), Target::LongEdge(3508));
        for bad in ["30@300", "30cm", "0cm@300", "cm@300", "30cm@0", "-1in@300", "1e9cm@300", "30cm@x", ""] {
            assert!(bad.parse::<Print>().is_err(), "{bad}");
        }
    }
}
