//! Weights in the order in which kernels read them.

use super::buffers::vectors;

/// For `shaders/shared/window.wgsl`: `[block of 8 outputs][tap][vec4 of inputs][2]` matrices of four inputs × four outputs,
/// zeros where there are fewer. `at(output, input, tap)` is a weight.
fn blocks(outputs: usize, inputs: usize, taps: usize, at: impl Fn(usize, usize, usize) -> f32) -> Vec<f32> {
    let mut packed = Vec::with_capacity(outputs.next_multiple_of(8) * taps * 4 * vectors(inputs));
    for block in (0..outputs).step_by(8) {
        for tap in 0..taps {
            for first in (0..inputs).step_by(4) {
                for half in [0, 4] {
                    for i in first..first + 4 {
                        for o in block + half..block + half + 4 {
                            packed.push(if o < outputs && i < inputs { at(o, i, tap) } else { 0.0 });
                        }
                    }
                }
            }
        }
    }
    packed
}

/// Weights `[cout, cin, k, k]` for the forward kernels.
pub(super) fn forward(weight: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
    blocks(cout, cin, k * k, |o, i, tap| weight[(o * cin + i) * k * k + tap])
}

/// For gradients of inputs: outputs and inputs change places, and the window is turned by half a turn.
pub(super) fn backward(weight: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
    blocks(cin, cout, k * k, |c, o, tap| weight[(o * cin + c) * k * k + k * k - 1 - tap])
}

/// For the naive kernel: `[cout][tap][cin]`, inputs padded to whole vec4s.
pub(super) fn naive(weight: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
    let width = 4 * vectors(cin);
    let mut packed = vec![0.0; cout * k * k * width];
    for (filter, weight) in packed.chunks_exact_mut(k * k * width).zip(weight.chunks_exact(cin * k * k)) {
        for (tap, values) in filter.chunks_exact_mut(width).enumerate() {
            (0..cin).for_each(|c| values[c] = weight[c * k * k + tap]);
        }
    }
    packed
}

/// Values as 16-bit floats: nearest, half to even; too large ones become infinite, too small ones zero or subnormal.
pub(super) fn halves(values: &[f32]) -> Vec<u16> {
    values.iter().map(|&v| half(v)).collect()
}

fn half(value: f32) -> u16 {
    let sign = (value.to_bits() >> 16) as u16 & 0x8000;
    let size = value.abs();
    if size.is_nan() {
        return sign | 0x7e00;
    }
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    if size < 2.0_f32.powi(-14) {
        // Subnormal: so many times 2⁻²⁴, exactly, before it is rounded.
        return sign | (size * 2.0_f32.powi(24)).round_ties_even() as u16;
    }
    let bits = size.to_bits();
    let rounded = bits + 0xfff + (bits >> 13 & 1);
    sign | ((rounded >> 13) - (112 << 10)) as u16
}

/// Weight gradients `[vec4 of outputs][tap][vec4 of inputs]` matrices of four inputs × four outputs, to
/// `[cout, cin, k, k]`.
pub(super) fn unpack(packed: &[f32], cin: usize, cout: usize, k: usize) -> Vec<f32> {
    let mut weight = vec![0.0; cout * cin * k * k];
    for o in 0..cout {
        for tap in 0..k * k {
            for c in 0..cin {
                let matrix = ((o / 4) * k * k + tap) * vectors(cin) + c / 4;
                weight[(o * cin + c) * k * k + tap] = packed[matrix * 16 + c % 4 * 4 + o % 4];
            }
        }
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_hand() {
        // Two outputs, five inputs, 1×1: columns are inputs, rows outputs, the second half and the rest zeros.
        let weight: Vec<f32> = (1..=10).map(|v| v as f32).collect();
        let packed = forward(&weight, 5, 2, 1);
        assert_eq!(packed.len(), 8 * 8);
        assert_eq!(packed[..8], [1.0, 6.0, 0.0, 0.0, 2.0, 7.0, 0.0, 0.0]);
        assert_eq!(packed[16..32], [0.0; 16]);
        assert_eq!(packed[32..40], [5.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(naive(&weight, 5, 2, 1)[..9], [1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 0.0, 0.0, 6.0]);
    }

    #[test]
    fn halves_by_hand() {
        let cases = [
            (0.0, 0),
            (-0.0, 0x8000),
            (1.0, 0x3c00),
            (-2.0, 0xc000),
            (65504.0, 0x7bff),
            (65519.9, 0x7bff),
            (1e6, 0x7c00),
            (0.1, 0x2e66),
            (6.103_515_6e-5, 0x0400),
            (5.960_464_5e-8, 1),
            (2.980_232_2e-8, 0),
            (2049.0, 0x6800),
            (2051.0, 0x6802),
        ];
        for (value, bits) in cases {
            assert_eq!(half(value), bits, "{value}");
        }
    }

    #[test]
    fn backward_turns_the_window() {
        let weight: Vec<f32> = (0..9).map(|v| v as f32).collect();
        let packed = backward(&weight, 1, 1, 3);
        let first: Vec<f32> = packed.chunks(32).map(|tap| tap[0]).collect();
        assert_eq!(first, [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
    }
}
