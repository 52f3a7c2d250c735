//! The table of kernels: source, bindings in order, constants. A test without a GPU compares it with what naga reads in the
//! sources.
//!
//! `#import NAME` on a line of its own stands for the file of that name in `shaders/shared`, once per shader however often
//! it is asked for.

use super::uniforms::Family;
use std::collections::BTreeSet;

/// What a shader's binding `i` is, all in group 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The uniforms, those of its [`Family`].
    Uniforms,
    /// A storage buffer that is only read.
    Read,
    /// A storage buffer that is written.
    Write,
}

use Binding::{Read, Uniforms, Write};

/// A kernel's text and interface.
#[derive(Clone, Copy, Debug)]
pub struct Shader {
    /// File in `shaders/`, without its ending.
    pub name: &'static str,
    /// Its text, imports unresolved.
    pub text: &'static str,
    /// What it is told.
    pub family: Family,
    /// Bindings 0, 1, ….
    pub bindings: &'static [Binding],
    /// Its `override` constants that are set when it is built.
    pub constants: &'static [Constant],
}

/// A constant's name, and the values that it is tested with; none where [`window_constants`] gives it.
pub type Constant = (&'static str, &'static [u32]);

/// Bindings of everything that ends with a chain: uniforms, input, output, tables, three other values.
const CHAIN: &[Binding] = &[Uniforms, Read, Write, Read, Read, Read, Read];
/// The same with weights.
const WEIGHTED: &[Binding] = &[Uniforms, Read, Write, Read, Read, Read, Read, Read];
/// Gradients of a layer's input: uniforms, gradient behind it, result, and six that the rule needs.
const GRADIENT: &[Binding] = &[Uniforms, Read, Write, Read, Read, Read, Read, Read, Read];
/// Optimisers: uniforms, parameters, gradients, two memories, running mean, owners, scales, whether a value is not finite.
const UPDATE: &[Binding] = &[Uniforms, Write, Read, Write, Write, Write, Read, Read, Write];

/// Side of a window.
const WINDOW: Constant = ("K", &[1, 3, 5, 7, 9]);
const LANES_X: Constant = ("LANES_X", &[]);
const LANES_Y: Constant = ("LANES_Y", &[]);
const CHUNK: Constant = ("CHUNK", &[]);
/// Of kernels whose workgroups share a tile.
const TILED: &[Constant] = &[WINDOW, LANES_X, LANES_Y, CHUNK];
/// Of kernels between samples and floats.
const SAMPLES: &[Constant] = &[("BITS", &[8, 16]), ("CHANNELS", &[1, 3])];

macro_rules! kernels {
    ($($(#[$doc:meta])* $kernel:ident => $name:literal, $family:ident, $bindings:expr, $constants:expr;)*) => {
        /// Every kernel there is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kernel {
            $($(#[$doc])* $kernel,)*
        }

        impl Kernel {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kernel),*];

            /// Its row of the table.
            pub fn shader(self) -> Shader {
                match self {
                    $(Self::$kernel => Shader {
                        name: $name,
                        text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/shaders/", $name, ".wgsl")),
                        family: Family::$family,
                        bindings: $bindings,
                        constants: $constants,
                    },)*
                }
            }
        }
    };
}

kernels! {
    /// Adder layer.
    AdderConv => "adder_conv", Layer, WEIGHTED, TILED;
    /// Adder layer with 16-bit differences.
    AdderConvHalf => "adder_conv_half", Layer, WEIGHTED, TILED;
    /// Adder layer, the obvious way.
    AdderConvNaive => "adder_conv_naive", Layer, &[Uniforms, Read, Write, Read], &[WINDOW];
    /// Convolution, and gradient of its input.
    Conv => "conv", Layer, WEIGHTED, TILED;
    /// Gradient of an adder layer's input.
    AdderConvGradInput => "adder_conv_grad_input", Layer, GRADIENT, &[WINDOW, LANES_X, LANES_Y, CHUNK, ("SIGN", &[0, 1])];
    /// Pointwise operations alone.
    Elementwise => "elementwise", Layer, CHAIN, &[];
    /// Depth to space.
    PixelShuffle => "pixel_shuffle", Layer, CHAIN, &[];
    /// Enlargement by bicubic.
    Bicubic => "bicubic", Layer, CHAIN, &[];
    /// Gradient of the weights of convolutions and adder layers.
    ConvGradWeight => "conv_grad_weight", Weight, &[Uniforms, Read, Write, Read, Read], &[WINDOW, ("RULE", &[0, 1, 2])];
    /// Partial sums per channel.
    Reduce => "reduce", Sum, &[Uniforms, Read, Write, Read, Read, Read], &[("REDUCE_KIND", &[0, 1, 2, 3])];
    /// Sums of slices: of those, and of the parts of a weight gradient.
    ReduceSums => "reduce_sums", Sum, &[Uniforms, Read, Write], &[];
    /// Statistics of a batch.
    BatchNorm => "batch_norm", Sum, &[Uniforms, Read, Write, Write], &[("SECOND_PASS", &[0, 1])];
    /// Gradient of a batch norm's input.
    BatchNormGrad => "batch_norm_grad", Layer, GRADIENT, &[];
    /// Gradient of a pixel shuffle's input.
    PixelUnshuffle => "pixel_unshuffle", Layer, CHAIN, &[];
    /// Gradient of a bicubic's input.
    BicubicGrad => "bicubic_grad", Layer, CHAIN, &[];
    /// Samples to floats.
    UnpackPixels => "unpack_pixels", Pixel, &[Uniforms, Read, Write, Read], SAMPLES;
    /// Floats to samples.
    PackPixels => "pack_pixels", Pixel, &[Uniforms, Read, Write], SAMPLES;
    /// A clamped part of three channels.
    Crop => "crop", Pixel, &[Uniforms, Read, Write], &[];
    /// Three channels at another size.
    Resample => "resample", Pixel, &[Uniforms, Read, Write, Read, Read], &[];
    /// Luma of three channels.
    Luma => "luma", Pixel, &[Uniforms, Read, Write], &[];
    /// Three channels with new luma.
    MixLuma => "mix_luma", Pixel, &[Uniforms, Read, Write, Read], &[];
    /// Mean absolute error of every value, and its gradient.
    Loss => "loss", Sum, &[Uniforms, Read, Write, Write, Read], &[];
    /// Gradient of local contrast, added to that of the loss.
    Contrast => "contrast", Sum, &[Uniforms, Read, Write, Read], &[];
    /// Parameters to matrices.
    PackWeights => "pack_weights", Order, &[Uniforms, Read, Write], &[WINDOW, ("ROTATED180", &[0, 1])];
    /// Matrices to gradients.
    UnpackGradient => "unpack_gradient", Order, &[Uniforms, Read, Write], &[WINDOW];
    /// Values to other places.
    Gather => "gather", Order, &[Uniforms, Read, Write, Read], &[("SUM_ALL", &[0, 1])];
    /// Adaptive rate of an adder layer.
    AdaptiveRate => "adaptive_rate", Update, &[Uniforms, Read, Write], &[];
    /// Adam's step.
    Adam => "adam", Update, UPDATE, &[];
    /// SGD's step.
    Sgd => "sgd", Update, UPDATE, &[];
}

macro_rules! shared {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/shaders/shared/", $name, ".wgsl")))),*]
    };
}

/// Texts that others import, by name.
const SHARED: &[(&str, &str)] = shared![
    "dispatch",
    "layer_uniforms",
    "weight_uniforms",
    "pixel_uniforms",
    "sum_uniforms",
    "order_uniforms",
    "update_uniforms",
    "power",
    "chain",
    "window",
    "update",
    "luma",
    "pixels"
];

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

/// Every set of constants that a kernel is tested with where a workgroup has `memory` bytes.
pub fn variants(kernel: Kernel, memory: u32) -> Vec<Constants> {
    let constants = kernel.shader().constants;
    let tiled = constants.contains(&CHUNK);
    let mut all = vec![Constants::new()];
    for &(name, values) in constants.iter().filter(|(_, values)| !values.is_empty()) {
        let with = |known: &Constants, value| match name {
            "K" if tiled => Some([known.clone(), window_constants(value as usize, memory)?].concat()),
            _ => Some([known.clone(), vec![(name, value)]].concat()),
        };
        all = all.iter().flat_map(|known| values.iter().filter_map(|&value| with(known, value))).collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_replaced_once_and_in_place() {
        let text = expand("#import power\n// mine\n#import sum_uniforms\n#import power\n");
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
