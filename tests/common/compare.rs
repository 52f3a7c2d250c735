//! Comparison of values where equality cannot be asked for.

/// Fails unless every value is within `tolerance` times the largest expected magnitude.
///
/// Relative to the largest, because rounding errors of sums follow the size of what was added, not of what is left.
pub fn assert_close(what: &str, actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let largest = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        let off = (a - e).abs() / largest;
        assert!(
            (a - e).abs() <= tolerance * largest,
            "{what}: value {i} is {a}, expected {e}: off by {off:e} of the largest, {tolerance:e} allowed"
        );
    }
}
