//! Numbers for people, the same on the command line and in the window.

/// `612.6 G`, `1.23 T`, `987`: three or four digits and a power of a thousand.
pub fn si(value: f64) -> String {
    const UNITS: &[(f64, &str)] = &[
        (1e15, " P"),
        (1e12, " T"),
        (1e9, " G"),
        (1e6, " M"),
        (1e3, " k"),
        (1.0, ""),
        (1e-3, " m"),
        (1e-6, " µ"),
        (1e-9, " n"),
        (1e-12, " p"),
    ];
    match UNITS.iter().find(|(unit, _)| value.abs() >= *unit) {
        Some((unit, name)) if *unit == 1.0 && value.fract() == 0.0 => format!("{value}{name}"),
        Some((unit, name)) => format!("{:.1}{name}", value / unit),
        None if value == 0.0 => "0".to_owned(),
        None => format!("{value:.1e} "),
    }
}

/// `45.0 mJ`, `4.1 J`: the same of something measured.
pub fn measure(value: f64, unit: &str) -> String {
    let text = si(value);
    let space = if text.ends_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
    format!("{text}{space}{unit}")
}

/// `1 picture`, `3 pictures`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_a_unit_that_fits() {
        for (value, text) in [
            (612.6e9, "612.6 G"),
            (1.5e12, "1.5 T"),
            (987.0, "987"),
            (2.75, "2.8"),
            (0.0, "0"),
            (0.0021, "2.1 m"),
            (31_000.0, "31.0 k"),
            (7.0571909999999e-7, "705.7 n"),
            (2e-12, "2.0 p"),
            (3e-15, "3.0e-15 "),
        ] {
            assert_eq!(si(value), text);
        }
    }

    #[test]
    fn a_unit_stands_apart_from_its_number() {
        assert_eq!([0.045, 4.1, 0.0].map(|v| measure(v, "J")), ["45.0 mJ", "4.1 J", "0 J"]);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([0, 1, 2].map(|n| count(n, "copy", "copies")), ["0 copies", "1 copy", "2 copies"]);
    }
}
