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
///
/// Aligned as all that vectors are loaded from here: one that crosses two lines of the cache takes twice as long, and waits for
/// values that were just stored.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Strip(pub [u8; 64]);

/// The pixels that a strip is made of, one after another; those behind the first forty are not read.
pub type Line = [u8; 2 * SPAN];

/// Three weights of each output channel for one strip, and a zero.
pub type Taps = [[u8; 4]; OUTPUTS];

/// Strips whose sums 16 bits hold: 64 · 4 · 255 is below 2¹⁶.
pub const SHORT: usize = 64;

/// What will be read or written soon: an address for each strip, at most. Nothing is read there meanwhile.
pub type Soon<'a> = &'a [*const u8];

/// The sliding form of an instruction set.
pub trait Slide: Copy {
    /// Whether it is faster than eight bytes of a pixel at a time.
    const SLIDES: bool = false;

    /// `Σ|x − w|` over four pixels of each strip, from these starts on modulo 2³², as floats, which hold it exactly: `[output][SPAN]`,
    /// at most `OUTPUTS`. As many strips as taps. Meanwhile it may ask for what will be read or written soon.
    #[inline(always)]
    fn slide(self, strips: &[Strip], taps: &[Taps], start: &[u32; SPAN], soon: Soon, out: &mut [f32]) {
        let _ = soon;
        for (o, out) in out.as_chunks_mut::<SPAN>().0.iter_mut().enumerate() {
            let mut sums = *start;
            for (strip, taps) in strips.iter().zip(taps) {
                for (x, sum) in sums.iter_mut().enumerate() {
                    let from = x / 8 * 16 + x % 8;
                    for (&a, &w) in strip.0[from..from + 4].iter().zip(&taps[o]) {
                        *sum = sum.wrapping_add(u32::from(a.abs_diff(w)));
                    }
                }
            }
            *out = sums.map(|sum| sum.cast_signed() as f32);
        }
    }

    /// The strips of lines, and the sum of all lines from the pixel on that the first output's fourth byte meets.
    #[inline(always)]
    fn expand<'a>(self, lines: impl Iterator<Item = &'a Line>, strips: &mut [Strip]) -> [u32; SPAN] {
        let mut sums = [0; SPAN];
        for (line, strip) in lines.zip(strips) {
            for (i, to) in strip.0.iter_mut().enumerate() {
                *to = line[i / 16 * 8 + i % 16];
            }
            for (sum, &v) in sums.iter_mut().zip(&line[3..]) {
                *sum += u32::from(v);
            }
        }
        sums
    }
}
