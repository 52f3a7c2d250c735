// What every kernel is told. `FusedOp` and `Uniforms` of src/backend/gpu/uniforms.rs, field by field; a test compares
// offsets.

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
    in_h: u32,
    in_w: u32,
    in_c4: u32,      // vec4s of channels per pixel
    out_h: u32,
    out_w: u32,
    out_c4: u32,
    out_c: u32,      // channels that count; those behind them are kept at zero
    first_x: u32,    // workgroup of the dispatch that this piece begins with, where it is cut into several
    first_y: u32,
    first_z: u32,
    dy: i32,         // the result's corner in the input, minus half the window
    dx: i32,
    scale: u32,      // of a pixel shuffle or bicubic
    accumulate: u32, // 1: add to what is there
    top: u32,        // bicubic: the result's corner in the whole large picture
    left: u32,
    picture_h: u32,  // bicubic: the whole small picture
    picture_w: u32,
    table: u32,      // bicubic: first vec4 of its phases in `tables`
    fused: u32,      // operations of the chain
    count: u32,      // reductions: pixels, rows, or partial sums
    factor: f32,
    rate: f32,       // optimiser: of everything but adder weights
    adder_rate: f32, // of those
    ema_decay: f32,  // share of the old value in the running mean of the parameters
    bias_correction1: f32, // 1 − β₁ᵗ
    bias_correction2: f32, // 1 − β₂ᵗ
    beta1: f32,      // share of the old mean of gradients, or of the velocity
    beta2: f32,      // share of the old mean of squares
    epsilon: f32,
    momentum: f32,   // share of the newest batch in the running statistics of batch norm
    padding: u32,
    chain: array<FusedOp, 8>,
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;

// An invocation's (`lanes` to a workgroup) or a workgroup's (1) place in the whole dispatch of which this is a piece.
fn in_dispatch(id: vec3<u32>, lanes: u32) -> vec3<u32> {
    return id + vec3(uniforms.first_x * lanes, uniforms.first_y, uniforms.first_z);
}
