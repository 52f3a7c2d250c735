// What kernels of pixels are told: `PixelUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    dy: u32,     // the result's corner in the input
    dx: u32,
    count: u32,  // samples to pack
    full: f32,   // the sample of full intensity
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
