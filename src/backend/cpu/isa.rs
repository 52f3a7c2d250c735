//! The instruction sets and the one place that chooses between them.

use super::lanes::{Kernel, Lanes, Portable};

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug)]
pub enum Isa {
    /// Plain Rust.
    Portable(Portable),
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2(super::lanes::Avx2<false>),
    /// The same, with packed sums of byte differences.
    #[cfg(target_arch = "x86_64")]
    Avx2Packed(super::lanes::Avx2<true>),
    /// AVX-512 F, DQ and BW.
    #[cfg(target_arch = "x86_64")]
    Avx512(super::lanes::Avx512),
    /// Arm Advanced SIMD.
    #[cfg(target_arch = "aarch64")]
    Neon(super::lanes::Neon),
}

impl Isa {
    /// All that this processor has, the fastest last.
    pub fn available() -> Vec<Self> {
        #[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), expect(unused_mut))]
        let mut all = vec![Self::Portable(Portable)];
        #[cfg(target_arch = "x86_64")]
        {
            let plain = super::lanes::Avx2::detect().map(Self::Avx2);
            let packed = super::lanes::Avx2::detect().map(Self::Avx2Packed);
            all.extend(
                if super::lanes::packs_well() { [plain, packed] } else { [packed, plain] }.into_iter().flatten(),
            );
            all.extend(super::lanes::Avx512::detect().map(Self::Avx512));
        }
        #[cfg(target_arch = "aarch64")]
        all.extend(super::lanes::Neon::detect().map(Self::Neon));
        all
    }

    /// The fastest one.
    pub fn best() -> Self {
        Self::available().pop().unwrap_or(Self::Portable(Portable))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable(_) => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2Packed(_) => "AVX2, packed sums",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => "NEON",
        }
    }

    /// Whether windows slide fast on it, see [`Slide`](super::lanes::slide::Slide).
    pub fn slides(self) -> bool {
        struct Slides;
        impl Kernel for Slides {
            type Out = bool;
            #[inline(always)]
            fn run<L: Lanes>(self, _: L) -> bool {
                L::SLIDES
            }
        }
        self.run(Slides)
    }

    /// Runs a kernel compiled for this set.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Out {
        match self {
            Self::Portable(t) => t.vectorize(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(t) => t.vectorize(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2Packed(t) => t.vectorize(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(t) => t.vectorize(kernel),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(t) => t.vectorize(kernel),
        }
    }
}
