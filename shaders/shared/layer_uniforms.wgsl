// What kernels from one feature map to another are told: `FusedOp` and `LayerUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

// One pointwise operation behind a kernel, see shared/chain.wgsl.
struct FusedOp {
    kind: u32,
    table: u32,   // first vec4 of its per-channel values in `tables`
    factor: f32,
    operand: u32, // which of `other0` … `other2` an addition reads
    dy: u32,      // where the result's corner lies in the operand
    dx: u32,
    h: u32,       // extent of the operand
    w: u32,
}

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    in_h: u32,
    in_w: u32,
    in_c4: u32,      // vec4s of channels per pixel
    out_h: u32,
    out_w: u32,
    out_c4: u32,
    out_c: u32,      // channels that count; those behind them are kept at zero
    dy: i32,         // the result's corner in the input, minus half the window
    dx: i32,
    accumulate: u32, // 1: add to what is there
    scale: u32,      // by how much a pixel shuffle or bicubic enlarges
    top: u32,        // bicubic: the result's corner in the whole large picture
    left: u32,
    picture_h: u32,  // bicubic: the whole small picture
    picture_w: u32,
    table: u32,      // first vec4 in `tables` of a bicubic's phases, or of a batch norm
    share: f32,      // batch norm's gradient: one pixel's share in a mean
    fused: u32,      // operations of the chain
    @align(16) chain: array<FusedOp, 8>,
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
