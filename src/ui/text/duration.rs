//! Times as people read them.

use super::text;

/// `2 h 05 min`, `3 min 20 s`, `8 s`.
pub(in crate::ui) fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0 => text!("duration-moment").to_owned(),
        1..60 => text!("duration-s", s = whole),
        60..3600 => text!("duration-min-s", min = whole / 60, s = format!("{:02}", whole % 60)),
        _ => text!("duration-h-min", h = whole / 3600, min = format!("{:02}", whole % 3600 / 60)),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_read_at_a_glance() {
        let words = [0.2, 7.6, 61.0, 200.0, 7500.0].map(duration);
        assert_eq!(words, ["under 1 s", "8 s", "1 min 01 s", "3 min 20 s", "2 h 05 min"]);
    }
}
