//! What a kernel is told: one struct for each family of kernels, `Uniforms` of its file in `shaders/shared`, field by field.
//! Extents are in pixels, `c4` in vec4s of channels per pixel.

use bytemuck::{Pod, Zeroable};
use std::mem::offset_of;

/// Pointwise operations behind one kernel, at most.
pub const MAX_FUSED: usize = 8;

/// What a pointwise operation does; the numbers are `shaders/shared/chain.wgsl`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum FusedKind {
    /// `v + table`
    Offset = 1,
    /// `v·table + next table`
    Affine = 2,
    /// `v + factor·other`
    Add = 3,
    /// `other + factor·v`
    AddTo = 4,
    /// `max(v, 0)`
    Relu = 5,
    /// `sign(v)·|v|^table`
    Power = 6,
    /// `v + factor`
    Shift = 7,
    /// `v·factor`
    Scale = 8,
    /// `v` where `other > 0`, else 0
    Mask = 9,
    /// `v` times the power activation's slope at `other`
    Slope = 10,
}

/// One pointwise operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FusedOp {
    /// A [`FusedKind`]; 0 does nothing.
    pub kind: u32,
    /// First vec4 of its per-channel values among the tables.
    pub table: u32,
    /// A factor or summand.
    pub factor: f32,
    /// Which of the three other values an addition reads.
    pub operand: u32,
    /// Row of the result's corner in that value.
    pub dy: u32,
    /// Column of it.
    pub dx: u32,
    /// Rows of that value.
    pub h: u32,
    /// Columns of it.
    pub w: u32,
}

/// What every family begins with: the workgroup of the dispatch that this piece begins with, where it is cut into several.
pub const FIRST: [&str; 3] = ["first_x", "first_y", "first_z"];

/// Uniforms of a family of kernels; the first three words are [`FIRST`].
pub trait Uniforms: Pod {
    /// Whose they are.
    const FAMILY: Family;
}

macro_rules! families {
    ($($(#[$doc:meta])* $family:ident, $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* })*) => {
        /// Kernels that are told the same things.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Family {
            $($(#[$doc])* $family,)*
        }

        impl Family {
            /// Bytes of its uniforms.
            pub const fn size(self) -> usize {
                match self { $(Self::$family => size_of::<$name>(),)* }
            }

            /// Names of its uniforms, and where each begins.
            pub const fn fields(self) -> &'static [(&'static str, usize)] {
                match self { $(Self::$family => &[$((stringify!($field), offset_of!($name, $field))),*],)* }
            }

        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
            #[repr(C)]
            pub struct $name {
                /// See [`FIRST`].
                pub first: [u32; 3],
                $($(#[$of_field])* pub $field: $type,)*
            }

            impl Uniforms for $name {
                const FAMILY: Family = Family::$family;
            }
        )*
    };
}

families! {
    /// From one feature map to another, with pointwise operations behind it.
    Layer, LayerUniforms {
        /// Rows of the input.
        in_h: u32,
        /// Columns of the input.
        in_w: u32,
        /// Channels of the input.
        in_c4: u32,
        /// Rows of the result.
        out_h: u32,
        /// Columns of the result.
        out_w: u32,
        /// Channels of the result.
        out_c4: u32,
        /// Channels of the result that count; those behind them are kept at zero.
        out_c: u32,
        /// Row of the result's corner in the input, minus half the window.
        dy: i32,
        /// Column of it.
        dx: i32,
        /// 1: add to what the result's buffer holds.
        accumulate: u32,
        /// By how much a pixel shuffle or bicubic enlarges.
        scale: u32,
        /// Bicubic: row of the result's corner in the whole large picture.
        top: u32,
        /// Bicubic: column of it.
        left: u32,
        /// Bicubic: rows of the whole small picture.
        picture_h: u32,
        /// Bicubic: columns of it.
        picture_w: u32,
        /// First vec4 among the tables of a bicubic's phases, or of a batch norm.
        table: u32,
        /// Batch norm's gradient: one pixel's share in a mean.
        share: f32,
        /// Operations of the chain.
        fused: u32,
        /// Uniform arrays begin at multiples of 16 bytes.
        padding: [u32; 3],
        /// Pointwise operations behind the kernel.
        chain: [FusedOp; MAX_FUSED],
    }
    /// Gradients of weights.
    Weight, WeightUniforms {
        /// Rows of the layer's input.
        in_h: u32,
        /// Columns of it.
        in_w: u32,
        /// Channels of it.
        in_c4: u32,
        /// Rows of the gradient behind the layer.
        out_h: u32,
        /// Columns of it.
        out_w: u32,
        /// Channels of it.
        out_c4: u32,
        /// Minus half the window, in rows.
        dy: i32,
        /// In columns.
        dx: i32,
        /// Rows of all pictures of the batch.
        rows: u32,
        /// Rows of one part.
        rows_each: u32,
    }
    /// Between samples and floats, and from pixels to pixels.
    Pixel, PixelUniforms {
        /// Columns of the input.
        in_w: u32,
        /// Rows of the result.
        out_h: u32,
        /// Columns of the result.
        out_w: u32,
        /// Row of the result's corner in the input.
        dy: u32,
        /// Column of it.
        dx: u32,
        /// Samples to pack.
        count: u32,
        /// The sample of full intensity.
        full: f32,
    }
    /// Sums over all pixels of a batch, and what is made of them.
    Sum, SumUniforms {
        /// Values: pixels, vec4s, squares or partial sums.
        count: u32,
        /// Channels.
        c4: u32,
        /// Pixels of a slice.
        slice: u32,
        /// First vec4 of a layer's parameters among the tables.
        table: u32,
        /// What each term, or a variance, is multiplied by.
        factor: f32,
        /// Rows of a picture.
        h: u32,
        /// Columns of a picture.
        w: u32,
    }
    /// Parameters and gradients from one order to another.
    Order, OrderUniforms {
        /// Matrices or values to write.
        count: u32,
        /// Channels in of the matrices.
        inputs: u32,
        /// The same in vec4s.
        inputs_c4: u32,
        /// Channels out of the matrices.
        outputs: u32,
        /// First vec4 in the row of all parameters.
        start: u32,
        /// The first of the places in use.
        list: u32,
        /// Where in the source places count from.
        offset: u32,
    }
    /// An optimiser's step.
    Update, UpdateUniforms {
        /// vec4s.
        count: u32,
        /// Adaptive rate: first vec4 of a layer's gradient.
        start: u32,
        /// Adaptive rate: which of the adder layers.
        layer: u32,
        /// Adaptive rate: η·√k.
        eta: f32,
        /// Rate of everything but adder weights.
        rate: f32,
        /// Rate of adder weights.
        adder_rate: f32,
        /// Share of the old value in the running mean of the parameters.
        ema_decay: f32,
        /// Adam: `1 − β₁ᵗ`.
        bias_correction1: f32,
        /// Adam: `1 − β₂ᵗ`.
        bias_correction2: f32,
        /// Adam: share of the old mean of gradients; SGD: of the velocity.
        beta1: f32,
        /// Adam: share of the old mean of squares.
        beta2: f32,
        /// Adam: what is added to a gradient's size.
        epsilon: f32,
        /// Share of the newest batch in the running statistics of batch norm.
        momentum: f32,
    }
}
