//! Bicubic enlargement by a whole factor: what `aedsr` adds its correction to (SPEC 4; MATLAB's `imresize`).
//!
//! **Forward**: along each axis output `q = s·p + j` lies at `u = (q + ½)/s − ½` of the input and mixes its neighbours with
//! Keys' cubic (1981, a = −0.5), normalised to sum 1. Since `u = p + (j + ½)/s − ½`, the weights depend on the phase j
//! alone, never on where the pixel is: the five of a phase, for inputs `p − 2 … p + 2`, serve the whole picture. That is
//! what makes a tile equal the whole bit for bit. Outside the picture inputs are mirrored about its edge
//! (… 1, 0 | 0, 1, …), see [`reflect`]. Shapes: X `[n,h,w,c]`, Y `[n,h·s,w·s,c]`.
//!
//! **Backward**: the map is linear, so `∂L/∂X` is its transpose: every output gives its gradient back to its inputs with
//! the same weights, mirrored ones to the pixel they mirror.

/// How many inputs an output mixes along one axis: those up to two away from its own.
pub const TAPS: usize = 5;

/// Keys' cubic with a = −0.5 at distance `t`, in input pixels.
pub fn cubic(t: f64) -> f64 {
    let t = t.abs();
    if t <= 1.0 {
        (1.5 * t - 2.5) * t * t + 1.0
    } else if t < 2.0 {
        ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0
    } else {
        0.0
    }
}

/// For each of the `scale` phases the weights of the inputs `p − 2 … p + 2`; at most four differ from zero.
pub fn phases(scale: usize) -> Vec<[f64; TAPS]> {
    let phase = |j: usize| {
        let u = (j as f64 + 0.5) / scale as f64 - 0.5;
        let weights = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|at| cubic(u - at));
        let sum: f64 = weights.iter().sum();
        weights.map(|w| w / sum)
    };
    (0..scale).map(phase).collect()
}

/// The pixel of an axis of `n` that position `at` shows: itself, or its mirror image about the nearest edge, again and
/// again for pictures narrower than the window.
///
/// # Panics
/// If `n` is zero.
pub fn reflect(at: isize, n: usize) -> usize {
    let at = at.rem_euclid(2 * n as isize) as usize;
    if at < n { at } else { 2 * n - 1 - at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_has_the_textbook_weights() {
        // u = −¼ and ¼: Keys' cubic at 1.75, 0.75, 0.25, 1.25.
        let outer = [-0.0234375, 0.2265625, 0.8671875, -0.0703125, 0.0];
        let mut mirrored = outer;
        mirrored.reverse();
        assert_eq!(phases(2), [outer, mirrored]);
        assert_eq!(phases(1), [[0.0, 0.0, 1.0, 0.0, 0.0]]);
    }

    #[test]
    fn mirrors_again_and_again() {
        let seen = |n| (-5..5).map(|at| reflect(at, n)).collect::<Vec<_>>();
        assert_eq!(seen(3), [1, 2, 2, 1, 0, 0, 1, 2, 2, 1]);
        assert_eq!(seen(1), [0; 10]);
    }
}
