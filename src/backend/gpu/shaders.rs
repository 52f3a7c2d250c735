//! The table of kernels: source, bindings in order, constants. A test without a GPU compares it with what naga reads in the
//! sources.
//!
//! `#import NAME` on a line of its own stands for the file of that name in `shaders/shared`, once per shader however often
//! it is asked for.

use std::collections::BTreeSet;

/// What a shader's binding `i` is, all in group 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The uniforms, [`Uniforms`](super::uniforms::Uniforms).
    Uniforms,
    /// A storage buffer that is only read.
    Read,
    /// A storage buffer that is written.
    Write,
}

use Binding::{Read, Uniforms, Write};

/// Every kernel there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kernel {
    /// Adder layer.
    AdderConv,
    /// Adder layer with 16-bit differences.
    AdderConvHalf,
    /// Adder layer, the obvious way.
    AdderConvNaive,
    /// Convolution, and gradient of its input.
    Conv,
    /// Gradient of an adder layer's input.
    AdderConvGradInput,
    /// Pointwise operations alone.
    Elementwise,
    /// Depth to space.
    PixelShuffle,
    /// Enlargement by bicubic.
    Bicubic,
    /// Gradient of the weights of convolutions and adder layers.
    ConvGradWeight,
    /// Partial sums per channel.
    Reduce,
    /// Sums of slices: of those, and of the parts of a weight gradient.
    ReduceSums,
    /// Statistics of a batch.
    BatchNorm,
    /// Gradient of a batch norm's input.
    BatchNormGrad,
    /// Gradient of a pixel shuffle's input.
    PixelUnshuffle,
    /// Gradient of a bicubic's input.
    BicubicGrad,
    /// Samples to floats.
    UnpackPixels,
    /// Floats to samples.
    PackPixels,
    /// A clamped part of three channels.
    Crop,
    /// Three channels at another size.
    Resample,
    /// Luma of three channels.
    Luma,
    /// Three channels with new luma.
    MixLuma,
    /// Mean absolute error of every value, and its gradient.
    Loss,
    /// Gradient of local contrast, added to that of the loss.
    Contrast,
    /// Parameters to matrices.
    PackWeights,
    /// Matrices to gradients.
    UnpackGradient,
    /// Values to other places.
    Gather,
    /// Adaptive rate of an adder layer.
    AdaptiveRate,
    /// Adam's step.
    Adam,
    /// SGD's step.
    Sgd,
}

/// A kernel's text and interface.
#[derive(Clone, Copy, Debug)]
pub struct Shader {
    /// File in `shaders/`, without its ending.
    pub name: &'static str,
    /// Its text, imports unresolved.
    pub text: &'static str,
    /// Bindings 0, 1, ….
    pub bindings: &'static [Binding],
    /// Names of its `override` constants that are set when it is built.
    pub constants: &'static [&'static str],
}

/// Bindings of everything that ends with a chain: uniforms, input, output, tables, three other values.
const CHAIN: &[Binding] = &[Uniforms, Read, Write, Read, Read, Read, Read];
/// The same with weights.
const WINDOW: &[Binding] = &[Uniforms, Read, Write, Read, Read, Read, Read, Read];
/// Optimisers: uniforms, parameters, gradients, two memories, running mean, owners, scales, whether a value is not finite.
const UPDATE: &[Binding] = &[Uniforms, Write, Read, Write, Write, Write, Read, Read, Write];
const WINDOW_CONSTANTS: &[&str] = &["K", "LANES_X", "LANES_Y", "CHUNK"];

macro_rules! shader {
    ($name:literal, $bindings:expr, $constants:expr) => {
        Shader {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/shaders/", $name, ".wgsl")),
            bindings: $bindings,
            constants: $constants,
        }
    };
}

impl Kernel {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AdderConv,
        Self::AdderConvHalf,
        Self::AdderConvNaive,
        Self::Conv,
        Self::AdderConvGradInput,
        Self::Elementwise,
        Self::PixelShuffle,
        Self::Bicubic,
        Self::ConvGradWeight,
        Self::Reduce,
        Self::ReduceSums,
        Self::BatchNorm,
        Self::BatchNormGrad,
        Self::PixelUnshuffle,
        Self::BicubicGrad,
        Self::UnpackPixels,
        Self::PackPixels,
        Self::Crop,
        Self::Resample,
        Self::Luma,
        Self::MixLuma,
        Self::Loss,
        Self::Contrast,
        Self::PackWeights,
        Self::UnpackGradient,
        Self::Gather,
        Self::AdaptiveRate,
        Self::Adam,
        Self::Sgd,
    ];

    /// Its row of the table.
    pub fn shader(self) -> Shader {
        match self {
            Self::AdderConv => shader!("adder_conv", WINDOW, WINDOW_CONSTANTS),
            Self::AdderConvHalf => shader!("adder_conv_half", WINDOW, WINDOW_CONSTANTS),
            Self::AdderConvNaive => shader!("adder_conv_naive", &[Uniforms, Read, Write, Read], &["K"]),
            Self::Conv => shader!("conv", WINDOW, WINDOW_CONSTANTS),
            Self::AdderConvGradInput => shader!(
                "adder_conv_grad_input",
                &[Uniforms, Read, Write, Read, Read, Read, Read, Read, Read],
                &["K", "LANES_X", "LANES_Y", "CHUNK", "SIGN"]
            ),
            Self::Elementwise => shader!("elementwise", CHAIN, &[]),
            Self::PixelShuffle => shader!("pixel_shuffle", CHAIN, &[]),
            Self::Bicubic => shader!("bicubic", CHAIN, &[]),
            Self::ConvGradWeight => {
                shader!("conv_grad_weight", &[Uniforms, Read, Write, Read, Read], &["K", "RULE"])
            }
            Self::Reduce => shader!("reduce", &[Uniforms, Read, Write, Read, Read, Read], &["REDUCE_KIND"]),
            Self::ReduceSums => shader!("reduce_sums", &[Uniforms, Read, Write], &[]),
            Self::BatchNorm => shader!("batch_norm", &[Uniforms, Read, Write, Write], &["SECOND_PASS"]),
            Self::BatchNormGrad => {
                shader!("batch_norm_grad", &[Uniforms, Read, Write, Read, Read, Read, Read, Read, Read], &[])
            }
            Self::PixelUnshuffle => shader!("pixel_unshuffle", CHAIN, &[]),
            Self::BicubicGrad => shader!("bicubic_grad", CHAIN, &[]),
            Self::UnpackPixels => shader!("unpack_pixels", &[Uniforms, Read, Write, Read], &["BITS", "CHANNELS"]),
            Self::PackPixels => shader!("pack_pixels", &[Uniforms, Read, Write], &["BITS", "CHANNELS"]),
            Self::Crop => shader!("crop", &[Uniforms, Read, Write], &[]),
            Self::Resample => shader!("resample", &[Uniforms, Read, Write, Read, Read], &[]),
            Self::Luma => shader!("luma", &[Uniforms, Read, Write], &[]),
            Self::MixLuma => shader!("mix_luma", &[Uniforms, Read, Write, Read], &[]),
            Self::Loss => shader!("loss", &[Uniforms, Read, Write, Write, Read], &[]),
            Self::Contrast => shader!("contrast", &[Uniforms, Read, Write, Read], &[]),
            Self::PackWeights => shader!("pack_weights", &[Uniforms, Read, Write], &["K", "ROTATED180"]),
            Self::UnpackGradient => shader!("unpack_gradient", &[Uniforms, Read, Write], &["K"]),
            Self::Gather => shader!("gather", &[Uniforms, Read, Write, Read], &["SUM_ALL"]),
            Self::AdaptiveRate => shader!("adaptive_rate", &[Uniforms, Read, Write], &[]),
            Self::Adam => shader!("adam", UPDATE, &[]),
            Self::Sgd => shader!("sgd", UPDATE, &[]),
        }
    }
}

macro_rules! shared {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/shaders/shared/", $name, ".wgsl")))),*]
    };
}

/// Texts that others import, by name.
const SHARED: &[(&str, &str)] = shared!["uniforms", "power", "chain", "window", "update", "luma", "pixels"];

/// The whole text of a shader: imports replaced by what they name.
///
/// # Panics
/// If an import names nothing, which is a mistake in a file of this crate that a test finds.
pub fn expand(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let mut whole = String::new();
    append(text, &mut seen, &mut whole);
    whole
}

fn append(text: &str, seen: &mut BTreeSet<String>, whole: &mut String) {
    for line in text.lines() {
        match line.strip_prefix("#import ").map(str::trim) {
            Some(name) => {
                if seen.insert(name.to_owned()) {
                    match SHARED.iter().find(|(known, _)| *known == name) {
                        Some((_, shared)) => append(shared, seen, whole),
                        None => panic!("a shader imports `{name}`, which shaders/shared does not have"),
                    }
                }
            }
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
}

/// Values of a shader's constants.
pub type Constants = Vec<(&'static str, u32)>;

/// Sizes of the fast kernel for a window of side `k` where a workgroup has `memory` bytes, or `None` where not even one
/// vec4 of channels of the smallest patch fits.
///
/// 8×8 invocations of 2×2 pixels and two vec4s of channels at a time: larger tiles gain little more reuse and leave less
/// room for other workgroups. Wide windows get less of either.
pub fn window_constants(k: usize, memory: u32) -> Option<Constants> {
    [8, 4, 2, 1].into_iter().find_map(|lanes| {
        let side = 2 * lanes + k as u32 - 1;
        let fits = memory / (side * side * 16);
        (fits > 0).then(|| vec![("K", k as u32), ("LANES_X", lanes), ("LANES_Y", lanes), ("CHUNK", fits.min(2))])
    })
}

/// The value of a constant, 0 if it is not set.
pub fn constant(constants: &Constants, name: &str) -> u32 {
    constants.iter().find(|(n, _)| *n == name).map_or(0, |&(_, v)| v)
}

/// Every set of constants that a kernel is built with where a workgroup has `memory` bytes, for windows up to 9 wide.
pub fn variants(kernel: Kernel, memory: u32) -> Vec<Constants> {
    let windows = [1, 3, 5, 7, 9];
    match kernel {
        Kernel::AdderConv | Kernel::AdderConvHalf | Kernel::Conv => {
            windows.iter().filter_map(|&k| window_constants(k, memory)).collect()
        }
        Kernel::AdderConvGradInput => {
            let of = |sign| move |&k: &usize| Some([window_constants(k, memory)?, vec![("SIGN", sign)]].concat());
            windows.iter().filter_map(of(0)).chain(windows.iter().filter_map(of(1))).collect()
        }
        Kernel::AdderConvNaive | Kernel::UnpackGradient => windows.iter().map(|&k| vec![("K", k as u32)]).collect(),
        Kernel::ConvGradWeight => {
            let of = |&k: &usize| (0..3).map(move |rule| vec![("K", k as u32), ("RULE", rule)]);
            windows.iter().flat_map(of).collect()
        }
        Kernel::PackWeights => {
            let of = |&k: &usize| (0..2).map(move |rotated| vec![("K", k as u32), ("ROTATED180", rotated)]);
            windows.iter().flat_map(of).collect()
        }
        Kernel::Gather => (0..2).map(|all| vec![("SUM_ALL", all)]).collect(),
        Kernel::Reduce => (0..4).map(|kind| vec![("REDUCE_KIND", kind)]).collect(),
        Kernel::UnpackPixels | Kernel::PackPixels => {
            let of = |bits| [1, 3].map(|channels| vec![("BITS", bits), ("CHANNELS", channels)]);
            [of(8), of(16)].concat()
        }
        Kernel::BatchNorm => (0..2).map(|second| vec![("SECOND_PASS", second)]).collect(),
        Kernel::Elementwise
        | Kernel::PixelShuffle
        | Kernel::Bicubic
        | Kernel::ReduceSums
        | Kernel::BatchNormGrad
        | Kernel::PixelUnshuffle
        | Kernel::BicubicGrad
        | Kernel::Crop
        | Kernel::Resample
        | Kernel::Luma
        | Kernel::MixLuma
        | Kernel::Loss
        | Kernel::Contrast
        | Kernel::AdaptiveRate
        | Kernel::Adam
        | Kernel::Sgd => vec![Vec::new()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_replaced_once_and_in_place() {
        let text = expand("#import power\n// mine\n#import uniforms\n#import power\n");
        assert_eq!(text.matches("fn exp2_of").count(), 1);
        assert!(text.find("fn power").unwrap() < text.find("// mine").unwrap());
        assert!(text.find("// mine").unwrap() < text.find("struct Uniforms").unwrap());
    }

    #[test]
    fn wide_windows_get_fewer_channels_or_lanes_or_none() {
        let sizes = |k| window_constants(k, 16 << 10).map(|c| (constant(&c, "LANES_X"), constant(&c, "CHUNK")));
        assert_eq!(sizes(3), Some((8, 2)));
        assert_eq!(sizes(11), Some((8, 1)));
        assert_eq!(sizes(21), Some((4, 1)));
        assert_eq!(sizes(33), None);
    }
}
