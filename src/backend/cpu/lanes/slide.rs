//! Sums of byte differences of a window that slides along a row: three taps of one channel, thirty-two neighbouring outputs.
//!
//! `vdbpsadbw` of AVX-512 was made for motion search: it compares four bytes with every place of a row, eight places per 128
//! bits. A 3×3 adder layer is that, if pixels of one channel lie side by side. The fourth byte of a weight is zero, so each
//! sum has one pixel too many, the same one for every output channel: it is taken away once per pixel.
//!
//! Every set can compute in this form; the plain loops here are what the others are held to. One takes it where it is fast.

/// Neighbouring outputs of a row that are computed together.
pub const SPAN: usize = 32;

/// Output channels whose sums stay in registers.
pub const OUTPUTS: usize = 8;

/// What `SPAN` outputs read of one channel in one row: for each eight of them the sixteen pixels from the first one on.
pub type Strip = [u8; 64];

/// Pixels from the first to the last of a strip.
pub const REACH: usize = SPAN + 8;

/// Three weights of each output channel for one strip, and a zero.
pub type Taps = [[u8; 4]; OUTPUTS];

/// Sums of some output channels.
pub type Sums = [[u32; SPAN]; OUTPUTS];

/// Strips whose sums 16 bits hold: 64 · 4 · 255 is below 2¹⁶.
pub const SHORT: usize = 64;

/// The sliding form of an instruction set.
pub trait Slide: Copy {
    /// Whether it is faster than eight bytes of a pixel at a time.
    const SLIDES: bool = false;

    /// Adds `Σ|x − w|` over four pixels of each strip; as many strips as taps.
    #[inline(always)]
    fn slide(self, strips: &[Strip], taps: &[Taps], sums: &mut Sums) {
        for (strip, taps) in strips.iter().zip(taps) {
            for (sums, taps) in sums.iter_mut().zip(taps) {
                for (x, sum) in sums.iter_mut().enumerate() {
                    let from = x / 8 * 16 + x % 8;
                    for (&a, &w) in strip[from..from + 4].iter().zip(taps) {
                        *sum += u32::from(a.abs_diff(w));
                    }
                }
            }
        }
    }

    /// The strips of `REACH` pixels of `bytes` channels each, one for each of the first channels.
    #[inline(always)]
    fn spread(self, pixels: &[u8], bytes: usize, strips: &mut [Strip]) {
        spread_from(0, pixels, bytes, strips);
    }

    /// Writes `sums − excess` as floats, which hold them exactly: `n` channels of each pixel, `pitch` values apart.
    #[inline(always)]
    fn store_pixels(self, sums: &Sums, excess: &[u32; SPAN], out: &mut [f32], pitch: usize, n: usize) {
        for (x, (pixel, excess)) in out.chunks_mut(pitch).zip(excess).enumerate() {
            for (to, sums) in pixel.iter_mut().zip(sums).take(n) {
                *to = (sums[x] - excess) as f32;
            }
        }
    }
}

/// [`Slide::spread`] from one channel on.
#[inline(always)]
pub(super) fn spread_from(first: usize, pixels: &[u8], bytes: usize, strips: &mut [Strip]) {
    for (c, strip) in strips.iter_mut().enumerate().skip(first) {
        for (i, to) in strip.iter_mut().enumerate() {
            *to = pixels[(i / 16 * 8 + i % 16) * bytes + c];
        }
    }
}
