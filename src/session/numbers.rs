//! Numbers for people, the same on the command line and in the window.

/// `612.6 G`, `1.23 T`, `987`: three or four digits and a power of a thousand.
pub fn si(value: f64) -> String {
    const UNITS: &[(f64, &str)] =
        &[(1e15, " P"), (1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"), (1.0, ""), (1e-3, " m"), (1e-6, " µ")];
    match UNITS.iter().find(|(unit, _)| value.abs() >= *unit) {
        Some((unit, name)) if *unit == 1.0 && value.fract() == 0.0 => format!("{value}{name}"),
        Some((unit, name)) => format!("{:.1}{name}", value / unit),
        None => format!("{value}"),
    }
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
        ] {
            assert_eq!(si(value), text);
        }
    }
}
