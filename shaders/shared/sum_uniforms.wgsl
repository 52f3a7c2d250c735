// What sums over all pixels of a batch are told: `SumUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    count: u32,   // pixels, vec4s, squares or partial sums
    c4: u32,      // vec4s of channels
    slice: u32,   // pixels of a slice
    table: u32,   // first vec4 of a layer's parameters in `tables`
    factor: f32,  // of each term, or of a variance
    h: u32,       // of a picture
    w: u32,
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
