// What gradients of weights are told: `WeightUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    in_h: u32,       // the layer's input
    in_w: u32,
    in_c4: u32,      // vec4s of channels per pixel
    out_h: u32,      // the gradient behind the layer
    out_w: u32,
    out_c4: u32,
    dy: i32,         // minus half the window
    dx: i32,
    rows: u32,       // of all pictures of the batch
    rows_each: u32,  // of one part
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
