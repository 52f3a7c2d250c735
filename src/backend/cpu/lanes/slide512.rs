//! The sliding form by `vdbpsadbw`.

use super::{
    Avx512,
    slide::{OUTPUTS, REACH, SHORT, SPAN, Slide, Strip, Sums, Taps, spread_from},
};
use std::arch::x86_64::*;

/// Dwords of a strip's 128 bits that the instruction's two halves compare: pixels 0 to 7, and 4 to 11.
const HALVES: i32 = 0b10_01_01_00;

// SAFETY of every block below: the token exists only if `detect` saw the instructions; every load and store lies in a slice or
// array whose length is checked or constant.
impl Slide for Avx512 {
    const SLIDES: bool = true;

    #[inline(always)]
    fn slide(self, strips: &[Strip], taps: &[Taps], sums: &mut Sums) {
        for (strips, taps) in strips.chunks(SHORT).zip(taps.chunks(SHORT)) {
            if self.saturating { short::<true>(strips, taps, sums) } else { short::<false>(strips, taps, sums) }
        }
    }

    #[inline(always)]
    fn spread(self, pixels: &[u8], bytes: usize, strips: &mut [Strip]) {
        assert!(pixels.len() >= REACH * bytes, "all pixels are there");
        let whole = strips.len() / 16 * 16;
        for (c, strips) in (0..whole).step_by(16).zip(strips.chunks_exact_mut(16)) {
            for part in 0..4 {
                let mut v = unsafe { [_mm_setzero_si128(); 16] };
                for (i, v) in v.iter_mut().enumerate() {
                    let from = &pixels[(part * 8 + i) * bytes + c..][..16];
                    *v = unsafe { _mm_loadu_si128(from.as_ptr().cast()) };
                }
                let v = transposed(v);
                for (strip, v) in strips.iter_mut().zip(v) {
                    let to = &mut strip[part * 16..part * 16 + 16];
                    unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), v) };
                }
            }
        }
        spread_from(whole, pixels, bytes, strips);
    }

    #[inline(always)]
    fn store_pixels(self, sums: &Sums, excess: &[u32; SPAN], out: &mut [f32], pitch: usize, n: usize) {
        for first in (0..SPAN).step_by(8) {
            let mut rows = unsafe { [_mm256_setzero_ps(); 8] };
            for (row, sums) in rows.iter_mut().zip(sums) {
                unsafe {
                    let sums = _mm256_loadu_si256(sums[first..first + 8].as_ptr().cast());
                    let excess = _mm256_loadu_si256(excess[first..first + 8].as_ptr().cast());
                    *row = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, excess));
                }
            }
            let pixels = columns(rows);
            for (i, pixel) in pixels.into_iter().enumerate() {
                let at = (first + i) * pitch;
                if at >= out.len() {
                    return;
                }
                match out[at..].first_chunk_mut::<8>() {
                    Some(to) if n >= OUTPUTS => unsafe { _mm256_storeu_ps(to.as_mut_ptr(), pixel) },
                    _ => {
                        let mut all = [0.0; OUTPUTS];
                        unsafe { _mm256_storeu_ps(all.as_mut_ptr(), pixel) };
                        out[at..at + n].copy_from_slice(&all[..n]);
                    }
                }
            }
        }
    }
}

/// At most `SHORT` strips, summed in 16 bits. Intel adds with saturation on a port that the differences leave free; on AMD
/// that costs more than it gains (`docs/benchmarks.md`). The sums are the same.
#[inline(always)]
fn short<const SATURATING: bool>(strips: &[Strip], taps: &[Taps], sums: &mut Sums) {
    unsafe {
        let mut short = [_mm512_setzero_si512(); OUTPUTS];
        for (strip, taps) in strips.iter().zip(taps) {
            let x = _mm512_loadu_si512(strip.as_ptr().cast());
            for (short, &taps) in short.iter_mut().zip(taps) {
                let w = _mm512_set1_epi32(i32::from_le_bytes(taps));
                let more = _mm512_dbsad_epu8::<HALVES>(w, x);
                *short = if SATURATING { _mm512_adds_epu16(*short, more) } else { _mm512_add_epi16(*short, more) };
            }
        }
        for (short, sums) in short.into_iter().zip(sums) {
            let halves = [_mm512_castsi512_si256(short), _mm512_extracti64x4_epi64::<1>(short)];
            for (half, sums) in halves.into_iter().zip(sums.chunks_exact_mut(16)) {
                let sum = _mm512_add_epi32(_mm512_loadu_si512(sums.as_ptr().cast()), _mm512_cvtepu16_epi32(half));
                _mm512_storeu_si512(sums.as_mut_ptr().cast(), sum);
            }
        }
    }
}

/// Sixteen rows of sixteen bytes, turned into columns.
#[inline(always)]
fn transposed(mut v: [__m128i; 16]) -> [__m128i; 16] {
    // Four times the perfect shuffle of all 256 bytes: each moves the index's top bit to its bottom.
    for _ in 0..4 {
        let mut next = v;
        for i in 0..8 {
            unsafe {
                next[2 * i] = _mm_unpacklo_epi8(v[i], v[i + 8]);
                next[2 * i + 1] = _mm_unpackhi_epi8(v[i], v[i + 8]);
            }
        }
        v = next;
    }
    v
}

/// Eight rows of eight floats, turned into columns.
#[inline(always)]
fn columns(mut v: [__m256; 8]) -> [__m256; 8] {
    unsafe {
        // Within 128 bits three perfect shuffles would do; the last one crosses them.
        let mut pairs = v;
        for i in 0..4 {
            pairs[2 * i] = _mm256_unpacklo_ps(v[2 * i], v[2 * i + 1]);
            pairs[2 * i + 1] = _mm256_unpackhi_ps(v[2 * i], v[2 * i + 1]);
        }
        for half in 0..2 {
            for high in 0..2 {
                let (a, b) = (pairs[4 * half + high], pairs[4 * half + 2 + high]);
                v[4 * half + 2 * high] = _mm256_shuffle_ps::<0b01_00_01_00>(a, b);
                v[4 * half + 2 * high + 1] = _mm256_shuffle_ps::<0b11_10_11_10>(a, b);
            }
        }
        let mut columns = v;
        for i in 0..4 {
            columns[i] = _mm256_permute2f128_ps::<0x20>(v[i], v[i + 4]);
            columns[i + 4] = _mm256_permute2f128_ps::<0x31>(v[i], v[i + 4]);
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::lanes::{Kernel, Lanes, Portable};

    struct Sliding<'a>(&'a [Strip], &'a [Taps], &'a mut Sums);

    impl Kernel for Sliding<'_> {
        type Out = ();
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) {
            l.slide(self.0, self.1, self.2);
        }
    }

    /// Each adds on the processors that it suits; here both, with sums as full as they can be.
    #[test]
    fn both_ways_of_adding_give_the_plain_sums() {
        let Some(mut token) = Avx512::detect() else { return };
        for steps in [1, SHORT, 2 * SHORT + 3] {
            let strips: Vec<Strip> = (0..steps).map(|i| [if i % 3 == 2 { 17 } else { 255 }; 64]).collect();
            let taps = vec![[[0, 255, 3, 0]; OUTPUTS]; steps];
            let full = vec![[[0; 4]; OUTPUTS]; steps];
            for taps in [taps, full] {
                let mut expected = [[5; SPAN]; OUTPUTS];
                Portable.slide(&strips, &taps, &mut expected);
                for saturating in [false, true] {
                    let mut sums = [[5; SPAN]; OUTPUTS];
                    token.saturating = saturating;
                    token.vectorize(Sliding(&strips, &taps, &mut sums));
                    assert_eq!(sums, expected, "{steps} strips, saturating: {saturating}");
                }
            }
        }
    }
}
