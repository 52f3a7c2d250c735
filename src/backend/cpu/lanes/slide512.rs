//! The sliding form by `vdbpsadbw`.

use super::{
    Avx512,
    slide::{Line, OUTPUTS, SHORT, SPAN, Slide, Soon, Strip, Taps},
};
use std::arch::x86_64::*;

/// Dwords of a strip's 128 bits that the instruction's two halves compare: pixels 0 to 7, and 4 to 11.
const HALVES: i32 = 0b10_01_01_00;

// SAFETY of every block below: the token exists only if `detect` saw the instructions; every load and store lies in a slice or
// array whose length is checked or constant.
impl Slide for Avx512 {
    const SLIDES: bool = true;

    #[inline(always)]
    fn slide(self, strips: &[Strip], taps: &[Taps], start: &[u32; SPAN], soon: Soon, out: &mut [f32]) {
        if self.saturating {
            slide::<true>(strips, taps, start, soon, out);
        } else {
            slide::<false>(strips, taps, start, soon, out);
        }
    }

    #[inline(always)]
    fn expand<'a>(self, lines: impl Iterator<Item = &'a Line>, strips: &mut [Strip]) -> [u32; SPAN] {
        let mut sums = [0; SPAN];
        unsafe {
            // Eight pixels each, as 64 bits.
            let pairs = _mm512_setr_epi64(0, 1, 1, 2, 2, 3, 3, 4);
            let mut short = _mm512_setzero_si512();
            for (i, (line, strip)) in lines.zip(strips).enumerate() {
                let pixels = _mm512_permutexvar_epi64(pairs, _mm512_loadu_si512(line.as_ptr().cast()));
                _mm512_storeu_si512(strip.0.as_mut_ptr().cast(), pixels);
                let fourth = _mm256_loadu_si256(line[3..][..SPAN].as_ptr().cast());
                short = _mm512_add_epi16(short, _mm512_cvtepu8_epi16(fourth));
                // 256 · 255 is below 2¹⁶.
                if i % 256 == 255 {
                    widen(short, &mut sums);
                    short = _mm512_setzero_si512();
                }
            }
            widen(short, &mut sums);
        }
        sums
    }
}

/// `SHORT` strips at a time are summed in 16 bits. Intel adds with saturation on a port that the differences leave free; on AMD
/// that costs more than it gains (`docs/benchmarks.md`). The sums are the same.
#[inline(always)]
fn slide<const SATURATING: bool>(strips: &[Strip], taps: &[Taps], start: &[u32; SPAN], soon: Soon, out: &mut [f32]) {
    unsafe {
        // Of every two neighbouring outputs the first, and the second: what widening to 32 bits makes without a shuffle.
        let (mut even, mut odd) = ([_mm512_setzero_si512(); OUTPUTS], [_mm512_setzero_si512(); OUTPUTS]);
        for (part, (strips, taps)) in strips.chunks(SHORT).zip(taps.chunks(SHORT)).enumerate() {
            let mut short = [_mm512_setzero_si512(); OUTPUTS];
            for (i, (strip, taps)) in (part * SHORT..).zip(strips.iter().zip(taps)) {
                // One line each, so that no load waits for many others.
                if let Some(&line) = soon.get(i) {
                    _mm_prefetch::<_MM_HINT_T0>(line.cast());
                }
                let x = _mm512_loadu_si512(strip.0.as_ptr().cast());
                for (short, &taps) in short.iter_mut().zip(taps) {
                    let w = _mm512_set1_epi32(i32::from_le_bytes(taps));
                    let more = _mm512_dbsad_epu8::<HALVES>(w, x);
                    *short = if SATURATING { _mm512_adds_epu16(*short, more) } else { _mm512_add_epi16(*short, more) };
                }
            }
            for o in 0..OUTPUTS {
                even[o] = _mm512_add_epi32(even[o], _mm512_and_si512(short[o], _mm512_set1_epi32(0xffff)));
                odd[o] = _mm512_add_epi32(odd[o], _mm512_srli_epi32::<16>(short[o]));
            }
        }
        let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
        let (start, rest) = start.split_at(16);
        let start = [_mm512_loadu_si512(start.as_ptr().cast()), _mm512_loadu_si512(rest.as_ptr().cast())];
        let out = out.as_chunks_mut::<SPAN>().0;
        for o in 0..OUTPUTS {
            if let Some(out) = out.get_mut(o) {
                let first = _mm512_add_epi32(start[0], _mm512_permutex2var_epi32(even[o], low, odd[o]));
                let second = _mm512_add_epi32(start[1], _mm512_permutex2var_epi32(even[o], high, odd[o]));
                _mm512_storeu_ps(out.as_mut_ptr(), _mm512_cvtepi32_ps(first));
                _mm512_storeu_ps(out[16..].as_mut_ptr(), _mm512_cvtepi32_ps(second));
            }
        }
    }
}

/// Adds sums of 16 bits.
#[inline(always)]
fn widen(short: __m512i, sums: &mut [u32; SPAN]) {
    unsafe {
        let halves = [_mm512_castsi512_si256(short), _mm512_extracti64x4_epi64::<1>(short)];
        for (half, sums) in halves.into_iter().zip(sums.chunks_exact_mut(16)) {
            let sum = _mm512_add_epi32(_mm512_loadu_si512(sums.as_ptr().cast()), _mm512_cvtepu16_epi32(half));
            _mm512_storeu_si512(sums.as_mut_ptr().cast(), sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::lanes::{Kernel, Lanes, Portable};

    struct Sliding<'a>(&'a [Strip], &'a [Taps], &'a mut [f32]);

    /// Where all sums begin.
    const START: [u32; SPAN] = [0_u32.wrapping_sub(5); SPAN];

    impl Kernel for Sliding<'_> {
        type Out = ();
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) {
            l.slide(self.0, self.1, &START, Soon::default(), self.2);
        }
    }

    /// Each adds on the processors that it suits; here both, with sums as full as they can be.
    #[test]
    fn both_ways_of_adding_give_the_plain_sums() {
        let Some(mut token) = Avx512::detect() else { return };
        for (steps, outputs) in [(1, OUTPUTS), (SHORT, 3), (2 * SHORT + 3, OUTPUTS)] {
            let strips: Vec<Strip> = (0..steps).map(|i| Strip([if i % 3 == 2 { 17 } else { 255 }; 64])).collect();
            let taps = vec![[[0, 255, 3, 0]; OUTPUTS]; steps];
            let full = vec![[[0; 4]; OUTPUTS]; steps];
            for taps in [taps, full] {
                let mut expected = vec![0.0; outputs * SPAN];
                Sliding(&strips, &taps, &mut expected).run(Portable);
                for saturating in [false, true] {
                    let mut sums = vec![0.0; outputs * SPAN];
                    token.saturating = saturating;
                    token.vectorize(Sliding(&strips, &taps, &mut sums));
                    assert_eq!(sums, expected, "{steps} strips, saturating: {saturating}");
                }
            }
        }
    }
}
