//! What a kernel is told: `Uniforms` of `shaders/shared/uniforms.wgsl`, field by field.

use bytemuck::{Pod, Zeroable};

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

/// Uniforms of a dispatch. Extents are in pixels, `c4` in vec4s of channels per pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Uniforms {
    /// Rows of the input.
    pub in_h: u32,
    /// Columns of the input.
    pub in_w: u32,
    /// Channels of the input.
    pub in_c4: u32,
    /// Rows of the result.
    pub out_h: u32,
    /// Columns of the result.
    pub out_w: u32,
    /// Channels of the result.
    pub out_c4: u32,
    /// Channels of the result that count; those behind them are kept at zero.
    pub out_c: u32,
    /// Workgroup of the dispatch that this piece begins with, where it is cut into several.
    pub first_x: u32,
    /// Its row.
    pub first_y: u32,
    /// Its slice.
    pub first_z: u32,
    /// Row of the result's corner in the input, minus half the window.
    pub dy: i32,
    /// Column of it.
    pub dx: i32,
    /// Of a pixel shuffle or bicubic.
    pub scale: u32,
    /// 1: add to what the result's buffer holds.
    pub accumulate: u32,
    /// Bicubic: row of the result's corner in the whole large picture.
    pub top: u32,
    /// Bicubic: column of it.
    pub left: u32,
    /// Bicubic: rows of the whole small picture.
    pub picture_h: u32,
    /// Bicubic: columns of it.
    pub picture_w: u32,
    /// Bicubic: first vec4 of its phases among the tables.
    pub table: u32,
    /// Operations of the chain.
    pub fused: u32,
    /// Reductions: how many pixels, rows or partial sums.
    pub count: u32,
    /// A factor.
    pub factor: f32,
    /// Optimiser: rate of everything but adder weights.
    pub rate: f32,
    /// Optimiser: rate of adder weights.
    pub adder_rate: f32,
    /// Share of the old value in the running mean of the parameters.
    pub ema_decay: f32,
    /// Adam: `1 − β₁ᵗ`.
    pub bias_correction1: f32,
    /// Adam: `1 − β₂ᵗ`.
    pub bias_correction2: f32,
    /// Adam: share of the old mean of gradients; SGD: of the velocity.
    pub beta1: f32,
    /// Adam: share of the old mean of squares.
    pub beta2: f32,
    /// Adam: what is added to a gradient's size.
    pub epsilon: f32,
    /// Share of the newest batch in the running statistics of batch norm.
    pub momentum: f32,
    /// Uniform arrays begin at multiples of 16 bytes.
    pub padding: u32,
    /// Pointwise operations behind the kernel.
    pub chain: [FusedOp; MAX_FUSED],
}
