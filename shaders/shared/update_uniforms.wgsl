// What optimisers are told: `UpdateUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    count: u32,             // vec4s
    start: u32,             // adaptive rate: first vec4 of a layer's gradient
    layer: u32,             // adaptive rate: which of the adder layers
    eta: f32,               // adaptive rate: η·√k
    rate: f32,              // of everything but adder weights
    adder_rate: f32,        // of those
    ema_decay: f32,         // share of the old value in the running mean of the parameters
    bias_correction1: f32,  // 1 − β₁ᵗ
    bias_correction2: f32,  // 1 − β₂ᵗ
    beta1: f32,             // share of the old mean of gradients, or of the velocity
    beta2: f32,             // share of the old mean of squares
    epsilon: f32,
    momentum: f32,          // share of the newest batch in the running statistics of batch norm
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
