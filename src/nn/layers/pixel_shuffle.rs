//! Pixel shuffle: depth to space, the learnt enlargement at the end of `aedsr` (ESPCN, CVPR 2016, §3.2).
//!
//! **Forward**: `Y[n, s·y+i, s·x+j, c] = X[n, y, x, c·s² + i·s + j]` for `i, j < s`. Shapes: X `[n,h,w,c·s²]`, Y
//! `[n,h·s,w·s,c]`. All work up to here runs at the small size, s² times cheaper.
//!
//! **Backward**: the same permutation the other way round, every value of `g` returns to where its pixel came from.

/// The input channel that becomes channel `c` of the pixel `(i, j)` of an `s × s` cell.
pub fn source_channel(c: usize, i: usize, j: usize, s: usize) -> usize {
    (c * s + i) * s + j
}
